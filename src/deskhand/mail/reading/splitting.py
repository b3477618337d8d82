"""Well-formed messages taken apart without looking at each line: the tree that the standard library's parser makes of them.

Its parser compiles a pattern for each boundary and tries it on every line, which is more than half of what reading a letter
costs. Here one pattern takes a whole header, and bodies are split where the boundary stands. Whatever is not as it should be
is left to the parser.
"""

from __future__ import annotations

import re
from email.message import Message
from email.policy import compat32

_END_OF_HEADER = re.compile(r"\r?\n\r?\n")
_HEADER = re.compile(r"[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*")  # RFC 5322 2.2, with the lines it goes on in
_DEEPEST = 8
_MOST_PARTS = 100


def split(raw: bytes) -> Message | None:
    """The tree of a message, if everything in it is well-formed and it carries no other message; else None."""
    if raw.count(b"\r") != raw.count(b"\r\n"):
        return None  # the parser ends lines there too
    return _part(raw.decode("ascii", "surrogateescape"), 0)


def _part(text: str, depth: int) -> Message | None:
    """A part with everything below it."""
    end = _END_OF_HEADER.search(text)
    if end is None:
        return None
    head = text[: text.index("\n", end.start()) + 1]
    headers = _HEADER.findall(head)
    if sum(map(len, headers)) != len(head):
        return None  # a line in the header that is none of it
    message = Message(policy=compat32)
    for each in headers:
        message.set_raw(*compat32.header_source_parse([each]))
    kind = message.get_content_type()
    if kind.startswith("message/") or kind.endswith("/digest"):
        return None
    body = text[end.end() :]
    if not kind.startswith("multipart/"):
        message.set_payload(body)
        return message
    slices = _slices(body, message.get_boundary() or "") if depth < _DEEPEST else None
    if slices is None:
        return None
    parts: list[Message | str] = []
    for each in slices:
        part = _part(each, depth + 1)
        if part is None:
            return None
        parts.append(part)
    message.set_payload(parts)
    return message


def _slices(body: str, boundary: str) -> list[str] | None:
    """What stands between the delimiters, if each has a line of its own and the last closes (RFC 2046 5.1.1)."""
    delimiter = f"--{boundary}"
    count = body.count(delimiter)
    if not boundary or not boundary.isascii() or not 2 <= count <= _MOST_PARTS:
        return None
    found, at, begins = list[str](), body.find(delimiter), -1
    for number in range(1, count + 1):
        if at and body[at - 1] != "\n":
            return None
        line_end = body.find("\n", at)
        rest = body[at + len(delimiter) : line_end if line_end >= 0 else len(body)].rstrip("\r").rstrip(" \t")
        if rest != ("--" if number == count else ""):
            return None
        if begins >= 0:
            ends = at - 2 if body[at - 2 : at] == "\r\n" else at - 1
            if ends < begins:
                return None
            found.append(body[begins:ends])
        begins = line_end + 1
        at = body.find(delimiter, at + len(delimiter))
    return found
