"""Accepting a message: after this it is ours, whatever happens (email rules 2.1)."""

from __future__ import annotations

from sqlalchemy import insert

from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.model import Door, MailHeld, MailReceived, ReceivedState
from deskhand.mail.tables import mail_received

COLUMNS = (
    "inbox_id",
    "door",
    "envelope_from",
    "recipients",
    "peer",
    "blob",
    "size_bytes",
    "received_at",
    "state",
    "due",
    "reason",
)
ADD = write(
    insert(mail_received).values({name: param(name) for name in COLUMNS} | {"attempts": 0}).returning(mail_received.c.id)
)


async def take(
    tx: Transaction,
    *,
    inbox_id: int | None,
    door: Door,
    blob: str,
    size_bytes: int,
    envelope_from: str | None = None,
    recipients: tuple[str, ...] = (),
    peer: str | None = None,
    reason: str | None = None,
) -> int:
    """Note a message whose bytes are stored; its number. It is looked at as soon as the operation has ended.

    ``envelope_from`` is ``""`` for the null sender, None when no envelope was seen; ``recipients`` are those of the envelope
    that belong to the inbox, with their tokens; ``peer`` is ``address helo`` of who brought it, where our own door heard it.
    Without an inbox, or with a ``reason`` for which nobody should look at it by themselves, it is held.
    """
    if inbox_id is None and reason is None:
        reason = "none of its recipients is an address of an inbox"
    received_id = await tx.insert(
        ADD,
        inbox_id=inbox_id,
        door=door,
        envelope_from=envelope_from,
        recipients=list(recipients),
        peer=peer,
        blob=blob,
        size_bytes=size_bytes,
        received_at=tx.instant,
        state=ReceivedState.WAITING if reason is None else ReceivedState.HELD,
        due=tx.instant,
        reason=reason,
    )
    tx.record(MailReceived(received_id=received_id))
    if reason is not None:
        tx.record(MailHeld(received_id=received_id, inbox_id=inbox_id, reason=reason))
    tx.mail_added = True
    return received_id
