"""Lists of customers: a page of ids from an index first, the rows after. The total of all of them is a kept count; that
of a filtered list is counted."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, func, literal, select, true

from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.model import COUNT
from deskhand.customers.queries.one import ROWS, Customer
from deskhand.customers.tables import customer_inboxes, customers
from deskhand.kernel.storage.fulltext import Word, Words
from deskhand.kernel.storage.statements import Read, any_of, matching, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.search.compile import Condition
from deskhand.search.fields import Test, like, padded

DEEP = 1000  # beyond this many skipped rows a page is read off the event loop
MOST_WORDS = 20  # no name of 40 characters has more
MOST_BEST = 1000  # how many best matches can stand before the others

c = customers.c


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

    ``query`` is a compiled search; ``best`` the same, but with quoted words next to each other: those rank higher.
    """

    inbox_id: int | None = None
    first_name: list[str] | None = None
    last_name: list[str] | None = None
    modified_since: datetime | None = None
    query: Condition | None = None
    best: Condition | None = None


class Sorting(Struct, frozen=True):
    """An order of a list; equal keys are ordered by id in the same direction."""

    field: SortField = SortField.CREATED_AT
    ascending: bool = False


class Listing(Struct, frozen=True):
    """A page of customers and how many there are in all."""

    customers: list[Customer]
    total: int


async def page(view: Snapshot, it: Filter, sorting: Sorting, number: int, size: int) -> Listing:
    """Page ``number`` (from 1) of a list of customers."""
    if any(words is not None and not 1 <= len(words) <= MOST_WORDS for words in (it.first_name, it.last_name)):
        return Listing([], 0)
    skip = (number - 1) * size
    shape, builders, values = _conditions(it)
    best = await _best(view, it, shape, builders, values) if sorting.field is SortField.SCORE else []
    if best:
        values["best"] = best
    find = view.all_slowly if shape or skip >= DEEP else view.all
    key = _Key((shape, sorting.field, sorting.ascending, bool(best)), builders)
    if shape:
        ids = await find(_page(key, sorting, ranked=bool(best)), **values, most=size, skip=skip)
        if len(ids) < size and (ids or skip == 0):
            total = skip + len(ids)
        else:
            (total,) = await find(_total(_Key(shape, builders)), **values)
    else:
        total = (await view.counts([COUNT]))[COUNT]
        ids = [] if skip >= total else await find(_page(key, sorting, ranked=False), most=size, skip=skip)
    return Listing(await rows(view, ids), total)


async def rows(view: Snapshot, ids: list[int]) -> list[Customer]:
    """Customers in the order of their ids as given."""
    found = {each.id: each for each in await view.all(ROWS, ids=ids)} if ids else {}
    return [found[each] for each in ids if each in found]


class _Key:
    """A shape to cache a statement by, with what is needed to build it on a miss."""

    def __init__(self, shape: Hashable, builders: list[Callable[[], Test]]) -> None:
        self.shape = shape
        self.builders = builders

    def __hash__(self) -> int:
        return hash(self.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.shape == other.shape

    def where(self) -> Test:
        return and_(true(), *(build() for build in self.builders))


async def _best(
    view: Snapshot, it: Filter, shape: Hashable, builders: list[Callable[[], Test]], values: dict[str, Any]
) -> list[int]:
    """The ids of the best matches, newest first, where there are better and worse ones."""
    if it.query is None or it.best is None or it.best.values == it.query.values:
        return []
    key = _Key((shape, it.best.shape), [*builders[:-1], it.best.build])
    return await view.all_slowly(_newest(key), **{**values, **it.best.values}, most=MOST_BEST)


@shaped
def _newest(key: _Key) -> Read[int]:
    return read(select(c.id).where(key.where()).order_by(c.created_at.desc(), c.id.desc()).limit(param("most")), int)


@shaped
def _page(key: _Key, sorting: Sorting, *, ranked: bool) -> Read[int]:
    order: list[ColumnElement[Any]] = [SORT_KEYS[sorting.field], c.id]
    if ranked:
        order.insert(0, case((any_of(c.id, "best"), literal(1)), else_=literal(0)))
    directed = [each.asc() if sorting.ascending else each.desc() for each in order]
    return read(select(c.id).where(key.where()).order_by(*directed).limit(param("most")).offset(param("skip")), int)


@shaped
def _total(key: _Key) -> Read[int]:
    return read(select(func.count()).select_from(customers).where(key.where()), int)


def _conditions(it: Filter) -> tuple[tuple[Hashable, ...], list[Callable[[], Test]], dict[str, Any]]:
    """The conditions of a filter: their shape, their builders and their values. A search is the last one."""
    shape: list[Hashable] = []
    builders: list[Callable[[], Test]] = []
    values: dict[str, Any] = {}

    def add(name: Hashable, build: Callable[[], Test], **given: Any) -> None:
        shape.append(name)
        builders.append(build)
        values.update(given)

    if it.inbox_id is not None:
        wrote = select(customer_inboxes.c.customer_id).where(customer_inboxes.c.inbox_id == param("inbox_id"))
        add("inbox", lambda: c.id.in_(wrote), inbox_id=it.inbox_id)
    for name, column, words in (("first", c.first_key, it.first_name), ("last", c.last_key, it.last_name)):
        if words is not None:
            add((name, len(words)), _named(name, column, len(words)), **_name_values(name, words))
    if it.modified_since is not None:
        add("modified", lambda: c.updated_at > param("modified_since"), modified_since=it.modified_since)
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
