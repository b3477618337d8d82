"""Live chats (contract 00 §15, 20 §12). Every write answers with the chat. How one begins, what the customer says and how
it ends is the vendor's own widget's business, so those addresses are ours."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.chats import operations, queries
from deskhand.chats.model import uuid_of
from deskhand.chats.schemas import (
    CHAT_EXAMPLE,
    EVENTS_EXAMPLE,
    MESSAGE_EXAMPLE,
    START_EXAMPLE,
    ChatBody,
    ChatInput,
    EmbeddedChatEvents,
    EventsQuery,
    MessageInput,
    chat_body,
    event_body,
)
from deskhand.customers import operations as customers
from deskhand.customers.model import CustomerGiven
from deskhand.kernel.errors import Code, Invalid, Mistake, Mistakes, Source
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import delete, get, post, put
from deskhand.kernel.transaction import Snapshot, Transaction

PAGE_SIZE = 10


async def whole(view: Snapshot, chat_id: str, origins: Origins) -> ChatBody:
    """A chat with everything that happened in it."""
    chat = await queries.get(view, chat_id)
    return chat_body(chat, await queries.events(view, chat.id), origins)


@get("/{chat_id:str}", summary="Get Chat", errors=(404,), example=CHAT_EXAMPLE)
async def show(view: Snapshot, chat_id: str, origins: Origins) -> ChatBody:
    """A live chat, or one that is over."""
    return await whole(view, chat_id, origins)


@get("/{chat_id:str}/events", summary="List Chat Events", errors=(400, 404), example=EVENTS_EXAMPLE)
async def events(view: Snapshot, chat_id: str, query: EventsQuery, origins: Origins, asked: Asked) -> Page[EmbeddedChatEvents]:
    """What happened in a chat, oldest first, ten a page."""
    chat = await queries.get(view, chat_id)
    found = await queries.page(view, chat.id, query.page, PAGE_SIZE)
    info = page_info(query.page, PAGE_SIZE, chat.event_count)
    return Page(
        embedded=EmbeddedChatEvents([event_body(each, chat, origins) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@put(
    "/{chat_id:str}/messages/{message_id:str}",
    summary="Add Chat Message",
    status=200,
    errors=(400, 403, 404, 412, 415, 422),
    example=MESSAGE_EXAMPLE,
)
async def answer(tx: Transaction, chat_id: str, message_id: str, data: MessageInput, origins: Origins) -> ChatBody:
    """Say something to the customer under an id of your own; the same id again is refused, so trying again is safe. The
    first to answer takes the chat."""
    await operations.answer(tx, chat_id, _message_id(message_id), data.body)
    return await whole(tx, chat_id, origins)


@post(summary="Start Chat", status=200, errors=(400, 403, 404, 415), example=START_EXAMPLE)
async def start(tx: Transaction, data: ChatInput, origins: Origins) -> ChatBody:
    """Let a customer wait in a chat. An addition of ours."""
    mistakes = Mistakes()
    if data.beacon_id is not None and uuid_of(data.beacon_id) is None:
        mistakes.add([Mistake("beaconId", "must be a UUID", Code.INVALID_ID, data.beacon_id)])
    given = CustomerGiven(**{name: getattr(data.customer, name) for name in CustomerGiven.__struct_fields__})
    customer = None
    with mistakes.noted():
        customer = await customers.find_or_create(tx, given, "customer")
    mistakes.refuse()
    assert customer is not None
    page = data.page
    chat_id = await operations.start(
        tx,
        data.inbox_id,
        customer,
        beacon_id=data.beacon_id and uuid_of(data.beacon_id),
        page_url=page.url if page else None,
        page_title=page.title if page else None,
    )
    return await whole(tx, chat_id, origins)


@put(
    "/{chat_id:str}/customer-messages/{message_id:str}",
    summary="Add Customer Chat Message",
    status=200,
    errors=(400, 403, 404, 412, 415, 422),
    example=MESSAGE_EXAMPLE,
)
async def hear(tx: Transaction, chat_id: str, message_id: str, data: MessageInput, origins: Origins) -> ChatBody:
    """What the customer says in a chat. An addition of ours."""
    await operations.hear(tx, chat_id, _message_id(message_id), data.body)
    return await whole(tx, chat_id, origins)


@delete("/{chat_id:str}", summary="End Chat", errors=(400, 403, 404))
async def end(tx: Transaction, chat_id: str) -> None:
    """End a chat: what was said becomes a conversation. Again it does nothing. An addition of ours."""
    await operations.end(tx, chat_id)


def _message_id(text: str) -> str:
    found = uuid_of(text)
    if found is None:
        raise Invalid.all([Mistake("messageId", "invalid identifier", Code.INVALID_ID, text[:300], Source.PATH)])
    return found


ROUTERS = [
    Router("/chat/v1", route_handlers=[show, events]),
    Router("/v2/chats", route_handlers=[answer]),
    Router("/deskhand/v1/chats", route_handlers=[start, hear, end]),
]
