"""What a room offers to search: a table of fields, each a kind and the SQL it stands for.

No noun of the product is known here. The callables get a parameter's *name* and give the condition with ``param(name)``
in it; they run once per shape of query, never per query. What they give may be NULL: NOT counts NULL as "no match".
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, literal, true
from sqlalchemy import Text as Plain

from deskhand.kernel.storage.statements import bytewise, param
from deskhand.search.model import QueryError, excerpt
from deskhand.search.patterns import ESCAPE

Test: TypeAlias = ColumnElement[bool]
Build: TypeAlias = Callable[[str], Test]
Around: TypeAlias = Callable[[Test], Test]

LAST_CHARACTER = "\U0010ffff"


def itself(test: Test) -> Test:
    """The test on a column as it is, for a column of the searched table."""
    return test


class Text(Struct, frozen=True, eq=False):
    """Free text. ``match`` is given ``Words``, ``like`` a pattern over ``padded`` folded words; None refuses those.

    ``anything`` is the condition for ``field:*``.
    """

    match: Build
    like: Build | None = None
    anything: Callable[[], Test] = true


class Whole(Struct, frozen=True, eq=False):
    """A whole value in any case. ``equals`` is given it folded, ``like`` a pattern over the column, which holds it so."""

    equals: Build
    like: Build | None = None
    fold: Callable[[str], str] = str.casefold


class Address(Struct, frozen=True, eq=False):
    """An e-mail address in lower case: ``equals`` and ``like`` are for all of it, ``domain`` for what follows its @.
    ``begins`` is given how it begins, if an index serves that better than a pattern."""

    equals: Build
    domain: Build
    like: Build
    begins: Build | None = None


class Contains(Struct, frozen=True, eq=False):
    """A value that contains another. ``like`` is given a pattern over the column in lower case."""

    like: Build


class Name(Struct, frozen=True, eq=False):
    """A person's name: any one word of it, or all of it. ``like`` is given a pattern over the ``padded`` folded name.

    ``nobody`` is the condition for the reserved word, which is compared in any case.
    """

    like: Build
    reserved: str
    nobody: Callable[[], Test]


class Number(Struct, frozen=True, eq=False):
    """A 64-bit whole number. ``around`` makes a test on the column one on the searched row, for a column elsewhere."""

    column: ColumnElement[Any]
    around: Around = itself


class Flag(Struct, frozen=True, eq=False):
    """True or false. The two are different shapes, so that a partial index can serve either."""

    test: Callable[[], Test]


class Word(Struct, frozen=True, eq=False):
    """One of a few words. ``meanings`` is, for each word in lower case, the stored ones it stands for."""

    column: ColumnElement[Any]
    meanings: Mapping[str, tuple[str, ...]]
    around: Around = itself


class Instant(Struct, frozen=True, eq=False):
    """A moment, compared in whole seconds, as the wire shows it."""

    column: ColumnElement[Any]
    around: Around = itself


class Since(Struct, frozen=True, eq=False):
    """``field:X`` for a moment at or after X."""

    column: ColumnElement[Any]
    around: Around = itself


class AnyOf(Struct, frozen=True, eq=False):
    """Several fields at once: the value must be found in one. Members that cannot be asked it are passed over."""

    members: tuple[Field, ...]


Field: TypeAlias = Text | Whole | Address | Contains | Name | Number | Flag | Word | Instant | Since | AnyOf


class Fields(Struct, frozen=True, eq=False):
    """A room's table of fields, made by ``table``; names are kept casefolded beside their proper spelling."""

    named: Mapping[str, tuple[str, Field]]
    prefixed: Mapping[str, Callable[[str], Field | None]]
    free: Field | None

    def find(self, name: str) -> tuple[str, Field]:
        """The proper name and kind of a field written in any case. Raises QueryError for one that does not exist."""
        wanted = name.casefold()
        found = self.named.get(wanted)
        if found is not None:
            return found
        for prefix, field_for in self.prefixed.items():
            if wanted.startswith(prefix):
                field = field_for(name[len(prefix) :])
                if field is not None:
                    return wanted, field
        raise QueryError(f"there is no field {excerpt(name)}{self._suggestion(wanted)}")

    def _suggestion(self, wanted: str) -> str:
        close = [self.named[name][0] for name in difflib.get_close_matches(wanted, list(self.named), 3)]
        return f"; did you mean {' or '.join(close)}?" if close else ""


def table(
    named: Mapping[str, Field],
    *,
    aliases: Mapping[str, str] | None = None,
    prefixed: Mapping[str, Callable[[str], Field | None]] | None = None,
    free: Field | None = None,
) -> Fields:
    """The fields of a room.

    ``aliases`` are other names for named fields. ``prefixed`` gives the field for what follows a prefix such as
    ``customField.``, or None if there is none. ``free`` is searched by values without a field.
    """
    found = {name.casefold(): (name, field) for name, field in named.items()}
    found.update({alias.casefold(): (name, named[name]) for alias, name in (aliases or {}).items()})
    return Fields(found, {prefix.casefold(): field_for for prefix, field_for in (prefixed or {}).items()}, free)


def equals(column: ColumnElement[Any], name: str) -> Test:
    """``column = value``."""
    test: Test = column == param(name)
    return test


def like(column: ColumnElement[Any], name: str) -> Test:
    """``column LIKE`` a pattern of ours, on both databases."""
    return column.like(param(name), escape=ESCAPE)


def begins(column: ColumnElement[str], name: str) -> Test:
    """Whether a text begins with another, as a range of its index (on PostgreSQL of one in the order of bytes)."""
    first = bytewise(column)
    return and_(first >= param(name, Plain()), first < param(name, Plain()).concat(literal(LAST_CHARACTER)))


def padded(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Folded words with a space at each end, so that a pattern can tell where a word begins and ends."""
    return literal(" ").concat(column).concat(literal(" "))
