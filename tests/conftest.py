"""A real account for each test, on both databases: an empty one, copied from a template that was migrated once."""

from __future__ import annotations

import asyncio
import os
import shutil
import warnings
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar import Litestar

from deskhand.app import App, make_app, make_litestar
from deskhand.kernel.desk import Desk
from deskhand.migrations.run import upgrade
from deskhand.settings import Settings
from tests.given import Client, Given
from tests.postgres import PostgresMissing, PostgresServer, postgres_server

DATABASES = os.environ.get("DESKHAND_TEST_DATABASES", "sqlite,postgresql").split(",")


class MovableClock:
    """The machine's clock, moved ahead by what a test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, ahead: timedelta) -> None:
        """Let time pass."""
        self.ahead += ahead


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    try:
        with postgres_server() as server:
            yield server
    except PostgresMissing as missing:
        warnings.warn(f"ONLY HALF TESTED: {missing}", stacklevel=1)
        pytest.skip(f"ONLY HALF TESTED: {missing}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "deskhand.db"
    asyncio.run(upgrade(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    url = postgres.new_database()
    asyncio.run(upgrade(url))
    return url


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where the test's own empty account is."""
    yield from empty(request, tmp_path)


def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty account on the database that is the parameter of a fixture."""
    if request.param == "sqlite":
        path = tmp_path / "deskhand.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    made = server.new_database(like=request.getfixturevalue("postgres_template"))
    yield made
    server.done(made)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    return Settings(data=str(tmp_path / "data"), database=address, origin="https://desk.test")


@pytest.fixture(scope="session")
def litestar() -> Litestar:
    """Made once, for it takes longer than most tests; it knows no account."""
    return make_litestar()


@pytest.fixture
async def app(settings: Settings, clock: MovableClock, litestar: Litestar) -> AsyncIterator[App]:
    """The whole application without its worker: tests say when jobs run."""
    made = make_app(settings, clock, works=False, litestar=litestar)
    await made.desk.database.open()
    yield made
    await made.desk.database.close()


@pytest.fixture
def desk(app: App) -> Desk:
    return app.desk


@pytest.fixture
async def given(app: App) -> Given:
    """Builders on the account, which begins with an owner, one inbox and an application."""
    made = Given(app)
    await made.begin()
    return made


@pytest.fixture
async def client(given: Given) -> AsyncIterator[Client]:
    """An API client with the owner's token."""
    async with given.client(given.owner) as made:
        yield made
