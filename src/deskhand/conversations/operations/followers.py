"""Following: whoever follows a conversation is told what happens in it, though it is not theirs.

It begins by hand, or when somebody is mentioned in a note, as the vendor has it. It counts while they work in the inbox.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update

from deskhand.conversations.model import FollowersChanged, ThreadAdded, ThreadType
from deskhand.conversations.operations.core import person
from deskhand.conversations.queries import one
from deskhand.conversations.queries.audience import mentions
from deskhand.conversations.queries.followers import OF_CONVERSATION
from deskhand.conversations.tables import followers
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.storage.statements import any_of, param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries as users

f = followers.c
_values = {name: param(name) for name in ("conversation_id", "user_id", "since")}
FOLLOW = write(upsert(followers).values(_values).on_conflict_do_nothing(index_elements=["conversation_id", "user_id"]))
UNFOLLOW = write(delete(followers).where(f.conversation_id == param("conversation_id"), f.user_id == param("user_id")))
FORGET_USER = write(delete(followers).where(f.user_id == param("user_id")))
_others = followers.alias()
_survivors = select(_others.c.user_id).where(_others.c.conversation_id == param("survivor"))
TAKE_OVER = write(
    update(followers)
    .where(f.conversation_id == param("loser"), f.user_id.not_in(_survivors))
    .values(conversation_id=param("survivor"))
    .returning(f.user_id),
    int,
)
GIVE_FOLLOWERS = write(
    update(followers)
    .where(f.conversation_id == param("conversation_id"), any_of(f.user_id, "ids"))
    .values(conversation_id=param("to"))
)


async def follow(tx: Transaction, conversation_id: int) -> None:
    """Follow a conversation; twice is once. Raises NotFound, Forbidden."""
    it = await one.get(tx, conversation_id)
    await _add(tx, it.id, [person(tx)])


async def unfollow(tx: Transaction, conversation_id: int) -> None:
    """Follow a conversation no longer, if one did. Raises NotFound, Forbidden."""
    it = await one.get(tx, conversation_id)
    user_id = person(tx)
    if await tx.write(UNFOLLOW, conversation_id=it.id, user_id=user_id):
        tx.record(FollowersChanged(conversation_id=it.id, removed=(user_id,)))


async def follow_mentioned(tx: Transaction, event: ThreadAdded) -> None:
    """Who is mentioned in a note follows from then on, if they work in the inbox: ``@ona``, and of a team everybody."""
    if event.type is not ThreadType.NOTE:
        return
    thread = await one.thread(tx, event.conversation_id, event.thread_id)
    names = mentions(thread.body or "")
    if not names:
        return
    it = await tx.one(one.GET, conversation_id=event.conversation_id)
    named = await users.mentioned(tx, names)
    working = set(await inboxes.workers(tx, it.inbox_id))
    await _add(tx, it.id, sorted(working.intersection(named) - {thread.created_by_user_id}))


async def _add(tx: Transaction, conversation_id: int, user_ids: list[int]) -> None:
    known = {each.user_id for each in await tx.all(OF_CONVERSATION, conversation_id=conversation_id)} if user_ids else set()
    added = tuple(each for each in user_ids if each not in known)
    for user_id in added:
        await tx.write(FOLLOW, conversation_id=conversation_id, user_id=user_id, since=tx.now)
    if added:
        tx.record(FollowersChanged(conversation_id=conversation_id, added=added))
