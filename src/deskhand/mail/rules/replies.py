"""Where the visible reply of a letter ends (email rules 6.1). Nothing is cut: what comes out is a place in what went in."""

from __future__ import annotations

import re
from itertools import pairwise

from msgspec import Struct

from deskhand.mail.rules import markup, quoting
from deskhand.mail.rules.labels import SENT_FROM, WROTE

MARKER = "-- reply above this line --"
"""The line that our own mail begins with: what stands below it, in an answer, is ours."""

LONGEST = 2**18  # characters that are looked at; a reply that goes on behind them is shown whole

_SIGNATURE = re.compile(r"--|\u2014|\u2013|\u2013\u2013|\u2014-|-\u2014|_{2,80}|[\u2014\u2013\u2500]{3,80}")
_MOST_SIGNED = 12  # lines of a signature
_MOST_LETTERS = 1000


class _Line(Struct):
    """A line: where it starts, its text without marks of quotation, and what is known of it."""

    start: int
    text: str
    is_quoted: bool
    is_bare: bool = False
    is_cut: bool = False
    is_heading: bool = False


def split(text: str) -> int:
    """Where the reply ends in a plain text: an offset into it. Behind it stand quotations, signatures and what programs add.

    Answers between quotations are kept with them; what has no words of its own is kept whole.
    """
    looked = text[:LONGEST]
    lines = []
    start = 0
    for each in looked.splitlines(keepends=True):
        bare = each.lstrip(" \t\ufeff")
        lines.append(_Line(start, quoting.bare(bare), bare.startswith(">")))
        start += len(each)
    for before, line in pairwise(lines):
        # A heading whose address was broken: "<mailto:a@b\n> wrote:"
        if line.is_quoted and not before.is_quoted and before.text and (line.text == ":" or WROTE.match(line.text)):
            line.is_quoted = False
    return _end(lines, len(text), is_whole=len(text) <= LONGEST)


def split_html(html: str) -> int:
    """Where the reply ends in HTML: an offset into it, between tags. As ``split``, and by the marks of known mail programs."""
    looked = html[: 2 * LONGEST]
    lines = [
        _Line(
            each.start,
            quoting.bare(each.text),
            is_quoted=each.depth > 0 or each.text.startswith(">"),
            is_bare=each.is_bare,
            is_cut=each.is_cut,
            is_heading=each.is_heading,
        )
        for each in markup.lines(looked)
    ]
    return _end(lines, len(html), is_whole=len(html) <= 2 * LONGEST)


def _end(lines: list[_Line], length: int, *, is_whole: bool) -> int:
    texts = [each.text for each in lines]
    limit = _first_cut(lines, texts)
    if limit == len(lines) and not is_whole:
        return length
    end = _trimmed(lines, texts, limit)
    return lines[end].start if 0 < end < len(lines) else length


def _first_cut(lines: list[_Line], texts: list[str]) -> int:
    """The first line from which on all is another message, if words of the writer stand above it."""
    has_words, left = False, quoting.MOST_CANDIDATES
    for number, line in enumerate(lines):
        is_marker = MARKER in line.text
        if line.is_quoted and not is_marker:
            continue
        if has_words and left > 0:
            start = _cut_at(lines, texts, number)
            if start is not None and any(_is_own(each) for each in lines[:start]):
                return start
            left -= quoting.is_candidate(line.text)
        has_words = has_words or _is_own(line)
    return len(lines)


def _cut_at(lines: list[_Line], texts: list[str], number: int) -> int | None:
    """Where the other message begins that a line announces or starts, or None."""
    line = lines[number]
    before = texts[number - 1] if number else ""
    if line.is_cut or MARKER in line.text or quoting.divides(line.text):
        return number
    if not line.is_heading and not quoting.is_candidate(line.text):
        return None
    # A run of fields is looked at where it begins.
    if quoting.field(before) is None and quoting.block(texts, number, is_announced=quoting.is_rule(before)):
        return number
    start = number if line.is_heading else quoting.heading(texts, number)
    if start is None:
        return None
    following = next((each for each in lines[number + 1 : number + 6] if each.text or each.is_quoted), None)
    return None if following is not None and following.is_quoted else start


def _trimmed(lines: list[_Line], texts: list[str], end: int) -> int:
    """The end without what hangs below the last own words: quotations with their headings, signatures, "sent from"."""
    while end > 0:
        line = lines[end - 1]
        if line.is_bare:
            first = _bare_start(lines, end)
            if first == 0 or (quoting.heading(texts, first - 1) is None and not lines[first - 1].is_heading):
                break
            end = first
        elif not line.text or line.is_quoted or line.is_heading or SENT_FROM.fullmatch(line.text[:300]):
            end -= 1
        elif (start := _hanging(lines, texts, end)) is not None:
            end = start
        elif end < len(lines) and (quoting.is_rule(line.text) or _SIGNATURE.fullmatch(line.text)):
            end -= 1
        else:
            break
    return end


def _bare_start(lines: list[_Line], end: int) -> int:
    """Where a quotation begins that nobody marked as one."""
    while end > 0 and lines[end - 1].is_bare:
        end -= 1
    return end


def _hanging(lines: list[_Line], texts: list[str], end: int) -> int | None:
    """Where the heading of a quotation begins that stood below, or a signature."""
    is_above_quote = any(each.is_quoted for each in lines[end : end + 6])
    start = quoting.heading(texts, end - 1) if is_above_quote else None
    return _signature(lines, end) if start is None else start


def _signature(lines: list[_Line], end: int) -> int | None:
    """Where a signature begins that reaches to the end, if words of the writer stand above it."""
    count = letters = 0
    for number in range(end - 1, -1, -1):
        line = lines[number]
        if line.is_quoted:
            return None
        if _SIGNATURE.fullmatch(line.text) and number < end - 1:
            return number if any(_is_own(each) for each in lines[max(0, number - 200) : number]) else None
        count += bool(line.text)
        letters += len(line.text)
        if count > _MOST_SIGNED or letters > _MOST_LETTERS:
            return None
    return None


def _is_own(line: _Line) -> bool:
    return bool(line.text) and not line.is_quoted and not quoting.is_rule(line.text) and not quoting.divides(line.text)
