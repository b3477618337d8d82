"""Header values as people read them: encoded words (RFC 2047), parameters (RFC 2231), and nothing that could do harm."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from deskhand.mail.reading.charsets import decoded

ENCODED = re.compile(rb"=\?([^?\s]{1,75})\?([bBqQ])\?(.*?)\?=", re.DOTALL)
_CONTROL = re.compile("[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FOLDS = re.compile(rb"\r?\n[ \t]")
_BEHIND_END = re.compile(rb"=[ \t][^\r\n]*")  # words that somebody wrote behind the padding
_PARTS = re.compile(rb'(?:"(?:\\.|[^"\\])*"?|[^";])+', re.DOTALL)
_PARAMETER = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_ALPHABET = re.compile(rb"[^A-Za-z0-9+/=]")


def raw(value: str) -> bytes:
    """The bytes of a header value as the stdlib parser hands it out."""
    return value.encode("utf-8", "surrogateescape")


def text(value: str | bytes) -> str:
    """A header value decoded: unfolded, without control characters and marks that turn the direction of writing.

    Accepts encoded words in quotes, with raw spaces, and raw UTF-8. Neighbouring words of one charset are joined before
    they are decoded, for a character may be split between them.
    """
    if isinstance(value, str) and value.isprintable() and value.isascii() and "=?" not in value:
        return value.strip()
    content = _FOLDS.sub(b" ", raw(value) if isinstance(value, str) else value)
    return harmless("".join(_pieces(content)))


def harmless(value: str) -> str:
    """Without what could forge another header, hide text or turn it around; tabs and line ends become spaces."""
    if value.isascii() and value.isprintable():
        return value.strip()
    return _CONTROL.sub(lambda each: " " if each.group() in "\t\r\n" else "", value).strip()


def _pieces(content: bytes) -> Iterator[str]:
    place, charset, waiting = 0, "", b""
    for found in ENCODED.finditer(content):
        between = content[place : found.start()]
        label = found[1].split(b"*")[0].decode("ascii", "replace").lower()  # RFC 2231 allows a language behind it
        is_neighbour = place > 0 and not between.strip()
        if waiting and not (is_neighbour and label == charset):
            yield decoded(waiting, charset)
            waiting = b""
        if not is_neighbour and between:
            yield decoded(between)
        charset, waiting = label, waiting + _word(found[2], found[3])
        place = found.end()
    if waiting:
        yield decoded(waiting, charset)
    if place < len(content):
        yield decoded(content[place:])


def _word(encoding: bytes, content: bytes) -> bytes:
    if encoding in b"bB":
        return base64(content)
    try:
        return binascii.a2b_qp(content.replace(b"\r", b"").replace(b"\n", b""), header=True)
    except binascii.Error:
        return content


def base64(content: bytes) -> bytes:
    """Base64 that may be broken: foreign characters are dropped, an odd tail is cut, several blocks are joined."""
    try:
        return binascii.a2b_base64(content.translate(None, b"\r\n"), strict_mode=True)
    except binascii.Error:
        return _repaired(content)


def _repaired(content: bytes) -> bytes:
    found = []
    for block in re.split(rb"=+", _ALPHABET.sub(b"", _BEHIND_END.sub(b"=", content))):
        whole = block[: len(block) - 1] if len(block) % 4 == 1 else block
        found.append(binascii.a2b_base64(whole + b"=" * (-len(whole) % 4)))
    return b"".join(found)


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """A header like Content-Type: its value in lower case, and the parameters by name in lower case, decoded.

    RFC 2231: continuations in any order, percent-encoding with a charset. Both spellings at once: the encoded one counts.
    """
    if ";" not in value and value.isascii():
        return harmless(value).lower(), {}
    first, *rest = _split(raw(value))
    parts: dict[str, dict[int, tuple[bytes, bool]]] = {}
    plain: dict[str, str] = {}
    for each in rest:
        name_, _, content = each.partition(b"=")
        name = name_.strip().decode("ascii", "replace").lower()
        if name and "*" not in name:
            plain.setdefault(name, text(_unquoted(content)))
        elif found := _PARAMETER.fullmatch(name):
            parts.setdefault(found[1], {})[int(found[2] or 0)] = (_unquoted(content), found[3] is not None)
    extended = {name: _extended([several[each] for each in sorted(several)]) for name, several in parts.items()}
    return harmless(decoded(first)).lower(), plain | extended


def _extended(pieces: list[tuple[bytes, bool]]) -> str:
    charset, content = "", b""
    for place, (each, is_encoded) in enumerate(pieces):
        if is_encoded and place == 0 and each.count(b"'") >= 2:
            label, _, each = each.split(b"'", 2)
            charset = label.decode("ascii", "replace")
        content += unquote_to_bytes(each) if is_encoded else each
    return harmless(decoded(content, charset)) if b"=?" not in content else text(content)


def _unquoted(content: bytes) -> bytes:
    content = content.strip()
    if len(content) >= 2 and content[:1] == content[-1:] == b'"':
        return re.sub(rb"\\(.)", rb"\1", content[1:-1])
    return content.strip(b'"')


def _split(content: bytes) -> list[bytes]:
    """Parts between semicolons, which do not count inside of quotes."""
    return _PARTS.findall(content) or [b""]
