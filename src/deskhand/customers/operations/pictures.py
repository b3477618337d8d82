"""Whether a customer's letters show pictures of other hosts without asking, an addition of ours.

That is so for the whole account: pictures come through our proxy, so their host learns that the desk looked, never who.
"""

from __future__ import annotations

from sqlalchemy import delete

from deskhand.customers.model import CustomerPicturesAllowed, CustomerPicturesBlocked
from deskhand.customers.operations.core import editable
from deskhand.customers.tables import customer_pictures
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction

p = customer_pictures.c
ALLOW = write(
    upsert(customer_pictures)
    .values(customer_id=param("customer_id"), since=param("since"))
    .on_conflict_do_nothing(index_elements=["customer_id"])
)
BLOCK = write(delete(customer_pictures).where(p.customer_id == param("customer_id")))


async def allow(tx: Transaction, customer_id: int) -> None:
    """Show them from now on, but never in a letter whose sender's domain says that it is not from there. Raises NotFound,
    Forbidden."""
    it = await editable(tx, customer_id)
    if await tx.write(ALLOW, customer_id=it.id, since=tx.now):
        tx.record(CustomerPicturesAllowed(customer_id=it.id))


async def block(tx: Transaction, customer_id: int) -> None:
    """Show them only when somebody asks for them. Raises NotFound, Forbidden."""
    it = await editable(tx, customer_id)
    if await tx.write(BLOCK, customer_id=it.id):
        tx.record(CustomerPicturesBlocked(customer_id=it.id))
