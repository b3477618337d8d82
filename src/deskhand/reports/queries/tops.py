"""What conversations of an interval were about: the most frequent tags, customers, saved replies and workflows, and fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, exists, func, literal, literal_column, select

from deskhand.conversations.tables import conversation_fields, conversation_tags
from deskhand.customers.tables import customers
from deskhand.inboxes.tables import custom_field_options, custom_fields, saved_replies
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped, unindexed
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.facts import Kind
from deskhand.reports.model.spans import Span
from deskhand.reports.queries.measures import ANSWERED, SAID, happened, opens
from deskhand.reports.queries.pages import active
from deskhand.reports.queries.scope import UNTAGGED, Scope, Shape, of_facts
from deskhand.reports.tables import report_facts
from deskhand.tags.tables import tags
from deskhand.workflows.tables import workflows

f = report_facts.c
MOST = 10


class Top(Struct, frozen=True):
    """Something, and in how many conversations."""

    id: int
    count: int


class Named(Struct, frozen=True):
    """What something is called; ``inbox_id`` of a saved reply, else 0."""

    id: int
    name: str
    inbox_id: int


class Field(Struct, frozen=True):
    """A dropdown."""

    id: int
    inbox_id: int
    name: str


class Option(Struct, frozen=True):
    """A choice of a dropdown; conversations keep its id as text."""

    field_id: int
    id: int
    label: str


class Value(Struct, frozen=True):
    """How many conversations of an inbox have a value in a field."""

    field_id: int
    inbox_id: int
    value: str
    count: int


class InInbox(Struct, frozen=True):
    """How many conversations of an inbox."""

    inbox_id: int
    count: int


Chosen = tuple[dict[int, dict[str, int]], dict[int, int]]
"""How many conversations have which value, by field; and how many there are, by inbox."""

Counting = Callable[[Shape], Select[Any]]
"""Rows of a conversation and a thing, each pair once."""


def _tags(shape: Shape) -> Select[Any]:
    here = active(shape)
    column = conversation_tags.c.tag_id
    return select(conversation_tags.c.conversation_id, column.label("id")).join_from(
        here, conversation_tags, conversation_tags.c.conversation_id == here.c.conversation_id
    )


def _customers(shape: Shape) -> Select[Any]:
    return select(f.conversation_id, f.customer_id.label("id")).where(*happened(SAID), opens, *of_facts(shape))


def _replies(shape: Shape) -> Select[Any]:
    used = select(f.conversation_id, f.used_id.label("id")).where(*happened(ANSWERED), f.used_id.is_not(None))
    return used.where(*of_facts(shape)).distinct()


def _workflows(shape: Shape) -> Select[Any]:
    used = select(f.conversation_id, f.used_id.label("id")).where(*happened((Kind.WORKFLOW,)))
    here = select(active(shape).c.conversation_id)
    return used.where(f.conversation_id.in_(here), *of_facts(shape)).distinct()


KINDS: dict[str, Counting] = {"tags": _tags, "customers": _customers, "replies": _replies, "workflows": _workflows}


@shaped
def _top(kind: str, shape: Shape, *, only: bool) -> Read[Top]:
    pairs = KINDS[kind](shape).subquery()
    count = func.count().label("count")
    statement = select(pairs.c.id, count).group_by(pairs.c.id)
    if only:
        return read(statement.where(any_of(pairs.c.id, "only")), Top)
    return read(statement.order_by(literal_column("2").desc(), pairs.c.id).limit(param("most")), Top)


@shaped
def _any(kind: str, shape: Shape) -> Read[int]:
    if kind == "tags":
        here = active(shape)
        tagged = exists(select(conversation_tags.c.tag_id).where(conversation_tags.c.conversation_id == here.c.conversation_id))
        return read(select(func.count()).select_from(here).where(tagged), int)
    pairs = KINDS[kind](shape).subquery()
    return read(select(func.count(pairs.c.conversation_id.distinct())), int)


def _named(table: Any, name: ColumnElement[Any], inbox: ColumnElement[Any] | None = None) -> Read[Named]:
    where = literal_column("0").label("inbox_id") if inbox is None else inbox
    return read(select(table.c.id, name.label("name"), where).where(any_of(table.c.id, "ids")), Named)


_name = func.trim(func.coalesce(customers.c.first_name, "") + literal(" ") + func.coalesce(customers.c.last_name, ""))
NAMES: dict[str, Read[Named]] = {
    "tags": _named(tags, tags.c.name),
    "customers": _named(customers, func.coalesce(func.nullif(_name, ""), customers.c.email, "")),
    "replies": _named(saved_replies, saved_replies.c.name, saved_replies.c.inbox_id),
    "workflows": _named(workflows, workflows.c.name),
}

FIELDS = read(
    select(custom_fields.c.id, custom_fields.c.inbox_id, custom_fields.c.name)
    .where(custom_fields.c.type == "dropdown", any_of(custom_fields.c.inbox_id, "inboxes"))
    .order_by(custom_fields.c.inbox_id, custom_fields.c.position, custom_fields.c.id),
    Field,
)
OPTIONS = read(
    select(*(custom_field_options.c[name] for name in Option.__struct_fields__))
    .where(any_of(custom_field_options.c.field_id, "field_ids"))
    .order_by(custom_field_options.c.id),
    Option,
)


@shaped
def _chosen(shape: Shape) -> Read[Value]:
    here = active(shape, f.inbox_id)
    values = conversation_fields.c
    rows = here.join(conversation_fields, values.conversation_id == here.c.conversation_id)
    statement = select(values.field_id, here.c.inbox_id, values.value, func.count().label("count")).select_from(rows)
    wanted = statement.where(any_of(unindexed(values.field_id), "field_ids"))
    return read(wanted.group_by(values.field_id, here.c.inbox_id, values.value), Value)


@shaped
def _by_inbox(shape: Shape) -> Read[InInbox]:
    here = active(shape, f.inbox_id)
    return read(select(here.c.inbox_id, func.count().label("count")).group_by(here.c.inbox_id), InInbox)


def _values(it: Scope, span: Span) -> dict[str, Any]:
    return it.values | {"first": span.first, "last": span.last}


async def top(view: Snapshot, it: Scope, span: Span, kind: str) -> list[Top]:
    """The most frequent, the most first."""
    return await view.all_slowly(_top(kind, it.shape, only=False), **_values(it, span), most=MOST)


async def counts(view: Snapshot, it: Scope, span: Span, kind: str, ids: list[int]) -> dict[int, int]:
    """The same of given ones."""
    found = await view.all_slowly(_top(kind, it.shape, only=True), **_values(it, span), only=ids)
    return {each.id: each.count for each in found}


async def having_any(view: Snapshot, it: Scope, span: Span, kind: str) -> int:
    """How many conversations have any."""
    (found,) = await view.all_slowly(_any(kind, it.shape), **_values(it, span))
    return found


async def names(view: Snapshot, kind: str, ids: list[int]) -> dict[int, Named]:
    """What they are called; what has no name is left out."""
    found = {each.id: each for each in await view.all(NAMES[kind], ids=ids)} if ids else {}
    return found | ({UNTAGGED: Named(UNTAGGED, "", 0)} if kind == "tags" else {})


async def fields(view: Snapshot, inbox_ids: list[int]) -> tuple[list[Field], dict[int, list[Option]]]:
    """The dropdowns of some inboxes in order, and the options of each."""
    found = await view.all(FIELDS, inboxes=inbox_ids)
    options: dict[int, list[Option]] = {}
    for each in await view.all(OPTIONS, field_ids=[it.id for it in found]):
        options.setdefault(each.field_id, []).append(each)
    return found, options


async def chosen(
    view: Snapshot, it: Scope, span: Span, fields: list[Field]
) -> tuple[dict[int, dict[str, int]], dict[int, int]]:
    """How many conversations have which value, by field; and how many conversations there are, by inbox.

    What a conversation brought along from another inbox is not counted.
    """
    homes = {each.id: each.inbox_id for each in fields}
    values: dict[int, dict[str, int]] = {}
    for each in await view.all_slowly(_chosen(it.shape), **_values(it, span), field_ids=list(homes)):
        if homes[each.field_id] == each.inbox_id:
            values.setdefault(each.field_id, {})[each.value] = each.count
    totals = await view.all_slowly(_by_inbox(it.shape), **_values(it, span))
    return values, {each.inbox_id: each.count for each in totals}
