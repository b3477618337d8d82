"""Erasing customers (contract 50 §5.3) and merging them, an addition of ours: the address is the customer's, but conversations
go along."""

from __future__ import annotations

from litestar import Router
from msgspec import Struct, field

from deskhand.conversations.operations import erasing, joining
from deskhand.kernel.http.answers import Accepted
from deskhand.kernel.http.routes import PathId, delete, post
from deskhand.kernel.http.wire import Id
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


class MergeCustomerInput(Struct, frozen=True):
    """The customer who stays."""

    into: Id


@post("/merge", summary="Merge Customer", status=204, errors=(400, 403, 404, 412, 415), example={"into": 90211})
async def merge(tx: Transaction, customer_id: PathId, data: MergeCustomerInput) -> None:
    """Give another customer everything of this one, who is no more then. There is no undo."""
    await joining.merge_customers(tx, customer_id, into=data.into)


ROUTERS = [
    Router("/v2/customers/{customer_id:str}", route_handlers=[erase]),
    Router("/deskhand/v1/customers/{customer_id:str}", route_handlers=[merge]),
]
