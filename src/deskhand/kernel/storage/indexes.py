"""Full-text indexes: FTS5 without content (rowid = id) or a tsvector table with GIN, written with the data they index.

Both hold folded words (``fulltext.fold``), so both find the same things.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Executable
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from deskhand.kernel.storage.columns import FoldedWords
from deskhand.kernel.storage.statements import Write, param, write

CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE {name} USING fts5(words, content='', contentless_delete=1, tokenize='ascii')",
        "CREATE VIRTUAL TABLE {name}_words USING fts5vocab({name}, row)",
    ),
    "postgresql": (
        "CREATE TABLE {name} (id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
        "CREATE INDEX ix_{name}_words ON {name} USING GIN (words)",
    ),
}


class _Keep(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.id = param("id", BigInteger())
        self.text = param("text", FoldedWords())


class _Forget(Executable, ClauseElement):
    inherit_cache = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.id = param("id", BigInteger())


class FullText:
    """The statements of one index: ``keep`` (id, text: folded words) and ``forget`` (id)."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.keep: Write[int] = write(_Keep(name))
        self.forget: Write[int] = write(_Forget(name))

    def create(self, dialect: str) -> tuple[str, ...]:
        """The statements that make the index, for a migration."""
        return tuple(statement.format(name=self.name) for statement in CREATE[dialect])


@compiles(_Keep, "sqlite")
def _keep_sqlite(element: _Keep, compiler: SQLCompiler, **kw: Any) -> str:
    id_, text = compiler.process(element.id, **kw), compiler.process(element.text, **kw)
    return f"INSERT OR REPLACE INTO {element.name} (rowid, words) VALUES ({id_}, {text})"


@compiles(_Keep, "postgresql")
def _keep_postgresql(element: _Keep, compiler: SQLCompiler, **kw: Any) -> str:
    id_, text = compiler.process(element.id, **kw), compiler.process(element.text, **kw)
    return (
        f"INSERT INTO {element.name} (id, words) VALUES ({id_}, CAST({text} AS TSVECTOR)) "
        "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    )


@compiles(_Forget, "sqlite")
def _forget_sqlite(element: _Forget, compiler: SQLCompiler, **kw: Any) -> str:
    return f"DELETE FROM {element.name} WHERE rowid = {compiler.process(element.id, **kw)}"


@compiles(_Forget, "postgresql")
def _forget_postgresql(element: _Forget, compiler: SQLCompiler, **kw: Any) -> str:
    return f"DELETE FROM {element.name} WHERE id = {compiler.process(element.id, **kw)}"
