"""The wire of notifications; all of it is ours."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from deskhand.kernel.http.wire import Id
from deskhand.notifications.queries import Notification
from deskhand.users.model import TOLD_BY_MAIL, TOLD_IN_BROWSER, Occasion
from deskhand.users.queries import Wishes

MOST = 100
EXAMPLE = {
    "notifications": [
        {
            "id": 9001,
            "occasion": "customer-replied-to-mine",
            "conversation": {"id": 41007, "number": 1207, "subject": "Parcel never left the depot", "mailboxId": 61},
            "threadId": 88123,
            "by": {"type": "customer", "id": 7001, "first": "Pavel", "last": "Lund"},
            "createdAt": "2026-03-02T12:01:00Z",
        }
    ],
    "unread": 1,
}
READ_EXAMPLE = {"upTo": 9001}
WISHES_EXAMPLE = {
    "browser": [each.value for each in TOLD_IN_BROWSER],
    "mail": [each.value for each in TOLD_BY_MAIL],
}


class NotificationsQuery(Struct, frozen=True, kw_only=True):
    """Which: those not read only, those behind (older than) ``before``, and how many."""

    unread: bool = False
    before: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 25


class AboutBody(Struct, rename="camel"):
    """The conversation it happened in."""

    id: int
    number: int
    subject: str
    mailbox_id: int


class ByBody(Struct):
    """Who did it."""

    type: str
    id: int
    first: str
    last: str


class NotificationBody(Struct, kw_only=True, rename="camel"):
    """Something that happened; ``by`` is the user who did it, else the customer of the conversation."""

    id: int
    occasion: Occasion
    conversation: AboutBody
    thread_id: int | UnsetType = UNSET
    by: ByBody
    created_at: datetime
    read_at: datetime | UnsetType = UNSET


class NotificationsBody(Struct, kw_only=True):
    """Some, the newest first; ``unread`` counts all of them up to 100; ``next`` is the ``before`` of what follows."""

    notifications: list[NotificationBody]
    unread: int
    next: int | UnsetType = UNSET


class ReadInput(Struct, frozen=True, rename="camel"):
    """The last that was read; all before it were."""

    up_to: Id


class WishesBody(Struct):
    """What somebody is told of, in the browser and by mail."""

    browser: list[Occasion]
    mail: list[Occasion]


def notifications_body(found: list[Notification], unread: int, size: int) -> NotificationsBody:
    """A piece of the list; ``found`` may hold one more than ``size``."""
    shown = found[:size]
    return NotificationsBody(
        notifications=[_body(each) for each in shown],
        unread=unread,
        next=shown[-1].id if len(found) > size else UNSET,
    )


def wishes_body(it: Wishes) -> WishesBody:
    """What somebody is told of."""
    return WishesBody(it.in_browser, it.by_mail)


def _body(it: Notification) -> NotificationBody:
    by = ByBody("customer", it.customer_id, it.customer_first or "", it.customer_last or "")
    if it.by_user_id is not None:
        by = ByBody("user", it.by_user_id, it.user_first or "", it.user_last or "")
    return NotificationBody(
        id=it.id,
        occasion=it.occasion,
        conversation=AboutBody(it.conversation_id, it.number, it.subject, it.inbox_id),
        thread_id=it.thread_id or UNSET,
        by=by,
        created_at=it.created_at,
        read_at=it.read_at or UNSET,
    )
