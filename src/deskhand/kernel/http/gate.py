"""The gate: who is it, and are they too quick? Litestar middleware, so it knows the route; closed unless declared public."""

from __future__ import annotations

import time
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send

from deskhand.kernel.errors import TooMany
from deskhand.kernel.http.errors import dead_token, missing_token
from deskhand.kernel.permissions import Actor

WRITES = {"POST", "PUT", "PATCH", "DELETE"}
SHOWN_LIMIT = 400  # what the headers say when there is no limit: clients read them as numbers


class Limits:
    """One bucket for the account, refilled at each clock minute; reads cost 1, writes 2; 0 is no limit."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._minute = 0
        self._spent = 0

    def spend(self, method: str, now_seconds: float) -> int:
        """Take the cost of a request; what is left. Raises TooMany, which costs nothing."""
        if not self.per_minute:
            return SHOWN_LIMIT
        minute = int(now_seconds // 60)
        if minute != self._minute:
            self._minute, self._spent = minute, 0
        cost = 2 if method in WRITES else 1
        if self._spent + cost > self.per_minute:
            raise TooMany(max(1, 60 - int(now_seconds % 60)))
        self._spent += cost
        return self.per_minute - self._spent

    def left(self, now_seconds: float) -> int:
        """What is left of the minute, without taking any."""
        if not self.per_minute:
            return SHOWN_LIMIT
        return self.per_minute - self._spent if int(now_seconds // 60) == self._minute else self.per_minute


class Gate:
    """Puts the actor into ``scope["actor"]``, or refuses."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["route_handler"].opt.get("public"):
            ours: Any = scope["deskhand"]  # type: ignore[typeddict-item]
            # First who it is: else strangers could use up the account's minute.
            scope["actor"] = await _actor(scope, ours.door)  # type: ignore[typeddict-unknown-key]
            ours.remaining = ours.door.limits.spend(
                scope["method"],  # type: ignore[typeddict-item]
                time.time(),
            )
        await self.app(scope, receive, send)


async def _actor(scope: Scope, door: Any) -> Actor:
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.partition(b" ")
            if kind.lower() != b"bearer" or not token:
                break
            actor = await door.authenticate(token.strip())
            if actor is None:
                raise dead_token()
            return actor  # type: ignore[no-any-return]
    raise missing_token()
