"""The short form of ``script/drill webhooks``: every named step on each database, and the planted fault."""

from __future__ import annotations

import pytest

from tests.crash.server import WEBHOOK_STEPS
from tests.crash.webhooks import drill


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_was_answered_is_told_in_order_under_one_id(database: str) -> None:
    assert drill(database, len(WEBHOOK_STEPS), quiet=True) == []


def test_noting_before_sending_turns_the_drill_red() -> None:
    wrong = drill("sqlite", 1, fault="noted before sent", quiet=True)

    assert any("never told" in each for each in wrong)
