"""Erased conversations leave no mail behind."""

from __future__ import annotations

from sqlalchemy import delete, select

from deskhand.conversations.model import ConversationErased
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.model import MailForgotten
from deskhand.mail.tables import mail_received

RECEIVED = read(select(mail_received.c.id).where(mail_received.c.blob == param("blob")).limit(1), int)
"""Whether a file is a message that came in."""

FORGET = write(
    delete(mail_received).where(mail_received.c.conversation_id == param("conversation_id")).returning(mail_received.c.blob),
    str,
)


async def forget(tx: Transaction, event: ConversationErased) -> None:
    """What came in for a conversation goes with it: who wrote, about what, and a day later the messages themselves."""
    blobs = await tx.returning(FORGET, conversation_id=event.conversation_id)
    if blobs:
        tx.record(MailForgotten(blobs=tuple(sorted(set(blobs))), at=event.at))
