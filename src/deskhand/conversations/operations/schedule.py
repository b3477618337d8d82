"""Sending later (contract 20 §6). The conversation keeps the earliest moment, so that lists can say what comes next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select, update

from deskhand.conversations.model import ThreadScheduled, ThreadState, ThreadType, ThreadUnscheduled, may_wait_until
from deskhand.conversations.operations.core import settle
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Thread
from deskhand.conversations.tables import threads
from deskhand.kernel.errors import Code, Invalid, NotFound, Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction

SENDABLE = (ThreadType.MESSAGE, ThreadType.FORWARD_CHILD)
_this = threads.c.id == param("thread_id")
UNSCHEDULED: dict[str, Any] = {
    "scheduled_for": None,
    "scheduled_by": None,
    "scheduled_at": None,
    "send_as_id": None,
    "unschedules_on_reply": False,
}
SET = write(update(threads).where(_this).values({name: param(name) for name in UNSCHEDULED}))


class Scheduled(Struct, frozen=True):
    """A draft that will be sent."""

    id: int
    at: datetime
    by: int | None
    unschedules_on_reply: bool


PENDING = read(
    select(threads.c.id, threads.c.scheduled_for, threads.c.scheduled_by, threads.c.unschedules_on_reply)
    .where(
        threads.c.conversation_id == param("conversation_id"),
        threads.c.state == ThreadState.DRAFT.value,
        threads.c.scheduled_for.is_not(None),
    )
    .order_by(threads.c.scheduled_for, threads.c.id),
    Scheduled,
)


async def schedule(
    tx: Transaction,
    conversation_id: int,
    thread_id: int,
    *,
    at: datetime,
    unschedules_on_reply: bool,
    as_creator: bool = False,
) -> None:
    """Send a draft at a moment (UTC, later than now, not after 2100); a second schedule replaces the first.

    Raises NotFound, Forbidden, Unmet when it is no draft, Invalid("scheduledFor"). Source: Mailbox API 2.0, "Update
    Schedule".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.state is not ThreadState.DRAFT or thread.type not in SENDABLE:
        raise Unmet("Only a draft reply can be scheduled")
    if not may_wait_until(at, tx.now):
        raise Invalid("scheduledFor", "must be in the future and not after 2100", code=Code.DATE_TIME, rejected=at)

    await tx.write(
        SET,
        thread_id=thread_id,
        scheduled_for=at,
        scheduled_by=tx.actor.user_id or None,
        scheduled_at=tx.now,
        send_as_id=thread.created_by_user_id if as_creator else None,
        unschedules_on_reply=unschedules_on_reply,
    )
    await settle(tx, it, **await next_send(tx, it.id))
    tx.record(ThreadScheduled(conversation_id=it.id, thread_id=thread_id, at=at))


async def unschedule(tx: Transaction, conversation_id: int, thread_id: int) -> None:
    """Make a scheduled thread an ordinary draft again. Raises NotFound (also without a schedule), Forbidden.

    Source: Mailbox API 2.0, "Delete Schedule".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await must_be_scheduled(tx, conversation_id, thread_id)
    await tx.write(SET, thread_id=thread_id, **UNSCHEDULED)
    await settle(tx, it, **await next_send(tx, it.id))
    tx.record(ThreadUnscheduled(conversation_id=it.id, thread_id=thread_id))


async def must_be_scheduled(tx: Transaction, conversation_id: int, thread_id: int) -> Thread:
    """A scheduled draft. Raises NotFound without a schedule, Unmet when the thread is no draft any more."""
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.state is not ThreadState.DRAFT:
        raise Unmet("The thread is not a draft")
    if thread.scheduled_for is None:
        raise NotFound("The thread is not scheduled")
    return thread


async def drop_schedules(tx: Transaction, conversation_id: int) -> list[int]:
    """Forget the schedules that a customer's reply cancels; the ids of those threads."""
    pending = await tx.all(PENDING, conversation_id=conversation_id)
    dropped = [each.id for each in pending if each.unschedules_on_reply]
    for thread_id in dropped:
        await tx.write(SET, thread_id=thread_id, **UNSCHEDULED)
    return dropped


async def drop_missed(tx: Transaction, conversation_id: int) -> None:
    """Forget the schedules whose moment has passed."""
    for each in await tx.all(PENDING, conversation_id=conversation_id):
        if each.at <= tx.now:
            await tx.write(SET, thread_id=each.id, **UNSCHEDULED)


async def next_send(tx: Transaction, conversation_id: int) -> dict[str, Any]:
    """The conversation's columns about what it will send next, read anew from its threads."""
    pending = await tx.all(PENDING, conversation_id=conversation_id)
    first = pending[0] if pending else None
    return {
        "scheduled_for": first.at if first else None,
        "scheduled_by": first.by if first else None,
        "unschedules_on_reply": first.unschedules_on_reply if first else False,
    }
