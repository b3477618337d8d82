"""Erased conversations leave no mail behind, and it does not come back."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import select, update

from deskhand.conversations.model import ConversationErased
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.model import Kind, MailForgotten
from deskhand.mail.operations.noting import erased_id
from deskhand.mail.tables import mail_received


class Erasable(Struct, frozen=True):
    """A message that goes with its conversation."""

    id: int
    blob: str
    message_id: str | None


RECEIVED = read(select(mail_received.c.id).where(mail_received.c.blob == param("blob")).limit(1), int)
"""Whether a file is a message that came in."""

OF_CONVERSATION = read(
    select(mail_received.c.id, mail_received.c.blob, mail_received.c.message_id).where(
        mail_received.c.conversation_id == param("conversation_id")
    ),
    Erasable,
)
NAMES = ("envelope_from", "peer", "reason", "sender", "subject", "verdict", "conversation_id", "thread_id")
FORGET = write(
    update(mail_received)
    .where(mail_received.c.id == param("received_id"))
    .values(dict.fromkeys(NAMES) | {"recipients": [], "blob": "", "kind": param("kind"), "message_id": param("message_id")})
)


async def forget(tx: Transaction, event: ConversationErased) -> None:
    """What came in for a conversation goes with it: who wrote, about what, and a day later the messages themselves.

    A hash of the id and one of the content stay, so that a folder which is read anew does not bring it back.
    """
    found = await tx.all(OF_CONVERSATION, conversation_id=event.conversation_id)
    seen: set[str] = set()
    for each in found:
        message_id = erased_id(each.message_id or str(each.id))
        kind = Kind.DUPLICATE if message_id in seen else Kind.ERASED
        seen.add(message_id)
        await tx.write(FORGET, received_id=each.id, kind=kind, message_id=message_id)
    if found:
        tx.record(MailForgotten(blobs=tuple(sorted({each.blob for each in found})), at=event.at))
