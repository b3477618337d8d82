"""HTML as lines of text that know where in the HTML they stand. No tree is built, so nothing nested can hold it up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from html import unescape

from msgspec import Struct

_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]{0,30}|[!?])[^>]*>")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_SILENT = frozenset(("head", "script", "style", "title", "template"))
_RAW = {each: re.compile(f"</{each}", re.IGNORECASE) for each in sorted(_SILENT - {"head"})}
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
_NAMED = r"\s*=\s*[\"']?(?:[^\"'>]{0,200}\s)?"
_CUT = re.compile(
    rf"\b(?:id|class){_NAMED}(?:divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|yahoo_quoted|yahooQuoted|mail_quote|zmail_extra"
    r"|tutanota_quote|js-readmsg-msg|mailru-blockquote|QuotedMessage)[\s\"'>]"
    r"|border:\s?none;\s?border-top:\s?solid #?(?:E1E1E1|B5C4DF)",
    re.IGNORECASE,
)
_CITED = re.compile(r"\b(?:type|class|id|cite)\s*=|border-left", re.IGNORECASE)
_INDENTED = re.compile(r"^(?!.*\b(?:type|class|cite)\s*=).*border:\s?(?:none|0)", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(rf"\bclass{_NAMED}(?:gmail_attr|moz-cite-prefix|moz-email-headers-table)[\s\"'>]", re.IGNORECASE)


Tag = tuple[str, int, int]
"""A tag: its name in lower case, with ``/`` before that of an end, where it begins, and where it ends behind its ``>``."""


class Line(Struct, frozen=True):
    """A line of text. ``start`` is where its first tag begins, ``depth`` how deep in quotations it is.

    ``is_bare``: nothing but the name of the element makes it a quotation; its writer may have chosen it. ``is_cut`` stands
    where a mail program begins what it quotes, ``is_heading`` for what it puts above a quotation.
    """

    start: int
    text: str
    depth: int = 0
    is_bare: bool = False
    is_cut: bool = False
    is_heading: bool = False


def tags(html: str) -> Iterator[Tag]:
    """The tags of HTML in order, in linear time. Comments and declarations have the name ``!`` or
    ``?``; what ``script`` and its like contain is none."""
    html = html[: html.rfind(">") + 1]  # so that each tag that begins also ends
    place = 0
    while found := _TAG.search(html, place):
        place = found.end()
        name = found[1].lower()
        if name == "!" and html.startswith("<!--", found.start()):
            place = html.find("-->", found.start() + 4) + 3
            if place < 3:
                return
        yield name, found.start(), place
        if name in _RAW:
            closing = _RAW[name].search(html, place)
            if closing is None:
                return
            place = closing.start()


def lines(html: str) -> list[Line]:
    """What a reader sees, line by line; empty lines are left out."""
    walk, place = _Walk(html), 0
    for name, start, end in tags(html):
        if start > place:
            walk.text(html[place:start], place)
        walk.tag(name, start, end)
        place = end
    walk.text(html[place:], place)
    walk.close()
    return walk.found


class _Quotation(Enum):
    """What a ``blockquote`` is: marked by a mail program, of unknown origin, or how some of them indent what is written."""

    MARKED = 1
    BARE = 2
    INDENT = 3


class _Walk:
    """A walk over text and tags, and the line that is being read."""

    def __init__(self, html: str) -> None:
        self._html = html
        self.found: list[Line] = []
        self._pieces: list[str] = []
        self._start = 0
        self._opened = -1  # where the first tag opened since there was anything to see
        self._quotations: list[_Quotation] = []
        self._preformatted = 0
        self._is_silent = self._is_heading = False
        self._marked: dict[str, tuple[bool, bool]] = {}  # letters repeat their tags

    def text(self, text: str, place: int) -> None:
        if self._is_silent:
            return
        for piece in text.splitlines(keepends=True) if self._preformatted else [text]:
            if piece and not piece.isspace():
                if not self._pieces:
                    self._start = self._opened if self._opened >= 0 else place
                self._pieces.append(piece)
                self._opened = -1
            elif piece and self._pieces:
                self._pieces.append(" ")
            if self._preformatted and piece[-1] in "\r\n":
                self.close()
            place += len(piece)

    def tag(self, name: str, start: int, end: int) -> None:
        if name in "!?":
            return
        is_end = name[0] == "/"
        if is_end:
            name = name[1:]
        if name in _SILENT:
            self._is_silent = not is_end
        elif name == "body":
            self._is_silent = False
        if name in _BREAKING:
            self.close()
            self._is_heading = False
        if is_end or name == "img":
            self._opened = -1
        elif self._opened < 0:
            self._opened = start
        if name == "blockquote":
            self._quote(self._html[start:end], is_end=is_end)
        elif name == "pre":
            self._preformatted = max(0, self._preformatted + (-1 if is_end else 1))
        elif not is_end and not self._quotations and end - start > _LEAST:
            self._marks(self._html[start:end])

    def _quote(self, source: str, *, is_end: bool) -> None:
        if not is_end:
            kind = _Quotation.MARKED if _CITED.search(source) else _Quotation.BARE
            self._quotations.append(_Quotation.INDENT if _INDENTED.search(source) else kind)
        elif self._quotations:
            self._quotations.pop()

    def _marks(self, source: str) -> None:
        known = self._marked.get(source)
        if known is None:
            known = self._marked[source] = (_HEADING.search(source) is not None, _CUT.search(source) is not None)
        is_heading, is_cut = known
        self._is_heading = self._is_heading or is_heading
        if is_cut:
            self.close()
            self.found.append(Line(max(self._opened, 0), "", is_cut=True))

    def close(self) -> None:
        """End the line, if anything stands in it."""
        if not self._pieces:
            return
        if text := shown("".join(self._pieces)):
            kinds = [each for each in self._quotations if each is not _Quotation.INDENT]
            is_bare = bool(kinds) and _Quotation.MARKED not in kinds
            self.found.append(Line(self._start, text, len(kinds), is_bare, is_heading=self._is_heading))
        self._pieces = []


def shown(text: str) -> str:
    """Text between tags as it is shown: entities read, white space joined."""
    return _SPACE.sub(" ", unescape(text).replace("\xa0", " ")).strip()
