"""Saved views: a search with a name. Somebody's own, those for everybody, and those of their teams."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, func, literal, or_, select

from deskhand.conversations.model import Audience
from deskhand.conversations.tables import saved_view_places, saved_views
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.users.tables import team_members


class SavedView(Struct, frozen=True):
    """A view; ``user_id`` saved it. ``sort_field`` is a ``SortField``."""

    id: int
    user_id: int
    name: str
    query: str
    sort_field: str
    ascending: bool
    audience: Audience
    team_id: int | None
    created_at: datetime
    modified_at: datetime


v = saved_views.c
_teams = select(team_members.c.team_id).where(team_members.c.user_id == param("user_id"))
_shown = or_(
    v.user_id == param("user_id"),
    v.audience == literal(Audience.EVERYBODY.value),
    and_(v.audience == literal(Audience.TEAM.value), or_(param("sees_teams") == literal(1), v.team_id.in_(_teams))),
)
_view = select(*(v[name] for name in SavedView.__struct_fields__))
_one = _view.where(v.id == param("view_id"), _shown)
ONE, LOCK = read(_one, SavedView), read(_one.with_for_update(), SavedView)
_places = and_(saved_view_places.c.view_id == v.id, saved_view_places.c.user_id == param("user_id"))
LISTED = read(
    _view.select_from(saved_views.outerjoin(saved_view_places, _places))
    .where(_shown)
    .order_by(func.coalesce(saved_view_places.c.position, 2**31 - 1), v.id)
    .limit(param("most"))
    .offset(param("skip")),
    SavedView,
)
COUNT = read(select(func.count()).select_from(saved_views).where(_shown), int)
AMONG = read(select(v.id).where(any_of(v.id, "ids"), _shown), int)
OWN_COUNT = read(select(func.count()).select_from(saved_views).where(v.user_id == param("user_id")), int)


def whose(view: Snapshot) -> dict[str, Any]:
    """The parameters of who looks. Who manages the account has the views of every team, to look after them."""
    return {"user_id": view.actor.user_id, "sees_teams": int(view.actor.may(Permission.MANAGE_ACCOUNT))}


async def get(view: Snapshot, view_id: int) -> SavedView:
    """A view that the actor has; in an operation it is locked. Raises NotFound."""
    return await view.one(LOCK if isinstance(view, Transaction) else ONE, view_id=view_id, **whose(view))


async def page(view: Snapshot, number: int, size: int) -> tuple[list[SavedView], int]:
    """Page ``number`` (from 1) of the actor's views in the order they chose, the others behind by id; how many in all."""
    total = await view.one(COUNT, **whose(view))
    return await view.all(LISTED, **whose(view), most=size, skip=(number - 1) * size), total


async def among(view: Snapshot, ids: list[int]) -> set[int]:
    """Those of some ids that are views the actor has."""
    return set(await view.all(AMONG, ids=ids, **whose(view)))
