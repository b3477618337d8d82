"""``script/drill disk-full``; what ``--fault`` plants there is in test_mail.py, too."""

from __future__ import annotations

from tests.crash.full import drill


def test_a_full_disk_takes_nothing_and_works_again_by_itself() -> None:
    assert drill(quiet=True) == []
