"""Customers (contract 50 §1 to §5). Erasing one takes conversations along, so that route is in their room."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.customers.operations import changing, creating
from deskhand.customers.queries import lists, one
from deskhand.customers.routes import examples, filters, patching, prepare
from deskhand.customers.schemas.customers import CustomerBody, EmbeddedCustomers, customer_bodies
from deskhand.customers.schemas.requests import CustomerInput, CustomersQuery, ProfileInput
from deskhand.kernel.desk import Desk
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.patches import JsonPatch
from deskhand.kernel.http.routes import PathId, get, patch, post, put
from deskhand.kernel.transaction import Snapshot, Transaction


@get(summary="List Customers", errors=(400,), example=examples.LIST)
async def index(view: Snapshot, query: CustomersQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedCustomers]:
    """The customers of the account; all filters must hold. Newest first, with a search the best matches first, unless
    asked otherwise."""
    size = desk.settings.page_size
    wanted, sorting = filters.read(view, query, desk.settings)
    listing = await lists.page(view, wanted, sorting, query.page, size)
    found = await customer_bodies(view, listing.customers, origins)
    info = page_info(query.page, size, listing.total)
    return Page(
        embedded=EmbeddedCustomers(found) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@post(summary="Create Customer", errors=(400, 403, 409, 415), example=examples.CREATE)
async def create(tx: Transaction, data: CustomerInput, origins: Origins) -> Created:
    """A customer with what is known of them. An email address that somebody has is a conflict."""
    customer_id = await creating.create(tx, await prepare.customer(tx, data))
    return Created(customer_id, location=f"{origins.api}/v2/customers/{customer_id}")


@get(summary="Get Customer", errors=(400, 404), example=examples.CUSTOMER)
async def show(view: Snapshot, customer_id: PathId, origins: Origins) -> CustomerBody:
    """One customer, with every entry, property and the address."""
    return (await customer_bodies(view, [await one.get(view, customer_id)], origins))[0]


@put(summary="Overwrite Customer", errors=(400, 403, 404, 415), example=examples.OVERWRITE)
async def overwrite(tx: Transaction, customer_id: PathId, data: ProfileInput) -> None:
    """Replace the plain fields: one that is missing is erased, except ``organizationId``. Entries, address and properties
    stay."""
    await changing.overwrite(tx, customer_id, prepare.profile(data), data.organization_id)


@patch(summary="Update Customer", errors=(400, 403, 404, 409, 415), example=examples.PATCH)
async def change(tx: Transaction, customer_id: PathId, data: JsonPatch) -> None:
    """An array of changes with ``op``, ``path`` and ``value``, applied in order, all or none."""
    await changing.change(tx, customer_id, patching.changes(data))


ROUTERS = [
    Router("/v2/customers", route_handlers=[index, create]),
    Router("/v2/customers/{customer_id:str}", route_handlers=[show, overwrite, change]),
]
