"""Statements: written with SQLAlchemy Core as module constants, rendered once per dialect, run straight on the driver.

``read(select(...), Record)`` and ``write(update(...))`` hold the expression; the first use on a dialect renders it to
SQL with two generated functions, one that orders and converts the parameters and one that makes records of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Generic, ParamSpec, TypeVar, overload

import msgspec
from sqlalchemy import BigInteger, Boolean, ColumnElement, Executable, Insert, Text, bindparam
from sqlalchemy.dialects import postgresql, sqlite  # noqa: TID251 - this is the door
from sqlalchemy.dialects.postgresql import asyncpg  # noqa: TID251
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement, Select, quoted_name
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from deskhand.kernel.storage.columns import Column, Ids, Instant, Match, TermPattern, Texts

R = TypeVar("R")
P = ParamSpec("P")

DIALECTS: Mapping[str, Dialect] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": asyncpg.dialect(),  # type: ignore[no-untyped-call]
}
for _dialect in DIALECTS.values():
    _dialect.insert_returning = False  # a RETURNING is always spelled out

EVENT_LOCK = 0x6465736B  # of advisory locks: ours, for numbering events

upsert = postgresql.insert
"""An INSERT with ``on_conflict_do_update`` / ``on_conflict_do_nothing`` that renders for both dialects."""


def param(name: str, type_: TypeEngine[Any] | None = None) -> Any:
    """A value to be given by name when the statement runs; its type comes from the column beside it."""
    return bindparam(name, type_=type_)


def shaped(build: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function of shape flags builds: flags say *which* filters a statement has, never their values."""
    return lru_cache(maxsize=2048)(build)  # type: ignore[return-value]


class Rendered(msgspec.Struct, frozen=True, gc=False):
    """One statement in one dialect: its text, and how parameters go in and rows come out."""

    sql: str
    bind: Callable[[dict[str, Any]], tuple[Any, ...]]
    records: Callable[[Sequence[Any]], list[Any]]


class Statement(Generic[R]):
    """An expression and, per dialect, its rendering. ``R`` is what one row becomes."""

    __slots__ = ("_record", "_rendered", "expression")

    def __init__(self, expression: Executable, record: type[R] | None) -> None:
        self.expression = expression
        self._record = record
        self._rendered: dict[str, Rendered] = {}

    def rendered(self, dialect: str) -> Rendered:
        """The statement for a dialect (``sqlite`` or ``postgresql``), rendered at the first call."""
        found = self._rendered.get(dialect)
        if found is None:
            found = self._rendered[dialect] = _render(self.expression, self._record, dialect)
        return found


class Read(Statement[R]):
    """A SELECT whose rows become records of ``R``."""


class Write(Statement[R]):
    """An INSERT, UPDATE or DELETE; with RETURNING its rows become ``R``."""


def read(statement: Select[Any], record: type[R]) -> Read[R]:
    """A SELECT; its columns, in order, are the fields of the record (or its one column, for int, str and the like)."""
    return Read(statement, record)


@overload
def write(statement: Executable) -> Write[int]: ...


@overload
def write(statement: Executable, record: type[R]) -> Write[R]: ...


def write(statement: Executable, record: Any = int) -> Write[Any]:
    """An INSERT, UPDATE or DELETE; ``record`` is what a RETURNING row becomes."""
    if isinstance(statement, Insert):
        statement = statement.inline()  # else SQLAlchemy would want to know the id beforehand
    return Write(statement, record)


class any_of(ColumnElement[bool]):  # noqa: N801 - reads as an operator
    """``column IN (a list given in one parameter)``: the text does not depend on how many there are."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        type_: Column = Ids() if isinstance(column.type, BigInteger) else Texts()
        self.values = bindparam(name, type_=type_)

    def self_group(self, against: Any = None) -> any_of:
        return self  # else SQLAlchemy writes ``(...) = 1`` on SQLite, which no index serves

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(any_of, "sqlite")
def _any_of_sqlite(element: any_of, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{left} IN (SELECT value FROM json_each({right}))"


@compiles(any_of, "postgresql")
def _any_of_postgresql(element: any_of, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = compiler.process(element.column, **kw), compiler.process(element.values, **kw)
    return f"{left} = ANY ({right})"


class matching(ColumnElement[bool]):  # noqa: N801
    """``column IN (the rows of a full-text index that match Words given in one parameter)``: only so many ``newest`` of them,
    by their id, unless 0, and none below the id given as ``first``."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], index: str, name: str, *, newest: int = 0, first: str = "") -> None:
        self.column = column
        self.newest = newest
        self.first = bindparam(first, type_=BigInteger()) if first else None
        self.index = quoted_name(index, quote=False)
        self.words = bindparam(name, type_=Match())

    def self_group(self, against: Any = None) -> matching:
        return self

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(matching, "sqlite")
def _matching_sqlite(element: matching, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = compiler.process(element.column, **kw), compiler.process(element.words, **kw)
    first = f" AND rowid >= {compiler.process(element.first, **kw)}" if element.first is not None else ""
    newest = f" ORDER BY rowid DESC LIMIT {element.newest}" if element.newest else ""
    return f"{left} IN (SELECT rowid FROM {element.index} WHERE {element.index} MATCH {right}{first}{newest})"


@compiles(matching, "postgresql")
def _matching_postgresql(element: matching, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = compiler.process(element.column, **kw), compiler.process(element.words, **kw)
    first = f" AND id >= {compiler.process(element.first, **kw)}" if element.first is not None else ""
    newest = f" ORDER BY id DESC LIMIT {element.newest}" if element.newest else ""
    return f"{left} IN (SELECT id FROM {element.index} WHERE words @@ CAST({right} AS TSQUERY){first}{newest})"


class matching_like(ColumnElement[bool]):  # noqa: N801
    """``column IN (the rows of a full-text index that have a word like a pattern given in one parameter)``.

    On SQLite the pattern stands for the 5,000 most frequent words like it.
    """

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], index: str, name: str) -> None:
        self.column = column
        self.index = index
        self.pattern = bindparam(name, type_=TermPattern())

    def self_group(self, against: Any = None) -> matching_like:
        return self

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(matching_like, "sqlite")
def _matching_like_sqlite(element: matching_like, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = compiler.process(element.column, **kw), compiler.process(element.pattern, **kw)
    name = element.index
    words = f"SELECT term FROM {name}_words WHERE term LIKE {right} ESCAPE '\\' ORDER BY doc DESC LIMIT 5000"
    asked = f"""SELECT coalesce(group_concat('"' || term || '"', ' OR '), '""') FROM ({words})"""
    return f"{left} IN (SELECT rowid FROM {name} WHERE {name} MATCH ({asked}))"


@compiles(matching_like, "postgresql")
def _matching_like_postgresql(element: matching_like, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = compiler.process(element.column, **kw), compiler.process(element.pattern, **kw)
    return f"{left} IN (SELECT id FROM {element.index} WHERE CAST(words AS TEXT) ~ {right})"


class database_now(ColumnElement[Any]):  # noqa: N801
    """The database's own clock, plus some seconds: leases of several machines are compared by one clock."""

    inherit_cache = False
    type = Instant()

    def __init__(self, plus_seconds: int = 0) -> None:
        self.plus_seconds = plus_seconds


@compiles(database_now, "sqlite")
def _now_sqlite(element: database_now, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST((unixepoch('subsec') + {element.plus_seconds}) * 1000000 AS INTEGER)"


@compiles(database_now, "postgresql")
def _now_postgresql(element: database_now, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(clock_timestamp() + interval '{element.plus_seconds} seconds')"


class unindexed(ColumnElement[Any]):  # noqa: N801
    """A column that SQLite's planner shall not look up by: what stands beside it selects far better."""

    inherit_cache = False

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column
        self.type = column.type

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(unindexed, "sqlite")
def _unindexed_sqlite(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return "+" + compiler.process(element.column, **kw)


@compiles(unindexed, "postgresql")
def _unindexed_postgresql(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.column, **kw)


class bytewise(ColumnElement[str]):  # noqa: N801
    """A text column in the order of its bytes, whatever the collation of a PostgreSQL database."""

    inherit_cache = False
    type = Text()

    def __init__(self, column: ColumnElement[str]) -> None:
        self.column = column

    @property
    def _from_objects(self) -> Any:
        return self.column._from_objects


@compiles(bytewise, "sqlite")
def _bytewise_sqlite(element: bytewise, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.column, **kw)


@compiles(bytewise, "postgresql")
def _bytewise_postgresql(element: bytewise, compiler: SQLCompiler, **kw: Any) -> str:
    return f'{compiler.process(element.column, **kw)} COLLATE "C"'


class next_in_line(ColumnElement[int]):  # noqa: N801
    """The next number of a column that counts up in an account: a sequence on PostgreSQL, the highest plus one on SQLite,
    where there is one writer. The first is the one ``behind`` a number; PostgreSQL's sequence knows that itself."""

    inherit_cache = False
    type = BigInteger()

    def __init__(self, column: ColumnElement[int], sequence: str, *, behind: int = 0) -> None:
        self.column = column
        self.sequence = sequence
        self.behind = behind


@compiles(next_in_line, "sqlite")
def _next_sqlite(element: next_in_line, compiler: SQLCompiler, **kw: Any) -> str:
    column: Any = element.column
    return f"(SELECT coalesce(max({column.name}), {element.behind}) + 1 FROM {column.table.name})"


@compiles(next_in_line, "postgresql")
def _next_postgresql(element: next_in_line, compiler: SQLCompiler, **kw: Any) -> str:
    return f"nextval('{element.sequence}')"


class next_event(ColumnElement[int]):  # noqa: N801
    """The id of a new event. On PostgreSQL a lock that all writers share is taken before the number and held until the
    commit, so that readers can tell when nothing may come below a number any more; SQLite has one writer."""

    inherit_cache = False
    type = BigInteger()


@compiles(next_event, "sqlite")
def _event_sqlite(element: next_event, compiler: SQLCompiler, **kw: Any) -> str:
    return "NULL"


@compiles(next_event, "postgresql")
def _event_postgresql(element: next_event, compiler: SQLCompiler, **kw: Any) -> str:
    lock = f"pg_advisory_xact_lock_shared({EVENT_LOCK}, hashtext(current_schema()))"
    return f"CASE WHEN CAST({lock} AS TEXT) IS NOT NULL THEN nextval('events_id_seq') END"


def _render(expression: Executable, record: type[Any] | None, dialect: str) -> Rendered:
    assert isinstance(expression, ClauseElement)
    compiled: Any = expression.compile(dialect=DIALECTS[dialect])
    names: list[str] = list(compiled.positiontup or ())
    return Rendered(str(compiled), _binder(compiled, names, dialect), _reader(compiled, record, dialect))


def _binder(compiled: Any, names: list[str], dialect: str) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Generates ``lambda p: (p["a"], convert1(p["b"]), constant2)``: called for each run, so without a loop."""
    scope: dict[str, Any] = {}
    parts = []
    for position, name in enumerate(names):
        bound = compiled.binds[name]
        convert = bound.type.bound(dialect) if isinstance(bound.type, Column) else None
        if not bound.required:
            value = bound.value if bound.callable is None else bound.callable()
            scope[f"v{position}"] = convert(value) if convert and value is not None else value
            parts.append(f"v{position}")
            continue
        if convert is None:
            parts.append(f"p[{name!r}]")
            continue
        scope[f"c{position}"] = convert
        parts.append(f"(None if (x := p[{name!r}]) is None else c{position}(x))")
    body = "".join(f"{part}, " for part in parts)
    return eval(f"lambda p: ({body})", scope)  # type: ignore[no-any-return]  # noqa: S307 - our own text


def _reader(compiled: Any, record: type[Any] | None, dialect: str) -> Callable[[Sequence[Any]], list[Any]]:
    """Generates ``lambda rows: [Record(a, convert1(b)) for a, b in rows]`` for the statement's columns."""
    types = [entry[3] for entry in compiled._result_columns or ()]
    if record is None or not types:
        return list
    scope: dict[str, Any] = {"Record": record}
    names, parts = [], []
    for position, type_ in enumerate(types):
        name = f"x{position}"
        names.append(name)
        convert: Any = type_.decoded(dialect) if isinstance(type_, Column) else None
        if convert is None and isinstance(type_, Boolean) and dialect == "sqlite":
            convert = bool
        if convert is None:
            parts.append(name)
            continue
        scope[f"c{position}"] = convert
        parts.append(f"(None if {name} is None else c{position}({name}))")
    made = f"Record({', '.join(parts)})" if issubclass(record, msgspec.Struct) else parts[0]
    return eval(f"lambda rows: [{made} for {', '.join(names)}, in rows]", scope)  # type: ignore[no-any-return]  # noqa: S307
