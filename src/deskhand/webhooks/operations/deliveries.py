"""Deliveries: added with the fact, leased, tried, settled, replayed, cleared (contract 40 §7)."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, func, insert, or_, select, update

from deskhand.kernel.errors import Unmet
from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.statements import Write, database_now, param, shaped, write
from deskhand.kernel.transaction import Transaction
from deskhand.webhooks import queries
from deskhand.webhooks.model import (
    FAILED_ATTEMPTS,
    LONG_DOWN,
    MOST_DISCARDED,
    DeliveriesReplayed,
    DeliveryState,
    Effect,
    EventName,
    HookState,
    delay,
    delivered_count,
    effect_of,
)
from deskhand.webhooks.operations.hooks import disable
from deskhand.webhooks.queries import IS_WAITING, Webhook
from deskhand.webhooks.tables import attempts, deliveries, webhooks

LEASE_SECONDS = 25  # longer than an attempt may take; so long waits a delivery whose sender was killed
CLEARED_AT_ONCE = 500
MOST_REPLAYED = 5000


class Claimed(Struct, frozen=True):
    """A delivery that is ours to send now."""

    id: int
    uid: str
    webhook_id: int
    event: EventName
    lane: str
    payload: bytes
    attempts: int


class Tried(Struct, frozen=True):
    """How an attempt went: ``status`` of the answer, or the ``error`` for which there is none."""

    at: datetime
    milliseconds: int
    url: str
    sent_headers: dict[str, str]
    status: int | None = None
    error: str | None = None
    headers: dict[str, str] = {}
    body: bytes = b""
    is_cut: bool = False


c = deliveries.c
earlier = deliveries.alias("earlier")
_this = c.id == param("delivery_id")
_lane = (c.webhook_id == param("webhook_id"), c.lane == param("lane"), IS_WAITING)
# Behind one that waits for its retry, a delivery is not due before it: so a look never walks over those that may not go yet.
ADD = write(
    insert(deliveries).values(
        {
            **{
                name: param(name)
                for name in ("uid", "webhook_id", "event_id", "event", "lane", "conversation_id", "payload", "created_at")
            },
            "state": DeliveryState.WAITING.value,
            "due": func.coalesce(
                select(earlier.c.due)
                .where(
                    earlier.c.webhook_id == param("webhook_id"),
                    earlier.c.lane == param("lane"),
                    earlier.c.state == queries.IS_WAITING.right,
                )
                .order_by(earlier.c.id.desc())
                .limit(1)
                .scalar_subquery(),
                param("due", Instant()),
            ),
            "attempts": 0,
        }
    )
)
_is_first = ~(
    select(earlier.c.id)
    .where(
        earlier.c.webhook_id == c.webhook_id,
        earlier.c.lane == c.lane,
        earlier.c.state == queries.IS_WAITING.right,
        earlier.c.id < c.id,
    )
    .exists()
)
_next = (
    select(c.id)
    .where(
        c.webhook_id == param("webhook_id"),
        IS_WAITING,
        c.due <= param("now"),
        or_(c.leased_until.is_(None), c.leased_until < database_now()),
        _is_first,
    )
    .order_by(c.due, c.id)
    .limit(param("most"))
    .with_for_update(skip_locked=True)
)
CLAIM = write(
    update(deliveries)
    .where(c.id.in_(_next.scalar_subquery()))
    .values(lease=param("token"), leased_until=database_now(LEASE_SECONDS))
    .returning(*(c[name] for name in Claimed.__struct_fields__)),
    Claimed,
)
SETTLE = write(
    update(deliveries)
    .where(_this, c.lease == param("token"))
    .values({name: param(name) for name in ("state", "due", "attempts", "settled_at")} | {"lease": None, "leased_until": None})
)
_behind = update(deliveries).where(*_lane, c.id > param("delivery_id")).values(due=param("due"))
LANE_LATER = write(_behind.where(c.due < param("due")))
LANE_SOONER = write(_behind.where(c.due > param("due")))
ALL_DUE = write(
    update(deliveries).where(c.webhook_id == param("webhook_id"), IS_WAITING, c.due > param("due")).values(due=param("due"))
)
ADD_ATTEMPT = write(
    insert(attempts).values({name: param(name) for name in ("delivery_id", *Tried.__struct_fields__)}).returning(attempts.c.id)
)
_hook = webhooks.c.id == param("webhook_id")
FAILS = write(update(webhooks).where(_hook, webhooks.c.failing_since.is_(None)).values(failing_since=param("now")))
RECOVERED = write(update(webhooks).where(_hook).values(failing_since=None, discarded=0))
DISCARDED = write(update(webhooks).where(_hook).values(discarded=webhooks.c.discarded + 1).returning(webhooks.c.discarded))
_old = (
    select(c.id)
    .where(c.created_at < param("before"), c.state != DeliveryState.WAITING.value)
    .order_by(c.created_at, c.id)
    .limit(CLEARED_AT_ONCE)
)
CLEAR = write(delete(deliveries).where(c.id.in_(_old.scalar_subquery())))
_off = select(webhooks.c.id).where(webhooks.c.state == HookState.DISABLED.value)
DROP_STRAYS = write(
    update(deliveries)
    .where(c.webhook_id.in_(_off.scalar_subquery()), IS_WAITING)
    .values(state=DeliveryState.DROPPED.value, settled_at=param("now"), lease=None, leased_until=None)
)


@shaped
def _replay(names: frozenset[str]) -> Write[int]:
    """Makes deliveries of a webhook that ended wait again, as if they were new; ids and bodies stay."""
    filters: dict[str, Any] = {
        "only": c.id == param("only"),
        "since": c.created_at >= param("since"),
        "until": c.created_at < param("until"),
        "first": c.id >= param("first"),
        "last": c.id <= param("last"),
        "ended": c.state == param("ended"),
    }
    chosen = (
        select(c.id)
        .where(
            c.webhook_id == param("webhook_id"),
            c.state != DeliveryState.WAITING.value,
            *(filters[name] for name in sorted(names)),
        )
        .order_by(c.id)
        .limit(param("most"))
    )
    return write(
        update(deliveries)
        .where(c.id.in_(chosen.scalar_subquery()))
        .values(state=DeliveryState.WAITING.value, due=param("due"), attempts=0, settled_at=None)
        .returning(c.id)
    )


async def add(
    tx: Transaction,
    webhook_id: int,
    event_id: int,
    event: EventName,
    payload: bytes,
    *,
    lane: str,
    conversation_id: int | None,
) -> None:
    """Something to be told, in the transaction in which it happened."""
    await tx.write(
        ADD,
        uid=secrets.token_hex(16),
        webhook_id=webhook_id,
        event_id=event_id,
        event=event,
        lane=lane,
        conversation_id=conversation_id,
        payload=payload,
        due=tx.instant,
        created_at=tx.instant,
    )
    tx.sends_added = True


async def claim(tx: Transaction, webhook_id: int, most: int, token: str) -> list[Claimed]:
    """Lease up to ``most`` deliveries that are due and the first of their lanes, the longest due first."""
    found = await tx.returning(CLAIM, webhook_id=webhook_id, now=tx.instant, most=most, token=token)
    return sorted(found, key=lambda each: each.id)


async def settle(tx: Transaction, it: Claimed, hook: Webhook, tried: Tried, token: str, luck: float) -> Effect | None:
    """Note how an attempt went and what follows from it. None if somebody else took the delivery over meanwhile.

    ``hook`` is as it was before the attempt; ``luck`` in 0…1 spreads the retry.
    """
    number = it.attempts + 1
    effect = effect_of(tried.status, number)
    if effect is not Effect.DELIVERED or hook.failing_since is not None or hook.discarded:
        await tx.first(queries.LOCK, webhook_id=hook.id)  # before the delivery, as everybody does who takes both
    due = tx.instant + delay(number, luck) if effect is Effect.RETRY else tx.instant
    state = {Effect.DELIVERED: DeliveryState.DELIVERED, Effect.RETRY: DeliveryState.WAITING}.get(
        effect, DeliveryState.DISCARDED
    )
    ended = None if effect is Effect.RETRY else tx.now
    values = {"state": state, "due": due, "attempts": number, "settled_at": ended}
    if not await tx.write(SETTLE, delivery_id=it.id, token=token, **values):
        return None
    await tx.insert(ADD_ATTEMPT, delivery_id=it.id, **{name: getattr(tried, name) for name in Tried.__struct_fields__})
    behind = LANE_LATER if effect is Effect.RETRY else LANE_SOONER
    await tx.write(behind, webhook_id=it.webhook_id, lane=it.lane, delivery_id=it.id, due=due)
    if effect is not Effect.RETRY:
        tx.count(delivered_count(state), 1, spread=it.id)
    if effect is Effect.DELIVERED:
        await _recovered(tx, hook)
        return effect
    tx.count(FAILED_ATTEMPTS, 1, spread=it.id)
    await tx.write(FAILS, webhook_id=it.webhook_id, now=tx.now)
    if effect is Effect.GONE:
        await disable(tx, it.webhook_id, "its receiver answered 410 Gone")
    elif effect is Effect.DISCARDED:
        (discarded,) = await tx.returning(DISCARDED, webhook_id=it.webhook_id)
        if discarded >= MOST_DISCARDED:
            await disable(tx, it.webhook_id, f"{discarded} events in a row could not be delivered")
    tx.sends_added = True
    return effect


async def replay_one(tx: Transaction, delivery_id: int) -> None:
    """Send a delivery once more, with its id and its very bytes; one that waits is not put off.

    Raises NotFound, Forbidden, Unmet for a webhook that is disabled.
    """
    it = await queries.delivery(tx, delivery_id)
    await replay(tx, it.webhook_id, only=delivery_id)


async def replay(tx: Transaction, webhook_id: int, **narrowed: Any) -> list[int]:
    """Send a webhook's deliveries once more; the ids, ascending: the first ``MOST_REPLAYED`` of those that are meant.

    ``since`` and ``until`` (UTC), ``first`` and ``last`` (ids, both included), ``ended`` and ``only`` narrow which; what
    waits anyway is not meant. Raises NotFound, Forbidden, Unmet for a webhook that is disabled.
    """
    hook = await queries.locked(tx, webhook_id)
    if hook.state is HookState.DISABLED:
        raise Unmet("The webhook is disabled; update it first")
    given = {name: value for name, value in narrowed.items() if value is not None}
    statement = _replay(frozenset(given))
    ids = await tx.returning(statement, webhook_id=webhook_id, due=tx.instant, most=MOST_REPLAYED, **given)
    if ids:
        tx.record(DeliveriesReplayed(webhook_id=webhook_id, number=len(ids)))
        tx.sends_added = True
    return sorted(ids)


async def clear(tx: Transaction, before: datetime) -> int:
    """Remove the oldest deliveries that ended, from before a moment, some hundreds at once; how many."""
    await tx.write(DROP_STRAYS, now=tx.now)
    return await tx.write(CLEAR, before=before)


async def _recovered(tx: Transaction, hook: Webhook) -> None:
    """Its receiver answers: what counted against it is forgotten, and after a long time what waits is sent at once."""
    tx.sends_added = True
    if hook.failing_since is None and not hook.discarded:
        return
    await tx.write(RECOVERED, webhook_id=hook.id)
    if hook.failing_since is not None and hook.failing_since + LONG_DOWN < tx.instant:
        await tx.write(ALL_DUE, webhook_id=hook.id, due=tx.instant)
