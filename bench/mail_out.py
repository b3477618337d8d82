"""Mail out: replies a second that leave for a local server, and what it costs to say something that is mailed."""

from __future__ import annotations

import asyncio
import tempfile
import time

from sqlalchemy import func, select

from deskhand.app import make_app
from deskhand.cli.account import migrate
from deskhand.conversations.model import ThreadType
from deskhand.kernel import log
from deskhand.kernel.storage.statements import read
from deskhand.mail.model import Options
from deskhand.mail.operations import inboxes
from deskhand.mail.queries.outgoing import IS_PENDING
from deskhand.mail.sending.sender import MailSender
from deskhand.mail.tables import mail_outgoing
from deskhand.settings import Settings
from tests.given import Given

CONVERSATIONS = 50
REPLIES_EACH = 10
INBOXES = (1, 4)
WAITING = read(select(func.count()).select_from(mail_outgoing).where(IS_PENDING), int)


def mail_out(address: str) -> None:
    """Prints replies a second without and with mail, and messages a second to a server that takes everything."""
    with tempfile.TemporaryDirectory(prefix="deskhand-bench-") as folder:
        log.configure("json", "error")
        asyncio.run(_measure(folder, address))


async def _measure(folder: str, address: str) -> None:
    sink = await asyncio.start_server(_take, "127.0.0.1", 0)
    port = sink.sockets[0].getsockname()[1]
    settings = Settings(data=folder, database=address, smtp_url=f"smtp://127.0.0.1:{port}")
    await asyncio.to_thread(migrate, settings)
    app = make_app(settings, works=False)
    await app.desk.database.open()
    try:
        given = Given(app)
        await given.begin()
        plain = await _replies(given, [given.inbox])
        for number in INBOXES:
            made = [await given.new_inbox(f"Mail{number}x{each}") for each in range(number)]
            for each in made:
                async with given.write(given.owner) as tx:
                    await inboxes.want(tx, each, Options(undo_seconds=0, messages_per_minute=10_000))
            queued = await _replies(given, made)
            began = time.perf_counter()
            sender = MailSender(app.desk)
            sending = asyncio.create_task(sender.run())
            while (await _waiting(given))[0]:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
            rate = CONVERSATIONS * REPLIES_EACH / (time.perf_counter() - began)
            sender.stop()
            await sending
            queues = f"{queued:,.0f} replies a second are queued, {plain:,.0f} only stored"
            print(f"mail out: {rate:,.0f} a second from {number} inboxes to one server; {queues}")
    finally:
        sink.close()
        await app.desk.database.close()


async def _replies(given: Given, inbox_ids: list[int]) -> float:
    conversations = [await given.conversation(inbox=inbox_ids[each % len(inbox_ids)]) for each in range(CONVERSATIONS)]
    began = time.perf_counter()
    for _ in range(REPLIES_EACH):
        await asyncio.gather(*(given.thread(each, ThreadType.MESSAGE, "We have asked the carrier.") for each in conversations))
    return len(conversations) * REPLIES_EACH / (time.perf_counter() - began)


async def _waiting(given: Given) -> list[int]:
    async with given.read() as view:
        return await view.all(WAITING)


async def _take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes every message at once."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"221 bye\r\n" if word == b"QUIT" else b"250 OK\r\n")
        if word == b"QUIT":
            break
    writer.close()
