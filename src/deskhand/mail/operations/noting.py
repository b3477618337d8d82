"""What is noted on a message's row: that it waits, what it is, what became of it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select, update

from deskhand.kernel.emails import LONGEST_EMAIL
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.analysing.model import Digest
from deskhand.mail.model import Door, Kind, MailHeld, ReceivedState
from deskhand.mail.queries.held import IS_PLACED, IS_WAITING
from deskhand.mail.reading.letter import Address
from deskhand.mail.rules.verdict import Verdict, ascii_domain
from deskhand.mail.tables import mail_received


class Received(Struct, frozen=True):
    """A message that is ours and waits to be looked at. ``as_is``: a person wants it in a conversation whatever it is."""

    id: int
    inbox_id: int | None
    door: Door
    envelope_from: str | None
    recipients: list[str]
    peer: str | None
    blob: str
    size_bytes: int
    received_at: datetime
    attempts: int
    as_is: bool | None = None


class Before(Struct, frozen=True):
    """A message that came before."""

    message_id: str | None
    content_hash: str | None
    conversation_id: int | None
    thread_id: int | None


RECEIVED = [mail_received.c[name] for name in Received.__struct_fields__]
_this = mail_received.c.id == param("received_id")
ASKED_BEFORE = read(
    select(mail_received.c.id)
    .where(mail_received.c.conversation_id == param("conversation_id"), mail_received.c.reply_to == param("reply_to"))
    .limit(1),
    int,
)
LOCK = read(
    select(*RECEIVED).where(any_of(mail_received.c.id, "ids"), IS_WAITING).order_by(mail_received.c.id).with_for_update(),
    Received,
)
BEFORE = read(
    select(*(mail_received.c[name] for name in Before.__struct_fields__)).where(
        mail_received.c.inbox_id == param("inbox_id"),
        any_of(mail_received.c.message_id, "message_ids"),
        any_of(mail_received.c.content_hash, "content_hashes"),
        IS_PLACED,
    ),
    Before,
)
DOUBTED = read(
    select(mail_received.c.id)
    .where(
        mail_received.c.conversation_id == param("conversation_id"),
        mail_received.c.received_at > param("after"),
        mail_received.c.reason == param("reason"),
    )
    .limit(1),
    int,
)
ENDED = (
    "state",
    "kind",
    "rule",
    "reason",
    "sender",
    "subject",
    "message_id",
    "content_hash",
    "verdict",
    "partial",
    "conversation_id",
    "thread_id",
    "processed_at",
    "reply_to",
)
_ended = update(mail_received).values({name: param(name) for name in ENDED})
END = write(_ended.where(_this))
HOLD = write(_ended.where(_this, IS_WAITING))


async def hold(tx: Transaction, received: Received, reason: str, it: Digest | None = None, kind: Kind | None = None) -> None:
    """Leave a message to a person, unless somebody else has looked at it meanwhile."""
    about = columns_of(it) if it else {}
    values = {**dict.fromkeys(ENDED), **about, "state": ReceivedState.HELD, "reason": reason[:1000], "kind": kind}
    if not await tx.write(HOLD, received_id=received.id, **values):
        return
    tx.record(MailHeld(received_id=received.id, inbox_id=received.inbox_id, reason=reason[:1000]))


def stored(it: Address) -> str:
    """An address as it is kept: the domain in ASCII."""
    local, _, domain = it.address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def erased_id(message_id: str) -> str:
    """What stands for the id of a message that was erased: so it is known when it comes again, and says nothing."""
    return hashlib.sha256(message_id.encode()).hexdigest()


def columns_of(it: Digest) -> dict[str, str | Verdict | None]:
    """The columns that say what a message is."""
    return {
        "sender": stored(it.sender).lower()[:LONGEST_EMAIL] if it.sender else None,
        "subject": it.subject,
        "message_id": it.message_id,
        "content_hash": it.content_hash,
        "verdict": it.verdict,
        "partial": " ".join(it.partial) or None,
    }
