"""Brings an account's schema up to date: ``python -m deskhand.migrations.run ADDRESS``, in a process of its own.

All missing steps are one transaction on both databases: it happens whole or not at all.
"""

from __future__ import annotations

import asyncio
import io
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

from deskhand.kernel.errors import Unavailable
from deskhand.kernel.storage.addresses import open_address
from deskhand.migrations.version import NEWEST, version

FOLDER = Path(__file__).parent


def statements(dialect: str, current: str | None, *, to: str = "head") -> str:
    """The SQL from a version (None: an empty database) to another, the newest if none is named."""
    buffer = io.StringIO()
    config = Config(output_buffer=buffer, stdout=io.StringIO())
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["dialect"] = dialect
    command.upgrade(config, f"{current or 'base'}:{to}", sql=True)
    return buffer.getvalue()


async def upgrade(address: str) -> tuple[str | None, str]:
    """Bring the account at an address to the newest version; the versions before and after.

    Safe while another process does the same: the second waits, then finds nothing to do.
    """
    database = open_address(address)
    await database.open()
    try:
        session = await database.begin_writing()
        try:
            if database.dialect == "postgresql":
                schema = database.schema  # type: ignore[attr-defined]
                # First the lock: two that make one schema at once collide, IF NOT EXISTS or not.
                await session.rows("SELECT pg_advisory_xact_lock(hashtext($1))", (schema,))
                await session.script(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
            before = await version(database)
            if before != NEWEST:
                await session.script(statements(database.dialect, before))
        except BaseException:
            await session.rollback()
            raise
        await session.commit()
        return before, NEWEST
    finally:
        await database.close()


def main() -> None:
    """The process: exits 1 with a message when the account cannot be brought up to date."""
    try:
        before, after = asyncio.run(upgrade(sys.argv[1]))
    except Unavailable as error:
        sys.exit(str(error))
    if before != after:
        print(f"schema: {before or 'empty'} -> {after}", file=sys.stderr)


if __name__ == "__main__":
    main()
