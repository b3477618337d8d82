"""``/deskhand/v1/events``: the change feed by pages, by long poll, or as server-sent events. An addition of ours."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Request, Router
from litestar.types import Receive, Scope, Send
from msgspec import Meta, Struct

from deskhand.kernel import feed
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError, Invalid, Mistake, Source, Unavailable
from deskhand.kernel.feed import Fact
from deskhand.kernel.http.answers import Answer, encode, gone
from deskhand.kernel.http.routes import camel, get
from deskhand.kernel.http.wire import LARGEST
from deskhand.kernel.permissions import Actor, Permission

MOST = 1000
LONGEST_SECONDS = 30
STREAM_SECONDS = 15.0  # so often a silent stream says that it is there, and asks again who listens
INBOX, FILES = "inbox_id", ("blob", "blobs")
STREAM = b"text/event-stream; charset=utf-8"

Place = Annotated[int, Meta(ge=0, le=LARGEST)]


class FeedQuery(Struct, frozen=True):
    """Which piece: behind ``after`` (absent: from now on), of ``types`` only, and how many ``seconds`` to wait for news."""

    after: Place | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 100
    types: list[str] | None = None
    wait: Annotated[int, Meta(ge=0, le=LONGEST_SECONDS)] = 0


class ActorBody(Struct):
    """Who did it: ``user``, ``customer``, ``workflow`` or ``system``; id 0 is the desk itself, a workflow's is its run's."""

    kind: str
    id: int


class FactBody(Struct):
    """A fact: its place in the feed, its name, when (UTC), who, and ids and what changed."""

    id: int
    type: str
    at: datetime
    actor: ActorBody
    data: dict[str, Any]


class FeedBody(Struct):
    """A piece of the feed; ``next`` is the ``after`` of the next one, also when nothing came."""

    events: list[FactBody]
    next: int


EXAMPLE = {
    "events": [
        {
            "id": 4711,
            "type": "ConversationStatusChanged",
            "at": "2026-02-03T08:14:22Z",
            "actor": {"kind": "user", "id": 502},
            "data": {"conversationId": 41007, "before": "active", "after": "closed"},
        }
    ],
    "next": 4711,
}


@get("/events", summary="List Events", errors=(400, 403), example=EXAMPLE)
async def events(query: FeedQuery, desk: Desk, request: Request[Any, Any, Any]) -> FeedBody | Answer:
    """Everything that happened in the account, in order and without a gap; for owners and administrators.

    With `wait` the answer waits so many seconds for something to tell. With `Accept: text/event-stream` it is a stream
    that goes on from `Last-Event-ID`.
    """
    actor: Actor = request.scope["actor"]  # type: ignore[typeddict-item]
    actor.must(Permission.MANAGE_ACCOUNT)
    if "text/event-stream" in request.headers.get("accept", ""):
        return _Stream(desk, actor, _asks_again(request), await _start(desk, query, request), query)
    after = query.after if query.after is not None else await feed.end(desk)
    found = await feed.wait(desk, actor, after, query.limit, query.types, query.wait)
    return FeedBody([fact_body(each) for each in found.facts], found.place)


def fact_body(it: Fact) -> FactBody:
    """A stored event as the wire has it: names as there, without the keys of files."""
    stored: dict[str, Any] = msgspec.json.decode(it.body)
    data = {"mailboxId" if name == INBOX else camel(name): value for name, value in stored.items() if name not in FILES}
    return FactBody(it.id, it.type, it.at.replace(microsecond=0), ActorBody(it.actor_kind, it.actor_id), data)


async def _start(desk: Desk, query: FeedQuery, request: Request[Any, Any, Any]) -> int:
    last = request.headers.get("last-event-id")
    if last is None:
        return query.after if query.after is not None else await feed.end(desk)
    if not (last.isascii() and last.isdigit() and int(last[:20]) <= LARGEST):
        raise Invalid.all([Mistake("Last-Event-ID", "must be a whole number", rejected=last[:300], source=Source.HEADER)])
    return int(last)


def _asks_again(request: Request[Any, Any, Any]) -> Callable[[], Awaitable[Actor | None]]:
    """Who the token stands for now; None when it is dead."""
    door = request.scope["deskhand"].door  # type: ignore[typeddict-item]
    token = request.headers.get("authorization", "").partition(" ")[2].strip().encode("latin-1")

    async def ask() -> Actor | None:
        try:
            found: Actor | None = await door.authenticate(token)
        except DeskError:
            return None
        return found if found is not None and found.may(Permission.MANAGE_ACCOUNT) else None

    return ask


class _Stream(Answer):
    """Server-sent events until the reader goes, loses the right, or the server ends."""

    __slots__ = ("_actor", "_ask", "_desk", "_place", "_query")

    def __init__(
        self, desk: Desk, actor: Actor, ask: Callable[[], Awaitable[Actor | None]], place: int, query: FeedQuery
    ) -> None:
        super().__init__(200, content_type=STREAM)
        self._desk = desk
        self._actor = actor
        self._ask = ask
        self._place = place
        self._query = query

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", STREAM), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        leaving = asyncio.create_task(gone(receive))
        try:
            await self._tell(send, leaving)
        finally:
            leaving.cancel()
            await asyncio.wait([leaving])
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, send: Send, leaving: asyncio.Task[None]) -> None:
        told = 0.0
        while not (leaving.done() or self._desk.closing):
            try:
                found = await feed.wait(
                    self._desk, self._actor, self._place, self._query.limit, self._query.types, feed.LOOK_SECONDS
                )
            except Unavailable:
                return  # the reader comes again with its place
            if await self._ask() is None:
                return
            self._place = found.place
            lines = b"".join(_line(each) for each in found.facts)
            if lines or time.monotonic() - told > STREAM_SECONDS:
                told = time.monotonic()
                await send({"type": "http.response.body", "body": lines or b": still here\n\n", "more_body": True})


def _line(it: Fact) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (it.id, it.type.encode(), encode(fact_body(it)))


ROUTERS = [Router("/deskhand/v1", route_handlers=[events])]
