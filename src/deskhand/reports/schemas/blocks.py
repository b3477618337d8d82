"""What several reports have: dates, ranges, tags, and the numbers of resolutions and responses."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType


class Wire(Struct, kw_only=True, rename="camel"):
    """An answer, or a part of one."""


class FilterTag(Struct):
    """A tag that can be filtered by; 1 stands for no tag."""

    id: int
    name: str


class Dates(Wire, kw_only=True):
    """The interval that numbers are of."""

    start_date: datetime
    end_date: datetime


class Range(Wire, kw_only=True):
    """How many were in a range; what was before only with an interval to compare with."""

    id: int
    count: int
    percent: float
    previous_count: int | UnsetType = UNSET
    previous_percent: float | UnsetType = UNSET


class ResolutionRange(Range, kw_only=True):
    """The same of resolutions, with their mean seconds."""

    resolution_time: int


class Breakdown(Wire, kw_only=True):
    """How many were measured, by range."""

    count: int
    previous_count: int | UnsetType = UNSET
    ranges: list[Range]


class ResolutionBreakdown(Wire, kw_only=True):
    """The same of resolutions by how many replies they took."""

    count: int
    previous_count: int | UnsetType = UNSET
    ranges: list[ResolutionRange]


class Breakdowns(Wire, kw_only=True):
    """Times and replies by range."""

    response_time: Breakdown
    handle_time: Breakdown
    first_response_time: Breakdown
    replies_to_resolve: ResolutionBreakdown


class Resolutions(Wire, kw_only=True):
    """How conversations were resolved; times in seconds."""

    resolved: int
    resolved_on_first_reply: int
    percent_resolved_on_first_reply: float
    resolution_time: float | None
    replies_to_resolve: float
    handle_time: int
    closed: int


class ResolutionDeltas(Wire, kw_only=True):
    """Changes in percent."""

    resolved: float
    resolved_on_first_reply: float
    percent_resolved_on_first_reply: float
    resolution_time: float
    replies_to_resolve: float
    handle_time: float
    closed: float


class Responses(Wire, kw_only=True):
    """How long customers waited, in seconds."""

    response_time: int | None
    first_response_time: int | None


class ResponseDeltas(Wire, kw_only=True):
    """Changes in percent."""

    response_time: float
    first_response_time: float
