"""Subscriptions: made, replaced, removed, switched off (contract 40 §1 to §3)."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import delete as delete_from
from sqlalchemy import insert, update

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Code, Invalid, Mistake, Unmet
from deskhand.kernel.outbound.addresses import BadAddress, Rules, read
from deskhand.kernel.permissions import Permission
from deskhand.kernel.reactions import WATCHERS
from deskhand.kernel.sealing import Seal
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.webhooks import queries
from deskhand.webhooks.model import (
    MOST_WEBHOOKS,
    DeliveryState,
    EventName,
    HookState,
    PayloadVersion,
    WebhookCalled,
    WebhookCreated,
    WebhookDeleted,
    WebhookDisabled,
    WebhookUpdated,
    delivered_count,
    secret_name,
)
from deskhand.webhooks.tables import deliveries, webhooks


class NewWebhook(Struct, frozen=True, kw_only=True):
    """A subscription to make, or what replaces one. ``inbox_ids`` is empty for all inboxes."""

    url: str
    events: list[EventName]
    secret: str
    notification: bool
    payload_version: PayloadVersion
    label: str | None
    inbox_ids: list[int]
    api_origin: str
    web_origin: str


GIVEN = ("url", "events", "notification", "payload_version", "label", "inbox_ids", "api_origin", "web_origin")
_this = webhooks.c.id == param("webhook_id")
ADD = write(
    insert(webhooks)
    .values(
        {
            **{name: param(name) for name in (*GIVEN, "state", "application_id", "user_id", "created_at", "updated_at")},
            "secret": b"",  # sealed for its row, so the row comes first
            "discarded": 0,
        }
    )
    .returning(webhooks.c.id)
)
SET_SECRET = write(update(webhooks).where(_this).values(secret=param("secret")))
REPLACE = write(
    update(webhooks)
    .where(_this)
    .values(
        {
            **{name: param(name) for name in (*GIVEN, "secret", "updated_at")},
            "state": HookState.ENABLED.value,
            "discarded": 0,
            "failing_since": None,
            "disabled_reason": None,
        }
    )
)
DISABLE = write(
    update(webhooks)
    .where(_this, webhooks.c.state == HookState.ENABLED.value)
    .values(state=HookState.DISABLED.value, disabled_reason=param("reason"), updated_at=param("now"))
)
DROP = write(
    update(deliveries)
    .where(deliveries.c.webhook_id == param("webhook_id"), queries.IS_WAITING)
    .values(state=DeliveryState.DROPPED.value, settled_at=param("now"), lease=None, leased_until=None)
)
DELETE = write(delete_from(webhooks).where(_this))


async def create(tx: Transaction, new: NewWebhook, seal: Seal, rules: Rules, *, state: HookState = HookState.ENABLED) -> int:
    """Subscribe; the id. Raises Forbidden, Invalid("url", "mailboxIds[0]"). Source: Mailbox API 2.0, "Create Webhook"."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await _check(tx, new, rules)
    if await tx.one(queries.TOTAL) >= MOST_WEBHOOKS:
        raise Invalid("url", f"there are {MOST_WEBHOOKS} webhooks already, and there may be no more")
    webhook_id = await tx.insert(
        ADD,
        **_given(new),
        state=state,
        application_id=tx.actor.application_id,
        user_id=tx.actor.user_id or None,
        created_at=tx.now,
        updated_at=tx.now,
    )
    await tx.write(SET_SECRET, webhook_id=webhook_id, secret=seal.seal(new.secret, secret_name(webhook_id)))
    if state is HookState.ENABLED:
        tx.count(WATCHERS, 1)
    tx.record(WebhookCreated(webhook_id=webhook_id, at=tx.instant))
    return webhook_id


async def replace(tx: Transaction, webhook_id: int, new: NewWebhook, seal: Seal, rules: Rules) -> None:
    """Set all of a subscription, and enable it again.

    Raises NotFound, Forbidden, Invalid as ``create`` does. Source: Mailbox API 2.0, "Update Webhook".
    """
    before = await queries.locked(tx, webhook_id)
    await _check(tx, new, rules)
    if before.state is HookState.DISABLED:
        await _drop(tx, webhook_id)  # what came in while it was being switched off
        tx.count(WATCHERS, 1)
    secret = seal.seal(new.secret, secret_name(webhook_id))
    await tx.write(REPLACE, webhook_id=webhook_id, **_given(new), secret=secret, updated_at=tx.now)
    tx.record(WebhookUpdated(webhook_id=webhook_id))


async def delete(tx: Transaction, webhook_id: int) -> None:
    """Unsubscribe; the ledger goes too. Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Delete Webhook"."""
    before = await queries.locked(tx, webhook_id)
    await tx.write(DELETE, webhook_id=webhook_id)
    if before.state is HookState.ENABLED:
        tx.count(WATCHERS, -1)
    tx.record(WebhookDeleted(webhook_id=webhook_id))


async def call(tx: Transaction, webhook_id: int, conversation_id: int) -> None:
    """Tell one webhook of a conversation, whatever it subscribed to. Raises NotFound, Unmet for one that is switched off."""
    hook = await tx.one(queries.ONE, webhook_id=webhook_id)
    if hook.state is not HookState.ENABLED:
        raise Unmet("the webhook is switched off")
    tx.record(WebhookCalled(webhook_id=webhook_id, conversation_id=conversation_id))


async def disable(tx: Transaction, webhook_id: int, reason: str) -> None:
    """Switch a subscription off for its receiver's sake; what waits for it is dropped. Disabled already does nothing."""
    if await tx.write(DISABLE, webhook_id=webhook_id, reason=reason, now=tx.now):
        tx.count(WATCHERS, -1)
        tx.record(WebhookDisabled(webhook_id=webhook_id, reason=reason, dropped=await _drop(tx, webhook_id)))


async def reseal(tx: Transaction, seal: Seal) -> int:
    """Seal every secret with the newest key; how many were sealed with an older one."""
    older = [each for each in await tx.all(queries.ALL) if not seal.is_newest(each.secret)]
    for each in older:
        name = secret_name(each.id)
        await tx.write(SET_SECRET, webhook_id=each.id, secret=seal.seal(seal.open(each.secret, name), name))
    return len(older)


async def _drop(tx: Transaction, webhook_id: int) -> int:
    dropped = await tx.write(DROP, webhook_id=webhook_id, now=tx.now)
    tx.count(delivered_count(DeliveryState.DROPPED), dropped, spread=webhook_id)
    return dropped


async def _check(tx: Transaction, new: NewWebhook, rules: Rules) -> None:
    mistakes = []
    try:
        rules.check(read(new.url))
    except BadAddress as error:
        mistakes.append(Mistake("url", str(error), Code.INVALID, new.url[:300]))
    known = set(await inboxes.all_ids(tx)) if new.inbox_ids else set()
    mistakes += [
        Mistake(
            f"events[{at}]", "cannot be subscribed to: a workflow tells it to a webhook of its choice", Code.ENUM_VALUE, name
        )
        for at, name in enumerate(new.events)
        if name is EventName.CALLED
    ]
    mistakes += [
        Mistake(f"mailboxIds[{at}]", "is not an inbox", Code.INVALID, inbox_id)
        for at, inbox_id in enumerate(new.inbox_ids)
        if inbox_id not in known or not tx.actor.sees_inbox(inbox_id)
    ]
    if mistakes:
        raise Invalid.all(mistakes)


def _given(new: NewWebhook) -> dict[str, object]:
    return {name: getattr(new, name) for name in GIVEN}
