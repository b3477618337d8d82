"""An inbox that has mail, and letters that reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.post import Post


@pytest.fixture
async def post(given: Given, clock: MovableClock) -> AsyncIterator[Post]:
    made = Post(given, clock)
    await made.begin()
    yield made
