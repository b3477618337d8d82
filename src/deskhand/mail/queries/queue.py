"""The queue of what goes out, as people see it: by recipient, with the servers' words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, literal, literal_column, select

from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import DeliveryState, OutgoingKind
from deskhand.mail.queries.outgoing import IS_PENDING, IS_WAITING
from deskhand.mail.tables import mail_deliveries, mail_outgoing

MOST_COUNTED = 10_000
LATEST = 100_000  # among so many deliveries failed ones are looked for


class Queued(Struct, frozen=True):
    """A recipient of a message of ours; ``due`` is when it is tried next, instants are UTC."""

    outgoing_id: int
    inbox_id: int
    conversation_id: int | None
    kind: OutgoingKind
    address: str
    state: DeliveryState
    attempts: int
    code: str | None
    words: str | None
    due: datetime
    created_at: datetime


class Length(Struct, frozen=True):
    """How many messages are to be sent, at most 10,000 counted, and since when the oldest waits."""

    total: int
    oldest: datetime | None


o, d = mail_outgoing.c, mail_deliveries.c

_queued = (
    select(o.id, o.inbox_id, o.conversation_id, o.kind, d.address, d.state, d.attempts, d.code, d.words, o.due, o.created_at)
    .join_from(mail_outgoing, mail_deliveries, d.outgoing_id == o.id)
    .limit(param("most"))
)
_p = mail_outgoing.alias("pending").c
_open = select(_p.id).where(_p.state != literal_column("'ended'"))
OPEN = read(_queued.where(o.id.in_(_open), IS_WAITING).order_by(o.id, d.id), Queued)
_newest = select(func.max(mail_deliveries.alias().c.id)).scalar_subquery()
FAILED = read(
    _queued.where(d.state == DeliveryState.FAILED.value, d.id > _newest - literal(LATEST)).order_by(d.id.desc()), Queued
)
_pending = select(o.created_at).where(IS_PENDING).limit(MOST_COUNTED).subquery()
_told: tuple[ColumnElement[Any], ...] = (func.count(), func.min(_pending.c.created_at))
LENGTH = read(select(*_told).select_from(_pending), Length)


async def page(view: Snapshot, state: str, most: int) -> list[Queued]:
    """Recipients that are ``open``, oldest first, or ``failed``, the latest first."""
    return await view.all_slowly(OPEN if state == "open" else FAILED, most=most)
