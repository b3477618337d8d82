"""How commands reach the account: its settings, its schema brought up to date, and the desk opened."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import click

from deskhand.account import make_desk
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Unavailable
from deskhand.migrations.version import NEWEST, version
from deskhand.settings import Settings, from_environment

T = TypeVar("T")
MIGRATION_SECONDS = 3600


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--data`` and ``--database``, which every command of an account takes."""
    command = click.option("--data", metavar="DIR", help="Folder for the database and attachments.")(command)
    return click.option("--database", metavar="URL", help="sqlite:///… or postgresql://…; default: in the data folder.")(
        command
    )


def settings_of(**given: Any) -> Settings:
    """The settings of this process. Raises SettingsError naming the variable."""
    return from_environment(os.environ, **given)


def migrate(settings: Settings) -> str:
    """Bring an old schema up to date in a process of its own; what it said. Raises Unavailable with its message."""
    os.makedirs(settings.data, exist_ok=True)
    if asyncio.run(_version(settings)) == NEWEST:
        return ""
    done = subprocess.run(
        [sys.executable, "-m", "deskhand.migrations.run", settings.database_address],
        capture_output=True,
        text=True,
        timeout=MIGRATION_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise Unavailable(f"could not bring the schema up to date: {done.stderr.strip()}")
    return done.stderr.strip()


async def _version(settings: Settings) -> str | None:
    async with opened(settings) as desk:
        return await version(desk.database)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Desk]:
    """The account, for one command."""
    desk = make_desk(settings)
    await desk.database.open()
    try:
        yield desk
    finally:
        await desk.database.close()


def run(settings: Settings, work: Callable[[Desk], Awaitable[T]]) -> T:
    """Migrate if need be, open the account, do the work, close it."""
    migrate(settings)

    async def whole() -> T:
        async with opened(settings) as desk:
            return await work(desk)

    return asyncio.run(whole())
