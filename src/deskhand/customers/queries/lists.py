"""Lists of customers: a page of ids from an index first, the rows after. The total of all of them is a kept count; that
of a filtered list is counted."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, true

from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.model import COUNT
from deskhand.customers.queries.one import ROWS, Customer
from deskhand.customers.tables import customer_entries, customer_inboxes, customers
from deskhand.kernel.storage.fulltext import Word, Words
from deskhand.kernel.storage.statements import Read, matching, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.organizations import queries as organizations
from deskhand.search.compile import Condition
from deskhand.search.fields import Test, like, padded

SECOND = timedelta(seconds=1)
LATEST = datetime.max.replace(tzinfo=UTC) - SECOND
DEEP = 1000  # beyond this many skipped rows a page is read off the event loop
MOST_WORDS = 20  # no name of 40 characters has more
CROWD = 4  # an inbox is crowded with one in so many customers

c, e, here = customers.c, customer_entries.c, customer_inboxes.c
IN_INBOX = read(select(func.count()).select_from(customer_inboxes).where(here.inbox_id == param("inbox_id")), int)


class SortField(StrEnum):
    """What a list can be sorted by, in the vendor's spelling."""

    CREATED_AT = "createdAt"
    FIRST_NAME = "firstName"
    LAST_NAME = "lastName"
    MODIFIED_AT = "modifiedAt"
    SCORE = "score"


SORT_KEYS: dict[SortField, ColumnElement[Any]] = {
    SortField.CREATED_AT: c.created_at,
    SortField.FIRST_NAME: c.first_key,
    SortField.LAST_NAME: c.last_key,
    SortField.MODIFIED_AT: c.updated_at,
    SortField.SCORE: c.created_at,
}


class Filter(Struct, frozen=True, kw_only=True):
    """What a list holds; everything given must hold. Names are folded words that must all be there.

    ``query`` is a compiled search; ``best`` the same with quoted words next to each other, which rank higher, if any.
    """

    inbox_id: int | None = None
    organization_id: int | None = None
    first_name: list[str] | None = None
    last_name: list[str] | None = None
    email: str | None = None
    created_since: datetime | None = None
    modified_since: datetime | None = None
    query: Condition | None = None
    best: Condition | None = None


class Sorting(Struct, frozen=True):
    """An order of a list; equal keys are ordered by id in the same direction."""

    field: SortField = SortField.CREATED_AT
    ascending: bool = False


class Cursor(Struct, frozen=True):
    """The last customer of a stretch: what follows was made earlier, or at once with a lower id."""

    created_at: datetime
    id: int


class Listing(Struct, frozen=True):
    """A page of customers and how many there are in all."""

    customers: list[Customer]
    total: int


async def page(view: Snapshot, it: Filter, sorting: Sorting, number: int, size: int) -> Listing:
    """Page ``number`` (from 1) of a list of customers."""
    if _finds_nobody(it):
        return Listing([], 0)
    skip = (number - 1) * size
    total, crowded = await _known_total(view, it)
    if total is not None and skip >= total:
        return Listing([], total)
    shape, builders, values = _conditions(it, crowded=crowded)
    best = it.best if sorting.field is SortField.SCORE else None
    find = view.all_slowly if shape or skip >= DEEP else view.all
    key = _Key((shape, sorting.field, sorting.ascending, best and best.shape), builders, sorting, best)
    ids = await find(_page(key), **values, **(best.values if best else {}), most=size, skip=skip)
    if total is None and len(ids) < size and (ids or skip == 0):
        total = skip + len(ids)
    if total is None:
        (total,) = await find(_total(_Key(shape, builders)), **values)
    return Listing(await rows(view, ids), total)


async def stretch(view: Snapshot, it: Filter, after: Cursor | None, size: int) -> tuple[list[Customer], Cursor | None]:
    """The newest ``size`` customers of a list, or those behind a cursor; where to go on, if there are more."""
    if _finds_nobody(it):
        return [], None
    shape, builders, values = _conditions(it, crowded=False)
    if after is not None:
        shape, builders = (*shape, "after"), [*builders, _is_behind]
        values |= {"behind_at": after.created_at, "behind_id": after.id}
    key = _Key((shape, SortField.CREATED_AT, False, None), builders)
    find = view.all_slowly if it != Filter() else view.all
    ids = await find(_page(key), **values, most=size + 1, skip=0)
    found = await rows(view, ids[:size])
    return found, Cursor(found[-1].created_at, found[-1].id) if found and len(ids) > size else None


def _is_behind() -> Test:
    """The first condition is what an index serves."""
    earlier = or_(c.created_at < param("behind_at"), c.id < param("behind_id"))
    return and_(c.created_at <= param("behind_at"), earlier)


def _finds_nobody(it: Filter) -> bool:
    return any(words is not None and not 1 <= len(words) <= MOST_WORDS for words in (it.first_name, it.last_name))


async def _known_total(view: Snapshot, it: Filter) -> tuple[int | None, bool]:
    """How many there are where no filter but inbox or organization says so, and whether the inbox is crowded.

    In a crowded one a look at customer after customer finds a page sooner than collecting and sorting them all.
    """
    if it.organization_id is not None and it == Filter(organization_id=it.organization_id):
        return (await organizations.activity(view, it.organization_id)).customer_count, False
    if it.inbox_id is None:
        return (await _everybody(view) if it == Filter() else None), False
    (members,) = await view.all_slowly(IN_INBOX, inbox_id=it.inbox_id)
    crowded = members * CROWD >= await _everybody(view)
    return (members if it == Filter(inbox_id=it.inbox_id) else None), crowded


async def _everybody(view: Snapshot) -> int:
    return (await view.counts([COUNT]))[COUNT]


async def rows(view: Snapshot, ids: list[int]) -> list[Customer]:
    """Customers in the order of their ids as given."""
    found = {each.id: each for each in await view.all(ROWS, ids=ids)} if ids else {}
    return [found[each] for each in ids if each in found]


class _Key:
    """A shape to cache a statement by, with what is needed to build it on a miss."""

    def __init__(
        self,
        shape: Hashable,
        builders: list[Callable[[], Test]],
        sorting: Sorting | None = None,
        best: Condition | None = None,
    ) -> None:
        self.shape = shape
        self.builders = builders
        self.sorting = sorting or Sorting()
        self.best = best

    def __hash__(self) -> int:
        return hash(self.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.shape == other.shape

    def where(self) -> Test:
        return and_(true(), *(build() for build in self.builders))


@shaped
def _page(key: _Key) -> Read[int]:
    order: list[ColumnElement[Any]] = [SORT_KEYS[key.sorting.field], c.id]
    if key.best is not None:
        order.insert(0, case((key.best.build(), literal(1)), else_=literal(0)))
    directed = [each.asc() if key.sorting.ascending else each.desc() for each in order]
    return read(select(c.id).where(key.where()).order_by(*directed).limit(param("most")).offset(param("skip")), int)


@shaped
def _total(key: _Key) -> Read[int]:
    return read(select(func.count()).select_from(customers).where(key.where()), int)


def _conditions(it: Filter, *, crowded: bool) -> tuple[tuple[Hashable, ...], list[Callable[[], Test]], dict[str, Any]]:
    """The conditions of a filter: their shape, their builders and their values."""
    shape: list[Hashable] = []
    builders: list[Callable[[], Test]] = []
    values: dict[str, Any] = {}

    def add(name: Hashable, build: Callable[[], Test], **given: Any) -> None:
        shape.append(name)
        builders.append(build)
        values.update(given)

    if it.inbox_id is not None:
        wrote = select(here.customer_id).where(here.inbox_id == param("inbox_id"))
        build = wrote.where(here.customer_id == c.id).exists if crowded else lambda: c.id.in_(wrote)
        add(("inbox", crowded), build, inbox_id=it.inbox_id)
    if it.organization_id is not None:
        add("organization", lambda: c.organization_id == param("organization_id"), organization_id=it.organization_id)
    if it.email is not None:
        known = select(e.customer_id).where(e.email_key == param("email"))
        add("email", lambda: c.id.in_(known), email=it.email)
    if it.created_since is not None:
        add("created", lambda: c.created_at > param("created_since"), created_since=it.created_since)
    for name, column, words in (("first", c.first_key, it.first_name), ("last", c.last_key, it.last_name)):
        if words is not None:
            add((name, len(words)), _named(name, column, len(words)), **_name_values(name, words))
    if it.modified_since is not None:
        # Strictly after the second, for the wire shows whole ones.
        add("modified", lambda: c.updated_at >= param("modified_since"), modified_since=min(it.modified_since, LATEST) + SECOND)
    if it.query is not None:
        add(it.query.shape, it.query.build, **it.query.values)
    return tuple(shape), builders, values


def _named(name: str, column: ColumnElement[Any], words: int) -> Callable[[], Test]:
    """Whether a folded name has these words: the full-text index finds who has them at all, the column tells where."""
    return lambda: and_(
        matching(c.id, CUSTOMER_TEXT.name, f"{name}_words"),
        *(like(padded(column), f"{name}{position}") for position in range(words)),
    )


def _name_values(name: str, words: list[str]) -> dict[str, Any]:
    patterns: dict[str, Any] = {f"{name}{position}": f"% {each} %" for position, each in enumerate(words)}
    return {**patterns, f"{name}_words": Words(tuple(Word(each) for each in words))}
