"""A fault at each write of a mail's way in, one after another: ``script/drill write-faults``.

The n-th write fails, for n = 1 until a letter meets no fault any more: of the blob store's (write, sync, rename, folder), and
of SQLite's (each statement that changes something, and the commit). Whoever sends gets no yes for what is not kept, sends
again, and in the end each letter is one conversation.
"""

from __future__ import annotations

import argparse
import asyncio
import builtins
import errno
import hashlib
import io
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw

from deskhand.account import make_desk
from deskhand.cli.account import migrate
from deskhand.kernel import blobs, log
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError, NotFound
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage.sqlite import SqliteDatabase
from deskhand.mail.doors import fetching, pipe
from deskhand.mail.doors.imap import Fetcher
from deskhand.mail.doors.pipe import Envelope
from deskhand.mail.doors.receiver import Receiver
from deskhand.mail.operations import cursors
from deskhand.mail.processing import Processor
from deskhand.mail.queries.cursors import Cursor
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.crash.mail import FOUND, HELP, furnish, letter
from tests.mail.servers import Dovecot, dovecot
from tests.mail.talk import talking

KINDS = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC, "torn": errno.EIO}
CHANGES = ("INSERT", "UPDATE", "DELETE", "COMMIT", "RELEASE")
FAULTS = ("none", "error swallowed", "cursor moved first")
WAYS = ("smtp", "pipe", "imap", "placed")
MOST = 400
_MINUTES = timedelta(minutes=2)


class Faults:
    """Counts writes; the one whose turn it is fails."""

    def __init__(self) -> None:
        self.kind = "EIO"
        self.at = 0
        self.count = 0
        self.fired = False
        self.where: Counter[str] = Counter()

    def arm(self, kind: str, at: int) -> None:
        self.kind, self.at, self.count, self.fired = kind, at, 0, False

    def passes(self, what: str) -> bool:
        """Whether a write goes well."""
        self.count += 1
        if self.count != self.at:
            return True
        self.fired = True
        self.where[what] += 1
        return False

    def error(self) -> OSError:
        return OSError(KINDS[self.kind], os.strerror(KINDS[self.kind]), "planted")


class _File:
    """A file whose writes may fail, or end half way through."""

    def __init__(self, file: Any, faults: Faults) -> None:
        self._file, self._faults = file, faults

    def write(self, content: bytes) -> int:
        if not self._faults.passes("write"):
            if self._faults.kind == "torn":
                self._file.write(content[: len(content) // 2])
            raise self._faults.error()
        return int(self._file.write(content))

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class _Connection:
    """SQLite's writer, whose changes may fail; a full disk makes it drop the whole transaction, as SQLite does."""

    def __init__(self, connection: Any, faults: Faults) -> None:
        self._connection, self._faults = connection, faults

    def execute(self, statement: str, *values: Any) -> Any:
        self._check(statement)
        return self._connection.execute(statement, *values)

    def executemany(self, statement: str, values: Any) -> Any:
        self._check(statement)
        return self._connection.executemany(statement, values)

    def _check(self, statement: str) -> None:
        word = statement.split(None, 1)[0].upper()
        if word not in CHANGES or self._faults.passes(word):
            return
        if self._faults.kind == "ENOSPC":
            self._connection.execute("ROLLBACK")
            raise apsw.FullError("database or disk is full")
        raise apsw.IOError("disk I/O error")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _System:
    """The ``os`` that the blob store sees."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def fsync(self, handle: int) -> None:
        if not self._faults.passes("fsync"):
            raise self._faults.error()
        os.fsync(handle)

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)


def plant(faults: Faults, desk: Desk) -> Callable[[], None]:
    """Put the faults below the product; what takes them away again."""
    rename = Path.rename

    def opening(path: Any, mode: str = "r", *given: Any) -> Any:
        return _File(builtins.open(path, mode, *given), faults)

    def renaming(self: Path, target: Any) -> Any:
        if "blobs" in self.parts and not faults.passes("rename"):
            raise faults.error()
        return rename(self, target)

    blobs.open = opening  # type: ignore[attr-defined]
    blobs.os = _System(faults)  # type: ignore[assignment, attr-defined]
    Path.rename = renaming  # type: ignore[method-assign]
    assert isinstance(desk.database, SqliteDatabase)
    desk.database._writer = _Connection(desk.database._writer, faults)  # type: ignore[assignment]

    def clear() -> None:
        del blobs.open  # type: ignore[attr-defined]
        blobs.os = os  # type: ignore[attr-defined]
        Path.rename = rename  # type: ignore[method-assign]

    return clear


def break_product(fault: str) -> Callable[[], None]:
    """The bugs that must be found; what mends it again."""
    put, go_on, move = blobs.FolderBlobs.put_here, cursors.go_on, fetching.Fetching._go_on
    if fault == "error swallowed":

        def trusting(self: blobs.FolderBlobs, content: bytes) -> str:
            try:
                return put(self, content)
            except OSError:
                return hashlib.sha256(content).hexdigest()

        blobs.FolderBlobs.put_here = trusting  # type: ignore[method-assign]
    if fault == "cursor moved first":

        async def first(tx: Any, before: Any, after: Any) -> None:
            """Nothing: it happened in an operation of its own."""

        async def too_early(self: Any, cursor: Any, folder: Any, last_uid: int, got: Any) -> Any:
            it = self._connection
            now = self._desk.clock.now()
            after = Cursor(it.inbox_id, it.folder, folder.uidvalidity, last_uid, 0, 0, now)
            async with self._desk.writing(system_actor()) as tx:
                await go_on(tx, cursor, after)
            return await move(self, cursor, folder, last_uid, got)

        cursors.go_on, fetching.Fetching._go_on = first, too_early  # type: ignore[method-assign]

    def mend() -> None:
        blobs.FolderBlobs.put_here = put  # type: ignore[method-assign]
        cursors.go_on, fetching.Fetching._go_on = go_on, move  # type: ignore[method-assign]

    return mend


class Bench:
    """An account at work, and the ways into it."""

    def __init__(self, desk: Desk, clock: MovableClock, server: Dovecot) -> None:
        self.desk, self.clock, self.server = desk, clock, server
        self.faults = Faults()
        self.receiver = Receiver(desk, "127.0.0.1", 0)
        self.processor = Processor(desk)
        self.fetcher = Fetcher(desk)
        self.marks: list[str] = []
        self.wrong: list[str] = []

    async def try_each(self, way: str, act: Callable[[str], Awaitable[None]], kinds: Iterable[str]) -> None:
        """Fail the first write, then the second, until one letter passed without."""
        for kind in kinds:
            for at in range(1, MOST):
                mark = f"{way}-{kind}-{at}"
                self.marks.append(mark)
                self.faults.arm(kind, at)
                await act(mark)
                if not self.faults.fired:
                    break
            else:
                self.wrong.append(f"{way} never came to an end")

    async def by_smtp(self, mark: str) -> None:
        if not await self._said_yes(mark):
            self.faults.arm("EIO", 0)
            if not await self._said_yes(mark):
                self.wrong.append(f"{mark} was refused without a fault")

    async def _said_yes(self, mark: str) -> bool:
        async with talking(self.receiver.port) as line:
            await line.hear()
            await line.envelope(HELP)
            said = await line.say(letter(mark) + b".\r\n")
        if not said.startswith(("250", "451")):
            self.wrong.append(f"{mark} was answered {said}")
        return said.startswith("250")

    async def by_pipe(self, mark: str) -> None:
        for is_again in (False, True):
            try:
                await pipe.deliver(self.desk, letter(mark), Envelope(recipients=(HELP,)))
                return
            except DeskError as error:
                if is_again:
                    self.wrong.append(f"{mark} was refused without a fault: {error}")
                self.faults.arm("EIO", 0)

    async def by_imap(self, mark: str) -> None:
        self.server.deliver(letter(mark))
        for _ in range(2):
            try:
                await self.fetcher.run_due()
            except DeskError:
                fired = self.faults.fired
                self.faults.arm("EIO", 0)
                self.faults.fired = fired

    async def placed(self, mark: str) -> None:
        kind, at = self.faults.kind, self.faults.at
        self.faults.arm("EIO", 0)
        await pipe.deliver(self.desk, letter(mark), Envelope(recipients=(HELP,)))
        self.faults.arm(kind, at)
        await self.process()
        fired = self.faults.fired
        self.faults.arm("EIO", 0)
        await self.process()
        self.faults.fired = fired

    async def process(self) -> None:
        for _ in range(3):
            try:
                await self.processor.run_due()
            except DeskError:
                pass
            self.clock.ahead += _MINUTES
            await asyncio.sleep(0)

    async def compare(self) -> list[str]:
        """Everything that is wrong, in words."""
        self.faults.arm("EIO", 0)
        await self.fetcher.run_due()
        await self.process()
        session = await self.desk.database.begin_reading()
        try:
            found = Counter(row[0] for row in await session.rows(FOUND, ()))
            held = [tuple(row) for row in await session.rows("SELECT id, reason FROM mail_received WHERE state = 'held'", ())]
            missing = [row[0] for row in await session.rows("SELECT DISTINCT blob FROM mail_received", ())]
        finally:
            await session.end()
        wrong = self.wrong + [f"{mark} is there {found[mark]} times" for mark in self.marks if found[mark] != 1]
        wrong += [f"message {id_} is held: {reason}" for id_, reason in held]
        for blob in missing:
            try:
                content = await self.desk.blobs.get(blob)
            except NotFound:
                wrong.append(f"the bytes of {blob} are not there")
                continue
            if hashlib.sha256(content).hexdigest() != blob:
                wrong.append(f"the bytes of {blob} are others")
        return wrong


@asynccontextmanager
async def bench(folder: Path, server: Dovecot) -> AsyncIterator[Bench]:
    clock = MovableClock()
    settings = Settings(data=str(folder), mail_networks=("127.0.0.0/8",))
    await asyncio.to_thread(migrate, settings)
    await furnish(settings, server)
    desk = make_desk(settings, clock)
    await desk.database.open()
    made = Bench(desk, clock, server)
    await made.receiver.open()
    clear = plant(made.faults, desk)
    try:
        yield made
    finally:
        clear()
        await made.receiver.close()
        await made.processor.close()
        await desk.database.close()


async def drill(
    folder: Path, *, fault: str = "none", kinds: Iterable[str] = KINDS, ways: Iterable[str] = WAYS, quiet: bool = False
) -> list[str]:
    """A fault at each write of every way; what is wrong afterwards, in words."""
    mend = break_product(fault)
    try:
        with dovecot() as server:
            async with bench(folder, server) as it:
                acts = {"smtp": it.by_smtp, "pipe": it.by_pipe, "imap": it.by_imap, "placed": it.placed}
                for way in ways:
                    await it.try_each(way, acts[way], kinds)
                wrong = await it.compare()
                if not quiet:
                    print(f"{sum(it.faults.where.values())} faults: {dict(it.faults.where)}; {len(it.marks)} letters")
    finally:
        mend()
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill write-faults", description=__doc__)
    parser.add_argument("--fault", choices=FAULTS, default="none", help="plant a bug: it must be found")
    options = parser.parse_args()
    log.configure("human", "error", io.StringIO())
    with tempfile.TemporaryDirectory(prefix="deskhand-faults-") as folder:
        wrong = asyncio.run(drill(Path(folder), fault=options.fault))
    for each in wrong[:50]:
        print(f"wrong: {each}")
    print(f"{len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
