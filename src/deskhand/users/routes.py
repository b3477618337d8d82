"""Users and teams (contract 60 §2, §3). The list of users is the inboxes', which can narrow it."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.kernel.desk import Desk
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, get
from deskhand.kernel.transaction import Snapshot
from deskhand.users import queries
from deskhand.users.schemas import (
    COMPANY_ID,
    TEAM_EXAMPLE,
    TEAMS_EXAMPLE,
    USER_EXAMPLE,
    USERS_EXAMPLE,
    EmbeddedTeams,
    EmbeddedUsers,
    PageQuery,
    TeamBody,
    UserBody,
    team_body,
    user_body,
)


@get("/me", summary="Get Resource Owner", errors=(404,), example={**USER_EXAMPLE, "companyId": COMPANY_ID})
async def me(view: Snapshot, origins: Origins) -> UserBody:
    """The user that the token stands for."""
    return user_body(await queries.get(view, view.actor.user_id), origins, company_id=COMPANY_ID)


@get("/{user_id:str}", summary="Get User", errors=(400, 404), example=USER_EXAMPLE)
async def show(view: Snapshot, user_id: PathId, origins: Origins) -> UserBody:
    """One user."""
    return user_body(await queries.get(view, user_id), origins)


@get(summary="List Teams", errors=(400,), example=TEAMS_EXAMPLE)
async def teams(view: Snapshot, query: PageQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedTeams]:
    """The teams of the account."""
    size = desk.settings.page_size
    found, total = await queries.page(view, "team", query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedTeams([team_body(each, origins) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@get("/{team_id:str}", summary="Get Team", errors=(400, 404), example=TEAM_EXAMPLE)
async def team(view: Snapshot, team_id: PathId, origins: Origins) -> TeamBody:
    """One team."""
    return team_body(await queries.get_team(view, team_id), origins)


@get("/{team_id:str}/members", summary="List Team Members", errors=(400, 404), example=USERS_EXAMPLE)
async def members(
    view: Snapshot, team_id: PathId, query: PageQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedUsers]:
    """The users in a team."""
    size = desk.settings.page_size
    found, total = await queries.members(view, team_id, query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedUsers([user_body(each, origins) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


ROUTERS = [Router("/v2/users", route_handlers=[me, show]), Router("/v2/teams", route_handlers=[teams, team, members])]
