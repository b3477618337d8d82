"""Erasing a customer: its address is the customer's, but it takes the conversations along (contract 50 §5.3)."""

from __future__ import annotations

from litestar import Router
from msgspec import Struct, field

from deskhand.conversations.operations import erasing
from deskhand.kernel.http.answers import Accepted
from deskhand.kernel.http.routes import PathId, delete
from deskhand.kernel.transaction import Transaction


class EraseQuery(Struct, frozen=True):
    """Whether to erase behind the request, and then without a limit."""

    behind: bool = field(default=False, name="async")


@delete(summary="Delete Customer", errors=(400, 403, 404), answers=(202,))
async def erase(tx: Transaction, customer_id: PathId, query: EraseQuery) -> Accepted | None:
    """Erase a customer and every conversation they took part in, for good: at once for up to 100 of them, or with
    ``async=true`` behind the request (202)."""
    if query.behind:
        await erasing.request_erasure(tx, customer_id)
        return Accepted()
    await erasing.erase_customer(tx, customer_id)
    return None


ROUTERS = [Router("/v2/customers/{customer_id:str}", route_handlers=[erase])]
