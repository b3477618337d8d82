"""Which schema an account has, and which this code needs; without Alembic, since every start asks."""

from __future__ import annotations

from deskhand.kernel.storage.database import Database

NEWEST = "0022"
"""The last file in ``versions``; a test compares."""

HAS_TABLE = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT 1 FROM information_schema.tables "
    "WHERE table_name = 'alembic_version' AND table_schema = current_schema()",
}


async def version(database: Database) -> str | None:
    """The account's schema version; None when it is empty."""
    session = await database.begin_reading()
    try:
        found = await session.rows(HAS_TABLE[database.dialect], ())
        rows = await session.rows("SELECT version_num FROM alembic_version", ()) if found else []
        return str(rows[0][0]) if rows else None
    finally:
        await session.end()
