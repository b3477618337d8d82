"""How far people have read: what was said in the last days behind the entry that somebody saw last is unread for them.

Nothing is written when mail arrives: what is newest is looked up for the conversations that are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from msgspec import Struct
from sqlalchemy import func, literal, select

from deskhand.conversations.model import COUNTED, Status, ThreadState, ThreadType
from deskhand.conversations.tables import conversations, seen, threads
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot

UNREAD_FOR = timedelta(days=14)
"""What is older counts as read, so that nothing must be kept of it."""
UNREAD = frozenset({Status.ACTIVE, Status.PENDING})
LOOKED_THROUGH = 300  # of a folder and status the conversations that began last: so a count costs the same in any folder


class Newest(Struct, frozen=True):
    """The entry that was said last in a conversation, and the user who did; 0 for a customer."""

    conversation_id: int
    thread_id: int
    user_id: int | None


class Seen(Struct, frozen=True):
    """How far somebody has read a conversation."""

    user_id: int
    conversation_id: int
    thread_id: int


t, c = threads.c, conversations.c
SAID = sorted(COUNTED | {ThreadType.NOTE})
_newest = (
    select(t.conversation_id, func.max(t.id).label("thread_id"), t.created_by_user_id.label("user_id"))
    .where(
        t.created_at > param("since"),
        t.type.in_([literal(each.value) for each in SAID]),
        t.state == ThreadState.PUBLISHED.value,
    )
    .group_by(t.conversation_id, t.created_by_user_id)
)
NEWEST = read(_newest.where(any_of(t.conversation_id, "ids")), Newest)
_lately = (
    select(c.id)
    .where(c.folder_id == param("folder_id"), c.shelf == param("shelf"))
    .order_by(c.created_at.desc(), c.id.desc())
    .limit(LOOKED_THROUGH)
    .subquery()
)
NEWEST_IN = read(_newest.join_from(_lately, threads, t.conversation_id == _lately.c.id), Newest)
_seen = select(*(seen.c[name] for name in Seen.__struct_fields__)).where(any_of(seen.c.conversation_id, "ids"))
SEEN = read(_seen.where(seen.c.user_id == param("user_id")), Seen)
SEEN_BY_ALL = read(_seen, Seen)


async def newest(view: Snapshot, ids: list[int]) -> dict[int, Newest]:
    """The newest entry of each of these conversations; of those in which nobody spoke lately none."""
    return _last(await view.all(NEWEST, ids=ids, since=view.now - UNREAD_FOR) if ids else [])


async def newest_in(view: Snapshot, folder_id: int) -> dict[int, Newest]:
    """The same of the conversations of a folder that began last, 300 of each status that can be unread."""
    found: list[Newest] = []
    for status in sorted(UNREAD):
        found += await view.all(NEWEST_IN, folder_id=folder_id, shelf=status.value, since=view.now - UNREAD_FOR)
    return _last(found)


async def by_actor(view: Snapshot, ids: list[int]) -> dict[int, int]:
    """How far the actor has read each of these: the id of the entry that was the newest then."""
    return await by_user(view, view.actor.user_id, ids)


async def by_user(view: Snapshot, user_id: int, ids: list[int]) -> dict[int, int]:
    """The same of a user."""
    if not ids or not user_id:
        return {}
    return {each.conversation_id: each.thread_id for each in await view.all(SEEN, user_id=user_id, ids=ids)}


async def by_everybody(view: Snapshot, ids: list[int]) -> list[Seen]:
    """How far each user has read these."""
    return await view.all(SEEN_BY_ALL, ids=ids) if ids else []


def count(said: Iterable[Newest], read_up_to: Mapping[int, int], user_id: int) -> int:
    """How many of these conversations a user has not read to their end; what one said oneself is read."""
    return sum(each.user_id != user_id and each.thread_id > read_up_to.get(each.conversation_id, 0) for each in said)


def _last(several: list[Newest]) -> dict[int, Newest]:
    found: dict[int, Newest] = {}
    for each in several:
        before = found.get(each.conversation_id)
        if before is None or before.thread_id < each.thread_id:
            found[each.conversation_id] = each
    return found
