"""A full disk while mail comes: ``script/drill disk-full``. What cannot be kept is not taken (451, 75, 503), reading goes on,
and when there is space again everything works by itself within a minute.

As root the disk is a real one of 64 MB in memory; else the blob store and SQLite fail as they do on a full one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx

from deskhand.cli.account import migrate, opened
from deskhand.kernel.permissions import system_actor
from deskhand.mail.model import Options
from deskhand.mail.operations import inboxes
from deskhand.settings import Settings
from tests.crash.drill import conversation_body, furnish, token_of
from tests.crash.mail import HELP, Ledger, Place, compare, letter, new_mark, rows, send_again, spawn, start, wait
from tests.mail.servers import free_port
from tests.mail.talk import talking

DISK_BYTES = 64 * 2**20
WORKS_AGAIN_SECONDS = 60
LETTERS = 10
FAULTS = ("none", "answered before kept")
FLAG = "DRILL_DISK_FULL"


@contextmanager
def disk(folder: Path) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """A small disk at a folder, with how it is filled and freed."""
    filler = folder / "filler"
    mounted = os.getuid() == 0 and (
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)], capture_output=True
        ).returncode
        == 0
    )
    if not mounted:
        os.environ[FLAG] = str(filler)

    def fill() -> None:
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while mounted:
                file.write(b"x" * 4096)

    try:
        yield fill, filler.unlink
    finally:
        os.environ.pop(FLAG, None)
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def drill(*, fault: str = "none", quiet: bool = False) -> list[str]:
    """What is wrong after the disk was full, in words."""
    wrong: list[str] = []
    with ExitStack() as stack:
        outside = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="deskhand-full-")))
        folder = outside / "data"
        folder.mkdir()
        fill, free = stack.enter_context(disk(folder))
        settings = Settings(data=str(folder))
        migrate(settings)
        client_id, secret, inbox = asyncio.run(furnish(settings))
        asyncio.run(_want(settings, inbox))
        it = Place(settings, free_port(), None, Ledger(), random.Random(1), log=outside / "server.log", api_port=free_port())
        process = start(it, "never", 0, fault)
        try:
            token = asyncio.run(token_of(it.api_port, (client_id, secret)))
            asyncio.run(_send(it, wrong, refused=False))
            fill()
            asyncio.run(_send(it, wrong, refused=True))
            wrong += _piped(it, 75)
            with httpx.Client(
                base_url=f"http://127.0.0.1:{it.api_port}", headers={"Authorization": f"Bearer {token}"}
            ) as client:
                made = client.post("/v2/conversations", json=conversation_body("refused", inbox), timeout=60)
                if made.status_code != 503 or "retry-after" not in made.headers:
                    wrong.append(f"the API answers {made.status_code} to a write")
                read = client.get("/v2/conversations", timeout=30)
                if read.status_code != 200:
                    wrong.append(f"the API answers {read.status_code} to a read")
                free()
                began = time.monotonic()
                while asyncio.run(_said(it, new_mark(it)))[:3] != "250":
                    time.sleep(0.2)
                    if time.monotonic() - began > WORKS_AGAIN_SECONDS:
                        return [*wrong, "a minute after there was space it still does not work"]
                took = time.monotonic() - began
                asyncio.run(send_again(it))
                found = wait(it, 20 if fault == "none" else 3)
                made = client.post("/v2/conversations", json=conversation_body("taken", inbox), timeout=60)
                if made.status_code != 201:
                    wrong.append(f"afterwards the API answers {made.status_code} to a write")
        finally:
            process.terminate()
            process.wait(timeout=60)
        check = asyncio.run(rows(settings, "PRAGMA integrity_check"))[0][0]
        wrong += [f"the database is damaged: {check}"] * (check != "ok")
    if not quiet:
        print(f"{len(it.ledger.sent)} letters taken, {it.ledger.repeats} refused; it worked again after {took:.1f} s")
    return wrong + compare(it.ledger, found)


async def _want(settings: Settings, inbox: int) -> None:
    async with opened(settings) as desk, desk.writing(system_actor()) as tx:
        await inboxes.want(tx, inbox, Options())


async def _send(it: Place, wrong: list[str], *, refused: bool) -> None:
    """Some letters. On a full disk whoever is told 250 has a right to it, and 451 is what we want to hear."""
    heard = [await _said(it, new_mark(it), size=100_000) for _ in range(LETTERS)]
    allowed = ("250", "451") if refused else ("250",)
    wrong += [f"a letter is answered {said}" for said in heard if said[:3] not in allowed]
    if refused and not any(said.startswith("451") for said in heard):
        wrong.append("a full disk takes every letter")


async def _said(it: Place, mark: str, *, size: int = 0) -> str:
    try:
        async with talking(it.smtp_port) as line:
            await line.hear()
            await line.say("EHLO client.test")
            await line.say("MAIL FROM:<pavel@mail.test>")
            said = await line.say(f"RCPT TO:<{HELP}>")
            if said.startswith("250"):
                await line.say("DATA")
                said = await line.say(letter(mark) + (b"y" * 70 + b"\r\n") * (size // 72) + b".\r\n")
    except (OSError, TimeoutError) as error:
        said = f"000 {error}"
    if said.startswith("250"):
        it.ledger.sent[mark] = "smtp"
    else:
        it.ledger.unsure["smtp"].append(mark)
        it.ledger.repeats += 1
    return said


def _piped(it: Place, code: int) -> list[str]:
    mark = new_mark(it)
    process = spawn(it, "never", 0, "none", "mail", "deliver")
    process.communicate(letter(mark) + b"z" * 200_000, timeout=60)
    it.ledger.unsure["pipe"].append(mark)
    return [] if process.returncode == code else [f"the pipe ends with {process.returncode}"]


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill disk-full", description=__doc__)
    parser.add_argument("--fault", choices=FAULTS, default="none", help="plant a bug: it must be found")
    options = parser.parse_args()
    wrong = drill(fault=options.fault)
    for each in wrong[:50]:
        print(f"wrong: {each}")
    print(f"{len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
