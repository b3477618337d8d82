"""Users and teams, and what each of them did."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import case, func, select

from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import Read, any_of, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.facts import Kind
from deskhand.reports.model.spans import Span
from deskhand.reports.queries.measures import ANSWERED, happened, is_kind
from deskhand.reports.queries.scope import Scope, Shape, of_facts
from deskhand.reports.tables import report_facts
from deskhand.users import queries as users
from deskhand.users.tables import users as people

f = report_facts.c


class Person(Struct, frozen=True):
    """A user with themselves as the only member, or a team with its users."""

    id: int
    name: str
    photo: str | None
    created_at: datetime
    members: list[int]


class Name(Struct, frozen=True):
    """What somebody is called."""

    id: int
    first: str
    last: str


class Helper(Struct, frozen=True):
    """A user who replied: how many customers they helped, and their replies."""

    user_id: int
    customers: int
    replies: int


class Caller(Struct, frozen=True):
    """What a user did in an interval: conversations and their customers, and how many conversations they began."""

    user_id: int
    conversations: int
    customers: int
    created: int


NAMES = read(select(people.c.id, people.c.first_name, people.c.last_name).where(any_of(people.c.id, "ids")), Name)


@shaped
def _helpers(shape: Shape) -> Read[Helper]:
    statement = select(
        f.user_id.label("user_id"), func.count(f.customer_id.distinct()).label("customers"), func.count().label("n")
    )
    return read(statement.where(*happened((Kind.REPLY,)), *of_facts(shape)).group_by(f.user_id), Helper)


@shaped
def _callers(shape: Shape) -> Read[Caller]:
    said = is_kind(ANSWERED)
    columns = [
        func.count(case((said, f.conversation_id)).distinct()).label("conversations"),
        func.count(case((said, f.customer_id)).distinct()).label("customers"),
        func.count(case((is_kind((Kind.START,)), f.id))).label("created"),
    ]
    statement = select(f.user_id.label("user_id"), *columns).where(*happened((*ANSWERED, Kind.START)), f.user_id.is_not(None))
    return read(statement.where(*of_facts(shape)).group_by(f.user_id), Caller)


async def get(view: Snapshot, user_id: int) -> Person:
    """A user or a team. Raises NotFound."""
    found = await users.assignee(view, user_id)
    if found is None:
        raise NotFound("Not found")
    members = [found.id] if found.type == "user" else await users.member_ids(view, found.id)
    name = " ".join(filter(None, (found.first_name, found.last_name)))
    return Person(found.id, name, found.photo, found.created_at, members)


async def names(view: Snapshot, ids: set[int]) -> list[tuple[int, str]]:
    """Users with their names, by name and id."""
    found = await view.all(NAMES, ids=sorted(ids)) if ids else []
    named = [(each.id, " ".join(filter(None, (each.first, each.last)))) for each in found]
    return sorted(named, key=lambda each: (each[1], each[0]))


async def helpers(view: Snapshot, it: Scope, span: Span) -> dict[int, Helper]:
    """The users who replied in an interval."""
    found = await view.all_slowly(_helpers(it.shape), first=span.first, last=span.last, **it.values)
    return {each.user_id: each for each in found}


async def callers(view: Snapshot, it: Scope, span: Span) -> dict[int, Caller]:
    """The users who said something in a conversation in an interval, or began one."""
    found = await view.all_slowly(_callers(it.shape), first=span.first, last=span.last, **it.values)
    return {each.user_id: each for each in found}
