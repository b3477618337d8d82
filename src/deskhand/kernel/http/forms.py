"""Forms as browsers send them, with files or without. What is taken is held in memory, so each file has a limit and so has the
whole; what is too large is read and forgotten, for the text beside it shall not be lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from msgspec import Struct
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser, parse_options_header

from deskhand.kernel.errors import Invalid, TooLarge
from deskhand.kernel.http.routes import raw_body, raw_pieces

MOST_PARTS = 200
FIELD_BYTES = 4 * 1024 * 1024
READ_TIMES = 8  # as much as a form may have is read of one whose files are too large
MB = 1024 * 1024


class Upload(Struct, frozen=True):
    """A file as it was sent; ``name`` is the field's."""

    name: str
    filename: str
    mime_type: str
    content: bytes


class Sent(Struct, frozen=True):
    """What a form sent: fields in their order, texts without NUL and with line ends as ours are; files, and the names of those
    that are ``too_large``."""

    fields: list[tuple[str, str]]
    files: list[Upload]
    too_large: list[str] = []


async def read_form(request: Request[Any, Any, Any], most_bytes: int, *, file_bytes: int = 0) -> Sent:
    """The fields of a form, and files of ``file_bytes`` each where it may have some, together ``most_bytes``.

    Raises TooLarge for what is too much without its files or too much to be read at all, Invalid for what is no form.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data":
        body = await raw_body(request, most_bytes)
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
        return Sent([(name, _plain(value)) for name, value in pairs], [])
    pieces = raw_pieces(request, most_bytes * READ_TIMES if file_bytes else most_bytes)
    try:
        return await _parts(pieces, options.get("boundary", ""), most_bytes, file_bytes)
    except ParserLimitReached:
        raise TooLarge(f"A form may have {MOST_PARTS} fields and files at most") from None
    except MultipartError as error:
        raise Invalid("form", f"cannot be read: {error}") from None


async def _parts(pieces: AsyncIterator[bytes], boundary: str, most_bytes: int, file_bytes: int) -> Sent:
    sent = Sent([], [])
    with PushMultipartParser(boundary, max_segment_count=MOST_PARTS) as parser:
        part, content, most = MultipartSegment([]), bytearray(), 0
        async for piece in pieces:
            for event in parser.parse(piece):
                if isinstance(event, MultipartSegment):
                    part, content = event, bytearray()
                    most = min(FIELD_BYTES if part.filename is None else file_bytes, most_bytes)
                elif event is None:
                    most_bytes -= _take(sent, part, bytes(content), most)
                elif len(content) <= most:
                    content += event
    return sent


def _take(sent: Sent, part: MultipartSegment, content: bytes, most: int) -> int:
    """A part of a form, of which no more than a little over ``most`` was kept; how much it has."""
    name = part.name or ""
    if part.filename is None:
        if len(content) > most:
            raise TooLarge(f"A text may have {FIELD_BYTES // MB} MB at most")
        sent.fields.append((name, _plain(content.decode(errors="replace"))))
    elif not part.filename:  # a field for files without any
        return 0
    elif not most:
        raise Invalid(name or "file", "is not taken here")
    elif len(content) > most:
        sent.too_large.append(_plain(part.filename))
        return 0
    else:
        sent.files.append(Upload(name, _plain(part.filename), part.content_type or "application/octet-stream", content))
    return len(content)


def _plain(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n")
