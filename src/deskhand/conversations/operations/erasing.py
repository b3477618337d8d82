"""Erasing a customer with every conversation they took part in (contract 50 §5.3): for good, as privacy law asks."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import delete, select, union

from deskhand.conversations.indexes import SUBJECT_TEXT, THREAD_TEXT
from deskhand.conversations.model import ConversationErased, ConversationState, Status
from deskhand.conversations.operations.core import leave
from deskhand.conversations.operations.tagging import count_tags
from deskhand.conversations.operations.writings import forget_recipient
from deskhand.conversations.queries.records import Held
from deskhand.conversations.tables import attachments, conversations, threads, writing_files, writings
from deskhand.customers import operations as customers
from deskhand.customers.model import CustomerErasureRequested, EntryKind
from deskhand.customers.queries import one as customer_queries
from deskhand.kernel.errors import Forbidden
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction

MOST_AT_ONCE = 100


class Erasable(Struct, frozen=True):
    """A conversation that goes with its customer."""

    id: int
    inbox_id: int
    folder_id: int
    customer_id: int
    status: Status
    state: ConversationState


_took_part = union(
    select(conversations.c.id).where(conversations.c.customer_id == param("customer_id")),
    select(conversations.c.id).where(conversations.c.created_by_customer_id == param("customer_id")),
    select(threads.c.conversation_id).where(threads.c.customer_id == param("customer_id")),
)
TOOK_PART = read(
    select(*(conversations.c[name] for name in Erasable.__struct_fields__))
    .where(conversations.c.id.in_(_took_part))
    .order_by(conversations.c.id)
    .with_for_update(),
    Erasable,
)
_blobs = union(
    select(attachments.c.blob).where(attachments.c.conversation_id == param("conversation_id")),
    select(threads.c.source_blob).where(
        threads.c.conversation_id == param("conversation_id"), threads.c.source_blob.is_not(None)
    ),
    select(writing_files.c.blob)
    .join_from(writings, writing_files, writing_files.c.writing_id == writings.c.id)
    .where(writings.c.conversation_id == param("conversation_id")),
).subquery()
BLOBS = read(select(_blobs.c.blob), str)
THREADS = read(select(threads.c.id).where(threads.c.conversation_id == param("conversation_id")), int)
DELETE = write(delete(conversations).where(conversations.c.id == param("conversation_id")))


async def erase_customer(tx: Transaction, customer_id: int, *, at_most: int | None = MOST_AT_ONCE) -> None:
    """Erase a customer and every conversation they took part in. There is no undo.

    Raises NotFound; Forbidden without the right, when a conversation is in an inbox the actor does not see, or when there
    are more than ``at_most``. Source: Mailbox API 2.0, "Delete Customer".
    """
    # Locked, so that nobody adds a conversation of theirs meanwhile.
    await customer_queries.locked(tx, customer_id)
    tx.actor.must(Permission.DELETE_CUSTOMERS)
    found = await taking_part(tx, customer_id)
    if at_most is not None and len(found) > at_most:
        raise Forbidden(f"The customer has more than {at_most} conversations; use async=true")
    for each in found:
        await erase(tx, each)
    entries = await customer_queries.entries(tx, customer_id, EntryKind.EMAIL)
    await forget_recipient(tx, {each.value.strip().lower() for each in entries})
    await customers.delete(tx, customer_id)


async def request_erasure(tx: Transaction, customer_id: int) -> None:
    """Erase a customer behind the request, however many conversations there are; asking twice is no error.

    Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Delete Customer" with ``async=true``.
    """
    await customer_queries.get(tx, customer_id)
    tx.actor.must(Permission.DELETE_CUSTOMERS)
    await taking_part(tx, customer_id)
    await customer_queries.locked(tx, customer_id)  # whoever is merged into another at this moment is no more
    tx.record(CustomerErasureRequested(customer_id=customer_id))


async def taking_part(tx: Transaction, customer_id: int) -> list[Erasable]:
    """The conversations that a customer took part in, locked. Raises Forbidden when the actor does not see all of them."""
    found = await tx.all(TOOK_PART, customer_id=customer_id)
    if any(not tx.actor.sees_inbox(each.inbox_id) for each in found):
        raise Forbidden("You do not see all of this customer's conversations")
    return found


async def erase(tx: Transaction, it: Erasable | Held) -> None:
    """Remove a conversation that is locked, for good and without asking."""
    blobs = await tx.all(BLOBS, conversation_id=it.id)
    for thread_id in await tx.all(THREADS, conversation_id=it.id):
        await tx.write(THREAD_TEXT.forget, id=thread_id)
    await tx.write(SUBJECT_TEXT.forget, id=it.id)
    leave(tx, it.id, it.inbox_id, it.folder_id, it.status, it.state)
    if it.state is not ConversationState.DELETED:
        await count_tags(tx, it.id, -1)
        await customers.count_conversations(tx, it.customer_id, -1, inbox_id=it.inbox_id)
    await tx.write(DELETE, conversation_id=it.id)
    tx.record(ConversationErased(conversation_id=it.id, blobs=tuple(sorted(blobs)), at=tx.instant))
