"""``script/drill disk-full``, and the planted bug."""

from __future__ import annotations

from tests.crash.full import drill


def test_a_full_disk_takes_nothing_and_works_again_by_itself() -> None:
    assert drill(quiet=True) == []


def test_an_answer_before_the_message_is_kept_turns_the_drill_red() -> None:
    wrong = drill(fault="answered before kept", quiet=True)

    assert any("is there 0 times" in each for each in wrong)
