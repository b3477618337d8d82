"""What somebody is writing, on the wire: ours, the vendor has it in its web application only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from deskhand.conversations.model import Writing
from deskhand.conversations.queries.writings import Writer, WritingFile, Written
from deskhand.conversations.schemas.requests import MOST_NAMED, AfterStatus
from deskhand.kernel.http.hal import example_page
from deskhand.kernel.http.wire import Id

API = "https://desk.example.org/deskhand/v1"
WRITTEN: dict[str, Any] = {
    "body": "<p>Hello Pavel, the depot",
    "subject": "",
    "to": ["pavel.lund@mail.example"],
    "cc": [],
    "bcc": [],
    "status": "pending",
    "assignTo": 502,
}
INPUT_EXAMPLE = {**WRITTEN, "version": 1770106462000}
EXAMPLE: dict[str, Any] = {
    "kind": "reply",
    "conversationId": 41007,
    **WRITTEN,
    "attachments": [{"id": 7, "fileName": "receipt.txt", "mimeType": "text/plain", "size": 12, "width": 0, "height": 0}],
    "basedOn": 88120,
    "isAnswered": False,
    "version": 1770106462001,
    "beganAt": "2026-02-03T08:14:22Z",
    "savedAt": "2026-02-03T08:15:02Z",
}
SAVED_EXAMPLE = {"version": 1770106462001, "savedAt": "2026-02-03T08:15:02Z"}
OWN_EXAMPLE = example_page(
    f"{API}/writings",
    "writings",
    {"kind": "reply", "conversationId": 41007, "subject": "", "beganAt": EXAMPLE["beganAt"], "savedAt": EXAMPLE["savedAt"]},
)
WRITERS_EXAMPLE = {"writers": [{"userId": 502, "kind": "reply", "beganAt": EXAMPLE["beganAt"], "savedAt": EXAMPLE["savedAt"]}]}
SEND_EXAMPLE = {"version": 1770106462001, "unlessAnswered": True}

Addressees = Annotated[list[Annotated[str, Meta(max_length=320)]], Meta(max_length=MOST_NAMED)]


class WritingInput(Struct, frozen=True, rename="camel", kw_only=True):
    """What was typed so far, finished or not. ``version`` is the one that is being gone on from, absent to begin; ``assignTo``
    as in a reply."""

    body: str = ""
    subject: Annotated[str, Meta(max_length=1000)] = ""
    to: Addressees = []
    cc: Addressees = []
    bcc: Addressees = []
    status: AfterStatus | None = None
    assign_to: Id | None | UnsetType = UNSET
    version: Id | None = None


class SendInput(Struct, frozen=True, rename="camel"):
    """``version`` is the one that was shown; with ``unlessAnswered`` it stays if somebody said something meanwhile. A forward
    quotes ``only`` an entry, else all that was said, and takes the files of that along ``withAttachments``."""

    version: Id
    unless_answered: bool = False
    only: Id | None = None
    with_attachments: bool = False


class WritingFileBody(Struct, rename="camel"):
    """A file that is to go along; sizes are in bytes and pixels."""

    id: int
    file_name: str
    mime_type: str
    size: int
    width: int
    height: int


class WritingBody(Struct, rename="camel", kw_only=True):
    """What one is writing. ``basedOn`` is the newest thread when it was begun; ``isAnswered``: there is a newer one now."""

    kind: Writing
    conversation_id: int | UnsetType = UNSET
    mailbox_id: int | UnsetType = UNSET
    body: str
    subject: str
    to: list[str]
    cc: list[str]
    bcc: list[str]
    status: str | UnsetType = UNSET
    assign_to: int | None | UnsetType = UNSET
    attachments: list[WritingFileBody]
    based_on: int | UnsetType = UNSET
    is_answered: bool
    version: int
    began_at: datetime
    saved_at: datetime


class SavedBody(Struct, rename="camel"):
    """The version that the next saving goes on from."""

    version: int
    saved_at: datetime


class WriterBody(Struct, rename="camel"):
    """Somebody who is writing; not what."""

    user_id: int
    kind: Writing
    began_at: datetime
    saved_at: datetime


class WritersBody(Struct):
    """Who is writing in a conversation, by user."""

    writers: list[WriterBody]


class OwnWritingBody(Struct, rename="camel", kw_only=True):
    """One of the things that one is writing, and where."""

    kind: Writing
    conversation_id: int | UnsetType = UNSET
    mailbox_id: int | UnsetType = UNSET
    subject: str
    began_at: datetime
    saved_at: datetime


class EmbeddedWritings(Struct):
    """The writings of a page."""

    writings: list[OwnWritingBody]


def writing_body(it: Written, files: list[WritingFile], newest_thread: int | None) -> WritingBody:
    """A record as the resource."""
    return WritingBody(
        kind=it.kind,
        conversation_id=it.conversation_id or UNSET,
        mailbox_id=it.inbox_id or UNSET,
        body=it.body,
        subject=it.subject,
        to=it.to,
        cc=it.cc,
        bcc=it.bcc,
        status=it.after_status or UNSET,
        assign_to=UNSET if it.assignee_id is None else it.assignee_id or None,
        attachments=[
            WritingFileBody(each.id, each.filename, each.mime_type, each.size_bytes, each.width, each.height) for each in files
        ],
        based_on=it.based_on or UNSET,
        is_answered=newest_thread != it.based_on,
        version=it.version,
        began_at=it.began_at,
        saved_at=it.saved_at,
    )


def writers_body(found: list[Writer]) -> WritersBody:
    """Records as the resource."""
    return WritersBody([WriterBody(each.user_id, each.kind, each.began_at, each.saved_at) for each in found])


def own_body(it: Written) -> OwnWritingBody:
    """A record as an item of a list."""
    return OwnWritingBody(
        kind=it.kind,
        conversation_id=it.conversation_id or UNSET,
        mailbox_id=it.inbox_id or UNSET,
        subject=it.subject,
        began_at=it.began_at,
        saved_at=it.saved_at,
    )
