"""What somebody is writing: kept as they type, sent, or given up. Ours: the vendor has it in its web application only."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.conversations.model import Writing
from deskhand.conversations.operations import sending, writings
from deskhand.conversations.operations.writings import Overtaken, Typed
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.writings import Place, Written
from deskhand.conversations.routes import prepare
from deskhand.conversations.schemas import writings as shown
from deskhand.conversations.schemas.requests import AttachmentInput
from deskhand.conversations.schemas.writings import (
    EmbeddedWritings,
    SavedBody,
    SendInput,
    WritersBody,
    WritingBody,
    WritingInput,
)
from deskhand.customers.schemas.requests import PageQuery
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound
from deskhand.kernel.http.answers import Created, File
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, delete, get, post, put
from deskhand.kernel.transaction import Snapshot, Transaction

FILE_EXAMPLE = {"fileName": "receipt.txt", "mimeType": "text/plain", "data": "MjAsMDAgRVVS"}
ANSWERS = {each.value: each for each in Writing if each is not Writing.CONVERSATION}


@get(summary="List Own Writings", errors=(400, 403), example=shown.OWN_EXAMPLE)
async def index(view: Snapshot, query: PageQuery, desk: Desk, asked: Asked) -> Page[EmbeddedWritings]:
    """What one has written and not sent, the last saved first."""
    size = desk.settings.page_size
    found, total = await queries.own(view, query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedWritings([shown.own_body(each) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@get("/writings", summary="List Writers", errors=(400, 403, 404), example=shown.WRITERS_EXAMPLE)
async def list_writers(view: Snapshot, conversation_id: PathId) -> WritersBody:
    """Who is writing in a conversation, and what kind of thing; never its text."""
    return shown.writers_body(await queries.writers(view, conversation_id))


@get("/writings/{kind:str}", summary="Get Writing", errors=(400, 403, 404), example=shown.EXAMPLE)
async def show(view: Snapshot, conversation_id: PathId, kind: str) -> WritingBody:
    """The reply, note or forward that one is writing."""
    return await _body(view, await queries.get(view, _answer(conversation_id, kind)))


@put("/writings/{kind:str}", status=200, summary="Keep Writing", errors=(400, 403, 404, 409, 415), example=shown.INPUT_EXAMPLE)
async def keep(tx: Transaction, conversation_id: PathId, kind: str, data: WritingInput) -> SavedBody:
    """Save what one is writing, as a reply, note or forward. Where another device saved meanwhile it is 409 with what that
    left as current."""
    return await _keep(tx, _answer(conversation_id, kind), data)


@delete("/writings/{kind:str}", summary="Drop Writing", errors=(400, 403, 404))
async def drop(tx: Transaction, conversation_id: PathId, kind: str) -> None:
    """Give up what one is writing."""
    await writings.drop(tx, _answer(conversation_id, kind))


@post("/writings/{kind:str}/send", summary="Send Writing", errors=(400, 403, 404, 409, 412, 415), example=shown.SEND_EXAMPLE)
async def send(tx: Transaction, conversation_id: PathId, kind: str, data: SendInput, origins: Origins) -> Created:
    """Let it become a reply, a note, or for a forward a conversation of its own; it is written no more then."""
    return await _send(tx, _answer(conversation_id, kind), data, origins)


@post(
    "/writings/{kind:str}/attachments",
    summary="Attach to Writing",
    errors=(400, 403, 404, 412, 413, 415),
    upload=True,
    prepare=prepare.file,
    refused=prepare.forget,
    example=FILE_EXAMPLE,
)
async def attach(
    tx: Transaction, conversation_id: PathId, kind: str, data: AttachmentInput, prepared: prepare.Prepared
) -> Created:
    """Add a file to what one is writing, 10 MB at most, 50 files at most."""
    return Created(await writings.attach(tx, _answer(conversation_id, kind), prepared.files[0][0]))


@get(
    "/writings/{kind:str}/attachments/{attachment_id:str}",
    summary="Get File of Writing",
    errors=(400, 403, 404),
    files=True,
)
async def file(view: Snapshot, conversation_id: PathId, kind: str, attachment_id: PathId, desk: Desk) -> File:
    """A file's bytes."""
    return await _file(view, _answer(conversation_id, kind), attachment_id, desk)


@delete("/writings/{kind:str}/attachments/{attachment_id:str}", summary="Detach from Writing", errors=(400, 403, 404))
async def detach(tx: Transaction, conversation_id: PathId, kind: str, attachment_id: PathId) -> None:
    """Take a file away again."""
    await writings.detach(tx, _answer(conversation_id, kind), attachment_id)


@get(summary="Get New Conversation Writing", errors=(400, 403, 404), example=shown.EXAMPLE)
async def show_new(view: Snapshot, mailbox_id: PathId) -> WritingBody:
    """The new conversation that one is writing in an inbox."""
    return await _body(view, await queries.get(view, _beginning(mailbox_id)))


@put(status=200, summary="Keep New Conversation Writing", errors=(400, 403, 404, 409, 415), example=shown.INPUT_EXAMPLE)
async def keep_new(tx: Transaction, mailbox_id: PathId, data: WritingInput) -> SavedBody:
    """Save the new conversation that one is writing, one in each inbox. 409 as for a reply."""
    return await _keep(tx, _beginning(mailbox_id), data)


@delete(summary="Drop New Conversation Writing", errors=(400, 403, 404))
async def drop_new(tx: Transaction, mailbox_id: PathId) -> None:
    """Give up the new conversation that one is writing."""
    await writings.drop(tx, _beginning(mailbox_id))


@post("/send", summary="Send New Conversation", errors=(400, 403, 404, 409, 412, 415), example=shown.SEND_EXAMPLE)
async def send_new(tx: Transaction, mailbox_id: PathId, data: SendInput, origins: Origins) -> Created:
    """Let it become a conversation with whoever has the first address; it is written no more then."""
    return await _send(tx, _beginning(mailbox_id), data, origins)


@post(
    "/attachments",
    summary="Attach to New Conversation",
    errors=(400, 403, 404, 412, 413, 415),
    upload=True,
    prepare=prepare.file,
    refused=prepare.forget,
    example=FILE_EXAMPLE,
)
async def attach_new(tx: Transaction, mailbox_id: PathId, data: AttachmentInput, prepared: prepare.Prepared) -> Created:
    """Add a file to the new conversation that one is writing."""
    return Created(await writings.attach(tx, _beginning(mailbox_id), prepared.files[0][0]))


@get("/attachments/{attachment_id:str}", summary="Get File of New Conversation", errors=(400, 403, 404), files=True)
async def file_new(view: Snapshot, mailbox_id: PathId, attachment_id: PathId, desk: Desk) -> File:
    """A file's bytes."""
    return await _file(view, _beginning(mailbox_id), attachment_id, desk)


@delete("/attachments/{attachment_id:str}", summary="Detach from New Conversation", errors=(400, 403, 404))
async def detach_new(tx: Transaction, mailbox_id: PathId, attachment_id: PathId) -> None:
    """Take a file away again."""
    await writings.detach(tx, _beginning(mailbox_id), attachment_id)


def _answer(conversation_id: int, kind: str) -> Place:
    if kind not in ANSWERS:
        raise NotFound("Not found")
    return Place(ANSWERS[kind], conversation_id=conversation_id)


def _beginning(mailbox_id: int) -> Place:
    return Place(Writing.CONVERSATION, inbox_id=mailbox_id)


async def _body(view: Snapshot, it: Written) -> WritingBody:
    files = await queries.files(view, [it.id])
    return shown.writing_body(it, files, await queries.newest_thread(view, it.conversation_id))


async def _keep(tx: Transaction, place: Place, data: WritingInput) -> SavedBody:
    typed = Typed(
        body=data.body,
        subject=data.subject,
        to=data.to,
        cc=data.cc,
        bcc=data.bcc,
        after_status=data.status.value if data.status else None,
        assign_to=data.assign_to,
    )
    try:
        it = await writings.keep(tx, place, typed, version=data.version)
    except Overtaken as error:
        raise await _with_current(tx, error) from None
    return SavedBody(it.version, it.saved_at)


async def _send(tx: Transaction, place: Place, data: SendInput, origins: Origins) -> Created:
    try:
        sent = await sending.send(
            tx,
            place,
            version=data.version,
            answers_newest=data.unless_answered,
            with_files=data.with_attachments,
            only=data.only,
        )
    except Overtaken as error:
        raise await _with_current(tx, error) from None
    if sent.thread_id is not None:
        return Created(sent.thread_id)
    return Created(sent.conversation_id, location=f"{origins.api}/v2/conversations/{sent.conversation_id}")


async def _with_current(view: Snapshot, error: Overtaken) -> Overtaken:
    if error.newer is not None:
        error.current = await _body(view, error.newer)
    return error


async def _file(view: Snapshot, place: Place, file_id: int, desk: Desk) -> File:
    it = await queries.get(view, place)
    for each in await queries.files(view, [it.id]):
        if each.id == file_id:
            return File(await desk.blobs.get(each.blob), each.mime_type, each.filename)
    raise NotFound("Not found")


ROUTERS = [
    Router("/deskhand/v1/writings", route_handlers=[index]),
    Router(
        "/deskhand/v1/conversations/{conversation_id:str}",
        route_handlers=[list_writers, show, keep, drop, send, attach, file, detach],
    ),
    Router(
        "/deskhand/v1/mailboxes/{mailbox_id:str}/writing",
        route_handlers=[show_new, keep_new, drop_new, send_new, attach_new, file_new, detach_new],
    ),
]
