"""What workflow tests share."""

from __future__ import annotations

import pytest

from tests.given import Given
from tests.workflows.making import Workflows


@pytest.fixture
def workflows(given: Given) -> Workflows:
    return Workflows(given)
