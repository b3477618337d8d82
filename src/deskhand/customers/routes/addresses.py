"""The address of a customer: one, or none (contract 50 §6)."""

from __future__ import annotations

from litestar import Router

from deskhand.customers.operations import addresses
from deskhand.customers.queries import one
from deskhand.customers.routes import examples, prepare
from deskhand.customers.schemas.customers import AddressItem, address_address, address_item
from deskhand.customers.schemas.requests import AddressInput
from deskhand.kernel.errors import NotFound
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.http.routes import PathId, delete, get, post, put
from deskhand.kernel.transaction import Snapshot, Transaction


@get(summary="Get Address", errors=(400, 404), example=examples.ADDRESS_ITEM)
async def show(view: Snapshot, customer_id: PathId, origins: Origins) -> AddressItem:
    """Where a customer lives; 404 where that is not known."""
    found = (await one.get(view, customer_id)).address
    if found is None:
        raise NotFound("Not found")
    return address_item(found, customer_id, origins)


@post(summary="Create Address", errors=(400, 403, 404, 409, 415), example=examples.ADDRESS)
async def create(tx: Transaction, customer_id: PathId, data: AddressInput, origins: Origins) -> Created:
    """The address of a customer who has none."""
    await addresses.add(tx, customer_id, prepare.address(data))
    return Created(None, location=address_address(customer_id, origins))


@put(summary="Update Address", errors=(400, 403, 404, 415), example=examples.ADDRESS)
async def overwrite(tx: Transaction, customer_id: PathId, data: AddressInput) -> None:
    """Replace the whole address; it need not exist."""
    await addresses.overwrite(tx, customer_id, prepare.address(data))


@delete(summary="Delete Address", errors=(400, 403, 404))
async def remove(tx: Transaction, customer_id: PathId) -> None:
    """Forget the address."""
    await addresses.remove(tx, customer_id)


ROUTERS = [Router("/v2/customers/{customer_id:str}/address", route_handlers=[show, create, overwrite, remove])]
