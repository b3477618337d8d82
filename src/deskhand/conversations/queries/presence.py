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
    photo_url: str | None
    writes: bool


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

    Nothing in the feed tells of it. A page asks when it says ``here``, and one that is open live asks again whenever it looks
    for facts, once a second: that reads one range of the table's key. So it is told across processes, too.
    """
    statement = _who(sees_all=view.actor.sees_all_inboxes)
    return await view.all(statement, conversation_id=conversation_id, now=view.instant, **seen_by(view.actor))
