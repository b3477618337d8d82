"""Version 5 keeps members in their organizations, though SQLite makes the table anew, and counts what there was."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from deskhand.kernel.storage.addresses import open_address
from deskhand.migrations.run import FOLDER, upgrade
from tests.migrations.catalog import make

START = {"sqlite": "0001_start.sqlite.sql", "postgresql": "0001_start.postgresql.sql"}
VERSION = ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)", "INSERT INTO alembic_version VALUES ('0001')"]
# The two databases spell moments differently; 1,000 microseconds are one millisecond.
MOMENT = {"sqlite": "{0}000", "postgresql": "TIMESTAMPTZ '1970-01-01 00:00:00+00' + INTERVAL '{0} milliseconds'"}


def rows(dialect: str) -> list[str]:
    """Two organizations and three customers, one of them a member with two conversations."""

    def at(number: int) -> str:
        return MOMENT[dialect].format(number)

    organization = "INSERT INTO organizations (id, name, name_key, created_at, updated_at) VALUES"
    columns = "id, name_key, first_key, last_key, gender, organization, organization_key, organization_id, photo_type, draft, "
    columns += "conversation_count, created_at, updated_at"
    customer = f"INSERT INTO customers ({columns}) VALUES"
    return [
        f"{organization} (3, 'Nimbus', 'nimbus', {at(1)}, {at(1)})",
        f"{organization} (5, 'Brook', 'brook', {at(2)}, {at(2)})",
        f"{customer} (1, 'a', 'a', '', 'unknown', 'Nimbus', 'nimbus', 3, 'unknown', false, 2, {at(3)}, {at(3)})",
        f"{customer} (2, 'b', 'b', '', 'unknown', 'Brook', 'brook', NULL, 'unknown', false, 0, {at(3)}, {at(3)})",
        f"{customer} (3, 'c', 'c', '', 'unknown', 'Nimbus', 'nimbus', 3, 'unknown', false, 0, {at(3)}, {at(3)})",
    ]


async def ask(address: str, sql: str) -> list[Sequence[Any]]:
    database = open_address(address)
    await database.open()
    session = await database.begin_reading()
    try:
        return [tuple(each) for each in await session.rows(sql, ())]
    finally:
        await session.end()
        await database.close()


async def test_members_stay_where_they_were(address: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    dialect, old = "sqlite", f"sqlite:///{tmp_path / 'old.db'}"
    if address.startswith("postgresql"):
        dialect, old = "postgresql", request.getfixturevalue("postgres").new_database()
    await make(old, [(FOLDER / "versions" / START[dialect]).read_text().strip().rstrip(";"), *VERSION, *rows(dialect)])

    await asyncio.to_thread(lambda: asyncio.run(upgrade(old)))

    assert await ask(old, "SELECT id, organization_id FROM customers ORDER BY id") == [(1, 3), (2, None), (3, 3)]
    assert await ask(old, "SELECT id, name, phones FROM organizations ORDER BY id") == [(3, "Nimbus", "[]"), (5, "Brook", "[]")]
    counts = "SELECT organization_id, customer_count, conversation_count FROM organization_activity ORDER BY 1"
    assert await ask(old, counts) == [(3, 2, 2), (5, 0, 0)]
    same = "SELECT o.id FROM organizations o JOIN organization_activity a ON a.organization_id = o.id"
    assert await ask(old, f"{same} WHERE a.last_interaction_at = o.created_at ORDER BY o.id") == [(3,), (5,)]
    assert await ask(old, "SELECT total FROM counts WHERE name = 'organizations'") == [(2,)]
