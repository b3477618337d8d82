"""What was done, told once by the page that an act leads to, and by no other: a cookie carries it, with the act that takes it
back, under a name that the address of that page has."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping

import msgspec
from msgspec import Struct

Header = tuple[bytes, bytes]

TOLD = "told"
COOKIE = "deskhand_told_"
NAME = re.compile(r"[\w-]{8}", re.ASCII)
NAME_BYTES = 6
TOLD_SECONDS = 30
MOST_TOLD = 300
MOST_COOKIE = 3900
IN_PLACE = re.compile(r"/(?:conversation/[0-9]+(?:/[0-9]+)?|inboxes/[0-9]+(?:/folders/[0-9]+)?|all/[a-z]+|views/[0-9]+)")
"""The pages that a script of ours puts in place of one another (visits.js)."""
UNDOES = re.compile(
    r"/conversation/[1-9][0-9]{0,18}/(?:assignee|customer|fields|follow|move|restore|seen|send-now|snooze|status|subject|tags|unfollow|unmerge|unsend|wake)|/views(?:/[1-9][0-9]{0,18}/(?:change|delete)|/order)?"
    r"|/conversation/[1-9][0-9]{0,18}/threads/[1-9][0-9]{0,18}/(?:edit|hide|schedule|unschedule)|/conversations/bulk/undo|/customers/[1-9][0-9]{0,18}(?:/contact|/entries(?:/remove)?|/pictures)?"
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
    """What was done, and how it is undone; ``seconds`` is how long that can be, 0 for as long as it is shown. ``now`` does at
    once what waits meanwhile."""

    words: str
    undo: Undo | None = None
    is_trouble: bool = False
    seconds: int = 0
    now: Undo | None = None


def telling(to: str, told: Told) -> tuple[str, Header]:
    """The address of a page that tells what was done, and the cookie that carries it there. Unlike a link, nobody else can
    write that; and it goes with the first look, so that neither another tab nor reloading tells it again."""
    name = secrets.token_urlsafe(NAME_BYTES)
    return named(to, name), _cookie(name, _text(told), TOLD_SECONDS)


def fits(told: Told) -> bool:
    """Whether a cookie can carry it: not a long text that another took the place of."""
    return len(_text(told)) <= MOST_COOKIE


def named(to: str, name: str) -> str:
    """An address of ours with the name of what is told there."""
    address, mark, within = to.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{TOLD}={name}{mark}{within}"


def passed_on(headers: list[Header], name: str) -> list[Header]:
    """Where one page only leads on to another, that tells what was done."""
    return [(key, named(value.decode(), name).encode() if key == b"location" else value) for key, value in headers]


def was_told(name: str) -> Header:
    """The cookie goes."""
    return _cookie(name, "", 0)


def _cookie(name: str, text: str, seconds: int) -> Header:
    return (b"set-cookie", f"{COOKIE}{name}={text}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}".encode())


def _text(told: Told) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(told)).decode().rstrip("=")


def told_by(name: str, cookies: Mapping[str, str]) -> Told | None:
    """What the cookie of such a name says; nothing for one that is none of ours, or would do what no undo of ours does."""
    text = cookies.get(COOKIE + name, "") if NAME.fullmatch(name) else ""
    try:
        told = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Told)
    except (ValueError, msgspec.MsgspecError):
        return None
    if any(each is not None and not UNDOES.fullmatch(each.action) for each in (told.undo, told.now)):
        return None
    return told if told.words else None
