"""What was done, told once by the page that an act leads to: a cookie carries it, with the act that takes it back."""

from __future__ import annotations

import base64
import re

import msgspec
from msgspec import Struct

TOLD = "deskhand_told"
TOLD_SECONDS = 30
MOST_TOLD = 300
MOST_COOKIE = 3900
UNDOES = re.compile(
    r"/conversation/[1-9][0-9]{0,18}/(?:assignee|customer|fields|follow|move|restore|seen|snooze|status|subject|tags|unfollow|unmerge|unsend|wake)|/views(?:/[1-9][0-9]{0,18}/delete)?"
    r"|/conversation/[1-9][0-9]{0,18}/threads/[1-9][0-9]{0,18}/(?:edit|hide|schedule|unschedule)|/conversations/bulk/undo|/customers/[1-9][0-9]{0,18}(?:/entries(?:/remove)?|/pictures)?"
    r"|/settings/webhooks/[1-9][0-9]{0,18}/(?:delete|disable|enable)"
    r"|/mail/held/[1-9][0-9]{0,18}/restore"
    r"|/settings/workflows/[1-9][0-9]{0,18}/(?:delete|move|restore|revert|switch)"
    r"|/settings/inboxes/[1-9][0-9]{0,18}/(?:aliases|hours|saved-replies/[1-9][0-9]{0,18}/restore)|/settings/account"
)
"""What an undo may do."""


class Undo(Struct, frozen=True):
    """The act that takes an act back: a form of ours."""

    action: str
    fields: dict[str, str]


class Told(Struct, frozen=True):
    """What was done, and how it is undone; ``seconds`` is how long that can be, 0 for as long as it is shown."""

    words: str
    undo: Undo | None = None
    is_trouble: bool = False
    seconds: int = 0


def telling(told: Told | None) -> tuple[bytes, bytes]:
    """The cookie that carries what was done to the next page, or that it was told. Unlike a link, nobody else can write it."""
    text = "" if told is None else _text(told)
    if told is not None and len(text) > MOST_COOKIE:  # what took the place of a long text cannot be undone by a cookie
        text = _text(msgspec.structs.replace(told, undo=None))
    seconds = 0 if told is None else TOLD_SECONDS
    return (b"set-cookie", f"{TOLD}={text}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}".encode())


def _text(told: Told) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(told)).decode().rstrip("=")


def told_by(text: str) -> Told | None:
    """What such a cookie says; nothing for one that is none of ours, or would do what no undo of ours does."""
    try:
        told = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Told)
    except (ValueError, msgspec.MsgspecError):
        return None
    if told.undo is not None and not UNDOES.fullmatch(told.undo.action):
        return None
    return told if told.words else None
