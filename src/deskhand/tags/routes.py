"""Tags (contract 60 §4)."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.kernel.desk import Desk
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, get
from deskhand.kernel.transaction import Snapshot
from deskhand.tags import queries
from deskhand.tags.schemas import EXAMPLE, EXAMPLES, EmbeddedTags, PageQuery, TagBody, tag_body


@get(summary="List Tags", errors=(400,), example=EXAMPLES)
async def index(view: Snapshot, query: PageQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedTags]:
    """The tags of the account, by name."""
    size = desk.settings.page_size
    found, total = await queries.page(view, query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedTags([tag_body(tag, count, origins) for tag, count in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@get("/{tag_id:str}", summary="Get Tag", errors=(400, 404), example=EXAMPLE)
async def show(view: Snapshot, tag_id: PathId, origins: Origins) -> TagBody:
    """One tag."""
    return tag_body(*await queries.get(view, tag_id), origins)


ROUTERS = [Router("/v2/tags", route_handlers=[index, show])]
