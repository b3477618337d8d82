"""Leases: what only one may do at a time, of all processes. Compared with the database's clock."""

from __future__ import annotations

from sqlalchemy import delete, or_

from deskhand.kernel.storage.statements import Write, database_now, param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.tables import mail_leases

LEASE_SECONDS = 45  # longer than a token is asked for, and than who fetches waits between two looks


def holding(seconds: int) -> Write[int]:
    """The statement that takes or keeps a lease for so long."""
    lease = upsert(mail_leases).values(name=param("name"), holder=param("holder"), until=database_now(seconds))
    is_free = or_(mail_leases.c.holder == lease.excluded.holder, mail_leases.c.until < database_now())
    given = {"holder": lease.excluded.holder, "until": lease.excluded.until}
    return write(lease.on_conflict_do_update(index_elements=["name"], set_=given, where=is_free))


HOLD = holding(LEASE_SECONDS)
RELEASE = write(delete(mail_leases).where(mail_leases.c.name == param("name"), mail_leases.c.holder == param("holder")))


async def hold(tx: Transaction, name: str, holder: str) -> bool:
    """Take a lease for a while, or keep it for another; whether it is the holder's now."""
    return await tx.write(HOLD, name=name, holder=holder) == 1


async def release(tx: Transaction, name: str, holder: str) -> None:
    """Give a lease back; one that is not the holder's stays."""
    await tx.write(RELEASE, name=name, holder=holder)
