"""The short form of ``script/drill crash``: enough kills to pass every named step on each database, and the planted fault."""

from __future__ import annotations

import pytest

from tests.crash.drill import drill
from tests.crash.server import STEPS


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_was_answered_survives_a_kill_exactly_once(database: str) -> None:
    assert drill(database, len(STEPS), quiet=True) == []


def test_a_skipped_commit_turns_the_drill_red() -> None:
    wrong = drill("sqlite", 1, fault="commit skipped", quiet=True)

    # Which write the lost commit held is chance: a conversation, a customer, a tag.
    assert any("was answered and is" in each for each in wrong)
