"""The vocabulary of tags."""

from __future__ import annotations

from deskhand.kernel.events import Event

LONGEST = 60
COLORS = ("none", "grey", "blue", "green", "yellow", "orange", "red", "purple", "brown", "black")


class TagCreated(Event, frozen=True):
    """A tag was used for the first time."""

    tag_id: int


class TagUpdated(Event, frozen=True):
    """A tag is called otherwise, or has another colour."""

    tag_id: int


class TagDeleted(Event, frozen=True):
    """A tag is no more: taken off every conversation, or with ``into`` one with another."""

    tag_id: int
    into: int | None = None


def slug_of(name: str) -> str:
    """A tag's name for URLs: words with dashes between."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split()) or "tag"


def count_name(tag_id: int) -> str:
    """The kept count of the conversations that carry a tag."""
    return f"tag:{tag_id}"
