"""User 1 and tag 1 are nobody's in new accounts; an account that has them keeps them (contract 00 §13, 60 §4)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest
from alembic.script import ScriptDirectory

from deskhand.app import App, make_app
from deskhand.kernel.permissions import Role, system_actor
from deskhand.migrations.run import FOLDER, statements, upgrade
from deskhand.settings import Settings
from deskhand.tags import operations as tags
from deskhand.users import operations as users
from deskhand.users import queries
from deskhand.users.operations import NewUser
from tests.migrations.catalog import make

(BEFORE,) = [each.down_revision for each in ScriptDirectory(str(FOLDER)).walk_revisions() if each.path.endswith("_people.py")]
AT = {"sqlite": "1767225600000000", "postgresql": "'2026-01-01T00:00:00Z'"}
USER = (
    "INSERT INTO users (type, state, role, granted, first_name, last_name, name_key, email, email_key, timezone, "
    "alternate_emails, created_at, updated_at) VALUES "
    "('user', 'active', 'owner', '[]', 'Ines', 'O', 'ines o', 'i@desk.test', 'i@desk.test', 'UTC', '[]', {at}, {at})"
)
TAG = "INSERT INTO tags (name, slug, color, created_at, updated_at) VALUES ('gift', 'gift', 'none', {at}, {at})"


@pytest.mark.parametrize(("rows", "ids"), [((), (2, 2, 3, 3)), ((USER, TAG), (2, 2, 3, 3)), ((USER,), (2, 2, 3, 3))])
async def test_the_next_numbers_after_an_upgrade(
    address: str,
    settings: Settings,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    rows: tuple[str, ...],
    ids: tuple[int, ...],
) -> None:
    dialect = "postgresql" if address.startswith("postgresql") else "sqlite"
    other = f"sqlite:///{tmp_path / 'old.db'}"
    if dialect == "postgresql":
        other = request.getfixturevalue("postgres").new_database()
    assert isinstance(BEFORE, str)
    old = statements(dialect, None, to=BEFORE)
    await make(other, [old, *(each.format(at=AT[dialect]) for each in rows)])
    await asyncio.to_thread(lambda: asyncio.run(upgrade(other)))

    app: App = make_app(msgspec.structs.replace(settings, database=other), works=False)
    await app.desk.database.open()
    made = []
    for name in ("ona", "lou"):
        new = NewUser(first_name=name, last_name="B", email=f"{name}@desk.test", role=Role.USER)
        async with app.desk.writing(system_actor()) as tx:
            made += [await users.create(tx, new), await tags.create(tx, name)]
    async with app.desk.reading(system_actor()) as view:
        first = await queries.find(view, 1)
    await app.desk.database.close()

    assert tuple(made) == ids
    assert (first is not None) == (USER in rows)
