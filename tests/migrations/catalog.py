"""What a database says of its own tables, as a set of lines: how two ways to the same schema are compared.

The order of a table's columns is left out, since a column that came later stands last; so are names of constraints that
nothing refers to, which SQLite keeps only in the text of a table.
"""

from __future__ import annotations

import re

from deskhand.kernel.storage.addresses import open_address
from deskhand.kernel.storage.database import ReadingSession

VERSIONS = "alembic_version"

SQLITE_COLUMNS = """
    SELECT 'column ' || t.name || '.' || c.name || ' ' || c.type || ' null=' || (c."notnull" = 0) || ' default='
        || coalesce(c.dflt_value, '') || ' key=' || c.pk || ' computed=' || c.hidden || ' rowid=' || (t.wr = 0)
    FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c WHERE t.schema = 'main' AND t.type <> 'shadow'
"""
SQLITE_KEYS = """
    SELECT 'key ' || t.name || '.' || f."from" || ' -> ' || f."table" || '.' || f."to" || ' ' || f.on_delete
    FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f WHERE t.schema = 'main'
"""
SQLITE_INDEXES = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
SQLITE_UNIQUE = """
    SELECT 'unique ' || t.name || ' ' || group_concat(i.name)
    FROM pragma_table_list AS t JOIN pragma_index_list(t.name) AS l JOIN pragma_index_info(l.name) AS i
    WHERE t.schema = 'main' AND l.origin = 'u' GROUP BY t.name, l.name
"""
SQLITE_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL"

POSTGRESQL = (
    """
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' null=' || is_nullable || ' default='
        || coalesce(column_default, '') || ' identity=' || coalesce(identity_generation, '') || ' from='
        || coalesce(identity_start, '') || ' computed=' || coalesce(generation_expression, '') || ' collation='
        || coalesce(collation_name, '')
    FROM information_schema.columns WHERE table_schema = current_schema()
    """,
    """
    SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 'n'
    """,
    "SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = current_schema()",
    """
    SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    WHERE NOT tgisinternal AND c.relnamespace = current_schema()::regnamespace
    """,
    """
    SELECT 'sequence ' || sequencename || ' from ' || start_value FROM pg_sequences WHERE schemaname = current_schema()
    """,
)


async def catalog(address: str) -> set[str]:
    """Every column, key, constraint and index of the account at an address."""
    database = open_address(address)
    await database.open()
    try:
        session = await database.begin_reading()
        try:
            told = await (_of_sqlite(session) if database.dialect == "sqlite" else _of_postgresql(session))
        finally:
            await session.end()
    finally:
        await database.close()
    return {each for each in told if VERSIONS not in each}


async def make(address: str, statements: list[str]) -> None:
    """Run statements in one transaction, in an account that is empty."""
    database = open_address(address)
    if database.dialect == "postgresql":
        statements = [f'CREATE SCHEMA "{database.schema}"', *statements]  # type: ignore[attr-defined]
    await database.open()
    try:
        session = await database.begin_writing()
        try:
            await session.script(";\n".join(statements))
        except BaseException:
            await session.rollback()
            raise
        await session.commit()
    finally:
        await database.close()


async def _of_sqlite(session: ReadingSession) -> set[str]:
    told = {str(row[0]) for sql in (SQLITE_COLUMNS, SQLITE_KEYS, SQLITE_UNIQUE) for row in await session.rows(sql, ())}
    told |= {f"index {_plain(str(sql))}" for _, _, sql in await session.rows(SQLITE_INDEXES, ())}
    for name, sql in await session.rows(SQLITE_TABLES, ()):
        if str(sql).startswith("CREATE VIRTUAL"):
            told.add(_plain(str(sql)))
        else:
            told |= {f"check {name} {each}" for each in _checks(str(sql))}
    return told


async def _of_postgresql(session: ReadingSession) -> set[str]:
    return {str(row[0]) for sql in POSTGRESQL for row in await session.rows(sql, ())}


def _checks(sql: str) -> list[str]:
    """The conditions of a table's CHECKs, from the text it was made with."""
    found = []
    for start in (match.end() for match in re.finditer(r"\bCHECK \(", sql)):
        depth, end = 1, start
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        found.append(_plain(sql[start : end - 1]))
    return found


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()
