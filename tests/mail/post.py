"""Letters to an account: taken through the product's own operation, looked at by its own processor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import insert, select, update

from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation, Thread
from deskhand.kernel.blobs import FolderBlobs
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.storage.statements import param, read, write
from deskhand.mail.analysing.model import Answer
from deskhand.mail.analysing.pool import Pool, Question
from deskhand.mail.analysing.worker import answer
from deskhand.mail.marks import Marks
from deskhand.mail.model import Door, Kind, Options, ReceivedState, Rule
from deskhand.mail.operations import taking
from deskhand.mail.processing import Processor
from deskhand.mail.tables import mail_addresses, mail_inboxes, mail_received
from tests.conftest import MovableClock
from tests.given import Given

ADDRESS = "help@desk.test"
WRITTEN = format_datetime(datetime.now(UTC))


class Here(Pool):
    """Reads in this process what the product reads in others: by the same function, without starting one for each test."""

    async def _ask(self, questions: Sequence[Question], seconds: float) -> list[Answer]:
        return [answer(each, FolderBlobs(self._folder)) for each in questions]


class Seen(Struct, frozen=True):
    """What became of a message."""

    id: int
    state: ReceivedState
    kind: Kind | None
    rule: Rule | None
    reason: str | None
    conversation_id: int | None
    thread_id: int | None
    partial: str | None


SEEN = read(
    select(*(mail_received.c[name] for name in Seen.__struct_fields__)).where(mail_received.c.id == param("received_id")), Seen
)
SET_UP = write(insert(mail_inboxes).values(inbox_id=param("inbox_id"), options=param("options"), updated_at=param("now")))
WANT = write(update(mail_inboxes).where(mail_inboxes.c.inbox_id == param("inbox_id")).values(options=param("options")))
ADD_ADDRESS = write(insert(mail_addresses).values(address=param("address"), inbox_id=param("inbox_id")))


def letter(
    *,
    sender: str = "Pavel Lund <pavel.lund@mail.test>",
    to: str = ADDRESS,
    subject: str = "Parcel never left the depot",
    text: str = "Hello, the tracking page has not moved.\n",
    html: str = "",
    files: dict[str, bytes] | None = None,
    **headers: str,
) -> bytes:
    """A message; a header's name is written with ``_`` for ``-``, an empty value leaves it out."""
    given = {"From": sender, "To": to, "Subject": subject, "Date": WRITTEN}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\n" for name, value in given.items() if value)
    message = EmailMessage()
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in (files or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return lines.encode() + message.as_bytes()


class Post:
    """The mail of an account."""

    def __init__(self, given: Given, clock: MovableClock) -> None:
        self.given = given
        self.clock = clock
        self.desk = given.desk
        self.processor = Processor(given.desk, pool=Here(given.desk.settings.blob_folder))
        self.marks = Marks(seal_of(self.desk.settings))
        self._number = 0

    async def begin(self) -> None:
        await self.connect(self.given.inbox, ADDRESS)

    async def connect(self, inbox_id: int, *addresses: str, **options: Any) -> None:
        """Give an inbox mail."""
        async with self.given.write() as tx:
            await tx.write(SET_UP, inbox_id=inbox_id, options=Options(**options), now=tx.now)
            for address in addresses:
                await tx.write(ADD_ADDRESS, address=address, inbox_id=inbox_id)

    async def want(self, **options: Any) -> None:
        """The inbox wants its mail another way."""
        async with self.given.write() as tx:
            await tx.write(WANT, inbox_id=self.given.inbox, options=Options(**options))

    async def take(self, raw: bytes, *, inbox: int | None = None, **more: Any) -> int:
        """A message is accepted, and nobody has looked at it yet."""
        blob = await self.desk.blobs.put(raw)
        async with self.given.write() as tx:
            more.setdefault("door", Door.IMAP)
            return await taking.take(tx, inbox_id=inbox or self.given.inbox, blob=blob, size_bytes=len(raw), **more)

    async def bring(
        self, raw: bytes | None = None, *, inbox: int | None = None, envelope: dict[str, Any] | None = None, **of: Any
    ) -> Seen:
        """A message arrives and is looked at; what became of it. Without ``raw`` ``letter`` makes it, with an own id."""
        if raw is None:
            self._number += 1
            of.setdefault("Message_ID", f"<{self._number}.letter@mail.test>")
            raw = letter(**of)
        received_id = await self.take(raw, inbox=inbox, **envelope or {})
        await self.look()
        return await self.seen(received_id)

    async def look(self) -> None:
        """Everything that waits is looked at."""
        await self.processor.run_due()

    async def seen(self, received_id: int) -> Seen:
        async with self.given.read() as view:
            return await view.one(SEEN, received_id=received_id)

    async def conversation(self, it: Seen) -> Conversation:
        """The conversation a message belongs to."""
        assert it.conversation_id is not None, it
        async with self.given.read() as view:
            return await one.get(view, it.conversation_id)

    async def thread(self, it: Seen) -> Thread:
        assert it.conversation_id is not None, it
        assert it.thread_id is not None, it
        async with self.given.read() as view:
            return await one.thread(view, it.conversation_id, it.thread_id)

    async def threads(self, it: Seen) -> list[Thread]:
        """Everything in its conversation, newest first."""
        async with self.given.read() as view:
            return await view.all(one.THREADS, conversation_id=it.conversation_id)


def words(html: str | None) -> str:
    """A text without mark-up, on one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html or "").split())
