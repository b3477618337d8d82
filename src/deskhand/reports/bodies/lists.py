"""Series and lists: points of an interval, conversations behind a number, ratings (contract 70 §5.2, §6.2, §8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import UNSET, Struct, UnsetType, structs

from deskhand.conversations.model import ConversationType, LatestReply, Rating
from deskhand.conversations.queries.records import ConversationTag
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.bodies.asked import Asked
from deskhand.reports.model.spans import Span
from deskhand.reports.queries import busy, happiness, pages
from deskhand.reports.queries.happiness import LEVELS, Rated, RatingSort
from deskhand.reports.queries.numbers import series
from deskhand.reports.queries.pages import Behind, Shown
from deskhand.reports.queries.scope import Scope, scope
from deskhand.reports.schemas.lists import (
    ChannelPoint,
    Drilldown,
    RatingItem,
    Ratings,
    ShownConversation,
    ShownPage,
    ShownTag,
)
from deskhand.reports.schemas.requests import Direction, DrilldownQuery, RatingsQuery, RatingWanted

P = TypeVar("P", bound=Struct)

MOST_ROWS = 50
WANTED = {RatingWanted.GREAT: Rating.GREAT, RatingWanted.OKAY: Rating.OKAY, RatingWanted.NOT_GOOD: Rating.NOT_GOOD}


class Points(Struct, frozen=True):
    """A series of two intervals."""

    current: list[Any]
    previous: list[Any] | UnsetType


async def points(view: Snapshot, it: Asked, here: Scope, name: str, make: Callable[[Any, Any], P]) -> Points:
    """A point for each piece of an interval, made of the instant when it begins and the number."""
    zone = await busy.zone(view)

    async def whole(span: Span) -> list[P]:
        found = await series(view, here, span, it.view_by, zone, name, office=it.office)
        return [make(each.start, value) for each, value in found]

    now, before = await it.both(whole)
    return Points(now, UNSET if before is None else before)


async def channels(view: Snapshot, it: Asked) -> Points:
    """How many conversations there were in each piece, by how they began."""
    zone, wanted = await busy.zone(view), it.filter.types

    async def whole(span: Span) -> list[ChannelPoint]:
        found: dict[Any, dict[str, int]] = {}
        for each in ConversationType:
            asks = wanted is None or each in wanted
            here = scope(view.actor, structs.replace(it.filter, types=[each] if asks else []))
            for piece, value in await series(view, here, span, it.view_by, zone, "total_conversations"):
                found.setdefault(piece.start, {})[each.value] = value
        return [ChannelPoint(date=start, **numbers) for start, numbers in found.items()]

    now, before = await it.both(whole)
    return Points(now, UNSET if before is None else before)


async def drilldown(
    view: Snapshot, it: Asked, here: Scope, behind: Behind | None, query: DrilldownQuery, **of: int | None
) -> Drilldown:
    """The conversations behind a number; None is behind what nothing is behind."""
    rows = min(query.rows, MOST_ROWS)
    if behind is None:
        return Drilldown(conversations=ShownPage(results=[], page=query.page, count=0, pages=0))
    found = await pages.page(view, here, it.span, behind, query.page, rows, **of)
    shown = [_shown(each, found.tags.get(each.id, [])) for each in found.conversations]
    return Drilldown(conversations=ShownPage(results=shown, page=query.page, count=found.total, pages=-(-found.total // rows)))


async def ratings(view: Snapshot, it: Asked, here: Scope, query: RatingsQuery, size: int) -> Ratings:
    """A page of the ratings of an interval."""
    found, count = await happiness.page(
        view,
        here,
        it.span,
        rating=WANTED.get(query.rating),
        by=query.sort_field or query.sort_field_ratings or RatingSort.MODIFIED_AT,
        ascending=query.sort_order is Direction.ASCENDING,
        number=query.page,
        size=size,
    )
    return Ratings(results=[_rating(each) for each in found], page=query.page, count=count, pages=-(-count // size))


def _shown(it: Shown, tags: list[ConversationTag]) -> ShownConversation:
    waits_for_user = it.latest_reply_from is LatestReply.CUSTOMER
    return ShownConversation(
        id=it.id,
        number=it.number,
        type=it.type,
        mailboxid=it.inbox_id,
        attachments=it.has_attachments,
        subject=it.subject,
        status=it.status,
        thread_count=it.thread_count,
        preview=it.preview,
        customer_name=_name(it.customer_first, it.customer_last) or it.customer_email or "",
        customer_email=it.customer_email or "",
        customer_ids=[it.customer_id],
        modified_at=it.modified_at.replace(microsecond=0),
        assignedid=it.assignee_id or 0,
        tags=[ShownTag(id=each.id, name=each.name, color=each.color) for each in tags],
        assigned_name=UNSET if it.assignee_id is None else _name(it.assignee_first, it.assignee_last),
        waiting_since=it.waiting_since,
        waiting_since_type=1 if waits_for_user else 2,
    )


def _rating(it: Rated) -> RatingItem:
    return RatingItem(
        number=it.number,
        threadid=it.thread_id,
        thread_created_at=it.thread_created_at,
        id=it.conversation_id,
        type=it.type,
        rating_id=LEVELS.get(it.rating, 0) if it.rating else 0,
        rating_customer_id=it.customer_id,
        rating_comments=it.comments or UNSET,
        rating_created_at=it.created_at,
        rating_customer_name=_name(it.customer_first, it.customer_last),
        rating_user_id=it.user_id or 0,
        rating_user_name=_name(it.user_first, it.user_last),
    )


def _name(first: str | None, last: str | None) -> str:
    return " ".join(filter(None, (first, last)))
