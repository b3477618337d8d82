"""The floor: what the same answers could cost at best. Bare ASGI, the same statements on the same driver, the same bodies.

It asks the product once for each request and notes the statements that run; then it serves by running just these, without
framework, door, gate, transaction objects or checks. Rows are decoded and bodies built by the product's own functions.
``python -m bench.floor DATA ADDRESS PORT TOKEN CONVERSATION`` serves on loopback.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import apsw
import asyncpg
import msgspec
import uvicorn
import uvloop
from msgspec import UNSET

from bench.requests import Sample
from deskhand.app import App, make_app
from deskhand.conversations.queries import lists, one
from deskhand.conversations.schemas.conversations import EmbeddedConversations, conversation_body
from deskhand.conversations.schemas.threads import thread_body
from deskhand.kernel.http.door import UNCACHEABLE
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.storage.statements import Rendered, Statement
from deskhand.kernel.transaction import COUNTS, Snapshot, Transaction
from deskhand.settings import Settings

HEADERS = [
    *UNCACHEABLE,
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"x-xss-protection", b"1; mode=block"),
    (b"x-ratelimit-limit-minute", b"400"),
    (b"x-ratelimit-remaining-minute", b"400"),
    (b"correlation-id", b"floor#1"),
]
HAL = [(b"content-type", b"application/hal+json;charset=UTF-8"), *HEADERS]
ORIGINS = Origins("http://desk.test", "http://desk.test")
encode = msgspec.json.Encoder().encode


@dataclass
class Step:
    """A statement that ran, with its values in order; ``gave`` is what an INSERT ... RETURNING id gave then."""

    statement: Statement[Any]
    rendered: Rendered
    values: tuple[Any, ...]
    gave: int | None = None


@dataclass
class Notes:
    """The statements of one request."""

    steps: list[Step] = field(default_factory=list)


def note(app: App, notes: Notes) -> None:
    """Let every statement of this process leave a note."""
    dialect = app.desk.database.dialect

    def around(original: Any) -> Any:
        async def noted(self: Any, statement: Statement[Any], **values: Any) -> Any:
            rendered = statement.rendered(dialect)
            step = Step(statement, rendered, rendered.bind(values))
            notes.steps.append(step)
            result = await original(self, statement, **values)
            first = result[0] if isinstance(result, list) and result else result
            step.gave = getattr(first, "id", first) if isinstance(getattr(first, "id", first), int) else None
            return result

        return noted

    for kind, names in ((Snapshot, ("all", "all_slowly")), (Transaction, ("write", "returning", "insert"))):
        for name in names:
            setattr(kind, name, around(getattr(kind, name)))


class Floor:
    """Serves three requests, each by the statements that were noted."""

    def __init__(self, app: App, token: str) -> None:
        self.app = app
        self.tokens = {hashlib.sha256(token.encode()).digest()}
        self.authorization = f"Bearer {token}".encode()
        self.plans: dict[str, list[Step]] = {}
        self.connection: Any = None
        self.pool: Any = None

    async def open(self) -> None:
        address = self.app.desk.database
        if address.dialect == "sqlite":
            self.connection = apsw.Connection(address.path)  # type: ignore[attr-defined]
            self.connection.execute("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA mmap_size = 268435456")
            self.connection.execute("PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY")
            return

        async def no_reset(_: Any) -> None:
            return None

        settings = {"search_path": f'"{address.schema}"', "timezone": "UTC", "jit": "off"}  # type: ignore[attr-defined]
        self.pool = await asyncpg.create_pool(
            address.url,  # type: ignore[attr-defined]
            min_size=1,
            max_size=10,
            reset=no_reset,
            server_settings=settings,
            statement_cache_size=1024,
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        authorization = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if hashlib.sha256(authorization[7:]).digest() not in self.tokens:
            raise PermissionError
        method, path = scope["method"], scope["path"]
        if method == "POST":
            await receive()
            await self.create()
            await send({"type": "http.response.start", "status": 201, "headers": [*HEADERS, (b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})
            return
        body = encode(await (self.list() if path.endswith("/conversations") else self.one()))
        headers = [*HAL, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def rows(self, plan: list[Step]) -> dict[Statement[Any], list[Any]]:
        """The records of each statement, from one connection."""
        if self.connection is not None:
            run = self.connection.execute
            run("BEGIN")
            found = {step.statement: step.rendered.records(run(step.rendered.sql, step.values).fetchall()) for step in plan}
            run("COMMIT")
            return found
        connection = await self.pool.acquire()
        found = {
            step.statement: step.rendered.records(await connection.fetch(step.rendered.sql, *step.values)) for step in plan
        }
        await self.pool.release(connection)
        return found

    async def list(self) -> Any:
        found = await self.rows(self.plans["list"])
        now = datetime.now(UTC)
        total = sum(each.total for each in found[COUNTS])
        bodies = self._bodies(found, {each.id: each for each in found[lists.ROWS]}, UNSET, now)
        info = page_info(1, 25, total)
        links = page_links(Asked("http://desk.test/v2/conversations", ""), 1, info.total_pages)
        return Page(embedded=EmbeddedConversations(bodies), links=links, page=info)

    async def one(self) -> Any:
        found = await self.rows(self.plans["one"])
        files: dict[int, Any] = {}
        for each in found.get(one.ATTACHMENTS, []):
            files.setdefault(each.thread_id, []).append(each)
        said = [thread_body(each, files.get(each.id, []), 1, ORIGINS) for each in found[one.THREADS_OF]]
        return self._bodies(found, {each.id: each for each in found[one.GET]}, said, datetime.now(UTC))[0]

    def _bodies(self, found: dict[Statement[Any], Any], rows: dict[int, Any], said: Any, now: datetime) -> Any:
        tags: dict[int, Any] = {}
        values: dict[int, Any] = {}
        for tag in found[one.TAGS]:
            tags.setdefault(tag.conversation_id, []).append(tag)
        for value in found[one.FIELDS]:
            values.setdefault(value.conversation_id, []).append(value)
        return [conversation_body(it, tags.get(it.id, []), values.get(it.id, []), said, now, ORIGINS) for it in rows.values()]

    async def create(self) -> None:
        """The noted statements again, with the new ids in place of those they gave then."""
        plan = self.plans["create"]
        renewed: dict[Any, int] = {}
        if self.connection is not None:
            run = self.connection.execute
            run("BEGIN IMMEDIATE")
            for step in plan:
                got = run(step.rendered.sql, tuple(renewed.get(value, value) for value in step.values)).fetchall()
                if step.gave and got and isinstance(got[0][0], int):
                    renewed[step.gave] = got[0][0]
            run("COMMIT")
            return
        connection = await self.pool.acquire()
        await connection.execute("BEGIN")
        for step in plan:
            values = [renewed.get(value, value) if type(value) is int else value for value in step.values]
            got = await connection.fetch(step.rendered.sql, *values)
            if step.gave and got and isinstance(got[0][0], int):
                renewed[step.gave] = got[0][0]
        await connection.execute("COMMIT")
        await self.pool.release(connection)


async def prepare(data: str, address: str, token: str, conversation: int) -> Floor:
    """Ask the product each request once, note its statements, and stand ready to run them."""
    app = make_app(Settings(data=data, database=address, origin="http://desk.test", log_level="error"), works=False)
    await app.desk.database.open()
    floor = Floor(app, token)
    notes = Notes()
    note(app, notes)
    sample = Sample(token, conversation)
    for name, (method, path, body) in sample.named().items():
        for _ in range(2):  # the second time everything that is remembered is
            notes.steps.clear()
            await _ask(app, method, path, body, token)
        floor.plans[name] = list(notes.steps)
    await app.desk.database.close()
    await floor.open()
    return floor


async def _ask(app: App, method: str, path: str, body: bytes, token: str) -> None:
    address, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": address,
        "raw_path": address.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", b"desk.test"), (b"authorization", b"Bearer " + token.encode())],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
        "root_path": "",
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start" and message["status"] >= 300:
            raise RuntimeError(f"{method} {path} answers {message['status']}")

    await app.door(scope, receive, send)  # type: ignore[arg-type]


def main() -> None:
    data, address, port, token, conversation = sys.argv[1:6]

    async def serve() -> None:
        floor = await prepare(data, address, token, int(conversation))
        config = uvicorn.Config(
            floor,
            host="127.0.0.1",
            port=int(port),
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
        )
        await uvicorn.Server(config).serve()

    uvloop.run(serve())


if __name__ == "__main__":
    main()
