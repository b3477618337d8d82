"""Tags on the wire (contract 60 §4)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from deskhand.kernel.http.hal import Link, Origins, SelfLink, example_page
from deskhand.kernel.http.wire import PageNumber
from deskhand.tags.queries import Tag

API = "https://desk.example.org/v2"
EXAMPLE = {
    "id": 118,
    "slug": "late-delivery",
    "name": "late delivery",
    "color": "green",
    "createdAt": "2026-01-09T12:30:00Z",
    "updatedAt": "2026-02-03T08:14:22Z",
    "ticketCount": 5,
    "_links": {"self": {"href": f"{API}/tags/118"}},
}
EXAMPLES = example_page(f"{API}/tags", "tags", EXAMPLE)


class TagBody(Struct, kw_only=True, rename="camel"):
    """A tag; ``color`` is a word here, ``ticketCount`` how many conversations carry it."""

    id: int
    slug: str
    name: str
    color: str
    created_at: datetime
    updated_at: datetime
    ticket_count: int
    links: SelfLink = field(name="_links")


class EmbeddedTags(Struct):
    """The tags of a page."""

    tags: list[TagBody]


class PageQuery(Struct, frozen=True):
    """Which page."""

    page: PageNumber = 1


def tag_body(it: Tag, count: int, origins: Origins) -> TagBody:
    """A record and its kept count as the resource."""
    return TagBody(
        id=it.id,
        slug=it.slug,
        name=it.name,
        color=it.color,
        created_at=it.created_at,
        updated_at=it.updated_at,
        ticket_count=count,
        links=SelfLink(Link(f"{origins.api}/v2/tags/{it.id}")),
    )
