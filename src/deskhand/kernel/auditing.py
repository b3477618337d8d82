"""The audit: who did what, when and from where, of what decides who may do what, and of what left or was removed.

Facts that matter to it are listed in ``deskhand.reactions``; each leaves an entry in its own transaction. Nothing of ours
changes or removes an entry.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import insert, select

from deskhand.kernel.events import Event
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import Read, param, read, shaped, write
from deskhand.kernel.tables import audit_entries
from deskhand.kernel.transaction import Snapshot, Transaction


class AccountExported(Event, frozen=True):
    """Somebody began to take the whole account along as a file; by the command line, the desk itself took it."""


class Entry(Struct, frozen=True):
    """An act: ``type`` and ``body`` (JSON) of its fact, who did it (as in the feed), and from which network address.

    ``user_id`` is the user who did it; of a sign-in, a password or a session the user whose it is. ``address`` is empty for
    what the desk did by itself and for the command line.
    """

    id: int
    type: str
    actor_kind: str
    actor_id: int
    user_id: int | None
    address: str
    at: datetime
    body: bytes


COLUMNS = Entry.__struct_fields__[1:]
ADD = write(insert(audit_entries).values({name: param(name) for name in COLUMNS}))


@shaped
def _listed(*, by_user: bool, by_type: bool, before: bool) -> Read[Entry]:
    statement = select(*(audit_entries.c[name] for name in Entry.__struct_fields__))
    if by_user:
        statement = statement.where(audit_entries.c.user_id == param("user_id"))
    if by_type:
        statement = statement.where(audit_entries.c.type == param("type"))
    if before:
        statement = statement.where(audit_entries.c.id < param("before"))
    return read(statement.order_by(audit_entries.c.id.desc()).limit(param("most")), Entry)


async def note(tx: Transaction, event: Event) -> None:
    """Leave an entry of a fact."""
    await tx.write(
        ADD,
        type=type(event).__name__,
        actor_kind=tx.actor.kind,
        actor_id=tx.actor.run_id or tx.actor.user_id,
        user_id=tx.actor.user_id or getattr(event, "user_id", None),
        address=tx.address or getattr(event, "address", ""),
        at=tx.instant,
        body=msgspec.json.encode(event),
    )


async def page(
    view: Snapshot, size: int, *, user_id: int | None = None, type_: str | None = None, before: int | None = None
) -> list[Entry]:
    """So many entries, the newest first: of one user, of one type of fact, behind one entry. Raises Forbidden."""
    view.actor.must(Permission.MANAGE_ACCOUNT)
    statement = _listed(by_user=user_id is not None, by_type=type_ is not None, before=before is not None)
    return await view.all_slowly(statement, most=size, user_id=user_id, type=type_, before=before)
