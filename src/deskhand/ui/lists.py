"""The list that stands beside a conversation, or alone: a page of folders (``piles``), or of what a search found.

Its place is in the query string (``folder``, ``all``, ``view`` or ``q``; ``sort``, ``page``), so that a conversation opened
from it keeps it.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

from msgspec import Struct

from deskhand.conversations.queries import finding, seen, writings
from deskhand.conversations.queries.finding import Found
from deskhand.conversations.queries.lists import SortField, Sorting
from deskhand.conversations.queries.piles import Piled
from deskhand.conversations.queries.views import SavedView
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.transaction import Snapshot
from deskhand.search.language import parse
from deskhand.search.model import QueryError
from deskhand.ui.door import Visit
from deskhand.ui.rows import Row, rows

SIZE = 50
MOST_PAGES = 10_000
MOST_INBOXES = 200
NEWEST, OLDEST, CHANGED, WAITING = "newest", "oldest", "changed", "waiting"
SORTS = {
    NEWEST: Sorting(SortField.CREATED_AT),
    OLDEST: Sorting(SortField.CREATED_AT, ascending=True),
    CHANGED: Sorting(SortField.MODIFIED_AT),
    WAITING: Sorting(SortField.WAITING_SINCE, ascending=True),
}
NAMES = {NEWEST: "Newest first", OLDEST: "Oldest first", CHANGED: "Last changed", WAITING: "Waiting longest"}


class Up(Struct, frozen=True):
    """Where a list stands: what a conversation opened from it keeps, whatever is in it. ``href`` is where it stands alone;
    ``place`` is what a link to a conversation keeps of it; ``more`` is the next page, if there is one."""

    title: str
    href: str
    place: str
    sort: str
    sorts: list[tuple[str, str, str]]
    back: str
    more: str


class Chip(Struct, frozen=True):
    """A link to some of a list."""

    name: str
    href: str
    is_on: bool


class Chips(Struct, frozen=True):
    """What a list may be narrowed to: by ``chips``, by a tag, of which it has ``tags`` at hand, with the ``fields`` that a form
    keeps. ``told`` says what was looked through, where that is not all."""

    chips: list[Chip]
    tag: Chip | None
    tags: list[Chip]
    action: str
    fields: dict[str, str]
    told: str = ""
    search: str = ""


class ListPane(Struct, frozen=True):
    """A page of a list, and where it stands (``Up``). If not ``is_all`` there are ``total`` or more; ``seen`` is how far the
    actor has read each conversation, ``writes`` in which of them they have an answer that is not sent. ``kind`` is that of a
    list of all inboxes, ``name`` its title where that is clear; from one that ``is_deleted`` conversations can be brought
    back, and nothing else."""

    title: str
    href: str
    place: str
    sort: str
    sorts: list[tuple[str, str, str]]
    rows: list[Row]
    first: int
    last: int
    total: int
    back: str
    more: str
    folder_id: int | None = None
    query: str | None = None
    problem: str = ""
    is_all: bool = True
    view_id: int | None = None
    seen: dict[int, int] = {}
    writes: list[int] = []
    kind: str = ""
    name: str = ""
    chips: Chips | None = None
    is_deleted: bool = False

    @property
    def seen_json(self) -> str:
        """The same for a script."""
        return json.dumps(self.seen, separators=(",", ":"))


async def search_pane(view: Snapshot, visit: Visit, query: str) -> ListPane:
    """What a search finds in every inbox and status that the actor sees; what is wrong with it is told in ``problem``."""
    sort, number = asked(visit)
    found, problem = await found_by(view, visit, query, SORTS[sort], number, SIZE)
    return await pane_of(view, visit, found, search_up(visit, query), query=query, problem=problem)


async def view_pane(view: Snapshot, visit: Visit, it: SavedView) -> ListPane:
    """What a saved view finds, in its own order unless another is wanted."""
    sort, number = asked(visit)
    own = Sorting(SortField(it.sort_field), it.ascending)
    found, problem = await found_by(view, visit, it.query, SORTS[sort] if "sort" in visit.query else own, number, SIZE)
    return await pane_of(view, visit, found, view_up(visit, it), view_id=it.id, problem=problem)


async def found_by(view: Snapshot, visit: Visit, query: str, sorting: Sorting, number: int, size: int) -> tuple[Found, str]:
    """A page of what a query finds, or what is wrong with it, in words."""
    try:
        node = parse(query)
        if node is None:
            return Found([], 0, []), ""
        strict = visit.desk.settings.strict_phrases
        return await finding.find(view, node, sorting, number, size, strict_phrases=strict), ""
    except QueryError as error:
        return Found([], 0, []), str(error)


def search_up(visit: Visit, query: str) -> Up:
    """Where the page of a search stands that the query string names."""
    return up_of(visit, visit.words.text("Search"), "/search", {"q": query}, {"q": query})


def view_up(visit: Visit, it: SavedView) -> Up:
    """The same of a saved view."""
    return up_of(visit, it.name, f"/views/{it.id}", {}, {"view": str(it.id)})


def up_of(visit: Visit, title: str, alone: str, own: dict[str, str], kept: dict[str, str]) -> Up:
    """Where a list stands: its address ``alone`` with what is its ``own`` in the query, and what a link from it keeps."""
    sort, number = asked(visit)
    order = {} if sort == NEWEST else {"sort": sort}
    page = {} if number == 1 else {"page": str(number)}

    def address(**more: str) -> str:
        query = urlencode(own | more)
        return f"{alone}?{query}" if query else alone

    return Up(
        title=title,
        href=address(**order, **page),
        place=urlencode(kept | order | page),
        sort=sort,
        sorts=[(key, name, address(sort=key)) for key, name in NAMES.items()],
        back=address(**order, page=str(number - 1)) if number > 1 else "",
        more=address(**order, page=str(number + 1)),
    )


async def pane_of(
    view: Snapshot,
    visit: Visit,
    found: Piled | Found,
    up: Up,
    *,
    folder_id: int | None = None,
    view_id: int | None = None,
    query: str | None = None,
    problem: str = "",
    kind: str = "",
    is_deleted: bool = False,
) -> ListPane:
    """The page of a list that was found."""
    _, number = asked(visit)
    first = (number - 1) * SIZE
    last = first + len(found.conversations)
    ids = [each.id for each in found.conversations]
    names = {each.id: each.name for each in (await inboxes.page(view, 1, MOST_INBOXES))[0]} if kind else {}
    return ListPane(
        title=up.title,
        href=up.href,
        place=up.place,
        sort=up.sort,
        sorts=up.sorts,
        rows=await rows(view, found.conversations, visit.words, names),
        first=first + 1 if found.conversations else 0,
        last=last,
        total=found.total,
        back=up.back,
        more=up.more if last < found.total and found.conversations else "",
        folder_id=folder_id,
        query=query,
        problem=problem,
        is_all=found.is_all,
        view_id=view_id,
        seen=await seen.by_actor(view, ids),
        writes=await writings.among(view, ids),
        kind=kind,
        is_deleted=is_deleted,
    )


def asked(visit: Visit) -> tuple[str, int]:
    """Order and page; what is not known counts as not said."""
    sort, text = visit.query.get("sort", ""), visit.query.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return sort if sort in SORTS else NEWEST, min(max(number, 1), MOST_PAGES)


def hits_address(visit: Visit, inbox_id: int, query: str) -> str:
    """Where the page of a search is told what changes, beside an inbox."""
    return f"/live/{inbox_id}?{search_up(visit, query).place}&hits=yes&after={visit.place}"


def live_address(visit: Visit, inbox_id: int, listed: ListPane, conversation_id: int = 0) -> str:
    """Where a page with this list, and perhaps a conversation, is told what changes."""
    more = {"conversation": str(conversation_id)} if conversation_id else {}
    return f"/live/{inbox_id}?{listed.place}&{urlencode(more | {'after': str(visit.place)})}"
