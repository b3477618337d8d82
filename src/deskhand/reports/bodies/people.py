"""The reports on a user or team (contract 70 §7)."""

from __future__ import annotations

from msgspec import UNSET, structs

from deskhand.conversations.model import Status
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.bodies.account import POINTS, happy
from deskhand.reports.bodies.asked import Asked, changes_or_unset, filter_tags, picked, picked_or_unset
from deskhand.reports.bodies.channels import chat_numbers
from deskhand.reports.model.arithmetic import mean, whole
from deskhand.reports.model.spans import ALWAYS, Span
from deskhand.reports.queries import busy, chats, happiness, history, measures, people
from deskhand.reports.queries.history import Answered
from deskhand.reports.queries.numbers import Numbers, numbers
from deskhand.reports.queries.people import Person
from deskhand.reports.queries.scope import Filter, Scope, scope
from deskhand.reports.schemas.lists import History, HistoryCustomer, HistoryItem
from deskhand.reports.schemas.people import (
    UserChatDeltas,
    UserChatNumbers,
    UserChatReport,
    UserDeltas,
    UserHappinessReport,
    UserNumbers,
    UserReport,
    UserShown,
)
from deskhand.reports.schemas.requests import Direction, HistoryQuery

HISTORY_ROWS = 25


async def of_person(view: Snapshot, it: Asked, user_id: int) -> tuple[Person, Scope]:
    """A user or team, and what their members did of what is asked for. Raises NotFound."""
    person = await people.get(view, user_id)
    return person, scope(view.actor, structs.replace(it.filter, people=person.members))


async def user(view: Snapshot, it: Asked, user_id: int, origins: Origins) -> UserReport:
    """What a user or team did."""
    person, theirs = await of_person(view, it, user_id)
    now, before = await it.both(lambda span: _numbers(view, it, theirs, span))
    hours = await busy.hours_of_week(view, theirs, it.span, measures.ANSWERED)
    days = [sum(count for hour, count in hours.items() if hour // 24 == day) for day in range(7)]
    current = picked(UserNumbers, now)
    current.busiest_day = days.index(max(days)) + 1 if any(days) else None
    ever = scope(view.actor, Filter(people=person.members))
    return UserReport(
        filter_tags=await filter_tags(view),
        user=UserShown(
            id=person.id,
            name=person.name,
            photo_url=origins.photo(person.photo) or UNSET,
            has_photo=bool(person.photo),
            created_at=person.created_at,
            total_customers_helped=(await measures.sums(view, ever, ALWAYS, ["helped"]))["helped"],
        ),
        current=current,
        previous=picked_or_unset(UserNumbers, before),
        deltas=changes_or_unset(UserDeltas, now, before, points=POINTS),
    )


async def _numbers(view: Snapshot, it: Asked, theirs: Scope, span: Span) -> Numbers:
    found = await numbers(view, theirs, span, [UserNumbers], office=it.office)
    rated = await happiness.counts(view, theirs, span)
    return found | {
        "handle_time": 0.0,
        "happiness_score": happiness.score(rated.great, rated.not_good, rated.all),
        "active_conversations": found["total_conversations"],
    }


async def user_happiness(view: Snapshot, it: Asked, user_id: int) -> UserHappinessReport:
    """What customers thought of the replies of a user or team."""
    _, theirs = await of_person(view, it, user_id)
    report = await happy(view, it, theirs)
    return UserHappinessReport(
        filter_tags=await filter_tags(view), current=report.current, previous=report.previous, deltas=report.deltas
    )


async def user_chat(view: Snapshot, it: Asked, user_id: int) -> UserChatReport:
    """How the chats of a user or team went."""
    _, theirs = await of_person(view, it, user_id)
    all_, all_before = await it.both(lambda span: chats.measure(view, theirs, span, office=it.office))
    now = chat_numbers(all_, it.span)
    before = None if all_before is None or it.previous is None else chat_numbers(all_before, it.previous)
    return UserChatReport(
        current=picked(UserChatNumbers, now),
        previous=picked_or_unset(UserChatNumbers, before),
        deltas=changes_or_unset(UserChatDeltas, now, before),
    )


async def answered(view: Snapshot, it: Asked, query: HistoryQuery) -> History:
    """The conversations that a user or team answered."""
    _, theirs = await of_person(view, it, query.user)
    found, count = await history.page(
        view,
        theirs,
        it.span,
        status=None if query.status is None else Status(query.status.value),
        by=query.sort_field,
        ascending=query.sort_order is Direction.ASCENDING,
        office=it.office,
        number=query.page,
        size=HISTORY_ROWS,
    )
    pages = -(-count // HISTORY_ROWS)
    return History(results=[_item(each) for each in found], page=query.page, count=count, pages=pages)


def _item(it: Answered) -> HistoryItem:
    name = " ".join(filter(None, (it.customer_first, it.customer_last))) or it.customer_email or ""
    return HistoryItem(
        id=it.id,
        number=it.number,
        status=it.status,
        customers=[HistoryCustomer(id=it.customer_id, name=name)],
        avg_handle_time=0,
        first_response_time=it.first_seconds,
        replies_sent=it.replies,
        response_time=whole(mean(it.response_seconds, it.responses)),
        resolve_time=it.resolve_seconds,
    )
