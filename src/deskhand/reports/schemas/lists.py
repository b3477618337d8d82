"""Series and lists on the wire (contract 70 §0.1, §6.2, §7.2, §8)."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType

from deskhand.reports.schemas.blocks import Wire


class CustomersPoint(Wire, kw_only=True):
    """How many customers were helped from ``date`` on."""

    date: datetime
    customers: int


class CustomersSeries(Wire, kw_only=True):
    """The points of an interval, and of another to compare with."""

    current: list[CustomersPoint]
    previous: list[CustomersPoint] | UnsetType = UNSET


class RepliesPoint(Wire, kw_only=True):
    """How many replies were sent."""

    date: datetime
    replies: int


class RepliesSeries(Wire, kw_only=True):
    """The points of an interval, and of another to compare with."""

    current: list[RepliesPoint]
    previous: list[RepliesPoint] | UnsetType = UNSET


class ResolvedPoint(Wire, kw_only=True):
    """How many conversations were resolved."""

    date: datetime
    resolved: int


class ResolvedSeries(Wire, kw_only=True):
    """The points of an interval, and of another to compare with."""

    current: list[ResolvedPoint]
    previous: list[ResolvedPoint] | UnsetType = UNSET


class TimePoint(Wire, kw_only=True):
    """A mean time, in seconds."""

    date: datetime
    time: float


class TimeSeries(Wire, kw_only=True):
    """The points of an interval, and of another to compare with."""

    current: list[TimePoint]
    previous: list[TimePoint] | UnsetType = UNSET


class NewPoint(Wire, kw_only=True):
    """How many conversations customers began."""

    start: datetime
    count: int


class NewSeries(Wire, kw_only=True):
    """The points of an interval, and of another to compare with."""

    current: list[NewPoint]
    previous: list[NewPoint] | UnsetType = UNSET


class MessagesPoint(Wire, kw_only=True):
    """How many messages came from customers, twice under two names."""

    date: datetime
    messages: int
    start: datetime
    count: int


class MessagesSeries(Wire, kw_only=True):
    """The points of an interval, and of another to compare with."""

    current: list[MessagesPoint]
    previous: list[MessagesPoint] | UnsetType = UNSET


class ChannelPoint(Wire, kw_only=True):
    """How many conversations there were, by how they began."""

    date: datetime
    chat: int
    email: int
    phone: int


class ChannelSeries(Wire, kw_only=True):
    """The points of an interval, and of another to compare with."""

    current: list[ChannelPoint]
    previous: list[ChannelPoint] | UnsetType = UNSET


class ShownTag(Wire, kw_only=True):
    """A tag of a conversation."""

    id: int
    name: str
    color: str


class ShownConversation(Struct, kw_only=True, rename="camel"):
    """A conversation as it is today; some of its names are lower case throughout. Without an owner ``assignedid`` is 0."""

    id: int
    number: int
    type: str
    mailboxid: int
    attachments: bool
    subject: str
    status: str
    thread_count: int
    preview: str
    customer_name: str
    customer_email: str
    customer_ids: list[int]
    modified_at: datetime
    assignedid: int
    tags: list[ShownTag]
    assigned_name: str | UnsetType = UNSET
    waiting_since: datetime
    waiting_since_type: int


class ShownPage(Wire, kw_only=True):
    """A page of conversations."""

    results: list[ShownConversation]
    page: int
    count: int
    pages: int


class Drilldown(Wire, kw_only=True):
    """The conversations behind a number."""

    conversations: ShownPage


class HistoryCustomer(Wire, kw_only=True):
    """The customer of a conversation."""

    id: int
    name: str


class HistoryItem(Wire, kw_only=True):
    """A conversation, and what the user did there; times in seconds, null where there is none."""

    id: int
    number: int
    status: str
    customers: list[HistoryCustomer]
    avg_handle_time: int
    first_response_time: int | None
    replies_sent: int
    response_time: int | None
    resolve_time: int | None


class History(Wire, kw_only=True):
    """A page of what a user answered."""

    results: list[HistoryItem]
    page: int
    count: int
    pages: int


class RatingItem(Struct, kw_only=True, rename="camel"):
    """A rating: ``id`` and ``number`` are the conversation's, ``ratingId`` is the level: 1 great, 2 okay, 3 not good."""

    number: int
    threadid: int
    thread_created_at: datetime
    id: int
    type: str
    rating_id: int
    rating_customer_id: int
    rating_comments: str | UnsetType = UNSET
    rating_created_at: datetime
    rating_customer_name: str
    rating_user_id: int
    rating_user_name: str


class Ratings(Wire, kw_only=True):
    """A page of ratings."""

    results: list[RatingItem]
    page: int
    count: int
    pages: int
