"""The text of a message as people see it: HTML as it came, or made of plain text, and where its quotes begin."""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from deskhand.kernel.html import as_html, plain_text
from deskhand.mail.reading.letter import Leaf, Letter
from deskhand.mail.reading.words import base64
from deskhand.mail.rules import replies

LONGEST_HTML = 2**20
DEEPEST_HTML = 200
_BODY = re.compile(r"<body\b[^>]{0,10000}>", re.IGNORECASE)
_END_OF_BODY = re.compile(r"</body\s*>", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_DATA_URL = re.compile(
    r"""(\bsrc\s{0,9}=\s{0,9})(["'])data:image/(?:png|jpe?g|gif|webp);base64,([A-Za-z0-9+/=\s%]{1,1400000})\2""", re.IGNORECASE
)
_SRC = re.compile(r"""(<img\b[^<>]{0,4000}?\bsrc\s{0,9}=\s{0,9})(["'])([^"'<>]{1,2000})\2""", re.IGNORECASE)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "p", "li")
)


class Body(Struct, frozen=True):
    """``html`` is to be stored, ``text`` the same as plain text; ``pictures`` are the places of the leaves that ``html``
    shows by itself, by their content id; ``embedded`` are pictures that stood in the text, likewise."""

    html: str
    text: str
    quoted_at: int | None
    pictures: dict[str, str]
    embedded: dict[str, bytes] = {}
    partial: tuple[str, ...] = ()


def body_of(letter: Letter) -> Body:
    """What a message says."""
    text = "\n".join(_unflowed(each) for each in letter.texts if each.type == "text/plain")
    pictures = {each.place: _content_id(each) for each in letter.htmls if not each.type.startswith("text/")}
    partial: tuple[str, ...] = ()
    if any(each.type == "text/html" for each in letter.htmls):
        embedded: dict[str, bytes] = {}
        html = _unembedded("".join(_html(each, pictures) for each in letter.htmls), embedded)
        html = _located(html, letter, pictures)
        if len(html) <= LONGEST_HTML and (html.count("<") <= DEEPEST_HTML or _depth(html) <= DEEPEST_HTML):
            return Body(html, text or plain_text(html), _offset(replies.split_html(html), html), pictures, embedded)
        partial = ("html",)
        text = text or _stripped(html)
    shown = text[:LONGEST_HTML]
    offset = replies.split(shown)
    above = as_html(shown[:offset])
    html = above + as_html(shown[offset:]) + "".join(_picture(each) for each in pictures.values())
    return Body(html, text, len(above) if shown[offset:].strip() else None, pictures, {}, partial)


def _offset(offset: int, html: str) -> int | None:
    return offset if offset < len(html) else None


def _html(leaf: Leaf, pictures: dict[str, str]) -> str:
    if leaf.type == "text/html":
        text = leaf.text or ""
        begin = _BODY.search(text)
        inner = text[begin.end() :] if begin else text
        ends = [each.start() for each in _END_OF_BODY.finditer(inner)]
        return inner[: ends[-1]] if begin and ends else inner
    if leaf.type == "text/plain":
        return as_html(_unflowed(leaf))
    return _picture(pictures[leaf.place])


def _unembedded(html: str, embedded: dict[str, bytes]) -> str:
    """Pictures that stand in the text itself become files that it names."""

    def named(found: re.Match[str]) -> str:
        content_id = f"embedded-{len(embedded) + 1}"
        embedded[content_id] = base64(unquote_to_bytes(found[3]))
        return f"{found[1]}{found[2]}cid:{content_id}{found[2]}"

    return _DATA_URL.sub(named, html) if "data:image/" in html else html


def _located(html: str, letter: Letter, pictures: dict[str, str]) -> str:
    """Pictures that the text names by their Content-Location (RFC 2557) are named by their content id."""
    there = {each.location: each for each in letter.attachments if each.location and each.type.startswith("image/")}

    def named(found: re.Match[str]) -> str:
        leaf = there.get(unescape(found[3]).strip())
        if leaf is None:
            return found[0]
        pictures[leaf.place] = _content_id(leaf)
        return f"{found[1]}{found[2]}cid:{escape(pictures[leaf.place])}{found[2]}"

    return _SRC.sub(named, html) if there else html


def _picture(content_id: str) -> str:
    return f'<img src="cid:{escape(content_id)}">'


def _content_id(leaf: Leaf) -> str:
    return leaf.content_id or f"part-{leaf.place}"


def _unflowed(leaf: Leaf) -> str:
    """The text of a leaf; lines that were broken for the way are joined again (RFC 3676)."""
    text = leaf.text or ""
    if not leaf.is_flowed:
        return text
    lines: list[str] = []
    joins, quoted = False, 0
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        if joins and depth == quoted:
            lines[-1] += content
        else:
            lines.append(line[:depth] + (" " if depth else "") + content)
        if flows and leaf.deletes_space:
            lines[-1] = lines[-1][:-1]
        joins, quoted = flows, depth
    return "\n".join(lines)


def _depth(html: str) -> int:
    """How deep tags lie in one another, about."""
    deepest = depth = 0
    for slash, name in _TAG.findall(html):
        if name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if slash else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _stripped(html: str) -> str:
    """The words of HTML that is too much to be cleaned."""
    return re.sub(r"<[^<>]{0,2000}>", " ", html[: 4 * LONGEST_HTML])
