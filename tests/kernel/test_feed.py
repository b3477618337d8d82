"""The change feed: in order, without a gap, by pages, by long poll and as a stream."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest
from sqlalchemy import update

from deskhand.app import App
from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing
from deskhand.kernel import feed
from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import Role, system_actor
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import EVER
from deskhand.tags import operations as tags
from deskhand.users.tables import users
from tests.conversations.looking import codes
from tests.given import Client, Given

HERE = "/deskhand/v1/events"
ACTOR = system_actor()


async def told(client: Client, **parameters: Any) -> dict[str, Any]:
    answer = await client.get(HERE, params=parameters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_fact_is_told_with_who_when_and_what(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    place = (await told(client))["next"]
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, conversation, Status.CLOSED)

    got = await told(client, after=place)

    (fact,) = got["events"]
    assert fact == {
        "id": got["next"],
        "type": "ConversationStatusChanged",
        "at": tx.now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "actor": {"kind": "user", "id": given.owner},
        "data": {"conversationId": conversation, "before": "active", "after": "closed"},
    }


async def test_the_whole_feed_comes_in_pieces_that_fit_together(client: Client, given: Given) -> None:
    for _ in range(3):
        await given.conversation()
    whole = await told(client, after=0, limit=1000)

    pieces, place = [], 0
    while found := (piece := await told(client, after=place, limit=2))["events"]:
        pieces += found
        place = piece["next"]

    assert pieces == whole["events"]
    assert place == whole["next"]
    assert [each["id"] for each in pieces] == sorted({each["id"] for each in pieces})


async def test_types_narrow_it_and_the_place_moves_on(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    await given.thread(conversation, ThreadType.NOTE)

    got = await told(client, after=0, types="ThreadAdded,Nonsense")

    assert [each["type"] for each in got["events"]] == ["ThreadAdded"]
    assert got["next"] == (await told(client))["next"]


async def test_who_waits_hears_it_at_once(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    place = (await told(client))["next"]
    waiting = asyncio.create_task(told(client, after=place, wait=20))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await given.thread(conversation, ThreadType.NOTE)

    async with asyncio.timeout(5):
        assert [each["type"] for each in (await waiting)["events"]] == ["ThreadAdded"]


async def test_who_waits_in_vain_is_answered_in_time_and_when_the_server_ends(client: Client, given: Given) -> None:
    assert (await told(client, wait=1))["events"] == []
    given.desk.closing = True
    async with asyncio.timeout(5):
        assert (await told(client, wait=30))["events"] == []


@pytest.mark.parametrize(
    ("query", "path"), [("after=-1", "after"), ("limit=0", "limit"), ("limit=1001", "limit"), ("wait=31", "wait")]
)
async def test_what_cannot_be_asked_is_named(client: Client, query: str, path: str) -> None:
    assert list(codes(await client.get(f"{HERE}?{query}"))) == [path]


async def test_it_is_for_those_who_may_see_everything(given: Given) -> None:
    for role, status in ((Role.USER, 403), (Role.LIGHT_USER, 403), (Role.ADMINISTRATOR, 200)):
        async with given.client(await given.user(role=role)) as client:
            assert (await client.get(HERE)).status_code == status
    async with given.client(None) as nobody:
        assert (await nobody.get(HERE)).status_code == 401


class Listener:
    """A reader of the stream, on plain ASGI."""

    def __init__(self, app: App, token: str, query: bytes = b"after=0", **headers: str) -> None:
        self.status = 0
        self.text = ""
        self.ended = False
        self._leave = asyncio.Event()
        pairs = [(b"host", b"desk.test"), (b"authorization", f"Bearer {token}".encode()), (b"accept", b"text/event-stream")]
        pairs += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http", "method": "GET", "path": HERE, "raw_path": HERE.encode(), "query_string": query,
            "headers": pairs, "scheme": "https", "server": ("desk.test", 443), "client": ("127.0.0.1", 1),
            "http_version": "1.1", "root_path": "",
        }  # fmt: skip
        self.task = asyncio.create_task(app.door(scope, self._receive, self._send))  # type: ignore[arg-type]

    async def _receive(self) -> Any:
        await self._leave.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        self.ended = message["type"] == "http.response.body" and not message.get("more_body")

    async def until(self, wanted: str) -> None:
        async with asyncio.timeout(10):
            while wanted not in self.text:
                await asyncio.sleep(0.02)

    async def leave(self) -> None:
        self._leave.set()
        async with asyncio.timeout(10):
            await self.task

    @property
    def ids(self) -> list[int]:
        return [int(line[4:]) for line in self.text.splitlines() if line.startswith("id: ")]


async def test_a_stream_tells_what_was_and_what_comes_and_goes_on_where_it_ended(app: App, given: Given) -> None:
    token = await given.token(given.owner)
    conversation = await given.conversation()
    first = Listener(app, token)
    await first.until("ConversationCreated")
    await given.thread(conversation, ThreadType.NOTE)
    await first.until("ThreadAdded")
    await first.leave()
    await given.conversation()

    second = Listener(app, token, b"", last_event_id=str(first.ids[-1]))
    await second.until("ConversationCreated")
    await second.leave()

    assert (first.status, second.status) == (200, 200)
    data = [json.loads(line[6:]) for line in first.text.splitlines() if line.startswith("data: ")]
    assert [each["id"] for each in data] == first.ids
    async with given.client(given.owner) as client:
        everything = [each["id"] for each in (await told(client, after=0, limit=1000))["events"]]
    both = first.ids + second.ids
    assert both == [each for each in everything if each <= both[-1]]


async def test_a_stream_ends_when_the_right_is_lost(app: App, given: Given) -> None:
    admin = await given.user(role=Role.ADMINISTRATOR)
    stream = Listener(app, await given.token(admin))
    await stream.until("UserCreated")
    async with given.write() as tx:
        await tx.write(write(update(users).where(users.c.id == param("user")).values(role="user")), user=admin)
        tx.access_changed = True
    await given.conversation()

    async with asyncio.timeout(10):
        await stream.task
    assert "ConversationCreated" not in stream.text


async def test_a_stream_ends_when_the_server_does(app: App, given: Given) -> None:
    streams = [Listener(app, await given.token(given.owner)) for _ in range(2)]
    for each in streams:
        await each.until("UserCreated")
    given.desk.closing = True
    for each in streams:
        async with asyncio.timeout(10):
            await each.task
        assert each.ended


async def test_whatever_many_writers_do_no_reader_misses_or_doubles_anything(desk: Desk) -> None:
    done = asyncio.Event()
    luck = random.Random(7)
    waits = [[luck.choice((0.0, 0.002, 0.1)) for _ in range(8)] for _ in range(6)]

    async def write(number: int) -> None:
        for turn, seconds in enumerate(waits[number]):
            async with desk.writing(ACTOR) as tx:
                await tags.create(tx, f"w{number}t{turn}")
                await tx.finish_now()  # the number of the event is given here, long before the commit
                await asyncio.sleep(seconds)

    async def read() -> list[int]:
        seen: list[int] = []
        place = 0
        while True:
            last = done.is_set()
            found = await feed.piece(desk, ACTOR, place, 7, None)
            seen += [each.id for each in found.facts]
            place = found.place
            if last and not found.facts:
                return seen
            await asyncio.sleep(0.001)

    readers = [asyncio.create_task(read()) for _ in range(2)]
    await asyncio.gather(*(write(number) for number in range(6)))
    done.set()
    seen = await asyncio.gather(*readers)

    everything = (await feed.piece(desk, ACTOR, 0, 1000, ["TagCreated"])).facts
    assert len(everything) == 48
    for each in seen:
        assert each == [fact.id for fact in everything]
    assert everything[0].at > EVER
