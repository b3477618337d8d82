"""Users and teams on the wire (contract 60 §2, §3)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.kernel.http.hal import Link, Origins, SelfLink, example_page
from deskhand.kernel.http.wire import Id, PageNumber
from deskhand.users.model import Presence, StatusSource
from deskhand.users.queries import Session, Status, User

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
NEW_USER_EXAMPLE = {
    "firstName": "Ona",
    "lastName": "Bell",
    "email": "ona@desk.example",
    "role": "user",
    "timezone": "Europe/Lisbon",
    "sendInvite": True,
}
STATUS_INPUT = {"status": "away", "customStatus": {"text": "Lunch", "emoji": "🍜", "emojiName": ":ramen:"}}
STATUS_ITEM = {
    "userId": 14,
    "email": {
        "status": "away",
        "updatedAt": "2026-03-02T12:01:00Z",
        "performedBy": 14,
        "source": "api",
        "customStatus": STATUS_INPUT["customStatus"],
    },
    "chat": {"status": "unavailable", "mailboxStatuses": {}},
}
STATUS_EXAMPLE = {**STATUS_ITEM, "_links": {"self": {"href": f"{API}/users/14/status"}}}
STATUSES_EXAMPLE = example_page(f"{API}/users/status", "userStatuses", STATUS_ITEM)
SYSTEM_USER_EXAMPLE = {
    "id": 900,
    "type": "system_user",
    "firstName": "Assistant",
    "lastName": "",
    "initials": "A",
    "email": None,
    "mention": None,
    "timezone": "UTC",
    "role": "user",
    "photoUrl": None,
    "createdAt": "2026-01-09T12:30:00Z",
    "updatedAt": "2026-02-03T08:14:22Z",
    "_links": {"self": {"href": "https://desk.example.org/v3/system-users/900"}},
}
SYSTEM_USERS_EXAMPLE = example_page("https://desk.example.org/v3/system-users", "system_users", SYSTEM_USER_EXAMPLE)
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

PHOTO_EXAMPLE = {
    "data": "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAFklEQVR4nGNoIAAYRhWMKhhVMFIVAABCAAAfNUt+NwAAAABJRU5ErkJggg=="
}
ACCOUNT_EXAMPLE = {"name": "Lund Cykler", "language": "de"}
SESSIONS_EXAMPLE = [
    {
        "name": "9f0c1d2e3a4b5c6d",
        "createdAt": "2026-03-02T07:58:11Z",
        "usedAt": "2026-03-02T12:01:00Z",
        "address": "192.0.2.7",
    }
]

Name = Annotated[str, Meta(min_length=1, max_length=40)]


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


class CustomStatusBody(Struct, kw_only=True, rename="camel"):
    """What somebody says about their status."""

    text: str
    emoji: str | UnsetType = UNSET
    emoji_name: str | UnsetType = UNSET


class EmailStatusBody(Struct, kw_only=True, rename="camel"):
    """Whether somebody works on mail, since when (UTC), and who said so."""

    status: Presence
    updated_at: datetime
    performed_by: int
    source: StatusSource
    custom_status: CustomStatusBody | UnsetType = UNSET


class ChatStatusBody(Struct, kw_only=True, rename="camel"):
    """Whether somebody takes chats; by inbox where that differs."""

    status: str
    mailbox_statuses: dict[str, str]


class StatusBody(Struct, kw_only=True, rename="camel"):
    """A user's status; items of the list have no links."""

    user_id: int
    email: EmailStatusBody
    chat: ChatStatusBody
    links: SelfLink | UnsetType = field(default=UNSET, name="_links")


class EmbeddedStatuses(Struct, rename="camel"):
    """The statuses of a page."""

    user_statuses: list[StatusBody]


class EmbeddedUsers(Struct):
    """The users of a page."""

    users: list[UserBody]


class SystemUserBody(Struct, kw_only=True, rename="camel"):
    """Something that acts without being a person; what it does not have is null here, not absent."""

    id: int
    type: str = "system_user"
    first_name: str
    last_name: str
    initials: str
    email: str | None
    mention: str | None
    timezone: str
    role: str
    photo_url: str | None
    created_at: datetime
    updated_at: datetime
    links: SelfLink = field(name="_links")


class EmbeddedSystemUsers(Struct):
    """The system users of a page."""

    system_users: list[SystemUserBody]


class EmbeddedTeams(Struct):
    """The teams of a page."""

    teams: list[TeamBody]


class SessionBody(Struct, kw_only=True, rename="camel"):
    """A sign-in in a browser; when it was last used is known to five minutes, ``address`` is the network address."""

    name: str
    created_at: datetime
    used_at: datetime
    address: str


class PhotoInput(Struct, frozen=True):
    """A picture, a PNG or JPEG in base64: at most 1 MB, 32 to 4,096 pixels wide and high."""

    data: str


class AccountBody(Struct, kw_only=True):
    """How the account is called, at most 60 characters, and the language of its mail: ``en``, ``en-US`` or ``de``, or none."""

    name: Annotated[str, Meta(max_length=60)] = ""
    language: Annotated[str, Meta(max_length=20)] = ""


class UsersQuery(Struct, frozen=True, kw_only=True):
    """Filters of "List Users": an exact address, an inbox they work in."""

    email: str | None = None
    mailbox: Id | None = None
    page: PageNumber = 1


class NewRole(StrEnum):
    """What a new user can be: owners are not made."""

    ADMINISTRATOR = "admin"
    USER = "user"
    LIGHT_USER = "light user"


class InboxAccessInput(Struct, frozen=True, rename="camel"):
    """An inbox of a new user; ``emailAccess``: whether they work on its mail."""

    id: Id
    email_access: bool | None = None


class UserInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """Somebody to invite; without ``timezone`` they get that of who invites them."""

    first_name: Name
    last_name: Name
    email: Annotated[str, Meta(min_length=1, max_length=254)]
    role: NewRole
    timezone: str | None = None
    job_title: Annotated[str, Meta(max_length=60)] | None = None
    phone: Annotated[str, Meta(max_length=60)] | None = None
    send_invite: bool | None = None
    mailboxes: Annotated[list[InboxAccessInput], Meta(max_length=200)] | None = None


class CustomStatusInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """Words beside a status, and an emoji with its name."""

    text: Annotated[str, Meta(min_length=1, max_length=100)]
    emoji: Annotated[str, Meta(max_length=40)] | None = None
    emoji_name: Annotated[str, Meta(max_length=60)] | None = None


class StatusInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """A status to set; without ``customStatus`` the words of the last one go."""

    status: Presence
    custom_status: CustomStatusInput | None = None


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
        photo_url=origins.photo(it.photo) or UNSET,
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


def session_body(it: Session) -> SessionBody:
    """A record as a resource of ours."""
    return SessionBody(name=it.name, created_at=it.created_at, used_at=it.used_at, address=it.address)


def team_body(it: User, origins: Origins) -> TeamBody:
    """A record as the resource of contract 60 §3."""
    return TeamBody(
        id=it.id,
        name=f"{it.first_name} {it.last_name}".strip(),
        timezone=it.timezone,
        photo_url=origins.photo(it.photo) or UNSET,
        created_at=it.created_at,
        updated_at=it.updated_at,
        mention=it.mention or UNSET,
        initials=it.initials or UNSET,
        links=SelfLink(Link(f"{origins.api}/v2/teams/{it.id}")),
    )


def status_body(it: Status, origins: Origins | None = None) -> StatusBody:
    """A record as the resource of contract 60 §2.1; with origins with its link. Who takes chats is not kept, so nobody does."""
    custom: CustomStatusBody | UnsetType = UNSET
    if it.text is not None:
        custom = CustomStatusBody(text=it.text, emoji=it.emoji or UNSET, emoji_name=it.emoji_name or UNSET)
    return StatusBody(
        user_id=it.user_id,
        email=EmailStatusBody(
            status=it.status or Presence.ACTIVE,
            updated_at=it.set_at or it.came_at,
            performed_by=it.set_by or it.user_id,
            source=it.source or StatusSource.UI,
            custom_status=custom,
        ),
        chat=ChatStatusBody(status="unavailable", mailbox_statuses={}),
        links=SelfLink(Link(f"{origins.api}/v2/users/{it.user_id}/status")) if origins else UNSET,
    )
