"""How people are shown: a name, a photo or else two letters, and a colour that stays theirs."""

from __future__ import annotations

from msgspec import Struct

from deskhand.users.queries import User

HUES = 6


class Face(Struct, frozen=True):
    """A person or a team beside something; ``hue`` is 1 to 6, ``photo`` the key of a picture. ``is_away``: they take nothing
    now, where that is of interest."""

    id: int
    name: str
    first: str
    initials: str
    hue: int
    photo: str = ""
    is_away: bool = False


class Here(Struct, frozen=True):
    """Somebody who is at a conversation, or writes in it."""

    face: Face
    writes: bool


def face(id_: int, first: str | None, last: str | None, email: str | None = None, *, photo: str | None = None) -> Face:
    """Of whom no name is known the address is shown."""
    name = f"{first or ''} {last or ''}".strip() or email or "?"
    letters = (first or name)[:1] + (last or "")[:1]
    return Face(id_, name, first or name, letters.upper(), id_ % HUES + 1, photo or "")


def face_of(it: User, *, is_away: bool = False) -> Face:
    """A user or a team."""
    found = face(it.id, it.first_name, it.last_name, it.email, photo=it.photo)
    return Face(found.id, found.name, found.first, found.initials, found.hue, found.photo, is_away)
