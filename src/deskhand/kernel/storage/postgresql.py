"""PostgreSQL through asyncpg: a schema is an account; every process has its own pool."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any

import asyncpg

from deskhand.kernel.errors import Collision, Rejected, Unavailable
from deskhand.kernel.log import Log
from deskhand.kernel.storage.database import CLOSE_SECONDS, Row
from deskhand.kernel.storage.statements import EVENT_LOCK

POOL = 10
SLOW_SECONDS = 15.0
CHANNEL = "deskhand_"
SETTLE_SECONDS = 0.005
SETTLE_TRIES = 2000

NEWEST_EVENT = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM events_id_seq"
EVENT_LOCKS = (
    "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'advisory' AND granted "
    f"AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objsubid = 2 "
    f"AND classid::bigint = {EVENT_LOCK} AND objid::bigint = hashtext(current_schema())::bigint & 4294967295"
)

COLLISIONS = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.UniqueViolationError,
    asyncpg.ForeignKeyViolationError,  # what was looked up is gone: looking again says so kindly
)
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InsufficientResourcesError,
    asyncpg.QueryCanceledError,
    ConnectionError,
    OSError,
    TimeoutError,
)

log = Log(__name__)


class PostgresqlDatabase:
    """The account in one schema; the schema is made at the first migration."""

    dialect = "postgresql"

    def __init__(self, url: str, schema: str) -> None:
        self.url = url
        self.schema = schema
        self._pool: asyncpg.Pool[Any] | None = None
        self._listener: asyncpg.Connection[Any] | None = None

    async def open(self) -> None:
        """Connect. Raises Unavailable with the server's words."""
        try:
            self._pool = await asyncpg.create_pool(
                self.url,
                min_size=1,
                max_size=POOL,
                reset=_no_reset,
                statement_cache_size=1024,
                max_cached_statement_lifetime=0,
                server_settings={"search_path": f'"{self.schema}"', "timezone": "UTC", "jit": "off"},
                command_timeout=60,
            )
        except (*AWAY, asyncpg.PostgresError) as error:
            raise Unavailable(f"cannot reach PostgreSQL: {error}") from error

    async def close(self) -> None:
        if self._listener is not None:
            await self._listener.close()
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), CLOSE_SECONDS)
            except TimeoutError:
                log.warning("closed while an operation was at work: it is lost")
                self._pool.terminate()
        self._pool = self._listener = None

    async def begin_reading(self) -> PostgresqlReading:
        return PostgresqlReading(self, await self._acquire())

    async def begin_long_reading(self) -> PostgresqlLongReading:
        connection = await self._acquire()
        transaction = connection.transaction(isolation="repeatable_read", readonly=True)
        try:
            await transaction.start()
        except BaseException as error:
            connection.terminate()
            await self.release(connection)
            if isinstance(error, (*AWAY, asyncpg.PostgresError)):
                raise _refusal(error) from error
            raise
        return PostgresqlLongReading(self, connection, transaction)

    async def begin_writing(self) -> PostgresqlWriting:
        connection = await self._acquire()
        try:
            await connection.execute("BEGIN")
        except (*AWAY, asyncpg.PostgresError) as error:
            await self.release(connection)
            raise _refusal(error) from error
        except BaseException:  # cancelled: what the server made of it is not known
            connection.terminate()
            await self.release(connection)
            raise
        return PostgresqlWriting(self, connection)

    async def settled_event(self) -> int:
        """The newest number given to an event, once everybody who held the lock of ``next_event`` when it was read has
        ended: ids may be committed in another order than they were given."""
        connection = await self._acquire()
        try:
            newest = await connection.fetchval(NEWEST_EVENT)
            holders: set[str] | None = None
            for _ in range(SETTLE_TRIES):
                now = {row[0] for row in await connection.fetch(EVENT_LOCKS)}
                holders = now if holders is None else holders & now
                if not holders:
                    return int(newest)
                await asyncio.sleep(SETTLE_SECONDS)
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error
        finally:
            await self.release(connection)
        raise Unavailable("an operation takes very long to end; events behind it must wait")

    async def changed_elsewhere(self) -> bool:
        """Changes of other processes are announced; nothing to look up."""
        return False

    async def listen(self, heard: Callable[[str], None]) -> None:
        """LISTEN on a connection of its own, taken up again by the next call if the server went away."""
        if self._listener is not None and not self._listener.is_closed():
            return
        try:
            self._listener = await asyncpg.connect(self.url)
            await self._listener.add_listener(CHANNEL + self.schema, lambda *said: heard(str(said[3])))
        except (*AWAY, asyncpg.PostgresError) as error:
            log.warning("cannot listen for other processes", reason=str(error))

    async def announce(self, message: str) -> None:
        """NOTIFY after the commit: inside a transaction it would queue all commits behind one lock."""
        try:
            connection = await self._acquire()
        except Unavailable:
            return
        try:
            await connection.execute("SELECT pg_notify($1, $2)", CHANNEL + self.schema, message)
        except (*AWAY, asyncpg.PostgresError) as error:
            log.warning("cannot tell other processes", reason=str(error))
        finally:
            await self.release(connection)

    async def release(self, connection: Any) -> None:
        if self._pool is not None:
            await self._pool.release(connection)

    async def _acquire(self) -> Any:
        if self._pool is None:
            raise Unavailable("the database is not open")
        try:
            return await self._pool.acquire()
        except (*AWAY, asyncpg.PostgresError) as error:
            raise Unavailable(f"cannot reach PostgreSQL: {error}") from error


class PostgresqlSession:
    """Statements on one borrowed connection."""

    __slots__ = ("_connection", "_database")
    dialect = "postgresql"

    def __init__(self, database: PostgresqlDatabase, connection: Any) -> None:
        self._database = database
        self._connection = connection

    async def rows(self, sql: str, values: Row) -> Sequence[Row]:
        try:
            return await self._connection.fetch(sql, *values)  # type: ignore[no-any-return]
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error

    async def slow_rows(self, sql: str, values: Row) -> Sequence[Row]:
        try:
            return await self._connection.fetch(sql, *values, timeout=SLOW_SECONDS)  # type: ignore[no-any-return]
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error

    async def change(self, sql: str, values: Row) -> int:
        try:
            status: str = await self._connection.execute(sql, *values)
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def change_many(self, sql: str, values: Iterable[Row]) -> None:
        try:
            await self._connection.executemany(sql, values)
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error

    async def script(self, sql: str) -> None:
        try:
            await self._connection.execute(sql)
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error

    @property
    def raw(self) -> Any:
        """asyncpg's connection, for COPY in bulk loads."""
        return self._connection


class PostgresqlReading(PostgresqlSession):
    """A read: each statement sees what is committed when it starts."""

    __slots__ = ()

    async def end(self) -> None:
        await self._database.release(self._connection)


class PostgresqlLongReading(PostgresqlReading):
    """A read of one moment: REPEATABLE READ."""

    __slots__ = ("_transaction",)

    def __init__(self, database: PostgresqlDatabase, connection: Any, transaction: Any) -> None:
        super().__init__(database, connection)
        self._transaction = transaction

    async def stream(self, sql: str, values: Row, most: int) -> AsyncIterator[Sequence[Row]]:
        try:
            cursor = await self._connection.cursor(sql, *values)
            while rows := await cursor.fetch(most):
                yield rows
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error

    async def end(self) -> None:
        try:
            await self._transaction.rollback()
        except (*AWAY, asyncpg.PostgresError):
            self._connection.terminate()
        finally:
            await super().end()


class PostgresqlWriting(PostgresqlSession):
    """An operation: a READ COMMITTED transaction; rows it decides upon are locked by the query that reads them."""

    __slots__ = ()

    async def load(self, sql: str, values: Iterable[Row]) -> None:
        try:
            await self._connection.executemany(sql, values)
        except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
            raise Rejected(f"{error}{': ' + error.detail if error.detail else ''}") from error
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error

    async def commit(self) -> None:
        # Once COMMIT is sent its outcome must be waited for, also when the caller goes away.
        commit = asyncio.ensure_future(self._connection.execute("COMMIT"))
        try:
            await asyncio.shield(commit)
        except asyncio.CancelledError:
            await asyncio.wait([commit])
            raise
        except (*AWAY, asyncpg.PostgresError) as error:
            raise _refusal(error) from error
        finally:
            await self._database.release(self._connection)

    async def rollback(self) -> None:
        try:
            await self._connection.execute("ROLLBACK")
        except (*AWAY, asyncpg.PostgresError):
            self._connection.terminate()
        finally:
            await self._database.release(self._connection)


async def _no_reset(connection: Any) -> None:
    """Sessions leave nothing behind, so the four statements of a full reset are saved at each release."""


def _refusal(error: BaseException) -> BaseException:
    if isinstance(error, COLLISIONS):
        return Collision(str(error))
    if isinstance(error, AWAY):
        return Unavailable(f"PostgreSQL: {error or type(error).__name__}")
    return error
