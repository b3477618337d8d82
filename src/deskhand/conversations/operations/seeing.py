"""Reading a conversation, and having it stand as unread again."""

from __future__ import annotations

from sqlalchemy import delete

from deskhand.conversations.operations.core import person
from deskhand.conversations.queries import one
from deskhand.conversations.queries import seen as queries
from deskhand.conversations.tables import seen
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction

s = seen.c
_row = upsert(seen).values({name: param(name) for name in ("user_id", "conversation_id", "thread_id", "at")})
SEE = write(
    _row.on_conflict_do_update(
        index_elements=["user_id", "conversation_id"],
        set_={"thread_id": _row.excluded.thread_id, "at": _row.excluded.at},
    )
)
FORGET_OLD = write(delete(seen).where(s.user_id == param("user_id"), s.at < param("before")))


async def see(tx: Transaction, conversation_id: int) -> None:
    """The actor has read a conversation as it is now. Raises NotFound, Forbidden for the desk itself."""
    user_id = person(tx)
    it = await one.get(tx, conversation_id)
    newest = (await queries.newest(tx, [it.id])).get(it.id)
    known = (await queries.by_actor(tx, [it.id])).get(it.id, 0)
    if newest is not None and newest.thread_id > known:
        await _keep(tx, user_id, it.id, newest.thread_id)


async def unsee(tx: Transaction, conversation_id: int) -> None:
    """It stands as unread for the actor, if something was said in it lately. Raises NotFound, Forbidden."""
    user_id = person(tx)
    it = await one.get(tx, conversation_id)
    if await queries.by_actor(tx, [it.id]):
        await _keep(tx, user_id, it.id, 0)


async def _keep(tx: Transaction, user_id: int, conversation_id: int, thread_id: int) -> None:
    await tx.write(SEE, user_id=user_id, conversation_id=conversation_id, thread_id=thread_id, at=tx.now)
    await tx.write(FORGET_OLD, user_id=user_id, before=tx.now - queries.UNREAD_FOR * 2)
