"""Reading webhooks and their ledger; the actor sees those it may manage (see ``model.may_manage``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, exists, func, literal_column, or_, select, tuple_

from deskhand.conversations.tables import conversations
from deskhand.kernel.errors import NotFound
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.statements import Read, any_of, database_now, param, read, shaped
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.webhooks.model import (
    FAILED_ATTEMPTS,
    DeliveryState,
    EventName,
    HookState,
    PayloadVersion,
    delivered_count,
    may_manage,
)
from deskhand.webhooks.tables import attempts, deliveries, webhooks


class Webhook(Struct, frozen=True):
    """A subscription. ``inbox_ids`` is empty for all; ``secret`` is sealed; ``discarded`` counts events in a row that could
    not be delivered; links in what it is told begin with the two origins."""

    id: int
    url: str
    events: list[EventName]
    secret: bytes
    notification: bool
    payload_version: PayloadVersion
    label: str | None
    inbox_ids: list[int]
    state: HookState
    api_origin: str
    web_origin: str
    application_id: int | None
    user_id: int | None
    discarded: int
    failing_since: datetime | None
    disabled_reason: str | None
    created_at: datetime
    updated_at: datetime


class Delivery(Struct, frozen=True):
    """Something to be told to a webhook, without the body. ``attempts`` counts since it last became ``waiting``."""

    id: int
    uid: str
    webhook_id: int
    event_id: int
    event: EventName
    conversation_id: int | None
    state: DeliveryState
    due: datetime
    attempts: int
    settled_at: datetime | None
    created_at: datetime


class Attempt(Struct, frozen=True):
    """One try: what was sent besides the body, and the answer, or why there was none."""

    id: int
    at: datetime
    milliseconds: int
    url: str
    sent_headers: dict[str, str]
    status: int | None
    error: str | None
    headers: dict[str, str]
    body: bytes
    is_cut: bool


class Wanted(Struct, frozen=True):
    """Which deliveries of the ledger; instants are UTC, ``since`` included, ``until`` not. ``before`` is where to go on."""

    webhook_id: int | None = None
    event: EventName | None = None
    state: DeliveryState | None = None
    conversation_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, int] | None = None


w, d = webhooks.c, deliveries.c
IS_WAITING = d.state == literal_column("'waiting'")  # spelled out: only so is a partial index of use
_webhook = select(*(w[name] for name in Webhook.__struct_fields__))
ONE = read(_webhook.where(w.id == param("webhook_id")), Webhook)
LOCK = read(_webhook.where(w.id == param("webhook_id")).with_for_update(), Webhook)
LISTENING = read(_webhook.where(w.state == HookState.ENABLED.value).order_by(w.id), Webhook)
ALL = read(_webhook.order_by(w.id), Webhook)
LISTED = read(_webhook.order_by(w.id).limit(param("most")).offset(param("skip")), Webhook)
TOTAL = read(select(func.count()).select_from(webhooks), int)
OWN = read(_webhook.where(w.application_id == param("application_id")).order_by(w.id), Webhook)
_due = exists(
    select(d.id).where(
        d.webhook_id == w.id,
        IS_WAITING,
        d.due <= param("now"),
        or_(d.leased_until.is_(None), d.leased_until < database_now()),
    )
)
DUE = read(_webhook.where(w.state == HookState.ENABLED.value, _due).order_by(w.id), Webhook)
INBOX_OF = read(select(conversations.c.inbox_id).where(conversations.c.id == param("conversation_id")), int)
WAITING = read(select(func.count()).select_from(deliveries).where(IS_WAITING), int)
_delivery = select(*(d[name] for name in Delivery.__struct_fields__))
DELIVERY = read(_delivery.where(d.id == param("delivery_id")), Delivery)
PAYLOAD = read(select(d.payload).where(d.id == param("delivery_id")), bytes)
ATTEMPTS = read(
    select(*(attempts.c[name] for name in Attempt.__struct_fields__))
    .where(attempts.c.delivery_id == param("delivery_id"))
    .order_by(attempts.c.id.desc())
    .limit(param("most")),
    Attempt,
)
MOST_ATTEMPTS_SHOWN = 100


@shaped
def _ledger(names: frozenset[str]) -> Read[Delivery]:
    """A page of the ledger with these filters, newest first."""
    filters: dict[str, Any] = {
        "webhook_id": d.webhook_id == param("webhook_id"),
        "webhook_ids": any_of(d.webhook_id, "webhook_ids"),
        "event": d.event == param("event"),
        "state": d.state == param("state"),
        "conversation_id": d.conversation_id == param("conversation_id"),
        "since": d.created_at >= param("since"),
        "until": d.created_at < param("until"),
        "before": tuple_(d.created_at, d.id) < tuple_(param("before_at", Instant()), param("before_id", BigInteger())),
    }
    return read(
        _delivery.where(*(filters[name] for name in sorted(names)))
        .order_by(d.created_at.desc(), d.id.desc())
        .limit(param("most")),
        Delivery,
    )


async def get(view: Snapshot, webhook_id: int) -> Webhook:
    """A webhook that the actor may manage. Raises NotFound, Forbidden."""
    found = await view.first(ONE, webhook_id=webhook_id)
    return _manageable(view, found)


async def locked(tx: Transaction, webhook_id: int) -> Webhook:
    """The same, to be changed."""
    found = await tx.first(LOCK, webhook_id=webhook_id)
    return _manageable(tx, found)


async def page(view: Snapshot, number: int, size: int) -> tuple[list[Webhook], int]:
    """A page of the webhooks the actor may manage, oldest first, and how many there are. Raises Forbidden for who may
    manage none."""
    if view.actor.may(Permission.MANAGE_ACCOUNT):
        return await view.all(LISTED, most=size, skip=(number - 1) * size), await view.one(TOTAL)
    own = await _own(view)
    return own[(number - 1) * size : number * size], len(own)


async def delivery(view: Snapshot, delivery_id: int) -> Delivery:
    """A delivery of a webhook that the actor may manage. Raises NotFound, Forbidden."""
    found = await view.first(DELIVERY, delivery_id=delivery_id)
    if found is None:
        view.actor.must(Permission.MANAGE_ACCOUNT)
        raise NotFound("Not found")
    await get(view, found.webhook_id)
    return found


async def attempts_of(view: Snapshot, delivery_id: int) -> list[Attempt]:
    """The newest hundred tries of a delivery, oldest first."""
    return (await view.all(ATTEMPTS, delivery_id=delivery_id, most=MOST_ATTEMPTS_SHOWN))[::-1]


async def ledger(view: Snapshot, wanted: Wanted, most: int) -> list[Delivery]:
    """Deliveries, newest first, of webhooks that the actor may manage. Raises NotFound, Forbidden."""
    ids = None
    if wanted.webhook_id is not None:
        await get(view, wanted.webhook_id)
    elif not view.actor.may(Permission.MANAGE_ACCOUNT):
        ids = [each.id for each in await _own(view)]
    at, id_ = wanted.before or (None, None)
    given = {
        "webhook_id": wanted.webhook_id,
        "webhook_ids": ids,
        "event": wanted.event,
        "state": wanted.state,
        "conversation_id": wanted.conversation_id,
        "since": wanted.since,
        "until": wanted.until,
        "before": wanted.before,
    }
    names = frozenset(name for name, value in given.items() if value is not None)
    return await view.all_slowly(_ledger(names), **given, before_at=at, before_id=id_, most=most)


async def totals(view: Snapshot) -> dict[str, int]:
    """How many deliveries wait, and how many ever ended in each way; failed are attempts."""
    names = [delivered_count(state) for state in DeliveryState] + [FAILED_ATTEMPTS]
    counted = await view.counts(names)
    ended = {name.partition(":")[2]: counted[name] for name in names}
    return ended | {DeliveryState.WAITING.value: await view.one(WAITING)}


async def troubles(view: Snapshot) -> list[str]:
    """Webhooks that were switched off for their receiver's sake or do not get through, in words."""
    told = []
    for each in await view.all(ALL):
        if each.disabled_reason is not None:
            told.append(f"webhook {each.id} was switched off: {each.disabled_reason}")
        elif each.failing_since is not None and each.state is HookState.ENABLED:
            told.append(f"webhook {each.id} has not got through since {each.failing_since:%Y-%m-%d %H:%M}Z")
    return told


async def _own(view: Snapshot) -> list[Webhook]:
    application_id = view.actor.application_id
    own = await view.all(OWN, application_id=application_id) if application_id is not None else []
    if not own:
        view.actor.must(Permission.MANAGE_ACCOUNT)
    return own


def _manageable(view: Snapshot, found: Webhook | None) -> Webhook:
    if found is None or not may_manage(view.actor, found.application_id):
        view.actor.must(Permission.MANAGE_ACCOUNT)
        raise NotFound("Not found")
    return found
