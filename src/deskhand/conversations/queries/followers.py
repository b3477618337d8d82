"""Who follows what: only users who (still) work in the conversation's inbox count."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, literal, select

from deskhand.conversations.model import ConversationState
from deskhand.conversations.queries import lists
from deskhand.conversations.queries.lists import Listing
from deskhand.conversations.tables import conversations, followers
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot


class Follower(Struct, frozen=True):
    """A user, and since when (UTC) they follow."""

    user_id: int
    since: datetime


f = followers.c
OF_CONVERSATION = read(
    select(f.user_id, f.since).where(f.conversation_id == param("conversation_id")).order_by(f.user_id), Follower
)
_followed = (
    select(conversations.c.id)
    .join_from(followers, conversations, conversations.c.id == f.conversation_id)
    .where(
        f.user_id == param("user_id"),
        any_of(conversations.c.inbox_id, "inbox_ids"),
        conversations.c.state != literal(ConversationState.DELETED.value),
    )
)
FOLLOWED = read(
    _followed.order_by(conversations.c.modified_at.desc(), conversations.c.id.desc())
    .limit(param("most"))
    .offset(param("skip")),
    int,
)
FOLLOWED_COUNT = read(select(func.count()).select_from(_followed.subquery()), int)


async def of_conversation(view: Snapshot, conversation_id: int, inbox_id: int) -> list[Follower]:
    """Who follows a conversation that was looked up before, by user id; whoever lost the inbox does no longer."""
    found = await view.all(OF_CONVERSATION, conversation_id=conversation_id)
    working = set(await inboxes.workers(view, inbox_id)) if found else set()
    return [each for each in found if each.user_id in working]


async def followed(view: Snapshot, number: int, size: int) -> Listing:
    """Page ``number`` (from 1) of what the actor follows and sees, the last modified first."""
    whose = {"user_id": view.actor.user_id, "inbox_ids": list(view.actor.inbox_ids)}
    (total,) = await view.all_slowly(FOLLOWED_COUNT, **whose)
    ids = await view.all_slowly(FOLLOWED, **whose, most=size, skip=(number - 1) * size) if total else []
    return Listing(await lists.rows(view, ids), total)
