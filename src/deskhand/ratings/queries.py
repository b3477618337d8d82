"""Reading ratings, by id for who works here and by link for who wrote in."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import FromClause, select

from deskhand.conversations.model import ConversationState, Rating, ThreadState
from deskhand.conversations.tables import conversations, threads
from deskhand.customers.tables import customers
from deskhand.inboxes.tables import inboxes
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.ratings.tables import rating_links, ratings
from deskhand.users.tables import users


class Rated(Struct, frozen=True):
    """A rating with the people around it; the user's columns are None together when nobody wrote the reply."""

    id: int
    rating: Rating | None
    comments: str | None
    created_at: datetime
    modified_at: datetime | None
    thread_id: int
    conversation_id: int
    conversation_number: int
    inbox_id: int
    customer_id: int
    customer_first: str | None
    customer_last: str | None
    customer_email: str | None
    customer_photo: str | None
    user_id: int | None
    user_first: str | None
    user_last: str | None
    user_email: str | None


class LastRating(Struct, frozen=True):
    """What a customer thought of a reply, and where that is."""

    rating: Rating
    comments: str | None
    at: datetime
    thread_id: int
    conversation_id: int
    conversation_number: int


class Question(Struct, frozen=True):
    """What a link asks about: a reply, and what was said of it so far. Instants are UTC."""

    conversation_id: int
    thread_id: int
    subject: str
    inbox_name: str
    author: str | None
    sent_at: datetime
    rating: Rating | None
    comments: str | None
    rated_at: datetime | None


_rows: FromClause = (
    ratings.join(threads, threads.c.id == ratings.c.thread_id)
    .join(conversations, conversations.c.id == threads.c.conversation_id)
    .join(customers, customers.c.id == threads.c.customer_id)
    .outerjoin(users, users.c.id == threads.c.created_by_user_id)
)
GET = read(
    select(
        ratings.c.id,
        threads.c.rating,
        threads.c.rating_comments,
        ratings.c.created_at,
        ratings.c.modified_at,
        ratings.c.thread_id,
        threads.c.conversation_id,
        conversations.c.number,
        conversations.c.inbox_id,
        threads.c.customer_id,
        customers.c.first_name,
        customers.c.last_name,
        customers.c.email,
        customers.c.photo_url,
        threads.c.created_by_user_id,
        users.c.first_name,
        users.c.last_name,
        users.c.email,
    )
    .select_from(_rows)
    .where(ratings.c.id == param("rating_id"), conversations.c.state != ConversationState.DELETED.value),
    Rated,
)
_asked: FromClause = (
    rating_links.join(threads, threads.c.id == rating_links.c.thread_id)
    .join(conversations, conversations.c.id == threads.c.conversation_id)
    .join(inboxes, inboxes.c.id == conversations.c.inbox_id)
    .outerjoin(users, users.c.id == threads.c.created_by_user_id)
    .outerjoin(ratings, ratings.c.thread_id == threads.c.id)
)
BY_LINK = read(
    select(
        threads.c.conversation_id,
        threads.c.id,
        conversations.c.subject,
        inboxes.c.name,
        users.c.first_name,
        threads.c.created_at,
        threads.c.rating,
        threads.c.rating_comments,
        ratings.c.created_at,
    )
    .select_from(_asked)
    .where(
        rating_links.c.hash == param("hash"),
        rating_links.c.expires_at > param("now"),
        threads.c.state == ThreadState.PUBLISHED.value,
        conversations.c.state != ConversationState.DELETED.value,
    ),
    Question,
)
LATEST = read(
    select(
        threads.c.rating,
        threads.c.rating_comments,
        threads.c.created_at,
        threads.c.id,
        conversations.c.id,
        conversations.c.number,
    )
    .join_from(threads, conversations, conversations.c.id == threads.c.conversation_id)
    .where(
        threads.c.customer_id == param("customer_id"),
        threads.c.rating.is_not(None),
        conversations.c.state != ConversationState.DELETED.value,
        any_of(conversations.c.inbox_id, "inbox_ids"),
    )
    .order_by(threads.c.created_at.desc(), threads.c.id.desc())
    .limit(1),
    LastRating,
)
OF_THREAD = read(select(ratings.c.id).where(ratings.c.thread_id == param("thread_id")), int)


async def get(view: Snapshot, rating_id: int) -> Rated:
    """A rating in an inbox the actor sees. Raises NotFound."""
    found = await view.first(GET, rating_id=rating_id)
    if found is None or not view.actor.sees_inbox(found.inbox_id):
        raise NotFound("Not found")
    return found


async def by_link(view: Snapshot, link_hash: bytes) -> Question:
    """What a link asks about. Raises NotFound when it is none, or its time is over, or the reply is hidden or gone."""
    return await view.one(BY_LINK, hash=link_hash, now=view.now)


async def latest_of(view: Snapshot, customer_id: int) -> LastRating | None:
    """What a customer thought of the newest reply that they rated, in the inboxes that are open to the actor; ``at`` is when it
    was sent."""
    return await view.first(LATEST, customer_id=customer_id, inbox_ids=list(view.actor.inbox_ids))
