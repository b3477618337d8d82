"""A message of ours becomes rows, in the transaction in which somebody said it: from here on nothing in it changes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from msgspec import structs
from sqlalchemy import delete, exists, insert, select

from deskhand.conversations.operations.remarks import remark
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.composing.headers import Unwritable
from deskhand.mail.composing.letter import ascii_address
from deskhand.mail.model import (
    DeliveryFailed,
    DeliveryState,
    IdKind,
    MailQueued,
    Outgoing,
    OutgoingKind,
    OutgoingState,
    Party,
    Role,
)
from deskhand.mail.queries.outgoing import SEEN_BY_CUSTOMERS
from deskhand.mail.tables import mail_deliveries, mail_ids, mail_outgoing

COLUMNS = ("inbox_id", "conversation_id", "thread_id", "kind", "message_id", "letter", "state", "due", "created_at", "ended_at")
ADD = write(
    insert(mail_outgoing)
    .values({name: param(name) for name in COLUMNS} | {"attempts": 0, "unknown": 0})
    .returning(mail_outgoing.c.id)
)
DELIVERY_COLUMNS = ("outgoing_id", "address", "role", "state", "words", "is_hard", "created_at", "changed_at")
ADD_DELIVERY = write(
    insert(mail_deliveries)
    .values({name: param(name) for name in DELIVERY_COLUMNS} | {"attempts": 0})
    .returning(mail_deliveries.c.id)
)
_left = select(mail_deliveries.c.id).where(
    mail_deliveries.c.outgoing_id == mail_outgoing.c.id, mail_deliveries.c.state != DeliveryState.CANCELLED.value
)
# A reply that was taken back and is said again has the same Message-ID: nobody has seen it.
FORGET_CANCELLED = write(
    delete(mail_outgoing).where(
        mail_outgoing.c.message_id == param("message_id"),
        mail_outgoing.c.state == OutgoingState.ENDED.value,
        ~exists(_left),
    )
)
_id = upsert(mail_ids).values(
    {name: param(name) for name in ("message_id", "inbox_id", "conversation_id", "thread_id", "kind")}
)
ADD_ID = write(_id.on_conflict_do_nothing(index_elements=["message_id", "inbox_id", "conversation_id"]))
_SPACES = re.compile(r"\s")


async def add(
    tx: Transaction,
    inbox_id: int,
    kind: OutgoingKind,
    letter: Outgoing,
    *,
    conversation_id: int | None = None,
    thread_id: int | None = None,
    due: datetime | None = None,
) -> int:
    """Queue a message with a delivery for each recipient; its id. ``due`` is when it may leave, at once if not given."""
    await tx.write(FORGET_CANCELLED, message_id=letter.message_id)
    recipients = [(role, each.address) for role, several in _roles(letter) for each in several]
    goes = any(is_mailable(address) for _, address in recipients)
    letter = structs.replace(letter, to=_written(letter.to), cc=_written(letter.cc), bcc=_written(letter.bcc))
    outgoing_id = await tx.insert(
        ADD,
        inbox_id=inbox_id,
        conversation_id=conversation_id,
        thread_id=thread_id,
        kind=kind,
        message_id=letter.message_id,
        letter=letter,
        state=OutgoingState.WAITING if goes else OutgoingState.ENDED,
        due=due or tx.instant,
        created_at=tx.instant,
        ended_at=None if goes else tx.instant,
    )
    where = {"outgoing_id": outgoing_id, "conversation_id": conversation_id, "thread_id": thread_id}
    user_id = letter.user_id
    for role, address in recipients:
        values = _beginning(tx, address)
        delivery_id = await tx.insert(ADD_DELIVERY, outgoing_id=outgoing_id, address=address, role=role, **values)
        if values["words"]:
            fact = DeliveryFailed(delivery_id=delivery_id, user_id=user_id, **where)  # type: ignore[arg-type]
            await tell_of_failure(tx, fact, address, values["words"])
            user_id = None  # once is enough
    if conversation_id is not None and kind in SEEN_BY_CUSTOMERS:
        await keep_id(tx, letter.message_id, inbox_id, conversation_id, thread_id, IdKind.OURS)
    tx.record(MailQueued(outgoing_id=outgoing_id, conversation_id=conversation_id, thread_id=thread_id))
    tx.mail_added = True
    return outgoing_id


async def tell_of_failure(tx: Transaction, fact: DeliveryFailed, address: str, words: str) -> None:
    """A recipient gets nothing: in the conversation for everybody, and as a fact, by whose ``user_id`` the agent is told."""
    if fact.conversation_id is not None and fact.thread_id is not None:
        try:
            await remark(tx, fact.conversation_id, f"could not send a reply to {address}: {words}")
        except NotFound:
            pass  # the conversation was deleted meanwhile
    tx.record(fact)


async def keep_id(
    tx: Transaction, message_id: str, inbox_id: int, conversation_id: int, thread_id: int | None, kind: IdKind
) -> None:
    """Remember which conversation a Message-ID belongs to; what is known already stays as it is."""
    where = {"inbox_id": inbox_id, "conversation_id": conversation_id, "thread_id": thread_id}
    await tx.write(ADD_ID, message_id=message_id, kind=kind, **where)


def is_mailable(address: str) -> bool:
    """Whether mail can go to an address at all."""
    if not is_email(address) or _SPACES.search(address):
        return False
    try:
        ascii_address(address)
    except Unwritable:
        return False
    return True


def _roles(letter: Outgoing) -> tuple[tuple[Role, list[Any]], ...]:
    return (Role.TO, letter.to), (Role.CC, letter.cc), (Role.BCC, letter.bcc)


def _written(several: list[Party]) -> list[Party]:
    return [each for each in several if is_mailable(each.address)]


def _beginning(tx: Transaction, address: str) -> dict[str, Any]:
    goes = is_mailable(address)
    return {
        "state": DeliveryState.WAITING if goes else DeliveryState.FAILED,
        "words": None if goes else "not an address that mail can go to",
        "is_hard": not goes,
        "created_at": tx.instant,
        "changed_at": tx.instant,
    }
