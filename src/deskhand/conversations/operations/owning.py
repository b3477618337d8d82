"""Owners who go, and owners who are found by an inbox's routing (contract 60 §1.3, §2)."""

from __future__ import annotations

from sqlalchemy import delete, select

from deskhand.conversations.model import ConversationState, Status
from deskhand.conversations.operations.changing import assign
from deskhand.conversations.queries import one
from deskhand.conversations.queries.routing import rotation
from deskhand.conversations.tables import conversations, routing_queue
from deskhand.inboxes import operations as inbox_operations
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import next_owner
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, read, upsert, write
from deskhand.kernel.transaction import Snapshot, Transaction

AT_ONCE = 100
OWNED = read(
    select(conversations.c.id)
    .where(
        conversations.c.assignee_id == param("owner_id"),
        conversations.c.shelf != ConversationState.DELETED.value,
    )
    .order_by(conversations.c.shelf, conversations.c.created_at, conversations.c.id)  # as its index has them
    .limit(param("most")),
    int,
)


WAIT = write(upsert(routing_queue).values(conversation_id=param("conversation_id")).on_conflict_do_nothing())
_place = routing_queue.c.conversation_id == param("conversation_id")
WAITS = read(select(routing_queue.c.conversation_id).where(_place), int)
LEAVE = write(delete(routing_queue).where(_place))
_waiting = routing_queue.join(conversations, conversations.c.id == routing_queue.c.conversation_id)
FIRST_WAITING = read(
    select(conversations.c.id)
    .select_from(_waiting)
    .where(conversations.c.inbox_id == param("inbox_id"))
    .order_by(conversations.c.id)
    .limit(1),
    int,
)
WAITING_INBOXES = read(
    select(conversations.c.inbox_id).select_from(_waiting).distinct().order_by(conversations.c.inbox_id), int
)


async def leave_to_nobody(tx: Transaction, owner_id: int) -> bool:
    """Take up to a hundred conversations from their owner; whether there may be more. Deleted ones stay as they were."""
    found = await tx.all(OWNED, owner_id=owner_id, most=AT_ONCE)
    for conversation_id in found:
        await assign(tx, conversation_id, to=None)
    return len(found) == AT_ONCE


async def route(tx: Transaction, conversation_id: int) -> bool:
    """Give a conversation to whom its inbox's routing finds; whether it still waits, because all are passed over.

    Does nothing if it has an owner or is not active, so it may happen twice. Raises NotFound.
    """
    inbox_id = (await one.get(tx, conversation_id)).inbox_id
    # The routing first, so that two conversations of an inbox do not both take the last free place.
    routing = await inboxes.locked_routing(tx, inbox_id)
    it = await one.locked(tx, conversation_id)
    is_waiting = it.inbox_id == inbox_id and it.status is Status.ACTIVE and it.state is ConversationState.PUBLISHED
    if routing is None or not routing.enabled or it.assignee_id is not None or not is_waiting:
        await tx.write(LEAVE, conversation_id=conversation_id)
        return False
    owner = next_owner(await rotation(tx, inbox_id, routing), routing.method, routing.last_user_id)
    if owner is None:
        await tx.write(WAIT, conversation_id=conversation_id)
        return True
    await tx.write(LEAVE, conversation_id=conversation_id)
    await assign(tx, conversation_id, to=owner)
    await inbox_operations.note_turn(tx, inbox_id, owner)
    return False


async def route_waiting(tx: Transaction, inbox_id: int) -> bool:
    """Find an owner for what waits longest in an inbox; whether there may be another for whom somebody is free."""
    conversation_id = await tx.first(FIRST_WAITING, inbox_id=inbox_id)
    if conversation_id is None:
        return False
    try:
        return not await route(tx, conversation_id)
    except NotFound:
        await tx.write(LEAVE, conversation_id=conversation_id)
        return True


async def waiting_inboxes(view: Snapshot) -> list[int]:
    """The inboxes where conversations wait for an owner."""
    return await view.all(WAITING_INBOXES)
