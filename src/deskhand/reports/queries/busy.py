"""When customers write and users answer: by weekday and hour of the company's wall clock."""

from __future__ import annotations

from collections import Counter
from zoneinfo import ZoneInfo

from msgspec import Struct
from sqlalchemy import BigInteger, func, literal, literal_column, select

from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.hours import segments
from deskhand.kernel.storage.statements import Read, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.facts import Kind
from deskhand.reports.model.spans import MONDAY, Span
from deskhand.reports.queries.measures import bounds, happened
from deskhand.reports.queries.scope import Scope, Shape, of_facts
from deskhand.reports.tables import report_facts

HOURS = 7 * 24


class Hour(Struct, frozen=True):
    """How much was said in an hour of the week, counted from Monday's first."""

    hour: int
    count: int


@shaped
def _hours(shape: Shape, kinds: tuple[Kind, ...]) -> Read[Hour]:
    hour = ((report_facts.c.at + param("shift", BigInteger())) // literal(3600) % literal(HOURS)).label("hour")
    statement = select(hour, func.count().label("count")).where(*happened(kinds), *of_facts(shape))
    return read(statement.group_by(literal_column("1")), Hour)


async def zone(view: Snapshot) -> ZoneInfo:
    """The company's time zone: that of the account's office hours, else UTC."""
    hours = (await inboxes.office_hours_of(view)).get(0)
    return ZoneInfo(hours.timezone if hours else "UTC")


async def hours_of_week(view: Snapshot, it: Scope, span: Span, kinds: tuple[Kind, ...]) -> Counter[int]:
    """How much was said in each hour of the week; exact where the zone's offset changes."""
    found: Counter[int] = Counter()
    lived, here = await bounds(view), await zone(view)
    if lived is None:
        return found
    first, last = max(span.first, lived.first), min(span.last, lived.last)
    for since, until, offset in segments(here, first, last + 1) if first <= last else ():
        values = it.values | {"first": since, "last": until - 1, "shift": MONDAY + offset}
        for each in await view.all_slowly(_hours(it.shape, kinds), **values):
            found[each.hour] += each.count
    return found
