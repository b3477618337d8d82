"""What the contract tests share: an inbox with one of everything."""

from __future__ import annotations

import pytest

from tests.contract.whole import Whole, whole
from tests.given import Given


@pytest.fixture
async def vault(given: Given) -> Whole:
    return await whole(given)
