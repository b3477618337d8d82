"""The report on conversations: how many, when, and what they were about (contract 70 §2)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from msgspec import UNSET

from deskhand.kernel.transaction import Snapshot
from deskhand.reports.bodies.asked import Asked, changes_or_unset, filter_tags, picked, picked_or_unset
from deskhand.reports.model.arithmetic import percent
from deskhand.reports.model.facts import Kind
from deskhand.reports.model.spans import Span
from deskhand.reports.queries import busy, tops
from deskhand.reports.queries.numbers import Numbers, numbers
from deskhand.reports.queries.scope import UNTAGGED, Scope, scope
from deskhand.reports.queries.tops import Chosen, Field, Option
from deskhand.reports.schemas.conversations import (
    BusyHour,
    ConversationDeltas,
    ConversationNumbers,
    ConversationsReport,
    FieldReport,
    FieldReports,
    FieldSummary,
    FieldValue,
    Top,
    TopItem,
    TopReplies,
    TopReply,
)


async def conversations(view: Snapshot, it: Asked) -> ConversationsReport:
    """How many conversations there were, when customers wrote, and what about."""
    here = scope(view.actor, it.filter)
    now, before = await it.both(lambda span: _numbers(view, here, span))
    hours = await busy.hours_of_week(view, here, it.span, (Kind.CUSTOMER_MESSAGE,))
    opens, closes = busy_time(hours)
    all_, all_before = now["total_conversations"], None if before is None else before["total_conversations"]

    async def top(kind: str) -> tuple[int, list[dict[str, Any]]]:
        return await _top(view, it, here, kind, all_, all_before)

    tag_count, tag_items = await top("tags")
    _, customer_items = await top("customers")
    reply_count, reply_items = await top("replies")
    workflow_count, workflow_items = await top("workflows")
    return ConversationsReport(
        filter_tags=await filter_tags(view),
        busiest_day=busiest(hours),
        busy_time_start=opens,
        busy_time_end=closes,
        current=picked(ConversationNumbers, now),
        previous=picked_or_unset(ConversationNumbers, before),
        deltas=changes_or_unset(ConversationDeltas, now, before),
        tags=Top(count=tag_count, top=[TopItem(**each) for each in tag_items]),
        customers=Top(count=all_, top=[TopItem(**each) for each in customer_items]),
        replies=TopReplies(count=reply_count, top=[TopReply(**each) for each in reply_items]),
        workflows=Top(count=workflow_count, top=[TopItem(**each) for each in workflow_items]),
        custom_fields=await _fields(view, it, here),
    )


async def busy_times(view: Snapshot, it: Asked) -> list[BusyHour]:
    """When customers write: hours in which nobody did are left out."""
    hours = await busy.hours_of_week(view, scope(view.actor, it.filter), it.span, (Kind.CUSTOMER_MESSAGE,))
    return [_hour(each, count) for each, count in sorted(hours.items()) if count]


def busiest(hours: Counter[int]) -> BusyHour | None:
    """The hour of the week in which most was said, the earliest of several."""
    best = max(hours, key=lambda each: (hours[each], -each), default=None)
    return None if best is None else _hour(best, hours[best])


def busy_time(hours: Counter[int]) -> tuple[int | None, int | None]:
    """From which hour of the day to which there is at least half as much as in the busiest one; without a gap."""
    day = [sum(count for hour, count in hours.items() if hour % 24 == each) for each in range(24)]
    peak = max(range(24), key=lambda each: (day[each], -each))
    if not day[peak]:
        return None, None
    first = last = peak
    while first > 0 and 2 * day[first - 1] >= day[peak]:
        first -= 1
    while last < 23 and 2 * day[last + 1] >= day[peak]:
        last += 1
    return first, last + 1


def _hour(hour: int, count: int) -> BusyHour:
    return BusyHour(day=hour // 24 + 1, hour=hour % 24, count=count)


async def _numbers(view: Snapshot, here: Scope, span: Span) -> Numbers:
    found = await numbers(view, here, span, [ConversationNumbers])
    return found | {"conversations_per_day": found["total_conversations"] // span.days}


async def _top(
    view: Snapshot, it: Asked, here: Scope, kind: str, all_: int, all_before: int | None
) -> tuple[int, list[dict[str, Any]]]:
    """How many conversations have any, and the most frequent ones as their answers' members."""
    found = await tops.top(view, here, it.span, kind)
    any_ = all_ if kind == "customers" else await tops.having_any(view, here, it.span, kind)
    counted = [(each.id, each.count) for each in found]
    if kind == "tags" and all_ > any_:
        untagged = (UNTAGGED, all_ - any_)
        counted = sorted([*counted, untagged], key=lambda each: (-each[1], each[0]))[: tops.MOST]
    ids = [each for each, _ in counted]
    names = await tops.names(view, kind, ids)
    before: dict[int, int] = {}
    if it.previous is not None and ids:
        before = await tops.counts(view, here, it.previous, kind, ids)
        if kind == "tags" and UNTAGGED in ids:
            before[UNTAGGED] = (all_before or 0) - await tops.having_any(view, here, it.previous, kind)
    items = []
    for id_, count in counted:
        if id_ not in names:
            continue
        item: dict[str, Any] = {"id": id_, "count": count, "percent": percent(count, all_)}
        item["name"] = UNSET if kind == "tags" and id_ == UNTAGGED else names[id_].name
        if kind == "replies":
            item["mailbox_id"] = names[id_].inbox_id
        if all_before is not None:
            earlier = percent(before.get(id_, 0), all_before)
            item |= {"previous_count": before.get(id_, 0), "previous_percent": earlier}
            item["delta_percent"] = item["percent"] - earlier
        items.append(item)
    return any_, items


async def _fields(view: Snapshot, it: Asked, here: Scope) -> FieldReports:
    """The dropdowns of the inboxes that the report is about."""
    wanted = it.filter.inboxes
    inbox_ids = [each for each in view.actor.inbox_ids if wanted is None or each in wanted]
    fields, options = await tops.fields(view, inbox_ids)
    if not fields:
        return FieldReports(count=0, fields=[])
    now, before = await it.both(lambda span: tops.chosen(view, here, span, fields))
    return FieldReports(count=len(fields), fields=[_field(each, options.get(each.id, []), now, before) for each in fields])


def _field(it: Field, options: list[Option], now: Chosen, before: Chosen | None) -> FieldReport:
    values, total = now[0].get(it.id, {}), now[1].get(it.inbox_id, 0)
    answered = sum(values.values())
    unanswered = percent(total - answered, total)
    total_before = answered_before = None
    unanswered_before = 0.0
    if before is not None:
        total_before, answered_before = before[1].get(it.inbox_id, 0), sum(before[0].get(it.id, {}).values())
        unanswered_before = percent(total_before - answered_before, total_before)
    shown = [
        FieldValue(name=each.label, id=each.id, count=values[str(each.id)], percent=percent(values[str(each.id)], total))
        for each in options
        if str(each.id) in values
    ]
    return FieldReport(
        id=it.id,
        name=it.name,
        mailbox_id=it.inbox_id,
        values=sorted(shown, key=lambda each: (-each.count, each.id)),
        summary=FieldSummary(
            total=total,
            total_answered=answered,
            previous_total=total_before,
            previous_total_answered=answered_before,
            unanswered_delta=unanswered - unanswered_before,
            unanswered_previous_percent=unanswered_before,
            unanswered_percent=unanswered,
        ),
    )
