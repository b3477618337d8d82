"""The vocabulary of API access (contract 00 §2)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from deskhand.kernel.events import Event

CODE_LIFE = timedelta(minutes=10)
LONGEST_NAME = 100


class ApplicationCreated(Event, frozen=True):
    """Somebody registered an application."""

    application_id: int


class ApplicationDeleted(Event, frozen=True):
    """An application may ask no more; its tokens ended."""

    application_id: int


class TokenGranted(Event, frozen=True):
    """An application got an access token that acts as a user."""

    application_id: int
    user_id: int


class TokensRevoked(Event, frozen=True):
    """A code was used twice, so what it brought was taken back."""

    application_id: int


def is_redirect_url(text: str) -> bool:
    """Whether a browser may be sent there: http or https, a host, no fragment, nothing that splits a header."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and " " not in text
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and "#" not in text
