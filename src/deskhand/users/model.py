"""The vocabulary of people who work here."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

from deskhand.kernel.events import Event
from deskhand.kernel.permissions import BY_ROLE, Permission, Role

SESSION_IDLE = timedelta(hours=12)
SESSION_WHOLE = timedelta(days=30)
SESSION_NOTED = timedelta(minutes=5)  # how exactly the last use is known
MOST_SESSIONS = 100  # of one user that are listed


class UserState(StrEnum):
    """``invited`` has not accepted yet; ``disabled`` may do nothing any more."""

    ACTIVE = "active"
    DISABLED = "disabled"
    INVITED = "invited"


class Presence(StrEnum):
    """Whether somebody works on mail now."""

    ACTIVE = "active"
    AWAY = "away"


class StatusSource(StrEnum):
    """What set a status."""

    API = "api"
    PRESENCE_DETECTION = "presence_detection"
    UI = "ui"


class LinkKind(StrEnum):
    """What a link that came by mail is for; the value is also how its address begins."""

    INVITATION = "invitation"
    RESET = "reset"


LINK_LIFE = {LinkKind.INVITATION: timedelta(hours=72), LinkKind.RESET: timedelta(hours=1)}


class Occasion(StrEnum):
    """What somebody may want to be told of; ``mine``, ``unassigned`` and ``others`` say whose the conversation is."""

    NEW_CONVERSATION = "new-conversation"
    ASSIGNED_TO_ME = "assigned-to-me"
    ASSIGNED_TO_MY_TEAM = "assigned-to-my-team"
    ASSIGNED_TO_OTHERS = "assigned-to-others"
    CUSTOMER_REPLIED_TO_MINE = "customer-replied-to-mine"
    CUSTOMER_REPLIED_TO_UNASSIGNED = "customer-replied-to-unassigned"
    CUSTOMER_REPLIED_TO_OTHERS = "customer-replied-to-others"
    COLLEAGUE_WROTE_IN_MINE = "colleague-wrote-in-mine"
    COLLEAGUE_WROTE_IN_UNASSIGNED = "colleague-wrote-in-unassigned"
    COLLEAGUE_WROTE_IN_OTHERS = "colleague-wrote-in-others"
    MENTIONED = "mentioned"
    FOLLOWED = "followed"
    RATED = "rated"


TOLD_BY_MAIL = (
    Occasion.ASSIGNED_TO_ME,
    Occasion.CUSTOMER_REPLIED_TO_MINE,
    Occasion.COLLEAGUE_WROTE_IN_MINE,
    Occasion.MENTIONED,
    Occasion.FOLLOWED,
)
TOLD_IN_BROWSER = (*TOLD_BY_MAIL, Occasion.ASSIGNED_TO_MY_TEAM, Occasion.RATED)
"""What whoever never chose is told of: what concerns them, not what happens anywhere."""


class Account(Struct, frozen=True):
    """What all who work here have in common: how the desk is called, and the language of mail to whoever chose none; empty
    for none."""

    name: str = ""
    language: str = ""


class AccountChanged(Event, frozen=True):
    """The account is called otherwise, or writes in another language."""

    name: str
    language: str


class UserCreated(Event, frozen=True):
    """Somebody works here now."""

    user_id: int


class UserUpdated(Event, frozen=True):
    """A user's profile, role or rights changed."""

    user_id: int


class PhotosReplaced(Event, frozen=True):
    """Pictures of users are used no more, or were sent with what was refused; ``blobs`` are their keys."""

    blobs: tuple[str, ...]
    at: datetime


class RoleChanged(Event, frozen=True):
    """Somebody is something else in the account now."""

    user_id: int
    before: Role
    after: Role


class UserInvited(Event, frozen=True):
    """A new user is to get a welcome mail."""

    user_id: int


class InvitationHandedOver(Event, frozen=True):
    """Somebody took the link of a user's invitation to hand it over."""

    user_id: int


class UserDeleted(Event, frozen=True):
    """Somebody no longer works here; what they wrote stays theirs."""

    user_id: int


class UserStatusChanged(Event, frozen=True):
    """Somebody went away, is back, or says something else about it."""

    user_id: int
    status: Presence


class PasswordChanged(Event, frozen=True):
    """A user has another password; their sessions ended."""

    user_id: int


class PasswordLinkAsked(Event, frozen=True):
    """Somebody at a network address says they forgot a password: a user's, or nobody's that we know."""

    user_id: int | None
    address: str


class SignedIn(Event, frozen=True):
    """A user proved to be one in a browser, at a network address."""

    user_id: int
    address: str


class SignInFailed(Event, frozen=True):
    """Somebody at a network address did not prove to be the user they said, or named nobody that we know."""

    user_id: int | None
    address: str


class SessionEnded(Event, frozen=True):
    """A user ended a session of theirs elsewhere, or all the others."""

    user_id: int


class NotificationsChosen(Event, frozen=True):
    """A user wants to be told of other things, or elsewhere."""

    user_id: int


class TeamCreated(Event, frozen=True):
    """A team was made."""

    team_id: int


class TeamMembersChanged(Event, frozen=True):
    """Somebody joined or left a team."""

    team_id: int
    added: tuple[int, ...]
    removed: tuple[int, ...]


class TeamUpdated(Event, frozen=True):
    """A team is called otherwise."""

    team_id: int


class TeamDeleted(Event, frozen=True):
    """A team is no more; what it owned becomes nobody's."""

    team_id: int

    @property
    def user_id(self) -> int:
        """Its id in the space that teams share with users."""
        return self.team_id


def permissions_of(role: Role, granted: list[str]) -> frozenset[Permission]:
    """What a role may do, what was granted to this person beside it, and without what was taken (``-use-api``)."""
    known = {permission.value for permission in Permission}
    given = {Permission(each) for each in granted if each in known}
    taken = {Permission(each[1:]) for each in granted if each[:1] == "-" and each[1:] in known}
    return (BY_ROLE[role] | given) - taken


def token_hash(token: str) -> bytes:
    """What is kept of a token: it has 256 random bits, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).digest()


def initials(first_name: str, last_name: str) -> str:
    """The first letters of a name."""
    return (first_name[:1] + last_name[:1]).upper()


def mention(first_name: str, last_name: str) -> str:
    """How somebody is called in notes: letters and digits of the name."""
    return "".join(letter for letter in (first_name or last_name).lower() if letter.isalnum())


def is_timezone(name: str) -> bool:
    """Whether this is the name of a time zone, such as ``Europe/Lisbon``."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True
