"""Five days without the IMAP server, 2,000 letters meanwhile, lines cut while they are fetched, then other numbers for all of
them: ``script/drill imap-outage``. Each must be one conversation, five minutes after the server is back.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from deskhand.account import make_desk
from deskhand.cli.account import migrate
from deskhand.kernel import log
from deskhand.kernel.desk import Desk
from deskhand.mail.doors import imap
from deskhand.mail.doors.imap import Fetcher
from deskhand.mail.doors.session import Session
from deskhand.mail.processing import Processor
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.crash.mail import FOUND, furnish, letter
from tests.mail.proxy import passing
from tests.mail.servers import dovecot

LETTERS = 2000
CUTS = 5
CATCH_UP_SECONDS = 300
FAULTS = ("none", "only the newest")


async def drill(
    folder: Path,
    *,
    letters: int = LETTERS,
    cuts: int = CUTS,
    fault: str = "none",
    patience_seconds: float = CATCH_UP_SECONDS,
    quiet: bool = False,
) -> list[str]:
    """What is wrong after the outage, in words."""
    settings = Settings(data=str(folder), mail_networks=("127.0.0.0/8",))
    await asyncio.to_thread(migrate, settings)
    uids, first_delay = Session.uids, imap.FIRST_DELAY_SECONDS
    if fault == "only the newest":
        Session.uids = lambda self, first, last: uids(self, first, last)[-letters // 4 :]  # type: ignore[method-assign]
    imap.FIRST_DELAY_SECONDS = 0.2  # the clock says that five days have passed; nobody waits so long
    clock = MovableClock()
    desk = make_desk(settings, clock)
    await desk.database.open()
    loops: list[Any] = [Fetcher(desk), Processor(desk)]
    running = []
    try:
        with dovecot() as server, passing(server.port) as line:
            await furnish(settings, server, port=line.port)
            running = [asyncio.create_task(each.run()) for each in loops]
            server.deliver(letter("before"))
            await until(desk, 1, patience_seconds)
            server.stop()
            line.cut()
            await asyncio.sleep(0.5)
            clock.move(timedelta(days=5))
            server.deliver(*(letter(f"mark{number}") for number in range(letters)))
            server.start()
            began = time.monotonic()
            for cut in range(cuts):
                line.cut_after = 20_000 * (cut + 1)
                await until_cut(line, 3)
            await until(desk, letters + 1, patience_seconds)
            took = time.monotonic() - began

            server.stop()
            server.forget_numbers()
            await asyncio.sleep(1)
            server.start()
            server.deliver(letter("after"))
            await until(desk, letters + 2, patience_seconds)
            await quiet_again(desk, 2 * (letters + 1) + 1, patience_seconds)
            for each in loops:
                each.stop()
            await asyncio.gather(*running)
        found = Counter(row[0] for row in await rows(desk, FOUND))
        held = await rows(desk, "SELECT id, reason FROM mail_received WHERE state = 'held'")
    finally:
        Session.uids = uids  # type: ignore[method-assign]
        imap.FIRST_DELAY_SECONDS = first_delay
        for task in running:
            task.cancel()
        await desk.database.close()
    if not quiet:
        print(
            f"{letters} letters caught up in {took:.1f} s with {line.cuts} lines cut; then looked at again under other numbers"
        )
    marks = ["before", "after", *(f"mark{number}" for number in range(letters))]
    wrong = [f"{mark} is there {found[mark]} times" for mark in marks if found[mark] != 1]
    wrong += [f"message {row[0]} is held: {row[1]}" for row in held]
    return wrong + [f"it took {took:.0f} s"] * (took > CATCH_UP_SECONDS)


async def until(desk: Desk, number: int, seconds: float) -> None:
    """Until so many conversations are there, or for so long."""
    deadline = time.monotonic() + seconds
    while len(await rows(desk, FOUND)) < number and time.monotonic() < deadline:
        await asyncio.sleep(0.1)


async def until_cut(line: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while line.cut_after is not None and time.monotonic() < deadline:
        await asyncio.sleep(0.02)


async def quiet_again(desk: Desk, number: int, seconds: float) -> None:
    """Until so many messages came, and all were looked at."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        ((came,),) = await rows(desk, "SELECT count(*) FROM mail_received WHERE state <> 'waiting'")
        if came >= number:
            return
        await asyncio.sleep(0.1)


async def rows(desk: Desk, sql: str) -> list[Any]:
    session = await desk.database.begin_reading()
    try:
        return [tuple(row) for row in await session.rows(sql, ())]
    finally:
        await session.end()


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill imap-outage", description=__doc__)
    parser.add_argument("--letters", type=int, default=LETTERS)
    parser.add_argument("--fault", choices=FAULTS, default="none", help="plant a bug: it must be found")
    options = parser.parse_args()
    log.configure("human", "error", io.StringIO())
    with tempfile.TemporaryDirectory(prefix="deskhand-outage-") as folder:
        patience = CATCH_UP_SECONDS if options.fault == "none" else 20
        wrong = asyncio.run(drill(Path(folder), letters=options.letters, fault=options.fault, patience_seconds=patience))
    for each in wrong[:50]:
        print(f"wrong: {each}")
    print(f"{len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
