"""Reading on: a folder's cursor moves in the transaction that takes what it passes."""

from __future__ import annotations

from sqlalchemy import update

from deskhand.kernel.errors import Conflict
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.queries.cursors import Cursor
from deskhand.mail.tables import mail_cursors

NAMES = ("uidvalidity", "last_uid", "server_count", "server_next_uid", "seen_at")

c = mail_cursors.c
BEGIN = write(
    upsert(mail_cursors).values({name: param(name) for name in ("inbox_id", "folder", *NAMES)}).on_conflict_do_nothing()
)
GO_ON = write(
    update(mail_cursors)
    .where(
        c.inbox_id == param("inbox_id"),
        c.folder == param("folder"),
        c.uidvalidity == param("before_uidvalidity"),
        c.last_uid == param("before_uid"),
    )
    .values({name: param(name) for name in NAMES})
)


async def go_on(tx: Transaction, before: Cursor | None, after: Cursor) -> None:
    """Move a cursor from where it was seen. Raises Conflict when it is elsewhere: somebody else read on, so nothing is
    taken twice."""
    values = {name: getattr(after, name) for name in ("inbox_id", "folder", *NAMES)}
    if before is None:
        moved = await tx.write(BEGIN, **values)
    else:
        moved = await tx.write(GO_ON, **values, before_uidvalidity=before.uidvalidity, before_uid=before.last_uid)
    if not moved:
        raise Conflict("somebody else reads this folder")
