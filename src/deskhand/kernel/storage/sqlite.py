"""SQLite through apsw: one writer with group commit, a few readers, no other SQLite library in the process.

An operation is a savepoint under a fair lock. The first operation to end starts a flush that queues for the same lock,
so whoever waited before it shares its commit and its fsync, and is answered after it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import apsw

from deskhand.kernel.errors import Collision, Rejected, Unavailable
from deskhand.kernel.log import Log
from deskhand.kernel.storage.database import CLOSE_SECONDS, Row

OLDEST = (3, 51, 3)  # earlier ones can corrupt a WAL database that two connections checkpoint at once
WAITS_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05)
PATIENCE_SECONDS = 30.0
OPEN_MILLISECONDS = 5000
READERS = 8
SLOW_SECONDS = 15.0

T = TypeVar("T")

log = Log(__name__)


class SqliteDatabase:
    """The account in one file (and its ``-wal`` and ``-shm`` beside it)."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        self.path = path
        self._writer: apsw.Connection | None = None
        self._lock = asyncio.Lock()
        self._group: asyncio.Future[None] | None = None
        self._flushes: set[asyncio.Task[None]] = set()
        self._idle: list[apsw.Connection] = []
        self._readers = asyncio.Semaphore(READERS)
        self._version = 0
        self._committing = ThreadPoolExecutor(1, "commit")
        self._slow = ThreadPoolExecutor(2, "slow-read")

    async def open(self) -> None:
        """Connect. Raises Unavailable when the file cannot be used or the library is older than 3.51.3."""
        version = tuple(int(part) for part in apsw.sqlite_lib_version().split("."))
        if version < OLDEST:
            raise Unavailable(f"SQLite {apsw.sqlite_lib_version()} is too old: install apsw 3.51.3 or newer")
        try:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            self._writer = self._connect()
            await self._patiently(self._writer, "PRAGMA journal_mode = WAL")  # of a new file two may want it at once
            self._writer.execute("PRAGMA synchronous = FULL")
            self._writer.execute("PRAGMA foreign_keys = ON")
        except (apsw.Error, OSError) as error:
            raise Unavailable(f"cannot use the database file {self.path}: {error}") from error

    async def close(self) -> None:
        """Finish commits on their way and disconnect."""
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                while self._flushes:
                    await asyncio.wait(self._flushes)
        except TimeoutError:
            log.warning("closed while an operation was at work: it and those that waited for it are lost")
            for flush in self._flushes:
                flush.cancel()
            self._fail_group(Unavailable("the database was closed"))
        for threads in (self._committing, self._slow):
            await asyncio.to_thread(threads.shutdown)  # off the loop, whose timer interrupts what takes too long
        for connection in [*self._idle, self._writer]:
            if connection is not None:
                connection.close()
        self._idle, self._writer = [], None

    async def begin_reading(self) -> SqliteReading:
        """Borrow a connection; it sees one moment until it is given back."""
        self._connected()
        await self._readers.acquire()
        try:
            connection = self._idle.pop() if self._idle else self._connect()
            connection.execute("BEGIN")
        except apsw.Error as error:
            self._readers.release()
            raise _refusal(error) from error
        return SqliteReading(self, connection)

    async def begin_long_reading(self) -> SqliteReading:
        """The same: a connection lent sees one moment anyway. While it is, the ``-wal`` file cannot become smaller."""
        return await self.begin_reading()

    async def begin_writing(self) -> SqliteWriting:
        """Start an operation."""
        await self._lock.acquire()
        try:
            writer = self._connected()
            if not writer.in_transaction:
                await self._patiently(writer, "BEGIN IMMEDIATE")
            writer.execute("SAVEPOINT operation")
        except apsw.Error as error:
            self._lock.release()
            raise _refusal(error) from error
        except BaseException:
            self._lock.release()
            raise
        return SqliteWriting(self, writer)

    async def settled_event(self) -> int:
        """With one writer, events are committed in the order of their ids."""
        session = await self.begin_reading()
        try:
            return int((await session.rows("SELECT coalesce(max(id), 0) FROM events", ()))[0][0])
        finally:
            await session.end()

    async def changed_elsewhere(self) -> bool:
        """Whether another connection committed since the last call, by the writer's ``PRAGMA data_version`` (2 µs).

        While a commit is on its way the writer cannot be asked; then the next call tells.
        """
        if self._writer is None or self._lock.locked():
            return False
        version: Any = self._writer.execute("PRAGMA data_version").fetchall()[0][0]
        changed = version != self._version
        self._version = version
        return bool(changed)

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Other processes on one file are noticed by ``changed_elsewhere`` and by polling; nothing is announced."""

    async def announce(self, message: str) -> None:
        """Nobody listens: see ``listen``."""

    def connected_writer(self) -> apsw.Connection:
        """The writer's connection, for bulk loads and maintenance; the caller is alone with the file."""
        return self._connected()

    def _connect(self) -> apsw.Connection:
        connection = apsw.Connection(self.path, statementcachesize=512)
        connection.set_busy_timeout(OPEN_MILLISECONDS)  # the first and the last process of a file lock it for a moment
        connection.execute("PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 268435456")
        connection.set_busy_timeout(0)
        return connection

    def _connected(self) -> apsw.Connection:
        if self._writer is None:
            raise Unavailable("the database is not open")
        return self._writer

    async def _patiently(self, writer: apsw.Connection, statement: str) -> None:
        """Run what takes the file's lock; another process may hold it, so wait between tries without blocking the loop."""
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        tries = 0
        while True:
            try:
                writer.execute(statement).fetchall()
                return
            except apsw.BusyError:
                if asyncio.get_running_loop().time() > deadline:
                    raise
            await asyncio.sleep(WAITS_SECONDS[min(tries, len(WAITS_SECONDS) - 1)])
            tries += 1

    def _join_group(self) -> asyncio.Future[None]:
        """The commit this operation will share; the first to ask starts its flush."""
        if self._group is None:
            self._group = asyncio.get_running_loop().create_future()
            flush = asyncio.create_task(self._flush())
            self._flushes.add(flush)
            flush.add_done_callback(self._flushes.discard)
        return self._group

    async def _flush(self) -> None:
        await self._lock.acquire()
        writer, group = self._connected(), self._group
        self._group = None
        assert group is not None
        try:
            # The thread must be waited for even if this task is cancelled: it is inside the connection.
            commit = asyncio.get_running_loop().run_in_executor(self._committing, writer.execute, "COMMIT")
            while not commit.done():
                try:
                    await asyncio.shield(commit)
                except asyncio.CancelledError:
                    log.warning("cancelled during a commit; waiting for it")
                except apsw.Error:
                    break
            commit.result()
        except apsw.Error as error:
            self._drop_transaction(writer)
            group.set_exception(_refusal(error))
            group.exception()  # members may all be gone; then nobody else looks
        except BaseException as error:
            group.set_exception(Unavailable(f"the commit did not happen: {error}"))
            group.exception()
            raise
        else:
            if not group.done():
                group.set_result(None)
        finally:
            self._lock.release()

    def _fail_group(self, error: Exception) -> None:
        """A full disk makes SQLite drop the whole transaction: every member of the group must hear of it."""
        if self._group is not None and not self._group.done():
            self._group.set_exception(error)
            self._group.exception()
            self._group = asyncio.get_running_loop().create_future()

    @staticmethod
    def _drop_transaction(writer: apsw.Connection) -> None:
        if writer.in_transaction:
            writer.execute("ROLLBACK")


class SqliteSession:
    """Statements on one borrowed connection."""

    __slots__ = ("_connection", "_database")
    dialect = "sqlite"

    def __init__(self, database: SqliteDatabase, connection: apsw.Connection) -> None:
        self._database = database
        self._connection = connection

    async def rows(self, sql: str, values: Row) -> Sequence[Row]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except apsw.Error as error:
            raise _refusal(error) from error

    async def slow_rows(self, sql: str, values: Row) -> Sequence[Row]:
        connection = self._connection
        return await self._slowly(lambda: connection.execute(sql, values).fetchall())

    async def _slowly(self, ask: Callable[[], T]) -> T:
        """In a thread, with a time limit."""
        loop = asyncio.get_running_loop()
        connection = self._connection
        timer = loop.call_later(SLOW_SECONDS, connection.interrupt)
        work = loop.run_in_executor(self._database._slow, ask)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            connection.interrupt()  # the thread must leave the connection before anybody else gets it
            await asyncio.wait([work])
            raise
        except apsw.Error as error:
            raise _refusal(error) from error
        finally:
            timer.cancel()

    async def change(self, sql: str, values: Row) -> int:
        try:
            self._connection.execute(sql, values).fetchall()
        except apsw.Error as error:
            raise _refusal(error) from error
        return self._connection.changes()

    async def change_many(self, sql: str, values: Iterable[Row]) -> None:
        try:
            self._connection.executemany(sql, values)
        except apsw.Error as error:
            raise _refusal(error) from error

    async def script(self, sql: str) -> None:
        try:
            self._connection.execute(sql).fetchall()
        except apsw.Error as error:
            raise _refusal(error) from error


class SqliteReading(SqliteSession):
    """A read of one moment."""

    __slots__ = ()

    async def stream(self, sql: str, values: Row, most: int) -> AsyncIterator[Sequence[Row]]:
        cursor = self._connection.cursor()
        try:
            await self._slowly(lambda: cursor.execute(sql, values))
            while rows := await self._slowly(lambda: list(islice(cursor, most))):
                yield rows
        finally:
            cursor.close(True)

    async def end(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except apsw.Error:
            self._connection.close()
        else:
            self._database._idle.append(self._connection)
        self._database._readers.release()


class SqliteWriting(SqliteSession):
    """An operation: a savepoint in the group's transaction."""

    __slots__ = ()

    async def load(self, sql: str, values: Iterable[Row]) -> None:
        try:
            self._connection.executemany(sql, values)
        except (apsw.ConstraintError, apsw.MismatchError, apsw.TooBigError) as error:
            raise Rejected(str(error)) from error
        except apsw.Error as error:
            raise _refusal(error) from error

    async def commit(self) -> None:
        database = self._database
        try:
            self._connection.execute("RELEASE operation")
            group = database._join_group()
        except apsw.Error as error:
            refusal = _refusal(error)
            self._abandon(refusal)
            raise refusal from error
        finally:
            database._lock.release()
        # A caller that goes away while waiting changes nothing: its rows are part of the group.
        await asyncio.shield(group)

    async def rollback(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK TO operation; RELEASE operation")
                if self._database._group is None:
                    self._connection.execute("ROLLBACK")
            else:
                self._database._fail_group(Unavailable("the database dropped the transaction"))
        finally:
            self._database._lock.release()

    def _abandon(self, refusal: Exception) -> None:
        self._database._drop_transaction(self._connection)
        self._database._fail_group(refusal)


def _refusal(error: apsw.Error) -> Exception:
    """Ours for what is no bug of the statement; the error itself for what is."""
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        return Unavailable("the database is locked by another process")
    if isinstance(error, (apsw.FullError, apsw.IOError, apsw.CantOpenError, apsw.ReadOnlyError)):
        return Unavailable(f"the database cannot store: {error}")
    if isinstance(error, apsw.InterruptError):
        return Unavailable("the question took too long")
    if isinstance(error, apsw.ConstraintError) and "UNIQUE" in str(error):
        return Collision(str(error))
    return error
