"""How people are shown: a name, two letters, and a colour that stays theirs."""

from __future__ import annotations

from msgspec import Struct

HUES = 6


class Face(Struct, frozen=True):
    """A person or a team beside something; ``hue`` is 1 to 6."""

    id: int
    name: str
    first: str
    initials: str
    hue: int


class Here(Struct, frozen=True):
    """Somebody who is at a conversation, or writes in it."""

    face: Face
    writes: bool


def face(id_: int, first: str | None, last: str | None, email: str | None = None) -> Face:
    """Of whom no name is known the address is shown."""
    name = f"{first or ''} {last or ''}".strip() or email or "?"
    letters = (first or name)[:1] + (last or "")[:1]
    return Face(id_, name, first or name, letters.upper(), id_ % HUES + 1)
