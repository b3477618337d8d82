"""Threads (contract 20)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router
from msgspec import UNSET

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import drafts, schedule, threads
from deskhand.conversations.queries import one
from deskhand.conversations.routes import examples, patching, prepare
from deskhand.conversations.schemas.requests import (
    CustomerThreadInput,
    NoteInput,
    ReplyInput,
    ScheduleInput,
    Text,
    ThreadsQuery,
)
from deskhand.conversations.schemas.threads import EmbeddedThreadList, OriginalSource, thread_body
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Code, Invalid, Mistakes, NotFound, Source
from deskhand.kernel.http import wire
from deskhand.kernel.http.answers import Created, File
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.patches import JsonPatch
from deskhand.kernel.http.routes import PathId, delete, get, patch, post, put
from deskhand.kernel.transaction import Snapshot, Transaction

REFUSALS = (400, 403, 404, 412, 413, 415)


@get("/threads", summary="List Threads", errors=(400, 403, 404), example=examples.THREADS)
async def index(
    view: Snapshot, conversation_id: PathId, query: ThreadsQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedThreadList]:
    """The threads of a conversation, newest first: line items, notes, drafts and hidden ones too."""
    size = desk.settings.page_size_conversations
    return await page_of(view, conversation_id, query.page, size, origins, asked.parameters)


async def page_of(
    view: Snapshot,
    conversation_id: int,
    number: int,
    size: int,
    origins: Origins,
    parameters: str,
    *,
    api: str = "v2",
    system: str = "user",
) -> Page[EmbeddedThreadList]:
    """A page of a conversation's threads as v2 or v3 has it."""
    it = await one.get(view, conversation_id)
    skip = (number - 1) * size
    found = await view.all(one.THREAD_PAGE, conversation_id=it.id, most=size, skip=skip) if skip < it.thread_total else []
    files = await one.attachments_of(view, found)
    listed = [thread_body(each, files.get(each.id, []), view.actor.user_id, origins, system=system) for each in found]
    info = page_info(number, size, it.thread_total)
    here = Asked(f"{origins.api}/{api}/conversations/{it.id}/threads/", parameters)
    return Page(
        embedded=EmbeddedThreadList(listed) if listed else UNSET,
        links=page_links(here, number, info.total_pages),
        page=info,
    )


@post(
    "/reply",
    summary="Create Reply Thread",
    errors=REFUSALS,
    upload=True,
    prepare=prepare.files_of_thread,
    refused=prepare.forget,
    example=examples.REPLY,
)
async def reply(tx: Transaction, conversation_id: PathId, data: ReplyInput, prepared: prepare.Prepared) -> Created:
    """Answer the customer; a draft is kept unsent. Reactivates the conversation unless a status is given."""
    mistakes = Mistakes(prepared.mistakes)
    return Created(await threads.add(tx, conversation_id, await prepare.reply(tx, data, prepared, mistakes), mistakes))


@post(
    "/notes",
    summary="Create Note",
    errors=REFUSALS,
    upload=True,
    prepare=prepare.files_of_thread,
    refused=prepare.forget,
    example=examples.NOTE,
)
async def note(tx: Transaction, conversation_id: PathId, data: NoteInput, prepared: prepare.Prepared) -> Created:
    """A note that only colleagues see."""
    return Created(await threads.add(tx, conversation_id, prepare.note(data, prepared), Mistakes(prepared.mistakes)))


@post(
    "/customer",
    summary="Create Customer Thread",
    errors=REFUSALS,
    upload=True,
    prepare=prepare.files_of_thread,
    refused=prepare.forget,
    example=examples.SAID,
)
async def customer(tx: Transaction, conversation_id: PathId, data: CustomerThreadInput, prepared: prepare.Prepared) -> Created:
    """Something the customer wrote. Opens the conversation again unless it is imported."""
    return await _said(tx, conversation_id, data, ThreadType.CUSTOMER, prepared)


@post(
    "/chats",
    summary="Create Chat Thread",
    errors=REFUSALS,
    upload=True,
    prepare=prepare.files_of_thread,
    refused=prepare.forget,
    example=examples.SAID,
)
async def chat(tx: Transaction, conversation_id: PathId, data: CustomerThreadInput, prepared: prepare.Prepared) -> Created:
    """A chat with the customer."""
    return await _said(tx, conversation_id, data, ThreadType.CHAT, prepared)


@post(
    "/phones",
    summary="Create Phone Thread",
    errors=REFUSALS,
    upload=True,
    prepare=prepare.files_of_thread,
    refused=prepare.forget,
    example=examples.SAID,
)
async def phone(tx: Transaction, conversation_id: PathId, data: CustomerThreadInput, prepared: prepare.Prepared) -> Created:
    """A call with the customer."""
    return await _said(tx, conversation_id, data, ThreadType.PHONE, prepared)


async def _said(
    tx: Transaction, conversation_id: int, data: CustomerThreadInput, type_: ThreadType, prepared: prepare.Prepared
) -> Created:
    mistakes = Mistakes(prepared.mistakes)
    new = await prepare.said(tx, data, type_, prepared, mistakes)
    return Created(await threads.add(tx, conversation_id, new, mistakes))


async def _set_text(tx: Transaction, conversation_id: int, thread_id: int, value: object) -> None:
    await drafts.edit(tx, conversation_id, thread_id, wire.convert(value, Text, Source.JSON, "value"))


async def _set_hidden(tx: Transaction, conversation_id: int, thread_id: int, value: object) -> None:
    await drafts.hide(tx, conversation_id, thread_id, hidden=wire.convert(value, bool, Source.JSON, "value"))


CHANGES = {("/text", "replace"): _set_text, ("/hidden", "replace"): _set_hidden}


@patch("/threads/{thread_id:str}", summary="Update Thread", errors=(400, 403, 404, 412, 415), example=examples.PATCH_TEXT)
async def change(tx: Transaction, conversation_id: PathId, thread_id: PathId, data: JsonPatch) -> None:
    """Change the text of a thread (the first one is kept), or hide it from the customer."""
    await patching.apply(tx, data, CHANGES, conversation_id, thread_id)


@put(
    "/threads/{thread_id:str}/schedule",
    summary="Update Schedule",
    errors=(400, 403, 404, 412, 415),
    example=examples.SCHEDULE,
)
async def set_schedule(tx: Transaction, conversation_id: PathId, thread_id: PathId, data: ScheduleInput) -> None:
    """Send a draft at a moment; each call replaces the one before."""
    await schedule.schedule(
        tx,
        conversation_id,
        thread_id,
        at=data.scheduled_for,
        unschedules_on_reply=data.unschedule_on_customer_reply,
        as_creator=bool(data.send_as_creator),
    )


async def _send(tx: Transaction, conversation_id: int, thread_id: int, value: object) -> None:
    if value != "published":
        raise Invalid("value", "Expected one of these: 'published'", code=Code.ENUM_VALUE, rejected=value)
    await threads.send_now(tx, conversation_id, thread_id)


SEND_NOW = {("/state", "replace"): _send}


@patch(
    "/threads/{thread_id:str}/schedule",
    summary="Publish Scheduled Thread",
    errors=(400, 403, 404, 412, 415),
    example=examples.SEND_NOW,
)
async def send_now(tx: Transaction, conversation_id: PathId, thread_id: PathId, data: JsonPatch) -> None:
    """Send a scheduled thread now."""
    await patching.apply(tx, data, SEND_NOW, conversation_id, thread_id)


@delete("/threads/{thread_id:str}/schedule", summary="Delete Schedule", errors=(400, 403, 404, 412))
async def drop_schedule(tx: Transaction, conversation_id: PathId, thread_id: PathId) -> None:
    """Make a scheduled thread an ordinary draft again."""
    await schedule.unschedule(tx, conversation_id, thread_id)


@get("/threads/{thread_id:str}/original-source", summary="Get Original Source", errors=(400, 403, 404), files=True)
async def original(
    view: Snapshot, conversation_id: PathId, thread_id: PathId, desk: Desk, request: Request[Any, Any, Any]
) -> OriginalSource | File:
    """The mail as it arrived: as JSON, or with ``Accept: message/rfc822`` byte for byte."""
    await one.get(view, conversation_id)
    thread = await one.thread(view, conversation_id, thread_id)
    if thread.source_blob is None:
        raise NotFound("Not found")
    content = await desk.blobs.get(thread.source_blob)
    if "message/rfc822" in request.headers.get("accept", ""):
        return File(content, "message/rfc822")
    return OriginalSource(content.decode(errors="replace"))


ROUTERS = [
    Router(
        "/v2/conversations/{conversation_id:str}",
        route_handlers=[
            index,
            reply,
            note,
            customer,
            chat,
            phone,
            change,
            set_schedule,
            send_now,
            drop_schedule,
            original,
        ],
    )
]
