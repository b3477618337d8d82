"""Reports (contract 70): 32 addresses, each a number of a conversation's facts in one of a few shapes.

Before a report reads, the facts are brought up to this moment.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from litestar import Router
from msgspec import UNSET

from deskhand.kernel.desk import Desk
from deskhand.kernel.http.answers import HAL, PLAIN_JSON
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.http.routes import RouteHandler, get
from deskhand.kernel.transaction import Snapshot
from deskhand.reports import keeping
from deskhand.reports.bodies import account, channels, conversations, lists, people
from deskhand.reports.bodies.asked import Asked, asked
from deskhand.reports.bodies.lists import Points
from deskhand.reports.queries.pages import Behind
from deskhand.reports.queries.scope import scope
from deskhand.reports.schemas import examples
from deskhand.reports.schemas.account import (
    CompanyReport,
    DocsDeltas,
    DocsNumbers,
    DocsReport,
    HappinessReport,
    ProductivityReport,
)
from deskhand.reports.schemas.channels import ChatReport, EmailReport, PhoneReport
from deskhand.reports.schemas.conversations import BusyHour, ConversationsReport
from deskhand.reports.schemas.lists import (
    ChannelSeries,
    CustomersPoint,
    CustomersSeries,
    Drilldown,
    History,
    MessagesPoint,
    MessagesSeries,
    NewPoint,
    NewSeries,
    Ratings,
    RepliesPoint,
    RepliesSeries,
    ResolvedPoint,
    ResolvedSeries,
    TimePoint,
    TimeSeries,
)
from deskhand.reports.schemas.people import UserChatReport, UserHappinessReport, UserReport
from deskhand.reports.schemas.requests import (
    ChannelQuery,
    CompanyDrilldownQuery,
    DocsQuery,
    DrilldownQuery,
    FieldsDrilldownQuery,
    HistoryQuery,
    ProductivityQuery,
    ProductivitySeriesQuery,
    Query,
    Ranged,
    RatingsQuery,
    SeriesQuery,
    TypedQuery,
    UserChatQuery,
    UserDrilldownQuery,
    UserHappinessQuery,
    UserQuery,
    UserRatingsQuery,
    UserSeriesQuery,
)

RATINGS = 50
USER_RATINGS = 10


async def ready(desk: Desk, query: Query) -> Asked:
    """What is asked for, once the facts are up to date. Raises Invalid, Unavailable."""
    it = asked(query)
    await keeping.catch_up(desk, office=it.office)
    return it


def report(
    path: str, summary: str, example: object, *, of_user: bool = False, content_type: bytes = PLAIN_JSON
) -> Callable[[Callable[..., Any]], RouteHandler]:
    """The address of a report."""
    errors = (400, 403, 404) if of_user else (400, 403)
    return get(path, summary=summary, errors=errors, prepare=ready, example=example, content_type=content_type)


@report("/company", "Company Overall", examples.COMPANY)
async def company(view: Snapshot, query: TypedQuery, prepared: Asked) -> CompanyReport:
    """Replies, customers helped and closings of the account, and what each user did."""
    return await account.company(view, prepared)


@report("/company/customers-helped", "Company Customers Helped", examples.series(customers=27))
async def customers_helped(view: Snapshot, query: SeriesQuery, prepared: Asked) -> CustomersSeries:
    """How many customers got a reply."""
    found = await _points(view, prepared, "customers_helped", lambda at, it: CustomersPoint(date=at, customers=it))
    return CustomersSeries(current=found.current, previous=found.previous)


@report("/company/drilldown", "Company Drilldown", examples.DRILLDOWN)
async def company_drilldown(view: Snapshot, query: CompanyDrilldownQuery, prepared: Asked) -> Drilldown:
    """The conversations behind a number of the account's report; without ``range`` all that there are."""
    behind = None if query.range is Ranged.HANDLE_TIME else Behind(query.range.value) if query.range else Behind.ACTIVE
    return await _drilldown(view, prepared, behind, query, range_id=query.range_id)


@report("/conversations", "Conversations Overall", examples.CONVERSATIONS)
async def overall(view: Snapshot, query: TypedQuery, prepared: Asked) -> ConversationsReport:
    """How many conversations there were, when customers wrote, and what they wrote about."""
    return await conversations.conversations(view, prepared)


@report("/conversations/volume-by-channel", "Conversations Volume by Channel", examples.series(chat=12, email=35, phone=6))
async def volume_by_channel(view: Snapshot, query: SeriesQuery, prepared: Asked) -> ChannelSeries:
    """How many conversations there were by mail, chat and phone."""
    found = await lists.channels(view, prepared)
    return ChannelSeries(current=found.current, previous=found.previous)


@report("/conversations/busy-times", "Conversations Busy Times", examples.BUSY_TIMES)
async def busy_times(view: Snapshot, query: TypedQuery, prepared: Asked) -> list[BusyHour]:
    """How much customers wrote in each hour of the week, as a bare array."""
    return await conversations.busy_times(view, prepared)


@report("/conversations/drilldown", "Conversations Drilldown", examples.DRILLDOWN)
async def drilldown(view: Snapshot, query: DrilldownQuery, prepared: Asked) -> Drilldown:
    """The conversations in which something was said."""
    return await _drilldown(view, prepared, Behind.ACTIVE, query)


@report("/conversations/fields-drilldown", "Conversations Drilldown by Field", examples.DRILLDOWN)
async def fields_drilldown(view: Snapshot, query: FieldsDrilldownQuery, prepared: Asked) -> Drilldown:
    """Those with a tag, a saved reply, a workflow or a customer."""
    return await _drilldown(view, prepared, Behind(query.field.value), query, field_id=query.fieldid)


@report("/conversations/new", "New Conversations", examples.series("start", count=27))
async def new(view: Snapshot, query: SeriesQuery, prepared: Asked) -> NewSeries:
    """How many conversations customers began."""
    found = await _points(view, prepared, "new_conversations", lambda at, it: NewPoint(start=at, count=it))
    return NewSeries(current=found.current, previous=found.previous)


@report("/conversations/new-drilldown", "New Conversations Drilldown", examples.DRILLDOWN)
async def new_drilldown(view: Snapshot, query: DrilldownQuery, prepared: Asked) -> Drilldown:
    """The conversations that customers began."""
    return await _drilldown(view, prepared, Behind.NEW, query)


@report("/conversations/received-messages", "Received Messages", examples.MESSAGES)
async def received_messages(view: Snapshot, query: SeriesQuery, prepared: Asked) -> MessagesSeries:
    """How many messages came from customers."""
    found = await _points(
        view, prepared, "messages_received", lambda at, it: MessagesPoint(date=at, messages=it, start=at, count=it)
    )
    return MessagesSeries(current=found.current, previous=found.previous)


@report("/docs", "Docs Overall", examples.DOCS)
async def docs(view: Snapshot, query: DocsQuery, prepared: Asked) -> DocsReport:
    """Visits to Docs sites: there are none here, so all of it is nothing."""
    compares = prepared.previous is not None
    return DocsReport(
        current=DocsNumbers(),
        previous=DocsNumbers() if compares else UNSET,
        deltas=DocsDeltas() if compares else UNSET,
    )


@report("/email", "Email Report", examples.EMAIL, content_type=HAL)
async def email(view: Snapshot, query: ChannelQuery, prepared: Asked) -> EmailReport:
    """How much mail there was, and how it was answered."""
    return await channels.email(view, prepared)


@report("/chat", "Chat Report", examples.CHAT, content_type=HAL)
async def chat(view: Snapshot, query: ChannelQuery, prepared: Asked) -> ChatReport:
    """How many live chats there were, and how they went."""
    return await channels.chat(view, prepared)


@report("/phone", "Phone Report", examples.PHONE, content_type=HAL)
async def phone(view: Snapshot, query: ChannelQuery, prepared: Asked) -> PhoneReport:
    """How many calls there were, and whose."""
    return await channels.phone(view, prepared)


@report("/productivity", "Productivity Overall", examples.PRODUCTIVITY)
async def productivity(view: Snapshot, query: ProductivityQuery, prepared: Asked) -> ProductivityReport:
    """How quickly and with how many replies conversations were answered and resolved."""
    return await account.productivity(view, prepared)


@report("/productivity/first-response-time", "Productivity First Response Time", examples.series(time=4100))
async def first_response_time(view: Snapshot, query: ProductivitySeriesQuery, prepared: Asked) -> TimeSeries:
    """How many seconds customers waited for the first reply, on average."""
    return await _times(view, prepared, "first_response_time")


@report("/productivity/response-time", "Productivity Response Time", examples.series(time=4100))
async def response_time(view: Snapshot, query: ProductivitySeriesQuery, prepared: Asked) -> TimeSeries:
    """How many seconds customers waited for a reply, on average."""
    return await _times(view, prepared, "response_time")


@report("/productivity/resolution-time", "Productivity Resolution Time", examples.series(time=86400.5))
async def resolution_time(view: Snapshot, query: ProductivitySeriesQuery, prepared: Asked) -> TimeSeries:
    """How many seconds it took until a conversation was resolved, on average."""
    return await _times(view, prepared, "resolution_time")


@report("/productivity/replies-sent", "Productivity Replies Sent", examples.series(replies=14))
async def replies_sent(view: Snapshot, query: ProductivitySeriesQuery, prepared: Asked) -> RepliesSeries:
    """How many replies were sent."""
    found = await _points(view, prepared, "replies_sent", lambda at, it: RepliesPoint(date=at, replies=it))
    return RepliesSeries(current=found.current, previous=found.previous)


@report("/productivity/resolved", "Productivity Resolved", examples.series(resolved=9))
async def resolved(view: Snapshot, query: ProductivitySeriesQuery, prepared: Asked) -> ResolvedSeries:
    """How many conversations were resolved."""
    found = await _points(view, prepared, "resolved", lambda at, it: ResolvedPoint(date=at, resolved=it))
    return ResolvedSeries(current=found.current, previous=found.previous)


@report("/happiness", "Happiness Overall", examples.HAPPINESS)
async def happiness(view: Snapshot, query: TypedQuery, prepared: Asked) -> HappinessReport:
    """What customers thought of replies."""
    return await account.happy(view, prepared, scope(view.actor, prepared.filter))


@report("/happiness/ratings", "Happiness Ratings", examples.RATINGS)
async def ratings(view: Snapshot, query: RatingsQuery, prepared: Asked) -> Ratings:
    """Each rating with who gave it, for what and to whom."""
    return await lists.ratings(view, prepared, scope(view.actor, prepared.filter), query, RATINGS)


@report("/user", "User or Team Overall", examples.USER, of_user=True)
async def user(view: Snapshot, query: UserQuery, prepared: Asked, origins: Origins) -> UserReport:
    """What a user or team did."""
    return await people.user(view, prepared, query.user, origins)


@report("/user/conversation-history", "User or Team Conversation History", examples.HISTORY, of_user=True)
async def conversation_history(view: Snapshot, query: HistoryQuery, prepared: Asked) -> History:
    """The conversations that a user or team answered, and how."""
    return await people.answered(view, prepared, query)


@report("/user/customers-helped", "User or Team Customers Helped", examples.series(customers=27), of_user=True)
async def user_customers_helped(view: Snapshot, query: UserSeriesQuery, prepared: Asked) -> CustomersSeries:
    """How many customers got a reply of theirs."""
    found = await _points(
        view, prepared, "customers_helped", lambda at, it: CustomersPoint(date=at, customers=it), user_id=query.user
    )
    return CustomersSeries(current=found.current, previous=found.previous)


@report("/user/replies", "User or Team Replies", examples.series(replies=14), of_user=True)
async def user_replies(view: Snapshot, query: UserSeriesQuery, prepared: Asked) -> RepliesSeries:
    """How many replies they sent."""
    found = await _points(view, prepared, "total_replies", lambda at, it: RepliesPoint(date=at, replies=it), user_id=query.user)
    return RepliesSeries(current=found.current, previous=found.previous)


@report("/user/resolutions", "User or Team Resolutions", examples.series(resolved=9), of_user=True)
async def user_resolutions(view: Snapshot, query: UserSeriesQuery, prepared: Asked) -> ResolvedSeries:
    """How many conversations they resolved."""
    found = await _points(view, prepared, "resolved", lambda at, it: ResolvedPoint(date=at, resolved=it), user_id=query.user)
    return ResolvedSeries(current=found.current, previous=found.previous)


@report("/user/drilldown", "User or Team Drilldown", examples.DRILLDOWN, of_user=True)
async def user_drilldown(view: Snapshot, query: UserDrilldownQuery, prepared: Asked) -> Drilldown:
    """The conversations in which they said something."""
    _, theirs = await people.of_person(view, prepared, query.user)
    return await lists.drilldown(view, prepared, theirs, Behind.THEIRS, query)


@report("/user/happiness", "User or Team Happiness", examples.USER_HAPPINESS, of_user=True)
async def user_happiness(view: Snapshot, query: UserHappinessQuery, prepared: Asked) -> UserHappinessReport:
    """What customers thought of their replies."""
    return await people.user_happiness(view, prepared, query.user)


@report("/user/ratings", "User or Team Happiness Drilldown", examples.RATINGS, of_user=True)
async def user_ratings(view: Snapshot, query: UserRatingsQuery, prepared: Asked) -> Ratings:
    """Each rating of a reply of theirs."""
    _, theirs = await people.of_person(view, prepared, query.user)
    return await lists.ratings(view, prepared, theirs, query, USER_RATINGS)


@report("/user/chat", "User or Team Chat Report", examples.USER_CHAT, of_user=True)
async def user_chat(view: Snapshot, query: UserChatQuery, prepared: Asked) -> UserChatReport:
    """How the live chats went that were theirs."""
    return await people.user_chat(view, prepared, query.user)


async def _points(
    view: Snapshot, it: Asked, name: str, make: Callable[[Any, Any], Any], *, user_id: int | None = None
) -> Points:
    if user_id is None:
        here = scope(view.actor, it.filter)
    else:
        _, here = await people.of_person(view, it, user_id)
    return await lists.points(view, it, here, name, make)


async def _times(view: Snapshot, it: Asked, name: str) -> TimeSeries:
    found = await _points(view, it, name, lambda at, value: TimePoint(date=at, time=round(value)))
    return TimeSeries(current=found.current, previous=found.previous)


async def _drilldown(view: Snapshot, it: Asked, behind: Behind | None, query: DrilldownQuery, **of: int | None) -> Drilldown:
    return await lists.drilldown(view, it, scope(view.actor, it.filter), behind, query, **of)


HANDLERS = [each for each in list(vars().values()) if isinstance(each, RouteHandler)]
ROUTERS = [Router("/v2/reports", route_handlers=HANDLERS)]
