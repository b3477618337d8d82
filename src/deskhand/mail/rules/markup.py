"""HTML as lines of text that know where in the HTML they stand. No tree is built, so nothing nested can hold it up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from msgspec import Struct

_NAME = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:-]{0,30}")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SILENT = frozenset(("head", "script", "style", "title", "template"))
_BREAKING = frozenset(
    ["address", "article", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul"]
)


class Tag(Struct, frozen=True):
    """A tag as it stands: ``name`` in lower case, with ``/`` before that of an end; ``end`` is behind its ``>``."""

    name: str
    source: str
    start: int
    end: int


class Line(Struct, frozen=True):
    """A line of text: where it begins, and how deep in quotations it is."""

    start: int
    text: str
    depth: int = 0


def tags(html: str) -> Iterator[Tag]:
    """The tags of HTML in order, in linear time. Comments are left out, and what ``script`` and its like contain."""
    place, last = html.find("<"), len(html)
    while 0 <= place < last:
        if html.startswith("<!--", place):
            end = html.find("-->", place + 4)
            if end < 0:
                return
            place = html.find("<", end)
            continue
        found = _NAME.match(html, place + 1)
        if found is None:
            place = html.find("<", place + 1)
            continue
        end = html.find(">", found.end())
        if end < 0:
            return
        name = found.group().lower()
        yield Tag(name, html[place : end + 1], place, end + 1)
        if name in _SILENT and name != "head":
            closing = re.compile(f"</{name}", re.IGNORECASE).search(html, end)
            if closing is None:
                return
            end = closing.start() - 1
        place = html.find("<", end)


def lines(html: str) -> list[Line]:
    """What a reader sees, line by line; empty lines are left out."""
    found: list[Line] = []
    words: list[str] = []
    start, place, depth, silent = -1, 0, 0, False
    for tag in (*tags(html), Tag("/html", "", len(html), len(html))):
        if not silent and place < tag.start:
            text = html[place : tag.start]
            if start < 0 and text.strip():
                start = place + len(text) - len(text.lstrip())
            words.append(text)
        place = tag.end
        bare = tag.name.lstrip("/")
        silent = tag.name in _SILENT or (silent and bare not in _SILENT and tag.name != "body")
        if bare in _BREAKING:
            if start >= 0 and (text := shown("".join(words))):
                found.append(Line(start, text, depth))
            words, start = [], -1
        if bare == "blockquote":
            depth = max(0, depth - 1) if tag.name[0] == "/" else depth + 1
    return found


def shown(text: str) -> str:
    """Text between tags as it is shown: entities read, white space joined."""
    return _SPACE.sub(" ", unescape(text).replace("\xa0", " ")).strip()
