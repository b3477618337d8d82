"""How far folders were read."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from deskhand.kernel.storage.statements import param, read
from deskhand.mail.tables import mail_cursors


class Cursor(Struct, frozen=True):
    """Everything of this UIDVALIDITY up to ``last_uid`` is ours; what the server said at ``seen_at`` (UTC) beside it."""

    inbox_id: int
    folder: str
    uidvalidity: int
    last_uid: int
    server_count: int
    server_next_uid: int
    seen_at: datetime

    @property
    def gap(self) -> int:
        """How many messages the server may have that we do not: numbers it gave behind ours, some of them gone since."""
        return max(0, self.server_next_uid - 1 - self.last_uid)


_cursor = select(*(mail_cursors.c[name] for name in Cursor.__struct_fields__))
ONE = read(_cursor.where(mail_cursors.c.inbox_id == param("inbox_id"), mail_cursors.c.folder == param("folder")), Cursor)
EVERY = read(_cursor.order_by(mail_cursors.c.inbox_id, mail_cursors.c.folder), Cursor)
