"""What is counted in an interval: each sum once, gathered in as few passes as their kinds of facts allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, func, literal, literal_column, select

from deskhand.kernel.storage.statements import Read, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.facts import Kind
from deskhand.reports.model.spans import Span
from deskhand.reports.queries.scope import Scope, Shape, of_facts
from deskhand.reports.tables import report_facts

f = report_facts.c
SAID = (Kind.CUSTOMER_MESSAGE, Kind.USER_MESSAGE, Kind.REPLY)
ANSWERED = (Kind.USER_MESSAGE, Kind.REPLY)

Expression = ColumnElement[Any]


class Sum(Struct, frozen=True):
    """A number: of which facts, and how it is made of them; ``build`` is told whether office hours count."""

    kinds: tuple[Kind, ...]
    build: Callable[[bool], Expression]


def is_kind(kinds: Iterable[Kind]) -> ColumnElement[bool]:
    """Whether a fact is one of these."""
    numbers = sorted(kinds)
    if len(numbers) == 1:
        return f.kind == literal(int(numbers[0]))
    return f.kind.in_([literal(int(each)) for each in numbers])


def total(expression: Expression) -> Expression:
    """A sum as a whole number on both databases."""
    return cast(func.coalesce(func.sum(expression), 0), BigInteger)


def taken(office: bool) -> Expression:  # noqa: FBT001
    """How long something took."""
    return f.office_seconds if office else f.seconds


# Of what was said in a conversation in an interval exactly one has nothing before it there: so conversations are counted
# without comparing them.
opens = f.before < param("first")

NEW = f.user_id.is_(None)
RESOLVES = f.replies.is_not(None)
RESPONDS = f.seconds.is_not(None)


def _count(kinds: tuple[Kind, ...], *conditions: ColumnElement[bool]) -> Sum:
    return Sum(kinds, lambda office: total(case((and_(is_kind(kinds), *conditions), literal(1)), else_=literal(0))))


def _distinct(column: Expression, kinds: tuple[Kind, ...], *conditions: ColumnElement[bool]) -> Sum:
    return Sum(kinds, lambda office: func.count(case((and_(is_kind(kinds), *conditions), column)).distinct()))


def _add(kinds: tuple[Kind, ...], of: Callable[[bool], Expression], *conditions: ColumnElement[bool]) -> Sum:
    return Sum(kinds, lambda office: total(case((and_(is_kind(kinds), *conditions), of(office)))))


SUMS: dict[str, Sum] = {
    "conversations": _count(SAID, opens),
    "customers": _distinct(f.customer_id, SAID, opens),
    "received": _count((Kind.CUSTOMER_MESSAGE,)),
    "replies": _count((Kind.REPLY,)),
    "helped": _distinct(f.customer_id, (Kind.REPLY,)),
    "repliers": _distinct(f.user_id, (Kind.REPLY,)),
    "responses": _count((Kind.REPLY,), RESPONDS),
    "response_seconds": _add((Kind.REPLY,), taken, RESPONDS),
    "first_responses": _count((Kind.REPLY,), RESPONDS, f.is_first),
    "first_response_seconds": _add((Kind.REPLY,), taken, RESPONDS, f.is_first),
    "closed": _count((Kind.CLOSING,)),
    "resolved": _count((Kind.CLOSING,), RESOLVES),
    "resolved_at_once": _count((Kind.CLOSING,), f.replies == literal(1)),
    "resolving_replies": _add((Kind.CLOSING,), lambda office: f.replies, RESOLVES),
    "resolving_seconds": _add((Kind.CLOSING,), taken, RESOLVES),
    "new": _count((Kind.START,), NEW),
    "created": _count((Kind.START,), ~NEW),
    "started": _count((Kind.START,)),
    # What users said, where only theirs is looked at.
    "their_conversations": _distinct(f.conversation_id, ANSWERED),
    "their_customers": _distinct(f.customer_id, ANSWERED),
}
ONCE = {"conversations", "customers"}
PASSES = (SAID, (Kind.CLOSING,), (Kind.START,))


async def sums(view: Snapshot, it: Scope, span: Span, names: Iterable[str], *, office: bool = False) -> dict[str, int]:
    """The numbers of an interval by name."""
    wanted = set(names)
    found: dict[str, int] = {}
    for kinds in PASSES:
        here = tuple(sorted(name for name in wanted if set(SUMS[name].kinds) <= set(kinds)))
        if here:
            statement, values = _summing(it.shape, here, office=office), it.values | {"first": span.first, "last": span.last}
            (record,) = await view.all_slowly(statement, **values)
            found |= msgspec.structs.asdict(record)
    return found


def happened(kinds: Iterable[Kind]) -> list[ColumnElement[bool]]:
    """The conditions on facts of an interval."""
    return [is_kind(kinds), f.at >= param("first"), f.at <= param("last")]


@shaped
def _summing(shape: Shape, names: tuple[str, ...], *, office: bool) -> Read[Any]:
    record = msgspec.defstruct("Sums", [(name, int) for name in names], frozen=True)
    kinds = {kind for name in names for kind in SUMS[name].kinds}
    statement = select(*(SUMS[name].build(office).label(name) for name in names)).where(*happened(kinds), *of_facts(shape))
    # Where only conversations are counted, the rest is passed over.
    return read(statement.where(opens) if set(names) <= ONCE else statement, record)


class Bounds(Struct, frozen=True):
    """When the first and the last fact happened; None without any."""

    first: int | None
    last: int | None


BOUNDS = [
    read(select(func.min(f.at), func.max(f.at)).where(is_kind((kind,))), Bounds) for kind in (*SAID, Kind.CLOSING, Kind.START)
]


async def bounds(view: Snapshot) -> Span | None:
    """The time in which anything happened."""
    found = [each for statement in BOUNDS for each in await view.all(statement)]
    firsts = [each.first for each in found if each.first is not None]
    lasts = [each.last for each in found if each.last is not None]
    return Span(min(firsts), max(lasts)) if firsts else None


class Counted(Struct, frozen=True):
    """How many in a range of two breakdowns."""

    range_id: int
    all: int
    first: int


class Resolved(Struct, frozen=True):
    """How many resolutions took so many replies, and their seconds in all."""

    range_id: int
    count: int
    seconds: int


def ranged(column: Expression, borders: tuple[int, ...]) -> Expression:
    """The id of the range that a number is in."""
    below: list[Any] = [(column < literal(border), literal_column(str(place))) for place, border in enumerate(borders, 1)]
    return case(*below, else_=literal_column(str(len(borders) + 1)))


@shaped
def _responses(shape: Shape, borders: tuple[int, ...], *, office: bool) -> Read[Counted]:
    range_id = ranged(taken(office), borders).label("range_id")
    first = total(case((f.is_first, literal(1)), else_=literal(0)))
    statement: Any = select(range_id, func.count().label("count"), first.label("first"))
    return read(statement.where(*happened((Kind.REPLY,)), RESPONDS, *of_facts(shape)).group_by(literal_column("1")), Counted)


@shaped
def _resolutions(shape: Shape, borders: tuple[int, ...], *, office: bool) -> Read[Resolved]:
    range_id = ranged(f.replies, borders).label("range_id")
    statement: Any = select(range_id, func.count().label("count"), total(taken(office)).label("seconds"))
    return read(statement.where(*happened((Kind.CLOSING,)), RESOLVES, *of_facts(shape)).group_by(literal_column("1")), Resolved)


async def responses(view: Snapshot, it: Scope, span: Span, borders: tuple[int, ...], *, office: bool = False) -> list[Counted]:
    """Responses by range, all and the first ones."""
    return await view.all_slowly(_responses(it.shape, borders, office=office), first=span.first, last=span.last, **it.values)


async def resolutions(
    view: Snapshot, it: Scope, span: Span, borders: tuple[int, ...], *, office: bool = False
) -> list[Resolved]:
    """Resolutions by how many replies they took."""
    return await view.all_slowly(_resolutions(it.shape, borders, office=office), first=span.first, last=span.last, **it.values)
