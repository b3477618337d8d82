"""What a reader asks of a report, as the query string has it; everything not said has a sensible value."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from msgspec import Struct

from deskhand.conversations.model import ConversationType
from deskhand.kernel.words import Words
from deskhand.reports.bodies.asked import Asked, asked
from deskhand.reports.model.spans import ViewBy
from deskhand.reports.schemas.requests import ProductivitySeriesQuery

PRESETS = (7, 14, 30, 90, 365)
USUAL_DAYS = 30
MOST_DAYS = 3660
BY_DAYS, BY_WEEKS = 45, 200  # longer intervals are divided into weeks, and months
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class Wanted(Struct, frozen=True):
    """An interval of whole days where the reader is, its filters; ``kept`` is what a link keeps of the query string."""

    asked: Asked
    first: date
    last: date
    days: int
    compares: bool
    inbox_id: int | None
    tag_id: int | None
    type: ConversationType | None
    office: bool
    kept: dict[str, str]

    def link(self, path: str, **more: str) -> str:
        """An address that asks for the same."""
        query = urlencode(self.kept | more)
        return f"{path}?{query}" if query else path


def wanted(query: dict[str, str], words: Words) -> Wanted:
    """What a query string asks for. Raises Invalid."""
    today = words.here.date()
    days = next((each for each in PRESETS if query.get("days") == str(each)), USUAL_DAYS)
    first, last = _day(query.get("first", "")), _day(query.get("last", ""))
    if first is None or last is None or not first <= last <= first + MOST_DAYS * DAY:
        first, last = today - (days - 1) * DAY, today
    else:
        days = (last - first).days + 1
    compares = query.get("compare") != "no"
    inbox_id, tag_id = _id(query.get("inbox", "")), _id(query.get("tag", ""))
    kind = next((each for each in ConversationType if each == query.get("type")), None)
    office = query.get("office") == "yes"
    view_by = ViewBy.DAY if days <= BY_DAYS else ViewBy.WEEK if days <= BY_WEEKS else ViewBy.MONTH
    zone = words.zone
    asks = ProductivitySeriesQuery(
        start=_start(first, zone),
        end=_start(last + DAY, zone) - SECOND,
        previous_start=_start(first - days * DAY, zone) if compares else None,
        previous_end=_start(first, zone) - SECOND if compares else None,
        mailboxes=[inbox_id] if inbox_id else None,
        tags=[tag_id] if tag_id else None,
        types=[kind] if kind else None,
        office_hours=office,
        view_by=view_by,
    )
    names = ("days", "first", "last", "compare", "inbox", "tag", "type", "office")
    kept = {name: query[name] for name in names if query.get(name)}
    return Wanted(asked(asks), first, last, days, compares, inbox_id, tag_id, kind, office, kept)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1990 <= found.year <= 2100 else None


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) <= 18 else None


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
