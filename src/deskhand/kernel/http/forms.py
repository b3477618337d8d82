"""Forms as browsers send them, with files or without. A file is held in memory, so each has a limit and so has the whole."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from msgspec import Struct
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser, parse_options_header

from deskhand.kernel.errors import Invalid, TooLarge
from deskhand.kernel.http.routes import raw_body

MOST_PARTS = 200
FIELD_BYTES = 4 * 1024 * 1024


class Upload(Struct, frozen=True):
    """A file as it was sent; ``name`` is the field's."""

    name: str
    filename: str
    mime_type: str
    content: bytes


class Sent(Struct, frozen=True):
    """What a form sent: fields in their order, texts without NUL and with line ends as ours are; and files."""

    fields: list[tuple[str, str]]
    files: list[Upload]


async def read_form(request: Request[Any, Any, Any], most_bytes: int, *, file_bytes: int = 0) -> Sent:
    """The fields of a form, and files of ``file_bytes`` each where it may have some.

    Raises TooLarge, Invalid for what is no form.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    body = await raw_body(request, most_bytes)
    if kind != "multipart/form-data":
        pairs = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
        return Sent([(name, _plain(value)) for name, value in pairs], [])
    try:
        return _parts(body, options.get("boundary", ""), file_bytes)
    except ParserLimitReached:
        raise TooLarge(f"A form may have {MOST_PARTS} fields and files, and a file {file_bytes} bytes at most") from None
    except MultipartError as error:
        raise Invalid("form", f"cannot be read: {error}") from None


def _parts(body: bytes, boundary: str, file_bytes: int) -> Sent:
    fields: list[tuple[str, str]] = []
    files: list[Upload] = []
    most = max(FIELD_BYTES, file_bytes)
    with PushMultipartParser(boundary, len(body), max_segment_size=most, max_segment_count=MOST_PARTS) as parser:
        part, content = MultipartSegment([]), bytearray()
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                part, content = event, bytearray()
            elif event is not None:
                content += event
            elif part.filename is None:
                fields.append((part.name or "", _plain(content.decode(errors="replace"))))
            elif part.filename and file_bytes:
                name = _plain(part.filename)
                files.append(Upload(part.name or "", name, part.content_type or "application/octet-stream", bytes(content)))
            elif part.filename:
                raise Invalid(part.name or "file", "is not taken here")
    return Sent(fields, files)


def _plain(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n")
