"""Buckets, busy hours, ranges and office hours: pure functions."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from deskhand.inboxes.hours import OfficeHours, open_seconds, segments, week_mistakes
from deskhand.reports.bodies.conversations import busiest, busy_time
from deskhand.reports.model.ranges import RESPONSE, ends, range_of
from deskhand.reports.model.spans import Span, ViewBy, buckets, instant, span

WORK = ((540, 750), (810, 1080))
WEEK = (WORK, WORK, WORK, WORK, WORK, (), ())


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def starts(first: str, last: str, view_by: ViewBy | None, zone: str = "UTC") -> list[str]:
    pieces = buckets(Span(at(first), at(last)), view_by, ZoneInfo(zone))
    assert [each.last + 1 for each in pieces[:-1]] == [each.first for each in pieces[1:]]
    assert pieces[-1].last == at(last)
    return [f"{instant(each.first):%m-%d %H:%M}" for each in pieces]


def test_without_a_division_there_is_one_piece() -> None:
    assert starts("2026-01-01", "2026-02-01", None) == ["01-01 00:00"]


def test_days_are_those_of_the_wall_clock() -> None:
    assert starts("2026-03-28 00:00", "2026-03-31 12:00", ViewBy.DAY, "Europe/Lisbon") == [
        "03-28 00:00",
        "03-29 00:00",
        "03-29 23:00",
        "03-30 23:00",
    ]


def test_months_end_where_the_month_does() -> None:
    assert starts("2026-01-31", "2026-04-30 23:00", ViewBy.MONTH) == [
        "01-31 00:00",
        "02-28 00:00",
        "03-31 00:00",
        "04-30 00:00",
    ]


def test_weeks_are_seven_days() -> None:
    assert starts("2026-01-01", "2026-01-15", ViewBy.WEEK) == ["01-01 00:00", "01-08 00:00", "01-15 00:00"]


def test_the_calendar_may_end() -> None:
    whole = span(datetime(9999, 11, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))

    assert len(buckets(whole, ViewBy.WEEK, ZoneInfo("Pacific/Kiritimati"))) in (8, 9)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("2026-03-02 08:00", "2026-03-02 20:00", 8),
        ("2026-03-02 12:00", "2026-03-02 14:00", 1),
        ("2026-02-27 17:00", "2026-03-02 10:00", 2),  # a weekend between
        ("2026-02-28 00:00", "2026-03-01 23:00", 0),
        ("2026-03-02 10:00", "2026-03-02 09:00", 0),
    ],
)
def test_office_hours_are_counted(since: str, until: str, hours: float) -> None:
    assert open_seconds(OfficeHours("UTC", WEEK), at(since), at(until)) == hours * 3600


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 0), ("2026-10-25", 2), ("2026-06-01", 1)])
def test_an_hour_counts_as_often_as_the_wall_clock_shows_it(day: str, hours: int) -> None:
    """From one to two at night is left out when clocks go forward, and comes twice when they go back."""
    night = OfficeHours("Europe/Lisbon", (((60, 120),),) * 7)

    assert open_seconds(night, at(f"{day} 00:00") - 3600, at(f"{day} 12:00")) == hours * 3600


def test_an_offset_changes_where_it_does() -> None:
    zone = ZoneInfo("America/New_York")

    assert [
        (instant(since).isoformat(), offset) for since, _, offset in segments(zone, at("2026-01-01"), at("2026-12-31"))
    ] == [
        ("2026-01-01T00:00:00+00:00", -18000),
        ("2026-03-08T07:00:00+00:00", -14400),
        ("2026-11-01T06:00:00+00:00", -18000),
    ]


def test_ranges_that_overlap_are_mistakes() -> None:
    week = (((540, 600), (590, 580)), (), (), (), (), (), ())

    assert [(day, place, end) for day, place, end, _ in week_mistakes(week)] == [(0, 1, "from"), (0, 1, "to")]


def test_the_busiest_hour_is_the_earliest_of_several() -> None:
    found = busiest(Counter({30: 5, 100: 5, 3: 1}))

    assert found is not None
    assert (found.day, found.hour, found.count) == (2, 6, 5)


def test_busy_time_is_around_the_peak() -> None:
    assert busy_time(Counter({9: 4, 10: 8, 24 + 11: 5, 13: 8, 24 + 12: 3})) == (9, 12)
    assert busy_time(Counter()) == (None, None)


@pytest.mark.parametrize(("seconds", "id_"), [(0, 1), (899, 1), (900, 2), (86_400, 9), (172_800, 10), (10**9, 10)])
def test_a_range_begins_with_its_border(seconds: int, id_: int) -> None:
    low, high = ends(id_, RESPONSE)

    assert range_of(seconds, RESPONSE) == id_
    assert low <= seconds < high
