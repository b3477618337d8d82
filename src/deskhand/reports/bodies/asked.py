"""What a report is asked for, checked, and what all of them share: two intervals, their changes, and tags to filter by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import TypeVar

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import select

from deskhand.kernel.errors import Code, Invalid, Mistake, Source
from deskhand.kernel.storage.statements import read
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.arithmetic import change, difference, percent
from deskhand.reports.model.ranges import range_of
from deskhand.reports.model.spans import Span, ViewBy, span, too_long
from deskhand.reports.queries.numbers import Numbers
from deskhand.reports.queries.scope import UNTAGGED, Filter
from deskhand.reports.schemas.blocks import Breakdown, FilterTag, Range
from deskhand.reports.schemas.requests import Query
from deskhand.tags.tables import tags

T = TypeVar("T", bound=Struct)
R = TypeVar("R")

TAGS = read(select(tags.c.id, tags.c.name).order_by(tags.c.name, tags.c.id), FilterTag)


class Asked(Struct, frozen=True):
    """An interval, one to compare with, what narrows, and whether only office hours count."""

    span: Span
    previous: Span | None
    filter: Filter
    office: bool
    view_by: ViewBy | None

    async def both(self, measure: Callable[[Span], Awaitable[R]]) -> tuple[R, R | None]:
        """What is measured in the interval, and in the one to compare with."""
        now = await measure(self.span)
        return now, None if self.previous is None else await measure(self.previous)


def asked(query: Query) -> Asked:
    """What a query asks for. Raises Invalid with every mistake."""
    previous_start, previous_end = (getattr(query, name, None) for name in ("previous_start", "previous_end"))
    mistakes = []
    if query.end < query.start:
        mistakes.append(_mistake("end", "must not be before start"))
    if (previous_start is None) != (previous_end is None):
        missing = "previousStart" if previous_start is None else "previousEnd"
        mistakes.append(_mistake(missing, "may not be null", Code.NOT_NULL))
    elif previous_start is not None and previous_end is not None and previous_end < previous_start:
        mistakes.append(_mistake("previousEnd", "must not be before previousStart"))
    view_by = getattr(query, "view_by", None)
    previous = None if previous_start is None or previous_end is None else span(previous_start, previous_end)
    whole = span(query.start, query.end)
    if too_long(whole, view_by) or (previous is not None and too_long(previous, view_by)):
        mistakes.append(_mistake("viewBy", "divides the interval into too many parts"))
    mistakes += [
        _mistake("sites", "must be 24 hexadecimal digits")
        for each in getattr(query, "sites", None) or []
        if len(each) != 24 or not set(each) <= set("0123456789abcdefABCDEF")
    ]
    if mistakes:
        raise Invalid.all(mistakes)
    given = {name: getattr(query, name, None) or None for name in ("types", "tags", "folders")}
    narrowing = Filter(inboxes=getattr(query, "mailboxes", None) or None, **given)
    return Asked(whole, previous, narrowing, bool(getattr(query, "office_hours", False)), view_by)


def _mistake(path: str, message: str, code: Code = Code.INVALID) -> Mistake:
    return Mistake(path, message, code, source=Source.QUERY)


def picked(kind: type[T], numbers: Numbers) -> T:
    """A struct of the numbers that it names."""
    return kind(**{name: numbers[name] for name in kind.__struct_fields__ if name in numbers})


def picked_or_unset(kind: type[T], numbers: Numbers | None) -> T | UnsetType:
    """The same of what may not be asked for."""
    return UNSET if numbers is None else picked(kind, numbers)


def changes(kind: type[T], now: Numbers, before: Numbers, *, points: Collection[str] = ()) -> T:
    """How much more each number is than before, in percent; those named in ``points`` in points."""
    return kind(
        **{name: (difference if name in points else change)(now[name], before[name]) for name in kind.__struct_fields__}
    )


def changes_or_unset(kind: type[T], now: Numbers, before: Numbers | None, *, points: Collection[str] = ()) -> T | UnsetType:
    """The same where an interval to compare with may not be asked for."""
    return UNSET if before is None else changes(kind, now, before, points=points)


async def filter_tags(view: Snapshot) -> list[FilterTag]:
    """The tags that can be filtered by, by name; first the one that means none."""
    return [FilterTag(id=UNTAGGED, name="untagged"), *await view.all(TAGS)]


def breakdown(now: dict[int, int], before: dict[int, int] | None, *, all_of: int = 0, by_count: bool = False) -> Breakdown:
    """How many there are by range: those with any, or with ``all_of`` every one up to it; by id, or the most first."""
    count, previous = sum(now.values()), None if before is None else sum(before.values())
    ids = range(1, all_of + 1) if all_of else sorted(now.keys() | (before or {}).keys())
    ranges = [
        Range(
            id=each,
            count=now.get(each, 0),
            percent=percent(now.get(each, 0), count),
            previous_count=UNSET if before is None else before.get(each, 0),
            previous_percent=UNSET if before is None else percent(before.get(each, 0), previous or 0),
        )
        for each in ids
    ]
    if by_count:
        ranges.sort(key=lambda each: (-each.count, each.id))
    return Breakdown(count=count, previous_count=UNSET if previous is None else previous, ranges=ranges)


def ranged(values: Sequence[float], borders: tuple[int, ...]) -> dict[int, int]:
    """How many values are in which range."""
    found: dict[int, int] = {}
    for each in values:
        place = range_of(each, borders)
        found[place] = found.get(place, 0) + 1
    return found
