"""What a query says, once read: clauses joined by and, or, not, and the one error of this room."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

EXCERPT_CHARACTERS = 60


class QueryError(ValueError):
    """A query that cannot be read or asked. ``message`` is for the person who wrote it: what is wrong, and where.

    ``at`` counts characters of the query from 1; None while the place is not known yet.
    """

    def __init__(self, what: str, at: int | None = None) -> None:
        self.what = what
        self.at = at
        self.message = what if at is None else f"{what} (at character {at})"
        super().__init__(self.message)

    def placed(self, at: int) -> QueryError:
        """The same error with its place, unless it has one."""
        return self if self.at is not None else QueryError(self.what, at)


class Phrase(Struct, frozen=True):
    """A quoted value, without quotes and escapes; nothing in it is a wildcard."""

    text: str


class Term(Struct, frozen=True):
    """An unquoted value, without escapes. ``wildcards`` are where in ``text``, from 0, ``*`` and ``?`` mean it."""

    text: str
    wildcards: tuple[int, ...] = ()


class Range(Struct, frozen=True):
    """A range as written, bounds unread; None is an open end (``*``)."""

    low: str | None
    high: str | None
    includes_low: bool = True
    includes_high: bool = True


Value: TypeAlias = Phrase | Term | Range


class Clause(Struct, frozen=True):
    """One field and one value, or a value on its own (``field`` None). ``at`` is where it begins, from 1."""

    field: str | None
    value: Value
    at: int = 1


class And(Struct, frozen=True):
    """All of two or more; never directly inside another And."""

    nodes: tuple[Node, ...]


class Or(Struct, frozen=True):
    """At least one of two or more; never directly inside another Or."""

    nodes: tuple[Node, ...]


class Not(Struct, frozen=True):
    """Everything that the other does not match."""

    node: Node


Node: TypeAlias = And | Or | Not | Clause


def excerpt(text: str) -> str:
    """A piece of a query in quotes, cut to fit a message."""
    return f'"{text}"' if len(text) <= EXCERPT_CHARACTERS else f'"{text[:EXCERPT_CHARACTERS]}…"'
