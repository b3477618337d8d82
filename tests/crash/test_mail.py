"""The short form of ``script/drill mail-in``: the most telling steps on each database, and a planted fault."""

from __future__ import annotations

import pytest

from tests.crash.mail import drill


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 3), ("postgresql", 2)])
def test_whatever_was_taken_becomes_one_conversation(database: str, kills: int) -> None:
    assert drill(database, kills, quiet=True) == []


def test_an_answer_before_the_message_is_kept_turns_the_drill_red() -> None:
    wrong = drill("sqlite", 1, fault="answered before kept", patience_seconds=3, quiet=True)

    assert any("by smtp and is there 0 times" in each for each in wrong)
