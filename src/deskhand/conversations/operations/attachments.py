"""Files on threads (contract 20 §8 to §10). The bytes are in the blob store before the operation begins."""

from __future__ import annotations

import secrets

from msgspec import Struct
from sqlalchemy import delete, func, insert, select

from deskhand.conversations.model import AttachmentAdded, AttachmentDeleted
from deskhand.conversations.operations.core import settle
from deskhand.conversations.queries import one
from deskhand.conversations.tables import attachments
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction

LARGEST_BYTES = 10 * 1024 * 1024
WEB_KEY_BYTES = 20

COLUMNS = (
    "conversation_id",
    "thread_id",
    "filename",
    "mime_type",
    "size_bytes",
    "width",
    "height",
    "blob",
    "web_key",
    "content_id",
)
ADD = write(insert(attachments).values(state="valid", **{name: param(name) for name in COLUMNS}).returning(attachments.c.id))
DELETE = write(delete(attachments).where(attachments.c.id == param("attachment_id")))
LEFT = read(select(func.count()).select_from(attachments).where(attachments.c.conversation_id == param("conversation_id")), int)


class NewFile(Struct, frozen=True):
    """A file whose bytes are stored: ``blob`` is their key, width and height are pixels (0 when it is no picture).

    ``content_id`` (without ``<>``) is how the text names a picture of its own.
    """

    filename: str
    mime_type: str
    size_bytes: int
    width: int
    height: int
    blob: str
    content_id: str | None = None


async def attach(tx: Transaction, conversation_id: int, thread_id: int, file: NewFile) -> int:
    """Add a file to an entry; its id. Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Upload Attachment"."""
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await one.thread(tx, conversation_id, thread_id)
    (attachment_id,) = await add_files(tx, conversation_id, thread_id, [file])
    await settle(tx, it, has_attachments=True)
    tx.record(AttachmentAdded(conversation_id=it.id, attachment_id=attachment_id))
    return attachment_id


async def add_files(tx: Transaction, conversation_id: int, thread_id: int, files: list[NewFile]) -> list[int]:
    """The rows of files; their ids."""
    return [
        await tx.insert(
            ADD,
            conversation_id=conversation_id,
            thread_id=thread_id,
            web_key=secrets.token_bytes(WEB_KEY_BYTES),
            **{name: getattr(file, name) for name in NewFile.__struct_fields__},
        )
        for file in files
    ]


async def remove(tx: Transaction, conversation_id: int, attachment_id: int) -> None:
    """Remove a file; its bytes go a day later when nothing uses them then.

    Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Delete Attachment".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    file = await tx.one(one.ATTACHMENT, conversation_id=conversation_id, attachment_id=attachment_id)
    await tx.write(DELETE, attachment_id=attachment_id)
    left = await tx.one(LEFT, conversation_id=conversation_id)
    await settle(tx, it, has_attachments=left > 0)
    tx.record(AttachmentDeleted(conversation_id=it.id, attachment_id=attachment_id, blob=file.blob, at=tx.instant))
