"""The short form of ``script/drill imap-outage``, and the planted bug."""

from __future__ import annotations

from pathlib import Path

from tests.crash.outage import drill


async def test_what_came_during_an_outage_is_there_once(tmp_path: Path) -> None:
    assert await drill(tmp_path, letters=150, cuts=2, patience_seconds=60, quiet=True) == []


async def test_who_fetches_only_the_newest_turns_the_drill_red(tmp_path: Path) -> None:
    wrong = await drill(tmp_path, letters=40, cuts=0, fault="only the newest", patience_seconds=2, quiet=True)

    assert "mark0 is there 0 times" in wrong
