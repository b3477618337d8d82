"""Dates in queries: spans, bounds, and date math against plain calendar arithmetic."""

import calendar
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.search import dates
from deskhand.search.model import QueryError

NOW = datetime(2026, 3, 31, 13, 45, 59, 123_456, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", utc(2026, 1, 1), utc(2027, 1, 1)),
        ("2026-12", utc(2026, 12, 1), utc(2027, 1, 1)),
        ("2026-01-15", utc(2026, 1, 15), utc(2026, 1, 16)),
        ("2024-02", utc(2024, 2, 1), utc(2024, 3, 1)),
        ("2026-01-01T10:20:30Z", utc(2026, 1, 1, 10, 20, 30), utc(2026, 1, 1, 10, 20, 31)),
        ("NOW", utc(2026, 3, 31, 13, 45, 59), utc(2026, 3, 31, 13, 46)),
        ("NOW/DAY", utc(2026, 3, 31), utc(2026, 3, 31, 0, 0, 1)),
        ("2026-01/YEAR", utc(2026, 1, 1), utc(2026, 1, 1, 0, 0, 1)),
        ("0001", utc(1, 1, 1), utc(2, 1, 1)),
    ],
)
def test_span_of_a_date(text: str, start: datetime, end: datetime) -> None:
    assert dates.instants(text, NOW) == (start, end)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014", utc(2014, 1, 1)),
        ("2014-12-01", utc(2014, 12, 1)),
        ("9999-12-31T23:59:59Z", utc(9999, 12, 31, 23, 59, 59)),
        ("2013-05-06T07:08:09Z/YEAR", utc(2013, 1, 1)),
        ("2013-05-06T07:08:09Z/MONTH", utc(2013, 5, 1)),
        ("2013-05-06T07:08:09Z/DATE", utc(2013, 5, 6)),
        ("2013-05-06T07:08:09Z/HOURS", utc(2013, 5, 6, 7)),
        ("2013-05-06T07:08:09Z/MINUTE", utc(2013, 5, 6, 7, 8)),
        ("NOW", NOW),
        ("NOW/SECOND", NOW.replace(microsecond=0)),
        ("NOW/MILLI", NOW.replace(microsecond=123_000)),
        ("NOW-1HOUR", NOW - timedelta(hours=1)),
        ("NOW-7DAY", NOW - timedelta(days=7)),
        ("NOW+2MINUTES-3SECONDS+4MILLIS", NOW + timedelta(minutes=2, seconds=-3, milliseconds=4)),
        ("NOW-1DAY/DAY", utc(2026, 3, 30)),
        ("NOW/DAY-1DAY", utc(2026, 3, 30)),
        ("NOW-1MONTH", NOW.replace(month=2, day=28)),
        ("NOW+1MONTHS/MONTH", utc(2026, 4, 1)),
        ("NOW-10MONTHS", NOW.replace(year=2025, month=5)),
        ("2024-02-29+1YEAR", utc(2025, 2, 28)),
        ("2024-02-29-4YEARS", utc(2020, 2, 29)),
        ("2026-01-1DAY", utc(2025, 12, 31)),
    ],
)
def test_date_as_a_bound(text: str, expected: object) -> None:
    assert dates.bound(text, NOW) == expected


def test_now_in_another_zone_is_counted_in_utc() -> None:
    tokyo = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=9)))

    assert dates.bound("NOW/DAY", tokyo) == utc(2025, 12, 31)
    assert dates.bound("NOW", tokyo).tzinfo is UTC


NO_DATE = "is not a date; write 2026-01-31T00:00:00Z, 2026-01-31, 2026-01, 2026 or NOW-7DAY"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f'"" {NO_DATE}'),
        ("yesterday", f'"yesterday" {NO_DATE}'),
        ("now", f'"now" {NO_DATE}'),
        ("26-01-01", f'"26-01-01" {NO_DATE}'),
        ("2026-01-01T00:00:00", f'"2026-01-01T00:00:00" {NO_DATE}'),
        ("2026-01-01T00:00:00+02:00", f'"2026-01-01T00:00:00+02:00" {NO_DATE}'),
        ("10000", f'"10000" {NO_DATE}'),
        ("٢٠٢٦", f'"٢٠٢٦" {NO_DATE}'),
        ("NOW-DAY", f'"NOW-DAY" {NO_DATE}'),
        ("NOW-1", f'"NOW-1" {NO_DATE}'),
        ("NOW/", f'"NOW/" {NO_DATE}'),
        ("2026*", f'"2026*" {NO_DATE}'),
        ("2026-01-01T00:00:00.000Z", '"2026-01-01T00:00:00.000Z" has fractions of a second; leave them out'),
        ("2026-02-30", '"2026-02-30" is not in the calendar'),
        ("0000", '"0000" is not in the calendar'),
        ("2026-01-01T24:00:00Z", '"2026-01-01T24:00:00Z" is not in the calendar'),
        ("NOW-1WEEK", '"WEEK" is no unit of time; use YEAR, MONTH, DAY, HOUR, MINUTE or SECOND'),
        ("NOW/FORTNIGHT", '"FORTNIGHT" is no unit of time; use YEAR, MONTH, DAY, HOUR, MINUTE or SECOND'),
        ("NOW+8000YEAR", '"NOW+8000YEAR" is not between the years 1 and 9999'),
        ("0001-01-1DAY", '"0001-01-1DAY" is not between the years 1 and 9999'),
        ("0001-01-01-1MONTH", '"0001-01-01-1MONTH" is not between the years 1 and 9999'),
        ("NOW+999999999999DAY", '"NOW+999999999999DAY" is not between the years 1 and 9999'),
        ("NOW+1000000000000MILLI", '"NOW+1000000000000MILLI" is not between the years 1 and 9999'),
    ],
)
def test_no_date_is_explained(text: str, message: str) -> None:
    for read in (dates.instants, dates.bound):
        with pytest.raises(QueryError) as caught:
            read(text, NOW)
        assert caught.value.message == message


@pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59Z"])
def test_a_span_that_ends_after_the_last_year_is_out_of_range(text: str) -> None:
    with pytest.raises(QueryError, match="between the years"):
        dates.instants(text, NOW)


units = st.sampled_from(["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "MILLI"])
counts = st.integers(-50, 50)
moments = st.integers(-(2**51), 2**52).map(lambda count: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count))


@given(moments, st.lists(st.tuples(units, counts | st.none()), max_size=5), st.booleans())
def test_math_is_the_calendars(now: datetime, steps: list[tuple[str, int | None]], is_plural: bool) -> None:
    text = "NOW" + "".join(
        (f"/{unit}" if count is None else f"{count:+d}{unit}") + ("S" if is_plural else "") for unit, count in steps
    )

    expected = now
    for unit, count in steps:
        expected = floored(expected, unit) if count is None else shifted(expected, unit, count)

    assert dates.bound(text, now) == expected


def floored(moment: datetime, unit: str) -> datetime:
    kept = {"YEAR": "%Y", "MONTH": "%Y%m", "DAY": "%Y%m%d", "HOUR": "%Y%m%d%H", "MINUTE": "%Y%m%d%H%M", "SECOND": "%c"}
    if unit == "MILLI":
        return moment - timedelta(microseconds=moment.microsecond % 1000)
    return datetime.strptime(moment.strftime(kept[unit]), kept[unit]).replace(tzinfo=UTC)


def shifted(moment: datetime, unit: str, count: int) -> datetime:
    """One month at a time, with the day asked for remembered."""
    if unit not in ("YEAR", "MONTH"):
        name = "milliseconds" if unit == "MILLI" else f"{unit.lower()}s"
        return moment + timedelta(**{name: count})
    year, month = moment.year, moment.month
    for _ in range(abs(count) * (12 if unit == "YEAR" else 1)):
        month += 1 if count > 0 else -1
        if month in (0, 13):
            year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


@given(
    st.text(max_size=30)
    | st.from_regex(r"(NOW|\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\dZ)?)?)?)([+-]\d{1,14}[A-Z]{3,6}|/[A-Z]{3,6}){0,3}", fullmatch=True)
    | st.builds("NOW{:+d}{}S".format, st.integers(), units)
)
def test_any_text_is_a_date_or_explained(text: str) -> None:
    for read in (dates.instants, dates.bound):
        try:
            found = read(text, NOW)
        except QueryError:
            continue
        for moment in found if isinstance(found, tuple) else (found,):
            assert moment.tzinfo is UTC
