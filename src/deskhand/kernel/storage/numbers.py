"""The numbers that tables give by themselves: where they stand, and how they go on behind rows that brought their own."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table


def remembers(table: Table) -> bool:
    """Whether an id of this table is never given twice, not even after an erasure, so that its last one may be gone."""
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def last_number(dialect: str, table: Table) -> str:
    """What tells the last number that was given, of a table that remembers it; 0 before the first."""
    if dialect == "sqlite":
        return f"SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{table.name}'"
    return f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table.name}_id_seq"


def go_on_behind(dialect: str, table: Table, last: int) -> list[str]:
    """What makes a table that remembers go on behind a number. Its rows are there already."""
    if dialect == "sqlite":
        return [
            f"UPDATE sqlite_sequence SET seq = max(seq, {last:d}) WHERE name = '{table.name}'",
            f"INSERT INTO sqlite_sequence (name, seq) SELECT '{table.name}', {last:d} "
            f"WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{table.name}') AND {last:d} > 0",
        ]
    highest = f"(SELECT coalesce(max(id), 0) FROM {table.name})"
    return [f"SELECT setval('{table.name}_id_seq', greatest({last:d}, {highest})) WHERE greatest({last:d}, {highest}) > 0"]


def after_bulk(dialect: str, tables: Sequence[Table]) -> list[str]:
    """What sets sequences behind rows that brought their own ids; SQLite counts on from the highest by itself."""
    if dialect == "sqlite":
        return []
    behind = "SELECT setval({sequence}, highest) FROM (SELECT max({column}) AS highest FROM {table}) AS t WHERE highest > 0"
    statements = [
        behind.format(sequence=f"pg_get_serial_sequence('{table.name}', 'id')", column="id", table=table.name)
        for table in tables
    ]
    numbers = [table.name for table in tables if "number" in table.columns]
    return statements + [behind.format(sequence=f"'{name[:-1]}_numbers'", column="number", table=name) for name in numbers]
