"""The drill: writers, kills, restarts, and at the end a comparison. ``script/drill crash --kills 200 --database sqlite``."""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from msgspec import convert
from sqlalchemy import update

from deskhand.cli.account import migrate, opened
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.permissions import Role, system_actor
from deskhand.kernel.storage.statements import write
from deskhand.kernel.tables import jobs
from deskhand.mail.tables import mail_outgoing
from deskhand.oauth import operations as oauth
from deskhand.settings import Settings
from deskhand.users import operations as users
from deskhand.webhooks.tables import deliveries
from deskhand.workflows.operations import defining
from deskhand.workflows.schemas.definitions import DefinitionInput, given
from tests.crash.check import Found, compare
from tests.crash.server import SHOWS_AT, STEPS
from tests.postgres import postgres_server

WRITERS = 8
LIFE_SECONDS = (0.2, 1.5)
FAULTY_LIFE_SECONDS = (60, 60)  # it ends at the step that shows the fault
READY_SECONDS = 30
COMMITS_OF_A_FAULT = 100  # at most a dozen are flushed at once, and each fifth flush is lost
SNOOZE_SECONDS = 2
EXPIRE = [write(update(table).values(leased_until=None)) for table in (jobs, deliveries, mail_outgoing)]
GREETS = {
    "type": "automatic",
    "name": "Greet",
    "conditions": [{"field": "trigger", "comparison": "is", "value": "created"}],
    "actions": [{"type": "add-note", "text": "Hello"}],
}


@dataclass
class Ledger:
    """What the tester saw, kept outside the product: every write that was answered with 2xx."""

    created: dict[str, int] = field(default_factory=dict)
    replied: dict[str, int] = field(default_factory=dict)
    snoozed: dict[int, str] = field(default_factory=dict)
    scheduled: dict[str, int] = field(default_factory=dict)
    tagged: dict[int, str] = field(default_factory=dict)
    made: dict[str, set[str]] = field(default_factory=dict)
    """Marks of other things, by their kind."""
    unsure: set[str] = field(default_factory=set)
    """Conversations whose answer was lost: asked for again under their key, they are there once."""
    sent: set[str] = field(default_factory=set)
    requests: int = 0


def drill(database: str, kills: int, *, fault: str = "none", seed: int = 1, quiet: bool = False) -> list[str]:
    """Kill the server so many times while it is written to; what is wrong afterwards, in words."""
    chance = random.Random(seed)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deskhand-crash-")))
        address = stack.enter_context(postgres_server(durable=True)).new_database() if database == "postgresql" else ""
        settings = Settings(data=str(folder), database=address)
        migrate(settings)
        client_id, secret, inbox = asyncio.run(furnish(settings))
        asyncio.run(greet(settings, inbox))
        ledger = Ledger()
        for number in range(kills):
            # Every other kill comes from outside, at a random moment; the rest at each named step in turn.
            step = SHOWS_AT.get(fault) or ("never" if number % 2 else STEPS[number // 2 % len(STEPS)])
            process, port = start(settings, step, chance.randint(1, 40) if fault == "none" else COMMITS_OF_A_FAULT, fault)
            try:
                asyncio.run(
                    write_until_dead(
                        process,
                        port,
                        (client_id, secret),
                        partial(_hand, inbox, ledger),
                        chance,
                        hands=WRITERS,
                        life_seconds=LIFE_SECONDS if fault == "none" else FAULTY_LIFE_SECONDS,
                    )
                )
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGKILL)
                process.wait()
            if not quiet:
                print(f"\rkill {number + 1} of {kills} ({step}), {len(ledger.created)} created", end="", file=sys.stderr)
        asyncio.run(let_leases_end(settings))
        process, port = start(settings, "never", 0, "none")
        try:
            asyncio.run(_ask_again(port, (client_id, secret), inbox, ledger))
            wait_until_none(port, "deskhand_jobs_waiting")
        finally:
            process.terminate()
            process.wait(timeout=30)
        found = asyncio.run(_look(settings))
    if not quiet:
        print(file=sys.stderr)
        print(
            f"{kills} kills, {ledger.requests} requests: {len(ledger.created)} conversations, {len(ledger.replied)} replies, "
            f"{len(ledger.snoozed)} snoozes, {len(ledger.scheduled)} schedules and "
            f"{sum(map(len, ledger.made.values()))} other things answered with 2xx"
        )
    return compare(ledger, found)


async def furnish(settings: Settings) -> tuple[str, str, int]:
    async with opened(settings) as desk, desk.writing(system_actor()) as tx:
        owner = await users.create(
            tx, users.NewUser(first_name="Ines", last_name="", email="ines@desk.test", role=Role.OWNER, password_hash="x")
        )
        inbox = await inboxes.create(tx, "Help", "help@desk.test")
        client_id, secret = await oauth.register(tx, "Drill", owner)
        return client_id, secret, inbox


async def greet(settings: Settings, inbox: int) -> None:
    """A workflow that adds a note to each conversation that begins."""
    async with opened(settings) as desk, desk.writing(system_actor()) as tx:
        await defining.create(tx, given(convert({"mailboxId": inbox, **GREETS}, DefinitionInput)), active=True)


def start(settings: Settings, step: str, count: int, fault: str, **variables: str) -> tuple[subprocess.Popen[bytes], int]:
    """A server that will end at a step, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "tests.crash.server", step, str(count), fault, "serve", "--port", str(port)]
    environment = {**os.environ, "DESKHAND_DATA": settings.data, "DESKHAND_LOG_LEVEL": "error", **variables}
    if settings.database:
        environment["DESKHAND_DATABASE"] = settings.database
    with (Path(settings.data) / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.02)
    return process, port


Hand = Callable[[httpx.AsyncClient, random.Random], Coroutine[Any, Any, None]]


async def write_until_dead(
    process: subprocess.Popen[bytes],
    port: int,
    application: tuple[str, str],
    hand: Hand,
    chance: random.Random,
    *,
    hands: int,
    life_seconds: tuple[float, float],
) -> None:
    """Write with several hands until the server is gone; after a random while kill it from outside."""
    life = chance.uniform(*life_seconds)
    try:
        token = await token_of(port, application)
    except (httpx.HTTPError, KeyError):
        return
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10) as client:
        writing = [asyncio.create_task(hand(client, random.Random(chance.random()))) for _ in range(hands)]
        await asyncio.wait(writing, timeout=life)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        await asyncio.gather(*writing, return_exceptions=True)


async def _hand(inbox: int, ledger: Ledger, client: httpx.AsyncClient, chance: random.Random) -> None:
    """One writer: begins conversations and does things to them, and notes every 2xx as it is read."""
    while True:
        mark = ledger.unsure.pop() if ledger.unsure else _mark(chance)
        try:
            await _begin(client, ledger, mark, inbox)
            await _act(client, ledger, ledger.created[mark], chance)
            await _make(client, ledger, chance)
        except httpx.TransportError:
            return


async def _begin(client: httpx.AsyncClient, ledger: Ledger, mark: str, inbox: int) -> None:
    """Begin a conversation under a key: whether it is there without an answer is known to nobody."""
    ledger.sent.add(mark)
    try:
        made = await ask(client, ledger, "POST", "/v2/conversations", conversation_body(mark, inbox), key=mark)
    except httpx.TransportError:
        ledger.unsure.add(mark)
        raise
    ledger.unsure.discard(mark)
    ledger.created[mark] = int(made.headers["resource-id"])


async def _ask_again(port: int, application: tuple[str, str], inbox: int, ledger: Ledger) -> None:
    """Ask once more for whatever never got an answer."""
    headers = {"Authorization": f"Bearer {await token_of(port, application)}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10) as client:
        for mark in list(ledger.unsure):
            await _begin(client, ledger, mark, inbox)


async def _make(client: httpx.AsyncClient, ledger: Ledger, chance: random.Random) -> None:
    """Make something else than a conversation."""
    kind, mark = chance.choice(["customers", "organizations", "users"]), _mark(chance)
    path, body = {
        "customers": ("/v2/customers", {"firstName": mark}),
        "organizations": ("/v2/organizations", {"name": mark}),
        "users": ("/v2/users", {"firstName": mark, "lastName": "B", "email": f"{mark}@desk.test", "role": "user"}),
    }[kind]
    ledger.sent.add(mark)
    await ask(client, ledger, "POST", path, body)
    ledger.made.setdefault(kind, set()).add(mark)


def _mark(chance: random.Random) -> str:
    return f"mark{chance.getrandbits(64):016x}"


async def _act(client: httpx.AsyncClient, ledger: Ledger, conversation: int, chance: random.Random) -> None:
    here, mark = f"/v2/conversations/{conversation}", _mark(chance)
    act = chance.randrange(5)
    body: dict[str, Any]
    if act == 0:
        body = {"text": mark, "customer": {"email": "pavel@mail.test"}}
        ledger.sent.add(mark)
        await ask(client, ledger, "POST", f"{here}/reply", body)
        ledger.replied[mark] = conversation
    elif act == 1:
        until = _soon()
        body = {"snoozedUntil": until, "unsnoozeOnCustomerReply": False}
        await ask(client, ledger, "PUT", f"{here}/snooze", body)
        ledger.snoozed[conversation] = until
    elif act == 2:
        await ask(client, ledger, "PUT", f"{here}/tags", {"tags": [mark]})
        ledger.tagged[conversation] = mark
    elif act == 3:
        change = {"conversationId": conversation, "op": "add", "path": "/tags", "value": [mark]}
        await ask(client, ledger, "POST", "/deskhand/v1/conversations/bulk", {"changes": [change]})
        ledger.tagged[conversation] = mark
    else:
        ledger.sent.add(mark)
        body = {"text": mark, "customer": {"email": "pavel@mail.test"}, "draft": True}
        made = await ask(client, ledger, "POST", f"{here}/reply", body)
        thread = made.headers["resource-id"]
        when = {"scheduledFor": _soon(), "unscheduleOnCustomerReply": False}
        await ask(client, ledger, "PUT", f"{here}/threads/{thread}/schedule", when)
        ledger.scheduled[mark] = conversation


async def ask(client: httpx.AsyncClient, ledger: Ledger, method: str, path: str, body: Any, *, key: str = "") -> httpx.Response:
    ledger.requests += 1
    answer = await client.request(method, path, json=body, headers={"Idempotency-Key": key} if key else None)
    if not answer.is_success:
        raise RuntimeError(f"{method} {path} answers {answer.status_code}: {answer.text}")
    return answer


def conversation_body(mark: str, inbox: int) -> dict[str, Any]:
    customer = {"email": f"{mark[:8]}@mail.test"}
    thread = {"type": "customer", "customer": customer, "text": f"Hello {mark}"}
    return {
        "subject": mark,
        "customer": customer,
        "mailboxId": inbox,
        "type": "email",
        "status": "active",
        "threads": [thread],
        "tags": ["drill"],
    }


def _soon() -> str:
    return (datetime.now(UTC) + timedelta(seconds=SNOOZE_SECONDS)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def token_of(port: int, application: tuple[str, str]) -> str:
    body = {"grant_type": "client_credentials", "client_id": application[0], "client_secret": application[1]}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
        return str((await client.post("/v2/oauth2/token", json=body)).json()["access_token"])


async def let_leases_end(settings: Settings) -> None:
    """As if time had passed: what the last of the killed held is free."""
    async with opened(settings) as desk, desk.writing(system_actor()) as tx:
        for each in EXPIRE:
            await tx.write(each)


def wait_until_none(port: int, gauge: str) -> None:
    """Until nothing waits any more, also what was left by the kills."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        told = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
        if not next(float(line.split()[1]) for line in told.splitlines() if line.startswith(f"{gauge} ")):
            return
        time.sleep(0.1)


async def _look(settings: Settings) -> Found:
    async with opened(settings) as desk:
        return await Found.of(desk)


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--fault", choices=["none", "commit skipped"], default="none", help="plant a bug: it must be found")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong = drill(options.database, options.kills, fault=options.fault, seed=options.seed)
    for each in wrong[:50]:
        print(f"wrong: {each}")
    print(f"{len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
