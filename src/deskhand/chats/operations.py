"""Beginning, talking in and ending a live chat."""

from __future__ import annotations

import uuid
from html import escape

from sqlalchemy import insert, update

from deskhand.chats import queries
from deskhand.chats.model import (
    MOST_EVENTS,
    ChatAction,
    ChatAssigned,
    ChatEnded,
    ChatEventType,
    ChatMessageAdded,
    ChatStarted,
)
from deskhand.chats.queries import Held
from deskhand.chats.tables import chat_events, chats
from deskhand.conversations.model import ConversationType, Status, ThreadType
from deskhand.conversations.operations import creating
from deskhand.conversations.operations.entries import NewThread
from deskhand.customers import queries as customers
from deskhand.customers.model import CustomerRef, CustomersMerged
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import AlreadyUsed, Invalid, Unmet
from deskhand.kernel.html import preview
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction

COLUMNS = ("id", "beacon_id", "inbox_id", "customer_id", "preview", "event_count", "page_url", "page_title", "created_at")
ADD = write(insert(chats).values({name: param(name) for name in COLUMNS}))
EVENT_COLUMNS = ("id", "chat_id", "number", "type", "action", "user_id", "body", "created_at")
ADD_EVENT = write(insert(chat_events).values({name: param(name) for name in EVENT_COLUMNS}))
_this = chats.c.id == param("chat_id")
SAID = ("event_count", "preview", "assignee_id")
SHOW = write(update(chats).where(_this).values({name: param(name) for name in SAID}))
ENDED = ("event_count", "ended_at", "conversation_id")
END = write(update(chats).where(_this).values({name: param(name) for name in ENDED}))
REPOINT = write(update(chats).where(chats.c.customer_id == param("customer_id")).values(customer_id=param("into")))


async def start(
    tx: Transaction,
    inbox_id: int,
    customer: CustomerRef,
    *,
    beacon_id: str | None = None,
    page_url: str | None = None,
    page_title: str | None = None,
) -> str:
    """Let a customer wait in a chat; its id. Raises NotFound for an inbox that is not seen, Forbidden."""
    await inboxes.get(tx, inbox_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    chat_id = str(uuid.uuid4())
    await tx.write(
        ADD,
        id=chat_id,
        beacon_id=beacon_id or str(uuid.uuid4()),
        inbox_id=inbox_id,
        customer_id=customer.id,
        preview="",
        event_count=1,
        page_url=page_url,
        page_title=page_title,
        created_at=tx.instant,
    )
    await _happened(tx, chat_id, 1, ChatAction.STARTED, None)
    tx.record(ChatStarted(chat_id=chat_id))
    return chat_id


async def answer(tx: Transaction, chat_id: str, message_id: str, body: str) -> None:
    """Say something to the customer; the first to do so takes the chat. ``message_id`` is a UUID of the caller's.

    Raises NotFound, Forbidden, Invalid("chatId") when another user has it or it is over, AlreadyUsed for an id that was
    used before, Unmet for a full chat. Source: Mailbox API 2.0, "Add a chat message".
    """
    it = await queries.locked(tx, chat_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await _check(tx, it, message_id)
    user_id = tx.actor.user_id
    if it.assignee_id not in (None, user_id):
        raise Invalid("chatId", "is held by another user", rejected=it.id)
    count = it.event_count
    if it.assignee_id is None:
        count += 1
        await _happened(tx, it.id, count, ChatAction.ASSIGNED, user_id)
        tx.record(ChatAssigned(chat_id=it.id, user_id=user_id))
    await _say(tx, it, count, message_id, body, user_id)


async def hear(tx: Transaction, chat_id: str, message_id: str, body: str) -> None:
    """Take in what the customer says. Raises as ``answer`` does, but for who has the chat."""
    it = await queries.locked(tx, chat_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await _check(tx, it, message_id)
    await _say(tx, it, it.event_count, message_id, body, None)


async def end(tx: Transaction, chat_id: str) -> None:
    """End a chat: what was said becomes one thread of a new conversation, closed if somebody answered, else active.

    Ending it again does nothing. Raises NotFound, Forbidden.
    """
    it = await queries.locked(tx, chat_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if it.ended_at is not None:
        return
    count = it.event_count + 1
    await _happened(tx, it.id, count, ChatAction.ENDED, tx.actor.user_id or None)
    conversation_id = await _keep(tx, it)
    await tx.write(END, chat_id=it.id, event_count=count, ended_at=tx.instant, conversation_id=conversation_id)
    tx.record(ChatEnded(chat_id=it.id, conversation_id=conversation_id))


async def follow_merge(tx: Transaction, event: CustomersMerged) -> None:
    """The chats of a customer are the other's."""
    await tx.write(REPOINT, customer_id=event.gone_id, into=event.customer_id)


async def _check(tx: Transaction, it: Held, message_id: str) -> None:
    if await tx.first(queries.TAKEN, event_id=message_id) is not None:
        raise AlreadyUsed("id value is already in use")
    if it.ended_at is not None:
        raise Invalid("chatId", "is over", rejected=it.id)
    if it.event_count >= MOST_EVENTS:
        raise Unmet(f"A chat may have {MOST_EVENTS} events at most")


async def _say(tx: Transaction, it: Held, count: int, message_id: str, body: str, user_id: int | None) -> None:
    await tx.write(
        ADD_EVENT,
        id=message_id,
        chat_id=it.id,
        number=count + 1,
        type=ChatEventType.MESSAGE,
        action=ChatAction.MESSAGE_ADDED,
        user_id=user_id,
        body=body,
        created_at=tx.instant,
    )
    assignee_id = it.assignee_id if user_id is None else user_id
    await tx.write(SHOW, chat_id=it.id, event_count=count + 1, preview=preview(body), assignee_id=assignee_id)
    tx.record(ChatMessageAdded(chat_id=it.id, event_id=message_id, by_customer=user_id is None))


async def _happened(tx: Transaction, chat_id: str, number: int, action: ChatAction, user_id: int | None) -> None:
    """Note something that is no message."""
    await tx.write(
        ADD_EVENT,
        id=str(uuid.uuid4()),
        chat_id=chat_id,
        number=number,
        type=ChatEventType.LINE_ITEM,
        action=action,
        user_id=user_id,
        body=None,
        created_at=tx.instant,
    )


async def _keep(tx: Transaction, it: Held) -> int | None:
    """The conversation of what was said, or None when nothing was."""
    chat = await queries.get(tx, it.id)
    customer = await customers.reference(tx, it.customer_id)
    said = [each for each in await queries.events(tx, it.id) if each.body is not None]
    if not said or customer is None:
        return None
    who = customer.name or customer.email or "Customer"
    lines = [
        f"<p><b>{escape(each.user_first or 'Deskhand') if each.user_id else escape(who)}</b> {each.created_at:%H:%M} UTC<br>"
        f"{escape(each.body or '', quote=False)}</p>"
        for each in said
    ]
    owner = chat.assignee_id
    if owner is not None and not await inboxes.may_work_in(tx, owner, it.inbox_id):
        owner = None
    began = await creating.create(
        tx,
        creating.NewConversation(
            inbox_id=it.inbox_id,
            type=ConversationType.CHAT,
            status=Status.ACTIVE if all(each.user_id is None for each in said) else Status.CLOSED,
            subject=f"Chat with {who}",
            customer=customer,
            threads=[NewThread(type=ThreadType.BEACON_CHAT, text="".join(lines), customer=customer)],
            assign_to=owner,
        ),
    )
    return began.id
