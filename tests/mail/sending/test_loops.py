"""The short form of ``script/drill loops``, and the planted fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskhand.mail.operations import brakes
from tests.mail.sending.loops import CASES, MOST, Case, a_machine_that_begins_anew, play, unbraked


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_a_loop_ends_within_five_messages(case: Case, tmp_path: Path, sqlite_template: Path) -> None:
    assert 1 <= await play(case, tmp_path, sqlite_template) <= MOST


async def test_without_brakes_a_loop_goes_on(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brakes, "against_auto_reply", brakes.against_auto_reply)
    unbraked()
    assert await play(a_machine_that_begins_anew, tmp_path, sqlite_template) > MOST
