"""The tree of a message: its leaves, and which of them are its body (RFC 8621 4.1.4)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from email.message import Message
from quopri import decodestring

from msgspec import Struct, structs

from deskhand.mail.reading.charsets import decoded
from deskhand.mail.reading.letter import Leaf, Limit, Limits
from deskhand.mail.reading.words import base64, harmless, parameters, text

SHOWN = ("image/", "audio/", "video/")
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+")
_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_UU_LINES = r"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[ -`]{1,61}\r?\n)*?)(?:[` ]?\r?\n)?end[ \t\r]*$"
_UU = re.compile(_UU_LINES.encode(), re.MULTILINE)
_UU_TEXT = re.compile(_UU_LINES, re.MULTILINE)
LONGEST_NAME = 200  # bytes


class Node(Struct):
    """A part: a leaf, or its parts."""

    type: str
    leaf: Leaf | None = None
    parts: list[Node] = []


class Body(Struct):
    """The leaves of a body, by RFC 8621."""

    texts: list[Leaf] = []
    htmls: list[Leaf] = []
    attachments: list[Leaf] = []


class Reading:
    """A walk over the parts of one message; notes which limits it met."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = 0
        self.met: set[Limit] = set()

    def node(self, part: Message, place: str = "", depth: int = 0) -> Node:
        """A part with everything below it. Beyond a limit a part is one leaf as it was sent."""
        headers = _headers(part)
        type_, known = self._type(part, headers)
        if type_.startswith("multipart/") and part.is_multipart():
            if depth >= self._limits.depth:
                self.met.add(Limit.DEPTH)
            else:
                return Node(type_, parts=list(self._below(part, place, depth)))
        self._count += 1
        return Node(type_, leaf=_leaf(part, headers, type_, known, place or "1"))

    def _below(self, part: Message, place: str, depth: int) -> Iterator[Node]:
        for number, each in enumerate(_parts(part), 1):
            if self._count >= self._limits.parts:
                self.met.add(Limit.PARTS)
                return
            yield self.node(each, f"{place}.{number}" if place else str(number), depth + 1)

    def _type(self, part: Message, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
        value, known = parameters(headers.get("content-type", "")[: self._limits.header])
        if not _TYPE.fullmatch(value):
            value = part.get_default_type()
        return value, known


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _headers(part: Message) -> dict[str, str]:
    """The first header of each name, as it came."""
    found: dict[str, str] = {}
    for name, value in part.raw_items():
        found.setdefault(name.lower(), value)
    return found


def _leaf(part: Message, headers: dict[str, str], type_: str, known: dict[str, str], place: str) -> Leaf:
    disposition, more = parameters(headers.get("content-disposition", ""))
    content = _content(part, headers.get("content-transfer-encoding", ""))
    name = more.get("filename") or known.get("name") or ""
    is_text = type_.startswith("text/") and not part.is_multipart()
    return Leaf(
        place=place,
        type=type_,
        disposition=disposition,
        filename=safe_name(name),
        content_id=text(headers.get("content-id", "")).strip("<> "),
        location=text(headers.get("content-location", "")),
        content=content,
        text=_text(content, type_, known.get("charset", "")) if is_text else None,
        is_flowed=known.get("format", "").lower() == "flowed",
        deletes_space=known.get("delsp", "").lower() == "yes",
    )


def _content(part: Message, encoding: str) -> bytes:
    """A leaf's bytes without their transfer encoding; what cannot be decoded stays as it was sent."""
    if part.is_multipart():
        return b"\n".join(_as_sent(each) for each in _parts(part))
    encoding = encoding.split(";")[0].strip().lower()
    if encoding:
        del part["Content-Transfer-Encoding"]  # the parser's own decoding gives up on base64 with an odd tail
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else _encoded(str(content))
    if encoding == "base64":
        return base64(raw)
    if encoding == "quoted-printable":
        return decodestring(raw)
    if encoding in ("x-uuencode", "uuencode", "uue", "x-uue"):
        found = _UU.search(raw)
        return uudecoded(found[2]) if found else raw
    return raw


def _as_sent(part: Message) -> bytes:
    """A part with its headers; as it came, or where the stdlib cannot write what it has read, as near as can be."""
    try:
        return part.as_bytes()
    except (UnicodeError, LookupError, ValueError, TypeError, AttributeError):
        head = "".join(f"{name}: {value}\n" for name, value in part.raw_items())
        below = [_as_sent(each) for each in _parts(part)] or [_encoded(str(part.get_payload()))]
        return b"\n".join([_encoded(head), *below])


def _encoded(content: str) -> bytes:
    """The bytes behind a text of the parser's, in which those it could not read stand as surrogates."""
    try:
        return content.encode("utf-8", "surrogateescape")
    except UnicodeError:
        return content.encode("utf-8", "replace")


def _text(content: bytes, type_: str, charset: str) -> str:
    if not charset and type_ == "text/html" and (found := _META.search(content[:4096])):
        charset = found[1].decode("ascii", "replace")
    return decoded(content, charset).replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")


def uudecoded(content: bytes) -> bytes:
    """Lines of uuencoded data; a line that is damaged is left out."""
    found = []
    for line in content.splitlines():
        try:
            found.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0  # some encoders pad their last line wrongly
            try:
                found.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                continue
    return b"".join(found)


def safe_name(name: str) -> str:
    """A file name that is only a name: no folders, nothing hidden, 200 bytes at most, its ending kept."""
    name = harmless(name).replace("\\", "/").rpartition("/")[2]
    name = _UNSAFE.sub("_", name).strip().lstrip(".").strip()
    stem, dot, ending = name.rpartition(".")
    if len(name.encode()) <= LONGEST_NAME:
        return name
    if not dot or len(ending.encode()) > 20:
        stem, dot, ending = name, "", ""
    room = LONGEST_NAME - len(ending.encode()) - len(dot)
    return stem.encode()[:room].decode(errors="ignore") + dot + ending


def body_of(root: Node) -> Body:
    """Which leaves are the body, and which are attachments."""
    body = Body()
    _gather([root], "mixed", body.htmls, body.texts, body.attachments)
    _take_uuencoded(body)
    return body


def _gather(
    nodes: list[Node],
    kind: str,
    htmls: list[Leaf] | None,
    texts: list[Leaf] | None,
    attachments: list[Leaf],
    *,
    in_alternative: bool = False,
) -> None:
    """The algorithm of RFC 8621: ``htmls`` or ``texts`` is None where an alternative has only the other."""
    html_count, text_count = len(htmls or ()), len(texts or ())
    for place, node in enumerate(nodes):
        it = node.leaf
        if it is None:
            below = node.type.partition("/")[2]
            within = in_alternative or below == "alternative"
            _gather(node.parts, below, htmls, texts, attachments, in_alternative=within)
            continue
        is_shown = it.type.startswith(SHOWN)
        is_text = it.type in ("text/plain", "text/html")
        is_inline = (is_text or is_shown) and (place == 0 or (kind != "related" and (is_shown or not it.filename)))
        if it.disposition == "attachment" or not is_inline:
            attachments.append(it)
            continue
        if kind == "alternative":
            chosen = {"text/plain": texts, "text/html": htmls}.get(it.type)
            (attachments if chosen is None else chosen).append(it)
            continue
        if in_alternative and is_text:
            htmls, texts = (None, texts) if it.type == "text/plain" else (htmls, None)
        if texts is None and htmls is None:  # a text for each beside one another: nobody would see the second
            attachments.append(it)
            continue
        for several in (texts, htmls):
            if several is not None:
                several.append(it)
        if is_shown and (texts is None or htmls is None):
            attachments.append(it)
    if kind == "alternative" and texts is not None and htmls is not None:
        if len(texts) == text_count and len(htmls) != html_count:
            texts.extend(htmls[html_count:])
        elif len(htmls) == html_count and len(texts) != text_count:
            htmls.extend(texts[text_count:])


def _take_uuencoded(body: Body) -> None:
    """Files that stand in a text as uuencoded lines become attachments."""
    taken: set[str] = set()
    for several in (body.texts, body.htmls):
        for place, leaf in enumerate(several):
            if leaf.type == "text/plain" and (found := list(_UU.finditer(leaf.content))):
                shorter = _UU_TEXT.sub("", leaf.text or "")
                several[place] = structs.replace(leaf, text=shorter)
                if leaf.place not in taken:
                    taken.add(leaf.place)
                    body.attachments.extend(_file(leaf, number, each[1], each[2]) for number, each in enumerate(found, 1))


def _file(leaf: Leaf, number: int, name: bytes, lines: bytes) -> Leaf:
    return Leaf(
        place=f"{leaf.place}.u{number}",
        type="application/octet-stream",
        disposition="attachment",
        filename=safe_name(decoded(name)),
        content_id="",
        location="",
        content=uudecoded(lines),
    )
