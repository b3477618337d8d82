"""Being at a conversation: said again and again while it is so, and over by itself a moment after the last time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select

from deskhand.conversations.queries.presence import seen, seen_by
from deskhand.conversations.tables import conversation_viewers, conversations
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import Write, param, shaped, upsert, write
from deskhand.kernel.transaction import Transaction

LASTS = timedelta(seconds=45)  # pages say it each 15 seconds: two may be lost

_viewer = conversation_viewers.c
LEAVE = write(
    delete(conversation_viewers).where(
        or_(
            (_viewer.conversation_id == param("conversation_id")) & (_viewer.user_id == param("user_id")),
            _viewer.until <= param("now"),
        )
    )
)


@shaped
def _here(*, sees_all: bool) -> Write[int]:
    values = [param(name, _viewer[name].type) for name in ("user_id", "writes", "until")]
    row = select(conversations.c.id, *values).where(*seen(sees_all=sees_all))
    added = upsert(conversation_viewers).from_select(["conversation_id", "user_id", "writes", "until"], row)
    kept = {"writes": added.excluded.writes, "until": added.excluded.until}
    return write(added.on_conflict_do_update(index_elements=["conversation_id", "user_id"], set_=kept))


async def here(tx: Transaction, conversation_id: int, *, writing: bool) -> None:
    """The actor looks at a conversation, or writes in it, for the next 45 seconds. One statement, and no fact, which would
    fill the feed. Who else is there, and how pages hear of it: ``queries.presence.who``. Raises NotFound."""
    actor = tx.actor
    values = {"user_id": actor.user_id, "writes": writing, "until": tx.instant + LASTS, **seen_by(actor)}
    if not await tx.write(_here(sees_all=actor.sees_all_inboxes), conversation_id=conversation_id, **values):
        raise NotFound("Not found")


async def leave(tx: Transaction, conversation_id: int) -> None:
    """The actor does not look at it any more. What ended by itself since somebody last left, anywhere, is cleared away."""
    await tx.write(LEAVE, conversation_id=conversation_id, user_id=tx.actor.user_id, now=tx.instant)
