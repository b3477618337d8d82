"""Following conversations, and saved views. Ours: the vendor has both in its web application only."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.conversations.bodies import bodies
from deskhand.conversations.operations import followers as following
from deskhand.conversations.operations import views
from deskhand.conversations.operations.views import NewView
from deskhand.conversations.queries import followers, lists, one
from deskhand.conversations.queries import views as queries
from deskhand.conversations.queries.lists import Filter, Listing, SortField, Sorting
from deskhand.conversations.queries.views import SavedView
from deskhand.conversations.routes import examples, filters
from deskhand.conversations.schemas import views as shown
from deskhand.conversations.schemas.conversations import EmbeddedConversations
from deskhand.conversations.schemas.requests import ConversationsQuery, SortOrder, StatusFilter
from deskhand.conversations.schemas.views import (
    EmbeddedViews,
    FollowersBody,
    SavedViewBody,
    ViewCountBody,
    ViewInput,
    ViewOrderInput,
    followers_body,
    view_body,
)
from deskhand.customers.schemas.requests import PageQuery
from deskhand.kernel.desk import Desk
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, delete, get, post, put
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.settings import Settings

MOST_COUNTED = 1000


@put("/follow", summary="Follow Conversation", errors=(400, 403, 404))
async def follow(tx: Transaction, conversation_id: PathId) -> None:
    """Be told what happens in a conversation, though it is somebody else's. Who is mentioned in a note follows by itself."""
    await following.follow(tx, conversation_id)


@delete("/follow", summary="Unfollow Conversation", errors=(400, 403, 404))
async def unfollow(tx: Transaction, conversation_id: PathId) -> None:
    """Follow a conversation no longer."""
    await following.unfollow(tx, conversation_id)


@get("/followers", summary="List Followers", errors=(400, 403, 404), example=shown.FOLLOWERS_EXAMPLE)
async def list_followers(view: Snapshot, conversation_id: PathId) -> FollowersBody:
    """Who follows a conversation and works in its inbox, by user."""
    it = await one.get(view, conversation_id)
    return followers_body(await followers.of_conversation(view, it.id, it.inbox_id))


@get("/followed", summary="List Followed Conversations", errors=(400, 403), example=examples.LIST)
async def list_followed(
    view: Snapshot, query: PageQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedConversations]:
    """What one follows and still sees, the last modified first."""
    size = desk.settings.page_size_conversations
    return await _listed(view, await followers.followed(view, query.page, size), query, size, origins, asked)


@get(summary="List Views", errors=(400, 403), example=shown.VIEWS_EXAMPLE)
async def index(view: Snapshot, query: PageQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedViews]:
    """One's own views, those for everybody and those of one's teams, in the order one chose."""
    size = desk.settings.page_size
    found, total = await queries.page(view, query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedViews([view_body(each, origins) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@post(summary="Create View", errors=(400, 403, 412, 415), example=shown.VIEW_INPUT)
async def create(tx: Transaction, data: ViewInput, origins: Origins) -> Created:
    """Save a search under a name: for oneself, a team or everybody. The query is checked, and what it lists is looked for
    anew each time."""
    view_id = await views.create(tx, _given(data))
    return Created(view_id, location=f"{origins.api}/deskhand/v1/views/{view_id}")


@put("/order", summary="Order Views", errors=(400, 403, 415), example=shown.ORDER_EXAMPLE)
async def order(tx: Transaction, data: ViewOrderInput) -> None:
    """Put views into an order of one's own."""
    await views.order(tx, data.ids)


@get(summary="Get View", errors=(400, 403, 404), example=shown.VIEW_EXAMPLE)
async def show(view: Snapshot, view_id: PathId, origins: Origins) -> SavedViewBody:
    """One view."""
    return view_body(await queries.get(view, view_id), origins)


@put(summary="Update View", errors=(400, 403, 404, 415), example=shown.VIEW_INPUT)
async def replace(tx: Transaction, view_id: PathId, data: ViewInput) -> None:
    """Save a view anew. For who saved it and who manages the account."""
    await views.replace(tx, view_id, _given(data))


@delete(summary="Delete View", errors=(400, 403, 404))
async def remove(tx: Transaction, view_id: PathId) -> None:
    """Delete a view, for everybody who has it."""
    await views.remove(tx, view_id)


@get("/conversations", summary="List Conversations of View", errors=(400, 403, 404), example=examples.LIST)
async def list_conversations(
    view: Snapshot, view_id: PathId, query: PageQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedConversations]:
    """What a view finds in the inboxes one sees, of every status unless its query says otherwise."""
    wanted, sorting = await _search(view, await queries.get(view, view_id), desk.settings)
    size = desk.settings.page_size_conversations
    return await _listed(view, await lists.page(view, wanted, sorting, query.page, size), query, size, origins, asked)


@get("/count", summary="Count Conversations of View", errors=(400, 403, 404), example=shown.COUNT_EXAMPLE)
async def count(view: Snapshot, view_id: PathId, desk: Desk) -> ViewCountBody:
    """How many conversations a view finds in the inboxes one sees, counted to 1,000."""
    wanted, _ = await _search(view, await queries.get(view, view_id), desk.settings)
    found = await lists.count_up_to(view, wanted, MOST_COUNTED)
    return ViewCountBody(min(found, MOST_COUNTED), found > MOST_COUNTED)


def _given(it: ViewInput) -> NewView:
    ascending = it.sort_order.value.lower() == "asc"
    return NewView(it.name.strip(), it.query, it.sort_field, ascending, it.audience, it.team_id)


async def _search(view: Snapshot, it: SavedView, settings: Settings) -> tuple[Filter, Sorting]:
    order = SortOrder.ASC if it.ascending else SortOrder.DESC
    asked = ConversationsQuery(status=StatusFilter.ALL, query=it.query, sort_field=SortField(it.sort_field), sort_order=order)
    return await filters.read(view, asked, settings)


async def _listed(
    view: Snapshot, listing: Listing, query: PageQuery, size: int, origins: Origins, asked: Asked
) -> Page[EmbeddedConversations]:
    info = page_info(query.page, size, listing.total)
    found = await bodies(view, listing.conversations, origins, embeds=False)
    return Page(
        embedded=EmbeddedConversations(found) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


ROUTERS = [
    Router("/deskhand/v1/conversations", route_handlers=[list_followed]),
    Router("/deskhand/v1/conversations/{conversation_id:str}", route_handlers=[follow, unfollow, list_followers]),
    Router("/deskhand/v1/views", route_handlers=[index, create, order]),
    Router("/deskhand/v1/views/{view_id:str}", route_handlers=[show, replace, remove, list_conversations, count]),
]
