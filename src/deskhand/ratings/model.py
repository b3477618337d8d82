"""The vocabulary of ratings (contract 61 §3). The words themselves stand with the replies, in conversations."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskhand.conversations.model import Rating
from deskhand.kernel.events import Event

MOST_CHARACTERS = 2000


class RatingReceived(Event, frozen=True):
    """A customer said for the first time what they think of a reply."""

    rating_id: int
    conversation_id: int
    thread_id: int
    rating: Rating


class RatingChanged(Event, frozen=True):
    """A customer thinks otherwise by now, or said more."""

    rating_id: int
    conversation_id: int
    thread_id: int
    rating: Rating


def changes_until(rated_at: datetime, hours: int) -> datetime:
    """Until when (UTC) a rating may be changed."""
    return rated_at + timedelta(hours=hours)
