"""How mail goes, for who runs the account: what servers have and we have, what is held, what fails, what waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import func, select

from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import DELAY_SHOWN_AFTER, ConnectionState, Direction
from deskhand.mail.queries import connecting, cursors, held, queue
from deskhand.mail.queries.cursors import Cursor
from deskhand.mail.queries.inboxes import Connection
from deskhand.mail.queries.queue import Length
from deskhand.mail.tables import mail_received

LATE = timedelta(minutes=5)
FAILING = frozenset({ConnectionState.FAILING, ConnectionState.NEEDS_RECONNECT})
OVERDUE = read(
    select(func.count()).select_from(
        select(mail_received.c.id)
        .where(held.IS_WAITING, mail_received.c.due < param("before"))
        .limit(held.MOST_COUNTED)
        .subquery()
    ),
    int,
)


class Health(Struct, frozen=True):
    """The account's mail at a moment; counts end at 10,000. ``overdue`` are messages that nobody has looked at for long."""

    connections: list[Connection]
    cursors: list[Cursor]
    held: int
    waiting: int
    overdue: int
    queue: Length
    is_stuck: bool
    """Whether something of ours has waited to be sent for a quarter of an hour."""

    @property
    def failing(self) -> list[Connection]:
        """Servers that are not reached, or do not let us in, and queues that stand still."""
        return [each for each in self.connections if each.state in FAILING or each.paused_reason]


async def health(view: Snapshot) -> Health:
    """How mail goes now."""
    length = await view.one(queue.LENGTH)
    return Health(
        connections=await view.all(connecting.EVERY),
        cursors=await view.all(cursors.EVERY),
        held=await view.one(held.COUNT),
        waiting=await view.one(held.WAITING),
        overdue=await view.one(OVERDUE, before=view.instant - LATE),
        queue=length,
        is_stuck=length.oldest is not None and view.instant - length.oldest > DELAY_SHOWN_AFTER,
    )


def troubles(it: Health) -> list[str]:
    """What is wrong outside, in a few words each; no name, no address."""
    found = [
        f"{protocol(each.direction)} of inbox {each.inbox_id} fails since {_moment(each.failing_since)}" for each in it.failing
    ]
    found += [f"{it.queue.total} to be sent: see 'deskhand mail queue'"] if it.is_stuck else []
    return found + ([f"{it.held} held: see 'deskhand mail held'"] if it.held else [])


def protocol(direction: Direction) -> str:
    """What a connection speaks."""
    return "imap" if direction is Direction.IN else "smtp"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if at else "a while"
