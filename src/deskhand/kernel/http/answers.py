"""Answers as bytes: the few shapes the API sends (contract 00 §4), each an ASGI application of its own."""

from __future__ import annotations

import re
import zlib
from typing import Any

import msgspec
from litestar.types import Receive, Scope, Send

HAL = b"application/hal+json;charset=UTF-8"
JSON = b"application/json; charset=utf-8"
PLAIN_JSON = b"application/json"
TEXT = b"text/plain; charset=UTF-8"
VND_ERROR = b"application/vnd.error+json"  # without a charset: the PHP SDK compares the whole header

Header = tuple[bytes, bytes]
SMALLEST_GZIP_BYTES = 1024
REFUSED_GZIP = re.compile(rb"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")

encode = msgspec.json.Encoder().encode


class Answer:
    """A status, headers and a body; gzipped when the client offers it and it is worth it."""

    __slots__ = ("body", "content_type", "headers", "status")

    def __init__(self, status: int, body: bytes = b"", content_type: bytes = TEXT, headers: list[Header] | None = None):
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers = headers or []

    def to_asgi_response(self, *_: Any, **__: Any) -> Answer:
        """Litestar's name for what this already is."""
        return self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, headers = self.body, self.headers
        if len(body) >= SMALLEST_GZIP_BYTES and _offers_gzip(scope):
            body = _gzip(body)
            headers = [*headers, (b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]
        start: Any = {
            "type": "http.response.start",
            "status": self.status,
            "headers": [(b"content-type", self.content_type), *headers],
        }
        if self.status != 204:
            start["headers"].append((b"content-length", b"%d" % len(body)))
        await send(start)
        await send({"type": "http.response.body", "body": body, "more_body": False})


class Created(msgspec.Struct, frozen=True):
    """201: the new thing's id, and its addresses where the contract gives them (00 §4.4)."""

    id: int | None
    location: str | None = None
    web_location: str | None = None


class Accepted(msgspec.Struct, frozen=True):
    """202: the work goes on behind."""


class File(msgspec.Struct, frozen=True):
    """200 with bytes that are no JSON of ours."""

    content: bytes
    media_type: str
    name: str | None = None


async def gone(receive: Receive) -> None:
    """Returns when whoever asked has gone; for answers that take their time."""
    while (await receive())["type"] != "http.disconnect":
        pass


def resource(body: Any, content_type: bytes = HAL) -> Answer:
    """200 with a HAL document, or with what else is said."""
    return Answer(200, encode(body), content_type)


def created(what: Created) -> Answer:
    """201 without a body."""
    headers: list[Header] = []
    if what.id is not None:
        headers.append((b"resource-id", b"%d" % what.id))
    if what.location is not None:
        headers.append((b"location", what.location.encode()))
    if what.web_location is not None:
        headers.append((b"web-location", what.web_location.encode()))
    return Answer(201, headers=headers)


def file(what: File) -> Answer:
    """200 with a file; a name makes the browser keep it instead of showing it."""
    headers: list[Header] = []
    if what.name is not None:
        headers.append((b"content-disposition", _disposition(what.name)))
        headers.append((b"content-security-policy", b"default-src 'none'; sandbox"))
    return Answer(200, what.content, _header_safe(what.media_type), headers)


def _disposition(name: str) -> bytes:
    """RFC 6266: a plain name for old clients, the true one in UTF-8 beside it where they differ."""
    plain = "".join(character if " " <= character < "\x7f" and character not in '"\\/' else "_" for character in name)
    if plain == name:
        return f'attachment; filename="{plain}"'.encode()
    safe = "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02X}" for byte in name.encode())
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{safe}".encode()


def _header_safe(media_type: str) -> bytes:
    plain = "".join(character for character in media_type if " " <= character < "\x7f")
    return (plain or "application/octet-stream").encode()


def _offers_gzip(scope: Scope) -> bool:
    return any(
        name == b"accept-encoding" and b"gzip" in value and not REFUSED_GZIP.search(value) for name, value in scope["headers"]
    )


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(3, zlib.DEFLATED, 31)
    return packer.compress(body) + packer.flush()
