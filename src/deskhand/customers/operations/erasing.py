"""The end of a customer. That their conversations go too is decided in the room of conversations (contract 50 §5.3)."""

from __future__ import annotations

from sqlalchemy import delete as delete_from

from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.model import COUNT, CustomerDeleted
from deskhand.customers.tables import customers
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import operations as organizations

DELETE = write(delete_from(customers).where(customers.c.id == param("customer_id")).returning(customers.c.organization_id), int)


async def delete(tx: Transaction, customer_id: int) -> None:
    """Remove a customer whose conversations are gone, with every entry and property. Raises NotFound; the caller asked for
    the right."""
    tx.record(CustomerDeleted(customer_id=customer_id))
    await tx.finish_now()  # what other rooms have of them is found by their addresses, which go now
    await remove(tx, customer_id)


async def remove(tx: Transaction, customer_id: int) -> None:
    """The end of the row, and of what still hangs on it. Raises NotFound."""
    gone = await tx.returning(DELETE, customer_id=customer_id)
    if not gone:
        raise NotFound("Not found")
    await organizations.move_member(tx, gone[0], None, conversations=0)
    await tx.write(CUSTOMER_TEXT.forget, id=customer_id)
    tx.count(COUNT, -1, spread=customer_id)
