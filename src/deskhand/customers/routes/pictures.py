"""Pictures in what a customer writes: an addition of ours."""

from __future__ import annotations

from litestar import Router

from deskhand.customers.operations import pictures
from deskhand.kernel.http.routes import PathId, delete, put
from deskhand.kernel.transaction import Transaction


@put(summary="Allow Customer Pictures", errors=(400, 403, 404))
async def allow(tx: Transaction, customer_id: PathId) -> None:
    """Show pictures of other hosts in this customer's letters without asking, but never where the sender is in doubt."""
    await pictures.allow(tx, customer_id)


@delete(summary="Block Customer Pictures", errors=(400, 403, 404))
async def block(tx: Transaction, customer_id: PathId) -> None:
    """Show them only when somebody asks for them."""
    await pictures.block(tx, customer_id)


ROUTERS = [Router("/deskhand/v1/customers/{customer_id:str}/pictures", route_handlers=[allow, block])]
