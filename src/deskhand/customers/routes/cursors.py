"""The list of customers of v3, which is walked by cursor (contract 50 §7)."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode

from litestar import Router
from msgspec import UNSET

from deskhand.customers.queries import lists
from deskhand.customers.queries.lists import Cursor
from deskhand.customers.routes import examples, filters
from deskhand.customers.schemas.customers import EmbeddedCustomers, customer_bodies
from deskhand.customers.schemas.requests import CustomersCursorQuery
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Invalid, Mistake, Source
from deskhand.kernel.http.hal import Asked, Origins, Stretch, cursor_links
from deskhand.kernel.http.routes import get
from deskhand.kernel.http.wire import moment, path_id
from deskhand.kernel.transaction import Snapshot


@get(summary="List Customers by Cursor", errors=(400,), example=examples.STRETCH)
async def index(
    view: Snapshot, query: CustomersCursorQuery, desk: Desk, origins: Origins, asked: Asked
) -> Stretch[EmbeddedCustomers]:
    """The customers of the account, newest first; all filters must hold. Without pages: ``_links.next`` goes on."""
    wanted = filters.read_cursor(view, query, desk.settings)
    after = _read(query.cursor) if query.cursor else None
    found, more = await lists.stretch(view, wanted, after, desk.settings.page_size)
    bodies = await customer_bodies(view, found, origins)
    return Stretch(
        embedded=EmbeddedCustomers(bodies) if bodies else UNSET,
        links=cursor_links(asked, query.cursor or None, _written(more) if more else None),
    )


def _written(cursor: Cursor) -> str:
    """Opaque: nobody shall count with what is in it."""
    return urlsafe_b64encode(f"{cursor.created_at:%Y-%m-%dT%H:%M:%SZ} {cursor.id}".encode()).decode()


def _read(text: str) -> Cursor:
    """Raises Invalid("cursor") for what no answer of ours had."""
    try:
        at, _, customer_id = urlsafe_b64decode(text.encode()).decode().partition(" ")
        return Cursor(moment(at), path_id(customer_id, "cursor"))
    except (Invalid, ValueError):
        raise Invalid.all([Mistake("cursor", "is not a cursor", rejected=text[:300], source=Source.QUERY)]) from None


ROUTERS = [Router("/v3/customers", route_handlers=[index])]
