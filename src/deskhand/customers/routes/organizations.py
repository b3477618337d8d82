"""The members of an organization, and its end, which makes customers without one of them (contract 51 §2)."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.customers.operations import belonging
from deskhand.customers.queries import lists
from deskhand.customers.queries.lists import Filter, Sorting
from deskhand.customers.routes import examples
from deskhand.customers.schemas.customers import EmbeddedCustomers, customer_bodies
from deskhand.customers.schemas.requests import PageQuery
from deskhand.kernel.desk import Desk
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, delete, get
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.organizations import queries as organizations


@get("/customers", summary="List Organization Customers", errors=(400, 403, 404), example=examples.LIST)
async def members(
    view: Snapshot, organization_id: PathId, query: PageQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedCustomers]:
    """The members of an organization, newest first."""
    await organizations.get(view, organization_id)
    size = desk.settings.page_size
    listing = await lists.page(view, Filter(organization_id=organization_id), Sorting(), query.page, size)
    found = await customer_bodies(view, listing.customers, origins)
    info = page_info(query.page, size, listing.total)
    return Page(
        embedded=EmbeddedCustomers(found) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@delete(summary="Delete Organization", errors=(400, 403, 404))
async def dissolve(tx: Transaction, organization_id: PathId) -> None:
    """Remove an organization. Its members stay, without it."""
    await belonging.dissolve(tx, organization_id)


ROUTERS = [Router("/v2/organizations/{organization_id:str}", route_handlers=[members, dissolve])]
