"""The vocabulary of inboxes: custom fields and what their values may be, facts."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

from deskhand.kernel.events import Event

NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
SHORT_CHARACTERS = 255
LONG_CHARACTERS = 15_000


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


class InboxCreated(Event, frozen=True):
    """There is a new inbox."""

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
