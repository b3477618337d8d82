"""Inboxes (contract 60 §1), and the list of users, which can be asked by inbox."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.inboxes import queries
from deskhand.inboxes.schemas import (
    FIELD_EXAMPLE,
    FIELDS_EXAMPLE,
    INBOX_EXAMPLE,
    INBOXES_EXAMPLE,
    CustomFieldBody,
    EmbeddedFields,
    EmbeddedInboxes,
    FieldList,
    InboxBody,
    PageQuery,
    field_body,
    inbox_body,
)
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound
from deskhand.kernel.http.hal import Asked, Link, Origins, Page, PageInfo, SelfLink, page_info, page_links
from deskhand.kernel.http.routes import PathId, get
from deskhand.kernel.transaction import Snapshot
from deskhand.users import queries as users
from deskhand.users.schemas import USERS_EXAMPLE, EmbeddedUsers, UsersQuery, user_body


@get(summary="List Inboxes", errors=(400,), example=INBOXES_EXAMPLE)
async def index(view: Snapshot, query: PageQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedInboxes]:
    """The inboxes the token's user works in, by name."""
    size = desk.settings.page_size
    found, total = await queries.page(view, query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedInboxes([inbox_body(each, origins) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@get(summary="Get Inbox", errors=(400, 403, 404), example=INBOX_EXAMPLE)
async def show(view: Snapshot, mailbox_id: PathId, origins: Origins) -> InboxBody:
    """One inbox."""
    return inbox_body(await queries.get(view, mailbox_id), origins)


@get("/fields", summary="List Inbox Custom Fields", errors=(400, 403, 404), example=FIELDS_EXAMPLE)
async def fields(view: Snapshot, mailbox_id: PathId, desk: Desk, origins: Origins) -> FieldList:
    """The custom fields of an inbox, in order."""
    await queries.get(view, mailbox_id)
    found = await queries.fields(view, mailbox_id)
    return FieldList(
        embedded=EmbeddedFields([field_body(each, origins) for each in found]) if found else UNSET,
        links=SelfLink(Link(f"{origins.api}/v2/mailboxes/{mailbox_id}/fields/")),
        page=PageInfo(desk.settings.page_size, len(found), 1 if found else 0, 1),
    )


@get("/fields/{field_id:str}", summary="Get Inbox Custom Field", errors=(400, 403, 404), example=FIELD_EXAMPLE)
async def show_field(view: Snapshot, mailbox_id: PathId, field_id: PathId, origins: Origins) -> CustomFieldBody:
    """One custom field of an inbox."""
    await queries.get(view, mailbox_id)
    found = next((each for each in await queries.fields(view, mailbox_id) if each.id == field_id), None)
    if found is None:
        raise NotFound("Not found")
    return field_body(found, origins)


@get(summary="List Users", errors=(400,), example=USERS_EXAMPLE)
async def list_users(view: Snapshot, query: UsersQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedUsers]:
    """The users of the account, also those who have not accepted their invitation yet."""
    size = desk.settings.page_size
    ids = None
    if query.mailbox is not None:
        ids = await queries.workers(view, query.mailbox) if view.actor.sees_inbox(query.mailbox) else []
    found, total = await users.page(view, "user", query.page, size, email=query.email, ids=ids)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedUsers([user_body(each, origins) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


ROUTERS = [
    Router("/v2/mailboxes", route_handlers=[index]),
    Router("/v2/mailboxes/{mailbox_id:str}", route_handlers=[show, fields, show_field]),
    Router("/v2/users", route_handlers=[list_users]),
]
