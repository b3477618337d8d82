"""What a page says in a person's language and time: translated texts, moments and lengths of time.

Texts stand in English in the templates and are looked up by that (gettext); who has no catalog reads English.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE, HOUR, DAY = 60, 3600, 86400


class Words:
    """The language and the zone of somebody who looks; ``now`` is UTC."""

    def __init__(self, now: datetime, timezone: str = "UTC", catalog: NullTranslations | None = None) -> None:
        self.zone = _zone(timezone)
        self._catalog = catalog or NullTranslations()
        self._now = now
        self.here = now.astimezone(self.zone)
        self._today = self.here.date()

    def text(self, english: str, **values: object) -> str:
        """A text with its values, as in ``text("%(count)s selected", count=3)``."""
        found = self._catalog.gettext(english)
        return found % values if values else found

    def plural(self, one: str, many: str, count: int, **values: object) -> str:
        """The form that goes with a count, which is a value by the name ``count``."""
        return self._catalog.ngettext(one, many, count) % ({"count": self.number(count)} | values)

    def number(self, number: int) -> str:
        """``12,345``."""
        return f"{number:,}"

    def decimal(self, number: float) -> str:
        """``12.5``, ``1,204``: with one digit behind the point, unless it is 0."""
        return f"{number:,.1f}".removesuffix(".0")

    def day(self, at: datetime, *, with_year: bool = False) -> str:
        """``Mon 2 Mar``, or ``2 Mar 2026``."""
        here = at.astimezone(self.zone)
        return f"{here.day} {here:%b %Y}" if with_year else f"{here:%a} {here.day} {here:%b}"

    def date(self, day: date) -> str:
        """``2 March 2026``."""
        return f"{day.day} {day:%B %Y}"

    def weekday(self, day: int) -> str:
        """``Mon`` for 1."""
        return f"{datetime(2024, 1, day, tzinfo=UTC):%a}"

    def exact(self, at: datetime) -> str:
        """``4 March 2026, 08:47:02``, where they are."""
        here = at.astimezone(self.zone)
        return f"{here.day} {here:%B %Y, %H:%M:%S}"

    def short(self, at: datetime) -> str:
        """``08:47`` of today, ``Yesterday 16:42``, ``2 Mar`` of this year, else ``2 Mar 2024``."""
        here = at.astimezone(self.zone)
        if here.date() == self._today:
            return f"{here:%H:%M}"
        if here.date() == self._today - timedelta(days=1):
            return self.text("Yesterday %(time)s", time=f"{here:%H:%M}")
        return f"{here.day} {here:%b}" if here.year == self._today.year else f"{here.day} {here:%b %Y}"

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
        return self.text("%(hours)s h", hours=hours) if hours < 72 else self.text("%(days)s d", days=seconds // DAY)

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
        return self.text("%(number)s MB", number=f"{size_bytes / 1_000_000:.1f}")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
