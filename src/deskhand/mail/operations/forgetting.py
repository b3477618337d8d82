"""Erased conversations and customers leave no mail behind, and it does not come back."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select, text, union, update

from deskhand.conversations.model import ConversationErased
from deskhand.customers.model import CustomerDeleted, EntryKind
from deskhand.customers.queries import one as customers
from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.model import Kind, MailForgotten, ReceivedState
from deskhand.mail.operations.noting import BEFORE, erased_id, stored
from deskhand.mail.reading.letter import Address
from deskhand.mail.tables import HELD, WAITING, mail_received


class Erasable(Struct, frozen=True):
    """A message that goes with its conversation or its sender."""

    id: int
    inbox_id: int | None
    blob: str
    message_id: str | None
    content_hash: str | None


c = mail_received.c
RECEIVED = read(select(c.id).where(c.blob == param("blob")).limit(1), int)
"""Whether a file is a message that came in."""

_erasable = select(*(c[name] for name in Erasable.__struct_fields__)).order_by(c.id).with_for_update()
OF_CONVERSATION = read(_erasable.where(c.conversation_id == param("conversation_id")), Erasable)
their = mail_received.alias("their")
_in_envelope = any_of(func.lower(their.c.envelope_from), "addresses")
# What was not read yet is known by its envelope alone. Each of the three has an index.
_theirs = union(
    select(their.c.id).where(any_of(their.c.sender, "addresses")),
    select(their.c.id).where(text(HELD), _in_envelope),
    select(their.c.id).where(text(WAITING), _in_envelope),
)
OF_SENDERS = read(_erasable.where(c.conversation_id.is_(None), c.id.in_(_theirs)), Erasable)
NAMES = ("envelope_from", "peer", "reason", "reply_to", "sender", "subject", "verdict", "conversation_id", "thread_id")
FORGET = write(
    update(mail_received)
    .where(c.id == param("received_id"))
    .values(
        dict.fromkeys(NAMES)
        | {"recipients": [], "blob": "", "state": ReceivedState.DONE.value}
        | {name: param(name) for name in ("kind", "message_id")}
        | {"processed_at": func.coalesce(c.processed_at, param("now", Instant()))}
    )
)


async def forget(tx: Transaction, event: ConversationErased) -> None:
    """What came in for a conversation goes with it: who wrote, about what, and a day later the messages themselves.

    A hash of the id and one of the content stay, so that a folder which is read anew does not bring it back.
    """
    await _forget(tx, await tx.all(OF_CONVERSATION, conversation_id=event.conversation_id), event.at)


async def forget_customer(tx: Transaction, event: CustomerDeleted) -> None:
    """So does what a customer sent that is part of no conversation: held, still waiting, or let go by a person."""
    entries = (await customers.entries_of(tx, [event.customer_id])).get(event.customer_id, [])
    addresses = [stored(Address("", each.value)).lower() for each in entries if each.kind is EntryKind.EMAIL]
    if addresses:
        await _forget(tx, await tx.all(OF_SENDERS, addresses=addresses), tx.instant)


async def _forget(tx: Transaction, found: list[Erasable], at: datetime) -> None:
    for each in found:
        message_id = erased_id(each.message_id or str(each.id))
        hashes = [each.content_hash] if each.content_hash else []
        before = await tx.first(BEFORE, inbox_id=each.inbox_id, message_ids=[message_id], content_hashes=hashes)
        kind = Kind.ERASED if before is None else Kind.DUPLICATE
        await tx.write(FORGET, received_id=each.id, kind=kind, message_id=message_id, now=tx.instant)
    if found:
        tx.record(MailForgotten(blobs=tuple(sorted({each.blob for each in found if each.blob})), at=at))
