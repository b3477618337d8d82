"""What a page or a letter says in a person's language and time: translated texts, moments and lengths of time.

Texts stand in English in the sources and are looked up by that (gettext); ``languages.py`` has the catalogs. Numbers and dates
are Babel's, for the locale; they are remembered, for a list says the same numbers, days and times again and again.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_day_names
from babel.numbers import format_decimal

from deskhand.kernel.languages import ENGLISH, Language

MINUTE, HOUR, DAY = 60, 3600, 86400


class Words:
    """The language and the zone of somebody who looks; ``now`` is UTC."""

    def __init__(self, now: datetime, timezone: str = "UTC", language: Language = ENGLISH) -> None:
        self.zone = _zone(timezone)
        self.language = language
        self.key = (timezone, language.tag)  # who has the same reads the same
        self._locale = language.locale
        self._now = now
        self.here = now.astimezone(self.zone)
        self._today = self.here.date()

    def at(self, now: datetime) -> Words:
        """The same language and zone at another moment (UTC)."""
        return Words(now, self.key[0], self.language)

    def text(self, english: str, **values: object) -> str:
        """A text with its values, as in ``text("%(count)s selected", count=3)``."""
        found = self.language.text(english)
        return found % values if values else found

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """The form that goes with a count, which is a value by the name ``count``."""
        return self.language.plural(one, many, count) % ({"count": self.number(count)} | values)

    def told(self, english: str) -> str:
        """What a room below says with its values in it already, as a refusal does; in English, where no catalog has it."""
        return self.language.told(english)

    def number(self, number: int) -> str:
        """``12,345``."""
        return _number(self._locale, number)

    def some(self, number: int) -> str:
        """``12``, ``99+`` for whatever is more, and nothing for none."""
        return "" if not number else self.number(number) if number < 100 else f"{self.number(99)}+"

    def decimal(self, number: float) -> str:
        """``12.5``, ``1,204``: with one digit behind the point, unless it is 0."""
        return _decimal(self._locale, round(number, 1))

    def day(self, at: datetime, *, with_year: bool = False) -> str:
        """``Mon 2 Mar``, or ``2 Mar 2026``."""
        return _day(self._locale, "yMMMd" if with_year else "MMMEd", at.astimezone(self.zone).date())

    def date(self, day: date) -> str:
        """``2 March 2026``."""
        return _date(self._locale, day)

    def weekday(self, day: int, *, whole: bool = False) -> str:
        """``Mon`` for 1, or ``Monday``."""
        return str(get_day_names("wide" if whole else "abbreviated", "stand-alone", self._locale)[day - 1])

    def time(self, at: datetime) -> str:
        """``08:47``."""
        here = at.astimezone(self.zone)
        return _time(self._locale, here.hour, here.minute)

    def exact(self, at: datetime) -> str:
        """``4 March 2026, 08:47:02``, where they are."""
        here = at.astimezone(self.zone)
        return f"{_date(self._locale, here.date())}, {format_time(here.time(), 'medium', locale=self._locale)}"

    def short(self, at: datetime) -> str:
        """``08:47`` of today, ``Yesterday 16:42``, ``2 Mar`` of this year, else ``2 Mar 2024``."""
        here = at.astimezone(self.zone)
        day = here.date()
        if day == self._today:
            return _time(self._locale, here.hour, here.minute)
        if day == self._today - timedelta(days=1):
            return self.text("Yesterday %(time)s", time=_time(self._locale, here.hour, here.minute))
        return _day(self._locale, "MMMd" if day.year == self._today.year else "yMMMd", day)

    def since(self, at: datetime) -> str:
        """How long ago: ``now``, ``20 m``, ``3 h 20 m``, ``26 h``, ``5 d``."""
        seconds = int((self._now - at.astimezone(UTC)).total_seconds())
        if seconds < MINUTE:
            return self.text("now")
        if seconds < HOUR:
            return self.text("%(minutes)s m", minutes=seconds // MINUTE)
        hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
        if hours < 10 and minutes:
            return self.text("%(hours)s h %(minutes)s m", hours=hours, minutes=minutes)
        return (
            self.text("%(hours)s h", hours=hours) if hours < 72 else self.text("%(days)s d", days=self.number(seconds // DAY))
        )

    def moment(self, text: str) -> datetime | None:
        """A moment as a form has it, where they are: ``2026-11-30T09:00``; UTC, or None for what is none."""
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)

    def field(self, at: datetime) -> str:
        """The other way round."""
        return f"{at.astimezone(self.zone):%Y-%m-%dT%H:%M}"

    def size(self, size_bytes: int) -> str:
        """``12 KB``, ``1.8 MB``."""
        if size_bytes < 1_000_000:
            return self.text("%(number)s KB", number=max(1, round(size_bytes / 1000)))
        return self.text("%(number)s MB", number=_decimal(self._locale, round(size_bytes / 1_000_000, 1)))


@lru_cache(4096)
def _number(locale: Locale, number: int) -> str:
    return str(format_decimal(number, locale=locale))


@lru_cache(4096)
def _decimal(locale: Locale, number: float) -> str:
    return str(format_decimal(number, "#,##0.#", locale=locale))


@lru_cache(4096)
def _day(locale: Locale, skeleton: str, day: date) -> str:
    return str(format_skeleton(skeleton, day, locale=locale))


@lru_cache(1024)
def _date(locale: Locale, day: date) -> str:
    return str(format_date(day, "long", locale=locale))


@lru_cache(4 * 24 * 60)
def _time(locale: Locale, hour: int, minute: int) -> str:
    return str(format_time(time(hour, minute), "short", locale=locale))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
