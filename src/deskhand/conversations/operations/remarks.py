"""Lines that other rooms write into a conversation, and what they note on a reply."""

from __future__ import annotations

from sqlalchemy import update

from deskhand.conversations.model import ThreadState, ThreadType
from deskhand.conversations.operations.core import settle, settle_and_tell
from deskhand.conversations.queries import one
from deskhand.conversations.tables import threads
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction

OPENED = write(
    update(threads)
    .where(
        threads.c.id == param("thread_id"),
        threads.c.conversation_id == param("conversation_id"),
        threads.c.type == ThreadType.MESSAGE.value,
        threads.c.state == ThreadState.PUBLISHED.value,
        threads.c.opened_at.is_(None),
    )
    .values(opened_at=param("now"))
)


async def remark(tx: Transaction, conversation_id: int, text: str) -> None:
    """Add a line item: something that happened to the conversation, without who. Raises NotFound."""
    await settle_and_tell(tx, await one.locked(tx, conversation_id), "default", text)


async def note_opening(tx: Transaction, conversation_id: int, thread_id: int) -> bool:
    """The customer looked at a reply; whether for the first time, for only that is kept. Raises NotFound."""
    it = await one.locked(tx, conversation_id)
    if not await tx.write(OPENED, conversation_id=it.id, thread_id=thread_id, now=tx.now):
        return False
    await settle(tx, it)
    return True
