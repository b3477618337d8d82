"""Saving searches as views: for oneself, a team or everybody; who saved one or manages the account may change it."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import delete, insert, literal, update

from deskhand.conversations.model import Audience, SavedViewChanged
from deskhand.conversations.operations.core import person
from deskhand.conversations.queries import views as queries
from deskhand.conversations.queries.fields import FIELDS
from deskhand.conversations.queries.lists import SortField
from deskhand.conversations.queries.views import SavedView
from deskhand.conversations.tables import saved_view_places, saved_views
from deskhand.kernel.errors import Code, Forbidden, Invalid, Mistake, Mistakes, NotFound, Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.search.compile import compile_query
from deskhand.search.language import parse
from deskhand.search.model import QueryError
from deskhand.users import queries as users

MOST_VIEWS = 50  # that one person saves

v = saved_views.c
SAID = ("name", "query", "sort_field", "ascending", "audience", "team_id", "modified_at")
ADD = write(insert(saved_views).values({name: param(name) for name in ("user_id", *SAID, "created_at")}).returning(v.id))
REPLACE = write(update(saved_views).where(v.id == param("view_id")).values({name: param(name) for name in SAID}))
DELETE = write(delete(saved_views).where(v.id == param("view_id")))
FORGET_PRIVATE = write(delete(saved_views).where(v.user_id == param("user_id"), v.audience == literal(Audience.PRIVATE.value)))
FORGET_PLACES = write(delete(saved_view_places).where(saved_view_places.c.user_id == param("user_id")))
PLACE = write(insert(saved_view_places).values({name: param(name) for name in ("user_id", "view_id", "position")}))


class NewView(Struct, frozen=True):
    """A view as it is to be; ``team_id`` only for a team's."""

    name: str
    query: str
    sort_field: SortField = SortField.CREATED_AT
    ascending: bool = False
    audience: Audience = Audience.PRIVATE
    team_id: int | None = None


async def create(tx: Transaction, new: NewView) -> int:
    """Save a view; its id.

    Raises Forbidden for sharing without the right to edit conversations, Unmet for the 51st, Invalid("name", "query",
    "teamId").
    """
    user_id = person(tx)
    await _check(tx, new)
    await tx.hold_count(f"views:{user_id}")  # of two at the same moment the second counts the first
    if await tx.one(queries.OWN_COUNT, user_id=user_id) >= MOST_VIEWS:
        raise Unmet(f"One person may save {MOST_VIEWS} views at most")
    view_id = await tx.insert(ADD, user_id=user_id, created_at=tx.now, **_said(tx, new))
    tx.record(SavedViewChanged(view_id=view_id))
    return view_id


async def replace(tx: Transaction, view_id: int, new: NewView) -> None:
    """Save a view anew. Raises NotFound, Forbidden, Invalid."""
    it = await _changeable(tx, view_id)
    await _check(tx, new)
    if any(getattr(it, name) != getattr(new, name) for name in NewView.__struct_fields__):
        await tx.write(REPLACE, view_id=it.id, **_said(tx, new))
        tx.record(SavedViewChanged(view_id=it.id))


async def remove(tx: Transaction, view_id: int) -> None:
    """Delete a view, for everybody who has it. Raises NotFound, Forbidden."""
    it = await _changeable(tx, view_id)
    await tx.write(DELETE, view_id=it.id)
    tx.record(SavedViewChanged(view_id=it.id, deleted=True))


async def order(tx: Transaction, ids: list[int]) -> None:
    """Put views first, in this order, for the actor alone; the others follow by id.

    Raises Forbidden, Invalid("ids[0]") for one they do not have, or that is there twice.
    """
    user_id = person(tx)
    known = await queries.among(tx, ids)
    strangers = [
        Mistake(f"ids[{at}]", "is not a view of yours, or is there twice", rejected=each)
        for at, each in enumerate(ids)
        if each not in known or each in ids[:at]
    ]
    if strangers:
        raise Invalid.all(strangers)
    await tx.hold_count(f"views:{user_id}")
    await tx.write(FORGET_PLACES, user_id=user_id)
    await tx.write_many(PLACE, [{"user_id": user_id, "view_id": each, "position": at} for at, each in enumerate(ids, 1)])


async def _changeable(tx: Transaction, view_id: int) -> SavedView:
    it = await queries.get(tx, view_id)
    if it.user_id != person(tx) and not tx.actor.may(Permission.MANAGE_ACCOUNT):
        raise Forbidden("Only who saved the view, or manages the account, may change it")
    return it


async def _check(tx: Transaction, new: NewView) -> None:
    """Refuses with everything that is wrong, and with the search language's own words."""
    if new.audience is not Audience.PRIVATE:
        tx.actor.must(Permission.EDIT_CONVERSATIONS)
    mistakes = Mistakes()
    if not new.name.strip():
        mistakes.add([Mistake("name", "may not be empty", Code.NOT_EMPTY, new.name)])
    mistakes.add(_unreadable(tx, new.query))
    if (new.audience is Audience.TEAM) is not (new.team_id is not None):
        mistakes.add([Mistake("teamId", "belongs to the audience team, and to no other", rejected=new.team_id)])
    elif new.team_id is not None:
        with mistakes.noted():
            await _check_team(tx, new.team_id)
    mistakes.refuse()


def _unreadable(tx: Transaction, query: str) -> list[Mistake]:
    try:
        node = parse(query)
        if node is None:
            return [Mistake("query", "may not be empty", Code.NOT_EMPTY, query)]
        nothing = tx.settings.unknown_search_fields == "match nothing"
        compile_query(node, FIELDS, tx.now, unknown_matches_nothing=nothing)
    except QueryError as error:
        return [Mistake("query", str(error), rejected=query[:300])]
    return []


async def _check_team(tx: Transaction, team_id: int) -> None:
    try:
        await users.get_team(tx, team_id)
        is_in = tx.actor.user_id in await users.member_ids(tx, team_id)
    except NotFound:
        is_in = False
    else:
        is_in = is_in or tx.actor.may(Permission.MANAGE_ACCOUNT)
    if not is_in:
        raise Invalid("teamId", "is not a team of yours", rejected=team_id)


def _said(tx: Transaction, new: NewView) -> dict[str, object]:
    return {name: getattr(new, name) for name in SAID[:-1]} | {"modified_at": tx.now}
