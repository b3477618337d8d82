"""An organization to belong to."""

from __future__ import annotations

import pytest

from tests.given import Given


@pytest.fixture
async def organization(given: Given) -> int:
    """Nimbus Bikes."""
    return await given.organization("Nimbus Bikes")
