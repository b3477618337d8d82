"""What goes on behind requests: facts told to webhooks, and jobs. In this process, on an empty account."""

from __future__ import annotations

import asyncio
import tempfile
import time

from msgspec import structs

from deskhand.app import make_app
from deskhand.cli.account import migrate
from deskhand.conversations.model import ThreadType
from deskhand.kernel import jobs, log
from deskhand.kernel.desk import Desk
from deskhand.kernel.events import Event
from deskhand.kernel.jobs import Worker
from deskhand.kernel.outbound.addresses import Rules
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.reactions import Reaction, Reactions
from deskhand.kernel.storage.statements import Read
from deskhand.settings import Settings
from deskhand.webhooks import queries
from deskhand.webhooks.model import EventName, PayloadVersion
from deskhand.webhooks.operations import hooks
from tests.given import Given

CONVERSATIONS = 80
NOTES_EACH = 10
JOBS = 2000
MOST_SECONDS = 300
HOOK = hooks.NewWebhook(
    url="",
    events=[EventName.NOTE_CREATED],
    secret="tr0ut-lake-88",
    notification=False,
    payload_version=PayloadVersion.V2,
    label=None,
    inbox_ids=[],
    api_origin="https://desk.test",
    web_origin="https://desk.test",
)


class Rang(Event, frozen=True):
    """A bell rang."""

    bell: int


async def rest(desk: Desk, event: Rang) -> None:
    """A job that costs nothing itself."""


def behind(address: str) -> None:
    """Prints notes per second without and with a webhook, deliveries per second, and jobs per second."""
    with tempfile.TemporaryDirectory(prefix="deskhand-bench-") as folder:
        settings = Settings(data=folder, database=address, outbound_networks=("127.0.0.1",))
        migrate(settings)
        log.configure("json", "error")
        asyncio.run(_measure(settings))


async def _measure(settings: Settings) -> None:
    app = make_app(settings, works=False)
    await app.desk.database.open()
    receiver = await asyncio.start_server(_receive, "127.0.0.1", 0)
    try:
        given = Given(app)
        await given.begin()
        print(f"jobs: {await _jobs(app.desk):,.0f} a second")
        made = [await given.conversation() for _ in range(CONVERSATIONS)]
        plain = await _notes(given, made)
        async with given.write(given.owner) as tx:
            new = structs.replace(HOOK, url=f"http://127.0.0.1:{receiver.sockets[0].getsockname()[1]}/")
            await hooks.create(tx, new, app.desk.seal, Rules(app.desk.outbound.rules.networks))
        told = await _notes(given, made)
        print(f"events to deliveries: {told:,.0f} notes a second are told to a webhook, {plain:,.0f} without one")
        began, sending = time.perf_counter(), asyncio.create_task(app.sender.run())
        await _until_none(app.desk, queries.WAITING)
        print(f"deliveries: {CONVERSATIONS * NOTES_EACH / (time.perf_counter() - began):,.0f} a second to one receiver")
        app.sender.stop()
        await sending
    finally:
        receiver.close()
        await app.desk.database.close()


async def _notes(given: Given, conversations: list[int]) -> float:
    began = time.perf_counter()
    for _ in range(NOTES_EACH):
        await asyncio.gather(*(given.thread(each, ThreadType.NOTE, "We have asked the carrier.") for each in conversations))
    return len(conversations) * NOTES_EACH / (time.perf_counter() - began)


async def _jobs(desk: Desk) -> float:
    reactions, desk.reactions = desk.reactions, Reactions({Rang: (Reaction(rest),)})
    async with desk.writing(system_actor()) as tx:
        for bell in range(JOBS):
            tx.record(Rang(bell=bell))
    worker = Worker(desk)
    began, working = time.perf_counter(), asyncio.create_task(worker.run())
    await _until_none(desk, jobs.WAITING)
    seconds = time.perf_counter() - began
    worker.stop()
    await working
    desk.reactions = reactions
    return JOBS / seconds


async def _until_none(desk: Desk, waiting: Read[int]) -> None:
    async with asyncio.timeout(MOST_SECONDS):
        while True:
            async with desk.reading(system_actor()) as view:
                if not await view.one(waiting):
                    return
            await asyncio.sleep(0.02)


async def _receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Reads one request and takes it."""
    head = await reader.readuntil(b"\r\n\r\n")
    size = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    await reader.readexactly(size)
    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
    await writer.drain()
    writer.close()
