"""Requests that a well-behaved client library cannot send: straight into the ASGI door, byte by byte."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from deskhand.kernel.http.door import Door

Pair = tuple[str, str | bytes]


class Got(Struct):
    """An answer; header names are in lower case, values in the order sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def mistakes(self) -> list[Any]:
        """The mistakes of a vendor envelope."""
        found: list[Any] = self.json()["_embedded"]["errors"]
        return found


async def send(
    door: Door,
    method: str,
    path: str,
    body: bytes | list[bytes] = b"",
    headers: list[Pair] | None = None,
    *,
    query: bytes = b"",
    token: str | None = None,
    host: str | bytes | None = "desk.test",
    scheme: str = "http",
    caller: str | None = "192.0.2.7",
) -> Got:
    """One request. A list as body is sent in chunks; ``path`` is as a server hands it on, decoded."""
    pairs = [*([("host", host)] if host is not None else []), *(headers or [])]
    if token is not None:
        pairs.append(("authorization", f"Bearer {token}"))
    raw = [(name.lower().encode(), value.encode("latin-1") if isinstance(value, str) else value) for name, value in pairs]
    parts = body if isinstance(body, list) else [body]
    messages = [{"type": "http.request", "body": part, "more_body": at < len(parts) - 1} for at, part in enumerate(parts)]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def take(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(errors="replace"),
        "root_path": "",
        "query_string": query,
        "headers": raw,
        "client": (caller, 1234) if caller else None,
        "server": ("10.0.0.9", 8080),
    }
    await door(scope, receive, take)
    start, *rest = sent
    found = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Got(start["status"], found, b"".join(each.get("body", b"") for each in rest))
