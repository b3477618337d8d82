"""Leases: what only one may do at a time, of all processes. Compared with the database's clock."""

from __future__ import annotations

from sqlalchemy import delete, or_

from deskhand.kernel.storage.statements import database_now, param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.tables import mail_leases

LEASE_SECONDS = 60

_lease = upsert(mail_leases).values(name=param("name"), holder=param("holder"), until=database_now(LEASE_SECONDS))
HOLD = write(
    _lease.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": _lease.excluded.holder, "until": _lease.excluded.until},
        where=or_(mail_leases.c.holder == _lease.excluded.holder, mail_leases.c.until < database_now()),
    )
)
RELEASE = write(delete(mail_leases).where(mail_leases.c.name == param("name"), mail_leases.c.holder == param("holder")))


async def hold(tx: Transaction, name: str, holder: str) -> bool:
    """Take a lease for a minute, or keep it for another; whether it is the holder's now."""
    return await tx.write(HOLD, name=name, holder=holder) == 1


async def release(tx: Transaction, name: str, holder: str) -> None:
    """Give a lease back; one that is not the holder's stays."""
    await tx.write(RELEASE, name=name, holder=holder)
