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
    [
        "address",
        "article",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)

_LEAST = 12  # characters of a tag that says more than its name
_CUT = re.compile(
    r"""\b(?:id|class)\s*=\s*["']?(?:[^"'>]{0,200}\s)?(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|yahoo_quoted"
    r"|yahooQuoted|mail_quote|zmail_extra"""
    r"""|tutanota_quote|reply-intro|js-helper\s+js-readmsg-msg|mailru-blockquote|QuotedMessage)[\s"'>]"""
    r"""|border:\s?none;\s?border-top:\s?solid #?(?:E1E1E1|B5C4DF)""",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"""\bclass\s*=\s*["']?(?:[^"'>]{0,200}\s)?(?:gmail_attr|moz-cite-prefix|moz-email-headers-table"
    r"|protonmail_quote_header)[\s"'>]""",
    re.IGNORECASE,
)


class Tag(Struct, frozen=True):
    """A tag as it stands: ``name`` in lower case, with ``/`` before that of an end; ``end`` is behind its ``>``."""

    name: str
    source: str
    start: int
    end: int


class Line(Struct, frozen=True):
    """A line of text. ``start`` is where its first tag begins, ``depth`` how deep in quotations it is.

    ``is_cut`` stands where a mail program begins what it quotes, ``is_heading`` for what it puts above a quotation.
    """

    start: int
    text: str
    depth: int = 0
    is_cut: bool = False
    is_heading: bool = False


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
    line = _Open()
    place, depth, silent, heading = 0, 0, False, False
    opened = -1  # where the first tag since the last content opened
    for tag in (*tags(html), Tag("/html", "", len(html), len(html))):
        text = html[place : tag.start]
        if not silent and text and not text.isspace():
            line.add(text, opened if opened >= 0 else place)
            opened = -1
        elif line.pieces and text:
            line.pieces.append(" ")
        place = tag.end
        name = tag.name.lstrip("/")
        is_end = tag.name[0] == "/"
        silent = (name in _SILENT) != is_end if name in _SILENT else silent and name != "body"
        if name in _BREAKING:
            found += line.close(depth, is_heading=heading)
            heading = False
        if is_end or name == "img":
            opened = -1
        elif opened < 0:
            opened = tag.start
        if name == "blockquote":
            depth = max(0, depth - 1) if is_end else depth + 1
        elif not is_end and len(tag.source) > _LEAST and depth == 0:
            heading = heading or _HEADING.search(tag.source) is not None
            if _CUT.search(tag.source):
                found += line.close(depth)
                found.append(Line(opened if opened >= 0 else tag.start, "", is_cut=True))
    return found


class _Open:
    """A line that is being read."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.start = 0

    def add(self, text: str, start: int) -> None:
        if not self.pieces:
            self.start = start
        self.pieces.append(text)

    def close(self, depth: int, *, is_heading: bool = False) -> list[Line]:
        text = shown("".join(self.pieces))
        self.pieces = []
        return [Line(self.start, text, depth, is_heading=is_heading)] if text else []


def shown(text: str) -> str:
    """Text between tags as it is shown: entities read, white space joined."""
    return _SPACE.sub(" ", unescape(text).replace("\xa0", " ")).strip()
