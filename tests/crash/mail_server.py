"""The real server or pipe that ends itself at a named step of a mail's way in, or has a fault planted in it: as
``tests.crash.server``, with leases that run out soon, since who held them is dead.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import apsw
from sqlalchemy import update

from deskhand.cli.main import main
from deskhand.kernel.blobs import FolderBlobs
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage.sqlite import SqliteDatabase
from deskhand.kernel.storage.statements import database_now, param, write
from deskhand.mail import processing
from deskhand.mail.analysing.pool import Pool
from deskhand.mail.doors import fetching, imap, pipe, receiver
from deskhand.mail.doors.fetching import Fetching
from deskhand.mail.operations import arriving, claiming, cursors, leasing
from deskhand.mail.queries.cursors import Cursor
from deskhand.mail.tables import mail_inboxes
from tests.crash.server import Steps, wrap

MAIL_STEPS = (
    "mail taken",
    "mail placed",
    "cursor moved",
    "after commit",
    "bytes kept",
    "answer made",
    "mail fetched",
    "mail claimed",
    "mail read",
    "before commit",
)
"""The most telling first, for who has no time for all."""


def wrap_mail(steps: Steps) -> None:
    """Put the steps around a mail's way in."""

    def after(step: str, original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def wrapped(*given: Any, **named: Any) -> Any:
            result = await original(*given, **named)
            steps.passing(step)
            return result

        return wrapped

    FolderBlobs.put = after("bytes kept", FolderBlobs.put)  # type: ignore[method-assign, assignment]
    for module in (receiver, fetching, pipe):
        module.take = after("mail taken", module.take)  # type: ignore[attr-defined]
    receiver._Hooks.handle_DATA = after("answer made", receiver._Hooks.handle_DATA)  # type: ignore[method-assign, assignment]
    cursors.go_on = after("cursor moved", cursors.go_on)  # type: ignore[assignment]
    Fetching._go_on = after("mail fetched", Fetching._go_on)  # type: ignore[method-assign, assignment]
    claiming.claim = after("mail claimed", claiming.claim)  # type: ignore[assignment]
    Pool.digests = after("mail read", Pool.digests)  # type: ignore[method-assign, assignment]
    arriving.place = after("mail placed", arriving.place)  # type: ignore[assignment]


def hurry() -> None:
    """Leases and pauses as short as the lives between two kills."""
    leasing.HOLD = leasing.holding(1)
    imap.LOOK_SECONDS = 0.3
    imap.FIRST_DELAY_SECONDS = 0.2
    processing.POLL_SECONDS = 0.2
    held = {"lease": param("token"), "leased_until": database_now(2)}
    claiming.CLAIM = write(update(mail_inboxes).where(claiming._inbox, claiming._is_free).values(held))


def plant_full(flag: str) -> None:
    """Fail as on a full disk while there is a file of that name."""
    put, flush = FolderBlobs.put_here, SqliteDatabase._flush

    def full(self: FolderBlobs, content: bytes) -> str:
        if os.path.exists(flag):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.folder))
        return put(self, content)

    async def flushing(self: SqliteDatabase) -> None:
        writer = self._writer
        self._writer = _Full(writer, flag)  # type: ignore[assignment]
        try:
            await flush(self)
        finally:
            self._writer = writer

    FolderBlobs.put_here = full  # type: ignore[method-assign]
    SqliteDatabase._flush = flushing  # type: ignore[method-assign]


class _Full:
    """A connection that has no space for a COMMIT, and drops the transaction, as SQLite does."""

    def __init__(self, connection: Any, flag: str) -> None:
        self._connection, self._flag = connection, flag

    def execute(self, statement: str, *values: Any) -> Any:
        if statement == "COMMIT" and os.path.exists(self._flag):
            self._connection.execute("ROLLBACK")
            raise apsw.FullError("database or disk is full")
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def plant_mail(fault: str) -> None:
    """Break the product, to see the drill turn red."""
    if fault == "answered before kept":
        take = receiver._Hooks._take

        async def hasty(self: Any, *given: Any) -> list[int]:
            async def later() -> None:
                await asyncio.sleep(1)
                await take(self, *given)

            self.later = asyncio.create_task(later())
            return []

        receiver._Hooks._take = hasty  # type: ignore[method-assign, assignment]
    if fault == "cursor moved first":
        go_on = cursors.go_on

        async def first(tx: Any, before: Any, after: Any) -> None:
            """Nothing: it happened in an operation of its own."""

        original = Fetching._go_on

        async def too_early(self: Fetching, cursor: Any, folder: Any, last_uid: int, got: Any) -> Any:
            after = Cursor(
                self._connection.inbox_id, self._connection.folder, folder.uidvalidity, last_uid, 0, 0, self._desk.clock.now()
            )
            async with self._desk.writing(system_actor()) as tx:
                await go_on(tx, cursor, after)
            await asyncio.sleep(0.05)
            return await original(self, cursor, folder, last_uid, got)

        cursors.go_on = first
        Fetching._go_on = too_early  # type: ignore[method-assign]


if __name__ == "__main__":
    step, count, fault, *arguments = sys.argv[1:]
    made = Steps(step, int(count))
    if flag := os.environ.get("DRILL_DISK_FULL"):
        plant_full(flag)
    plant_mail(fault)
    wrap(made)
    wrap_mail(made)
    hurry()
    main(arguments, prog_name="deskhand")
