"""The reads of v3 (contract 00 §14, 30 §8): as in v2, but the desk's own acts are a system user's."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.conversations.bodies import bodies
from deskhand.conversations.queries import cursors, lists, one
from deskhand.conversations.routes import examples, filters
from deskhand.conversations.routes.threads import page_of
from deskhand.conversations.schemas.conversations import ConversationBody, EmbeddedConversations
from deskhand.conversations.schemas.requests import ConversationsV3Query, EmbedQuery, SearchQuery, ThreadsQuery
from deskhand.conversations.schemas.threads import EmbeddedThreadList
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Moved
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.hal import Asked, Origins, Page, Stretch, cursor_links, page_info, page_links
from deskhand.kernel.http.routes import PathId, get
from deskhand.kernel.transaction import Snapshot

SYSTEM = "system_user"


@get(summary="List Conversations v3", errors=(400, 403), example=examples.RUN)
async def index(
    view: Snapshot, query: ConversationsV3Query, desk: Desk, origins: Origins, asked: Asked
) -> Stretch[EmbeddedConversations]:
    """Conversations in the inboxes that the token's user can see, newest first by id; all filters must hold. Every status
    unless one is asked for. ``_links.next`` leads on."""
    wanted = await filters.read_v3(view, query, desk.settings)
    size = desk.settings.page_size_conversations
    found = await cursors.run_down(view, wanted, size + 1)
    following = filters.cursor_of(found[size - 1].id) if len(found) > size else None
    listed = await bodies(view, found[:size], origins, embeds=query.embed is not None, system=SYSTEM)
    return Stretch(
        embedded=EmbeddedConversations(listed) if listed else UNSET,
        links=cursor_links(asked, query.cursor or None, following),
    )


@get("/search", summary="Search Conversations v3", errors=(400, 403), example=examples.LIST)
async def search(view: Snapshot, query: SearchQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedConversations]:
    """Conversations that match a query in the strict language, in every status, newest first by id: each value names its
    field, each joint is ``AND``, ``OR`` or ``NOT``."""
    wanted = filters.search_v3(view, query, desk.settings)
    size = desk.settings.page_size_conversations
    listing = await lists.page(view, wanted, cursors.BY_ID, query.page, size)
    info = page_info(query.page, size, listing.total)
    found = await bodies(view, listing.conversations, origins, embeds=query.embed is not None, system=SYSTEM)
    return Page(
        embedded=EmbeddedConversations(found) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@get(
    "/{conversation_id:str}",
    summary="Get Conversation v3",
    errors=(400, 403, 404),
    redirects=True,
    example=examples.CONVERSATION,
)
async def show(
    view: Snapshot, conversation_id: PathId, query: EmbedQuery, desk: Desk, origins: Origins
) -> ConversationBody | Answer:
    """One conversation. One that was merged away answers 301 with the survivor's address."""
    try:
        it = await one.get_or_moved(view, conversation_id, desk.settings.merge_redirect_days)
    except Moved as moved:
        return Answer(301, headers=[(b"location", f"{origins.api}/v3/conversations/{moved.to}".encode())])
    (body,) = await bodies(view, [it], origins, embeds=query.embed is not None, system=SYSTEM)
    return body


@get("/{conversation_id:str}/threads", summary="List Threads v3", errors=(400, 403, 404), example=examples.THREADS)
async def threads(
    view: Snapshot, conversation_id: PathId, query: ThreadsQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedThreadList]:
    """The threads of a conversation, newest first."""
    size = desk.settings.page_size_conversations
    return await page_of(view, conversation_id, query.page, size, origins, asked.parameters, api="v3", system=SYSTEM)


ROUTERS = [Router("/v3/conversations", route_handlers=[index, search, show, threads])]
