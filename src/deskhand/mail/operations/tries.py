"""Tries to send: leased, and what follows from how each recipient fared (email rules 8.8, 8.9)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import exists, literal, literal_column, or_, select, update

from deskhand.inboxes.tables import inboxes
from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.statements import database_now, param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.composing.headers import is_identifier
from deskhand.mail.model import (
    DELAY_SHOWN_AFTER,
    GIVES_UP_AFTER,
    DeliveryFailed,
    DeliveryState,
    Direction,
    IdKind,
    MailSent,
    OutgoingKind,
    OutgoingState,
)
from deskhand.mail.operations import brakes, queueing
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.queries.outgoing import FAILED_BEFORE, IS_FREE, IS_PENDING, IS_WAITING, Delivery, Sent
from deskhand.mail.tables import mail_connections, mail_deliveries, mail_inboxes, mail_outgoing

LEASE_SECONDS = 20  # renewed while a try lasts; so long waits a message whose sender was killed
JITTER = 0.2
UNKNOWN = "unknown"
"""The code of a recipient whose server took everything and never said whether it keeps it."""
_MINUTE = 60
DELAYS_SECONDS = (_MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, 60 * _MINUTE, 120 * _MINUTE)
LATER_SECONDS = 240 * _MINUTE
LEAST_TRIES = len(DELAYS_SECONDS) + 1
"""Nobody is given up before so many: mail may have waited for days behind a paused queue before its first."""
PROBE = timedelta(minutes=15)
WORDS_CHARACTERS = 500


class Fate(StrEnum):
    """What a try did for a recipient. ``unknown``: the line was lost between the end of the data and the answer."""

    SENT = "sent"
    LATER = "later"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Answer(Struct, frozen=True):
    """How a recipient fared: what it leads to, the server's code and words; ``is_hard``: it says that nobody is there."""

    fate: Fate
    code: str
    words: str
    is_hard: bool = False


o, d = mail_outgoing.c, mail_deliveries.c
earlier = mail_outgoing.alias("earlier")
_mine = (o.id == param("outgoing_id"), o.lease == param("token"))
# What customers get is in order; what agents get neither waits for it nor holds it up.
_is_notice = literal(OutgoingKind.NOTIFICATION.value)
_is_first = or_(
    o.kind == _is_notice,
    ~exists(
        select(earlier.c.id).where(
            earlier.c.conversation_id == o.conversation_id,
            earlier.c.inbox_id == o.inbox_id,  # a queue that is paused holds up no other
            earlier.c.state == literal_column("'waiting'"),
            earlier.c.kind != _is_notice,
            earlier.c.id < o.id,
        )
    ),
)
_is_due = (IS_PENDING, o.due <= param("now"), IS_FREE, _is_first)
DUE = read(
    select(inboxes.c.id, inboxes.c.name, inboxes.c.email, mail_inboxes.c.options)
    .join_from(mail_inboxes, inboxes, inboxes.c.id == mail_inboxes.c.inbox_id)
    .where(exists(select(o.id).where(o.inbox_id == mail_inboxes.c.inbox_id, *_is_due)))
    .order_by(inboxes.c.id),
    MailInbox,
)
_next = (
    select(o.id)
    .where(o.inbox_id == param("inbox_id"), *_is_due)
    .order_by(o.due, o.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
CLAIM = write(
    update(mail_outgoing)
    .where(o.id.in_(_next.scalar_subquery()))
    .values(lease=param("token"), leased_until=database_now(LEASE_SECONDS))
    .returning(*(o[name] for name in Sent.__struct_fields__)),
    Sent,
)
RENEW = write(update(mail_outgoing).where(*_mine).values(leased_until=database_now(LEASE_SECONDS)))
RELEASE = write(update(mail_outgoing).where(*_mine).values(lease=None, leased_until=None))
SETTLE = write(
    update(mail_outgoing)
    .where(*_mine)
    .values(
        {name: param(name) for name in ("state", "due", "attempts", "unknown", "ended_at")}
        | {"lease": None, "leased_until": None}
    )
)
HOLDS = read(select(o.id).where(*_mine).with_for_update(), int)
LEFT = read(
    select(*(d[name] for name in Delivery.__struct_fields__))
    .where(d.outgoing_id == param("outgoing_id"), IS_WAITING)
    .order_by(d.id),
    Delivery,
)
NOTE = write(
    update(mail_deliveries)
    .where(d.id == param("delivery_id"))
    .values({name: param(name) for name in ("state", "attempts", "code", "words", "is_hard", "changed_at")})
)
TELL = write(
    update(mail_deliveries)
    .where(d.outgoing_id == param("outgoing_id"), IS_WAITING)
    .values(words=param("words"), changed_at=param("now"))
)
TAKEN = read(
    select(d.id)
    .where(
        d.outgoing_id == param("outgoing_id"),
        d.state.in_([literal(DeliveryState.SENT.value), literal(DeliveryState.DELIVERED.value)]),
    )
    .limit(1),
    int,
)
_c = mail_connections.c
_out = _c.direction == Direction.OUT.value
SLOW = write(
    update(mail_connections)
    .where(_c.host == param("host"), _c.port == param("port"), _out)
    .values(slow_until=param("until", Instant()))
)
PAUSE = write(
    update(mail_connections)
    .where(_c.id == param("connection_id"))
    .values(paused_reason=param("reason"), slow_until=param("until", Instant()))
)
FREE = write(
    update(mail_connections)
    .where(_c.id == param("connection_id"), or_(_c.paused_reason.is_not(None), _c.slow_until.is_not(None)))
    .values(paused_reason=None, slow_until=None)
)


def delay(attempts: int, luck: float) -> timedelta:
    """How long to wait after the n-th try: 1, 5, 15, 30, 60 minutes, two hours, then each four; ±20 % by ``luck`` in 0…1."""
    plain = DELAYS_SECONDS[attempts - 1] if attempts <= len(DELAYS_SECONDS) else LATER_SECONDS
    return timedelta(seconds=plain * (1 - JITTER + 2 * JITTER * luck))


async def claim(tx: Transaction, inbox_id: int, token: str) -> Sent | None:
    """Lease the message of an inbox that has been due longest, if nothing before it in its conversation waits."""
    found = await tx.returning(CLAIM, inbox_id=inbox_id, now=tx.instant, token=token)
    return found[0] if found else None


async def put_back(tx: Transaction, it: Sent, token: str, words: str) -> None:
    """Leave a message as it was, with words that say what it waits for: nothing was tried."""
    await tx.write(TELL, outgoing_id=it.id, words=words[:WORDS_CHARACTERS], now=tx.instant)
    await tx.write(RELEASE, outgoing_id=it.id, token=token)


async def note(tx: Transaction, it: Sent, token: str, answers: dict[int, Answer]) -> bool:
    """Note how some recipients fared, by the id of their delivery, before others are tried. False if somebody else has taken
    the message over meanwhile: then what was sent stays noted, and nothing else."""
    is_ours = await tx.first(HOLDS, outgoing_id=it.id, token=token) is not None
    is_old = tx.instant - it.created_at >= DELAY_SHOWN_AFTER
    is_over = tx.instant - it.created_at >= GIVES_UP_AFTER
    for delivery in await tx.all(LEFT, outgoing_id=it.id):
        answer = answers.get(delivery.id)
        if answer is None or not (is_ours or answer.fate is Fate.SENT):
            continue
        gives_up = is_over and delivery.attempts + 1 >= LEAST_TRIES
        state, words = _state(delivery, answer, is_old=is_old, gives_up=gives_up)
        # Once in doubt, always in doubt: what comes in between does not make a third try right.
        in_doubt = answer.fate is Fate.UNKNOWN or (answer.fate is Fate.LATER and delivery.code == UNKNOWN)
        failed_before = state is DeliveryState.FAILED and await tx.first(FAILED_BEFORE, outgoing_id=it.id) is not None
        await tx.write(
            NOTE,
            delivery_id=delivery.id,
            state=state,
            attempts=delivery.attempts + 1,
            code=UNKNOWN if in_doubt else answer.code,
            words=words[:WORDS_CHARACTERS],
            is_hard=answer.is_hard,
            changed_at=tx.instant,
        )
        if state is DeliveryState.FAILED:
            fact = DeliveryFailed(
                delivery_id=delivery.id,
                outgoing_id=it.id,
                conversation_id=it.conversation_id,
                thread_id=it.thread_id,
                user_id=None if failed_before else it.letter.user_id,
            )
            await queueing.tell_of_failure(tx, fact, delivery.address, words[:WORDS_CHARACTERS])
        if answer.is_hard:
            await brakes.note_hard_bounce(tx, delivery.address)
    return is_ours


async def settle(tx: Transaction, it: Sent, token: str, luck: float, *, unknown: bool = False, copied: bool = False) -> None:
    """The try is over: those who are left are tried again, later. ``luck`` in 0…1 spreads retries.
    ``copied``: the inbox keeps a copy of what people wrote on its IMAP server.

    Does nothing if somebody else has taken the message over meanwhile.
    """
    left = await tx.all(LEFT, outgoing_id=it.id)
    number = it.attempts + 1
    due = tx.instant + delay(number, luck)
    if number >= LEAST_TRIES:
        due = min(due, max(it.created_at + GIVES_UP_AFTER, tx.instant + timedelta(minutes=1)))
    state = OutgoingState.ENDED
    if left:
        is_delayed = any(each.state is DeliveryState.DELAYED for each in left)
        state = OutgoingState.DELAYED if is_delayed else OutgoingState.WAITING
    values = {
        "state": state,
        "due": due if left else tx.instant,
        "attempts": number,
        "unknown": it.unknown + unknown,
        "ended_at": None if left else tx.instant,
    }
    if not await tx.write(SETTLE, outgoing_id=it.id, token=token, **values):
        return
    if not left and await tx.first(TAKEN, outgoing_id=it.id) is not None:
        where = {"conversation_id": it.conversation_id, "thread_id": it.thread_id}
        tx.record(MailSent(outgoing_id=it.id, **where, copied=copied and it.thread_id is not None))
    tx.mail_added = True  # those behind it may go


async def keep_alias(tx: Transaction, it: Sent, message_id: str) -> None:
    """Remember what the provider calls a message of ours: answers may name that."""
    if it.conversation_id is None or message_id == it.message_id or not is_identifier(message_id):
        return
    await queueing.keep_id(tx, message_id, it.inbox_id, it.conversation_id, it.thread_id, IdKind.ALIAS)


async def slow_down(tx: Transaction, host: str, port: int, until: datetime) -> None:
    """Send nothing by a server for a while, whichever inboxes use it."""
    await tx.write(SLOW, host=host, port=port, until=until)


async def pause(tx: Transaction, connection_id: int, reason: str) -> None:
    """Stop an inbox's queue until it is connected anew; it is still tried each quarter of an hour."""
    await tx.write(PAUSE, connection_id=connection_id, reason=reason[:WORDS_CHARACTERS], until=tx.instant + PROBE)


async def free(tx: Transaction, connection_id: int) -> None:
    """The server took something: nothing holds its queue any more."""
    await tx.write(FREE, connection_id=connection_id)


def _state(delivery: Delivery, answer: Answer, *, is_old: bool, gives_up: bool) -> tuple[DeliveryState, str]:
    if answer.fate is Fate.SENT:
        return DeliveryState.SENT, answer.words
    if answer.fate is Fate.FAILED:
        return DeliveryState.FAILED, answer.words
    if answer.fate is Fate.UNKNOWN and delivery.code == UNKNOWN:
        return DeliveryState.FAILED, f"it may have arrived: twice the server took it and never said so ({answer.words})"
    if gives_up:
        return DeliveryState.FAILED, f"given up after {GIVES_UP_AFTER.days} days; last: {answer.words}"
    return (DeliveryState.DELAYED if is_old or delivery.state is DeliveryState.DELAYED else DeliveryState.WAITING), answer.words
