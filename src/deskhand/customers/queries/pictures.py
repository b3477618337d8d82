"""Whose letters show pictures of other hosts without asking."""

from __future__ import annotations

from sqlalchemy import select

from deskhand.customers.tables import customer_pictures
from deskhand.kernel.storage.statements import any_of, read
from deskhand.kernel.transaction import Snapshot

AMONG = read(select(customer_pictures.c.customer_id).where(any_of(customer_pictures.c.customer_id, "ids")), int)


async def allowed(view: Snapshot, customer_ids: set[int]) -> set[int]:
    """Those of some customers."""
    return set(await view.all(AMONG, ids=sorted(customer_ids))) if customer_ids else set()
