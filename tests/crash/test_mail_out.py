"""The short form of ``script/drill mail-out``, and the planted fault."""

from __future__ import annotations

import pytest

from tests.crash.mail_out import drill


@pytest.mark.parametrize(("database", "kills"), [("sqlite", 3), ("postgresql", 1)])
def test_whatever_was_answered_is_sent_and_a_kill_repeats_one_message_at_most(database: str, kills: int) -> None:
    assert drill(database, kills, quiet=True) == []


def test_noting_before_sending_turns_the_drill_red() -> None:
    wrong = drill("sqlite", 1, fault="mail noted before sent", quiet=True)

    assert any("never sent" in each for each in wrong)
