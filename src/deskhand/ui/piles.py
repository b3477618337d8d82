"""Folders as lists: one of an inbox, or those of a kind of all inboxes together; all of it, or what a chip narrows it to.

What narrows it stands in the query string (``only``, ``tag``) with its order and page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from deskhand.conversations.model import FolderType
from deskhand.conversations.queries import lists, piles, seen
from deskhand.conversations.queries.folders import NAMES, CountedFolder
from deskhand.conversations.queries.lists import Folder, Sorting
from deskhand.conversations.queries.piles import Piled, Test
from deskhand.kernel.errors import NotFound
from deskhand.kernel.languages import N_
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot
from deskhand.ui import lists as panes
from deskhand.ui.door import Visit
from deskhand.ui.frame import KINDS, MOST_INBOXES
from deskhand.ui.lists import NEWEST, SORTS, Chip, Chips, ListPane, Up, asked, pane_of, up_of

UNREAD, WAITING = "unread", "waiting"
ONLY = {UNREAD: N_("Unread"), WAITING: N_("Waiting for us")}
DONE = frozenset({FolderType.CLOSED, FolderType.SPAM, FolderType.DELETED, FolderType.DRAFTS})
"""Where nobody waits, and what is unread counts as read."""
MOST_TAGS = 8
LONGEST_TAG = 200


class Pile(Struct, frozen=True):
    """A folder of an inbox (``folder``), or a ``kind`` of all of them."""

    type: FolderType
    title: str
    folder: Folder | None = None
    kind: str = ""

    @property
    def href(self) -> str:
        """Where it stands alone."""
        return f"/inboxes/{self.folder.inbox_id}/folders/{self.folder.id}" if self.folder else f"/all/{self.kind}"

    @property
    def kept(self) -> dict[str, str]:
        """What a link to a conversation keeps of it."""
        return {"folder": str(self.folder.id)} if self.folder else {"all": self.kind}


def folder_pile(visit: Visit, inbox_id: int, it: CountedFolder) -> Pile:
    """A folder that the actor sees. Raises Forbidden for "Deleted" without the right to delete."""
    kind = it.folder.type
    if kind is FolderType.DELETED:
        visit.actor.must(Permission.DELETE_CONVERSATIONS)
    name = it.name if kind is FolderType.TEAM else visit.words.text(it.name)
    return Pile(kind, name, Folder(it.folder.id, inbox_id, kind, it.folder.user_id))


def kind_pile(visit: Visit, kind: str) -> Pile:
    """A kind of all inboxes. Raises NotFound, Forbidden as above."""
    if kind not in KINDS:
        raise NotFound("Not found")
    if KINDS[kind] is FolderType.DELETED:
        visit.actor.must(Permission.DELETE_CONVERSATIONS)
    name = visit.words.text(NAMES[KINDS[kind]])
    return Pile(KINDS[kind], visit.words.text("%(folder)s, all inboxes", folder=name), kind=kind)


def pile_up(visit: Visit, it: Pile) -> Up:
    """Where the page of it stands that the query string names."""
    narrow = _narrow(visit.query)
    return up_of(visit, it.title, it.href, narrow, it.kept | narrow)


async def pile_pane(view: Snapshot, visit: Visit, it: Pile) -> ListPane:
    """The page of it that the query string names."""
    sort, number = asked(visit)
    found = await page(view, it, visit.query, SORTS[sort], number, panes.SIZE)
    up, folder_id = pile_up(visit, it), it.folder.id if it.folder else None
    is_deleted = it.type is FolderType.DELETED
    listed = await pane_of(view, visit, found, up, folder_id=folder_id, kind=it.kind, is_deleted=is_deleted)
    name = visit.words.text(NAMES[it.type]) if it.kind else ""
    return msgspec.structs.replace(listed, name=name, chips=None if is_deleted else _chips(visit, it, listed))


async def page(view: Snapshot, it: Pile, query: Mapping[str, str], sorting: Sorting, number: int, size: int) -> Piled:
    """A page of it, narrowed as a query string says."""
    narrow = _narrow(query)
    tag_id = None
    if "tag" in narrow:
        tag_id = await view.first(lists.TAG_IDS, names=[narrow["tag"]])
        if tag_id is None:
            return Piled([], 0)
    test = Test(waits=narrow.get("only") == WAITING, tag_id=tag_id, is_unread=narrow.get("only") == UNREAD)
    if it.folder is None:
        folders = await piles.of_kind(view, it.type, list(view.actor.inbox_ids[:MOST_INBOXES]))
    else:
        folders = await piles.of_folder(view, it.folder)
    return await piles.page(view, folders, test, sorting, number, size)


def is_ones_own(query: Mapping[str, str]) -> bool:
    """Whether a list is of whoever looks: nobody else has read just that."""
    return _narrow(query).get("only") == UNREAD


def narrows(query: Mapping[str, str]) -> bool:
    """Whether a list is less than its folders."""
    return bool(_narrow(query))


def _narrow(query: Mapping[str, str]) -> dict[str, str]:
    only, tag = query.get("only", ""), query.get("tag", "").strip()[:LONGEST_TAG]
    return ({"only": only} if only in ONLY else {}) | ({"tag": tag} if tag else {})


def _chips(visit: Visit, it: Pile, listed: ListPane) -> Chips:
    """The links that narrow it. They keep its order, and lead to the first page."""
    narrow, order = _narrow(visit.query), {"sort": listed.sort} if listed.sort != NEWEST else {}
    only, tag = narrow.get("only", ""), narrow.get("tag", "")
    text = visit.words.text

    def href(**names: Any) -> str:
        query = urlencode({name: value for name, value in ({"only": only, "tag": tag} | names).items() if value} | order)
        return f"{it.href}?{query}" if query else it.href

    said = {each.name: each for row in listed.rows for each in ([row.tag] if row.tag else [])}
    told, search = "", ""
    if only == UNREAD:
        told = text("Of the %(count)s newest active and pending ones each.", count=seen.LOOKED_THROUGH)
    elif narrow and not listed.is_all:
        told = text("Of the first %(count)s of this list.", count=visit.words.number(piles.LOOKED_THROUGH))
        search = "/search?" + urlencode({"q": f'tag:"{tag}"'}) if tag else ""
    return Chips(
        chips=[
            Chip(text("All"), href(only="", tag=""), not narrow),
            *(Chip(text(name), href(only="" if each == only else each), each == only) for each, name in ONLY.items()),
        ]
        if it.type not in DONE
        else [Chip(text("All"), href(tag=""), not narrow)],
        tag=Chip(tag, href(tag=""), is_on=True) if tag else None,
        tags=[Chip(each, href(tag=each), is_on=False) for each in sorted(said)[:MOST_TAGS]],
        action=it.href,
        fields=({"only": only} if only else {}) | order,
        told=told,
        search=search,
    )
