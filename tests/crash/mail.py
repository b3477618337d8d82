"""The drill of mail in: kills while it comes by SMTP, through a pipe and over IMAP. ``script/drill mail-in --kills 200``.

Senders keep their own list: what got 250, what the pipe ended with 0 for, what stood in the IMAP folder. Whatever has no answer
is sent again, as mail servers do. In the end each letter must be one conversation.
"""

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
from collections import Counter
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from deskhand.cli.account import migrate, opened
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.permissions import system_actor
from deskhand.mail.model import Authentication, Direction, Options, Secrets, Security
from deskhand.mail.operations import connecting
from deskhand.mail.operations import inboxes as mail_inboxes
from deskhand.mail.operations.connecting import NewConnection
from deskhand.settings import Settings
from tests.crash.drill import FAULTY_LIFE_SECONDS
from tests.crash.mail_server import MAIL_STEPS
from tests.mail.servers import PASSWORD, USER, Dovecot, dovecot, free_port
from tests.mail.talk import talking
from tests.postgres import postgres_server

HERE = "127.0.0.0/8"
HELP = "help@desk.test"
HANDS = 3
LIFE_SECONDS = (0.4, 1.4)
START_SECONDS = 20
PATIENCE_SECONDS = 60  # without anything new
ANSWERED_BEFORE_KEPT = "answered before kept"
FAULTS = ("none", ANSWERED_BEFORE_KEPT, "cursor moved first")
FOUND = "SELECT subject, thread_total FROM conversations"
HELD = "SELECT count(*) FROM mail_received WHERE state = 'held'"


@dataclass
class Ledger:
    """What the tester knows: marks that were acknowledged, and letters whose answer was lost, by their door."""

    sent: dict[str, str] = field(default_factory=dict)
    unsure: dict[str, list[str]] = field(default_factory=lambda: {"smtp": [], "pipe": []})
    repeats: int = 0


@dataclass
class Place:
    """Where all of it happens."""

    settings: Settings
    smtp_port: int
    server: Dovecot | None
    ledger: Ledger
    chance: random.Random
    log: Path
    api_port: int = 0


def letter(mark: str) -> bytes:
    head = (
        f"From: {mark}@mail.test\r\nTo: {HELP}\r\nMessage-ID: <{mark}@mail.test>\r\nDate: Thu, 26 Nov 2026 12:00:00 +0000\r\n"
    )
    return f"{head}Subject: {mark}\r\n\r\nWhere is it?\r\n".encode()


def drill(
    database: str,
    kills: int,
    *,
    fault: str = "none",
    seed: int = 1,
    letters: int = 0,
    patience_seconds: float = PATIENCE_SECONDS,
    quiet: bool = False,
) -> list[str]:
    """Kill what takes mail so many times while mail comes; what is wrong afterwards, in words.

    ``letters``: so many are sent, about; ``patience_seconds``: so long nothing new may come before the rest is given up.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deskhand-mail-")))
        address = stack.enter_context(postgres_server(durable=True)).new_database() if database == "postgresql" else ""
        server = stack.enter_context(dovecot())
        settings = Settings(data=str(folder), database=address, mail_networks=(HERE,))
        migrate(settings)
        asyncio.run(furnish(settings, server))
        it = Place(settings, free_port(), server, Ledger(), random.Random(seed), folder / "server.log")
        per_life = letters // kills if letters else 0
        for number in range(kills):
            # Every third kill comes from outside, at a random moment; the rest at each named step in turn.
            step = "never" if number % 3 == 2 else MAIL_STEPS[(number - number // 3) % len(MAIL_STEPS)]
            missing = letters * (number + 1) // kills - len(it.ledger.sent)  # what SMTP was too slow for comes by IMAP
            if fault == ANSWERED_BEFORE_KEPT:
                step = "never"  # from outside, as soon as the last is answered: the steps may come before any was
            live_and_die(it, step, fault, per_life // 2, missing - per_life // 2)
            if not quiet:
                print(f"\rkill {number + 1} of {kills} ({step}), {len(it.ledger.sent)} letters", end="", file=sys.stderr)
        process = start(it, "never", 0, "none")
        try:
            asyncio.run(send_again(it))
            found = wait(it, patience_seconds)
        finally:
            process.terminate()
            process.wait(timeout=60)
        held = asyncio.run(rows(settings, HELD))[0][0]
    ledger = it.ledger
    if not quiet:
        by_door = Counter(ledger.sent.values())
        print(f"\n{kills} kills, {len(ledger.sent)} letters acknowledged ({dict(by_door)}), {ledger.repeats} sent again")
    return compare(ledger, found) + [f"{held} letters are held"] * bool(held)


def compare(ledger: Ledger, found: dict[str, list[int]]) -> list[str]:
    """Everything that is wrong, in words; an empty list is what we want."""
    wrong = [
        f"{mark} came by {door} and is there {len(found.get(mark, []))} times"
        for mark, door in ledger.sent.items()
        if len(found.get(mark, [])) != 1
    ]
    wrong += [f"{mark} was never sent" for mark in found if mark not in ledger.sent]
    wrong += [f"{mark} was said {totals[0]} times" for mark, totals in found.items() if totals[0] != 1]
    return wrong


def live_and_die(it: Place, step: str, fault: str, by_smtp: int, by_imap: int) -> None:
    """One life of a server, with mail from all sides."""
    count = it.chance.randint(1, 30)
    process = start(it, step, count, fault)
    if it.server is not None:
        marks = [new_mark(it) for _ in range(max(10, by_imap))]
        it.server.deliver(*map(letter, marks))
        it.ledger.sent.update(dict.fromkeys(marks, "imap"))
    piping = pipe(it, "never" if it.chance.random() < 0.5 else it.chance.choice(["bytes kept", "mail taken", "after commit"]))
    try:
        life_seconds = FAULTY_LIFE_SECONDS if fault == ANSWERED_BEFORE_KEPT else LIFE_SECONDS
        asyncio.run(write(it, process, max(10, by_smtp), life_seconds))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        end_pipe(it, *piping)


def start(it: Place, step: str, count: int, fault: str) -> subprocess.Popen[bytes]:
    process = spawn(it, step, count, fault, "serve", "--port", str(it.api_port))
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline and not _listens(it.smtp_port):
        time.sleep(0.02)
    return process


def spawn(it: Place, step: str, count: int, fault: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.crash.mail_server", step, str(count), fault, *words]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DESKHAND_")},
        "DESKHAND_DATA": it.settings.data,
        "DESKHAND_DATABASE": it.settings.database,
        "DESKHAND_LOG_LEVEL": "error",
        "DESKHAND_MAIL_NETWORKS": HERE,
        "DESKHAND_SMTP_LISTEN": f"127.0.0.1:{it.smtp_port}",
    }
    with it.log.open("ab") as log:
        stdin = subprocess.PIPE if "deliver" in words else subprocess.DEVNULL
        return subprocess.Popen(command, env=environment, stdin=stdin, stdout=log, stderr=log)


def pipe(it: Place, step: str) -> tuple[subprocess.Popen[bytes], str]:
    """One letter through the pipe, which may die at a step."""
    mark = it.ledger.unsure["pipe"].pop() if it.ledger.unsure["pipe"] else new_mark(it)
    process = spawn(it, step, 1, "none", "mail", "deliver")
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(letter(mark))
        process.stdin.close()
    return process, mark


def end_pipe(it: Place, process: subprocess.Popen[bytes], mark: str) -> None:
    if it.chance.random() < 0.3:
        process.kill()
    if process.wait(60) == 0:
        it.ledger.sent[mark] = "pipe"
    else:
        it.ledger.unsure["pipe"].append(mark)
        it.ledger.repeats += 1


async def write(it: Place, process: subprocess.Popen[bytes], most: int, life_seconds: tuple[float, float]) -> None:
    """Send with several hands until the server is gone; meanwhile kill one of those that read for it."""
    life = it.chance.uniform(*life_seconds)
    hands = [asyncio.create_task(_hand(it, most // HANDS + 1)) for _ in range(HANDS)]
    await asyncio.wait(hands, timeout=life / 2)
    with suppress(psutil.Error, IndexError):
        it.chance.choice(psutil.Process(process.pid).children(recursive=True)).kill()
    await asyncio.wait(hands, timeout=life / 2)
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    await asyncio.gather(*hands, return_exceptions=True)


async def _hand(it: Place, most: int) -> None:
    """One mail server: sends letters over a connection, and notes every 250 as it is read."""
    unsure = it.ledger.unsure["smtp"]
    mark = ""
    try:
        async with talking(it.smtp_port) as line:
            await line.hear()
            for _ in range(most):
                mark = unsure.pop() if unsure else new_mark(it)
                await line.envelope(HELP)
                said = await line.say(letter(mark) + b".\r\n")
                if not said.startswith("250"):
                    raise ConnectionError(said)
                it.ledger.sent[mark] = "smtp"
                mark = ""
    except (OSError, AssertionError, TimeoutError):
        if mark:
            unsure.append(mark)
            it.ledger.repeats += 1


async def send_again(it: Place) -> None:
    """Bring whatever never got an answer, until it has one."""
    while it.ledger.unsure["smtp"]:
        await _hand(it, len(it.ledger.unsure["smtp"]))
    while it.ledger.unsure["pipe"]:
        process, mark = pipe(it, "never")
        assert process.wait(60) == 0, "the pipe does not take it"
        it.ledger.sent[mark] = "pipe"


def wait(it: Place, patience_seconds: float) -> dict[str, list[int]]:
    """Until everything that was acknowledged is there, or nothing comes any more."""
    found: dict[str, list[int]] = {}
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        now: dict[str, list[int]] = {}
        for subject, total in asyncio.run(rows(it.settings, FOUND)):
            now.setdefault(subject, []).append(total)
        if len(now) > len(found):
            deadline = time.monotonic() + patience_seconds
        found = now
        if it.ledger.sent.keys() <= found.keys():
            time.sleep(1)  # for those that come twice
            break
        time.sleep(0.5)
    return found


def new_mark(it: Place) -> str:
    return f"mark{it.chance.getrandbits(64):016x}"


async def furnish(settings: Settings, server: Dovecot, *, port: int = 0) -> None:
    async with opened(settings) as desk, desk.writing(system_actor()) as tx:
        await mail_inboxes.want(tx, await inboxes.create(tx, "Help", HELP), Options())
        box = await inboxes.create(tx, "Box", "box@desk.test")
        await mail_inboxes.want(tx, box, Options())
        new = NewConnection(
            host="127.0.0.1",
            port=port or server.port,
            security=Security.NONE,
            authentication=Authentication.PASSWORD,
            username=USER,
            secrets=Secrets(password=PASSWORD),
        )
        await connecting.connect(tx, box, Direction.IN, new)


async def rows(settings: Settings, sql: str) -> list[tuple[str, int]]:
    async with opened(settings) as desk:
        session = await desk.database.begin_reading()
        try:
            return [tuple(row) for row in await session.rows(sql, ())]
        finally:
            await session.end()


def _listens(port: int) -> bool:

    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill mail-in", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--letters", type=int, default=20_000, help="so many at least, over all kills")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--fault", choices=FAULTS, default="none", help="plant a bug: it must be found")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    wrong = drill(options.database, options.kills, fault=options.fault, seed=options.seed, letters=options.letters)
    for each in wrong[:50]:
        print(f"wrong: {each}")
    print(f"{len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
