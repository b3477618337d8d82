"""Who looks after an inbox's mail now: one at a time, so that what came first is placed first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import or_, select, update

from deskhand.kernel.storage.statements import database_now, param, read, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.mail.operations.noting import RECEIVED, Received
from deskhand.mail.queries import inboxes
from deskhand.mail.queries.held import IS_WAITING
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.tables import mail_inboxes, mail_received

LEASE_SECONDS = 30  # renewed meanwhile; so long waits an inbox whose process was killed


class Share(Struct, frozen=True):
    """Messages of an inbox, oldest first."""

    inbox: MailInbox
    messages: list[Received]


WAITING = read(
    select(mail_received.c.inbox_id)
    .where(IS_WAITING, mail_received.c.due <= param("now"), mail_received.c.inbox_id.is_not(None))
    .distinct()
    .order_by(mail_received.c.inbox_id),
    int,
)
_inbox = mail_inboxes.c.inbox_id == param("inbox_id")
_is_free = or_(
    mail_inboxes.c.leased_until.is_(None), mail_inboxes.c.leased_until < database_now(), mail_inboxes.c.lease == param("token")
)
CLAIM = write(
    update(mail_inboxes).where(_inbox, _is_free).values(lease=param("token"), leased_until=database_now(LEASE_SECONDS))
)
RENEW = write(
    update(mail_inboxes).where(_inbox, mail_inboxes.c.lease == param("token")).values(leased_until=database_now(LEASE_SECONDS))
)
RELEASE = write(
    update(mail_inboxes).where(_inbox, mail_inboxes.c.lease == param("token")).values(lease=None, leased_until=None)
)
NEXT = read(
    select(*RECEIVED)
    .where(IS_WAITING, mail_received.c.inbox_id == param("inbox_id"), mail_received.c.due <= param("now"))
    .order_by(mail_received.c.due, mail_received.c.id)
    .limit(param("most")),
    Received,
)
LATER = write(
    update(mail_received)
    .where(mail_received.c.id == param("received_id"), IS_WAITING)
    .values(due=param("due"), attempts=mail_received.c.attempts + 1)
)


async def waiting(view: Snapshot) -> list[int]:
    """The inboxes where something waits to be looked at."""
    return await view.all(WAITING, now=view.instant)


async def claim(tx: Transaction, inbox_id: int, token: str) -> bool:
    """Begin to look after an inbox; False when somebody else does."""
    return bool(await tx.write(CLAIM, inbox_id=inbox_id, token=token))


async def share(view: Snapshot, inbox_id: int, most: int, before: Sequence[Received] = ()) -> Share | None:
    """The oldest messages of an inbox that are to be looked at now, but for those ``before`` them, which somebody is at; None
    when there are none, or the inbox is gone."""
    inbox = await inboxes.find(view, inbox_id)
    found = await view.all(NEXT, inbox_id=inbox_id, now=view.instant, most=most + len(before))
    taken = {each.id for each in before}
    left = [each for each in found if each.id not in taken][:most]
    return Share(inbox, left) if inbox is not None and left else None


async def renew(tx: Transaction, inbox_id: int, token: str) -> None:
    """Go on looking after an inbox."""
    await tx.write(RENEW, inbox_id=inbox_id, token=token)


async def release(tx: Transaction, inbox_id: int, token: str) -> None:
    """Let others look after an inbox."""
    await tx.write(RELEASE, inbox_id=inbox_id, token=token)


async def later(tx: Transaction, received_id: int, due: datetime) -> None:
    """Look at a message again at a moment, which counts against it."""
    await tx.write(LATER, received_id=received_id, due=due)
