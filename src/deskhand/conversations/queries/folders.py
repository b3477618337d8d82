"""Folders with their kept counts (contract 60 §1.1)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, or_, select

from deskhand.conversations.model import FolderType, Status, folder_count
from deskhand.conversations.tables import conversations, folders
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.users.tables import users

NAMES = {
    FolderType.OPEN: "Unassigned",
    FolderType.MINE: "Mine",
    FolderType.NEEDS_ATTENTION: "Needs Attention",
    FolderType.DRAFTS: "Drafts",
    FolderType.ASSIGNED: "Assigned",
    FolderType.CLOSED: "Closed",
    FolderType.SPAM: "Spam",
    FolderType.SNOOZED: "Snoozed",
    FolderType.SCHEDULED: "Scheduled",
    FolderType.DELETED: "Deleted",
}
ORDER = list(FolderType)


class Folder(Struct, frozen=True):
    """A folder; ``team`` is the name of its team, if it is one's."""

    id: int
    type: FolderType
    user_id: int
    updated_at: datetime
    team_first: str | None
    team_last: str | None


class CountedFolder(Struct, frozen=True):
    """A folder with how many conversations lie in it, how many of them are active, and when one last came or went."""

    folder: Folder
    name: str
    total: int
    active: int
    updated_at: datetime


class Placed(Struct, frozen=True):
    """Where a conversation lies, and whose it is."""

    id: int
    inbox_id: int
    folder_id: int
    customer_id: int


class Opening(Struct, frozen=True):
    """The folder that an inbox opens with."""

    inbox_id: int
    folder_id: int


PLACES = read(
    select(*(conversations.c[name] for name in Placed.__struct_fields__)).where(any_of(conversations.c.id, "ids")), Placed
)
ALL = read(
    select(folders.c.id, folders.c.type, folders.c.user_id, folders.c.updated_at, users.c.first_name, users.c.last_name)
    .select_from(folders.outerjoin(users, and_(folders.c.type == FolderType.TEAM.value, users.c.id == folders.c.user_id)))
    .where(folders.c.inbox_id == param("inbox_id"), or_(users.c.id.is_(None), users.c.state != "disabled"))
    .order_by(folders.c.id),
    Folder,
)
OPENINGS = read(
    select(folders.c.inbox_id, folders.c.id).where(
        any_of(folders.c.inbox_id, "inbox_ids"), folders.c.type == FolderType.OPEN.value
    ),
    Opening,
)

MINE = read(
    select(folders.c.inbox_id, folders.c.id).where(
        any_of(folders.c.inbox_id, "inbox_ids"),
        folders.c.type == FolderType.MINE.value,
        folders.c.user_id == param("user_id"),
    ),
    Opening,
)


async def of_inbox(view: Snapshot, inbox_id: int) -> list[CountedFolder]:
    """The folders of an inbox that the actor sees: the shared ones, teams', and their own "Mine". Raises NotFound."""
    return [each for each in await everybodys(view, inbox_id) if is_for(each.folder, view.actor.user_id)]


async def everybodys(view: Snapshot, inbox_id: int) -> list[CountedFolder]:
    """All of them, with everybody's "Mine". Raises NotFound.

    "Assigned" holds what lies in everybody's "Mine" and in the teams' folders.
    """
    await inboxes.get(view, inbox_id)
    found = await view.all(ALL, inbox_id=inbox_id)
    names = [folder_count(folder.id, status.value) for folder in found for status in Status]
    counts, moments = await view.counts_with_moments(names)
    totals = {each.id: sum(counts[folder_count(each.id, status.value)] for status in Status) for each in found}
    active = {each.id: counts[folder_count(each.id, Status.ACTIVE.value)] for each in found}
    changed = {
        each.id: max(moments.get(folder_count(each.id, status.value), each.updated_at) for status in Status) for each in found
    }
    owned = [each.id for each in found if each.type in (FolderType.MINE, FolderType.TEAM)]
    listed = []
    for folder in sorted(found, key=lambda each: (ORDER.index(each.type), each.id)):
        ids = owned if folder.type is FolderType.ASSIGNED else [folder.id]
        listed.append(
            CountedFolder(
                folder,
                _name(folder),
                sum(totals[each] for each in ids),
                sum(active[each] for each in ids),
                max((changed[each] for each in ids), default=folder.updated_at),
            )
        )
    return listed


def is_for(folder: Folder, user_id: int) -> bool:
    """Whether a folder of an inbox is shown to a user of it: "Mine" is only to whom it belongs."""
    return folder.type is not FolderType.MINE or folder.user_id == user_id


async def places(view: Snapshot, ids: list[int]) -> dict[int, Placed]:
    """Where conversations lie now, by their ids; those that are no more are missing. For the desk itself: asks for no right."""
    return {each.id: each for each in await view.all(PLACES, ids=ids)}


async def unassigned(view: Snapshot, inbox_ids: list[int]) -> dict[int, int]:
    """How many active conversations are nobody's, by inbox; of inboxes that the actor is known to see."""
    found = await view.all(OPENINGS, inbox_ids=inbox_ids) if inbox_ids else []
    names = {each.inbox_id: folder_count(each.folder_id, Status.ACTIVE.value) for each in found}
    counts = await view.counts(list(names.values()))
    return {inbox_id: counts[name] for inbox_id, name in names.items()}


async def with_work(view: Snapshot, inbox_ids: list[int]) -> Opening | None:
    """The first folder, by the order of these inboxes, with something active that is nobody's or the actor's; of inboxes that
    the actor is known to see."""
    found = await view.all(OPENINGS, inbox_ids=inbox_ids)
    found += await view.all(MINE, inbox_ids=inbox_ids, user_id=view.actor.user_id)
    counts = await view.counts([folder_count(each.folder_id, Status.ACTIVE.value) for each in found])
    busy = [each for each in found if counts[folder_count(each.folder_id, Status.ACTIVE.value)]]
    return min(busy, key=lambda each: inbox_ids.index(each.inbox_id), default=None)


async def one_of_inbox(view: Snapshot, inbox_id: int, folder_id: int) -> CountedFolder:
    """One of them. Raises NotFound."""
    for each in await of_inbox(view, inbox_id):
        if each.folder.id == folder_id:
            return each
    raise NotFound("Not found")


def _name(folder: Folder) -> str:
    return NAMES.get(folder.type) or f"{folder.team_first or ''} {folder.team_last or ''}".strip() or "Team"
