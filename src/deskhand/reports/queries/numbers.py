"""The numbers of reports by the name their answers give them: what each is made of stands here, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.arithmetic import mean, share, whole
from deskhand.reports.model.spans import Span, ViewBy, buckets
from deskhand.reports.queries import measures
from deskhand.reports.queries.scope import Scope

Sums = dict[str, int]
Numbers = dict[str, Any]


class Metric(Struct, frozen=True):
    """A number made of sums, given the days of the interval."""

    sums: tuple[str, ...]
    of: Callable[[Sums, int], float | int | None]


def _plain(name: str) -> Metric:
    return Metric((name,), lambda sums, days: sums[name])


def _a_day(name: str) -> Metric:
    return Metric((name,), lambda sums, days: sums[name] / days)


def _mean(total: str, count: str) -> Metric:
    return Metric((total, count), lambda sums, days: mean(sums[total], sums[count]))


def _whole_mean(total: str, count: str) -> Metric:
    return Metric((total, count), lambda sums, days: whole(mean(sums[total], sums[count])))


METRICS: dict[str, Metric] = {
    "total_days": Metric((), lambda sums, days: days),
    "total_conversations": _plain("conversations"),
    "email_conversations": _plain("conversations"),
    "phone_conversations": _plain("conversations"),
    "customers": _plain("customers"),
    "total_customers": _plain("customers"),
    "new_conversations": _plain("new"),
    "conversations_created": _plain("created"),
    "emails_created": _plain("created"),
    "phone_calls_created": _plain("started"),
    "customers_helped": _plain("helped"),
    "total_replies": _plain("replies"),
    "replies_sent": _plain("replies"),
    "messages_received": _plain("received"),
    "total_users": _plain("repliers"),
    "closed": _plain("closed"),
    "resolved": _plain("resolved"),
    "resolved_on_first_reply": _plain("resolved_at_once"),
    "percent_resolved_on_first_reply": Metric(
        ("resolved_at_once", "resolved"), lambda sums, days: share(sums["resolved_at_once"], sums["resolved"])
    ),
    "replies_to_resolve": Metric(
        ("resolving_replies", "resolved"), lambda sums, days: share(sums["resolving_replies"], sums["resolved"])
    ),
    "resolution_time": _mean("resolving_seconds", "resolved"),
    "response_time": _whole_mean("response_seconds", "responses"),
    "first_response_time": _whole_mean("first_response_seconds", "first_responses"),
    "handle_time": Metric((), lambda sums, days: 0),  # nothing measures it yet
    "replies_per_day": _a_day("replies"),
    "resolved_per_day": _a_day("resolved"),
    "conversations_per_day": _a_day("conversations"),
    "replies_per_day_per_user": Metric(
        ("replies", "repliers"), lambda sums, days: share(sums["replies"] / days, sums["repliers"])
    ),
}

THEIRS = {"conversations": "their_conversations", "customers": "their_customers"}
"""What takes the place of sums where only what some users did is looked at."""


async def numbers(view: Snapshot, it: Scope, span: Span, kinds: Iterable[type[Struct]], *, office: bool = False) -> Numbers:
    """The numbers of an interval that some structs have, by their fields' names; fields that are none of ours are left out."""
    names = [name for kind in kinds for name in kind.__struct_fields__ if name in METRICS]
    found = await _sums(view, it, span, names, office=office)
    return {name: METRICS[name].of(found, span.days) for name in names} | {"start_date": span.start, "end_date": span.end}


async def series(
    view: Snapshot, it: Scope, span: Span, view_by: ViewBy | None, zone: ZoneInfo, name: str, *, office: bool = False
) -> list[tuple[Span, Any]]:
    """One number for each piece of an interval; what was not measured is 0."""
    lived = await measures.bounds(view)
    points = []
    for each in buckets(span, view_by, zone):
        value: Any = 0
        if lived is not None and each.first <= lived.last and each.last >= lived.first:
            value = METRICS[name].of(await _sums(view, it, each, [name], office=office), each.days)
        points.append((each, value or 0))
    return points


async def _sums(view: Snapshot, it: Scope, span: Span, names: Iterable[str], *, office: bool) -> Sums:
    wanted = {each for name in names for each in METRICS[name].sums}
    if "people" not in it.shape:
        return await measures.sums(view, it, span, wanted, office=office)
    found = await measures.sums(view, it, span, {THEIRS.get(each, each) for each in wanted}, office=office)
    return found | {name: found[theirs] for name, theirs in THEIRS.items() if theirs in found}
