"""What settings there are, and who may see which: the navigation of every page of settings."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from deskhand.kernel.http.answers import Answer
from deskhand.kernel.permissions import Actor, Permission
from deskhand.ui.door import Visit

MANAGE = Permission.MANAGE_ACCOUNT


class Place(Struct, frozen=True):
    """A page of settings; ``key`` names it, ``needs`` is the right to see it, if one is needed."""

    key: str
    name: str
    about: str
    icon: str
    href: str
    needs: Permission | None = MANAGE


GROUPS: list[tuple[str, list[Place]]] = [
    ("Desk", []),
    ("Connections", []),
    ("Watch", []),
]
"""In their order. A new page of settings is a line here."""


def groups(actor: Actor) -> list[tuple[str, list[Place]]]:
    """What somebody may see, without what is empty then."""
    seen = [(title, [each for each in several if each.needs is None or actor.may(each.needs)]) for title, several in GROUPS]
    return [(title, several) for title, several in seen if several]


def show(visit: Visit, template: str, at: str, *, status: int = 200, **values: Any) -> Answer:
    """A page of settings: ``at`` is the key of the place in the navigation."""
    return visit.page(template, status=status, at=at, groups=groups(visit.actor), pane="page", **values)
