"""From what clients send to what operations take; files are in the blob store before an operation begins."""

from __future__ import annotations

import base64
import binascii

from msgspec import UNSET, UnsetType

from deskhand.conversations.model import CUSTOMER_SPEAKS, MOST_THREADS, ThreadType
from deskhand.conversations.operations.attachments import LARGEST_BYTES, NewFile, pixels
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
from deskhand.customers.model import CustomerGiven, CustomerRef, is_email
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Code, Invalid, Mistake, TooLarge, Unmet
from deskhand.kernel.transaction import Transaction

Files = list[list[NewFile]]
"""For each entry of a request, in order, its files."""

TYPES = {
    NewThreadType.CHAT: ThreadType.CHAT,
    NewThreadType.CUSTOMER: ThreadType.CUSTOMER,
    NewThreadType.NOTE: ThreadType.NOTE,
    NewThreadType.PHONE: ThreadType.PHONE,
    NewThreadType.REPLY: ThreadType.MESSAGE,
}


async def files_of_conversation(desk: Desk, data: ConversationInput) -> Files:
    """Store the files of every thread of a new conversation. Raises Invalid, Unmet for too many threads, TooLarge."""
    if len(data.threads) > MOST_THREADS:
        raise Unmet(f"A conversation may have {MOST_THREADS} threads at most")
    missing = [
        Mistake(f"threads[{at}].customer", "may not be null", Code.NOT_NULL)
        for at, each in enumerate(data.threads)
        if each.customer is None and TYPES[each.type] in CUSTOMER_SPEAKS
    ]
    if missing:
        raise Invalid.all(missing)
    return [await store_files(desk, each.attachments, f"threads[{at}].attachments") for at, each in enumerate(data.threads)]


async def files_of_thread(desk: Desk, data: ReplyInput | NoteInput | CustomerThreadInput) -> Files:
    """Store the files of one entry. Raises Invalid("attachments[0].data"), TooLarge."""
    return [await store_files(desk, data.attachments, "attachments")]


async def store_files(desk: Desk, inputs: list[AttachmentInput] | None, path: str) -> list[NewFile]:
    """Decode and keep files. Raises Invalid at ``path``, TooLarge above 10 MB."""
    decoded = [(each, content_of(each.data, f"{path}[{at}].data")) for at, each in enumerate(inputs or [])]
    return [await keep_file(desk, each.file_name, each.mime_type, content) for each, content in decoded]


async def keep_file(desk: Desk, name: str, mime_type: str, content: bytes) -> NewFile:
    """Keep one file's bytes."""
    width, height = pixels(content)
    return NewFile(name, mime_type, len(content), width, height, await desk.blobs.put(content))


def content_of(data: str, path: str) -> bytes:
    """The bytes of standard base64; line breaks are tolerated, padding is not optional."""
    try:
        content = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(path, "is not valid base64") from None
    if len(content) > LARGEST_BYTES:
        raise TooLarge(f"An attachment may have {LARGEST_BYTES} bytes at most")
    return content


async def customer(tx: Transaction, it: CustomerInput, path: str) -> CustomerRef:
    """Who is meant: found by id or address, else made. Raises Invalid at ``path``."""
    given = CustomerGiven(**{name: getattr(it, name) for name in CustomerGiven.__struct_fields__})
    return await customers.find_or_create(tx, given, path)


def addresses(emails: list[str] | None, path: str) -> list[str] | None:
    """Recipients as given, if every one is an address. Raises Invalid at ``path``."""
    mistakes = [
        Mistake(f"{path}[{at}]", "not a well-formed email address", Code.EMAIL, email)
        for at, email in enumerate(emails or [])
        if not is_email(email.strip())
    ]
    if mistakes:
        raise Invalid.all(mistakes)
    return None if emails is None else [email.strip() for email in emails]


def is_same(one: CustomerInput, other: CustomerInput) -> bool:
    """Whether two descriptions find the same customer, so that one look-up serves both."""
    if one.id is not None or other.id is not None:
        return one.id == other.id
    return one.email is not None and other.email is not None and one.email.lower() == other.email.lower()


async def thread(
    tx: Transaction,
    it: ThreadInput,
    path: str,
    files: list[NewFile],
    primary: tuple[CustomerInput, CustomerRef],
) -> NewThread:
    """An entry of a new conversation, whose customer is ``primary``; what its kind does not have is ignored (contract 10
    §4.3)."""
    is_note, is_reply = it.type is NewThreadType.NOTE, it.type is NewThreadType.REPLY
    is_written = is_reply or it.type is NewThreadType.CUSTOMER
    who = None
    if it.customer and not is_note:
        known = is_same(it.customer, primary[0])
        who = primary[1] if known else await customer(tx, it.customer, f"{path}.customer")
    return NewThread(
        type=TYPES[it.type],
        text=it.text,
        customer=who,
        user_id=it.user if is_note or is_reply else None,
        draft=bool(it.draft) and is_reply,
        imported=bool(it.imported),
        cc=addresses(it.cc, f"{path}.cc") if is_written else None,
        bcc=addresses(it.bcc, f"{path}.bcc") if is_written else None,
        created_at=it.created_at,
        files=files,
    )


async def reply(tx: Transaction, it: ReplyInput, files: list[NewFile]) -> NewThread:
    """A reply."""
    assign_to: int | None | UnsetType = UNSET if it.draft and it.assign_to is None else it.assign_to
    return NewThread(
        type=ThreadType.MESSAGE,
        text=it.text,
        customer=await customer(tx, it.customer, "customer"),
        user_id=it.user,
        draft=bool(it.draft),
        imported=bool(it.imported),
        status=it.status,
        assign_to=assign_to,
        cc=addresses(it.cc, "cc"),
        bcc=addresses(it.bcc, "bcc"),
        created_at=it.created_at,
        files=files,
    )


def note(it: NoteInput, files: list[NewFile]) -> NewThread:
    """A note."""
    return NewThread(
        type=ThreadType.NOTE,
        text=it.text,
        user_id=it.user,
        imported=bool(it.imported),
        status=it.status,
        created_at=it.created_at,
        files=files,
    )


async def said(tx: Transaction, it: CustomerThreadInput, type_: ThreadType, files: list[NewFile]) -> NewThread:
    """Something a customer said; a chat and a call have no recipients."""
    written = type_ is ThreadType.CUSTOMER
    return NewThread(
        type=type_,
        text=it.text,
        customer=await customer(tx, it.customer, "customer"),
        imported=bool(it.imported),
        cc=addresses(it.cc, "cc") if written else None,
        bcc=addresses(it.bcc, "bcc") if written else None,
        created_at=it.created_at,
        files=files,
    )
