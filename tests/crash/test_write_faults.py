"""The short form of ``script/drill write-faults``: one kind of fault at each write, and the planted bugs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.faults import drill


async def test_a_fault_at_any_write_loses_and_doubles_nothing(tmp_path: Path) -> None:
    assert await drill(tmp_path, kinds=["ENOSPC"], quiet=True) == []


@pytest.mark.parametrize(("fault", "way"), [("error swallowed", "pipe"), ("cursor moved first", "imap")])
async def test_a_planted_bug_turns_the_drill_red(tmp_path: Path, fault: str, way: str) -> None:
    wrong = await drill(tmp_path, kinds=["EIO"], fault=fault, ways=[way], quiet=True)

    assert any("is there 0 times" in each or "are not there" in each for each in wrong)
