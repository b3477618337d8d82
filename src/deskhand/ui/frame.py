"""What stands around every page: the inboxes and folders of whoever looks, with their counts."""

from __future__ import annotations

from msgspec import Struct

from deskhand.conversations.model import FolderType
from deskhand.conversations.queries import folders, piles, seen, views, writings
from deskhand.conversations.queries.folders import CountedFolder
from deskhand.conversations.queries.views import SavedView
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.queries import Inbox
from deskhand.kernel.errors import NotFound
from deskhand.kernel.permissions import Actor, Permission
from deskhand.kernel.transaction import Snapshot

ICONS = {
    FolderType.OPEN: "inbox",
    FolderType.MINE: "user-round",
    FolderType.NEEDS_ATTENTION: "triangle-alert",
    FolderType.DRAFTS: "pen-line",
    FolderType.ASSIGNED: "users",
    FolderType.CLOSED: "circle-check",
    FolderType.SPAM: "ban",
    FolderType.SNOOZED: "alarm-clock",
    FolderType.SCHEDULED: "calendar-clock",
    FolderType.DELETED: "trash-2",
    FolderType.TEAM: "users",
}
KINDS = {
    "unassigned": FolderType.OPEN,
    "mine": FolderType.MINE,
    "assigned": FolderType.ASSIGNED,
    "snoozed": FolderType.SNOOZED,
    "scheduled": FolderType.SCHEDULED,
    "closed": FolderType.CLOSED,
    "spam": FolderType.SPAM,
    "deleted": FolderType.DELETED,
}
"""What there is of all inboxes together, by its name in addresses."""
MOST_INBOXES = 200
MOST_VIEWS = 50
READ_IN = frozenset({FolderType.OPEN, FolderType.MINE})
"""The folders of which it is told how much is unread."""
UNCOUNTED = frozenset({FolderType.CLOSED, FolderType.SPAM, FolderType.DELETED})
OF_ALL = {"unassigned": FolderType.OPEN, "mine": FolderType.MINE}
"""The lists of all inboxes beside which a count stands."""


class FolderLink(Struct, frozen=True):
    """A folder in the navigation; ``count`` is None where a number says nothing, ``unread`` where none is told. ``is_ours``:
    its name is one of our words."""

    id: int
    name: str
    icon: str
    href: str
    count: int | None
    unread: int | None
    is_ours: bool


class KindLink(Struct, frozen=True):
    """A list of all inboxes; ``count`` is None where a number says nothing."""

    kind: str
    name: str
    icon: str
    count: int | None


class InboxLink(Struct, frozen=True):
    """Another inbox; ``href`` leads to its first folder, where ``count`` conversations are active."""

    id: int
    name: str
    href: str
    count: int


class Frame(Struct, frozen=True):
    """The navigation: the inbox one is in with its folders, saved views, the lists of all inboxes, and the other inboxes;
    ``unsent`` is how much one has begun to write."""

    inbox: Inbox | None
    folders: list[FolderLink]
    others: list[InboxLink]
    views: list[SavedView]
    kinds: list[KindLink] = []
    unsent: int = 0


async def frame(view: Snapshot, inbox_id: int | None = None) -> Frame:
    """The navigation for an inbox, or for the first that the actor sees."""
    listed, _ = await inboxes.page(view, 1, MOST_INBOXES)
    inbox = next((each for each in listed if each.id == inbox_id), listed[0] if listed else None)
    saved, _ = await views.page(view, 1, MOST_VIEWS)
    if inbox is None:
        return Frame(None, [], [], saved)
    counted = [each for each in await folders.of_inbox(view, inbox.id) if is_shown(view.actor, each.folder.type)]
    unread = await _unread(view, read_in(counted))
    others = [each for each in listed if each.id != inbox.id]
    active = await folders.unassigned(view, [each.id for each in others])
    return Frame(
        inbox,
        [_link(inbox.id, each, unread.get(each.folder.id)) for each in counted],
        [InboxLink(each.id, each.name, f"/inboxes/{each.id}", active.get(each.id, 0)) for each in others],
        saved,
        await _kinds(view, [each.id for each in listed]) if others else [],
        await writings.count_own(view),
    )


def is_shown(actor: Actor, kind: FolderType) -> bool:
    """Whether a folder stands in the navigation: what was deleted is for those who may delete."""
    return kind is not FolderType.DELETED or actor.may(Permission.DELETE_CONVERSATIONS)


async def _kinds(view: Snapshot, inbox_ids: list[int]) -> list[KindLink]:
    counts = await piles.active(view, list(OF_ALL.values()), inbox_ids)
    return [
        KindLink(each, folders.NAMES[kind], ICONS[kind], counts[kind] if each in OF_ALL else None)
        for each, kind in KINDS.items()
        if is_shown(view.actor, kind)
    ]


async def first_folder(view: Snapshot, inbox_id: int) -> CountedFolder:
    """The folder that an inbox opens with. Raises NotFound."""
    found = await folders.of_inbox(view, inbox_id)
    if not found:
        raise NotFound("Not found")
    return found[0]


def shown_counts(counted: list[CountedFolder]) -> list[tuple[CountedFolder, int]]:
    """The folders beside which a count stands, and that."""
    return [(each, count) for each in counted if (count := _count(each)) is not None]


def read_in(counted: list[CountedFolder]) -> list[int]:
    """The folders beside which it stands how many are unread."""
    return [each.folder.id for each in counted if each.folder.type in READ_IN]


async def _unread(view: Snapshot, folder_ids: list[int]) -> dict[int, int]:
    """How many the actor has not read, by folder."""
    said = {each: (await seen.newest_in(view, each)) for each in folder_ids}
    known = await seen.by_actor(view, [it for several in said.values() for it in several])
    return {each: seen.count(several.values(), known, view.actor.user_id) for each, several in said.items()}


def _link(inbox_id: int, it: CountedFolder, unread: int | None) -> FolderLink:
    kind = it.folder.type
    return FolderLink(
        it.folder.id,
        it.name,
        ICONS[kind],
        f"/inboxes/{inbox_id}/folders/{it.folder.id}",
        _count(it),
        unread,
        kind is not FolderType.TEAM,
    )


def _count(it: CountedFolder) -> int | None:
    kind = it.folder.type
    return None if kind in UNCOUNTED else it.total if kind in (FolderType.DRAFTS, FolderType.SNOOZED) else it.active
