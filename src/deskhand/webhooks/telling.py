"""What is told of which fact, and to whom: one delivery for each subscriber and fact, in the fact's own transaction.

``TOLD`` is the whole table. Bodies are made by the functions that answer the API, as the very last act of the operation: of
several facts of one operation each is a delivery of its own, in order, and all show how things are at its end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from msgspec import UNSET, Struct

from deskhand.chats import model as chat
from deskhand.chats import queries as chat_queries
from deskhand.chats.schemas import ChatBody, chat_body
from deskhand.conversations import bodies as conversations
from deskhand.conversations import model as conversation
from deskhand.conversations.model import CUSTOMER_SPEAKS, MOST_THREADS, ThreadType
from deskhand.conversations.queries import one as conversation_queries
from deskhand.conversations.schemas.conversations import ConversationBody
from deskhand.customers import model as customer
from deskhand.customers.queries import one as customer_queries
from deskhand.customers.schemas.customers import CustomerBody, customer_bodies
from deskhand.kernel.errors import NotFound
from deskhand.kernel.events import Event
from deskhand.kernel.http.hal import Link, Origins, SelfLink
from deskhand.kernel.permissions import Actor, ActorKind
from deskhand.kernel.transaction import Stored, Transaction
from deskhand.organizations import model as organization
from deskhand.organizations.schemas import OrganizationBody, body_of_organization
from deskhand.ratings import model as rating
from deskhand.ratings import queries as rating_queries
from deskhand.ratings.schemas import RatingBody, rating_body
from deskhand.tags import model as tag
from deskhand.tags import queries as tag_queries
from deskhand.tags.schemas import TagBody, tag_body
from deskhand.users import model as user
from deskhand.users import queries as user_queries
from deskhand.users.schemas import StatusBody, status_body
from deskhand.webhooks import model as webhook
from deskhand.webhooks import queries
from deskhand.webhooks.model import EventName
from deskhand.webhooks.operations import deliveries
from deskhand.webhooks.queries import Webhook
from deskhand.webhooks.signing import as_php

encode = msgspec.json.Encoder().encode


class Kind(Struct, frozen=True):
    """A kind of thing: its address, which one a fact is about, and its body (None: it is gone by now).

    Facts ``of_conversation`` have its id: they are told in its order, to webhooks of its inbox.
    """

    address: str
    id_of: Callable[[Any], Any]
    body: Callable[[Transaction, Any, Origins], Awaitable[Any]]
    of_conversation: bool = False


class Telling(Struct, frozen=True):
    """How a fact is told: under which name (or None: not at all), and of ``is_gone`` things only the id."""

    name: EventName | Callable[[Transaction, Any, Actor], Awaitable[EventName | None]]
    kind: Kind
    is_gone: bool = False


class Gone(Struct):
    """What is said of something that is no more."""

    id: int | str


class Notice(Struct):
    """Where to fetch what is not told here (contract 40 §6.3)."""

    id: int | str
    url: str
    links: SelfLink = msgspec.field(name="_links")


async def _conversation(tx: Transaction, conversation_id: int, origins: Origins) -> ConversationBody | None:
    return await conversations.told(tx, conversation_id, origins, most_threads=MOST_THREADS)


async def _customer(tx: Transaction, customer_id: int, origins: Origins) -> CustomerBody | None:
    it = await tx.first(customer_queries.GET, customer_id=customer_id)
    if it is None:
        return None
    (body,) = await customer_bodies(tx, [it], origins)
    return body


async def _organization(tx: Transaction, organization_id: int, origins: Origins) -> OrganizationBody | None:
    try:
        return await body_of_organization(tx, organization_id, origins)
    except NotFound:
        return None


async def _tag(tx: Transaction, tag_id: int, origins: Origins) -> TagBody | None:
    try:
        return tag_body(*await tag_queries.get(tx, tag_id), origins)
    except NotFound:
        return None


async def _rating(tx: Transaction, rating_id: int, origins: Origins) -> RatingBody | None:
    it = await tx.first(rating_queries.GET, rating_id=rating_id)
    return None if it is None else rating_body(it, origins)


async def _user_status(tx: Transaction, user_id: int, origins: Origins) -> StatusBody:
    return status_body(await user_queries.status(tx, user_id), origins)


async def _chat(tx: Transaction, chat_id: str, origins: Origins) -> ChatBody:
    return chat_body(await chat_queries.get(tx, chat_id), await chat_queries.events(tx, chat_id), origins)


async def _chatted(tx: Transaction, event: chat.ChatMessageAdded, actor: Actor) -> EventName | None:
    return EventName.CHAT_CUSTOMER_REPLIED if event.by_customer else EventName.CHAT_AGENT_REPLIED


async def _created(tx: Transaction, event: conversation.ConversationCreated, actor: Actor) -> EventName | None:
    return EventName.CREATED if not event.imported or tx.settings.webhook_imports else None


async def _added(tx: Transaction, event: conversation.ThreadAdded, actor: Actor) -> EventName | None:
    return None if event.automatic else _of_thread(actor, event.type)


async def _imported(tx: Transaction, event: conversation.ThreadImported, actor: Actor) -> EventName | None:
    if not tx.settings.webhook_imports:
        return None
    thread = await conversation_queries.thread(tx, event.conversation_id, event.thread_id)
    return _of_thread(actor, thread.type)


def _of_thread(actor: Actor, type_: ThreadType) -> EventName | None:
    if type_ in CUSTOMER_SPEAKS:
        return EventName.CUSTOMER_REPLY_CREATED
    if type_ is ThreadType.NOTE:
        return EventName.NOTE_CREATED
    # By a user: what a workflow sends is none (contract 40 §4).
    return EventName.AGENT_REPLY_CREATED if actor.kind is not ActorKind.WORKFLOW else None


CHAT = Kind("/chat/v1/{}", lambda event: event.chat_id, _chat)
CONVERSATION = Kind("/v2/conversations/{}", lambda event: event.conversation_id, _conversation, of_conversation=True)
CUSTOMER = Kind("/v2/customers/{}", lambda event: event.customer_id, _customer)
MERGED_CUSTOMER = Kind("/v2/customers/{}", lambda event: event.gone_id, _customer)
ORGANIZATION = Kind("/v2/organizations/{}", lambda event: event.organization_id, _organization)
RATING = Kind("/v2/ratings/{}", lambda event: event.rating_id, _rating, of_conversation=True)
TAG = Kind("/v2/tags/{}", lambda event: event.tag_id, _tag)
USER_STATUS = Kind("/v2/users/{}/status", lambda event: event.user_id, _user_status)

TOLD: dict[type[Event], Telling] = {
    chat.ChatAssigned: Telling(EventName.CHAT_ASSIGNED, CHAT),
    chat.ChatEnded: Telling(EventName.CHAT_ENDED, CHAT),
    chat.ChatMessageAdded: Telling(_chatted, CHAT),
    chat.ChatStarted: Telling(EventName.CHAT_CREATED, CHAT),
    conversation.ConversationAssigned: Telling(EventName.ASSIGNED, CONVERSATION),
    conversation.ConversationCreated: Telling(_created, CONVERSATION),
    conversation.ConversationDeleted: Telling(EventName.DELETED, CONVERSATION, is_gone=True),
    conversation.ConversationMerged: Telling(EventName.MERGED, CONVERSATION),
    conversation.ConversationMoved: Telling(EventName.MOVED, CONVERSATION),
    conversation.ConversationStatusChanged: Telling(EventName.STATUS, CONVERSATION),
    conversation.FieldsChanged: Telling(EventName.CUSTOM_FIELDS, CONVERSATION),
    conversation.TagsChanged: Telling(EventName.TAGS, CONVERSATION),
    conversation.ThreadAdded: Telling(_added, CONVERSATION),
    conversation.ThreadImported: Telling(_imported, CONVERSATION),
    customer.CustomerCreated: Telling(EventName.CUSTOMER_CREATED, CUSTOMER),
    customer.CustomerDeleted: Telling(EventName.CUSTOMER_DELETED, CUSTOMER, is_gone=True),
    customer.CustomersMerged: Telling(EventName.CUSTOMER_DELETED, MERGED_CUSTOMER, is_gone=True),
    customer.CustomerUpdated: Telling(EventName.CUSTOMER_UPDATED, CUSTOMER),
    organization.OrganizationCreated: Telling(EventName.ORGANIZATION_CREATED, ORGANIZATION),
    organization.OrganizationDeleted: Telling(EventName.ORGANIZATION_DELETED, ORGANIZATION, is_gone=True),
    organization.OrganizationUpdated: Telling(EventName.ORGANIZATION_UPDATED, ORGANIZATION),
    rating.RatingChanged: Telling(EventName.RATINGS, RATING),
    rating.RatingReceived: Telling(EventName.RATINGS, RATING),
    tag.TagCreated: Telling(EventName.TAG_CREATED, TAG),
    user.UserStatusChanged: Telling(EventName.USER_STATUS, USER_STATUS),
    webhook.WebhookCalled: Telling(EventName.CALLED, CONVERSATION),
}


async def fan_out(tx: Transaction, facts: list[Stored]) -> None:
    """Add a delivery for each webhook that listens to one of these facts."""
    hooks = await tx.all(queries.LISTENING)
    if not hooks:
        return
    payloads: dict[Any, bytes | None] = {}
    for fact in facts:
        telling = TOLD.get(type(fact.event))
        name = await _name(tx, telling, fact) if telling else None
        listening = _listening(hooks, name, fact.event)
        if telling is None or name is None or not listening:
            continue
        inbox_ids = await _inboxes(tx, telling, fact.event) if any(each.inbox_ids for each in listening) else set()
        within = fact.event.conversation_id if telling.kind.of_conversation else None  # type: ignore[attr-defined]
        for hook in listening:
            called = name is EventName.CALLED
            if within is not None and not called and hook.inbox_ids and inbox_ids.isdisjoint(hook.inbox_ids):
                continue
            payload = await _payload(tx, telling, fact.event, hook, payloads)
            if payload is not None:
                await deliveries.add(
                    tx,
                    hook.id,
                    fact.id,
                    name,
                    payload,
                    lane=CONVERSATION.address.format(within)
                    if within
                    else telling.kind.address.format(telling.kind.id_of(fact.event)),
                    conversation_id=within,
                )


def _listening(hooks: list[Webhook], name: EventName | None, event: Event) -> list[Webhook]:
    """Those who subscribed to it; but one that was called is told whatever it subscribed to, and nobody else."""
    if isinstance(event, webhook.WebhookCalled):
        return [each for each in hooks if each.id == event.webhook_id]
    return [each for each in hooks if name in each.events]


async def _name(tx: Transaction, telling: Telling, fact: Stored) -> EventName | None:
    return telling.name if isinstance(telling.name, EventName) else await telling.name(tx, fact.event, fact.actor)


async def _inboxes(tx: Transaction, telling: Telling, event: Event) -> set[int]:
    """The inboxes whose webhooks are told: the conversation's, and of a move both."""
    if isinstance(event, conversation.ConversationMoved):
        return {event.before, event.after}
    if not telling.kind.of_conversation:
        return set()
    return set(await tx.all(queries.INBOX_OF, conversation_id=event.conversation_id))  # type: ignore[attr-defined]


async def _payload(
    tx: Transaction, telling: Telling, event: Event, hook: Webhook, made: dict[Any, bytes | None]
) -> bytes | None:
    """The bytes that are sent, now and at every retry; ``made`` keeps them for the next webhook that is told the same."""
    about, origins = telling.kind.id_of(event), _origins(tx, hook)
    thread_id = getattr(event, "thread_id", 0) if telling.kind is CONVERSATION else 0
    is_short = telling.is_gone or hook.notification
    key = (telling.kind.address, about, telling.is_gone, hook.notification, origins, 0 if is_short else thread_id)
    if key not in made:
        body: Any
        if telling.is_gone:
            body = Gone(about)
        elif hook.notification:
            address = origins.api + telling.kind.address.format(about)
            body = Notice(about, address, SelfLink(Link(address)))
        else:
            body = await telling.kind.body(tx, about, origins)
            if thread_id and body is not None:
                _put_first(body, thread_id)
        made[key] = None if body is None else as_php(encode(body))
    return made[key]


def _put_first(body: ConversationBody, thread_id: int) -> None:
    """What was said just now stands before others of the same second (contract 40 §6.1)."""
    if body.embedded is not UNSET:
        body.embedded.threads.sort(key=lambda each: each.id != thread_id)


def _origins(tx: Transaction, hook: Webhook) -> Origins:
    """Where links lead: the setting's origins, else those under which the webhook was made."""
    api, web = tx.settings.origin, tx.settings.web_origin
    if api or web:
        return Origins(api or web, web or api)
    return Origins(hook.api_origin, hook.web_origin)
