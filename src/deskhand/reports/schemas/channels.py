"""The reports on mail, chats and calls (contract 70 §4)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from deskhand.reports.schemas.blocks import (
    Breakdown,
    Breakdowns,
    Dates,
    FilterTag,
    ResolutionDeltas,
    Resolutions,
    ResponseDeltas,
    Responses,
    Wire,
)


class EmailVolume(Wire, kw_only=True):
    """How much mail there was."""

    email_conversations: int
    emails_created: int
    replies_sent: int
    messages_received: int


class EmailVolumeDeltas(Wire, kw_only=True):
    """Changes in percent."""

    email_conversations: float
    emails_created: float
    replies_sent: float
    messages_received: float


class EmailNumbers(Dates, kw_only=True):
    """Mail in an interval."""

    volume: EmailVolume
    resolutions: Resolutions
    responses: Responses


class EmailDeltas(Wire, kw_only=True):
    """Changes, by group."""

    volume: EmailVolumeDeltas
    resolutions: ResolutionDeltas
    responses: ResponseDeltas


class EmailReport(Breakdowns, kw_only=True):
    """The report on mail."""

    filter_tags: list[FilterTag]
    current: EmailNumbers
    previous: EmailNumbers | UnsetType = UNSET
    deltas: EmailDeltas | UnsetType = UNSET


class ChatVolume(Wire, kw_only=True):
    """How many chats there were."""

    chat_conversations: int
    completed_chats: int
    missed_chats: int
    chats_per_day: float


class ChatVolumeDeltas(Wire, kw_only=True):
    """Changes in percent."""

    chat_conversations: float
    completed_chats: float
    missed_chats: float
    chats_per_day: float


class ChatResponses(Wire, kw_only=True):
    """How long customers waited, in seconds."""

    wait_time: int | None
    response_time: int | None


class ChatResponseDeltas(Wire, kw_only=True):
    """Changes in percent."""

    wait_time: float
    response_time: float


class ChatResolutions(Wire, kw_only=True):
    """How much was said, and how long it took in seconds."""

    messages_per_chat: float
    duration: int | None


class ChatResolutionDeltas(Wire, kw_only=True):
    """Changes in percent."""

    messages_per_chat: float
    duration: float


class ChatNumbers(Dates, kw_only=True):
    """Chats in an interval."""

    volume: ChatVolume
    responses: ChatResponses
    resolutions: ChatResolutions


class ChatDeltas(Wire, kw_only=True):
    """Changes, by group."""

    volume: ChatVolumeDeltas
    responses: ChatResponseDeltas
    resolutions: ChatResolutionDeltas


class ChatReport(Wire, kw_only=True):
    """The report on chats."""

    filter_tags: list[FilterTag]
    current: ChatNumbers
    previous: ChatNumbers | UnsetType = UNSET
    deltas: ChatDeltas | UnsetType = UNSET
    wait_time: Breakdown
    response_time: Breakdown
    messages_per_chat: Breakdown
    duration: Breakdown


class PhoneNumbers(Dates, kw_only=True):
    """Calls in an interval."""

    phone_conversations: int
    phone_calls_created: int
    customers: int


class PhoneDeltas(Wire, kw_only=True):
    """Changes in percent."""

    phone_conversations: float
    phone_calls_created: float
    customers: float


class PhoneUser(Wire, kw_only=True):
    """The calls of a user."""

    id: int
    name: str
    current: PhoneNumbers
    previous: PhoneNumbers | UnsetType = UNSET


class PhoneReport(Wire, kw_only=True):
    """The report on calls."""

    current: PhoneNumbers
    previous: PhoneNumbers | UnsetType = UNSET
    deltas: PhoneDeltas | UnsetType = UNSET
    users: list[PhoneUser]
