"""What customers thought: by when they first said so, of conversations as they are today."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import FromClause, Select, case, func, literal, literal_column, select

from deskhand.conversations.model import ConversationType, Rating
from deskhand.conversations.tables import conversations, threads
from deskhand.customers.tables import customers
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.ratings.tables import ratings
from deskhand.reports.model.arithmetic import percent
from deskhand.reports.model.spans import Span
from deskhand.reports.queries.measures import total
from deskhand.reports.queries.scope import Scope, Shape, of_conversations
from deskhand.users.tables import users

LEVELS = {Rating.GREAT: 1, Rating.OKAY: 2, Rating.NOT_GOOD: 3}


class RatingSort(StrEnum):
    """What ratings can be sorted by, in the vendor's spelling."""

    NUMBER = "number"
    MODIFIED_AT = "modifiedAt"
    RATING = "rating"


class Counts(Struct, frozen=True):
    """How many ratings of each kind, and from how many customers."""

    great: int
    okay: int
    not_good: int
    customers: int

    @property
    def all(self) -> int:
        """How many in all."""
        return self.great + self.okay + self.not_good


class OfUser(Struct, frozen=True):
    """How many ratings a user's replies got."""

    user_id: int
    great: int
    not_good: int
    all: int


class Rated(Struct, frozen=True):
    """A rating in the list."""

    number: int
    thread_id: int
    thread_created_at: datetime
    conversation_id: int
    type: ConversationType
    rating: Rating | None
    customer_id: int
    comments: str | None
    created_at: datetime
    customer_first: str | None
    customer_last: str | None
    user_id: int | None
    user_first: str | None
    user_last: str | None


_rows: FromClause = ratings.join(threads, threads.c.id == ratings.c.thread_id).join(
    conversations, conversations.c.id == threads.c.conversation_id
)


def _in_scope(statement: Select[Any], shape: Shape) -> Select[Any]:
    found = statement.where(
        ratings.c.created_at >= param("since"), ratings.c.created_at <= param("until"), *of_conversations(shape)
    )
    return found.where(any_of(threads.c.created_by_user_id, "people")) if "people" in shape else found


def _of(*kinds: Rating) -> Any:
    found = threads.c.rating.in_([literal(each.value) for each in kinds])
    return total(case((found, literal(1)), else_=literal(0)))


@shaped
def _counts(shape: Shape) -> Read[Counts]:
    distinct = func.count(conversations.c.customer_id.distinct()).label("customers")
    columns = [_of(each).label(each.value) for each in (Rating.GREAT, Rating.OKAY, Rating.NOT_GOOD)]
    return read(_in_scope(select(*columns, distinct).select_from(_rows), shape), Counts)


@shaped
def _of_users(shape: Shape) -> Read[OfUser]:
    author = threads.c.created_by_user_id.label("user_id")
    columns = [_of(Rating.GREAT).label("great"), _of(Rating.NOT_GOOD).label("not_good"), _of(*Rating).label("rated")]
    statement = select(author, *columns).select_from(_rows).where(threads.c.created_by_user_id.is_not(None))
    return read(_in_scope(statement, shape).group_by(threads.c.created_by_user_id), OfUser)


_level = case(*((threads.c.rating == word.value, literal_column(str(level))) for word, level in LEVELS.items()), else_=0)
_changed_at = func.coalesce(ratings.c.modified_at, ratings.c.created_at)
ORDERS = {RatingSort.NUMBER: conversations.c.number, RatingSort.MODIFIED_AT: _changed_at, RatingSort.RATING: _level}


@shaped
def _listed(shape: Shape, by: RatingSort, *, ascending: bool, one_kind: bool, counts: bool) -> Read[Any]:
    columns = [
        conversations.c.number,
        threads.c.id,
        threads.c.created_at,
        conversations.c.id,
        conversations.c.type,
        threads.c.rating,
        threads.c.customer_id,
        threads.c.rating_comments,
        ratings.c.created_at,
        customers.c.first_name,
        customers.c.last_name,
        threads.c.created_by_user_id,
        users.c.first_name,
        users.c.last_name,
    ]
    rows = _rows.join(customers, customers.c.id == threads.c.customer_id).outerjoin(
        users, users.c.id == threads.c.created_by_user_id
    )
    statement = _in_scope(select(*([func.count()] if counts else columns)).select_from(rows), shape)
    if one_kind:
        statement = statement.where(threads.c.rating == param("rating"))
    if counts:
        return read(statement, int)
    keys = [ORDERS[by], ratings.c.id]
    ordered = statement.order_by(*(key.asc() if ascending else key.desc() for key in keys))
    return read(ordered.limit(param("most")).offset(param("skip")), Rated)


def _within(span: Span) -> dict[str, datetime]:
    return {"since": span.start, "until": span.until}


async def counts(view: Snapshot, it: Scope, span: Span) -> Counts:
    """The ratings of an interval."""
    (found,) = await view.all_slowly(_counts(it.shape), **_within(span), **it.values)
    return found


async def scores(view: Snapshot, it: Scope, span: Span) -> dict[int, float]:
    """The happiness score of each user who was rated."""
    found = await view.all_slowly(_of_users(it.shape), **_within(span), **it.values)
    return {each.user_id: score(each.great, each.not_good, each.all) for each in found}


def score(great: int, not_good: int, rated: int) -> float:
    """From -100 to 100; 0 without ratings."""
    return percent(great, rated) - percent(not_good, rated)


async def page(
    view: Snapshot, it: Scope, span: Span, *, rating: Rating | None, by: RatingSort, ascending: bool, number: int, size: int
) -> tuple[list[Rated], int]:
    """A page of the ratings of an interval, and how many there are."""
    values: dict[str, Any] = _within(span) | it.values | ({} if rating is None else {"rating": rating})
    flags = {"ascending": ascending, "one_kind": rating is not None}
    (all_,) = await view.all_slowly(_listed(it.shape, by, counts=True, **flags), **values)
    rows = _listed(it.shape, by, counts=False, **flags)
    return await view.all_slowly(rows, **values, most=size, skip=(number - 1) * size), all_
