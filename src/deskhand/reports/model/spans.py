"""Intervals of reports, the buckets of series, and the zone's hours. Instants are UTC, in seconds since 1970."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

from deskhand.reports.model.facts import EPOCH, SECOND, seconds_of

MICROSECOND = timedelta(microseconds=1)
DAY = 86_400
WEEK = 7 * DAY
MONDAY = 110_000 * WEEK + 3 * DAY
"""Added to an instant it counts from a Monday before the calendar begins: 1970 began on a Thursday."""

MOST_DAYS = {"day": 120, "week": 366, "month": 36_600}


class ViewBy(StrEnum):
    """How a series is divided."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Span(Struct, frozen=True):
    """An interval; both ends belong to it, the last second whole."""

    first: int
    last: int

    @property
    def start(self) -> datetime:
        """The first instant."""
        return instant(self.first)

    @property
    def end(self) -> datetime:
        """The last whole second."""
        return instant(self.last)

    @property
    def until(self) -> datetime:
        """The last microsecond."""
        return instant(self.last) + (SECOND - MICROSECOND)

    @property
    def days(self) -> int:
        """Whole days, at least one: what sums are divided by."""
        return max(1, (self.last - self.first) // DAY)


ALWAYS = Span(-(2**61), 2**61)


def span(start: datetime, end: datetime) -> Span:
    """The interval between two wire dates."""
    return Span(seconds_of(start), seconds_of(end))


def instant(seconds: int) -> datetime:
    """The aware UTC instant of seconds since 1970."""
    return EPOCH + timedelta(seconds=seconds)


def too_long(it: Span, view_by: ViewBy | None) -> bool:
    """Whether a series would have too many points."""
    return view_by is not None and it.last - it.first > MOST_DAYS[view_by] * DAY


def buckets(it: Span, view_by: ViewBy | None, zone: ZoneInfo) -> list[Span]:
    """The pieces of an interval, counted from its start by the zone's wall clock; the last is cut. Without ``view_by`` one."""
    if view_by is None:
        return [it]
    starts = [it.first]
    while (following := _start(it.start, len(starts), view_by, zone)) is not None and following <= it.last:
        starts.append(following)
    return [Span(first, last - 1) for first, last in zip(starts, [*starts[1:], it.last + 1], strict=True)]


def _start(begin: datetime, number: int, view_by: ViewBy, zone: ZoneInfo) -> int | None:
    """Where the piece with this number begins, from 0; None where the calendar ends."""
    try:
        wall = begin.astimezone(zone).replace(tzinfo=None)
        if view_by is ViewBy.MONTH:
            months = wall.month - 1 + number
            year, month = wall.year + months // 12, months % 12 + 1
            moved = wall.replace(year=year, month=month, day=min(wall.day, monthrange(year, month)[1]))
        else:
            moved = wall + timedelta(days=number * (7 if view_by is ViewBy.WEEK else 1))
        return seconds_of(moved.replace(tzinfo=zone).astimezone(UTC))
    except (OverflowError, ValueError):
        return None
