"""What reports are made of. A chart is a table that a script draws; without one it is read as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from msgspec import UNSET, Struct

from deskhand.kernel.words import Words
from deskhand.reports.model.spans import ViewBy
from deskhand.reports.schemas.blocks import Breakdown

MINUTE, HOUR, DAY = 60, 3600, 86400


class Unit(StrEnum):
    """How a number is written."""

    COUNT = "count"
    DECIMAL = "decimal"
    PERCENT = "percent"
    SECONDS = "seconds"


class Drawing(StrEnum):
    """How a table is drawn, if at all."""

    NONE = "none"
    LINE = "line"
    BARS = "bars"
    SHARES = "shares"


class Point(Struct, frozen=True):
    """What was measured from an instant on."""

    at: datetime
    value: float


class Number(Struct, frozen=True):
    """One number of an interval. ``change`` is in percent or points since the one before, ``is_good`` what that means."""

    name: str
    value: str
    change: float | None
    change_shown: str
    is_good: bool | None
    href: str = ""


class Cell(Struct, frozen=True):
    """What stands in a table: as it is read, as it is drawn and exported, and where it leads; None was not measured."""

    shown: str
    value: float | str | None
    href: str = ""


class Table(Struct, frozen=True):
    """Rows under a head; the first cell of each names it. ``key`` names it in the address of its CSV."""

    key: str
    title: str
    head: list[str]
    rows: list[list[Cell]]
    drawing: Drawing = Drawing.NONE
    note: str = ""
    unit: Unit = Unit.COUNT


class Heat(Struct, frozen=True):
    """How much there was in each hour of the week: by day a name and 24 of count and level from 0 to 4."""

    title: str
    days: list[tuple[str, list[tuple[int, int]]]]


def written(value: Any, unit: Unit, words: Words) -> str:
    """A number as people read it; what was not measured is a dash."""
    if value is None or value is UNSET:
        return "–"
    match unit:
        case Unit.COUNT:
            return words.number(round(value))
        case Unit.DECIMAL:
            return words.decimal(value)
        case Unit.PERCENT:
            return words.text("%(number)s %%", number=words.decimal(value))
        case _:
            return lasted(value, words)


def lasted(seconds: float, words: Words) -> str:
    """``45 s``, ``12 m``, ``3 h 20 m``, ``2 d 4 h``."""
    whole = round(seconds)
    if whole < MINUTE:
        return words.text("%(seconds)s s", seconds=whole)
    if whole < HOUR:
        return words.text("%(minutes)s m", minutes=whole // MINUTE)
    if whole < DAY:
        return words.text("%(hours)s h %(minutes)s m", hours=whole // HOUR, minutes=whole % HOUR // MINUTE)
    return words.text("%(days)s d %(hours)s h", days=whole // DAY, hours=whole % DAY // HOUR)


def number(
    words: Words,
    name: str,
    current: Struct,
    deltas: Struct | object,
    field: str,
    unit: Unit = Unit.COUNT,
    *,
    less_is_better: bool | None = None,
    points: bool = False,
    href: str = "",
) -> Number:
    """A field of a report with its change; ``less_is_better`` None says nothing of good and bad."""
    change = getattr(deltas, field, None) if deltas is not UNSET else None
    shown = ""
    if change is not None:
        template = words.text("%(number)s points") if points else words.text("%(number)s %%")
        shown = template % {"number": words.decimal(abs(change))}
    is_good = None if less_is_better is None or not change else (change < 0) is less_is_better
    return Number(name, written(getattr(current, field), unit, words), change, shown, is_good, href)


def series(
    words: Words,
    key: str,
    title: str,
    view_by: ViewBy | None,
    lines: Sequence[tuple[str, list[Point], list[Point] | None]],
    unit: Unit = Unit.COUNT,
    drawing: Drawing = Drawing.LINE,
) -> Table:
    """Numbers over time: each of the ``lines`` is a name, its points, and those of the interval before if that is compared.

    A mean time of nothing at all is 0, as the API has it, but no time: nobody was answered that day.
    """
    head, columns = [words.text("From")], []
    for name, now, before in lines:
        head.append(name)
        columns.append(now)
        if before is not None:
            head.append(words.text("%(name)s before", name=name))
            columns.append(before)
    rows = []
    for at, point in enumerate(lines[0][1]):
        measured = [column[at].value if at < len(column) else 0 for column in columns]
        values = [each or None for each in measured] if unit is Unit.SECONDS else measured
        label = words.day(point.at, with_year=view_by is ViewBy.MONTH)
        rows.append([Cell(label, label), *(Cell(written(each, unit, words), each) for each in values)])
    return Table(key, title, head, rows, drawing, unit=unit)


def shares(words: Words, key: str, title: str, it: Breakdown, labels: Sequence[str], hrefs: Iterable[str] = ()) -> Table:
    """How many were in each range."""
    links = list(hrefs)
    head = [words.text("Range"), words.text("Share"), words.text("Count")]
    if it.previous_count is not UNSET:
        head.append(words.text("Share before"))
    by_id = {each.id: each for each in it.ranges}
    rows = []
    for at, label in enumerate(labels, 1):
        found = by_id.get(at)
        percent, count = (found.percent, found.count) if found else (0.0, 0)
        row = [
            Cell(label, label, links[at - 1] if at <= len(links) and count else ""),
            Cell(written(percent, Unit.PERCENT, words), percent),
            Cell(words.number(count), count),
        ]
        if it.previous_count is not UNSET:
            before = found.previous_percent if found else 0.0
            row.append(Cell(written(before, Unit.PERCENT, words), 0.0 if before is UNSET else before))
        rows.append(row)
    return Table(key, title, head, rows, Drawing.SHARES)


def ranges(words: Words, borders: Sequence[int]) -> list[str]:
    """The names of ranges of time between borders in seconds."""
    first = words.text("under %(time)s", time=lasted(borders[0], words))
    middle = [
        words.text("%(from)s to %(to)s", **{"from": lasted(low, words), "to": lasted(high, words)})
        for low, high in pairwise(borders)
    ]
    return [first, *middle, words.text("%(time)s or more", time=lasted(borders[-1], words))]
