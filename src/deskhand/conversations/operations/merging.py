"""Merging: there is no endpoint for it, but what it leaves behind is on the wire (contract 00 §12)."""

from __future__ import annotations

from msgspec import Struct, structs
from sqlalchemy import delete, select, update

from deskhand.conversations.model import ConversationMerged, ConversationState
from deskhand.conversations.operations.core import newest_preview, settle, settle_and_tell
from deskhand.conversations.operations.drafts import readdress
from deskhand.conversations.operations.followers import TAKE_OVER
from deskhand.conversations.operations.schedule import next_send
from deskhand.conversations.operations.searching import keep_addresses
from deskhand.conversations.operations.tagging import count_tags
from deskhand.conversations.operations.writings import join_writings
from deskhand.conversations.queries import one
from deskhand.conversations.tables import attachments, thread_addresses, threads
from deskhand.customers import operations as customers
from deskhand.kernel.errors import Invalid, Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction

MOVE_THREADS = write(
    update(threads).where(threads.c.conversation_id == param("loser")).values(conversation_id=param("survivor"))
)
MOVE_FILES = write(
    update(attachments).where(attachments.c.conversation_id == param("loser")).values(conversation_id=param("survivor"))
)


class Recipient(Struct, frozen=True):
    """An address that threads of a conversation went to; ``kind`` is to, cc or bcc."""

    kind: str
    address: str


_of_loser = thread_addresses.c.conversation_id == param("loser")
RECIPIENTS = read(select(thread_addresses.c.kind, thread_addresses.c.address).where(_of_loser), Recipient)
FORGET_RECIPIENTS = write(delete(thread_addresses).where(_of_loser))


async def merge(tx: Transaction, conversation_id: int, *, into: int) -> None:
    """Put the threads of a conversation into another; the first then only redirects.

    Raises NotFound, Forbidden, Invalid("into") for itself, Unmet for a draft that should take in another. Source: contract
    00 §12.
    """
    if conversation_id == into:
        raise Invalid("into", "is the same conversation")
    # In one order for everybody, so that two merges cannot wait for each other.
    held = {each: await one.locked(tx, each) for each in sorted((conversation_id, into))}
    loser, survivor = held[conversation_id], held[into]
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if survivor.state is ConversationState.DRAFT:
        raise Unmet("A draft cannot take in another conversation")

    if loser.customer_id != survivor.customer_id:
        await readdress(tx, loser.id, loser.customer_email, customer_id=survivor.customer_id, address=survivor.customer_email)
    for statement in (MOVE_THREADS, MOVE_FILES, TAKE_OVER):
        await tx.write(statement, loser=loser.id, survivor=survivor.id)
    await join_writings(tx, loser.id, survivor.id)
    for each in await tx.all(RECIPIENTS, loser=loser.id):
        await keep_addresses(tx, survivor.id, **{each.kind: [each.address]})
    await tx.write(FORGET_RECIPIENTS, loser=loser.id)
    await settle(
        tx,
        loser,
        state=ConversationState.DELETED,
        merged_into=survivor.id,
        merged_at=tx.now,
        user_updated_at=tx.now,
        thread_count=0,
        thread_total=0,
        has_attachments=False,
        **await next_send(tx, loser.id),
    )
    await count_tags(tx, loser.id, -1)
    await customers.count_conversations(tx, loser.customer_id, -1, inbox_id=loser.inbox_id)
    taken = structs.replace(survivor, thread_total=survivor.thread_total + loser.thread_total)
    await settle_and_tell(
        tx,
        taken,
        "merged",
        f"merged conversation #{loser.number} into this one",
        entities={"conversation": loser.id},
        thread_count=survivor.thread_count + loser.thread_count,
        has_attachments=survivor.has_attachments or loser.has_attachments,
        **await next_send(tx, survivor.id),
        **await newest_preview(tx, survivor.id),
    )
    tx.record(ConversationMerged(conversation_id=survivor.id, merged_id=loser.id))
