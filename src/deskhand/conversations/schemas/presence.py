"""Who is at a conversation, as the wire has it. Ours: the vendor shows it in its web application only."""

from __future__ import annotations

from msgspec import Struct

from deskhand.conversations.queries.presence import Viewer

EXAMPLE = {"viewers": [{"userId": 502, "firstName": "Ines", "lastName": "Okafor", "writing": True}]}
INPUT_EXAMPLE = {"writing": True}


class PresenceInput(Struct, frozen=True):
    """Being there: looking, or ``writing``."""

    writing: bool = False


class ViewerBody(Struct, rename="camel"):
    """A user who looks at a conversation, or writes in it."""

    user_id: int
    first_name: str
    last_name: str
    writing: bool


class ViewersBody(Struct):
    """Everybody who is there, by user."""

    viewers: list[ViewerBody]


def viewers_body(found: list[Viewer]) -> ViewersBody:
    """Records as the resource."""
    return ViewersBody([ViewerBody(each.user_id, each.first_name, each.last_name, each.writes) for each in found])
