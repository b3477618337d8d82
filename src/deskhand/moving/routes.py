"""``/deskhand/v1/export``: the whole account, for who may manage it. An addition of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from litestar import Request, Router
from litestar.types import Receive, Scope, Send

from deskhand.kernel.auditing import AccountExported
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError
from deskhand.kernel.http.answers import Answer, gone
from deskhand.kernel.http.routes import get
from deskhand.kernel.http.sessions import address_of
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import Actor, Permission
from deskhand.moving.leaving import leave

LINES = b"application/x-ndjson"
NAME = b'attachment; filename="deskhand.jsonl"'
STALLED_SECONDS = 60.0  # who takes nothing for so long is gone: meanwhile nobody else can export

log = Log(__name__)


@get("/export", summary="Export Account", errors=(403, 409), files=True)
async def export(desk: Desk, request: Request[Any, Any, Any]) -> Answer:
    """The whole account as JSON Lines, as it is at one moment; for owners and administrators, one at a time.

    `deskhand import` makes an empty account of it. Its last line says that it is whole: an answer without it was broken
    off. It holds secrets in the clear.
    """
    actor: Actor = request.scope["actor"]  # type: ignore[typeddict-item]
    actor.must(Permission.MANAGE_ACCOUNT)
    return _Export(desk, actor, address_of(request))


class _Export(Answer):
    """The file while it is made."""

    __slots__ = ("_actor", "_address", "_desk")

    def __init__(self, desk: Desk, actor: Actor, address: str) -> None:
        super().__init__(200, content_type=LINES)
        self._desk = desk
        self._actor = actor
        self._address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(leave(self._desk, self._actor)) as lines:
            first = await anext(lines)  # what can be refused is refused before the answer begins
            async with self._desk.writing(self._actor, address=self._address) as tx:
                tx.record(AccountExported())  # behind the moment that the file shows
            headers = [(b"content-type", LINES), (b"content-disposition", NAME)]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            leaving = asyncio.create_task(gone(receive))
            try:
                await self._send(first, lines, send, leaving)
            except (DeskError, TimeoutError) as error:
                log.warning("an export was broken off", reason=str(error) or "nobody takes it")
                return  # without the end of the body, so that the client sees it too
            finally:
                leaving.cancel()
                await asyncio.wait([leaving])

    async def _send(self, first: bytes, lines: AsyncIterator[bytes], send: Send, leaving: asyncio.Task[None]) -> None:
        piece: bytes | None = first
        while piece is not None:
            if leaving.done() or self._desk.closing:
                return
            async with asyncio.timeout(STALLED_SECONDS):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await anext(lines, None)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


ROUTERS = [Router("/deskhand/v1", route_handlers=[export])]
