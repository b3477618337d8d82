"""The one set of tables: rooms add theirs to ``metadata``; naming is fixed so that migrations can name constraints."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Identity, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def identity(first: int | None = None) -> Column[int]:
    """The primary key ``id``: counts up by itself, and takes a given number when something is imported.

    SQLite makes a rowid of ``INTEGER PRIMARY KEY`` only; ``BIGINT`` would be an ordinary column without numbers. Nor can it
    be told the ``first`` one: where that is not 1, an INSERT says ``next_in_line``.
    """
    numbers = Identity(always=False, start=first)
    return Column("id", BigInteger().with_variant(Integer(), "sqlite"), numbers, primary_key=True)
