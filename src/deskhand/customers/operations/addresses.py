"""The one postal address of a customer (contract 50 §6)."""

from __future__ import annotations

from deskhand.customers.model import Address
from deskhand.customers.operations.core import editable, settle
from deskhand.kernel.errors import Conflict, NotFound
from deskhand.kernel.transaction import Transaction


async def add(tx: Transaction, customer_id: int, address: Address) -> None:
    """Say where a customer lives. Raises NotFound, Forbidden, Conflict if there is an address.

    Source: Mailbox API 2.0, "Create Address".
    """
    before = await editable(tx, customer_id)
    if before.address is not None:
        raise Conflict("The customer has an address")
    await settle(tx, before, address=address)


async def overwrite(tx: Transaction, customer_id: int, address: Address) -> None:
    """Say where a customer lives now, whatever was known. Raises NotFound, Forbidden.

    Source: Mailbox API 2.0, "Update Address".
    """
    await settle(tx, await editable(tx, customer_id), address=address)


async def remove(tx: Transaction, customer_id: int) -> None:
    """Forget where a customer lives. Raises NotFound, also without an address; Forbidden.

    Source: Mailbox API 2.0, "Delete Address".
    """
    before = await editable(tx, customer_id)
    if before.address is None:
        raise NotFound("Not found")
    await settle(tx, before, address=None)
