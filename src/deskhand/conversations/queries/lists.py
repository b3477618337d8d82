"""Lists of conversations: a page of ids from covering indexes first, the rows after, totals kept where they can be.

Two ways. Without a narrowing filter a list is *walked*: each inbox and shelf has an index per sort order, so a page is a
merge of short index ranges, and its total is a kept count. With one, its matches are *collected*, sorted and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select, true, union_all

from deskhand.conversations.model import FolderType, Status, folder_count, shelf_count
from deskhand.conversations.queries.records import Conversation, conversation_rows
from deskhand.conversations.tables import conversation_fields, conversation_tags, conversations, folders
from deskhand.customers.tables import customers
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped, unindexed
from deskhand.kernel.transaction import Snapshot
from deskhand.search.compile import Condition
from deskhand.search.fields import like, padded
from deskhand.tags.tables import tags

MOST_BRANCHES = 256
DEEP = 1000  # beyond this many skipped rows a page is read off the event loop

c = conversations.c


class SortField(StrEnum):
    """What a list can be sorted by, in the vendor's spelling."""

    CREATED_AT = "createdAt"
    CUSTOMER_EMAIL = "customerEmail"
    CUSTOMER_NAME = "customerName"
    MAILBOX_ID = "mailboxid"
    MODIFIED_AT = "modifiedAt"
    NUMBER = "number"
    SCORE = "score"
    STATUS = "status"
    SUBJECT = "subject"
    WAITING_SINCE = "waitingSince"


SORT_KEYS: dict[SortField | None, tuple[ColumnElement[Any], ...]] = {
    SortField.CREATED_AT: (c.created_at, c.id),
    SortField.CUSTOMER_EMAIL: (c.customer_email, c.id),
    SortField.CUSTOMER_NAME: (c.customer_name, c.id),
    SortField.MAILBOX_ID: (c.inbox_id, c.number),
    SortField.MODIFIED_AT: (c.modified_at, c.id),
    SortField.NUMBER: (c.number, c.id),
    SortField.SCORE: (c.created_at, c.id),
    SortField.STATUS: (c.shelf, c.number),
    SortField.SUBJECT: (c.subject_key, c.id),
    SortField.WAITING_SINCE: (c.waiting_since, c.id),
    None: (c.id, c.id),
}
_began = conversations.alias("began")
BEGAN_SINCE = select(_began.c.id).where(
    any_of(_began.c.inbox_id, "inbox_ids"), any_of(_began.c.shelf, "shelves"), _began.c.created_at >= param("since")
)
ROWS = read(conversation_rows().where(any_of(c.id, "ids")), Conversation)


class Folder(Struct, frozen=True):
    """A folder of an inbox; ``user_id`` as in ``FolderType``."""

    id: int
    inbox_id: int
    type: FolderType
    user_id: int


FOLDER = read(select(*(folders.c[name] for name in Folder.__struct_fields__)).where(folders.c.id == param("folder_id")), Folder)
TAG_IDS = read(select(tags.c.id).where(any_of(tags.c.name, "names")), int)


class FieldTest(Struct, frozen=True):
    """A custom field has this value, or with ``words`` each of these folded words."""

    field_id: int
    value: str = ""
    words: list[str] | None = None


class Filter(Struct, frozen=True, kw_only=True):
    """What a list holds; everything given must hold. ``query`` and ``score`` are compiled searches, ``before_id`` is where a
    list by id goes on, ``since`` when the conversation began."""

    inbox_ids: list[int]
    statuses: list[Status]
    folder: Folder | None = None
    tag_ids: list[int] | None = None
    assigned_to: int | None = None
    modified_since: Any = None
    number: int | None = None
    fields: list[FieldTest] = []
    query: Condition | None = None
    score: Condition | None = None
    customer_ids: list[int] | None = None
    organization_id: int | None = None
    before_id: int | None = None
    since: datetime | None = None


class Sorting(Struct, frozen=True):
    """An order of a list; equal keys are ordered by id (or number) in the same direction. Without a field by id."""

    field: SortField | None = SortField.CREATED_AT
    ascending: bool = False


class Listing(Struct, frozen=True):
    """A page of conversations and how many there are in all."""

    conversations: list[Conversation]
    total: int


class Match(Struct, frozen=True):
    """A conversation that was collected, and how many were in all."""

    id: int
    total: int


async def page(view: Snapshot, it: Filter, sorting: Sorting, number: int, size: int) -> Listing:
    """Page ``number`` (from 1) of a list of what the actor may see."""
    inbox_ids = [each for each in it.inbox_ids if view.actor.sees_inbox(each)]
    skip = (number - 1) * size
    if not inbox_ids or not it.statuses:
        return Listing([], 0)
    if narrows(it) or (it.folder is not None and not _walks_folder(it.folder, sorting)):
        ids, total = await _collect(view, it, inbox_ids, sorting, skip, size)
    else:
        ids, total = await _walk(view, it, inbox_ids, sorting, skip, size)
    return Listing(await rows(view, ids), total)


async def count_up_to(view: Snapshot, it: Filter, most: int) -> int:
    """How many the actor may see, off the event loop; more than ``most`` is ``most + 1``, so that its cost is bounded."""
    inbox_ids = [each for each in it.inbox_ids if view.actor.sees_inbox(each)]
    if not inbox_ids or not it.statuses:
        return 0
    shape, builders, values = conditions(it)
    values |= {"inbox_ids": inbox_ids, "shelves": shelves(it), "statuses": [status.value for status in it.statuses]}
    (found,) = await view.all_slowly(_counting_up_to(Key(shape, builders, None, Sorting())), **values, reach=most + 1)
    return found


async def rows(view: Snapshot, ids: list[int]) -> list[Conversation]:
    """Conversations in the order of their ids as given."""
    if not ids:
        return []
    found = {each.id: each for each in await view.all(ROWS, ids=ids)}
    return [found[each] for each in ids if each in found]


def narrows(it: Filter) -> bool:
    """Whether a list holds less than shelves or a folder, so that its matches have to be collected."""
    given = (
        it.tag_ids,
        it.assigned_to,
        it.modified_since,
        it.number,
        it.query,
        it.customer_ids,
        it.organization_id,
        it.before_id,
        it.since,
    )
    return bool(it.fields) or any(each is not None for each in given)


def _walks_folder(folder: Folder, sorting: Sorting) -> bool:
    """Folders have an index for their usual order; "Assigned" is many folders, and drafts lie on no status' shelf."""
    usual = sorting.field in (SortField.CREATED_AT, SortField.SCORE)
    return usual and folder.type not in (FolderType.ASSIGNED, FolderType.DRAFTS, FolderType.DELETED)


async def _walk(
    view: Snapshot, it: Filter, inbox_ids: list[int], sorting: Sorting, skip: int, size: int
) -> tuple[list[int], int]:
    shelves = [status.value for status in it.statuses]
    if it.folder is not None:
        branches = {folder_count(it.folder.id, shelf): (it.folder.id, shelf) for shelf in shelves}
    else:
        branches = {shelf_count(inbox_id, shelf): (inbox_id, shelf) for inbox_id in inbox_ids for shelf in shelves}
    counted = await view.counts(list(branches))
    total = sum(counted.values())
    # An empty shelf needs no branch.
    filled = [branches[name] for name, count in counted.items() if count > 0]
    if skip >= total or not filled:
        return [], total
    if len(filled) > MOST_BRANCHES:
        return await _collect(view, it, inbox_ids, sorting, skip, size)
    values: dict[str, Any] = {"reach": skip + size, "most": size, "skip": skip}
    for position, (place, shelf) in enumerate(filled):
        values[f"p{position}"], values[f"s{position}"] = place, shelf
    field = sorting.field
    statement = _walking(len(filled), field, in_folder=it.folder is not None, ascending=sorting.ascending)
    find = view.all_slowly if skip >= DEEP else view.all
    return await find(statement, **values), total


@shaped
def _walking(branches: int, field: SortField | None, *, in_folder: bool, ascending: bool) -> Read[int]:
    """A page of ids: the first ``reach`` of each branch by its index, merged. A branch is a shelf of an inbox or folder."""
    first, second = SORT_KEYS[field]
    place = c.folder_id if in_folder else c.inbox_id
    parts = []
    for position in range(branches):
        range_ = select(c.id, first.label("first_key"), second.label("second_key")).where(
            place == param(f"p{position}"), c.shelf == param(f"s{position}")
        )
        parts.append(_ordered(range_, first, second, ascending=ascending).limit(param("reach")).subquery())
    if branches == 1:
        merged: Any = parts[0]
    else:
        merged = union_all(*(select(part.c.id, part.c.first_key, part.c.second_key) for part in parts)).subquery()
    chosen = _ordered(select(merged.c.id), merged.c.first_key, merged.c.second_key, ascending=ascending)
    return read(chosen.limit(param("most")).offset(param("skip")), int)


async def _collect(
    view: Snapshot, it: Filter, inbox_ids: list[int], sorting: Sorting, skip: int, size: int
) -> tuple[list[int], int]:
    shape, builders, values = conditions(it)
    values |= {"inbox_ids": inbox_ids, "shelves": shelves(it), "statuses": [status.value for status in it.statuses]}
    score = it.score if sorting.field is SortField.SCORE else None
    if score is not None:
        shape, values = (*shape, "score", score.shape), values | score.values
    key = Key((shape, sorting.field, sorting.ascending), builders, score, sorting)
    # Only a number is sure to be found in no time; anything else may match half of the desk.
    find = view.all if it.number is not None and it.query is None else view.all_slowly
    matches = await find(_collecting(key), **values, most=size, skip=skip)
    if matches or skip == 0:
        return [each.id for each in matches], matches[0].total if matches else 0
    counted = await find(_counting(Key(shape, builders, None, sorting)), **values)
    return [], counted[0]


def shelves(it: Filter) -> list[str]:
    """Drafts are listed by their folder alone, deleted ones never."""
    if it.folder is not None and it.folder.type is FolderType.DRAFTS:
        return ["draft"]
    return [status.value for status in it.statuses]


class Key:
    """A shape to cache a statement by, with what is needed to build it on a miss."""

    def __init__(
        self,
        shape: Hashable,
        builders: list[Callable[[], ColumnElement[bool]]],
        score: Condition | None,
        sorting: Sorting,
    ) -> None:
        self.shape = shape
        self.builders = builders
        self.score = score
        self.sorting = sorting

    def __hash__(self) -> int:
        return hash(self.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self.shape == other.shape

    def where(self) -> ColumnElement[bool]:
        """Every condition; inbox and shelf only check what the others found."""
        conditions = [build() for build in self.builders]
        return and_(
            any_of(unindexed(c.inbox_id), "inbox_ids"),
            any_of(unindexed(c.shelf), "shelves"),
            any_of(unindexed(c.status), "statuses"),
            *(conditions or [true()]),
        )


@shaped
def _collecting(key: Key) -> Read[Match]:
    """A page of matches with how many there are, found once for both."""
    first, second = SORT_KEYS[key.sorting.field]
    columns = [c.id, first.label("first_key"), second.label("second_key")]
    if key.score is not None:
        columns.append(case((key.score.build(), literal(1)), else_=literal(0)).label("adjacent"))
    found = select(*columns).where(key.where()).cte("found").prefix_with("MATERIALIZED")
    statement = select(found.c.id, select(func.count()).select_from(found).scalar_subquery().label("total"))
    if key.score is not None:
        statement = statement.order_by(found.c.adjacent.asc() if key.sorting.ascending else found.c.adjacent.desc())
    chosen = _ordered(statement, found.c.first_key, found.c.second_key, ascending=key.sorting.ascending)
    return read(chosen.limit(param("most")).offset(param("skip")), Match)


@shaped
def _counting(key: Key) -> Read[int]:
    return read(select(func.count()).select_from(conversations).where(key.where()), int)


@shaped
def _counting_up_to(key: Key) -> Read[int]:
    found = select(c.id).where(key.where()).limit(param("reach")).subquery()
    return read(select(func.count()).select_from(found), int)


def conditions(it: Filter) -> tuple[tuple[Hashable, ...], list[Callable[[], ColumnElement[bool]]], dict[str, Any]]:
    """The narrowing conditions of a filter: their shape, their builders and their values."""
    shape: list[Hashable] = []
    builders: list[Callable[[], ColumnElement[bool]]] = []
    values: dict[str, Any] = {}

    def add(name: Hashable, build: Callable[[], ColumnElement[bool]], **given: Any) -> None:
        shape.append(name)
        builders.append(build)
        values.update(given)

    if it.folder is not None:
        add(*_in_folder(it.folder), folder_id=it.folder.id, folder_inbox_id=it.folder.inbox_id)
    if it.since is not None:
        add("since", lambda: c.id.in_(BEGAN_SINCE), since=it.since)
    if it.tag_ids is not None:
        tagged = select(conversation_tags.c.conversation_id).where(any_of(conversation_tags.c.tag_id, "tag_ids"))
        add("tags", lambda: c.id.in_(tagged), tag_ids=it.tag_ids)
    if it.assigned_to is not None:
        add("assigned", lambda: c.assignee_id == param("assigned_to"), assigned_to=it.assigned_to)
    if it.modified_since is not None:
        add("modified", lambda: c.modified_at > param("modified_since"), modified_since=it.modified_since)
    if it.number is not None:
        add("number", lambda: c.number == param("number"), number=it.number)
    if it.customer_ids is not None:
        add("customers", lambda: any_of(c.customer_id, "customer_ids"), customer_ids=it.customer_ids)
    if it.organization_id is not None:
        members = select(customers.c.id).where(customers.c.organization_id == param("organization_id"))
        add("organization", lambda: c.customer_id.in_(members), organization_id=it.organization_id)
    if it.before_id is not None:
        add("before", lambda: c.id < param("before_id"), before_id=it.before_id)
    for position, test in enumerate(it.fields):
        name, most = f"field{position}", None if test.words is None else len(test.words)
        add((name, most), partial(_having_field, name, most), **_field_values(name, test))
    if it.query is not None:
        add(it.query.shape, it.query.build, **it.query.values)
    return tuple(shape), builders, values


def _having_field(name: str, words: int | None) -> ColumnElement[bool]:
    """Whether a conversation has a value of a field: found by its key, the true value tells -5 from 5."""
    field = conversation_fields.c
    if words is None:
        tests = [field.value_key == param(f"{name}_key"), field.value == param(f"{name}_value")]
    else:
        tests = [like(padded(field.value_key), f"{name}_word{number}") for number in range(words)]
    return c.id.in_(select(field.conversation_id).where(field.field_id == param(name), *tests))


def _field_values(name: str, test: FieldTest) -> dict[str, Any]:
    if test.words is None:
        return {name: test.field_id, f"{name}_key": value_key(test.value), f"{name}_value": test.value}
    return {name: test.field_id} | {f"{name}_word{number}": f"% {word} %" for number, word in enumerate(test.words)}


def value_key(value: str) -> str:
    """What a custom field's value is found by: folded words, 255 characters."""
    return indexable(value)[:255]


def _in_folder(folder: Folder) -> tuple[str, Callable[[], ColumnElement[bool]]]:
    if folder.type is not FolderType.ASSIGNED:
        return "folder", lambda: c.folder_id == param("folder_id")
    owned = select(folders.c.id).where(
        folders.c.inbox_id == param("folder_inbox_id"),
        or_(folders.c.type == FolderType.MINE, folders.c.type == FolderType.TEAM),
    )
    return "assigned folder", lambda: c.folder_id.in_(owned)


def _ordered(statement: Any, first: Any, second: Any, *, ascending: bool) -> Any:
    return statement.order_by(first.asc(), second.asc()) if ascending else statement.order_by(first.desc(), second.desc())
