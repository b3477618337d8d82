"""What one was told in the browser, and what one wants to be told of: ours, below ``/deskhand/v1/notifications``."""

from __future__ import annotations

from litestar import Router

from deskhand.kernel.http.routes import PathId, get, put
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.notifications import operations, queries
from deskhand.notifications.schemas import (
    EXAMPLE,
    READ_EXAMPLE,
    WISHES_EXAMPLE,
    NotificationsBody,
    NotificationsQuery,
    ReadInput,
    WishesBody,
    notifications_body,
    wishes_body,
)
from deskhand.users import operations as users
from deskhand.users import queries as user_queries


@get(summary="List Notifications", errors=(400,), example=EXAMPLE)
async def index(view: Snapshot, query: NotificationsQuery) -> NotificationsBody:
    """What the token's user was told within 90 days, the newest first, of conversations they may still see."""
    found = await queries.page(view, query.limit + 1, unread=query.unread, before=query.before)
    return notifications_body(found, await queries.unread(view), query.limit)


@put("/read", summary="Read Notifications", errors=(400, 403, 415), example=READ_EXAMPLE)
async def read_up_to(tx: Transaction, data: ReadInput) -> None:
    """All of one's notifications up to one are read."""
    await operations.read_up_to(tx, data.up_to)


@put("/{notification_id:str}/read", summary="Read Notification", errors=(400, 403, 404))
async def read(tx: Transaction, notification_id: PathId) -> None:
    """One of one's notifications is read."""
    await operations.read(tx, notification_id)


@get("/settings", summary="Get Notification Settings", example=WISHES_EXAMPLE)
async def settings(view: Snapshot) -> WishesBody:
    """What the token's user is told of."""
    return wishes_body(await user_queries.wishes(view, view.actor.user_id))


@put("/settings", summary="Set Notification Settings", errors=(400, 403, 415), example=WISHES_EXAMPLE)
async def set_settings(tx: Transaction, data: WishesBody) -> None:
    """Say what one wants to be told of; mail also needs an inbox that notifies."""
    await users.choose_notifications(tx, in_browser=data.browser, by_mail=data.mail)


ROUTERS = [Router("/deskhand/v1/notifications", route_handlers=[index, read_up_to, read, settings, set_settings])]
