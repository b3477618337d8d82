"""Erased conversations and customers leave no mail behind, and it does not come back."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, literal_column, select, union, update

from deskhand.conversations.model import ConversationErased
from deskhand.customers.model import CustomerDeleted, EntryKind
from deskhand.customers.queries import one as customers
from deskhand.kernel.blobs import FolderBlobs
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.analysing.model import Digest
from deskhand.mail.model import Kind, MailForgotten, ReceivedState
from deskhand.mail.operations.noting import BEFORE, Received, erased_id, stored
from deskhand.mail.queries.held import IS_HELD, IS_PLACED, IS_WAITING
from deskhand.mail.reading.letter import Address
from deskhand.mail.reading.reading import read as read_letter
from deskhand.mail.tables import mail_received


class Erasable(Struct, frozen=True):
    """A message that goes with its conversation or its sender."""

    id: int
    inbox_id: int | None
    blob: str
    message_id: str | None
    content_hash: str | None


class Unread(Struct, frozen=True):
    """A message of which it is not known who wrote it."""

    id: int
    blob: str
    envelope_from: str | None


MOST_UNREAD = 500  # of those that are held, and of those that wait: their headers are read while others wait to write
HEADER_BYTES = 256 * 2**10
NOTHING = hashlib.sha256(b"").hexdigest()  # the file of each message of which not a byte could be had
END_OF_HEADER = re.compile(rb"\r?\n\r?\n|\r\r")

c = mail_received.c
RECEIVED = read(select(c.id).where(c.blob == param("blob")).limit(1), int)
"""Whether a file is a message that came in."""

_erasable = select(*(c[name] for name in Erasable.__struct_fields__)).order_by(c.id).with_for_update()
OF_CONVERSATION = read(_erasable.where(c.conversation_id == param("conversation_id")), Erasable)
their = mail_received.alias("their")
_theirs = union(
    select(their.c.id).where(any_of(their.c.sender, "addresses")), select(their.c.id).where(any_of(their.c.id, "unread"))
)
OF_SENDERS = read(_erasable.where(c.conversation_id.is_(None), c.id.in_(_theirs)), Erasable)
# Spelt so that the index of senders is of no use: very many that are done have none.
_nobody_knows_whose = func.coalesce(c.sender, literal_column("''")) == literal_column("''")
_unread = select(*(c[name] for name in Unread.__struct_fields__)).where(_nobody_knows_whose).limit(MOST_UNREAD)
HELD_UNREAD = read(_unread.where(IS_HELD).order_by(c.id), Unread)
WAITING_UNREAD = read(_unread.where(IS_WAITING).order_by(c.inbox_id, c.due, c.id), Unread)
ERASED = read(select(c.message_id).where(c.inbox_id == param("inbox_id"), any_of(c.message_id, "message_ids"), IS_PLACED), str)
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

    A hash of the id and one of the content stay, so that a folder which is read anew does not bring it back; of what nobody
    had read, a hash that its bytes give.
    """
    await _forget(tx, await tx.all(OF_CONVERSATION, conversation_id=event.conversation_id), event.at)


async def forget_customer(tx: Transaction, event: CustomerDeleted) -> None:
    """So does what a customer sent that is part of no conversation: held, still waiting, or let go by a person."""
    entries = (await customers.entries_of(tx, [event.customer_id])).get(event.customer_id, [])
    addresses = [_key(each.value) for each in entries if each.kind is EntryKind.EMAIL]
    if addresses:
        unread = [each for statement in (HELD_UNREAD, WAITING_UNREAD) for each in await tx.all(statement)]
        theirs = await asyncio.to_thread(_written_by, unread, set(addresses), FolderBlobs(tx.settings.blob_folder))
        await _forget(tx, await tx.all(OF_SENDERS, addresses=addresses, unread=theirs), tx.instant)


async def come_again(tx: Transaction, inbox_id: int, blobs: Sequence[str]) -> set[str]:
    """Which of these files are messages of an inbox that were erased unread. Nobody is to have them, and they go again."""
    ids = {erased_id(each): each for each in blobs if each != NOTHING}
    found = {ids[each] for each in await tx.all(ERASED, inbox_id=inbox_id, message_ids=list(ids))} if ids else set()
    if found:
        tx.record(MailForgotten(blobs=tuple(sorted(found)), at=tx.instant))
    return found


async def forget_again(tx: Transaction, received: Received, it: Digest) -> None:
    """What was erased came once more: nothing of it stays either."""
    found = Erasable(received.id, received.inbox_id, received.blob, it.message_id, it.content_hash)
    await _forget(tx, [found], tx.instant)


def _written_by(several: list[Unread], addresses: set[str], blobs: FolderBlobs) -> list[int]:
    """Those that name nobody else in From; of one that names nobody at all the envelope is believed."""
    found = []
    for each in several:
        try:
            raw = blobs.get_here(each.blob, HEADER_BYTES)
        except (NotFound, OSError):
            raw = b""
        header = END_OF_HEADER.split(raw.lstrip(b"\r\n"), 1)[0]
        writers = {_key(writer.address) for writer in read_letter(header).from_} or {_key(each.envelope_from or "")}
        if writers <= addresses:
            found.append(each.id)
    return found


def _key(address: str) -> str:
    return stored(Address("", address)).lower()


async def _forget(tx: Transaction, found: list[Erasable], at: datetime) -> None:
    for each in found:
        message_id = erased_id(each.message_id or each.blob)
        hashes = [each.content_hash] if each.content_hash else []
        before = await tx.first(BEFORE, inbox_id=each.inbox_id, message_ids=[message_id], content_hashes=hashes)
        kind = Kind.ERASED if before is None else Kind.DUPLICATE
        await tx.write(FORGET, received_id=each.id, kind=kind, message_id=message_id, now=tx.instant)
    if found:
        tx.record(MailForgotten(blobs=tuple(sorted({each.blob for each in found if each.blob})), at=at))
