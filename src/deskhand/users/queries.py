"""Reading users and teams. Everybody with a token sees all of them, as the vendor has it (contract 60 §2, §3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, or_, select, union

from deskhand.kernel.errors import NotFound
from deskhand.kernel.permissions import Role
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.users.model import (
    MOST_SESSIONS,
    SESSION_IDLE,
    SESSION_WHOLE,
    TOLD_BY_MAIL,
    TOLD_IN_BROWSER,
    Account,
    Occasion,
    Presence,
    StatusSource,
    UserState,
)
from deskhand.users.tables import account as accounts
from deskhand.users.tables import notification_settings, sessions, team_members, user_links, user_statuses, users


class User(Struct, frozen=True):
    """A user, or a team, which has no email, role or password of its own; ``language`` is None for as the browser has it,
    ``photo`` the key of a picture; with ``newest_first`` they read conversations from their end."""

    id: int
    type: str
    state: str
    role: str
    granted: list[str]
    first_name: str
    last_name: str
    email: str | None
    timezone: str
    language: str | None
    job_title: str | None
    phone: str | None
    mention: str | None
    initials: str | None
    photo: str | None
    newest_first: bool | None
    alternate_emails: list[str]
    password_hash: str | None
    created_at: datetime
    updated_at: datetime


class Status(Struct, frozen=True):
    """Whether a user works now, and what they say about it. All but the first two is None until a status was set."""

    user_id: int
    came_at: datetime
    status: Presence | None
    set_at: datetime | None
    set_by: int | None
    source: StatusSource | None
    text: str | None
    emoji: str | None
    emoji_name: str | None


class Wishes(Struct, frozen=True):
    """What somebody wants to be told of, in the browser and by mail."""

    in_browser: list[Occasion]
    by_mail: list[Occasion]


class Called(Struct, frozen=True):
    """A name in notes, and somebody who is meant by it."""

    name: str | None
    user_id: int


class Session(Struct, frozen=True):
    """A sign-in in a browser from a network address; instants are UTC, the last use is known to five minutes."""

    hash: bytes
    user_id: int
    created_at: datetime
    used_at: datetime
    address: str

    @property
    def name(self) -> str:
        """What one may call it by: says nothing about its token."""
        return self.hash[:8].hex()

    def has_ended(self, now: datetime) -> bool:
        """Whether it was idle for 12 hours, or began 30 days ago."""
        return now - self.used_at > SESSION_IDLE or now - self.created_at > SESSION_WHOLE


COLUMNS = [users.c[name] for name in User.__struct_fields__]
ONE = read(select(*COLUMNS).where(users.c.id == param("user_id")), User)
BY_EMAIL = read(select(*COLUMNS).where(users.c.email_key == param("email_key")), User)
BY_EMAILS = read(select(*COLUMNS).where(any_of(users.c.email_key, "keys")), User)
MEMBERS = read(
    select(*COLUMNS)
    .join_from(users, team_members, team_members.c.user_id == users.c.id)
    .where(team_members.c.team_id == param("team_id"), users.c.state != "disabled")
    .order_by(users.c.id)
    .limit(param("most"))
    .offset(param("skip")),
    User,
)
MEMBER_COUNT = read(
    select(func.count())
    .select_from(team_members.join(users, users.c.id == team_members.c.user_id))
    .where(team_members.c.team_id == param("team_id"), users.c.state != "disabled"),
    int,
)
TEAM_IDS = read(
    select(team_members.c.team_id).where(team_members.c.user_id == param("user_id")).order_by(team_members.c.team_id), int
)
MEMBER_IDS = read(
    select(team_members.c.user_id).where(team_members.c.team_id == param("team_id")).order_by(team_members.c.user_id),
    int,
)
_mentioned = any_of(users.c.mention, "names"), users.c.state != UserState.DISABLED.value
_called = select(users.c.id).where(*_mentioned, users.c.type == "user")
_by_team = select(team_members.c.user_id).join_from(team_members, users, users.c.id == team_members.c.team_id)
_named = union(_called, _by_team.where(*_mentioned)).subquery()
MENTIONED = read(select(_named.c.id), int)
_of_team = select(users.c.mention, team_members.c.user_id).join_from(team_members, users, users.c.id == team_members.c.team_id)
_by_name = union(select(users.c.mention, users.c.id).where(*_mentioned), _of_team.where(*_mentioned)).subquery()
CALLED = read(select(_by_name.c.mention, _by_name.c.id), Called)
EVERYWHERE = read(
    select(users.c.id)
    .where(
        users.c.type == "user",
        users.c.state != UserState.DISABLED.value,
        or_(users.c.role == Role.OWNER.value, users.c.role == Role.ADMINISTRATOR.value),
    )
    .order_by(users.c.id),
    int,
)
_statuses = (
    select(users.c.id, users.c.created_at, *(user_statuses.c[name] for name in Status.__struct_fields__[2:]))
    .select_from(users.outerjoin(user_statuses, user_statuses.c.user_id == users.c.id))
    .where(users.c.type == "user", users.c.state != UserState.DISABLED.value)
)
STATUS = read(_statuses.where(users.c.id == param("user_id")), Status)
STATUSES = read(_statuses.order_by(users.c.id).limit(param("most")).offset(param("skip")), Status)
PRESENT = read(
    select(users.c.id)
    .select_from(users.outerjoin(user_statuses, user_statuses.c.user_id == users.c.id))
    .where(
        any_of(users.c.id, "ids"),
        users.c.state == UserState.ACTIVE.value,
        or_(user_statuses.c.status.is_(None), user_statuses.c.status == Presence.ACTIVE.value),
    ),
    int,
)
_sessions = select(*(sessions.c[name] for name in Session.__struct_fields__))
SESSION = read(_sessions.where(sessions.c.hash == param("hash")), Session)
SESSIONS = read(
    _sessions.where(sessions.c.user_id == param("user_id"))
    .order_by(sessions.c.used_at.desc(), sessions.c.hash)
    .limit(param("most")),
    Session,
)
SESSION_FROM = read(
    select(sessions.c.user_id).where(sessions.c.user_id == param("user_id"), sessions.c.address == param("address")).limit(1),
    int,
)
BY_LINK = read(
    select(*COLUMNS)
    .join_from(users, user_links, user_links.c.user_id == users.c.id)
    .where(user_links.c.hash == param("hash"), user_links.c.kind == param("kind"), user_links.c.expires_at > param("now")),
    User,
)
WISHES = read(
    select(notification_settings.c.in_browser, notification_settings.c.by_mail).where(
        notification_settings.c.user_id == param("user_id")
    ),
    Wishes,
)
PHOTO = read(select(users.c.id).where(users.c.photo == param("blob")).limit(1), int)
"""Whether a picture is anybody's."""
ACCOUNT = read(select(accounts.c.name, accounts.c.language), Account)
ANYBODY = read(select(users.c.id).where(users.c.type == "user").limit(1), int)


@shaped
def _listed(type_: str, *, by_email: bool, by_ids: bool) -> tuple[Read[User], Read[int]]:
    conditions: list[ColumnElement[bool]] = [users.c.type == type_, users.c.state != "disabled"]
    if by_email:
        conditions.append(users.c.email_key == param("email_key"))
    if by_ids:
        conditions.append(any_of(users.c.id, "ids"))
    page = select(*COLUMNS).where(*conditions).order_by(users.c.id).limit(param("most")).offset(param("skip"))
    return read(page, User), read(select(func.count()).select_from(users).where(*conditions), int)


async def find(view: Snapshot, user_id: int) -> User | None:
    """A user (not a team) that is not disabled, or None."""
    found = await view.first(ONE, user_id=user_id)
    return found if found and found.type == "user" and found.state != "disabled" else None


async def get(view: Snapshot, user_id: int) -> User:
    """The same. Raises NotFound."""
    found = await find(view, user_id)
    if found is None:
        raise NotFound("Not found")
    return found


async def get_team(view: Snapshot, team_id: int) -> User:
    """A team. Raises NotFound."""
    found = await view.first(ONE, user_id=team_id)
    if found is None or found.type != "team" or found.state == "disabled":
        raise NotFound("Not found")
    return found


async def assignee(view: Snapshot, owner_id: int) -> User | None:
    """A user or team that can own a conversation, or None."""
    found = await view.first(ONE, user_id=owner_id)
    return found if found and found.state != "disabled" else None


async def is_team(view: Snapshot, owner_id: int) -> bool:
    """Whether an id of the shared space is a team's."""
    found = await view.first(ONE, user_id=owner_id)
    return found is not None and found.type == "team"


async def by_email(view: Snapshot, email: str) -> User | None:
    """The user with an address, in any case."""
    return await view.first(BY_EMAIL, email_key=email.strip().lower())


async def by_emails(view: Snapshot, emails: Iterable[str]) -> dict[str, User]:
    """Users by their address in lower case."""
    keys = {each.strip().lower() for each in emails}
    found = await view.all(BY_EMAILS, keys=sorted(keys)) if keys else []
    return {each.email.lower(): each for each in found if each.email}


async def member_ids(view: Snapshot, team_id: int) -> list[int]:
    """The users in a team, ascending."""
    return await view.all(MEMBER_IDS, team_id=team_id)


async def team_ids(view: Snapshot, user_id: int) -> list[int]:
    """The teams that a user is in, ascending."""
    return await view.all(TEAM_IDS, user_id=user_id)


async def mentioned(view: Snapshot, names: list[str]) -> list[int]:
    """The users who are called by these names in notes (``ona``), or are in a team that is."""
    return await view.all(MENTIONED, names=names)


async def called(view: Snapshot, names: list[str]) -> dict[str, set[int]]:
    """Who is meant by which of these names; a team's is its own id too. Names that nobody has are left out."""
    found: dict[str, set[int]] = {}
    for each in await view.all(CALLED, names=names):
        found.setdefault(each.name or "", set()).add(each.user_id)
    return found


async def everywhere(view: Snapshot) -> list[int]:
    """Those who work in every inbox: owners and administrators."""
    return await view.all(EVERYWHERE)


async def page(
    view: Snapshot, type_: str, number: int, size: int, *, email: str | None = None, ids: list[int] | None = None
) -> tuple[list[User], int]:
    """A page of users or teams by id, and how many there are; ``ids`` and ``email`` narrow it."""
    listed, counted = _listed(type_, by_email=email is not None, by_ids=ids is not None)
    values: dict[str, Any] = {} if email is None else {"email_key": email.strip().lower()}
    values |= {} if ids is None else {"ids": ids}
    total = await view.one(counted, **values)
    return await view.all(listed, most=size, skip=(number - 1) * size, **values), total


async def members(view: Snapshot, team_id: int, number: int, size: int) -> tuple[list[User], int]:
    """A page of a team's users, and how many there are. Raises NotFound."""
    await get_team(view, team_id)
    total = await view.one(MEMBER_COUNT, team_id=team_id)
    return await view.all(MEMBERS, team_id=team_id, most=size, skip=(number - 1) * size), total


async def has_session_from(view: Snapshot, user_id: int, address: str) -> bool:
    """Whether somebody who proved to be the user signed in at this network address, and has not signed out."""
    return await view.first(SESSION_FROM, user_id=user_id, address=address) is not None


async def sessions_of(view: Snapshot, user_id: int) -> list[Session]:
    """The sessions of a user that go on, the last used first, at most 100."""
    found = await view.all(SESSIONS, user_id=user_id, most=MOST_SESSIONS)
    return [each for each in found if not each.has_ended(view.now)]


async def account(view: Snapshot) -> Account:
    """How the account is called, and the language of its mail."""
    return await view.first(ACCOUNT) or Account()


async def wishes(view: Snapshot, user_id: int) -> Wishes:
    """What a user wants to be told of; what is usual for whoever never chose."""
    return await view.first(WISHES, user_id=user_id) or Wishes(list(TOLD_IN_BROWSER), list(TOLD_BY_MAIL))


async def status(view: Snapshot, user_id: int) -> Status:
    """Whether a user works now. Raises NotFound."""
    return await view.one(STATUS, user_id=user_id)


async def statuses(view: Snapshot, number: int, size: int) -> tuple[list[Status], int]:
    """A page of every user's status by id, and how many there are."""
    _, counted = _listed("user", by_email=False, by_ids=False)
    return await view.all(STATUSES, most=size, skip=(number - 1) * size), await view.one(counted)


async def present(view: Snapshot, ids: list[int]) -> set[int]:
    """Those of some users who work now: neither away nor still invited."""
    return set(await view.all(PRESENT, ids=ids))
