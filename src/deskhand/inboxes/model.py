"""The vocabulary of inboxes: custom fields and what their values may be, saved replies, routing, facts."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from msgspec import Struct

from deskhand.kernel.events import Event

NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
AFTER_REPLY = ("active", "pending", "closed")
FIELD_TYPES = ("dropdown", "singleline", "multiline", "number", "date")
LONGEST_FIELD_NAME = 255
LONGEST_INBOX_NAME = 100
MOST_FIELDS = 200
MOST_OPTIONS = 1000
SHORT_CHARACTERS = 255
LONG_CHARACTERS = 15_000
SAVED_REPLY_CHARACTERS = 100_000
SAVED_REPLY_PREVIEW = 150
MOST_SAVED_REPLIES = 1000  # their list has no pages (contract 61 §1)


class FieldOption(Struct, frozen=True):
    """A choice of a dropdown; ``position`` counts from 1."""

    id: int
    position: int
    label: str


class CustomField(Struct, frozen=True):
    """A custom field of an inbox; ``options`` only for a dropdown."""

    id: int
    inbox_id: int
    name: str
    type: str
    position: int
    required: bool
    options: list[FieldOption]


class RoutingMethod(StrEnum):
    """Who gets the next conversation: the next in turn, or who has the fewest."""

    ROUND_ROBIN = "round_robin"
    BALANCED = "balanced"


class PassedOver(StrEnum):
    """Why somebody gets no conversations."""

    AT_CAPACITY = "at_capacity"
    AWAY = "away"
    NOT_IN_ROTATION = "not_in_rotation"


class Place(Struct, frozen=True):
    """Somebody who works in an inbox, as its routing sees them; ``conversations`` are those that wait for them there."""

    user_id: int
    conversations: int
    reason: PassedOver | None = None


class InboxCreated(Event, frozen=True):
    """There is a new inbox."""

    inbox_id: int


class InboxUpdated(Event, frozen=True):
    """An inbox is called otherwise, has another address, or treats answered conversations in another way."""

    inbox_id: int


class InboxAccessGranted(Event, frozen=True):
    """A user or team works in an inbox now."""

    inbox_id: int
    user_id: int


class InboxAccessRevoked(Event, frozen=True):
    """A user or team no longer works in an inbox."""

    inbox_id: int
    user_id: int


class CustomFieldCreated(Event, frozen=True):
    """An inbox has another custom field."""

    inbox_id: int
    field_id: int


class CustomFieldUpdated(Event, frozen=True):
    """A custom field is called otherwise, or stands elsewhere; the choices in ``removed`` are no more."""

    inbox_id: int
    field_id: int
    removed: tuple[int, ...]


class CustomFieldDeleted(Event, frozen=True):
    """An inbox has a custom field no more."""

    inbox_id: int
    field_id: int


class RoutingChanged(Event, frozen=True):
    """An inbox shares out its conversations in another way."""

    inbox_id: int


class OfficeHoursChanged(Event, frozen=True):
    """An inbox is at work at other times; without an inbox the account is."""

    inbox_id: int | None


class SavedReplyCreated(Event, frozen=True):
    """An inbox has another saved reply."""

    inbox_id: int
    saved_reply_id: int


class SavedReplyUpdated(Event, frozen=True):
    """A saved reply says something else."""

    inbox_id: int
    saved_reply_id: int


class SavedReplyDeleted(Event, frozen=True):
    """A saved reply is no longer offered; its name stays for reports."""

    inbox_id: int
    saved_reply_id: int


def passed_over(count: int, limit: int, *, in_rotation: bool, present: bool) -> PassedOver | None:
    """Why somebody with so many conversations would get no other, or None (contract 60 §1.3)."""
    if not in_rotation:
        return PassedOver.NOT_IN_ROTATION
    if not present:
        return PassedOver.AWAY
    return PassedOver.AT_CAPACITY if count >= limit else None


def next_owner(places: list[Place], method: RoutingMethod, last: int | None) -> int | None:
    """Who gets the next conversation, or None when all are passed over. ``places`` in the order of the rotation; ``last``
    got the one before. Among those with equally few it is the next in turn, too."""
    ids = [each.user_id for each in places]
    turn = ids.index(last) + 1 if last in ids else 0
    eligible = [each for each in places[turn:] + places[:turn] if each.reason is None]
    if method is RoutingMethod.BALANCED:
        eligible.sort(key=lambda each: each.conversations)
    return eligible[0].user_id if eligible else None


def value_mistake(field: CustomField, value: str) -> str | None:
    """What is wrong with a field's value, or None (contract 10 §9)."""
    if field.type == "multiline":
        return None if len(value) <= LONG_CHARACTERS else f"size must be between 0 and {LONG_CHARACTERS}"
    if len(value) > SHORT_CHARACTERS:
        return f"size must be between 0 and {SHORT_CHARACTERS}"
    if field.type == "number" and not NUMBER.fullmatch(value):
        return "must be a number"
    if field.type == "date" and not _is_date(value):
        return "must be a date with the format yyyy-MM-dd"
    if field.type == "dropdown" and value not in {str(option.id) for option in field.options}:
        return "must be the id of an option of this field"
    return None


def _is_date(value: str) -> bool:
    if len(value) != 10:
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
