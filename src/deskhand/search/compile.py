"""A read query becomes SQL: once per shape the text, per call only the values.

    condition = compile_query(node, FIELDS, tx.now)
    statement(condition.shape, ...)   # the caller keeps statements by shape; ``condition.build()`` on a miss
    values = condition.values         # {"q0": ..., "q1": ...}

Shapes come from outside, so whoever keeps statements by them needs a bound on how many.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime
from itertools import count

from msgspec import Struct

from deskhand.search.clauses import Asked, ask
from deskhand.search.fields import Fields, Test
from deskhand.search.model import And, Clause, Node, Not, QueryError
from deskhand.search.parts import NOTHING, Part, joined, opposite


class Condition(Struct, frozen=True, eq=False):
    """A query as a condition on the searched rows; never NULL where it matters: see ``opposite``.

    Two of the same ``shape`` have the same SQL. ``build`` makes the expression; ``values`` are its parameters, named
    q0, q1, ... in order of appearance.
    """

    shape: Hashable
    build: Callable[[], Test]
    values: dict[str, object]


def compile_query(
    node: Node,
    fields: Fields,
    now: datetime,
    *,
    prefix: str = "q",
    strict_phrases: bool = False,
    unknown_matches_nothing: bool = False,
) -> Condition:
    """The condition of a query over a room's fields, with dates relative to ``now`` (aware). Its parameters are named by
    ``prefix``, for statements with two conditions in them.

    ``strict_phrases``: quoted words must stand next to each other, in order. ``unknown_matches_nothing``: a field that
    does not exist finds nothing, instead of QueryError. Raises QueryError with the place of the clause.
    """
    part = _part(node, fields, Asked(now, strict_phrases), unknown_matches_nothing=unknown_matches_nothing)
    return Condition(
        part.shape,
        lambda: part.say(f"{prefix}{number}" for number in count()),
        {f"{prefix}{number}": value for number, value in enumerate(part.values)},
    )


def _part(node: Node, fields: Fields, asked: Asked, *, unknown_matches_nothing: bool) -> Part:
    match node:
        case Clause():
            return _clause(node, fields, asked, unknown_matches_nothing=unknown_matches_nothing)
        case Not():
            inner = _part(node.node, fields, asked, unknown_matches_nothing=unknown_matches_nothing)
            return Part(("not", inner.shape), inner.values, lambda names: opposite(inner.say(names)))
        case _:
            return joined(
                "and" if isinstance(node, And) else "or",
                [_part(each, fields, asked, unknown_matches_nothing=unknown_matches_nothing) for each in node.nodes],
            )


def _clause(clause: Clause, fields: Fields, asked: Asked, *, unknown_matches_nothing: bool) -> Part:
    try:
        if clause.field is not None:
            try:
                name, field = fields.find(clause.field)
            except QueryError:
                if unknown_matches_nothing:
                    return NOTHING
                raise
            return ask(name, field, clause.value, asked)
        if fields.free is None:
            raise QueryError("a value needs a field before it here")
        return ask("", fields.free, clause.value, asked)
    except QueryError as error:
        raise error.placed(clause.at) from None
