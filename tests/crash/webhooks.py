"""The webhook drill: a receiver keeps its own list while the server is killed. ``script/drill webhooks --kills 200``.

Whatever was answered with 2xx must have been told; what is told twice must carry the same id and bytes; in each conversation
things must be told first in the order in which they happened; nothing may be told that did not happen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx

from deskhand.cli.account import migrate, opened
from deskhand.settings import Settings
from tests.crash.drill import (
    FAULTY_LIFE_SECONDS,
    conversation_body,
    furnish,
    let_leases_end,
    start,
    token_of,
    wait_until_none,
    write_until_dead,
)
from tests.crash.server import SHOWS_AT, WEBHOOK_STEPS
from tests.postgres import postgres_server
from tests.webhooks.receiver import SECRET, Got, receiving

HANDS = 6
NOTES = 5
LIFE_SECONDS = (0.3, 1.5)
EVENTS = ["convo.created", "convo.note.created"]
HAPPENED = "SELECT c.id, c.subject, t.id, t.body FROM conversations c JOIN threads t ON t.conversation_id = c.id"


@dataclass
class Ledger:
    """What was answered with 2xx: conversations by mark, and the notes of each in order."""

    created: dict[str, int] = field(default_factory=dict)
    noted: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))


def drill(database: str, kills: int, *, fault: str = "none", seed: int = 1, quiet: bool = False) -> list[str]:
    """Kill the server so many times while it writes and tells; what is wrong afterwards, in words."""
    chance, ledger = random.Random(seed), Ledger()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deskhand-webhooks-")))
        address = stack.enter_context(postgres_server(durable=True)).new_database() if database == "postgresql" else ""
        receiver = stack.enter_context(receiving())
        settings = Settings(data=str(folder), database=address)
        migrate(settings)
        client_id, secret, inbox = asyncio.run(furnish(settings))
        for number in range(-1, kills + 1):  # before the first kill somebody subscribes, after the last all is told
            step = SHOWS_AT.get(fault) or ("never" if number % 2 else WEBHOOK_STEPS[number // 2 % len(WEBHOOK_STEPS)])
            step, planted = (step, fault) if 0 <= number < kills else ("never", "none")
            if number == kills:
                asyncio.run(let_leases_end(settings))
            process, port = start(settings, step, chance.randint(1, 25), planted, DESKHAND_OUTBOUND_NETWORKS="127.0.0.0/8")
            try:
                if number == -1:
                    asyncio.run(_subscribe(port, (client_id, secret), receiver.url))
                elif number < kills:
                    asyncio.run(
                        write_until_dead(
                            process,
                            port,
                            (client_id, secret),
                            partial(_hand, inbox, ledger),
                            chance,
                            hands=HANDS,
                            life_seconds=LIFE_SECONDS if fault == "none" else FAULTY_LIFE_SECONDS,
                        )
                    )
                else:
                    wait_until_none(port, "deskhand_webhook_deliveries_waiting")
            finally:
                process.kill()
                process.wait()
            if not quiet:
                print(f"\rkill {number + 1} of {kills} ({step}), {len(receiver.got)} told", end="", file=sys.stderr)
        got = list(receiver.got)
        unsigned = len(receiver.unsigned)
        happened = asyncio.run(_happened(settings))
    if not quiet:
        notes, repeats = sum(map(len, ledger.noted.values())), len(got) - len({each.id for each in got})
        print(f"\n{kills} kills: {len(ledger.created)} conversations and {notes} notes answered with 2xx, "
              f"{len(got)} requests to the receiver, {repeats} of them repeats")  # fmt: skip
    return [f"{unsigned} requests were not signed"] * bool(unsigned) + compare(ledger, got, happened)


def compare(ledger: Ledger, got: list[Got], happened: set[tuple[int, str]]) -> list[str]:
    """Everything that is wrong, in words; an empty list is what we want."""
    wrong: list[str] = []
    ids: dict[tuple[int, str], set[tuple[str, bytes]]] = defaultdict(set)
    first: dict[int, list[int]] = defaultdict(list)
    for each in got:
        body = json.loads(each.body)
        thread = body["_embedded"]["threads"][0]
        said = body["subject"] if each.event == "convo.created" else thread["body"]
        if (body["id"], said) not in ids:
            first[body["id"]].append(thread["id"])
        ids[body["id"], said].add((each.id, each.body))
    wrong += [f"{key} was told under {len(told)} ids or bodies" for key, told in ids.items() if len(told) > 1]
    wrong += [f"conversation {key} was told out of order: {order}" for key, order in first.items() if order != sorted(order)]
    wrong += [f"{key} was told and did not happen" for key in ids if key not in happened]
    answered = [(id_, mark) for mark, id_ in ledger.created.items()]
    answered += [(id_, mark) for id_, marks in ledger.noted.items() for mark in marks]
    wrong += [f"{key} was answered and never told" for key in answered if key not in ids]
    wrong += [f"{key} happened and was never told" for key in happened if key not in ids]
    return wrong


async def _subscribe(port: int, application: tuple[str, str], url: str) -> None:
    headers = {"Authorization": f"Bearer {await token_of(port, application)}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10) as client:
        made = await client.post("/v2/webhooks", json={"url": url, "events": EVENTS, "secret": SECRET})
        assert made.status_code == 201, made.text


async def _hand(inbox: int, ledger: Ledger, client: httpx.AsyncClient, chance: random.Random) -> None:
    """One writer: begins conversations, adds notes to each, and remembers every 2xx as it is read."""
    while True:
        mark = f"mark{chance.getrandbits(64):016x}"
        try:
            made = await client.post("/v2/conversations", json=conversation_body(mark, inbox))
            ledger.created[mark] = it = int(made.headers["resource-id"])
            for number in range(NOTES):
                noted = await client.post(f"/v2/conversations/{it}/notes", json={"text": f"{mark}.{number}"})
                if noted.status_code == 201:
                    ledger.noted[it].append(f"{mark}.{number}")
        except (httpx.TransportError, KeyError):
            return


async def _happened(settings: Settings) -> set[tuple[int, str]]:
    """What the account says happened: each conversation with its subject, and each note."""
    async with opened(settings) as desk:
        session = await desk.database.begin_reading()
        try:
            rows = await session.rows(HAPPENED, ())
        finally:
            await session.end()
    return {(row[0], row[1]) for row in rows} | {(row[0], row[3]) for row in rows if row[3].startswith("mark")}


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill webhooks", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--fault", choices=["none", "noted before sent"], default="none", help="plant a bug: it must be found")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong = drill(options.database, options.kills, fault=options.fault, seed=options.seed)
    for each in wrong[:50]:
        print(f"wrong: {each}")
    print(f"{len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
