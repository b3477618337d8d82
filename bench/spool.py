"""Mail in: from spool to conversation, in one process on one core with the processes that read; run by ``bench.mail``.

``python -m bench.spool ROUNDS MESSAGES`` on the account that DESKHAND_* variables name; prints rates as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
from email import policy
from email.parser import BytesParser
from pathlib import Path

import apsw
import uvloop
from sqlalchemy import select

from bench.letters import letter
from deskhand.account import make_desk
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage.statements import read
from deskhand.mail.model import Door, Options
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.operations import taking
from deskhand.mail.processing import Processor
from deskhand.mail.queries import inboxes as mail_inboxes
from deskhand.mail.tables import mail_received
from deskhand.settings import from_environment

PARSER = BytesParser(policy=policy.compat32)
KNOWN = read(select(mail_received.c.id).order_by(mail_received.c.id.desc()).limit(1), int)


async def main(rounds: int, messages: int) -> None:
    """Product and floor in turn, on one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    desk = make_desk(from_environment(os.environ))
    gc.freeze()  # this and the loop as ``deskhand serve`` has them
    await desk.database.open()
    inbox_id = await _inbox(desk)
    processor = Processor(desk)
    async with desk.reading(system_actor()) as view:
        first = (await view.first(KNOWN) or 0) + 1
    await _spool(desk, inbox_id, first, 20)
    await processor.run_due()  # warm, and the processes that read have started
    rates: dict[str, list[float]] = {"ours": [], "floor": []}
    at = first + 20
    for _ in range(rounds):
        letters = await _spool(desk, inbox_id, at, messages)
        at += messages
        began = time.perf_counter()
        assert await processor.run_due() == messages
        rates["ours"].append(messages / (time.perf_counter() - began))
        rates["floor"].append(messages / _floor(letters))
    await processor.close()
    await desk.database.close()
    print(json.dumps(rates))


async def _inbox(desk: Desk) -> int:
    """The first inbox, with mail."""
    async with desk.writing(system_actor()) as tx:
        inbox_id = (await inboxes.all_ids(tx))[0]
        if await mail_inboxes.find(tx, inbox_id) is None:
            await mail.want(tx, inbox_id, Options())
        return inbox_id


async def _spool(desk: Desk, inbox_id: int, first: int, count: int) -> list[bytes]:
    """Letters that are ours and wait; every second answers the one before."""
    letters = [letter(number, answers=number - 1 if number % 2 else None) for number in range(first, first + count)]
    blobs = [await desk.blobs.put(each) for each in letters]
    async with desk.writing(system_actor()) as tx:
        for raw, blob in zip(letters, blobs, strict=True):
            await taking.take(tx, inbox_id=inbox_id, door=Door.IMAP, blob=blob, size_bytes=len(raw))
    return letters


def _floor(letters: list[bytes]) -> float:
    """Seconds to parse each with the standard library and commit it durably, one after another."""
    with tempfile.TemporaryDirectory(prefix="deskhand-floor-") as folder:
        database = apsw.Connection(str(Path(folder) / "floor.db"))
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, raw BLOB)")
        began = time.perf_counter()
        for raw in letters:
            PARSER.parsebytes(raw)
            database.execute("INSERT INTO mail (raw) VALUES (?)", (raw,))
        seconds = time.perf_counter() - began
        database.close()
    return seconds


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), int(sys.argv[2])))
