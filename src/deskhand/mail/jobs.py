"""What follows from mail later, by itself."""

from __future__ import annotations

from datetime import timedelta

from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.mail.model import ConnectionFailing
from deskhand.mail.operations import notices
from deskhand.mail.queries.inboxes import CONNECTION, find

TOLD_AFTER = timedelta(hours=1)


async def tell_of_trouble(desk: Desk, event: ConnectionFailing) -> None:
    """A server of an inbox has been failing for an hour: those who manage the account are told by another way."""
    async with desk.writing(system_actor()) as tx:
        it = await tx.first(CONNECTION, inbox_id=event.inbox_id, direction=event.direction)
        inbox = await find(tx, event.inbox_id)
        if it is None or inbox is None or it.failing_since is None:
            return
        way = "come in" if event.direction == "in" else "go out"
        text = (
            f"No mail can {way} for the inbox {inbox.name} since {it.failing_since:%Y-%m-%d %H:%M} UTC. Its server {it.host}"
            f" says: {it.error or event.reason}\n\nNothing is lost: it is tried on. 'deskhand inbox test' says more."
        )
        await notices.alert(tx, f"Mail of {inbox.name} is at a standstill", text, not_by=inbox.id)
