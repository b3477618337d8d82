"""Reading applications, codes and grants."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select

from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.oauth.tables import applications, codes, grants
from deskhand.users.tables import users


class Application(Struct, frozen=True):
    """A registered application; its tokens of the client-credentials grant act as ``user_id``."""

    id: int
    client_id: str
    secret_hash: bytes
    name: str
    redirect_url: str | None
    user_id: int


class Registered(Struct, frozen=True):
    """An application in a list, with the user it acts as; ``granted_at`` is when it last got tokens that are kept still."""

    id: int
    client_id: str
    name: str
    redirect_url: str | None
    user_id: int
    created_at: datetime
    first_name: str
    last_name: str
    granted_at: datetime | None


class Code(Struct, frozen=True):
    """An authorization code."""

    application_id: int
    user_id: int
    expires_at: datetime
    used_at: datetime | None


class Grant(Struct, frozen=True):
    """An access token, and the refresh token it came with, if it did."""

    id: int
    application_id: int
    user_id: int
    code_hash: bytes | None
    expires_at: datetime


APPLICATION = read(
    select(*(applications.c[name] for name in Application.__struct_fields__)).where(
        applications.c.client_id == param("client_id")
    ),
    Application,
)
BY_ID = read(
    select(*(applications.c[name] for name in Application.__struct_fields__)).where(
        applications.c.id == param("application_id")
    ),
    Application,
)
_granted = select(func.max(grants.c.created_at)).where(grants.c.application_id == applications.c.id).scalar_subquery()
REGISTERED = read(
    select(
        *(applications.c[name] for name in Registered.__struct_fields__[:6]),
        users.c.first_name,
        users.c.last_name,
        _granted.label("granted_at"),
    )
    .join_from(applications, users, users.c.id == applications.c.user_id)
    .order_by(applications.c.name, applications.c.id)
    .limit(param("most")),
    Registered,
)
MOST_REGISTERED = 500
CODE = read(
    select(*(codes.c[name] for name in Code.__struct_fields__)).where(codes.c.hash == param("hash")).with_for_update(),
    Code,
)
_grant = select(*(grants.c[name] for name in Grant.__struct_fields__))
BY_ACCESS = read(_grant.where(grants.c.access_hash == param("hash")), Grant)
BY_REFRESH = read(_grant.where(grants.c.refresh_hash == param("hash")).with_for_update(), Grant)


async def application(view: Snapshot, client_id: str) -> Application | None:
    """A registered application, or None."""
    return await view.first(APPLICATION, client_id=client_id)


async def registered(view: Snapshot) -> list[Registered]:
    """The applications there are, by name, 500 at most. Raises Forbidden."""
    view.actor.must(Permission.MANAGE_ACCOUNT)
    return await view.all(REGISTERED, most=MOST_REGISTERED)


async def by_access_token(view: Snapshot, token_hash: bytes) -> Grant | None:
    """The grant of an access token that has not expired, or None."""
    found = await view.first(BY_ACCESS, hash=token_hash)
    return found if found and found.expires_at > view.now else None
