"""``deskhand webhooks``, on an account that has some."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deskhand.cli.main import main
from deskhand.kernel.sealing import Seal, new_key
from deskhand.webhooks import queries
from deskhand.webhooks.model import secret_name
from deskhand.webhooks.sending import Sender
from tests.given import Given
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import SECRET, Receiver


@pytest.fixture
def run(given: Given, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs a command on the test's account, in a thread: it has an event loop of its own."""
    settings = given.desk.settings
    for name in [each for each in os.environ if each.startswith("DESKHAND_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DESKHAND_DATA", settings.data)
    monkeypatch.setenv("DESKHAND_DATABASE", settings.database)

    async def command(*words: str, code: int = 0) -> Result:
        done = await asyncio.to_thread(CliRunner().invoke, main, list(words))
        assert done.exit_code == code, done.output
        return done

    return command


async def test_what_was_told_can_be_seen_and_told_once_more(  # type: ignore[no-untyped-def]
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, run
) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    receiver.statuses(500, 200)
    it = await given.conversation()
    await given.conversation()
    await sender.run_due()

    listed = (await run("webhooks", "list")).output
    assert f"{hook:>6}  enabled   {receiver.url}  convo.created" in listed
    shown = json.loads((await run("webhooks", "list", "--json")).output)
    assert (shown["id"], "secret" in shown) == (hook, False)
    rows = (await run("webhooks", "deliveries", "--webhook", str(hook), "--state", "waiting")).output
    assert len(rows.splitlines()) == 1
    whole = json.loads(
        (await run("webhooks", "deliveries", "--json", "--conversation", str(it), "--since", "2020-01-01")).output
    )
    told = (await run("webhooks", "show", str(whole["id"]))).output
    assert "500" in told
    assert "> X-HelpScout-Event: convo.created" in told
    assert f'{{"id":{it},' in told

    assert (await run("webhooks", "replay", "--webhook", str(hook), "--state", "delivered")).output.startswith("1 deliveries")
    assert (await run("webhooks", "replay", str(whole["id"]))).output.startswith("1 deliveries")
    await sender.run_due()
    assert len(receiver.got) == 3
    assert "name a delivery" in (await run("webhooks", "replay", code=2)).output
    assert "Not found" in (await run("webhooks", "show", "999", code=1)).output


async def test_the_doctor_tells_of_webhooks_and_the_key(  # type: ignore[no-untyped-def]
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, run
) -> None:
    await hooks.add(receiver.url, "convo.created")
    assert "ok       webhooks" in (await run("doctor")).output
    receiver.statuses(410)
    await given.conversation()
    await sender.run_due()
    given.desk.settings.key_file.chmod(0o644)
    told = (await run("doctor", code=1)).output

    assert "wrong    webhooks: webhook 1 was switched off: its receiver answered 410 Gone" in told
    assert "wrong    secret key" in told
    assert "mode 644" in told


async def test_secrets_can_be_sealed_with_a_new_key(  # type: ignore[no-untyped-def]
    given: Given, hooks: Hooks, run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = await hooks.add("https://hooks.test/", "convo.created")
    old, new = given.desk.settings.key_file.read_text(), new_key()
    monkeypatch.setenv("DESKHAND_SECRET_KEYS", f"{new},{old}")
    assert (await run("webhooks", "reseal")).output == "1 secrets were sealed anew\n"
    assert (await run("webhooks", "reseal")).output == "0 secrets were sealed anew\n"
    config = (await run("config")).output

    async with given.read() as view:
        sealed = (await queries.get(view, hook)).secret
    assert Seal((new,), Path("none")).open(sealed, secret_name(hook)) == SECRET
    assert new not in config
    assert "DESKHAND_SECRET_KEYS=(hidden)" in config
