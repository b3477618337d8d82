"""The reports on the account: overall, productivity, happiness (contract 70 §1, §5, §6)."""

from __future__ import annotations

from msgspec import UNSET

from deskhand.kernel.transaction import Snapshot
from deskhand.reports.bodies.asked import Asked, breakdown, changes_or_unset, filter_tags, picked, picked_or_unset
from deskhand.reports.model.arithmetic import percent
from deskhand.reports.model.ranges import REPLIES, RESPONSE
from deskhand.reports.model.spans import Span
from deskhand.reports.queries import happiness, measures, people
from deskhand.reports.queries.measures import Resolved
from deskhand.reports.queries.numbers import Numbers, numbers
from deskhand.reports.queries.people import Helper
from deskhand.reports.queries.scope import Scope, scope
from deskhand.reports.schemas.account import (
    CompanyDeltas,
    CompanyNumbers,
    CompanyReport,
    CompanyUser,
    HappinessDeltas,
    HappinessNumbers,
    HappinessReport,
    ProductivityDeltas,
    ProductivityNumbers,
    ProductivityReport,
)
from deskhand.reports.schemas.blocks import Breakdown, Breakdowns, ResolutionBreakdown, ResolutionRange

POINTS = ("great", "okay", "not_good", "happiness_score")


async def company(view: Snapshot, it: Asked) -> CompanyReport:
    """What the account did, and each of its users."""
    here = scope(view.actor, it.filter)
    now, before = await it.both(lambda span: numbers(view, here, span, [CompanyNumbers]))
    return CompanyReport(
        filter_tags=await filter_tags(view),
        current=picked(CompanyNumbers, now),
        previous=picked_or_unset(CompanyNumbers, before),
        deltas=changes_or_unset(CompanyDeltas, now, before),
        users=await _users(view, it, here),
    )


async def _users(view: Snapshot, it: Asked, here: Scope) -> list[CompanyUser]:
    """Those who replied in either interval."""
    now, before = await it.both(lambda span: people.helpers(view, here, span))
    scores, scores_before = await it.both(lambda span: happiness.scores(view, here, span))
    named = await people.names(view, now.keys() | (before or {}).keys())
    nothing, compares = Helper(0, 0, 0), before is not None
    found = []
    for user_id, name in named:
        mine, mine_before = now.get(user_id, nothing), (before or {}).get(user_id, nothing)
        found.append(
            CompanyUser(
                user=str(user_id),
                name=name,
                customers_helped=mine.customers,
                previous_customers_helped=mine_before.customers if compares else UNSET,
                replies=mine.replies,
                previous_replies=mine_before.replies if compares else UNSET,
                happiness_score=scores.get(user_id, 0.0),
                previous_happiness_score=(scores_before or {}).get(user_id, 0.0) if compares else UNSET,
                handle_time=0.0,
                previous_handle_time=0.0 if compares else UNSET,
            )
        )
    return found


async def productivity(view: Snapshot, it: Asked) -> ProductivityReport:
    """How productive the account was."""
    here = scope(view.actor, it.filter)
    now, before = await it.both(lambda span: numbers(view, here, span, [ProductivityNumbers], office=it.office))
    parts = await breakdowns(view, it, here)
    return ProductivityReport(
        filter_tags=await filter_tags(view),
        current=picked(ProductivityNumbers, now),
        previous=picked_or_unset(ProductivityNumbers, before),
        deltas=changes_or_unset(ProductivityDeltas, now, before),
        response_time=parts.response_time,
        handle_time=parts.handle_time,
        first_response_time=parts.first_response_time,
        replies_to_resolve=parts.replies_to_resolve,
    )


async def breakdowns(view: Snapshot, it: Asked, here: Scope) -> Breakdowns:
    """Times and replies by range; only ranges in which there is anything."""
    told, told_before = await it.both(lambda span: measures.responses(view, here, span, RESPONSE, office=it.office))
    done, done_before = await it.both(lambda span: measures.resolutions(view, here, span, REPLIES, office=it.office))
    responses, firsts = ({each.range_id: each.all for each in told}, {each.range_id: each.first for each in told if each.first})
    responses_before = firsts_before = None
    if told_before is not None:
        responses_before = {each.range_id: each.all for each in told_before}
        firsts_before = {each.range_id: each.first for each in told_before if each.first}
    return Breakdowns(
        response_time=breakdown(responses, responses_before),
        handle_time=Breakdown(count=0, previous_count=UNSET if it.previous is None else 0, ranges=[]),
        first_response_time=breakdown(firsts, firsts_before),
        replies_to_resolve=_resolutions(done, done_before),
    )


def _resolutions(now: list[Resolved], before: list[Resolved] | None) -> ResolutionBreakdown:
    earlier = None if before is None else {each.range_id: each.count for each in before}
    plain = breakdown({each.range_id: each.count for each in now}, earlier)
    times = {each.range_id: round(each.seconds / each.count) for each in now}
    ranges = [
        ResolutionRange(
            id=each.id,
            count=each.count,
            percent=each.percent,
            previous_count=each.previous_count,
            previous_percent=each.previous_percent,
            resolution_time=times.get(each.id, 0),
        )
        for each in plain.ranges
    ]
    return ResolutionBreakdown(count=plain.count, previous_count=plain.previous_count, ranges=ranges)


async def happy(view: Snapshot, it: Asked, here: Scope) -> HappinessReport:
    """What customers thought of replies."""
    now, before = await it.both(lambda span: _ratings(view, here, span))
    return HappinessReport(
        current=picked(HappinessNumbers, now),
        previous=picked_or_unset(HappinessNumbers, before),
        deltas=changes_or_unset(HappinessDeltas, now, before, points=POINTS),
    )


async def _ratings(view: Snapshot, here: Scope, span: Span) -> Numbers:
    found = await happiness.counts(view, here, span)
    known = await numbers(view, here, span, [HappinessNumbers])
    return known | {
        "great": percent(found.great, found.all),
        "great_count": found.great,
        "okay": percent(found.okay, found.all),
        "okay_count": found.okay,
        "not_good": percent(found.not_good, found.all),
        "not_good_count": found.not_good,
        "ratings_count": found.all,
        "ratings_percent": percent(found.customers, known["total_customers"]),
        "happiness_score": happiness.score(found.great, found.not_good, found.all),
        "total_customers_with_ratings": found.customers,
    }
