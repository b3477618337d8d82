"""What the migrations make is what the tables say, on both databases, and an upgrade may be asked for at any time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex, CreateTable

from deskhand.app import App
from deskhand.kernel.storage.statements import DIALECTS
from deskhand.migrations.run import FOLDER, upgrade
from deskhand.migrations.version import NEWEST
from deskhand.schema import FULL_TEXT, metadata
from tests.migrations.catalog import catalog, make


def declared(dialect: str) -> list[str]:
    """The statements that make every table and index as the rooms declare them."""
    tables: list[CreateTable | CreateIndex] = [CreateTable(table) for table in metadata.sorted_tables]
    tables += [CreateIndex(index) for table in metadata.sorted_tables for index in table.indexes]
    return [
        *(["CREATE SEQUENCE conversation_numbers"] if dialect == "postgresql" else []),
        *(str(each.compile(dialect=DIALECTS[dialect])) for each in tables),
        *(each for index in FULL_TEXT for each in index.create(dialect)),
    ]


def test_the_newest_version_is_the_last_file() -> None:
    assert ScriptDirectory(str(FOLDER)).get_current_head() == NEWEST


async def test_the_migrations_make_every_table_and_index_as_it_is_declared(
    address: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    dialect, other = "sqlite", f"sqlite:///{tmp_path / 'declared.db'}"
    if address.startswith("postgresql"):
        dialect, other = "postgresql", request.getfixturevalue("postgres").new_database()
    await make(other, declared(dialect))

    assert await catalog(address) == await catalog(other)


async def test_an_upgrade_of_an_account_that_is_up_to_date_changes_nothing(app: App, address: str) -> None:
    before, after = await asyncio.to_thread(lambda: asyncio.run(upgrade(address)))

    assert (before, after) == (NEWEST, NEWEST)
