"""The drill of mail out (R3): a mail server keeps its own list while ours is killed. ``script/drill mail-out --kills 200``.

Whatever reply was answered with 201 must reach each of its recipients; a kill may repeat one message at most, and only where it
came between the end of the data and our note of the answer; a repeat has the same Message-ID and the same bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

import httpx

from deskhand.cli.account import migrate, opened
from deskhand.kernel.permissions import system_actor
from deskhand.mail.model import Options
from deskhand.mail.operations import inboxes
from deskhand.settings import Settings
from tests.crash.drill import FAULTY_LIFE_SECONDS, conversation_body, furnish, let_leases_end, start, write_until_dead
from tests.crash.server import MAIL_STEPS, SHOWS_AT
from tests.mail.sending.peers import Got
from tests.mail.sending.sinks import sink
from tests.postgres import postgres_server

HANDS = 2  # so that what is sent keeps up with what is said
REPLIES = 3
LIFE_SECONDS = (0.3, 2.0)
OUTSIDE_THE_GAP = frozenset({"mail claimed", "mail noted"})
WAITING = "SELECT count(*) FROM mail_outgoing WHERE state <> 'ended'"
SAID = "SELECT body FROM threads WHERE type = 'message' AND state = 'published'"
MARK = re.compile(rb"mark[0-9a-f]{16}\.\d")


@dataclass
class Ledger:
    """Replies that were answered with 201, and to whom each goes."""

    replied: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Taken:
    """A message that the mail server took: what, for whom, and in which life of ours."""

    mark: str
    id: str
    recipients: tuple[str, ...]
    content: bytes
    life: int


def drill(database: str, kills: int, *, fault: str = "none", seed: int = 1, quiet: bool = False) -> list[str]:
    """Kill the server so many times while it writes and sends; what is wrong afterwards, in words."""
    chance, ledger, taken = random.Random(seed), Ledger(), list[Taken]()
    steps: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deskhand-mail-out-")))
        address = stack.enter_context(postgres_server(durable=True)).new_database() if database == "postgresql" else ""
        server = stack.enter_context(sink())
        server.to_data = lambda got: _take(got, taken, len(steps))
        settings = Settings(data=str(folder), database=address)
        migrate(settings)
        client_id, secret, inbox = asyncio.run(furnish(settings))
        asyncio.run(_give_mail(settings, inbox))
        for number in range(kills + 1):
            step = SHOWS_AT.get(fault) or ("never" if number % 2 else MAIL_STEPS[number // 2 % len(MAIL_STEPS)])
            step, planted = (step, fault) if number < kills else ("never", "none")
            steps.append(step)
            if number == kills:
                asyncio.run(let_leases_end(settings))
            where = {"DESKHAND_SMTP_URL": f"smtp://127.0.0.1:{server.port}"}
            process, port = start(settings, step, chance.randint(1, 25), planted, **where)
            try:
                if number < kills:
                    hand = partial(_hand, inbox, ledger)
                    life = {"hands": HANDS, "life_seconds": LIFE_SECONDS if fault == "none" else FAULTY_LIFE_SECONDS}
                    asyncio.run(write_until_dead(process, port, (client_id, secret), hand, chance, **life))  # type: ignore[arg-type]
                else:
                    asyncio.run(_wait(settings))
            finally:
                process.kill()
                process.wait()
            if not (folder / "server.log").read_bytes().endswith(f"died at {steps[-1]}\n".encode()):
                steps[-1] = "from outside"
            if not quiet:
                print(f"\rkill {number + 1} of {kills} ({steps[-1]}), {len(taken)} taken", end="", file=sys.stderr)
        waiting = asyncio.run(_rows(settings, WAITING))[0][0]
        said = asyncio.run(_said(settings))
    if not quiet:
        repeats = len(taken) - len({(each.id, each.recipients) for each in taken})
        print(f"\n{kills} kills: {len(ledger.replied)} replies answered with 201, {len(said)} said, "
              f"{len(taken)} messages taken, {repeats} of them repeats")  # fmt: skip
    if waiting:
        return [f"{waiting} messages still wait: nothing can be said yet"]
    return compare(ledger, taken, said, steps)


def compare(ledger: Ledger, taken: list[Taken], said: set[str], steps: list[str]) -> list[str]:
    """Everything that is wrong, in words; an empty list is what we want."""
    wrong: list[str] = []
    reached: dict[str, set[str]] = defaultdict(set)
    ids: dict[str, set[tuple[str, bytes]]] = defaultdict(set)
    times: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
    for each in taken:
        reached[each.mark] |= set(each.recipients)
        ids[each.mark].add((each.id, each.content))
        times[each.id, each.recipients].append(each.life)
    for mark, recipients in ledger.replied.items():
        if missed := recipients - reached[mark]:
            wrong.append(f"{mark} was answered with 201 and never sent to {', '.join(sorted(missed))}")
    wrong += [f"{mark} was said and never sent" for mark in said if not reached[mark]]
    wrong += [f"{mark} was sent and not said" for mark in reached if mark not in said]
    wrong += [f"{mark} was sent under {len(several)} ids or bodies" for mark, several in ids.items() if len(several) > 1]
    repeated: dict[int, int] = defaultdict(int)
    for lives in times.values():
        for life, again in pairwise(lives):
            repeated[life] += 1
            if life == again:
                wrong.append(f"a message was sent twice in life {life}")
            if steps[life - 1] in OUTSIDE_THE_GAP:
                wrong.append(f"a kill at {steps[life - 1]!r} repeated a message")
    wrong += [f"a kill repeated {number} messages" for number in repeated.values() if number > 1]
    return wrong


def _take(got: Got, taken: list[Taken], life: int) -> str:
    found = MARK.search(got.content)
    assert found is not None
    taken.append(Taken(found[0].decode(), got.id, tuple(sorted(got.recipients)), got.content, life))
    return "250 OK"


async def _give_mail(settings: Settings, inbox: int) -> None:
    async with opened(settings) as desk, desk.writing(system_actor()) as tx:
        await inboxes.want(tx, inbox, Options(undo_seconds=0, messages_per_minute=10_000))


async def _hand(inbox: int, ledger: Ledger, client: httpx.AsyncClient, chance: random.Random) -> None:
    """One writer: begins conversations, answers each, and remembers every 201 as it is read."""
    while True:
        mark = f"mark{chance.getrandbits(64):016x}"
        customer = f"{mark}@mail.test"
        try:
            body = conversation_body(mark, inbox) | {"customer": {"email": customer}}
            made = await client.post("/v2/conversations", json=body)
            here = f"/v2/conversations/{int(made.headers['resource-id'])}/reply"
            for number in range(REPLIES):
                said = f"{mark}.{number}"
                copied = [f"c{each}@x.test" for each in range(number * 3)]
                reply = {"text": said, "customer": {"email": customer}, "cc": copied}
                if (await client.post(here, json=reply)).status_code == 201:
                    ledger.replied[said] = {customer, *copied}
        except (httpx.TransportError, KeyError):
            return


async def _wait(settings: Settings) -> None:
    """Until everything has gone, also what was left by the kills."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and (await _rows(settings, WAITING))[0][0]:
        await asyncio.sleep(0.5)


async def _said(settings: Settings) -> set[str]:
    return {str(row[0]) for row in await _rows(settings, SAID)}


async def _rows(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    async with opened(settings) as desk:
        session = await desk.database.begin_reading()
        try:
            return [tuple(each) for each in await session.rows(sql, ())]
        finally:
            await session.end()


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill mail-out", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument(
        "--fault", choices=["none", "mail noted before sent"], default="none", help="plant a bug: it must be found"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong = drill(options.database, options.kills, fault=options.fault, seed=options.seed)
    for each in wrong[:50]:
        print(f"wrong: {each}")
    print(f"{len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
