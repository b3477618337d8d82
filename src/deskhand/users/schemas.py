"""Users and teams on the wire (contract 60 §2, §3)."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType, field

from deskhand.kernel.http.hal import Link, Origins, SelfLink, example_page
from deskhand.kernel.http.wire import Id, PageNumber
from deskhand.users.queries import User

COMPANY_ID = 1  # an account is a database, so every account is company 1 of its own

API = "https://desk.example.org/v2"
USER_EXAMPLE = {
    "id": 14,
    "firstName": "Ona",
    "lastName": "Bell",
    "email": "ona@desk.example",
    "role": "owner",
    "timezone": "Europe/Lisbon",
    "createdAt": "2026-01-09T12:30:00Z",
    "updatedAt": "2026-02-03T08:14:22Z",
    "type": "user",
    "mention": "ona",
    "initials": "OB",
    "jobTitle": "Support lead",
    "alternateEmails": [],
    "_links": {"self": {"href": f"{API}/users/14"}},
}
USERS_EXAMPLE = example_page(f"{API}/users", "users", USER_EXAMPLE)
TEAM_EXAMPLE = {
    "id": 40,
    "name": "Night shift",
    "timezone": "Europe/Lisbon",
    "createdAt": "2026-01-09T12:30:00Z",
    "updatedAt": "2026-02-03T08:14:22Z",
    "mention": "night",
    "initials": "NS",
    "_links": {"self": {"href": f"{API}/teams/40"}},
}
TEAMS_EXAMPLE = example_page(f"{API}/teams", "teams", TEAM_EXAMPLE)


class UserBody(Struct, kw_only=True, rename="camel"):
    """A user; ``companyId`` only on ``/v2/users/me``."""

    id: int
    first_name: str
    last_name: str
    email: str
    role: str
    timezone: str
    photo_url: str | UnsetType = UNSET
    created_at: datetime
    updated_at: datetime
    type: str
    mention: str | UnsetType = UNSET
    initials: str | UnsetType = UNSET
    job_title: str | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    alternate_emails: list[str]
    company_id: int | UnsetType = UNSET
    links: SelfLink = field(name="_links")


class TeamBody(Struct, kw_only=True, rename="camel"):
    """A team; its id is of the users' space."""

    id: int
    name: str
    timezone: str
    photo_url: str | UnsetType = UNSET
    created_at: datetime
    updated_at: datetime
    mention: str | UnsetType = UNSET
    initials: str | UnsetType = UNSET
    links: SelfLink = field(name="_links")


class EmbeddedUsers(Struct):
    """The users of a page."""

    users: list[UserBody]


class EmbeddedTeams(Struct):
    """The teams of a page."""

    teams: list[TeamBody]


class UsersQuery(Struct, frozen=True, kw_only=True):
    """Filters of "List Users": an exact address, an inbox they work in."""

    email: str | None = None
    mailbox: Id | None = None
    page: PageNumber = 1


class PageQuery(Struct, frozen=True):
    """Which page."""

    page: PageNumber = 1


def user_body(it: User, origins: Origins, *, company_id: int | UnsetType = UNSET) -> UserBody:
    """A record as the resource of contract 60 §2."""
    return UserBody(
        id=it.id,
        first_name=it.first_name,
        last_name=it.last_name,
        email=it.email or "",
        role=it.role,
        timezone=it.timezone,
        photo_url=it.photo_url or UNSET,
        created_at=it.created_at,
        updated_at=it.updated_at,
        type=it.type,
        mention=it.mention or UNSET,
        initials=it.initials or UNSET,
        job_title=it.job_title or UNSET,
        phone=it.phone or UNSET,
        alternate_emails=it.alternate_emails,
        company_id=company_id,
        links=SelfLink(Link(f"{origins.api}/v2/users/{it.id}")),
    )


def team_body(it: User, origins: Origins) -> TeamBody:
    """A record as the resource of contract 60 §3."""
    return TeamBody(
        id=it.id,
        name=f"{it.first_name} {it.last_name}".strip(),
        timezone=it.timezone,
        photo_url=it.photo_url or UNSET,
        created_at=it.created_at,
        updated_at=it.updated_at,
        mention=it.mention or UNSET,
        initials=it.initials or UNSET,
        links=SelfLink(Link(f"{origins.api}/v2/teams/{it.id}")),
    )
