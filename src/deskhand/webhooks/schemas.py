"""Webhooks and their ledger on the wire (contract 40 §2, §3; the ledger is ours)."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.kernel.http.hal import Asked, Link, Origins, SelfLink, example_page
from deskhand.kernel.http.wire import Id, Moment, PageNumber
from deskhand.webhooks.model import DeliveryState, EventName, HookState, PayloadVersion
from deskhand.webhooks.queries import Attempt, Delivery, Webhook

API = "https://desk.example.org/v2"
LEDGER = "/deskhand/v1/webhook-deliveries"
EXAMPLE = {
    "id": 31,
    "url": "https://hooks.shop.example/desk",
    "state": "enabled",
    "events": ["convo.assigned", "convo.created"],
    "notification": False,
    "payloadVersion": "V2",
    "label": "Order sync",
    "mailboxIds": [61],
    "_links": {"self": {"href": f"{API}/webhooks/31"}},
}
EXAMPLES = example_page(f"{API}/webhooks", "webhooks", EXAMPLE)
INPUT_EXAMPLE = {
    "url": "https://hooks.shop.example/desk",
    "events": ["convo.assigned", "convo.created"],
    "secret": "tr0ut-lake-88",
    "label": "Order sync",
    "mailboxIds": [],
}
DELIVERY_EXAMPLE: dict[str, Any] = {
    "id": 9001,
    "deliveryId": "5d1f0c5b8f3f4a3c9f5e0d7a6b2c1e4f",
    "webhookId": 31,
    "event": "convo.created",
    "state": "delivered",
    "conversationId": 4217,
    "attempts": 1,
    "createdAt": "2026-03-01T09:50:00Z",
    "settledAt": "2026-03-01T09:50:01Z",
    "_links": {"self": {"href": f"https://desk.example.org{LEDGER}/9001"}},
}
DELIVERIES_EXAMPLE = {
    "_embedded": {"deliveries": [DELIVERY_EXAMPLE]},
    "_links": {"self": {"href": f"https://desk.example.org{LEDGER}?webhook=31"}},
}
WHOLE_EXAMPLE = DELIVERY_EXAMPLE | {
    "request": {
        "method": "POST",
        "url": "https://hooks.shop.example/desk",
        "headers": {"Content-Type": "application/json", "X-HelpScout-Event": "convo.created"},
        "body": '{"id":4217}',
    },
    "answers": [{"at": "2026-03-01T09:50:01Z", "milliseconds": 84, "status": 204, "headers": {}, "body": "", "isCut": False}],
}


class WebhookInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """A webhook to make or to replace. Null is "not given"; ``state`` only counts when one is made."""

    url: Annotated[str, Meta(min_length=1)]
    events: Annotated[list[EventName], Meta(min_length=1, max_length=100)]
    secret: Annotated[str, Meta(min_length=1, max_length=40)]
    notification: bool | None = None
    label: Annotated[str, Meta(max_length=255)] | None = None
    payload_version: PayloadVersion | None = None
    mailbox_ids: Annotated[list[Id], Meta(max_length=1000)] | None = None
    state: HookState | None = None


class WebhookBody(Struct, kw_only=True, rename="camel"):
    """A webhook; its secret is never told. ``mailboxIds`` is ``[]`` for all inboxes."""

    id: int
    url: str
    state: str
    events: list[str]
    notification: bool
    payload_version: str
    label: str | UnsetType = UNSET
    mailbox_ids: list[int]
    links: SelfLink = field(name="_links")


class EmbeddedWebhooks(Struct):
    """The webhooks of a page."""

    webhooks: list[WebhookBody]


class PageQuery(Struct, frozen=True):
    """Which page."""

    page: PageNumber = 1


class DeliveriesQuery(Struct, frozen=True):
    """Which deliveries; all filters must hold. ``cursor`` is taken from a ``next`` link."""

    webhook: Id | None = None
    event: EventName | None = None
    state: DeliveryState | None = None
    conversation: Id | None = None
    since: Moment | None = None
    until: Moment | None = None
    cursor: Annotated[str, Meta(max_length=60)] | None = None


class ReplayInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """Which deliveries of a webhook to send once more: by moment (``since`` included, ``until`` not), by id (both
    included), by state; nothing of it means all of them."""

    webhook_id: Id
    since: Moment | None = None
    until: Moment | None = None
    from_id: Id | None = None
    to_id: Id | None = None
    state: DeliveryState | None = None


class ReplayBody(Struct, kw_only=True, rename="camel"):
    """How many deliveries are sent once more; where there were too many for one call, ``nextId`` is where to go on."""

    replayed: int
    next_id: int | UnsetType = UNSET


class DeliveryBody(Struct, kw_only=True, rename="camel"):
    """A delivery. ``deliveryId`` is what its receiver sees; ``attempts`` counts since it was last made to wait."""

    id: int
    delivery_id: str
    webhook_id: int
    event: str
    state: str
    conversation_id: int | UnsetType = UNSET
    attempts: int
    created_at: datetime
    due_at: datetime | UnsetType = UNSET
    settled_at: datetime | UnsetType = UNSET
    links: SelfLink = field(name="_links")


class RequestBody(Struct):
    """What was sent last; before the first try there are no headers."""

    method: str
    url: str
    headers: dict[str, str]
    body: str


class AnswerBody(Struct, kw_only=True, rename="camel"):
    """What a try brought: the first 64 KB of the answer, or why there was none."""

    at: datetime
    milliseconds: int
    status: int | UnsetType = UNSET
    error: str | UnsetType = UNSET
    headers: dict[str, str]
    body: str
    is_cut: bool


class WholeDeliveryBody(DeliveryBody, kw_only=True, rename="camel"):
    """A delivery with its request and what each try of it brought, oldest first."""

    request: RequestBody
    answers: list[AnswerBody]


class EmbeddedDeliveries(Struct):
    """The deliveries of a page."""

    deliveries: list[DeliveryBody]


class CursorLinks(Struct, kw_only=True):
    """The links of a page; ``next`` only where there is more."""

    next: Link | UnsetType = UNSET
    self_: Link = field(name="self")


class DeliveryPage(Struct, kw_only=True):
    """A page of the ledger, newest first."""

    embedded: EmbeddedDeliveries | UnsetType = field(default=UNSET, name="_embedded")
    links: CursorLinks = field(name="_links")


def webhook_body(it: Webhook, origins: Origins) -> WebhookBody:
    """A record as the resource of contract 40 §2."""
    return WebhookBody(
        id=it.id,
        url=it.url,
        state=it.state.value,
        events=[each.value for each in it.events],
        notification=it.notification,
        payload_version=it.payload_version.value,
        label=it.label or UNSET,
        mailbox_ids=it.inbox_ids,
        links=SelfLink(Link(f"{origins.api}/v2/webhooks/{it.id}")),
    )


def delivery_body(it: Delivery, origins: Origins) -> DeliveryBody:
    """A record as it stands in the ledger."""
    return DeliveryBody(**_delivery(it, origins))


def whole_delivery_body(it: Delivery, url: str, payload: bytes, attempts: list[Attempt], origins: Origins) -> WholeDeliveryBody:
    """The same with its request and its answers; ``url`` is the webhook's, for one that was not tried yet."""
    last = attempts[-1] if attempts else None
    return WholeDeliveryBody(
        **_delivery(it, origins),
        request=RequestBody("POST", last.url if last else url, last.sent_headers if last else {}, payload.decode()),
        answers=[
            AnswerBody(
                at=each.at.replace(microsecond=0),
                milliseconds=each.milliseconds,
                status=UNSET if each.status is None else each.status,
                error=each.error or UNSET,
                headers=each.headers,
                body=each.body.decode(errors="replace"),
                is_cut=each.is_cut,
            )
            for each in attempts
        ],
    )


def cursor_links(asked: Asked, cursor: str | None, next_cursor: str | None) -> CursorLinks:
    """The links around a page of the ledger; ``asked`` has no cursor in it."""

    def link(at: str | None) -> Link:
        given = "&".join(part for part in (asked.parameters, urlencode({"cursor": at}) if at else "") if part)
        return Link(f"{asked.address}?{given}" if given else asked.address)

    return CursorLinks(self_=link(cursor), next=link(next_cursor) if next_cursor else UNSET)


def _delivery(it: Delivery, origins: Origins) -> dict[str, Any]:
    return {
        "id": it.id,
        "delivery_id": it.uid,
        "webhook_id": it.webhook_id,
        "event": it.event.value,
        "state": it.state.value,
        "conversation_id": UNSET if it.conversation_id is None else it.conversation_id,
        "attempts": it.attempts,
        "created_at": it.created_at.replace(microsecond=0),
        "due_at": it.due.replace(microsecond=0) if it.state is DeliveryState.WAITING else UNSET,
        "settled_at": it.settled_at or UNSET,
        "links": SelfLink(Link(f"{origins.api}{LEDGER}/{it.id}")),
    }
