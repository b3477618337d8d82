"""Users and teams (contract 60 §2, §3). The list of users is the inboxes', which can narrow it."""

from __future__ import annotations

import base64
import binascii

from litestar import Router
from msgspec import UNSET, Struct

from deskhand.kernel.blobs import KEY
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Invalid, NotFound
from deskhand.kernel.http.answers import Answer, Header
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, delete, get, put
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.pictures import picture_type
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.users import operations, queries
from deskhand.users.model import Account, PhotosReplaced, StatusSource
from deskhand.users.schemas import (
    ACCOUNT_EXAMPLE,
    COMPANY_ID,
    PHOTO_EXAMPLE,
    SESSIONS_EXAMPLE,
    STATUS_EXAMPLE,
    STATUS_INPUT,
    STATUSES_EXAMPLE,
    SYSTEM_USER_EXAMPLE,
    SYSTEM_USERS_EXAMPLE,
    TEAM_EXAMPLE,
    TEAMS_EXAMPLE,
    USER_EXAMPLE,
    USERS_EXAMPLE,
    AccountBody,
    EmbeddedStatuses,
    EmbeddedSystemUsers,
    EmbeddedTeams,
    EmbeddedUsers,
    PageQuery,
    PhotoInput,
    SessionBody,
    StatusBody,
    StatusInput,
    SystemUserBody,
    TeamBody,
    UserBody,
    session_body,
    status_body,
    team_body,
    user_body,
)

SHOWN: list[Header] = [
    (b"cache-control", b"public, max-age=31536000, immutable"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-robots-tag", b"noindex"),
]
"""Of a photo: any page may show it, nothing in it may act."""


@get("/me", summary="Get Resource Owner", errors=(404,), example={**USER_EXAMPLE, "companyId": COMPANY_ID})
async def me(view: Snapshot, origins: Origins) -> UserBody:
    """The user that the token stands for."""
    return user_body(await queries.get(view, view.actor.user_id), origins, company_id=COMPANY_ID)


@get("/{user_id:str}", summary="Get User", errors=(400, 404), example=USER_EXAMPLE)
async def show(view: Snapshot, user_id: PathId, origins: Origins) -> UserBody:
    """One user."""
    return user_body(await queries.get(view, user_id), origins)


@delete("/{user_id:str}", summary="Delete User", errors=(400, 403, 404))
async def remove(tx: Transaction, user_id: PathId) -> None:
    """Let somebody no longer work here. Their conversations become nobody's, what they wrote stays."""
    await operations.remove(tx, user_id)


@get("/status", summary="List User Statuses", errors=(400,), example=STATUSES_EXAMPLE)
async def statuses(view: Snapshot, query: PageQuery, desk: Desk, asked: Asked) -> Page[EmbeddedStatuses]:
    """Whether each user works now."""
    size = desk.settings.page_size
    found, total = await queries.statuses(view, query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedStatuses([status_body(each) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@get("/{user_id:str}/status", summary="Get User Status", errors=(400, 404), example=STATUS_EXAMPLE)
async def status(view: Snapshot, user_id: PathId, origins: Origins) -> StatusBody:
    """Whether a user works now."""
    return status_body(await queries.status(view, user_id), origins)


@put("/{user_id:str}/status", summary="Update User Status", errors=(400, 403, 404, 415), example=STATUS_INPUT)
async def set_status(tx: Transaction, user_id: PathId, data: StatusInput) -> None:
    """Say whether a user works now; of somebody else only owners and administrators may."""
    custom = data.custom_status
    await operations.set_status(
        tx,
        user_id,
        data.status,
        source=StatusSource.API,
        text=custom.text if custom else None,
        emoji=custom.emoji if custom else None,
        emoji_name=custom.emoji_name if custom else None,
    )


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


@get(summary="List System Users", errors=(400,), example=SYSTEM_USERS_EXAMPLE)
async def system_users(view: Snapshot, query: PageQuery, desk: Desk, asked: Asked) -> Page[EmbeddedSystemUsers]:
    """AI agents and the like. There are none: what the desk does by itself is nobody's."""
    return Page(links=page_links(asked, query.page, 0), page=page_info(query.page, desk.settings.page_size, 0))


@get("/{system_user_id:str}", summary="Get System User", errors=(400, 404), example=SYSTEM_USER_EXAMPLE)
async def system_user(view: Snapshot, system_user_id: PathId) -> SystemUserBody:
    """One system user. There are none."""
    raise NotFound("Not found")


@get(summary="Get Account", example=ACCOUNT_EXAMPLE)
async def account(view: Snapshot) -> AccountBody:
    """How the account is called, and the language of mail to whoever chose none; empty where nobody said."""
    found = await queries.account(view)
    return AccountBody(name=found.name, language=found.language)


class Kept(Struct, frozen=True):
    """A picture that is kept already."""

    blob: str


async def _keep(desk: Desk, data: PhotoInput) -> Kept:
    """Keep a picture in base64. Raises Invalid("data")."""
    try:
        content = base64.b64decode("".join(data.data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("data", "is not valid base64") from None
    return Kept(await operations.keep_photo(desk.blobs, content, "data"))


async def _forget(tx: Transaction, prepared: Kept) -> None:
    tx.record(PhotosReplaced(blobs=(prepared.blob,), at=tx.instant))


@put(
    "/{user_id:str}/photo",
    summary="Set Photo",
    errors=(400, 403, 404, 413, 415),
    upload=True,
    prepare=_keep,
    refused=_forget,
    example=PHOTO_EXAMPLE,
)
async def set_photo(tx: Transaction, user_id: PathId, data: PhotoInput, prepared: Kept) -> None:
    """Show a user by a picture, PNG or JPEG of at most 1 MB in base64; of somebody else only owners and administrators may."""
    await operations.set_photo(tx, user_id, prepared.blob)


@delete("/{user_id:str}/photo", summary="Remove Photo", errors=(400, 403, 404))
async def remove_photo(tx: Transaction, user_id: PathId) -> None:
    """Show a user by the letters of their name."""
    await operations.set_photo(tx, user_id, None)


@get("/{key:str}", summary="A user's photo", public=True, files=True, documented=False)
async def photo(key: str, desk: Desk) -> Answer:
    """The picture, for ever the same; gone once nobody has it any more."""
    async with desk.reading(system_actor()) as view:
        if not KEY.fullmatch(key) or await view.first(queries.PHOTO, blob=key) is None:
            raise NotFound("Not found")
    content = await desk.blobs.get(key)
    return Answer(200, content, (picture_type(content) or "application/octet-stream").encode(), SHOWN)


@put(summary="Name Account", errors=(400, 403, 415), example=ACCOUNT_EXAMPLE)
async def name_account(tx: Transaction, data: AccountBody) -> None:
    """Say how the account is called, and the language of its mail."""
    await operations.name_account(tx, Account(data.name, data.language))


@get(summary="List Sessions", example=SESSIONS_EXAMPLE)
async def sessions(view: Snapshot) -> list[SessionBody]:
    """The browsers in which the token's user has signed in, the last used first, at most 100."""
    return [session_body(each) for each in await queries.sessions_of(view, view.actor.user_id)]


@delete(summary="End All Sessions", errors=(403,))
async def end_sessions(tx: Transaction) -> None:
    """Sign the token's user out in every browser."""
    await operations.end_other_sessions(tx, "")


@delete("/{name:str}", summary="End Session", errors=(403, 404))
async def end_session(tx: Transaction, name: str) -> None:
    """Sign the token's user out in one browser."""
    await operations.end_session(tx, name)


ROUTERS = [
    Router("/photos", route_handlers=[photo]),
    Router("/deskhand/v1/users", route_handlers=[set_photo, remove_photo]),
    Router("/deskhand/v1/account", route_handlers=[account, name_account]),
    Router("/deskhand/v1/sessions", route_handlers=[sessions, end_sessions, end_session]),
    Router("/v3/system-users", route_handlers=[system_users, system_user]),
    Router("/v2/users", route_handlers=[me, statuses, show, remove, status, set_status]),
    Router("/v2/teams", route_handlers=[teams, team, members]),
]
