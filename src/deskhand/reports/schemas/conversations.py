"""The report on conversations (contract 70 §2)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from deskhand.reports.schemas.blocks import Dates, FilterTag, Wire


class ConversationNumbers(Dates, kw_only=True):
    """Conversations in an interval; a day's mean is rounded down."""

    total_conversations: int
    conversations_created: int
    new_conversations: int
    customers: int
    conversations_per_day: int


class ConversationDeltas(Wire, kw_only=True):
    """Changes in percent."""

    new_conversations: float
    total_conversations: float
    customers: float
    conversations_created: float
    conversations_per_day: float


class BusyHour(Wire, kw_only=True):
    """A weekday, 1 is Monday, and an hour, in the company's time zone."""

    day: int
    hour: int
    count: int


class TopItem(Wire, kw_only=True):
    """Something frequent, and its share of all conversations; the entry for no tag has no name."""

    name: str | UnsetType = UNSET
    id: int
    count: int
    previous_count: int | UnsetType = UNSET
    percent: float
    previous_percent: float | UnsetType = UNSET
    delta_percent: float | UnsetType = UNSET


class TopReply(TopItem, kw_only=True):
    """A saved reply, with its inbox."""

    mailbox_id: int


class Top(Wire, kw_only=True):
    """How many conversations have any, and the most frequent."""

    count: int
    top: list[TopItem]


class TopReplies(Wire, kw_only=True):
    """The same of saved replies."""

    count: int
    top: list[TopReply]


class FieldValue(Wire, kw_only=True):
    """A choice, and its share of the conversations of the inbox."""

    name: str
    id: int
    count: int
    percent: float


class FieldSummary(Wire, kw_only=True):
    """How many conversations have a value; what was before is null without an interval to compare with."""

    total: int
    total_answered: int
    previous_total: int | None
    previous_total_answered: int | None
    unanswered_delta: float
    unanswered_previous_percent: float
    unanswered_percent: float


class FieldReport(Wire, kw_only=True):
    """A dropdown."""

    id: int
    name: str
    mailbox_id: int
    values: list[FieldValue]
    summary: FieldSummary


class FieldReports(Wire, kw_only=True):
    """The dropdowns."""

    count: int
    fields: list[FieldReport]


class ConversationsReport(Wire, kw_only=True):
    """The report on conversations."""

    filter_tags: list[FilterTag]
    busiest_day: BusyHour | None
    busy_time_start: int | None
    busy_time_end: int | None
    current: ConversationNumbers
    previous: ConversationNumbers | UnsetType = UNSET
    deltas: ConversationDeltas | UnsetType = UNSET
    tags: Top
    customers: Top
    replies: TopReplies
    workflows: Top
    custom_fields: FieldReports
