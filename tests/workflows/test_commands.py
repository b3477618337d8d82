"""``deskhand workflows``, on an account that has some."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner

from deskhand.cli.main import main
from deskhand.conversations.model import Status
from tests.given import Given, later
from tests.workflows.making import Workflows
from tests.workflows.scenes import condition

Run: TypeAlias = Callable[..., Awaitable[str]]


@pytest.fixture
def run(given: Given, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the test's account, in a thread: it has an event loop of its own."""
    for name in [each for each in os.environ if each.startswith("DESKHAND_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DESKHAND_DATA", given.desk.settings.data)
    monkeypatch.setenv("DESKHAND_DATABASE", given.desk.settings.database)

    async def command(*words: object, code: int = 0) -> str:
        done = await asyncio.to_thread(CliRunner().invoke, main, ["workflows", *map(str, words)])
        assert done.exit_code == code, done.output
        return done.output

    return command


async def test_the_life_of_a_workflow(given: Given, workflows: Workflows, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "triage.json"
    body = {
        "mailboxId": given.inbox,
        "type": "automatic",
        "name": "Triage",
        "conditions": [condition("trigger", "is", "created")],
        "actions": [{"type": "set-status", "status": "pending"}],
    }
    file.write_text(json.dumps(body | {"actions": [{"type": "x"}]}))
    assert "actions[0].type: Expected one of these" in await run("create", file, code=1)
    file.write_text(json.dumps(body))
    workflow = int(await run("create", file))
    before = given.desk.clock.now() - timedelta(seconds=2)
    missed = await given.conversation()

    assert f"{workflow:>6}  inbox {given.inbox:<4}   1  automatic  inactive  Triage" in await run("list")
    assert "1 of 1 match, 0 newly, 0 no longer; 0 would later" in await run("dry-run", workflow)
    assert "no   inactive" in await run("why", workflow, missed)
    await run("on", workflow)
    it = await given.conversation()
    await workflows.work()
    assert (await workflows.conversation(it)).status is Status.PENDING
    window = ("--since", later(before), "--until", later(given.desk.clock.now() + timedelta(seconds=2)))
    assert "looked at 3, 2 match, 1 ran, 0 were stopped" in await run("replay", workflow, *window)
    assert "set the status to Pending (done)" in await run("runs", "--workflow", workflow)
    assert "done       Triage" in await run("runs", "--conversation", missed)

    shown = json.loads(await run("show", workflow))
    assert shown["conditions"] == body["conditions"]
    file.write_text(json.dumps(shown | {"name": "Other"}))
    await run("replace", workflow, file)
    assert "it is version 2 now" in await run("replace", workflow, file, code=1)
    assert "1 of 2 match; 0 would later" not in await run("dry-run", "--file", file, "--conversations", 2)
    await run("off", workflow)
    await run("delete", workflow)
    assert await run("list") == ""
    assert "name a workflow" in await run("dry-run", code=2)
    assert "name a --workflow" in await run("runs", code=2)


async def test_running_by_hand(given: Given, workflows: Workflows, run: Run) -> None:
    manual = await workflows.manual()
    it = await given.conversation()

    await run("run", manual, it)

    assert len(await workflows.runs(it)) == 1
    assert "is not a conversation" in await run("run", manual, 900, code=1)
