"""Webhooks (contract 40 §1), and the ledger of what was told to them."""

from __future__ import annotations

from datetime import datetime

from litestar import Router
from msgspec import UNSET, structs

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Invalid, Source
from deskhand.kernel.http.answers import Accepted, Created
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, delete, get, post, put
from deskhand.kernel.storage.columns import from_microseconds, to_microseconds
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.webhooks import queries, schemas
from deskhand.webhooks.model import HookState, PayloadVersion
from deskhand.webhooks.operations import deliveries, hooks
from deskhand.webhooks.schemas import (
    DeliveriesQuery,
    DeliveryPage,
    EmbeddedDeliveries,
    EmbeddedWebhooks,
    PageQuery,
    ReplayBody,
    ReplayInput,
    WebhookBody,
    WebhookInput,
    WholeDeliveryBody,
    cursor_links,
    delivery_body,
    webhook_body,
    whole_delivery_body,
)


@get(summary="List Webhooks", errors=(400, 403), example=schemas.EXAMPLES)
async def index(view: Snapshot, query: PageQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedWebhooks]:
    """The webhooks of the account, oldest first; for who may not manage it, those that its application made."""
    size = desk.settings.page_size
    found, total = await queries.page(view, query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedWebhooks([webhook_body(each, origins) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@post(summary="Create Webhook", errors=(400, 403, 415), example=schemas.INPUT_EXAMPLE)
async def create(tx: Transaction, data: WebhookInput, desk: Desk, origins: Origins) -> Created:
    """Subscribe to events. The secret signs every delivery and is never told again."""
    state = data.state or HookState.ENABLED
    webhook_id = await hooks.create(tx, wanted(data, origins), desk.seal, desk.outbound.rules, state=state)
    return Created(webhook_id, location=f"{origins.api}/v2/webhooks/{webhook_id}")


@get(summary="Get Webhook", errors=(400, 403, 404), example=schemas.EXAMPLE)
async def show(view: Snapshot, webhook_id: PathId, origins: Origins) -> WebhookBody:
    """One webhook."""
    return webhook_body(await queries.get(view, webhook_id), origins)


@put(summary="Update Webhook", errors=(400, 403, 404, 415), example=schemas.INPUT_EXAMPLE)
async def replace(tx: Transaction, webhook_id: PathId, data: WebhookInput, desk: Desk, origins: Origins) -> None:
    """Set all of a webhook, the secret too; one that was disabled is enabled again."""
    await hooks.replace(tx, webhook_id, wanted(data, origins), desk.seal, desk.outbound.rules)


@delete(summary="Delete Webhook", errors=(400, 403, 404))
async def remove(tx: Transaction, webhook_id: PathId) -> None:
    """Unsubscribe. What was told, and was not yet, is forgotten too."""
    await hooks.delete(tx, webhook_id)


@get(summary="List Webhook Deliveries", errors=(400, 403, 404), example=schemas.DELIVERIES_EXAMPLE)
async def list_deliveries(view: Snapshot, query: DeliveriesQuery, desk: Desk, origins: Origins, asked: Asked) -> DeliveryPage:
    """What was told to webhooks and what waits, newest first. The ``next`` link leads to older ones."""
    size = desk.settings.page_size
    wish = queries.Wanted(
        webhook_id=query.webhook,
        event=query.event,
        state=query.state,
        conversation_id=query.conversation,
        since=query.since,
        until=query.until,
        before=None if query.cursor is None else _place(query.cursor),
    )
    found = await queries.ledger(view, wish, size + 1)
    shown = found[:size]
    next_cursor = f"{to_microseconds(shown[-1].created_at)}-{shown[-1].id}" if len(found) > size else None
    return DeliveryPage(
        embedded=EmbeddedDeliveries([delivery_body(each, origins) for each in shown]) if shown else UNSET,
        links=cursor_links(_without_cursor(asked), query.cursor, next_cursor),
    )


@get("/{delivery_id:str}", summary="Get Webhook Delivery", errors=(400, 403, 404), example=schemas.WHOLE_EXAMPLE)
async def show_delivery(view: Snapshot, delivery_id: PathId, origins: Origins) -> WholeDeliveryBody:
    """One delivery: its request as it was sent last, and what each try brought."""
    it = await queries.delivery(view, delivery_id)
    hook = await queries.get(view, it.webhook_id)
    payload = await view.one(queries.PAYLOAD, delivery_id=it.id)
    return whole_delivery_body(it, hook.url, payload, await queries.attempts_of(view, it.id), origins)


@post("/{delivery_id:str}/replay", status=202, summary="Replay Webhook Delivery", errors=(400, 403, 404, 412))
async def replay_one(tx: Transaction, delivery_id: PathId) -> Accepted:
    """Send a delivery once more: the same bytes under the same delivery id. One that waits is not changed."""
    await deliveries.replay_one(tx, delivery_id)
    return Accepted()


@post("/replay", status=200, summary="Replay Webhook Deliveries", errors=(400, 403, 404, 412, 415), example={"webhookId": 31})
async def replay(tx: Transaction, data: ReplayInput) -> ReplayBody:
    """Send deliveries of a webhook once more, oldest first: a range, or everything since a moment."""
    ids = await deliveries.replay(
        tx, data.webhook_id, since=data.since, until=data.until, first=data.from_id, last=data.to_id, ended=data.state
    )
    is_all = len(ids) < deliveries.MOST_REPLAYED
    return ReplayBody(replayed=len(ids), next_id=UNSET if is_all else ids[-1] + 1)


def wanted(data: WebhookInput, origins: Origins) -> hooks.NewWebhook:
    """The webhook that is asked for, told of things under these origins."""
    return hooks.NewWebhook(
        url=data.url,
        events=list(dict.fromkeys(data.events)),
        secret=data.secret,
        notification=bool(data.notification),
        payload_version=data.payload_version or PayloadVersion.V2,
        label=data.label or None,
        inbox_ids=list(dict.fromkeys(data.mailbox_ids or [])),
        api_origin=origins.api,
        web_origin=origins.web,
    )


def _place(cursor: str) -> tuple[datetime, int]:
    """The delivery that a page begins behind. Raises Invalid("cursor")."""
    at, _, id_ = cursor.partition("-")
    try:
        if cursor.isascii() and at.isdigit() and id_.isdigit() and int(id_) < 2**63:
            return from_microseconds(int(at)), int(id_)
    except OverflowError:
        pass
    mistakes = Invalid("cursor", "is not one that a next link gave", rejected=cursor).mistakes
    raise Invalid.all([structs.replace(each, source=Source.QUERY) for each in mistakes])


def _without_cursor(asked: Asked) -> Asked:
    kept = [part for part in asked.parameters.split("&") if not part.startswith("cursor=")]
    return Asked(asked.address, "&".join(kept))


ROUTERS = [
    Router("/v2/webhooks", route_handlers=[index, create]),
    Router("/v2/webhooks/{webhook_id:str}", route_handlers=[show, replace, remove]),
    Router(schemas.LEDGER, route_handlers=[list_deliveries, show_delivery, replay_one, replay]),
]
