"""From what clients send to what operations take; files are in the blob store before an operation begins."""

from __future__ import annotations

import base64
import binascii

from msgspec import UNSET, Struct, UnsetType

from deskhand.conversations.model import CUSTOMER_SPEAKS, MOST_THREADS, FilesRefused, Status, ThreadType
from deskhand.conversations.operations import creating
from deskhand.conversations.operations.attachments import LARGEST_BYTES, NewFile
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.schemas.requests import (
    AttachmentInput,
    ConversationInput,
    CustomerInput,
    CustomerThreadInput,
    NewThreadType,
    NoteInput,
    ReplyInput,
    ThreadInput,
)
from deskhand.customers import operations as customers
from deskhand.customers.model import CustomerGiven, CustomerRef
from deskhand.kernel.desk import Desk
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Invalid, Mistake, Mistakes, TooLarge, Unmet
from deskhand.kernel.pictures import pixels
from deskhand.kernel.transaction import Transaction


class Prepared(Struct, frozen=True):
    """What was made of a request before its operation: the files of each entry, in order, and what is wrong so far."""

    files: list[list[NewFile]]
    mistakes: list[Mistake] = []


TYPES = {
    NewThreadType.CHAT: ThreadType.CHAT,
    NewThreadType.CUSTOMER: ThreadType.CUSTOMER,
    NewThreadType.NOTE: ThreadType.NOTE,
    NewThreadType.PHONE: ThreadType.PHONE,
    NewThreadType.REPLY: ThreadType.MESSAGE,
}
NOBODY = CustomerRef(0, None, None, None, "")
"""Stands where a customer was named wrongly, while the rest is looked through; nothing is ever stored of it."""


async def files_of_conversation(desk: Desk, data: ConversationInput) -> Prepared:
    """Store the files of every thread of a new conversation. Raises Unmet for too many threads, TooLarge."""
    if len(data.threads) > MOST_THREADS:
        raise Unmet(f"A conversation may have {MOST_THREADS} threads at most")
    missing = [
        Mistake(f"threads[{at}].customer", "may not be null", Code.NOT_NULL)
        for at, each in enumerate(data.threads)
        if each.customer is None and TYPES[each.type] in CUSTOMER_SPEAKS
    ]
    inputs = [(f"threads[{at}].attachments", each.attachments or []) for at, each in enumerate(data.threads)]
    return await _stored(desk, inputs, missing)


async def files_of_thread(desk: Desk, data: ReplyInput | NoteInput | CustomerThreadInput) -> Prepared:
    """Store the files of one entry. Raises TooLarge."""
    return await _stored(desk, [("attachments", data.attachments or [])], [])


async def file(desk: Desk, data: AttachmentInput) -> Prepared:
    """Store a file. Raises Invalid("data"), TooLarge."""
    return Prepared([[await _keep(desk, data, _content(data.data, "data"))]])


async def forget(tx: Transaction, prepared: Prepared) -> None:
    """The request was refused: its files go again, unless others have the same."""
    blobs = tuple(each.blob for files in prepared.files for each in files)
    if blobs:
        tx.record(FilesRefused(blobs=blobs, at=tx.now))


async def _stored(desk: Desk, inputs: list[tuple[str, list[AttachmentInput]]], known: list[Mistake]) -> Prepared:
    """Decode all files, then keep them if nothing is wrong. Above 10 MB raises TooLarge."""
    mistakes = Mistakes(known)
    contents: list[list[bytes]] = []
    for path, each in inputs:
        contents.append([])
        for at, one in enumerate(each):
            with mistakes.noted():
                contents[-1].append(_content(one.data, f"{path}[{at}].data"))
    if mistakes.found:
        return Prepared([[] for _ in inputs], mistakes.found)
    return Prepared(
        [
            [await _keep(desk, one, content) for one, content in zip(each, decoded, strict=True)]
            for (_, each), decoded in zip(inputs, contents, strict=True)
        ]
    )


async def _keep(desk: Desk, it: AttachmentInput, content: bytes) -> NewFile:
    width, height = pixels(content)
    return NewFile(it.file_name, it.mime_type, len(content), width, height, await desk.blobs.put(content))


def _content(data: str, path: str) -> bytes:
    """The bytes of standard base64; line breaks are tolerated, padding is not optional."""
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(path, "is not valid base64") from None
    if len(content) > LARGEST_BYTES:
        raise TooLarge(f"An attachment may have {LARGEST_BYTES} bytes at most")
    return content


def is_same(one: CustomerInput, other: CustomerInput) -> bool:
    """Whether two descriptions find the same customer, so that one look-up serves both."""
    if one.id is not None or other.id is not None:
        return one.id == other.id
    return one.email is not None and other.email is not None and one.email.lower() == other.email.lower()


async def conversation(
    tx: Transaction, it: ConversationInput, prepared: Prepared, mistakes: Mistakes
) -> creating.NewConversation:
    """A conversation to begin; what is wrong with customers and addresses is noted."""
    primary = await _customer(tx, it.customer, "customer", mistakes)
    return creating.NewConversation(
        inbox_id=it.inbox_id,
        type=it.type,
        status=Status.ACTIVE if it.status == "open" else Status(it.status.value),
        subject=it.subject,
        customer=primary,
        threads=[
            await _entry(tx, each, f"threads[{at}]", prepared.files[at], (it.customer, primary), mistakes)
            for at, each in enumerate(it.threads)
        ],
        assign_to=it.assign_to,
        tags=it.tags or [],
        fields=[(each.id, each.value) for each in it.fields or []],
        user_id=it.user,
        imported=bool(it.imported),
        auto_reply=bool(it.auto_reply),
        created_at=it.created_at,
        closed_at=it.closed_at,
    )


async def _entry(
    tx: Transaction,
    it: ThreadInput,
    path: str,
    files: list[NewFile],
    primary: tuple[CustomerInput, CustomerRef],
    mistakes: Mistakes,
) -> NewThread:
    """An entry of a new conversation, whose customer is ``primary``; what its kind does not have is ignored (contract 10
    §4.3)."""
    is_note, is_reply = it.type is NewThreadType.NOTE, it.type is NewThreadType.REPLY
    is_written = is_reply or it.type is NewThreadType.CUSTOMER
    who = None
    if it.customer and not is_note:
        known = is_same(it.customer, primary[0])
        who = primary[1] if known else await _customer(tx, it.customer, f"{path}.customer", mistakes)
    return NewThread(
        type=TYPES[it.type],
        text=it.text,
        customer=who,
        user_id=it.user if is_note or is_reply else None,
        draft=bool(it.draft) and is_reply,
        imported=bool(it.imported),
        cc=_addresses(it.cc, f"{path}.cc", mistakes) if is_written else None,
        bcc=_addresses(it.bcc, f"{path}.bcc", mistakes) if is_written else None,
        created_at=it.created_at,
        files=files,
    )


async def reply(tx: Transaction, it: ReplyInput, prepared: Prepared, mistakes: Mistakes) -> NewThread:
    """A reply; what is wrong with its customer and addresses is noted."""
    assign_to: int | None | UnsetType = UNSET if it.draft and it.assign_to is None else it.assign_to
    return NewThread(
        type=ThreadType.MESSAGE,
        text=it.text,
        customer=await _customer(tx, it.customer, "customer", mistakes),
        user_id=it.user,
        draft=bool(it.draft),
        imported=bool(it.imported),
        status=it.status,
        assign_to=assign_to,
        cc=_addresses(it.cc, "cc", mistakes),
        bcc=_addresses(it.bcc, "bcc", mistakes),
        created_at=it.created_at,
        files=prepared.files[0],
    )


def note(it: NoteInput, prepared: Prepared) -> NewThread:
    """A note."""
    return NewThread(
        type=ThreadType.NOTE,
        text=it.text,
        user_id=it.user,
        imported=bool(it.imported),
        status=it.status,
        created_at=it.created_at,
        files=prepared.files[0],
    )


async def said(
    tx: Transaction, it: CustomerThreadInput, type_: ThreadType, prepared: Prepared, mistakes: Mistakes
) -> NewThread:
    """Something a customer said; a chat and a call have no recipients."""
    written = type_ is ThreadType.CUSTOMER
    return NewThread(
        type=type_,
        text=it.text,
        customer=await _customer(tx, it.customer, "customer", mistakes),
        imported=bool(it.imported),
        cc=_addresses(it.cc, "cc", mistakes) if written else None,
        bcc=_addresses(it.bcc, "bcc", mistakes) if written else None,
        created_at=it.created_at,
        files=prepared.files[0],
    )


async def _customer(tx: Transaction, it: CustomerInput, path: str, mistakes: Mistakes) -> CustomerRef:
    """Who is meant: found by id or address, else made. Who cannot be is noted at ``path``."""
    given = CustomerGiven(**{name: getattr(it, name) for name in CustomerGiven.__struct_fields__})
    with mistakes.noted():
        return await customers.find_or_create(tx, given, path)
    return NOBODY


def _addresses(emails: list[str] | None, path: str, mistakes: Mistakes) -> list[str] | None:
    """Recipients as given; what is no address is noted."""
    mistakes.add(
        Mistake(f"{path}[{at}]", "not a well-formed email address", Code.EMAIL, email)
        for at, email in enumerate(emails or [])
        if not is_email(email.strip())
    )
    return None if emails is None else [email.strip() for email in emails]
