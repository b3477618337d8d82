"""Reading what one was told: only of conversations that one may still see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select

from deskhand.conversations.model import ConversationState
from deskhand.conversations.tables import conversations
from deskhand.customers.tables import customers
from deskhand.kernel.permissions import Actor
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.notifications.model import MOST_COUNTED
from deskhand.notifications.tables import notifications
from deskhand.users.model import Occasion
from deskhand.users.tables import users


class Notification(Struct, frozen=True):
    """Something that happened in a conversation, and who did it: a user, or without ``by_user_id`` its customer or the desk."""

    id: int
    occasion: Occasion
    conversation_id: int
    thread_id: int | None
    by_user_id: int | None
    created_at: datetime
    read_at: datetime | None
    number: int
    subject: str
    inbox_id: int
    user_first: str | None
    user_last: str | None
    customer_id: int
    customer_first: str | None
    customer_last: str | None


class ToldOf(Struct, frozen=True):
    """Somebody was told of a conversation."""

    user_id: int
    conversation_id: int


TOLD_OF = read(
    select(notifications.c.user_id, notifications.c.conversation_id)
    .where(
        any_of(notifications.c.user_id, "user_ids"),
        any_of(notifications.c.conversation_id, "conversation_ids"),
        notifications.c.read_at.is_(None),
    )
    .distinct(),
    ToldOf,
)


@shaped
def _listed(*, sees_all: bool, unread: bool, before: bool) -> Read[Notification]:
    statement = (
        select(
            *(notifications.c[name] for name in Notification.__struct_fields__[:7]),
            conversations.c.number,
            conversations.c.subject,
            conversations.c.inbox_id,
            users.c.first_name,
            users.c.last_name,
            conversations.c.customer_id,
            customers.c.first_name.label("customer_first"),
            customers.c.last_name.label("customer_last"),
        )
        .join_from(notifications, conversations, conversations.c.id == notifications.c.conversation_id)
        .join(customers, customers.c.id == conversations.c.customer_id)
        .outerjoin(users, users.c.id == notifications.c.by_user_id)
        .where(*_theirs(sees_all=sees_all, unread=unread))
    )
    if before:
        statement = statement.where(notifications.c.id < param("before"))
    return read(statement.order_by(notifications.c.id.desc()).limit(param("most")), Notification)


@shaped
def _unread(*, sees_all: bool) -> Read[int]:
    some = (
        select(notifications.c.id)
        .join_from(notifications, conversations, conversations.c.id == notifications.c.conversation_id)
        .where(*_theirs(sees_all=sees_all, unread=True))
        .limit(param("most"))
    )
    return read(select(func.count()).select_from(some.subquery()), int)


def _theirs(*, sees_all: bool, unread: bool) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        notifications.c.user_id == param("user_id"),
        conversations.c.state != ConversationState.DELETED.value,
    ]
    if not sees_all:
        found.append(any_of(conversations.c.inbox_id, "inbox_ids"))
    return [*found, notifications.c.read_at.is_(None)] if unread else found


async def page(view: Snapshot, size: int, *, unread: bool = False, before: int | None = None) -> list[Notification]:
    """So many of the actor's, the newest first: of the unread ones only, behind one only."""
    statement = _listed(sees_all=view.actor.sees_all_inboxes, unread=unread, before=before is not None)
    return await view.all(statement, most=size, before=before, **_of(view.actor))


async def unread(view: Snapshot) -> int:
    """How many the actor has not read; 100 is as many or more."""
    return await view.one(_unread(sees_all=view.actor.sees_all_inboxes), most=MOST_COUNTED, **_of(view.actor))


async def told_of(view: Snapshot, conversation_ids: Collection[int], user_ids: Collection[int]) -> list[ToldOf]:
    """Who of some users has not read what they were told of some conversations. For the desk itself: asks for no right."""
    return await view.all(TOLD_OF, conversation_ids=list(conversation_ids), user_ids=list(user_ids))


def _of(actor: Actor) -> dict[str, Any]:
    return {"user_id": actor.user_id} | ({} if actor.sees_all_inboxes else {"inbox_ids": list(actor.inbox_ids)})
