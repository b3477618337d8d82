"""Version 13 gives jobs that wait the name by which they are known now."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskhand.migrations.run import statements, upgrade
from deskhand.reactions import reactions
from tests.migrations.catalog import make
from tests.migrations.test_0005_organizations import MOMENT, ask


async def test_jobs_that_wait_are_known_by_their_new_name(address: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    dialect, old = "sqlite", f"sqlite:///{tmp_path / 'old.db'}"
    if address.startswith("postgresql"):
        dialect, old = "postgresql", request.getfixturevalue("postgres").new_database()
    at = MOMENT[dialect].format(1)
    jobs = "INSERT INTO jobs (kind, key, event_id, state, due, attempts, created_at) VALUES"
    jobs += f" ('mail.tell_of_trouble', 'a', 1, 'ready', {at}, 0, {at}), ('webhooks.clear', 'b', 2, 'ready', {at}, 0, {at})"
    await make(old, [statements(dialect, None, to="0012"), jobs])

    await asyncio.to_thread(lambda: asyncio.run(upgrade(old)))

    kinds = [kind for (kind,) in await ask(old, "SELECT kind FROM jobs ORDER BY key")]
    assert kinds == ["mail.tell_operators", "webhooks.clear"]
    assert set(kinds) <= set(reactions().by_kind)
