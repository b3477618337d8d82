"""Merging: there is no endpoint for it, but what it leaves behind is on the wire (contract 00 §12)."""

from __future__ import annotations

from sqlalchemy import update

from deskhand.conversations.model import ConversationMerged, ConversationState
from deskhand.conversations.operations.core import settle, tell
from deskhand.conversations.queries import one
from deskhand.conversations.tables import attachments, conversations, threads
from deskhand.customers import operations as customers
from deskhand.kernel.errors import Invalid
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction

MOVE_THREADS = write(
    update(threads).where(threads.c.conversation_id == param("loser")).values(conversation_id=param("survivor"))
)
MOVE_FILES = write(
    update(attachments).where(attachments.c.conversation_id == param("loser")).values(conversation_id=param("survivor"))
)
TAKE = write(
    update(conversations)
    .where(conversations.c.id == param("survivor"))
    .values(
        thread_count=conversations.c.thread_count + param("counted"),
        thread_total=conversations.c.thread_total + param("total"),
    )
)
GIVE = write(update(conversations).where(conversations.c.id == param("loser")).values(thread_count=0, thread_total=0))


async def merge(tx: Transaction, conversation_id: int, *, into: int) -> None:
    """Put the threads of a conversation into another; the first then only redirects.

    Raises NotFound, Forbidden, Invalid("into") for itself. Source: contract 00 §12.
    """
    if conversation_id == into:
        raise Invalid("into", "is the same conversation")
    # In one order for everybody, so that two merges cannot wait for each other.
    for each in sorted((conversation_id, into)):
        await one.locked(tx, each)
    loser, survivor = await one.locked(tx, conversation_id), await one.locked(tx, into)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)

    for statement in (MOVE_THREADS, MOVE_FILES):
        await tx.write(statement, loser=loser.id, survivor=survivor.id)
    await tx.write(TAKE, survivor=survivor.id, counted=loser.thread_count, total=loser.thread_total)
    await tx.write(GIVE, loser=loser.id)
    await settle(tx, loser, state=ConversationState.DELETED, merged_into=survivor.id, merged_at=tx.now)
    await settle(tx, survivor)
    await customers.count_conversations(tx, loser.customer_id, -1, inbox_id=loser.inbox_id)
    told = f"merged conversation #{loser.number} into this one"
    await tell(tx, survivor, "merged", told, entities={"conversation": loser.id})
    tx.record(ConversationMerged(conversation_id=survivor.id, merged_id=loser.id))
