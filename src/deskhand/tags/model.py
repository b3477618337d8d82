"""The vocabulary of tags."""

from __future__ import annotations

from deskhand.kernel.events import Event

LONGEST = 60


class TagCreated(Event, frozen=True):
    """A tag was used for the first time."""

    tag_id: int


def slug_of(name: str) -> str:
    """A tag's name for URLs: words with dashes between."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split()) or "tag"


def count_name(tag_id: int) -> str:
    """The kept count of the conversations that carry a tag."""
    return f"tag:{tag_id}"
