"""An inbox that has mail, and letters that reach it."""

from __future__ import annotations

import pytest

from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.post import Post


@pytest.fixture
async def post(given: Given, clock: MovableClock) -> Post:
    made = Post(given, clock)
    await made.begin()
    return made
