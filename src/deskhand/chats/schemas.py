"""Live chats on the wire (contract 20 §12); their dates have microseconds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.chats.model import MOST_CHARACTERS
from deskhand.chats.queries import Chat, ChatEvent
from deskhand.conversations.schemas.people import Person, person
from deskhand.conversations.schemas.requests import CustomerInput
from deskhand.kernel.http.hal import Link, Origins, SelfLink, example_page
from deskhand.kernel.http.wire import Id, PageNumber

API = "https://desk.example.org"
CHAT_ID, MESSAGE_ID = "7b0d2b9e-6a51-4a3e-9d4b-1f2a3c4d5e6f", "0c1d2e3f-4051-4627-8849-5a6b7c8d9e0f"
PAVEL = {"id": 90311, "type": "customer", "first": "Pavel", "last": "Lund", "email": "pavel.lund@mail.example"}
EVENT_EXAMPLE: dict[str, Any] = {
    "id": MESSAGE_ID,
    "chatId": CHAT_ID,
    "type": "message",
    "action": "message-added",
    "author": PAVEL,
    "createdAt": "2026-05-01T07:10:00.123456Z",
    "body": "Is it on its way?",
    "params": {},
    "_links": {"author": {"href": f"{API}/v2/customers/90311"}},
}
CHAT_EXAMPLE = {
    "id": CHAT_ID,
    "beaconId": "2f0e1d2c-3b4a-4596-8877-665544332211",
    "mailboxId": 61,
    "createdAt": "2026-05-01T07:09:41.004500Z",
    "customer": PAVEL,
    "preview": "Is it on its way?",
    "customFields": [],
    "tags": [],
    "timeline": [{"type": "chat-started", "timestamp": "2026-05-01T07:09:41.004500Z"}],
    "_embedded": {"events": [EVENT_EXAMPLE]},
    "_links": {"self": {"href": f"{API}/chat/v1/{CHAT_ID}"}},
}
EVENTS_EXAMPLE = example_page(f"{API}/chat/v1/{CHAT_ID}/events", "events", EVENT_EXAMPLE, size=10)
START_EXAMPLE = {
    "mailboxId": 61,
    "customer": {"email": "pavel.lund@mail.example", "firstName": "Pavel"},
    "page": {"url": "https://shop.example/orders", "title": "Your orders"},
}
MESSAGE_EXAMPLE = {"body": "It left this morning."}

Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]


class ChatField(Struct):
    """A custom field of a chat."""

    id: int
    value: str


class ChatTag(Struct):
    """A tag of a chat."""

    id: int | None
    slug: str
    color: str


class Milestone(Struct, kw_only=True):
    """A step of the customer on the way: ``chat-started`` or ``page-viewed``."""

    type: str
    timestamp: Moment
    url: str | UnsetType = UNSET
    title: str | UnsetType = UNSET


class AuthorLink(Struct):
    """Who did it."""

    author: Link


class ChatEventBody(Struct, kw_only=True, rename="camel"):
    """Something that happened in a chat; only a message has a ``body``, plain text."""

    id: str
    chat_id: str
    type: str
    action: str
    author: Person
    created_at: Moment
    body: str | UnsetType = UNSET
    params: dict[str, str]
    links: AuthorLink = field(name="_links")


class EmbeddedChatEvents(Struct):
    """What happened, oldest first."""

    events: list[ChatEventBody]


class ChatBody(Struct, kw_only=True, rename="camel"):
    """A live chat; ``assignee`` once somebody took it, ``endedAt`` once it is over."""

    id: str
    beacon_id: str
    inbox_id: int = field(name="mailboxId")
    created_at: Moment
    ended_at: Moment | UnsetType = UNSET
    assignee: Person | UnsetType = UNSET
    customer: Person
    preview: str
    custom_fields: list[ChatField]
    tags: list[ChatTag]
    timeline: list[Milestone]
    embedded: EmbeddedChatEvents = field(name="_embedded")
    links: SelfLink = field(name="_links")


class EventsQuery(Struct, frozen=True):
    """Which page of events."""

    page: PageNumber = 1


class MessageInput(Struct, frozen=True):
    """What to say, plain text."""

    body: Annotated[str, Meta(min_length=1, max_length=MOST_CHARACTERS)]


class PageInput(Struct, frozen=True):
    """The page of a web site from which a customer writes."""

    url: Annotated[str, Meta(min_length=1, max_length=2000)]
    title: Annotated[str, Meta(max_length=300)] | None = None


class ChatInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """A chat to begin."""

    inbox_id: Id = field(name="mailboxId")
    customer: CustomerInput
    beacon_id: Annotated[str, Meta(max_length=36)] | None = None
    page: PageInput | None = None


def chat_body(it: Chat, events: list[ChatEvent], origins: Origins) -> ChatBody:
    """A record and what happened in it, as the resource of contract 20 §12."""
    assignee: Person | UnsetType = UNSET
    if it.assignee_id is not None:
        assignee = person(
            it.assignee_id, "user", it.assignee_first, it.assignee_last, it.assignee_email, origins.photo(it.assignee_photo)
        )
    timeline = [Milestone(type="chat-started", timestamp=moment(it.created_at))]
    if it.page_url is not None:
        seen = Milestone(type="page-viewed", timestamp=moment(it.created_at), url=it.page_url, title=it.page_title or UNSET)
        timeline.insert(0, seen)
    return ChatBody(
        id=it.id,
        beacon_id=it.beacon_id,
        inbox_id=it.inbox_id,
        created_at=moment(it.created_at),
        ended_at=moment(it.ended_at) if it.ended_at else UNSET,
        assignee=assignee,
        customer=_customer(it),
        preview=it.preview,
        custom_fields=[],
        tags=[],
        timeline=timeline,
        embedded=EmbeddedChatEvents([event_body(each, it, origins) for each in events]),
        links=SelfLink(Link(f"{origins.api}/chat/v1/{it.id}")),
    )


def event_body(it: ChatEvent, chat: Chat, origins: Origins) -> ChatEventBody:
    """A record of a chat as the resource of contract 20 §12."""
    author, address = _customer(chat), f"customers/{chat.customer_id}"
    if it.user_id is not None:
        author = person(it.user_id, "user", it.user_first, it.user_last, it.user_email, origins.photo(it.user_photo))
        address = f"users/{it.user_id}"
    return ChatEventBody(
        id=it.id,
        chat_id=it.chat_id,
        type=it.type,
        action=it.action,
        author=author,
        created_at=moment(it.created_at),
        body=UNSET if it.body is None else it.body,
        params={},
        links=AuthorLink(Link(f"{origins.api}/v2/{address}")),
    )


def moment(at: datetime) -> str:
    """``2026-05-01T07:10:00.123456Z``, always with six digits."""
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


def _customer(it: Chat) -> Person:
    return person(it.customer_id, "customer", it.customer_first, it.customer_last, it.customer_email, it.customer_photo)
