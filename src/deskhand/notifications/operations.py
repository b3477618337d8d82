"""Telling people what others did, and their having read it. Neither is a fact of its own: what is told is one already."""

from __future__ import annotations

from sqlalchemy import delete, insert, update

from deskhand.conversations.model import ThreadAdded, ThreadRecalled
from deskhand.conversations.queries.audience import Occurrence, Told
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.notifications.model import KEPT
from deskhand.notifications.tables import notifications
from deskhand.ratings.model import RatingReceived

COLUMNS = ("user_id", "occasion", "conversation_id", "thread_id", "by_user_id", "created_at")
ADD = write(insert(notifications).values({name: param(name) for name in COLUMNS}))
FORGET = write(delete(notifications).where(notifications.c.created_at <= param("before")))
FORGET_OF_THREAD = write(
    delete(notifications).where(
        notifications.c.conversation_id == param("conversation_id"), notifications.c.thread_id == param("thread_id")
    )
)
_unread = update(notifications).where(notifications.c.user_id == param("user_id"), notifications.c.read_at.is_(None))
_read = {"read_at": param("now")}
READ = write(
    update(notifications)
    .where(notifications.c.id == param("notification_id"), notifications.c.user_id == param("user_id"))
    .values(_read)
)
READ_UP_TO = write(_unread.where(notifications.c.id <= param("last_id")).values(_read))
READ_OF = write(_unread.where(notifications.c.conversation_id == param("conversation_id")).values(_read))


async def tell(tx: Transaction, event: Occurrence | RatingReceived, told: list[Told]) -> None:
    """Tell in the browser whoever of an audience wants to know there; what is older than 90 days goes meanwhile."""
    rows = [
        {
            "user_id": each.user_id,
            "occasion": each.in_browser,
            "conversation_id": event.conversation_id,
            "thread_id": event.thread_id if isinstance(event, ThreadAdded | RatingReceived) else None,
            "by_user_id": tx.actor.user_id or None,
            "created_at": tx.now,
        }
        for each in told
        if each.in_browser
    ]
    if rows:
        await tx.write(FORGET, before=tx.now - KEPT)
        await tx.write_many(ADD, rows)


async def forget(tx: Transaction, event: ThreadRecalled) -> None:
    """Nobody was told of what was called back."""
    await tx.write(FORGET_OF_THREAD, conversation_id=event.conversation_id, thread_id=event.thread_id)


async def read(tx: Transaction, notification_id: int) -> None:
    """The actor has read one of theirs. Raises NotFound."""
    if not await tx.write(READ, notification_id=notification_id, user_id=tx.actor.user_id, now=tx.now):
        raise NotFound("Not found")


async def read_up_to(tx: Transaction, last_id: int) -> None:
    """The actor has read all of theirs up to one; what came since then stays unread."""
    await tx.write(READ_UP_TO, user_id=tx.actor.user_id, last_id=last_id, now=tx.now)


async def read_of(tx: Transaction, conversation_id: int) -> bool:
    """The actor looked at a conversation, so they know whatever they were told of it; whether there was anything."""
    return await tx.write(READ_OF, user_id=tx.actor.user_id, conversation_id=conversation_id, now=tx.now) > 0
