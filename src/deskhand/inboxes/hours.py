"""Office hours: when a company or an inbox is at work, in the wall-clock time of its zone. Pure functions of instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MINUTES = 24 * 60
DAY = 86_400
EPOCH_WEEKDAY = 3  # the first of January 1970 was a Thursday, the fourth day of a week that begins with Monday

Week = tuple[tuple[tuple[int, int], ...], ...]


class OfficeHours(Struct, frozen=True):
    """A zone and the open minutes of each weekday from Monday, as (from, to) counted from midnight.

    A week without an open minute only says the zone.
    """

    timezone: str
    week: Week

    @property
    def opens(self) -> bool:
        """Whether there is any open minute."""
        return any(self.week)


def week_mistakes(week: Week) -> list[tuple[int, int, str, str]]:
    """What is wrong with open minutes: the day from 0, the range from 0, which end, and why.

    A range ends after it begins, and begins where the one before it has ended, or later.
    """
    found = []
    for day, ranges in enumerate(week):
        free = 0
        for place, (opens, closes) in enumerate(ranges):
            if opens < free:
                found.append((day, place, "from", "must not be before the end of the one before"))
            if closes <= opens:
                found.append((day, place, "to", "must be later than from"))
            free = max(free, closes)
    return found


def open_seconds(hours: OfficeHours, first: int, last: int) -> int:
    """The office hours between two instants, in seconds; the instants are UTC, seconds since 1970.

    Exact across changes of the zone's offset: an instant is open when the wall clock says so.
    """
    if last <= first:
        return 0
    zone = ZoneInfo(hours.timezone)
    # A local day may begin up to a day before or after the UTC day of its name.
    return sum(
        max(0, min(until, last) - max(since, first))
        for day in range(first // DAY - 1, last // DAY + 2)
        for since, until in _open(zone, hours.week, day)
    )


def segments(zone: ZoneInfo, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The time from ``first`` up to and without ``last`` in pieces of one offset: since, until, and the offset in seconds."""
    since, offset = first, offset_at(zone, first)
    probe = first
    while probe < last:
        reach = min(probe + 7 * DAY, last)
        after = offset_at(zone, reach)
        if after != offset:
            low, high = probe, reach  # the change is behind low, at the latest at high
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset_at(zone, middle) == offset else (low, middle)
            if since < high < last:
                yield since, high, offset
                since = high
            offset, reach = offset_at(zone, high), high
        probe = reach
    yield since, last, offset


def offset_at(zone: ZoneInfo, instant: int) -> int:
    """How many seconds a zone is ahead of UTC at an instant, seconds since 1970."""
    return _offset(zone, instant)


@lru_cache(maxsize=65536)
def _offset(zone: ZoneInfo, instant: int) -> int:
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=instant)
        ahead = moment.astimezone(zone).utcoffset()
    except OverflowError:  # at the ends of the calendar
        return 0
    return int(ahead.total_seconds()) if ahead is not None else 0


@lru_cache(maxsize=65536)
def _open(zone: ZoneInfo, week: Week, day: int) -> tuple[tuple[int, int], ...]:
    """The open time of a local day, numbered from the first of January 1970, as UTC seconds."""
    ranges = week[(day + EPOCH_WEEKDAY) % 7]
    if not ranges:
        return ()
    midnight = day * DAY  # on the wall
    found = []
    for since, until, offset in segments(zone, midnight - DAY, midnight + 2 * DAY):
        for opens, closes in ranges:
            begin = max(since, midnight + opens * 60 - offset)
            end = min(until, midnight + closes * 60 - offset)
            if begin < end:
                found.append((begin, end))
    return tuple(found)
