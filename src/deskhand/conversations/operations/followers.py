"""Following a conversation: whoever does is told what happens in it, as far as they want to be."""

from __future__ import annotations

from sqlalchemy import delete

from deskhand.conversations.model import ConversationFollowed
from deskhand.conversations.queries import one
from deskhand.conversations.tables import conversation_followers
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction

_columns = ("conversation_id", "user_id")
FOLLOW = write(upsert(conversation_followers).values({name: param(name) for name in _columns}).on_conflict_do_nothing())
UNFOLLOW = write(delete(conversation_followers).where(*(conversation_followers.c[name] == param(name) for name in _columns)))


async def follow(tx: Transaction, conversation_id: int) -> None:
    """The actor follows a conversation from now on. Raises NotFound."""
    await one.get(tx, conversation_id)
    if await tx.write(FOLLOW, conversation_id=conversation_id, user_id=tx.actor.user_id):
        tx.record(ConversationFollowed(conversation_id=conversation_id, user_id=tx.actor.user_id, follows=True))


async def unfollow(tx: Transaction, conversation_id: int) -> None:
    """The actor no longer does. Raises NotFound."""
    await one.get(tx, conversation_id)
    if await tx.write(UNFOLLOW, conversation_id=conversation_id, user_id=tx.actor.user_id):
        tx.record(ConversationFollowed(conversation_id=conversation_id, user_id=tx.actor.user_id, follows=False))
