"""Person references (contract 00 §13)."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field


class Person(Struct, kw_only=True, gc=False):
    """A user, team or customer beside something. ``type`` is absent on a thread's customer."""

    id: int
    type: str | UnsetType = UNSET
    first: str
    last: str
    photo_url: str | UnsetType = field(default=UNSET, name="photoUrl")
    email: str | UnsetType = UNSET


def person(
    id_: int, type_: str | UnsetType, first: str | None, last: str | None, email: str | None, photo: str | None
) -> Person:
    """A reference; what is not known is left out."""
    return Person(id=id_, type=type_, first=first or "", last=last or "", photo_url=photo or UNSET, email=email or UNSET)
