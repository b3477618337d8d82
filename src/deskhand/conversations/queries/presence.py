"""Who is at a conversation at this moment."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, select

from deskhand.conversations.model import ConversationState
from deskhand.conversations.tables import conversation_viewers, conversations
from deskhand.kernel.permissions import Actor
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.users.tables import users


class Viewer(Struct, frozen=True):
    """A user who looks at a conversation, or writes in it."""

    user_id: int
    first_name: str
    last_name: str
    initials: str | None
    photo: str | None
    writes: bool


class Present(Struct, frozen=True):
    """Somebody at a conversation."""

    conversation_id: int
    user_id: int
    writes: bool


class Seen(Struct, frozen=True):
    """The same, with how they are called."""

    conversation_id: int
    user_id: int
    first_name: str
    last_name: str
    photo: str | None
    writes: bool


_viewer = conversation_viewers.c
EVERYWHERE = read(
    select(_viewer.conversation_id, _viewer.user_id, _viewer.writes)
    .where(_viewer.until > param("now"))
    .order_by(_viewer.conversation_id, _viewer.user_id),
    Present,
)
AT = read(
    select(_viewer.conversation_id, _viewer.user_id, users.c.first_name, users.c.last_name, users.c.photo, _viewer.writes)
    .join_from(conversation_viewers, users, users.c.id == _viewer.user_id)
    .where(_viewer.until > param("now"), any_of(_viewer.conversation_id, "ids"))
    .order_by(_viewer.conversation_id, _viewer.user_id),
    Seen,
)


@shaped
def _who(*, sees_all: bool) -> Read[Viewer]:
    people = (users.c[name] for name in Viewer.__struct_fields__[1:-1])
    statement = (
        select(conversation_viewers.c.user_id, *people, conversation_viewers.c.writes)
        .join_from(conversation_viewers, conversations, conversations.c.id == conversation_viewers.c.conversation_id)
        .join(users, users.c.id == conversation_viewers.c.user_id)
        .where(conversation_viewers.c.until > param("now"), *seen(sees_all=sees_all))
        .order_by(conversation_viewers.c.user_id)
    )
    return read(statement, Viewer)


def seen(*, sees_all: bool) -> list[ColumnElement[bool]]:
    """That a conversation is there for an actor, given ``conversation_id`` and, unless they see all, ``inbox_ids``."""
    found: list[ColumnElement[bool]] = [
        conversations.c.id == param("conversation_id"),
        conversations.c.state != ConversationState.DELETED.value,
    ]
    return found if sees_all else [*found, any_of(conversations.c.inbox_id, "inbox_ids")]


def seen_by(actor: Actor) -> dict[str, Any]:
    """What is to be given for that."""
    return {} if actor.sees_all_inboxes else {"inbox_ids": list(actor.inbox_ids)}


async def who(view: Snapshot, conversation_id: int) -> list[Viewer]:
    """Who is there now, by id, the actor among them; nobody for a conversation that the actor does not see.

    Nothing in the feed tells of it: who tells open pages looks ``everywhere`` once a second, so that is told across processes.
    """
    statement = _who(sees_all=view.actor.sees_all_inboxes)
    return await view.all(statement, conversation_id=conversation_id, now=view.instant, **seen_by(view.actor))


async def everywhere(view: Snapshot) -> list[Present]:
    """Who is where now, in the whole account: no more rows than people at work. For the desk itself: asks for no right."""
    return await view.all(EVERYWHERE, now=view.instant)


async def at(view: Snapshot, ids: list[int]) -> dict[int, list[Seen]]:
    """Who is at each of these conversations, which the actor is known to see."""
    found: dict[int, list[Seen]] = {}
    for each in await view.all(AT, now=view.instant, ids=ids) if ids else []:
        found.setdefault(each.conversation_id, []).append(each)
    return found
