"""A customer looked at what we sent."""

from __future__ import annotations

from deskhand.conversations.operations.remarks import note_opening
from deskhand.kernel.transaction import Transaction
from deskhand.mail.model import ReplyOpened


async def opened(tx: Transaction, conversation_id: int, thread_id: int) -> None:
    """The picture in a reply was fetched; only the first time counts. Raises NotFound."""
    if await note_opening(tx, conversation_id, thread_id):
        tx.record(ReplyOpened(conversation_id=conversation_id, thread_id=thread_id))
