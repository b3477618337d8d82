"""Somebody with a browser who has signed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deskhand.app import App
from deskhand.users import operations as users
from tests.conftest import empty
from tests.given import ORIGIN, Given

Browser = httpx.AsyncClient
Browsing = Callable[[int | None], Awaitable[Browser]]


@pytest.fixture(params=["sqlite"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """On one database: what pages ask is tested in its room, on both, and so is each page once (``test_access``)."""
    yield from empty(request, tmp_path)


@pytest.fixture
async def browsing(app: App) -> AsyncIterator[Browsing]:
    """Makes browsers: of a user who has signed in, or with None of a stranger."""
    made: list[Browser] = []

    async def browser(user_id: int | None) -> Browser:
        transport = httpx.ASGITransport(app.door, raise_app_exceptions=False)  # type: ignore[arg-type]
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"Origin": ORIGIN})
        made.append(client)
        if user_id is not None:
            async with Given(app).write() as tx:
                client.cookies.set("__Host-deskhand_session", await users.sign_in(tx, user_id, "192.0.2.7"))
        return client

    yield browser
    for each in made:
        await each.aclose()


@pytest.fixture
async def ines(given: Given, browsing: Browsing) -> Browser:
    """The owner's."""
    return await browsing(given.owner)
