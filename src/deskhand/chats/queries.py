"""Reading live chats in the inboxes that the actor sees."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from deskhand.chats.model import ChatAction, ChatEventType, uuid_of
from deskhand.chats.tables import chat_events, chats
from deskhand.customers.tables import customers
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.users.tables import users


class Chat(Struct, frozen=True):
    """A chat with the people in it; the assignee's columns are None together when nobody took it."""

    id: str
    beacon_id: str
    inbox_id: int
    customer_id: int
    assignee_id: int | None
    preview: str
    event_count: int
    page_url: str | None
    page_title: str | None
    created_at: datetime
    ended_at: datetime | None
    conversation_id: int | None
    customer_first: str | None
    customer_last: str | None
    customer_email: str | None
    customer_photo: str | None
    assignee_first: str | None
    assignee_last: str | None
    assignee_email: str | None
    assignee_photo: str | None


class Held(Struct, frozen=True):
    """A chat that is being changed."""

    id: str
    inbox_id: int
    customer_id: int
    assignee_id: int | None
    event_count: int
    ended_at: datetime | None


class ChatEvent(Struct, frozen=True):
    """Something that happened in a chat; without ``user_id`` the customer did it."""

    id: str
    chat_id: str
    number: int
    type: ChatEventType
    action: ChatAction
    user_id: int | None
    body: str | None
    created_at: datetime
    user_first: str | None
    user_last: str | None
    user_email: str | None
    user_photo: str | None


_own = Chat.__struct_fields__[: Chat.__struct_fields__.index("customer_first")]
_customer = ("first_name", "last_name", "email", "photo_url")
_user = ("first_name", "last_name", "email", "photo")
GET = read(
    select(*(chats.c[name] for name in _own), *(customers.c[name] for name in _customer), *(users.c[name] for name in _user))
    .select_from(
        chats.join(customers, customers.c.id == chats.c.customer_id).outerjoin(users, users.c.id == chats.c.assignee_id)
    )
    .where(chats.c.id == param("chat_id")),
    Chat,
)
LOCK = read(
    select(*(chats.c[name] for name in Held.__struct_fields__)).where(chats.c.id == param("chat_id")).with_for_update(), Held
)
_event = ChatEvent.__struct_fields__[: ChatEvent.__struct_fields__.index("user_first")]
_events = (
    select(*(chat_events.c[name] for name in _event), *(users.c[name] for name in _user))
    .select_from(chat_events.outerjoin(users, users.c.id == chat_events.c.user_id))
    .where(chat_events.c.chat_id == param("chat_id"))
    .order_by(chat_events.c.number)
)
EVENTS = read(_events, ChatEvent)
EVENT_PAGE = read(_events.limit(param("most")).offset(param("skip")), ChatEvent)
TAKEN = read(select(chat_events.c.chat_id).where(chat_events.c.id == param("event_id")), str)


async def get(view: Snapshot, chat_id: str) -> Chat:
    """A chat. Raises NotFound, also for what is no UUID."""
    found = await view.first(GET, chat_id=uuid_of(chat_id) or "")
    if found is None or not view.actor.sees_inbox(found.inbox_id):
        raise NotFound("Not found")
    return found


async def locked(tx: Transaction, chat_id: str) -> Held:
    """A chat that is going to be changed: nobody else changes it before the operation ends. Raises NotFound."""
    found = await tx.first(LOCK, chat_id=uuid_of(chat_id) or "")
    if found is None or not tx.actor.sees_inbox(found.inbox_id):
        raise NotFound("Not found")
    return found


async def events(view: Snapshot, chat_id: str) -> list[ChatEvent]:
    """Everything that happened in a chat, oldest first."""
    return await view.all(EVENTS, chat_id=chat_id)


async def page(view: Snapshot, chat_id: str, number: int, size: int) -> list[ChatEvent]:
    """A page of it."""
    return await view.all(EVENT_PAGE, chat_id=chat_id, most=size, skip=(number - 1) * size)
