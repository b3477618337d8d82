"""What the migrations make is what the tables say, on both databases, and an upgrade may be asked for at any time."""

from __future__ import annotations

import asyncio
import re

from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex, CreateTable

from deskhand.app import App
from deskhand.kernel.storage.statements import DIALECTS
from deskhand.migrations.run import FOLDER, statements, upgrade
from deskhand.migrations.version import NEWEST
from deskhand.schema import FULL_TEXT, metadata


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip().rstrip(";").strip()


def _made_by_migrations(dialect: str) -> set[str]:
    text = "\n".join(line for line in statements(dialect, None).splitlines() if not line.startswith("--"))
    return {_plain(each) for each in text.split(";")}


def test_the_newest_version_is_the_last_file() -> None:
    assert ScriptDirectory(str(FOLDER)).get_current_head() == NEWEST


def test_the_migrations_make_every_table_and_index_as_it_is_declared() -> None:
    for name in ("sqlite", "postgresql"):
        made = _made_by_migrations(name)
        declared: list[CreateTable | CreateIndex] = [CreateTable(table) for table in metadata.sorted_tables]
        declared += [CreateIndex(index) for table in metadata.sorted_tables for index in table.indexes]
        wanted = {_plain(str(each.compile(dialect=DIALECTS[name]))) for each in declared}
        wanted |= {_plain(each) for index in FULL_TEXT for each in index.create(name)}

        assert wanted - made == set()


async def test_an_upgrade_of_an_account_that_is_up_to_date_changes_nothing(app: App, address: str) -> None:
    before, after = await asyncio.to_thread(lambda: asyncio.run(upgrade(address)))

    assert (before, after) == (NEWEST, NEWEST)
