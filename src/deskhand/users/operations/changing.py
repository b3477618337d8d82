"""What people are called, what they are and may do, and their teams, changed."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import delete, func, select, update

from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Conflict, Forbidden, Invalid, Mistake, Mistakes, Unmet
from deskhand.kernel.permissions import BY_ROLE, SEE_EVERY_INBOX, Permission, Role
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries
from deskhand.users.model import (
    InvitationHandedOver,
    LinkKind,
    RoleChanged,
    TeamDeleted,
    TeamUpdated,
    UserInvited,
    UserState,
    UserUpdated,
    initials,
    is_timezone,
    mention,
)
from deskhand.users.operations.links import make_link
from deskhand.users.queries import User
from deskhand.users.tables import team_members, users

LONGEST_NAME = 40
LONGEST_TEXT = 60
HELD = "users:owners"
PROFILE = ("first_name", "last_name", "name_key", "mention", "initials", "timezone", "language", "job_title", "phone")
LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_this = users.c.id == param("user_id")


SET_PROFILE = write(update(users).where(_this).values({name: param(name) for name in (*PROFILE, "updated_at")}))
SET_EMAIL = write(update(users).where(_this).values({name: param(name) for name in ("email", "email_key", "updated_at")}))
SET_ROLE = write(update(users).where(_this).values({name: param(name) for name in ("role", "granted", "updated_at")}))
SET_RIGHTS = write(update(users).where(_this).values({name: param(name) for name in ("granted", "updated_at")}))
DISABLE_TEAM = write(update(users).where(_this).values(state=UserState.DISABLED.value, updated_at=param("updated_at")))
LEAVE_TEAM = write(delete(team_members).where(team_members.c.team_id == param("team_id")))
OWNERS = read(
    select(func.count())
    .select_from(users)
    .where(users.c.type == "user", users.c.role == Role.OWNER.value, users.c.state == UserState.ACTIVE.value),
    int,
)
GRANTABLE = tuple(each for each in Permission if each is not Permission.MANAGE_ACCOUNT)
"""What may be given to one person, or taken. To manage the account is what a role is for."""


class Profile(Struct, frozen=True, kw_only=True):
    """What somebody is called, and where they are; ``mention`` is how notes call them, by default their first name.

    ``language`` is that of their pages, a tag such as ``de``; None for the browser's.
    """

    first_name: str
    last_name: str
    timezone: str
    job_title: str = ""
    phone: str = ""
    mention: str = ""
    language: str | None = None


async def change_profile(tx: Transaction, user_id: int, profile: Profile) -> None:
    """Say what somebody is called. What is so already changes nothing.

    Raises NotFound; Forbidden for somebody else without the right; Invalid naming each field.
    """
    user = await queries.get(tx, user_id)
    if user_id != tx.actor.user_id:
        tx.actor.must(Permission.MANAGE_ACCOUNT)
    _check(profile)
    first, last = profile.first_name.strip(), profile.last_name.strip()
    given = {
        "first_name": first,
        "last_name": last,
        "mention": _mention(user, first, last, profile.mention),
        "initials": initials(first, last),
        "timezone": profile.timezone,
        "language": profile.language or None,
        "job_title": profile.job_title.strip() or None,
        "phone": profile.phone.strip() or None,
    }
    if all(getattr(user, name) == value for name, value in given.items()):
        return
    await tx.write(SET_PROFILE, user_id=user_id, **given, name_key=indexable(f"{first} {last}"), updated_at=tx.now)
    tx.access_changed = True
    tx.record(UserUpdated(user_id=user_id))


async def change_email(tx: Transaction, user_id: int, email: str) -> None:
    """Give somebody another address to sign in with. Raises NotFound, Forbidden, Invalid("email"), Conflict."""
    user = await queries.get(tx, user_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    email = email.strip()
    if email == user.email:
        return
    await _may_touch(tx, user)
    if not is_email(email):
        raise Invalid("email", "not a well-formed email address", code=Code.EMAIL, rejected=email[:300])
    other = await queries.by_email(tx, email)
    if other is not None and other.id != user_id:
        raise Conflict("The email address belongs to another user")
    await tx.write(SET_EMAIL, user_id=user_id, email=email, email_key=email.lower(), updated_at=tx.now)
    tx.access_changed = True
    tx.record(UserUpdated(user_id=user_id))


async def change_role(tx: Transaction, user_id: int, role: Role) -> None:
    """Make somebody something else. What was granted to them or taken beside the old role goes with it.

    Raises NotFound; Forbidden without the right, and where an owner is made or unmade for whoever is none; Unmet where nobody
    would own the account any more.
    """
    user = await queries.get(tx, user_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    before = Role(user.role)
    if before is role:
        return
    await _may_touch(tx, user, becomes=role)
    if before is Role.OWNER:
        await tx.hold_count(HELD)  # two who unmake one another: the second waits, and sees that
        if await tx.one(OWNERS) < 2:
            raise Unmet("Somebody must own the account: make another owner first")
    await tx.write(SET_ROLE, user_id=user_id, role=role, granted=[], updated_at=tx.now)
    tx.access_changed = True
    tx.record(RoleChanged(user_id=user_id, before=before, after=role))


async def set_rights(tx: Transaction, user_id: int, wanted: Collection[Permission]) -> None:
    """Say what somebody may do beside, or unlike, what their role may. Of owners and administrators, who may everything,
    it does nothing. Raises NotFound, Forbidden."""
    user = await queries.get(tx, user_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    role = Role(user.role)
    if role in SEE_EVERY_INBOX:
        return
    usual = BY_ROLE[role]
    granted = [each.value for each in GRANTABLE if each in wanted and each not in usual]
    granted += [f"-{each.value}" for each in GRANTABLE if each in usual and each not in wanted]
    if sorted(granted) == sorted(user.granted):
        return
    await tx.write(SET_RIGHTS, user_id=user_id, granted=granted, updated_at=tx.now)
    tx.access_changed = True
    tx.record(UserUpdated(user_id=user_id))


async def invite_again(tx: Transaction, user_id: int) -> None:
    """Mail an invitation once more. Raises NotFound, Forbidden, Unmet for whoever has accepted it."""
    user = await queries.get(tx, user_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if user.state != UserState.INVITED:
        raise Unmet("They have accepted their invitation already")
    tx.record(UserInvited(user_id=user_id))


async def invitation_link(tx: Transaction, user_id: int) -> str:
    """The token of a new link for whoever has not accepted yet, to be handed over by somebody else than us; it ends the one
    before, and is noted as an invitation. Raises NotFound, Forbidden, Unmet."""
    user = await queries.get(tx, user_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await _may_touch(tx, user)
    if user.state != UserState.INVITED:
        raise Unmet("They have accepted their invitation already")
    tx.record(InvitationHandedOver(user_id=user_id))
    return await make_link(tx, user_id, LinkKind.INVITATION)


async def rename_team(tx: Transaction, team_id: int, name: str) -> None:
    """Call a team otherwise. Raises NotFound, Forbidden, Invalid("name")."""
    team = await queries.get_team(tx, team_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    first, last = team_name(name)
    if (team.first_name, team.last_name) == (first, last):
        return
    given = {"mention": _mention(team, first, last, ""), "initials": initials(first, last), "timezone": team.timezone}
    await tx.write(
        SET_PROFILE,
        user_id=team_id,
        first_name=first,
        last_name=last,
        name_key=indexable(f"{first} {last}"),
        **given,
        language=None,
        job_title=None,
        phone=None,
        updated_at=tx.now,
    )
    tx.record(TeamUpdated(team_id=team_id))


async def remove_team(tx: Transaction, team_id: int) -> None:
    """Let a team be no more: what it owned becomes nobody's, its members stay. Raises NotFound, Forbidden."""
    await queries.get_team(tx, team_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await tx.write(DISABLE_TEAM, user_id=team_id, updated_at=tx.now)
    await tx.write(LEAVE_TEAM, team_id=team_id)
    tx.access_changed = True
    tx.record(TeamDeleted(team_id=team_id))


def team_name(name: str) -> tuple[str, str]:
    """A team's name as its two halves. Raises Invalid("name")."""
    first, _, last = name.strip().partition(" ")
    if not first or len(first) > LONGEST_NAME or len(last) > LONGEST_NAME:
        raise Invalid("name", f"size must be between 1 and {LONGEST_NAME}", code=Code.SIZE, rejected=name[:300])
    return first, last.strip()


async def _may_touch(tx: Transaction, user: User, *, becomes: Role | None = None) -> None:
    """Raises Forbidden for owners, and for whoever is to be one, unless an owner asks, or the desk itself."""
    if Role.OWNER not in (user.role, becomes) or tx.actor.user_id in (0, user.id if becomes is None else 0):
        return
    by = await queries.get(tx, tx.actor.user_id)
    if by.role != Role.OWNER:
        raise Forbidden("Only an owner may decide who owns the account")


def _check(profile: Profile) -> None:
    mistakes = Mistakes()
    for path, text, least in (("firstName", profile.first_name, 1), ("lastName", profile.last_name, 0)):
        if not least <= len(text.strip()) <= LONGEST_NAME:
            mistakes.add([Mistake(path, f"size must be between {least} and {LONGEST_NAME}", Code.SIZE, text[:300])])
    for path, text in (("jobTitle", profile.job_title), ("phone", profile.phone), ("mention", profile.mention)):
        if len(text.strip()) > LONGEST_TEXT:
            mistakes.add([Mistake(path, f"size must be between 0 and {LONGEST_TEXT}", Code.SIZE, text[:300])])
    if profile.mention.strip() and not mention(profile.mention, "").isascii():
        mistakes.add([Mistake("mention", "may have letters and digits only", rejected=profile.mention[:300])])
    if not is_timezone(profile.timezone):
        mistakes.add([Mistake("timezone", "must be a time zone such as Europe/Lisbon", rejected=profile.timezone[:300])])
    if profile.language and not LANGUAGE_TAG.fullmatch(profile.language):
        mistakes.add([Mistake("language", "must be a language tag such as de", rejected=profile.language[:300])])
    mistakes.refuse()


def _mention(user: User, first: str, last: str, wanted: str) -> str | None:
    """As was wished; else as before, if that was no word of the name; else of the new name."""
    if wanted.strip():
        return mention(wanted, "")
    was_usual = user.mention in (None, "", mention(user.first_name, user.last_name))
    return mention(first, last) if was_usual else user.mention
