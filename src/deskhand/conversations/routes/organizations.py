"""The conversations of an organization's members (contract 51 §2)."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.conversations.bodies import bodies
from deskhand.conversations.model import Status
from deskhand.conversations.queries import lists
from deskhand.conversations.queries.lists import Filter, Sorting
from deskhand.conversations.routes import examples
from deskhand.conversations.schemas.conversations import EmbeddedConversations
from deskhand.customers.schemas.requests import PageQuery
from deskhand.kernel.desk import Desk
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, get
from deskhand.kernel.transaction import Snapshot
from deskhand.organizations import queries as organizations


@get("/conversations", summary="List Organization Conversations", errors=(400, 403, 404), example=examples.LIST)
async def index(
    view: Snapshot, organization_id: PathId, query: PageQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedConversations]:
    """What the members of an organization wrote about, in any status, newest first, in the inboxes that the token's user can
    see. No drafts."""
    await organizations.get(view, organization_id)
    size = desk.settings.page_size
    wanted = Filter(inbox_ids=list(view.actor.inbox_ids), statuses=list(Status), organization_id=organization_id)
    listing = await lists.page(view, wanted, Sorting(), query.page, size)
    info = page_info(query.page, size, listing.total)
    found = await bodies(view, listing.conversations, origins, embeds=False)
    return Page(
        embedded=EmbeddedConversations(found) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


ROUTERS = [Router("/v2/organizations/{organization_id:str}", route_handlers=[index])]
