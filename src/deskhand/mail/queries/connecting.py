"""Connections by themselves: the one of a number, and how those of a direction fare."""

from __future__ import annotations

from sqlalchemy import select

from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import Direction
from deskhand.mail.queries.inboxes import CONNECTION, Connection
from deskhand.mail.tables import mail_connections

_by_id = select(*(mail_connections.c[name] for name in Connection.__struct_fields__)).where(
    mail_connections.c.id == param("connection_id")
)
BY_ID = read(_by_id, Connection)
BY_ID_LOCKED = read(_by_id.with_for_update(), Connection)
EVERY = read(
    select(*(mail_connections.c[name] for name in Connection.__struct_fields__)).order_by(
        mail_connections.c.inbox_id, mail_connections.c.direction
    ),
    Connection,
)


async def get(view: Snapshot, inbox_id: int, direction: Direction) -> Connection:
    """An inbox's connection. Raises NotFound with what to do."""
    found = await view.first(CONNECTION, inbox_id=inbox_id, direction=direction)
    if found is None:
        raise NotFound("it has no such mail server; see 'deskhand inbox connect'")
    return found
