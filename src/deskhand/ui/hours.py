"""A week of office hours as a form has it: for each day pairs of times, ``day-0-0-from`` being Monday's first."""

from __future__ import annotations

from msgspec import Struct

from deskhand.inboxes.hours import DAYS, OfficeHours
from deskhand.kernel.errors import Invalid, Mistake
from deskhand.ui.forms import Form, Typed

PAIRS = 2
MOST_PAIRS = 8
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Pair(Struct, frozen=True):
    """A time from and to, as typed or saved; ``wrong`` is what is wrong with it."""

    name: str
    opens: str
    closes: str
    wrong: str


class Day(Struct, frozen=True):
    """A weekday with its pairs, at least two, one of them free."""

    name: str
    pairs: list[Pair]


def days_of(hours: OfficeHours | None, typed: Typed | None) -> list[Day]:
    """The week for a form."""
    return [Day(name, _pairs(day, hours.week[day] if hours else (), typed)) for day, name in enumerate(NAMES)]


def hours_in(form: Form) -> OfficeHours:
    """The week of a form; pairs left empty are none. Raises Invalid by the fields' names."""
    mistakes: list[Mistake] = []
    week = []
    for day in range(len(DAYS)):
        ranges: list[tuple[int, int]] = []
        for place in range(MOST_PAIRS):
            name = f"day-{day}-{place}"
            opens, closes = form.one(f"{name}-from").strip(), form.one(f"{name}-to").strip()
            if not opens and not closes:
                continue
            since, until = minutes(opens), minutes(closes)
            if since is None or until is None:
                mistakes.append(Mistake(name, "needs a beginning and an end, such as 09:00 and 17:30"))
                continue
            until = until or 24 * 60  # midnight ends a day
            if until <= since:
                mistakes.append(Mistake(name, "must end after it begins"))
            elif any(since < other_until and other_since < until for other_since, other_until in ranges):
                mistakes.append(Mistake(name, "must not lie over another of the day"))
            else:
                ranges.append((since, until))
        week.append(tuple(sorted(ranges)))
    if mistakes:
        raise Invalid.all(mistakes)
    return OfficeHours(form.one("timezone"), tuple(week))


def fields_of(hours: OfficeHours) -> dict[str, str]:
    """The other way round: the form that says so."""
    fields = {"timezone": hours.timezone}
    for day, ranges in enumerate(hours.week):
        for place, (opens, closes) in enumerate(ranges[:MOST_PAIRS]):
            fields |= {f"day-{day}-{place}-from": _clock(opens), f"day-{day}-{place}-to": _clock(closes)}
    return fields


def minutes(text: str) -> int | None:
    """``09:30`` as minutes from midnight; None for anything else."""
    hour, colon, minute = text.partition(":")
    if not colon or not (hour + minute).isascii() or not (hour.isdigit() and minute.isdigit()) or len(text) > 5:
        return None
    found = int(hour) * 60 + int(minute)
    return found if int(minute) < 60 and found <= 24 * 60 else None


def _pairs(day: int, ranges: tuple[tuple[int, int], ...], typed: Typed | None) -> list[Pair]:
    number = min(MOST_PAIRS, max(PAIRS, len(ranges) + 1 if ranges else PAIRS))
    found = []
    for place in range(number):
        name = f"day-{day}-{place}"
        opens, closes = (_clock(each) for each in ranges[place]) if place < len(ranges) else ("", "")
        if typed is not None:
            opens, closes = typed.form.one(f"{name}-from"), typed.form.one(f"{name}-to")
        found.append(Pair(name, opens, closes, typed.mistakes.get(name, "") if typed else ""))
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"
