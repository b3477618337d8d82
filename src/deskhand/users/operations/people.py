"""People coming, changing and leaving, and the teams they are in."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import delete, insert, update

from deskhand.kernel.errors import Conflict, Forbidden, NotFound
from deskhand.kernel.permissions import Permission, Role
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import any_of, next_in_line, param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries
from deskhand.users.model import (
    PhotosReplaced,
    Presence,
    StatusSource,
    TeamCreated,
    TeamMembersChanged,
    UserCreated,
    UserDeleted,
    UserState,
    UserStatusChanged,
    initials,
    mention,
)
from deskhand.users.operations.changing import team_name
from deskhand.users.operations.links import END_LINKS
from deskhand.users.operations.sessions import END_SESSIONS
from deskhand.users.tables import team_members, user_statuses, users

COLUMNS = (
    "type",
    "state",
    "role",
    "granted",
    "first_name",
    "last_name",
    "name_key",
    "email",
    "email_key",
    "timezone",
    "job_title",
    "phone",
    "mention",
    "initials",
    "alternate_emails",
    "password_hash",
    "created_at",
    "updated_at",
)
ADD = write(
    insert(users)
    .values({name: param(name) for name in COLUMNS} | {"id": next_in_line(users.c.id, "users_id_seq", behind=1)})
    .returning(users.c.id)
)
# The address is free again, and nobody sees them any more; the name stays beside what they wrote.
DISABLE = write(
    update(users)
    .where(users.c.id == param("user_id"), users.c.state != UserState.DISABLED.value)
    .values(state=UserState.DISABLED.value, email_key=None, password_hash=None, photo=None, updated_at=param("now"))
)
STATUS_COLUMNS = ("status", "set_at", "set_by", "source", "text", "emoji", "emoji_name")
_status = upsert(user_statuses).values({name: param(name) for name in ("user_id", *STATUS_COLUMNS)})
SET_STATUS = write(
    _status.on_conflict_do_update(index_elements=["user_id"], set_={name: _status.excluded[name] for name in STATUS_COLUMNS})
)
ADD_MEMBER = write(upsert(team_members).values(team_id=param("team_id"), user_id=param("user_id")).on_conflict_do_nothing())
REMOVE_MEMBERS = write(
    delete(team_members).where(team_members.c.team_id == param("team_id"), any_of(team_members.c.user_id, "user_ids"))
)


class NewUser(Struct, frozen=True, kw_only=True):
    """Somebody who will work here; ``password_hash`` as ``hashed`` made it, None for an invitation."""

    first_name: str
    last_name: str
    email: str
    role: Role
    timezone: str = "UTC"
    job_title: str | None = None
    phone: str | None = None
    password_hash: str | None = None
    granted: list[str] = []


async def create(tx: Transaction, new: NewUser) -> int:
    """Add a user; their id. Raises Forbidden, Conflict when the address is taken."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    email = new.email.strip()
    if await queries.by_email(tx, email) is not None:
        raise Conflict("The email address belongs to another user")
    user_id = await _add(
        tx,
        type="user",
        state=UserState.ACTIVE if new.password_hash else UserState.INVITED,
        role=new.role,
        granted=new.granted,
        first_name=new.first_name,
        last_name=new.last_name,
        email=email,
        email_key=email.lower(),
        timezone=new.timezone,
        job_title=new.job_title,
        phone=new.phone,
        password_hash=new.password_hash,
    )
    tx.record(UserCreated(user_id=user_id))
    return user_id


async def remove(tx: Transaction, user_id: int) -> None:
    """Let somebody no longer work here: they cannot sign in, their sessions end, their address is free again.

    Raises NotFound; Forbidden without the right, for oneself and for an owner. Source: Mailbox API 2.0, "Delete User".
    """
    user = await queries.get(tx, user_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if user_id == tx.actor.user_id:
        raise Forbidden("You cannot delete yourself")
    if user.role == Role.OWNER:
        raise Forbidden("The owner of the account cannot be deleted")
    if not await tx.write(DISABLE, user_id=user_id, now=tx.now):
        raise NotFound("Not found")
    await tx.write(END_SESSIONS, user_id=user_id)
    await tx.write(END_LINKS, user_id=user_id)
    tx.access_changed = True
    tx.record(UserDeleted(user_id=user_id))
    if user.photo is not None:
        tx.record(PhotosReplaced(blobs=(user.photo,), at=tx.instant))


async def set_status(
    tx: Transaction,
    user_id: int,
    status: Presence,
    *,
    source: StatusSource,
    text: str | None = None,
    emoji: str | None = None,
    emoji_name: str | None = None,
) -> None:
    """Say whether somebody works now, and why not. What is already so changes nothing.

    Raises NotFound; Forbidden for somebody else's without the right. Source: Mailbox API 2.0, "Update User Status".
    """
    before = await queries.status(tx, user_id)
    if user_id != tx.actor.user_id:
        tx.actor.must(Permission.MANAGE_ACCOUNT)
    now = (before.status or Presence.ACTIVE, before.text, before.emoji, before.emoji_name)
    if now == (status, text, emoji, emoji_name):
        return
    await tx.write(
        SET_STATUS,
        user_id=user_id,
        status=status,
        set_at=tx.now,
        set_by=tx.actor.user_id or user_id,
        source=source,
        text=text,
        emoji=emoji,
        emoji_name=emoji_name,
    )
    tx.access_changed = True  # it is remembered beside who looks
    tx.record(UserStatusChanged(user_id=user_id, status=status))


async def create_team(tx: Transaction, name: str, member_ids: list[int], *, timezone: str = "UTC") -> int:
    """Make a team; its id is of the users' space. Raises Forbidden, Invalid("name")."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    first, last = team_name(name)
    team_id = await _add(
        tx, type="team", state=UserState.ACTIVE, role=Role.USER, first_name=first, last_name=last, timezone=timezone
    )
    tx.record(TeamCreated(team_id=team_id))
    await change_members(tx, team_id, add=member_ids)
    return team_id


async def change_members(
    tx: Transaction, team_id: int, *, add: list[int] | None = None, remove: list[int] | None = None
) -> None:
    """Let users join or leave a team. Raises NotFound, Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await queries.get_team(tx, team_id)
    for user_id in add or []:
        await tx.write(ADD_MEMBER, team_id=team_id, user_id=user_id)
    if remove:
        await tx.write(REMOVE_MEMBERS, team_id=team_id, user_ids=remove)
    tx.access_changed = True
    tx.record(TeamMembersChanged(team_id=team_id, added=tuple(add or ()), removed=tuple(remove or ())))


async def _add(tx: Transaction, **given: Any) -> int:
    first, last = given["first_name"], given["last_name"]
    values = dict.fromkeys(COLUMNS) | {
        "granted": [],
        "name_key": indexable(f"{first} {last}"),
        "mention": mention(first, last),
        "initials": initials(first, last),
        "alternate_emails": [],
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    return await tx.insert(ADD, **values | given)
