"""Merging customers. An addition of ours: the vendor does it by hand only."""

from __future__ import annotations

from litestar import Router
from msgspec import Struct

from deskhand.customers import operations
from deskhand.kernel.http.routes import PathId, post
from deskhand.kernel.http.wire import Id
from deskhand.kernel.transaction import Transaction


class MergeCustomerInput(Struct, frozen=True):
    """The customer who stays."""

    into: Id


@post("/merge", summary="Merge Customer", status=204, errors=(400, 403, 404, 412, 415), example={"into": 90211})
async def merge(tx: Transaction, customer_id: PathId, data: MergeCustomerInput) -> None:
    """Give another customer everything of this one, who is no more then. There is no undo."""
    await operations.merge(tx, customer_id, into=data.into)


ROUTERS = [Router("/deskhand/v1/customers/{customer_id:str}", route_handlers=[merge])]
