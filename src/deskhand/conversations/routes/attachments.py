"""Files on threads (contract 20 §8 to §10), and the public link of one."""

from __future__ import annotations

import base64
import hmac

from litestar import Router

from deskhand.conversations.operations import attachments
from deskhand.conversations.queries import one
from deskhand.conversations.routes import prepare
from deskhand.conversations.schemas.requests import AttachmentInput
from deskhand.conversations.schemas.threads import AttachmentData
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound
from deskhand.kernel.http.answers import Created, File
from deskhand.kernel.http.hal import Link, Origins
from deskhand.kernel.http.routes import PathId, delete, get, post
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.transaction import Snapshot, Transaction


@post(
    "/threads/{thread_id:str}/attachments",
    summary="Upload Attachment",
    errors=(400, 403, 404, 413, 415),
    upload=True,
    prepare=prepare.file,
    refused=prepare.forget,
    example={"fileName": "receipt.txt", "mimeType": "text/plain", "data": "MjAsMDAgRVVS"},
)
async def upload(
    tx: Transaction, conversation_id: PathId, thread_id: PathId, data: AttachmentInput, prepared: prepare.Prepared
) -> Created:
    """Add a file to a thread; its content is base64, 10 MB at most."""
    return Created(await attachments.attach(tx, conversation_id, thread_id, prepared.files[0][0]))


@get(
    "/attachments/{attachment_id:str}/data",
    summary="Get Attachment Data",
    errors=(400, 403, 404),
    example={"data": "MjAsMDAgRVVS"},
)
async def data(view: Snapshot, conversation_id: PathId, attachment_id: PathId, desk: Desk, origins: Origins) -> AttachmentData:
    """A file's content in base64."""
    content = (await _file(view, conversation_id, attachment_id, desk)).content
    here = f"{origins.api}/v2/conversations/{conversation_id}/attachments/{attachment_id}/data"
    return AttachmentData(base64.b64encode(content).decode(), {"self": Link(here)})


@get("/attachments/{attachment_id:str}/file", summary="Get Attachment File", errors=(400, 403, 404), files=True)
async def raw(view: Snapshot, conversation_id: PathId, attachment_id: PathId, desk: Desk) -> File:
    """A file's bytes."""
    return await _file(view, conversation_id, attachment_id, desk)


@delete("/attachments/{attachment_id:str}", summary="Delete Attachment", errors=(400, 403, 404))
async def remove(tx: Transaction, conversation_id: PathId, attachment_id: PathId) -> None:
    """Remove a file."""
    await attachments.remove(tx, conversation_id, attachment_id)


@get(
    "/{attachment_id:str}/{key:str}/{filename:str}",
    summary="Download an attachment by its link",
    public=True,
    files=True,
    documented=False,
)
async def web(attachment_id: PathId, key: str, desk: Desk) -> File:
    """A file's bytes for whoever has its unguessable link."""
    async with desk.reading(system_actor()) as view:
        file = await view.one(one.ATTACHMENT_BY_ID, attachment_id=attachment_id)
        if file.state != "valid" or not hmac.compare_digest(file.web_key.hex().encode(), key.encode()):
            raise NotFound("Not found")
        await one.get(view, file.conversation_id)  # a deleted conversation shows nothing any more
    return File(await desk.blobs.get(file.blob), file.mime_type, file.filename)


async def _file(view: Snapshot, conversation_id: int, attachment_id: int, desk: Desk) -> File:
    await one.get(view, conversation_id)
    file = await view.one(one.ATTACHMENT, conversation_id=conversation_id, attachment_id=attachment_id)
    if file.state != "valid":
        raise NotFound("Not found")
    return File(await desk.blobs.get(file.blob), file.mime_type, file.filename)


ROUTERS = [
    Router("/v2/conversations/{conversation_id:str}", route_handlers=[upload, data, raw, remove]),
    Router("/file", route_handlers=[web]),
]
