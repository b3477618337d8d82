"""The vocabulary of live chats. Their ids are UUIDs, in lower case."""

from __future__ import annotations

import re
from enum import StrEnum

from deskhand.kernel.events import Event

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOST_EVENTS = 1000
MOST_CHARACTERS = 10_000


class ChatEventType(StrEnum):
    """What happened in a chat."""

    LINE_ITEM = "line-item"
    MESSAGE = "message"


class ChatAction(StrEnum):
    """What exactly happened."""

    ASSIGNED = "chat-assigned"
    ENDED = "chat-ended"
    MESSAGE_ADDED = "message-added"
    STARTED = "chat-started"


class ChatStarted(Event, frozen=True):
    """A customer waits in a chat."""

    chat_id: str


class ChatAssigned(Event, frozen=True):
    """Somebody took a chat."""

    chat_id: str
    user_id: int


class ChatMessageAdded(Event, frozen=True):
    """Something was said in a chat, by the customer or by who took it."""

    chat_id: str
    event_id: str
    by_customer: bool


class ChatEnded(Event, frozen=True):
    """A chat is over; without a word in it there is no conversation."""

    chat_id: str
    conversation_id: int | None


def uuid_of(text: str) -> str | None:
    """A UUID as it is kept, or None for what is none."""
    plain = text.lower()
    return plain if UUID.fullmatch(plain) else None
