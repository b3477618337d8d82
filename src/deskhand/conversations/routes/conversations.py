"""Conversations (contract 10)."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.conversations.bodies import bodies
from deskhand.conversations.model import Status
from deskhand.conversations.operations import changing, creating, drafts, fields, snoozing, tagging, threads
from deskhand.conversations.queries import lists, one
from deskhand.conversations.routes import examples, filters, patching, prepare
from deskhand.conversations.schemas.conversations import ConversationBody, EmbeddedConversations
from deskhand.conversations.schemas.requests import (
    ConversationInput,
    ConversationsQuery,
    EmbedQuery,
    FieldsInput,
    SnoozeInput,
    TagsInput,
    Text,
)
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Code, Invalid, Mistakes, Source
from deskhand.kernel.http import wire
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.patches import JsonPatch
from deskhand.kernel.http.routes import PathId, delete, get, patch, post, put
from deskhand.kernel.transaction import Snapshot, Transaction


@get(summary="List Conversations", errors=(400, 403), example=examples.LIST)
async def index(
    view: Snapshot, query: ConversationsQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedConversations]:
    """Conversations in the inboxes that the token's user can see; all filters must hold. Active ones, newest first, unless
    asked otherwise; also with a search, which looks through every status only with ``status=all``."""
    settings = desk.settings
    wanted, sorting = await filters.read(view, query, settings)
    size = settings.page_size_conversations
    listing = await lists.page(view, wanted, sorting, query.page, size)
    info = page_info(query.page, size, listing.total)
    found = await bodies(view, listing.conversations, origins, embeds=query.embed is not None)
    return Page(
        embedded=EmbeddedConversations(found) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@post(
    summary="Create Conversation",
    errors=(400, 403, 412, 413, 415),
    upload=True,
    prepare=prepare.files_of_conversation,
    refused=prepare.forget,
    example=examples.CREATE,
)
async def create(tx: Transaction, data: ConversationInput, prepared: prepare.Prepared, origins: Origins) -> Created:
    """A conversation with 1 to 100 threads. A customer is found by id or address, or made."""
    mistakes = Mistakes(prepared.mistakes)
    began = await creating.create(tx, await prepare.conversation(tx, data, prepared, mistakes), mistakes)
    return Created(
        began.id,
        location=f"{origins.api}/v2/conversations/{began.id}",
        web_location=f"{origins.web}/conversation/{began.id}/{began.number}",
    )


@get(summary="Get Conversation", errors=(400, 403, 404), redirects=True, example=examples.CONVERSATION)
async def show(view: Snapshot, conversation_id: PathId, query: EmbedQuery, desk: Desk, origins: Origins) -> ConversationBody:
    """One conversation. One that was merged away answers 301 with the survivor's address."""
    it = await one.get_or_moved(view, conversation_id, desk.settings.merge_redirect_days)
    (body,) = await bodies(view, [it], origins, embeds=query.embed is not None)
    return body


async def _set_status(tx: Transaction, conversation_id: int, value: object) -> None:
    words = ("active", "spam", "open", "closed", "pending")
    if not isinstance(value, str) or value not in words:
        told = "Expected one of these: " + ", ".join(f"'{word}'" for word in words)
        raise Invalid("value", told, code=Code.ENUM_VALUE, rejected=value)
    await changing.set_status(tx, conversation_id, Status.ACTIVE if value == "open" else Status(value))


async def _set_subject(tx: Transaction, conversation_id: int, value: object) -> None:
    await changing.set_subject(tx, conversation_id, wire.convert(value, Text, Source.JSON, "value"))


async def _set_customer(tx: Transaction, conversation_id: int, value: object) -> None:
    await changing.set_customer(tx, conversation_id, _id(value))


async def _move(tx: Transaction, conversation_id: int, value: object) -> None:
    await changing.move(tx, conversation_id, _id(value))


async def _assign(tx: Transaction, conversation_id: int, value: object) -> None:
    await changing.assign(tx, conversation_id, to=_id(value))


async def _unassign(tx: Transaction, conversation_id: int, value: object) -> None:
    await changing.assign(tx, conversation_id, to=None)


async def _publish(tx: Transaction, conversation_id: int, value: object) -> None:
    if wire.convert(value, bool, Source.JSON, "value"):
        raise Invalid("value", "must be false", rejected=value)
    await threads.publish(tx, conversation_id, await drafts.draft_of(tx, conversation_id))


CHANGES = {
    ("/subject", "replace"): _set_subject,
    ("/primaryCustomer.id", "replace"): _set_customer,
    ("/draft", "replace"): _publish,
    ("/mailboxId", "move"): _move,
    ("/mailboxId", "replace"): _move,
    ("/status", "replace"): _set_status,
    ("/assignTo", "replace"): _assign,
    ("/assignTo", "remove"): _unassign,
}


@patch(summary="Update Conversation", errors=(400, 403, 404, 412, 415), example=examples.PATCH)
async def change(tx: Transaction, conversation_id: PathId, data: JsonPatch) -> None:
    """One change, as an object with ``op``, ``path`` and ``value``; an array of them is applied in order, all or none."""
    await patching.apply(tx, data, CHANGES, conversation_id)


@delete(summary="Delete Conversation", errors=(400, 403, 404))
async def remove(tx: Transaction, conversation_id: PathId) -> None:
    """Move a conversation to the Deleted folder."""
    await changing.delete(tx, conversation_id)


@put("/tags", summary="Update Tags", errors=(400, 403, 404, 415), example={"tags": ["gift", "eu"]})
async def set_tags(tx: Transaction, conversation_id: PathId, data: TagsInput) -> None:
    """Replace all tags of a conversation; unknown names are made, an empty list clears."""
    await tagging.set_tags(tx, conversation_id, data.tags or [])


@put("/fields", summary="Update Custom Fields", errors=(400, 403, 404, 415), example=examples.FIELDS)
async def set_fields(tx: Transaction, conversation_id: PathId, data: FieldsInput) -> None:
    """Replace all custom field values of a conversation; fields that are not listed are removed."""
    await fields.set_fields(tx, conversation_id, [(each.id, each.value) for each in data.fields or []])


@put("/snooze", summary="Update Snooze", errors=(400, 403, 404, 415), example=examples.SNOOZE)
async def snooze(tx: Transaction, conversation_id: PathId, data: SnoozeInput) -> None:
    """Put a conversation aside until a moment; each call replaces the one before."""
    await snoozing.snooze(tx, conversation_id, until=data.snoozed_until, wakes_on_reply=data.unsnooze_on_customer_reply)


@delete("/snooze", summary="Delete Snooze", errors=(400, 403, 404))
async def unsnooze(tx: Transaction, conversation_id: PathId) -> None:
    """Bring a conversation back now."""
    await snoozing.wake(tx, conversation_id)


def _id(value: object) -> int:
    return int(wire.convert(value, wire.Id, Source.JSON, "value"))


ROUTERS = [
    Router("/v2/conversations", route_handlers=[index, create]),
    Router(
        "/v2/conversations/{conversation_id:str}",
        route_handlers=[show, change, remove, set_tags, set_fields, snooze, unsnooze],
    ),
]
