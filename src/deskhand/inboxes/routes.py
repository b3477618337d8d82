"""Inboxes (contract 60 §1), their saved replies (61 §1), and the list of users, which can be asked by inbox."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.inboxes import operations, queries
from deskhand.inboxes.schemas import (
    FIELD_EXAMPLE,
    FIELDS_EXAMPLE,
    INBOX_EXAMPLE,
    INBOXES_EXAMPLE,
    OFFICE_HOURS_EXAMPLE,
    SAVED_REPLIES_EXAMPLE,
    SAVED_REPLY_EXAMPLE,
    SAVED_REPLY_INPUT,
    CustomFieldBody,
    EmbeddedFields,
    EmbeddedInboxes,
    FieldList,
    InboxBody,
    OfficeHoursBody,
    PageQuery,
    SavedRepliesQuery,
    SavedReplyBody,
    SavedReplyInput,
    SavedReplyItem,
    field_body,
    inbox_body,
    office_hours_body,
    office_hours_given,
    saved_reply_body,
    saved_reply_item,
)
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Asked, Link, Origins, Page, PageInfo, SelfLink, page_info, page_links
from deskhand.kernel.http.routes import PathId, delete, get, post, put
from deskhand.kernel.permissions import Role
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.users import queries as users
from deskhand.users.operations import NewUser
from deskhand.users.schemas import NEW_USER_EXAMPLE, USERS_EXAMPLE, EmbeddedUsers, UserInput, UsersQuery, user_body


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


@get("/saved-replies", summary="List Saved Replies", errors=(400, 403, 404), example=SAVED_REPLIES_EXAMPLE)
async def saved_replies(view: Snapshot, mailbox_id: PathId, query: SavedRepliesQuery) -> list[SavedReplyItem]:
    """The saved replies of an inbox by name, as a bare array; with ``includeChatReplies`` those for chats only, too."""
    found = await queries.saved_replies_of(view, mailbox_id, chat_only_too=query.include_chat_replies)
    return [saved_reply_item(each) for each in found]


@post(
    "/saved-replies",
    summary="Create Saved Reply",
    errors=(400, 403, 404, 409, 415),
    example=SAVED_REPLY_INPUT,
)
async def save_reply(tx: Transaction, mailbox_id: PathId, data: SavedReplyInput, origins: Origins) -> Created:
    """Save a reply for mail, for chats or for both."""
    made = await operations.create_saved_reply(tx, mailbox_id, data.name, text=data.text, chat_text=data.chat_text)
    return Created(made, location=f"{origins.api}/v2/mailboxes/{mailbox_id}/saved-replies/{made}")


@get("/saved-replies/{reply_id:str}", summary="Get Saved Reply", errors=(400, 403, 404), example=SAVED_REPLY_EXAMPLE)
async def saved_reply(view: Snapshot, mailbox_id: PathId, reply_id: PathId) -> SavedReplyBody:
    """One saved reply, whole."""
    return saved_reply_body(await queries.saved_reply(view, mailbox_id, reply_id))


@put(
    "/saved-replies/{reply_id:str}",
    summary="Update Saved Reply",
    errors=(400, 403, 404, 415),
    example=SAVED_REPLY_INPUT,
)
async def update_saved_reply(tx: Transaction, mailbox_id: PathId, reply_id: PathId, data: SavedReplyInput) -> None:
    """Replace a saved reply; a text that is not given is removed."""
    await operations.update_saved_reply(tx, mailbox_id, reply_id, data.name, text=data.text, chat_text=data.chat_text)


@delete("/saved-replies/{reply_id:str}", summary="Delete Saved Reply", errors=(400, 403, 404))
async def delete_saved_reply(tx: Transaction, mailbox_id: PathId, reply_id: PathId) -> None:
    """Offer a saved reply no longer; reports keep its name."""
    await operations.delete_saved_reply(tx, mailbox_id, reply_id)


@get(summary="Get Office Hours", errors=(403, 404), example=OFFICE_HOURS_EXAMPLE)
async def office_hours(view: Snapshot) -> OfficeHoursBody:
    """When the account is at work, where an inbox says nothing; its time zone is that of the reports' days."""
    return office_hours_body(await queries.office_hours(view, None))


@put(summary="Set Office Hours", errors=(400, 403, 415), example=OFFICE_HOURS_EXAMPLE)
async def set_office_hours(tx: Transaction, data: OfficeHoursBody) -> None:
    """Say when the account is at work; reports are computed anew behind it."""
    await operations.set_office_hours(tx, None, office_hours_given(data))


@delete(summary="Remove Office Hours", errors=(403,))
async def remove_office_hours(tx: Transaction) -> None:
    """Let every hour count, and days be those of UTC."""
    await operations.remove_office_hours(tx, None)


@get(summary="Get Office Hours of Inbox", errors=(400, 403, 404), example=OFFICE_HOURS_EXAMPLE)
async def office_hours_of_inbox(view: Snapshot, mailbox_id: PathId) -> OfficeHoursBody:
    """When an inbox is at work, if it has office hours of its own."""
    return office_hours_body(await queries.office_hours(view, mailbox_id))


@put(summary="Set Office Hours of Inbox", errors=(400, 403, 404, 415), example=OFFICE_HOURS_EXAMPLE)
async def set_office_hours_of_inbox(tx: Transaction, mailbox_id: PathId, data: OfficeHoursBody) -> None:
    """Say when an inbox is at work."""
    await operations.set_office_hours(tx, mailbox_id, office_hours_given(data))


@delete(summary="Remove Office Hours of Inbox", errors=(400, 403, 404))
async def remove_office_hours_of_inbox(tx: Transaction, mailbox_id: PathId) -> None:
    """Let the account's office hours count for an inbox."""
    await operations.remove_office_hours(tx, mailbox_id)


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


@post(summary="Create User", errors=(400, 403, 409, 415), example=NEW_USER_EXAMPLE)
async def create_user(tx: Transaction, data: UserInput, origins: Origins) -> Created:
    """Invite somebody to work here. They are listed at once, and can do nothing before they have a password."""
    timezone = data.timezone or (await users.get(tx, tx.actor.user_id)).timezone
    new = NewUser(
        first_name=data.first_name,
        last_name=data.last_name,
        email=data.email,
        role=Role(data.role.value),
        timezone=timezone,
        job_title=data.job_title,
        phone=data.phone,
    )
    inboxes = [(each.id, each.email_access is not False) for each in data.mailboxes or []]
    user_id = await operations.invite(tx, new, inboxes, sends_mail=data.send_invite is not False)
    return Created(user_id, location=f"{origins.api}/v2/users/{user_id}")


ROUTERS = [
    Router("/v2/mailboxes", route_handlers=[index]),
    Router(
        "/v2/mailboxes/{mailbox_id:str}",
        route_handlers=[
            show,
            fields,
            show_field,
            saved_replies,
            save_reply,
            saved_reply,
            update_saved_reply,
            delete_saved_reply,
        ],
    ),
    Router("/deskhand/v1/office-hours", route_handlers=[office_hours, set_office_hours, remove_office_hours]),
    Router(
        "/deskhand/v1/mailboxes/{mailbox_id:str}/office-hours",
        route_handlers=[office_hours_of_inbox, set_office_hours_of_inbox, remove_office_hours_of_inbox],
    ),
    Router("/v2/users", route_handlers=[list_users, create_user]),
]
