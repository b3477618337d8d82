"""Dates in a query: literals, shorthands for a whole day, month or year, and Solr's date math.

Source: contract 30, section 5. Everything is UTC. ``now`` is any aware moment.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from deskhand.search.model import QueryError, excerpt

_LITERAL = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(\.\d+)?Z)?)?)?", re.ASCII)
_STEP = re.compile(r"([+-])(\d+)([A-Z]+)|/([A-Z]+)", re.ASCII)
_MOST_DIGITS = 12


class Unit(StrEnum):
    """The units of date math, as Solr names them."""

    YEAR = "YEAR"
    MONTH = "MONTH"
    DAY = "DAY"
    HOUR = "HOUR"
    MINUTE = "MINUTE"
    SECOND = "SECOND"
    MILLI = "MILLI"


UNITS = {**{unit.value: unit for unit in Unit}, **{f"{unit.value}S": unit for unit in Unit}, "DATE": Unit.DAY}

_LENGTHS = {
    Unit.DAY: timedelta(days=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.MINUTE: timedelta(minutes=1),
    Unit.SECOND: timedelta(seconds=1),
    Unit.MILLI: timedelta(milliseconds=1),
}


def instants(text: str, now: datetime) -> tuple[datetime, datetime]:
    """The span a date means on its own: from the first instant up to, not including, the second.

    A shorthand is its whole year, month or day; anything more is the second it falls in. Raises QueryError.
    """
    moment, unit, steps = _start(text, now)
    if steps:
        moment, unit = _after_steps(moment, steps, text), Unit.SECOND
    start = _floor(moment, unit)
    return start, _moved(start, 1, unit, text)


def bound(text: str, now: datetime) -> datetime:
    """The instant a date means as a bound of a range: a shorthand is its first. Raises QueryError."""
    moment, _, steps = _start(text, now)
    return _after_steps(moment, steps, text)


def _start(text: str, now: datetime) -> tuple[datetime, Unit, str]:
    """Where the date starts, the unit it names, and the math that follows."""
    if text.startswith("NOW"):
        return now.astimezone(UTC), Unit.SECOND, text[3:]
    literal = _LITERAL.match(text)
    if literal is None:
        raise _no_date(text)
    year, month, day, hour, minute, second, fraction = literal.groups()
    if fraction:
        raise QueryError(f"{excerpt(text)} has fractions of a second; leave them out")
    try:
        moment = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=UTC
        )
    except ValueError:
        raise QueryError(f"{excerpt(text)} is not in the calendar") from None
    unit = Unit.SECOND if hour else Unit.DAY if day else Unit.MONTH if month else Unit.YEAR
    return moment, unit, text[literal.end() :]


def _after_steps(moment: datetime, steps: str, text: str) -> datetime:
    """The moment after math such as ``-1DAY/DAY``, one step after the other."""
    place = 0
    while place < len(steps):
        step = _STEP.match(steps, place)
        if step is None:
            raise _no_date(text)
        sign, count, added, rounded = step.groups()
        unit = UNITS.get(added or rounded)
        if unit is None:
            raise QueryError(f"{excerpt(added or rounded)} is no unit of time; use YEAR, MONTH, DAY, HOUR, MINUTE or SECOND")
        if rounded:
            moment = _floor(moment, unit)
        elif len(count) > _MOST_DIGITS:
            raise _out_of_range(text)
        else:
            moment = _moved(moment, int(sign + count), unit, text)
        place = step.end()
    return moment


def _moved(moment: datetime, count: int, unit: Unit, text: str) -> datetime:
    """Later (or earlier) by a number of units; the 31st becomes the last day of a shorter month."""
    try:
        if unit not in (Unit.YEAR, Unit.MONTH):
            return moment + count * _LENGTHS[unit]
        year, month = divmod(moment.year * 12 + moment.month - 1 + count * (12 if unit is Unit.YEAR else 1), 12)
        if not 1 <= year <= 9999:
            raise _out_of_range(text)
        return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))
    except OverflowError:
        raise _out_of_range(text) from None


def _floor(moment: datetime, unit: Unit) -> datetime:
    """The first instant of the year, month, ... the moment is in."""
    match unit:
        case Unit.MILLI:
            return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        case Unit.SECOND:
            return moment.replace(microsecond=0)
        case Unit.MINUTE:
            return moment.replace(second=0, microsecond=0)
        case Unit.HOUR:
            return moment.replace(minute=0, second=0, microsecond=0)
        case Unit.DAY:
            return moment.replace(hour=0, minute=0, second=0, microsecond=0)
        case Unit.MONTH:
            return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        case _:
            return moment.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _no_date(text: str) -> QueryError:
    return QueryError(f"{excerpt(text)} is not a date; write 2026-01-31T00:00:00Z, 2026-01-31, 2026-01, 2026 or NOW-7DAY")


def _out_of_range(text: str) -> QueryError:
    return QueryError(f"{excerpt(text)} is not between the years 1 and 9999")
