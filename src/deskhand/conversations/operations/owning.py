"""Owners who go, and owners who are found by an inbox's routing (contract 60 §1.3, §2)."""

from __future__ import annotations

from sqlalchemy import select

from deskhand.conversations.model import ConversationState, Status
from deskhand.conversations.operations.changing import assign
from deskhand.conversations.queries import one
from deskhand.conversations.queries.routing import rotation
from deskhand.conversations.tables import conversations
from deskhand.inboxes import operations as inbox_operations
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import next_owner
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Transaction

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


async def leave_to_nobody(tx: Transaction, owner_id: int) -> bool:
    """Take up to a hundred conversations from their owner; whether there may be more. Deleted ones stay as they were."""
    found = await tx.all(OWNED, owner_id=owner_id, most=AT_ONCE)
    for conversation_id in found:
        await assign(tx, conversation_id, to=None)
    return len(found) == AT_ONCE


async def route(tx: Transaction, conversation_id: int) -> None:
    """Give a conversation to whom its inbox's routing finds. Does nothing if it has an owner, is not active, or all are
    passed over, so it may happen twice. Raises NotFound."""
    inbox_id = (await one.get(tx, conversation_id)).inbox_id
    # The routing first, so that two conversations of an inbox do not both take the last free place.
    routing = await inboxes.locked_routing(tx, inbox_id)
    it = await one.locked(tx, conversation_id)
    is_waiting = it.inbox_id == inbox_id and it.status is Status.ACTIVE and it.state is ConversationState.PUBLISHED
    if routing is None or not routing.enabled or it.assignee_id is not None or not is_waiting:
        return
    owner = next_owner(await rotation(tx, inbox_id, routing), routing.method, routing.last_user_id)
    if owner is not None:
        await assign(tx, conversation_id, to=owner)
        await inbox_operations.note_turn(tx, inbox_id, owner)
