"""How somebody wants conversations to be shown."""

from __future__ import annotations

from sqlalchemy import update

from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries
from deskhand.users.tables import users

ORDER = write(update(users).where(users.c.id == param("user_id")).values(newest_first=param("newest_first")))


async def read_newest_first(tx: Transaction, *, newest_first: bool) -> None:
    """Say whether what was said last stands on top for the actor, or at the bottom. Raises NotFound."""
    user = await queries.get(tx, tx.actor.user_id)
    await tx.write(ORDER, user_id=user.id, newest_first=newest_first)
    tx.access_changed = True  # whoever is remembered has what they chose before
