"""How far people have read: what was said in the last days behind the entry that somebody saw last is unread for them.

Nothing is written when mail arrives: what is newest is looked up for the conversations that are shown.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct
from sqlalchemy import func, literal, select

from deskhand.conversations.model import COUNTED, ThreadState, ThreadType
from deskhand.conversations.tables import seen, threads
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot

UNREAD_FOR = timedelta(days=14)
"""What is older counts as read, so that nothing must be kept of it."""


class Newest(Struct, frozen=True):
    """The entry that was said last in a conversation, and the user who did; 0 for a customer."""

    conversation_id: int
    thread_id: int
    user_id: int | None


class Seen(Struct, frozen=True):
    """How far somebody has read a conversation."""

    conversation_id: int
    thread_id: int


t = threads.c
SAID = sorted(COUNTED | {ThreadType.NOTE})
NEWEST = read(
    select(t.conversation_id, func.max(t.id).label("thread_id"), t.created_by_user_id.label("user_id"))
    .where(
        any_of(t.conversation_id, "ids"),
        t.created_at > param("since"),
        t.type.in_([literal(each.value) for each in SAID]),
        t.state == ThreadState.PUBLISHED.value,
    )
    .group_by(t.conversation_id, t.created_by_user_id),
    Newest,
)
SEEN = read(
    select(seen.c.conversation_id, seen.c.thread_id).where(
        seen.c.user_id == param("user_id"), any_of(seen.c.conversation_id, "ids")
    ),
    Seen,
)


async def newest(view: Snapshot, ids: list[int]) -> dict[int, Newest]:
    """The newest entry of each of these conversations; of those in which nobody spoke lately none."""
    found: dict[int, Newest] = {}
    if ids:
        for each in await view.all(NEWEST, ids=ids, since=view.now - UNREAD_FOR):
            before = found.get(each.conversation_id)
            if before is None or before.thread_id < each.thread_id:
                found[each.conversation_id] = each
    return found


async def by_actor(view: Snapshot, ids: list[int]) -> dict[int, int]:
    """How far the actor has read each of these: the id of the entry that was the newest then."""
    if not ids or not view.actor.user_id:
        return {}
    return {each.conversation_id: each.thread_id for each in await view.all(SEEN, user_id=view.actor.user_id, ids=ids)}
