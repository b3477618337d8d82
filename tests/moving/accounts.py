"""Accounts that move: one with something of everything, empty ones to move into, and the bytes between them."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from litestar import Litestar

from deskhand.app import App, make_app
from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.moving.arriving import arrive
from deskhand.moving.leaving import leave
from deskhand.settings import Settings
from tests.postgres import PostgresServer


async def exported(desk: Desk) -> bytes:
    return b"".join([piece async for piece in leave(desk, system_actor())])


async def imported(desk: Desk, file: bytes) -> Mapping[str, int]:
    return await arrive(desk, BytesIO(file))


class Places:
    """Where accounts may be: ``kinds`` are ``sqlite`` and, unless it is left out or missing, ``postgresql``."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path, kinds: list[str]) -> None:
        self.kinds = kinds
        self._folder = folder
        self._litestar: Litestar = request.getfixturevalue("litestar")
        self._template: Path = request.getfixturevalue("sqlite_template")
        if "postgresql" in kinds:
            self._server: PostgresServer = request.getfixturevalue("postgres")
            self._like: str = request.getfixturevalue("postgres_template")
        self._made = 0

    @asynccontextmanager
    async def empty(self, kind: str) -> AsyncIterator[App]:
        """A new account, with a folder and so a key of its own."""
        self._made += 1
        folder = self._folder / f"place{self._made}"
        folder.mkdir()
        address = f"sqlite:///{folder / 'deskhand.db'}"
        if kind == "sqlite":
            shutil.copy(self._template, folder / "deskhand.db")
        else:
            address = self._server.new_database(like=self._like)
        settings = Settings(data=str(folder / "data"), database=address, origin="https://desk.test")
        made = make_app(settings, works=False, litestar=self._litestar)
        await made.desk.database.open()
        try:
            yield made
        finally:
            await made.desk.database.close()
            if kind == "postgresql":
                self._server.done(address)
