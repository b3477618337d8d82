"""The reports on a user or team (contract 70 §7)."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, UnsetType

from deskhand.reports.schemas.account import HappinessReport
from deskhand.reports.schemas.blocks import Dates, FilterTag, Wire


class UserHappinessReport(HappinessReport, kw_only=True):
    """The same of a user's or team's replies."""

    filter_tags: list[FilterTag]


class UserShown(Wire, kw_only=True):
    """Who the report is about."""

    id: int
    name: str
    photo_url: str | UnsetType = UNSET
    has_photo: bool
    created_at: datetime
    total_customers_helped: int


class UserNumbers(Dates, kw_only=True):
    """What a user or team did in an interval; times in seconds."""

    total_days: int
    resolved: int
    conversations_created: int
    closed: int
    total_replies: int
    resolved_on_first_reply: int
    percent_resolved_on_first_reply: float
    replies_to_resolve: float
    handle_time: float
    happiness_score: float
    response_time: int | None
    resolution_time: float | None
    replies_per_day: float
    customers_helped: int
    total_conversations: int
    conversations_per_day: float
    busiest_day: int | None | UnsetType = UNSET


class UserDeltas(Wire, kw_only=True):
    """Changes in percent, of the score in points."""

    total_conversations: float
    customers_helped: float
    happiness_score: float
    replies_per_day: float
    resolved_on_first_reply: float
    handle_time: float
    conversations_per_day: float
    resolved: float
    replies_to_resolve: float
    active_conversations: float
    total_replies: float
    closed: float
    response_time: float
    resolution_time: float
    conversations_created: float


class UserReport(Wire, kw_only=True):
    """The report on a user or team."""

    filter_tags: list[FilterTag]
    user: UserShown
    current: UserNumbers
    previous: UserNumbers | UnsetType = UNSET
    deltas: UserDeltas | UnsetType = UNSET


class UserChatNumbers(Dates, kw_only=True):
    """A user's chats in an interval; times in seconds."""

    total_days: int
    new_conversations: int
    messages_per_chat: float
    response_time: int | None
    wait_time: int | None
    duration: int | None


class UserChatDeltas(Wire, kw_only=True):
    """Changes in percent."""

    new_conversations: float
    messages_per_chat: float
    response_time: float
    wait_time: float
    duration: float


class UserChatReport(Wire, kw_only=True):
    """The report on a user's chats."""

    current: UserChatNumbers
    previous: UserChatNumbers | UnsetType = UNSET
    deltas: UserChatDeltas | UnsetType = UNSET
