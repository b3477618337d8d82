"""What goes out: who waits, who got what, and what answers are made of."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, func, literal, literal_column, or_, select

from deskhand.conversations.model import ThreadType
from deskhand.conversations.tables import conversations, threads
from deskhand.inboxes.tables import inboxes
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import any_of, database_now, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import AUTOMATIC, DeliveryState, IdKind, Kind, Outgoing, OutgoingKind, OutgoingState, Role
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.tables import mail_deliveries, mail_hushed, mail_ids, mail_inboxes, mail_outgoing, mail_received


class Sent(Struct, frozen=True):
    """A message of ours; ``due`` is when it is tried next, instants are UTC."""

    id: int
    inbox_id: int
    conversation_id: int | None
    thread_id: int | None
    kind: OutgoingKind
    message_id: str
    letter: Outgoing
    state: OutgoingState
    due: datetime
    attempts: int
    unknown: int
    leased_until: datetime | None
    created_at: datetime
    ended_at: datetime | None


class Delivery(Struct, frozen=True):
    """How far a message got with one recipient; ``code`` and ``words`` are the last server's, ``is_hard`` that
    nobody is there."""

    id: int
    outgoing_id: int
    address: str
    role: Role
    state: DeliveryState
    attempts: int
    code: str | None
    words: str | None
    is_hard: bool
    created_at: datetime
    changed_at: datetime


SEEN_BY_CUSTOMERS = frozenset({OutgoingKind.REPLY, OutgoingKind.FORWARD, OutgoingKind.AUTO_REPLY})
"""What answers of customers may name; mail to agents is known by the mark in its Message-ID."""


class Known(Struct, frozen=True):
    """A Message-ID of a conversation; ``by_customer``: what the conversation's own customer wrote has it."""

    message_id: str
    kind: IdKind
    by_customer: bool | None = None


o, d = mail_outgoing.c, mail_deliveries.c
IS_WAITING = d.state.in_([literal(each.value) for each in (DeliveryState.WAITING, DeliveryState.DELAYED)])
IS_PENDING = o.state != literal_column("'ended'")  # spelled out: only so is a partial index of use
IS_FREE = or_(o.leased_until.is_(None), o.leased_until < database_now())
"""Whether nobody sends it right now."""
_of_conversation = (
    select(inboxes.c.id, inboxes.c.name, inboxes.c.email, mail_inboxes.c.options)
    .join_from(conversations, inboxes, inboxes.c.id == conversations.c.inbox_id)
    .join(mail_inboxes, mail_inboxes.c.inbox_id == inboxes.c.id)
    .where(conversations.c.id == param("conversation_id"))
)
OF_CONVERSATION = read(_of_conversation, MailInbox)
_sent = select(*(o[name] for name in Sent.__struct_fields__))
SENT = read(_sent.where(o.id == param("outgoing_id")), Sent)
LOCK = read(_sent.where(o.id == param("outgoing_id")).with_for_update(), Sent)
LOCK_FREE = read(_sent.where(o.id == param("outgoing_id"), IS_FREE).with_for_update(), Sent)
LOCK_QUEUED = read(
    _sent.where(
        o.conversation_id == param("conversation_id"),
        o.kind.in_([literal(each.value) for each in sorted(SEEN_BY_CUSTOMERS)]),
        IS_PENDING,
        IS_FREE,
    )
    .order_by(o.id)
    .with_for_update(),
    Sent,
)
LOCK_NOTICES = read(
    _sent.where(
        o.conversation_id == param("conversation_id"),
        o.kind == literal(OutgoingKind.NOTIFICATION.value),
        o.attempts == literal(0),
        IS_PENDING,
        IS_FREE,
    )
    .order_by(o.id)
    .with_for_update(),
    Sent,
)
OF_THREAD = read(_sent.where(o.thread_id == param("thread_id")).order_by(o.id.desc()).limit(1), Sent)
_delivery = select(*(d[name] for name in Delivery.__struct_fields__))
DELIVERIES = read(_delivery.where(any_of(d.outgoing_id, "ids")).order_by(d.id), Delivery)
# Threads get their ids as they come, so what has none (ids that were merely named) counts as older.
_by_customer = and_(
    mail_ids.c.kind == IdKind.LETTER.value,
    threads.c.type == ThreadType.CUSTOMER.value,
    threads.c.customer_id == conversations.c.customer_id,
)
_known = (
    select(mail_ids.c.message_id, mail_ids.c.kind, _by_customer)
    .join_from(mail_ids, conversations, conversations.c.id == mail_ids.c.conversation_id)
    .join(threads, threads.c.id == mail_ids.c.thread_id, isouter=True)
    .where(
        mail_ids.c.conversation_id == param("conversation_id"),
        mail_ids.c.kind.in_([literal(IdKind.LETTER.value), literal(IdKind.OURS.value)]),
    )
)
KNOWN = read(
    _known.order_by(func.coalesce(mail_ids.c.thread_id, literal(0)).desc(), mail_ids.c.message_id).limit(param("most")), Known
)
FIRST_KNOWN = read(
    _known.order_by(func.coalesce(mail_ids.c.thread_id, literal(0)), mail_ids.c.message_id).limit(1),
    Known,
)

_automatic = o.kind.in_([literal(each.value) for each in sorted(AUTOMATIC)])
AUTO_REPLIED = read(
    select(func.count())
    .select_from(mail_outgoing)
    .where(o.conversation_id == param("conversation_id"), o.kind == OutgoingKind.AUTO_REPLY.value),
    int,
)
AUTO_REPLIES_TO = read(
    select(func.count())
    .select_from(mail_deliveries.join(mail_outgoing, o.id == d.outgoing_id))
    .where(d.address == param("address"), d.created_at > param("after"), o.kind == OutgoingKind.AUTO_REPLY.value),
    int,
)
AUTOMATIC_OF_INBOX = read(
    select(func.count())
    .select_from(mail_outgoing)
    .where(o.inbox_id == param("inbox_id"), _automatic, o.created_at > param("after")),
    int,
)
HARD = read(
    select(func.count())
    .select_from(mail_deliveries)
    .where(d.address == param("address"), d.is_hard.is_(True), d.changed_at > param("since")),
    int,
)
FAILED_BEFORE = read(
    select(d.id)
    .where(d.outgoing_id == param("outgoing_id"), d.state == DeliveryState.FAILED.value, d.attempts > literal(0))
    .limit(1),
    int,
)
FLOODING = read(
    select(mail_received.c.sender)
    .where(any_of(mail_received.c.sender, "senders"), mail_received.c.received_at > param("after"))
    .group_by(mail_received.c.sender)
    .having(func.count() >= param("least")),
    str,
)
LATEST_KIND = read(
    select(mail_received.c.kind)
    .where(mail_received.c.conversation_id == param("conversation_id"), mail_received.c.kind.is_not(None))
    .order_by(mail_received.c.id.desc())
    .limit(1),
    Kind,
)
HUSHED = read(
    select(mail_hushed.c.reason).where(
        mail_hushed.c.address == param("address"), mail_hushed.c.until.is_(None) | (mail_hushed.c.until > param("now"))
    ),
    str,
)


class Hushed(Struct, frozen=True):
    """An address that gets no automatic mail, since ``at``; ``until`` is None for ever."""

    address: str
    until: datetime | None
    reason: str
    at: datetime


ALL_HUSHED = read(
    select(*(mail_hushed.c[name] for name in Hushed.__struct_fields__))
    .where(mail_hushed.c.until.is_(None) | (mail_hushed.c.until > param("now")))
    .order_by(mail_hushed.c.at.desc(), mail_hushed.c.address)
    .limit(param("most")),
    Hushed,
)


async def hushed(view: Snapshot, most: int) -> list[Hushed]:
    """Addresses that get no automatic mail now, the latest first."""
    return await view.all_slowly(ALL_HUSHED, now=view.instant, most=most)


async def sent(view: Snapshot, outgoing_id: int) -> Sent:
    """A message of ours. Raises NotFound, also for one of an inbox that the actor does not see."""
    found = await view.first(SENT, outgoing_id=outgoing_id)
    if found is None or not view.actor.sees_inbox(found.inbox_id):
        raise NotFound("there is no such message")
    return found


async def deliveries(view: Snapshot, outgoing_id: int) -> list[Delivery]:
    """How far it got with each recipient, in the order they were named."""
    return await view.all(DELIVERIES, ids=[outgoing_id])
