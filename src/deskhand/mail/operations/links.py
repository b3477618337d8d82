"""Addresses on our own pages that mail carries: nobody can make one up, and each says all there is to know.

``/mail/…/{token}``; a token has an HMAC-SHA-256 under the account's key, so nothing has to be kept of it.
"""

from __future__ import annotations

import base64
from binascii import Error
from datetime import UTC, datetime, timedelta

from deskhand.kernel.sealing import seal_of
from deskhand.settings import Settings

FILES_LAST = timedelta(days=30)
PICTURE_BYTES = 10


def pages(settings: Settings) -> str:
    """The outside origin of pages for customers, or nothing where it was never set: then mail carries no links of ours."""
    return settings.web_origin or settings.origin


def picture(settings: Settings, conversation_id: int, thread_id: int) -> str:
    """The address of the picture that tells when a reply is opened."""
    return f"{pages(settings)}/mail/open/{_token(settings, 'open', f'{conversation_id}.{thread_id}', PICTURE_BYTES)}.gif"


def file(settings: Settings, conversation_id: int, attachment_id: int, now: datetime) -> str:
    """The address of a file that is fetched instead of sent; it works for thirty days."""
    until = int((now + FILES_LAST).timestamp())
    return f"{pages(settings)}/mail/files/{_token(settings, 'file', f'{conversation_id}.{attachment_id}.{until}')}"


def unsubscribe(settings: Settings, user_id: int) -> str:
    """Where an agent ends notifications by mail, also with one click (RFC 8058)."""
    return f"{pages(settings)}/mail/unsubscribe/{_token(settings, 'unsubscribe', str(user_id))}"


def remote(settings: Settings, url: str) -> str:
    """The address on our pages of a picture that lies elsewhere: who looks at it is not told to whoever it belongs to."""
    mark = seal_of(settings).mark(url, "mail-remote")
    return f"/mail/remote/{_base64(mark)}.{_base64(url.encode())}"


def read_remote(settings: Settings, token: str) -> str | None:
    """Where the picture lies, or None: we fetch nothing that we did not write ourselves."""
    mark, _, url = token.partition(".")
    try:
        address = base64.urlsafe_b64decode(url + "=" * (-len(url) % 4)).decode()
        given = base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4))
    except (Error, ValueError):
        return None
    return address if len(given) == 32 and seal_of(settings).marked(address, "mail-remote", given) else None


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def read_picture(settings: Settings, token: str) -> tuple[int, int] | None:
    """The conversation and the reply, or None for a token that is none of ours."""
    numbers = _read(settings, "open", token, 2)
    return (numbers[0], numbers[1]) if numbers else None


def read_file(settings: Settings, token: str, now: datetime) -> tuple[int, int] | None:
    """The conversation and the attachment, or None: not ours, or too old."""
    numbers = _read(settings, "file", token, 3)
    return (numbers[0], numbers[1]) if numbers and datetime.fromtimestamp(numbers[2], UTC) > now else None


def read_unsubscribe(settings: Settings, token: str) -> int | None:
    """The user, or None."""
    numbers = _read(settings, "unsubscribe", token, 1)
    return numbers[0] if numbers else None


def _token(settings: Settings, about: str, name: str, size: int | None = None) -> str:
    mark = seal_of(settings).mark(name, f"mail-{about}")[:size]
    return f"{name}.{base64.b32encode(mark).decode().rstrip('=').lower()}"


def _read(settings: Settings, about: str, token: str, count: int) -> list[int] | None:
    name, _, written = token.rpartition(".")
    numbers = name.split(".")
    if len(numbers) != count or not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in numbers):
        return None
    try:
        mark = base64.b32decode(written.upper() + "=" * (-len(written) % 8))
    except (Error, ValueError):
        return None
    if len(mark) < PICTURE_BYTES or (about != "open" and len(mark) < 32):
        return None
    return [int(each) for each in numbers] if seal_of(settings).marked(name, f"mail-{about}", mark) else None
