"""What waits for a person: looked at once more, or let go (email rules 2.3)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import Write, param, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.model import HEADER_ONLY, Kind, MailForgotten, MailReleased, ReceivedState
from deskhand.mail.queries import held as queries
from deskhand.mail.tables import mail_received

RETRIED_AT_ONCE = 500

c = mail_received.c
_held = (c.id == param("received_id"), queries.IS_HELD)
RETRY = write(
    update(mail_received)
    .where(*_held)
    .values(
        {name: param(name) for name in ("inbox_id", "as_is", "due")}
        | {"state": ReceivedState.WAITING.value, "attempts": 0, "reason": None}
    )
)
COMPLETE = write(
    update(mail_received).where(*_held).values({name: param(name) for name in ("blob", "size_bytes")} | {"partial": None})
)
DROP = write(
    update(mail_received)
    .where(*_held)
    .values(state=ReceivedState.DONE.value, kind=Kind.DROPPED.value, processed_at=param("now"))
)

KEEP = write(
    update(mail_received)
    .where(c.id == param("received_id"), c.state == ReceivedState.DONE.value, c.kind == Kind.DROPPED.value)
    .values(state=ReceivedState.HELD.value, kind=None, processed_at=None)
)


async def retry(tx: Transaction, received_id: int, *, as_is: bool = False, inbox_id: int | None = None) -> None:
    """Look at a held message once more; with ``as_is`` a conversation is made of it whatever it is.

    ``inbox_id`` is where it belongs, which one that came for nobody needs. Raises NotFound, Forbidden, Unmet.
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    it = await queries.get(tx, received_id)
    belongs = inbox_id if inbox_id is not None else it.inbox_id
    if belongs is None:
        raise Unmet("it came for none of the inboxes: say for which one it is")
    if not as_is and HEADER_ONLY in (it.reason or ""):
        raise Unmet(f"{HEADER_ONLY}: read the rest on the server, and take it as it is to have a conversation about it")
    if inbox_id is not None:
        await inboxes.get(tx, inbox_id)
    await _change(tx, RETRY, it.id, inbox_id=belongs, as_is=as_is, due=tx.instant)
    tx.record(MailReleased(received_id=it.id))
    tx.mail_added = True


async def complete(tx: Transaction, received_id: int, *, blob: str, size_bytes: int) -> None:
    """Have all of a held message, of which there was only a part, and look at it once more. Raises NotFound, Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    it = await queries.get(tx, received_id)
    await _change(tx, COMPLETE, it.id, blob=blob, size_bytes=size_bytes)
    await _change(tx, RETRY, it.id, inbox_id=it.inbox_id, as_is=False, due=tx.instant)
    tx.record(MailReleased(received_id=it.id))
    tx.record(MailForgotten(blobs=(it.blob,), at=tx.instant))
    tx.mail_added = True


async def retry_all(tx: Transaction, *, after: int = 0) -> list[int]:
    """Look once more at the next 500 held messages behind a number, but those that came for no inbox or are not all here;
    which. Raises Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    page = await queries.page(tx, after=after, most=RETRIED_AT_ONCE)
    found = [each for each in page if each.inbox_id is not None and HEADER_ONLY not in (each.reason or "")]
    for each in found:
        await retry(tx, each.id)
    return [each.id for each in found]


async def drop(tx: Transaction, received_id: int) -> None:
    """Let a held message go; its bytes stay. Raises NotFound, Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    it = await queries.get(tx, received_id)
    await _change(tx, DROP, it.id, now=tx.instant)
    tx.record(MailReleased(received_id=it.id))


async def keep(tx: Transaction, received_id: int) -> None:
    """Hold a message again that somebody let go. Raises NotFound for one that was not, Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await _change(tx, KEEP, received_id)
    tx.record(MailReleased(received_id=received_id))


async def _change(tx: Transaction, statement: Write[Any], received_id: int, **values: Any) -> None:
    if not await tx.write(statement, received_id=received_id, **values):
        raise queries.not_held(received_id)  # since a moment ago
