"""What a customer thinks of a reply stands with the reply; who may say so, and how, is the ratings' business."""

from __future__ import annotations

from sqlalchemy import update

from deskhand.conversations.model import Rating, ThreadState, ThreadType
from deskhand.conversations.operations.core import settle
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Thread
from deskhand.conversations.tables import threads
from deskhand.kernel.errors import Unmet
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction

RATE = write(
    update(threads).where(threads.c.id == param("thread_id")).values(rating=param("rating"), rating_comments=param("comments"))
)


async def ratable(tx: Transaction, conversation_id: int, thread_id: int) -> Thread:
    """A reply that its customer may rate, held so that nobody else rates it now. Raises NotFound, Unmet."""
    await one.locked(tx, conversation_id)
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.type is not ThreadType.MESSAGE or thread.state is not ThreadState.PUBLISHED:
        raise Unmet("Only a reply that was sent can be rated")
    return thread


async def rate(tx: Transaction, conversation_id: int, thread_id: int, rating: Rating, comments: str | None) -> None:
    """Write on a reply what its customer thinks of it. Raises NotFound."""
    it = await one.locked(tx, conversation_id)
    await tx.write(RATE, thread_id=thread_id, rating=rating, comments=comments)
    await settle(tx, it)
