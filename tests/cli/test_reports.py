"""Commands for reports and office hours."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_commands import Done


def test_office_hours_are_said_shown_and_removed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    said = Done("hours", "set", "--timezone", "Europe/Lisbon", "--open", "monday-friday=09:00-17:30", data=data)
    wrong = Done("hours", "set", "--timezone", "Europe/Lisbon", "--open", "mon=9", data=data)
    nowhere = Done("hours", "set", "--timezone", "Europe/Nowhere", data=data)
    shown = json.loads(Done("hours", "show", data=data).out)

    assert (said.code, wrong.code, nowhere.code) == (0, 2, 1)
    assert "timezone" in nowhere.err
    assert (shown["inbox"], shown["timezone"]) == (0, "Europe/Lisbon")
    assert shown["friday"] == [{"from": "09:00", "to": "17:30"}]
    assert shown["saturday"] == []
    assert Done("hours", "remove", data=data).code == 0
    assert Done("hours", "show", data=data).out == ""


def test_reports_are_made_anew(tmp_path: Path) -> None:
    assert Done("reports", "rebuild", data=tmp_path / "data").code == 0
