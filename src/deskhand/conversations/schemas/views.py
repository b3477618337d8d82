"""Followers and saved views on the wire: ours, the vendor has them in its web application only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.conversations.model import Audience
from deskhand.conversations.queries.followers import Follower
from deskhand.conversations.queries.lists import SortField
from deskhand.conversations.queries.views import SavedView
from deskhand.conversations.schemas.requests import SortOrder
from deskhand.kernel.http.hal import Link, Origins, example_page
from deskhand.kernel.http.wire import Id
from deskhand.search.language import MOST_CHARACTERS

API = "https://desk.example.org/deskhand/v1"
MOST_ORDERED = 200
VIEW_INPUT: dict[str, Any] = {
    "name": "Waiting for parcels",
    "query": "status:open AND tag:shipping",
    "sortField": "waitingSince",
    "sortOrder": "asc",
    "audience": "everybody",
}
VIEW_EXAMPLE: dict[str, Any] = {
    "id": 31,
    **VIEW_INPUT,
    "userId": 502,
    "createdAt": "2026-02-03T08:14:22Z",
    "modifiedAt": "2026-02-03T08:14:22Z",
    "_links": {
        "conversations": {"href": f"{API}/views/31/conversations"},
        "count": {"href": f"{API}/views/31/count"},
        "self": {"href": f"{API}/views/31"},
    },
}
VIEWS_EXAMPLE = example_page(f"{API}/views", "views", VIEW_EXAMPLE)
COUNT_EXAMPLE = {"count": 1000, "isMore": True}
ORDER_EXAMPLE = {"ids": [31, 29]}
FOLLOWERS_EXAMPLE = {"followers": [{"userId": 502, "since": "2026-02-03T08:14:22Z"}]}


class FollowerBody(Struct, rename="camel"):
    """A user who follows a conversation, and since when."""

    user_id: int
    since: datetime


class FollowersBody(Struct):
    """Who follows a conversation, by user."""

    followers: list[FollowerBody]


class ViewInput(Struct, frozen=True, rename="camel", kw_only=True):
    """A view: a search of every status with an order. ``teamId`` only for the audience ``team``."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    query: Annotated[str, Meta(min_length=1, max_length=MOST_CHARACTERS)]
    sort_field: SortField = SortField.CREATED_AT
    sort_order: SortOrder = SortOrder.DESC
    audience: Audience = Audience.PRIVATE
    team_id: Id | None = None


class ViewOrderInput(Struct, frozen=True):
    """Views in the order wanted; those that are left out follow."""

    ids: Annotated[list[Id], Meta(max_length=MOST_ORDERED)]


class ViewLinks(Struct, kw_only=True):
    """Where a view, what it lists and how many that is are."""

    conversations: Link
    count: Link
    self_: Link = field(name="self")


class SavedViewBody(Struct, kw_only=True, rename="camel"):
    """A view; ``userId`` saved it."""

    id: int
    name: str
    query: str
    sort_field: str
    sort_order: str
    audience: Audience
    team_id: int | UnsetType = UNSET
    user_id: int
    created_at: datetime
    modified_at: datetime
    links: ViewLinks = field(name="_links")


class EmbeddedViews(Struct):
    """The views of a page."""

    views: list[SavedViewBody]


class ViewCountBody(Struct, rename="camel"):
    """How many conversations a view lists: counted to 1,000, then there ``isMore``."""

    count: int
    is_more: bool


def followers_body(found: list[Follower]) -> FollowersBody:
    """Records as the resource."""
    return FollowersBody([FollowerBody(each.user_id, each.since) for each in found])


def view_body(it: SavedView, origins: Origins) -> SavedViewBody:
    """A record as the resource."""
    here = f"{origins.api}/deskhand/v1/views/{it.id}"
    return SavedViewBody(
        id=it.id,
        name=it.name,
        query=it.query,
        sort_field=it.sort_field,
        sort_order="asc" if it.ascending else "desc",
        audience=it.audience,
        team_id=it.team_id or UNSET,
        user_id=it.user_id,
        created_at=it.created_at,
        modified_at=it.modified_at,
        links=ViewLinks(
            conversations=Link(f"{here}/conversations"),
            count=Link(f"{here}/count"),
            self_=Link(here),
        ),
    )
