"""Reading inboxes: the actor sees those that are open to them, any other is NotFound."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, func, or_, select, union

from deskhand.inboxes.hours import OfficeHours, Week
from deskhand.inboxes.model import CustomField, FieldOption, RoutingMethod
from deskhand.inboxes.tables import (
    custom_field_options,
    custom_fields,
    inbox_access,
    inbox_routing,
    inboxes,
    saved_replies,
)
from deskhand.inboxes.tables import office_hours as hours
from deskhand.kernel.errors import NotFound
from deskhand.kernel.permissions import SEE_EVERY_INBOX, Role
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.users.tables import team_members, users


class Inbox(Struct, frozen=True):
    """An inbox; ``slug`` is a key of 16 hex digits, no name."""

    id: int
    name: str
    slug: str
    email: str
    after_reply_status: str
    assigns_replier: bool
    created_at: datetime
    updated_at: datetime


class Definition(Struct, frozen=True):
    """A custom field without its options."""

    id: int
    inbox_id: int
    name: str
    type: str
    position: int
    required: bool


class Option(Struct, frozen=True):
    """A choice of some dropdown."""

    field_id: int
    id: int
    position: int
    label: str


class Routing(Struct, frozen=True):
    """How an inbox shares out its conversations; ``user_ids`` is the rotation, in turn."""

    inbox_id: int
    enabled: bool
    assignment_limit: int
    method: RoutingMethod
    user_ids: list[int]
    last_user_id: int | None


class StoredHours(Struct, frozen=True):
    """Office hours of an inbox, or with ``id`` 0 of the account."""

    id: int
    timezone: str
    week: Week


class SavedReply(Struct, frozen=True):
    """A saved reply; ``text`` is HTML, ``chat_text`` plain. One of them may be missing."""

    id: int
    name: str
    text: str | None
    chat_text: str | None


class SavedReplySummary(Struct, frozen=True):
    """A saved reply in a list: the beginnings of its texts, plain."""

    id: int
    name: str
    preview: str | None
    chat_preview: str | None


COLUMNS = [inboxes.c[name] for name in Inbox.__struct_fields__]
ONE = read(select(*COLUMNS).where(inboxes.c.id == param("inbox_id")), Inbox)
LISTED = read(
    select(*COLUMNS)
    .where(any_of(inboxes.c.id, "inbox_ids"))
    .order_by(inboxes.c.name, inboxes.c.id)
    .limit(param("most"))
    .offset(param("skip")),
    Inbox,
)
ALL_IDS = read(select(inboxes.c.id).order_by(inboxes.c.id), int)
_own = select(inbox_access.c.inbox_id).where(inbox_access.c.user_id == param("user_id"))
_by_team = (
    select(inbox_access.c.inbox_id)
    .join_from(inbox_access, team_members, team_members.c.team_id == inbox_access.c.user_id)
    .where(team_members.c.user_id == param("user_id"))
)
_open = union(_own, _by_team).subquery()
OPEN_IDS = read(select(_open.c.inbox_id).order_by(_open.c.inbox_id), int)
GRANTED = read(select(inbox_access.c.user_id).where(inbox_access.c.inbox_id == param("inbox_id")), int)
OWN_IDS = read(_own.order_by(inbox_access.c.inbox_id), int)
_everywhere = or_(users.c.role == Role.OWNER.value, users.c.role == Role.ADMINISTRATOR.value)
_by_access = users.c.id.in_(select(inbox_access.c.user_id).where(inbox_access.c.inbox_id == param("inbox_id")))
_by_team_access = users.c.id.in_(
    select(team_members.c.user_id)
    .join_from(team_members, inbox_access, inbox_access.c.user_id == team_members.c.team_id)
    .where(inbox_access.c.inbox_id == param("inbox_id"))
)
# Of a row of ``users``: whether they work in ``inbox_id``.
WORKS = and_(users.c.state != "disabled", or_(_everywhere, _by_access, _by_team_access))
WORKS_IN = read(select(users.c.id).where(users.c.id == param("user_id"), WORKS), int)
WORKERS = read(select(users.c.id).where(users.c.type == "user", WORKS).order_by(users.c.id), int)
TEAMS = read(
    select(users.c.id).where(users.c.type == "team", users.c.state != "disabled", _by_access).order_by(users.c.id), int
)
FIELDS = read(
    select(*(custom_fields.c[name] for name in Definition.__struct_fields__))
    .where(custom_fields.c.inbox_id == param("inbox_id"))
    .order_by(custom_fields.c.position, custom_fields.c.id),
    Definition,
)
OPTIONS = read(
    select(*(custom_field_options.c[name] for name in Option.__struct_fields__))
    .join_from(custom_field_options, custom_fields, custom_fields.c.id == custom_field_options.c.field_id)
    .where(custom_fields.c.inbox_id == param("inbox_id"))
    .order_by(custom_field_options.c.position, custom_field_options.c.id),
    Option,
)

_routing = select(*(inbox_routing.c[name] for name in Routing.__struct_fields__)).where(
    inbox_routing.c.inbox_id == param("inbox_id")
)
ROUTING = read(_routing, Routing)
LOCK_ROUTING = read(_routing.with_for_update(), Routing)
OFFICE_HOURS = read(select(*(hours.c[name] for name in StoredHours.__struct_fields__)), StoredHours)
_offered = [saved_replies.c.inbox_id == param("inbox_id"), saved_replies.c.deleted_at.is_(None)]
SAVED_REPLIES = read(
    select(*(saved_replies.c[name] for name in SavedReplySummary.__struct_fields__))
    .where(*_offered)
    .order_by(saved_replies.c.name, saved_replies.c.id),
    SavedReplySummary,
)
SAVED_REPLY = read(
    select(*(saved_replies.c[name] for name in SavedReply.__struct_fields__)).where(
        *_offered, saved_replies.c.id == param("saved_reply_id")
    ),
    SavedReply,
)
SAVED_REPLY_COUNT = read(select(func.count()).select_from(saved_replies).where(*_offered), int)


async def find(view: Snapshot, inbox_id: int) -> Inbox | None:
    """Any inbox, seen by the actor or not, or None."""
    return await view.first(ONE, inbox_id=inbox_id)


async def get(view: Snapshot, inbox_id: int) -> Inbox:
    """An inbox the actor sees. Raises NotFound."""
    found = await find(view, inbox_id)
    if found is None or not view.actor.sees_inbox(inbox_id):
        raise NotFound("Not found")
    return found


async def page(view: Snapshot, number: int, size: int) -> tuple[list[Inbox], int]:
    """A page of the actor's inboxes by name, and how many there are."""
    open_ids = list(view.actor.inbox_ids)
    return await view.all(LISTED, inbox_ids=open_ids, most=size, skip=(number - 1) * size), len(open_ids)


async def open_to(view: Snapshot, user_id: int, role: Role) -> list[int]:
    """The inboxes a user works in, ascending: every one for owners and administrators, else by access of theirs or of
    their teams."""
    if role in SEE_EVERY_INBOX:
        return await view.all(ALL_IDS)
    return await view.all(OPEN_IDS, user_id=user_id)


async def granted_to(view: Snapshot, owner_id: int) -> list[int]:
    """The inboxes that were opened to a user or team itself, ascending."""
    return await view.all(OWN_IDS, user_id=owner_id)


async def granted(view: Snapshot, inbox_id: int) -> set[int]:
    """The users and teams that an inbox was opened to themselves."""
    return set(await view.all(GRANTED, inbox_id=inbox_id))


async def all_ids(view: Snapshot) -> list[int]:
    """Every inbox, ascending."""
    return await view.all(ALL_IDS)


async def may_work_in(view: Snapshot, owner_id: int, inbox_id: int) -> bool:
    """Whether a user or team may own conversations of an inbox."""
    return await view.first(WORKS_IN, user_id=owner_id, inbox_id=inbox_id) is not None


async def workers(view: Snapshot, inbox_id: int) -> list[int]:
    """The users (not teams) who work in an inbox, ascending."""
    return await view.all(WORKERS, inbox_id=inbox_id)


async def teams(view: Snapshot, inbox_id: int) -> list[int]:
    """The teams that an inbox is open to, ascending."""
    return await view.all(TEAMS, inbox_id=inbox_id)


async def routing(view: Snapshot, inbox_id: int) -> Routing | None:
    """How an inbox shares out its conversations; None if that was never set."""
    return await view.first(ROUTING, inbox_id=inbox_id)


async def locked_routing(tx: Transaction, inbox_id: int) -> Routing | None:
    """The same; nobody else shares out conversations of the inbox before the operation ends."""
    return await tx.first(LOCK_ROUTING, inbox_id=inbox_id)


async def office_hours_of(view: Snapshot) -> dict[int, OfficeHours]:
    """Every office hours by the inbox's id; 0 is the account's."""
    return {each.id: OfficeHours(each.timezone, each.week) for each in await view.all(OFFICE_HOURS)}


async def office_hours(view: Snapshot, inbox_id: int | None) -> OfficeHours:
    """The office hours that were set for an inbox, or for the account. Raises NotFound, also when none were."""
    if inbox_id is not None:
        await get(view, inbox_id)
    found = (await office_hours_of(view)).get(inbox_id or 0)
    if found is None:
        raise NotFound("Not found")
    return found


async def fields(view: Snapshot, inbox_id: int) -> list[CustomField]:
    """The custom fields of an inbox, in order."""
    definitions = await view.all(FIELDS, inbox_id=inbox_id)
    options: dict[int, list[FieldOption]] = {}
    if any(each.type == "dropdown" for each in definitions):
        for each in await view.all(OPTIONS, inbox_id=inbox_id):
            options.setdefault(each.field_id, []).append(FieldOption(each.id, each.position, each.label))
    return [
        CustomField(it.id, it.inbox_id, it.name, it.type, it.position, it.required, options.get(it.id, []))
        for it in definitions
    ]


async def saved_replies_of(view: Snapshot, inbox_id: int, *, chat_only_too: bool) -> list[SavedReplySummary]:
    """The saved replies of an inbox by name; those for chats only if asked for. Raises NotFound."""
    await get(view, inbox_id)
    found = await view.all(SAVED_REPLIES, inbox_id=inbox_id)
    return [each for each in found if chat_only_too or each.preview is not None]


async def saved_reply(view: Snapshot, inbox_id: int, saved_reply_id: int) -> SavedReply:
    """One of them. Raises NotFound, also for a deleted one or another inbox's."""
    await get(view, inbox_id)
    return await view.one(SAVED_REPLY, inbox_id=inbox_id, saved_reply_id=saved_reply_id)


async def offers_saved_reply(view: Snapshot, inbox_id: int, saved_reply_id: int) -> bool:
    """Whether a reply in an inbox may have been made of it."""
    return await view.first(SAVED_REPLY, inbox_id=inbox_id, saved_reply_id=saved_reply_id) is not None
