"""What a driver offers: an account, sessions that read, sessions that write."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any, Protocol

Row = Sequence[Any]

CLOSE_SECONDS = 10.0
"""So long ``close`` waits for operations that do not end; what they did is lost then."""


class Session(Protocol):
    """One connection, lent for one read or one operation."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        ...

    async def rows(self, sql: str, values: Row) -> Sequence[Row]:
        """Run a statement that gives rows. Bounded work only: on SQLite it runs in the event loop."""
        ...

    async def slow_rows(self, sql: str, values: Row) -> Sequence[Row]:
        """The same for what may exceed a millisecond: off the event loop and time-limited. Raises Unavailable."""
        ...

    async def change(self, sql: str, values: Row) -> int:
        """Run a statement that gives no rows; how many rows it touched."""
        ...

    async def change_many(self, sql: str, values: Iterable[Row]) -> None:
        """Run one statement for each tuple of values."""
        ...

    async def script(self, sql: str) -> None:
        """Run several statements without values: schema changes and maintenance."""
        ...


class ReadingSession(Session, Protocol):
    """Sees one moment of the account on SQLite, the newest committed rows at each statement on PostgreSQL."""

    async def end(self) -> None:
        """Give the connection back."""
        ...


class LongReadingSession(ReadingSession, Protocol):
    """Sees one moment of the account on both, however long it reads."""

    def stream(self, sql: str, values: Row, most: int) -> AsyncIterator[Sequence[Row]]:
        """The rows of a statement, so many at a time; none is kept. Off the event loop."""
        ...


class WritingSession(Session, Protocol):
    """An operation in progress; nobody else sees its rows before ``commit`` returns."""

    async def load(self, sql: str, values: Iterable[Row]) -> None:
        """``change_many`` for rows that nobody has checked. Raises Rejected when the database does not take one."""
        ...

    async def commit(self) -> None:
        """Make it durable. Raises Unavailable or Collision, and then nothing of it is stored."""
        ...

    async def rollback(self) -> None:
        """Forget it."""
        ...


class Database(Protocol):
    """One account: a SQLite file, or a schema of a PostgreSQL database."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        ...

    async def open(self) -> None:
        """Connect. Raises Unavailable with a message that says what to do."""
        ...

    async def close(self) -> None:
        """Finish commits on their way and disconnect. Waits ``CLOSE_SECONDS`` for what is lent, then warns."""
        ...

    async def begin_reading(self) -> ReadingSession:
        """Borrow a connection for a read."""
        ...

    async def begin_long_reading(self) -> LongReadingSession:
        """Borrow a connection for as long as it takes to read everything."""
        ...

    async def begin_writing(self) -> WritingSession:
        """Start an operation. Raises Unavailable when the database stays locked or away."""
        ...

    async def settled_event(self) -> int:
        """The id up to which events are complete: nothing can appear at or below it any more; 0 without events.

        Waits for operations that are ending at this moment, if there are any. Raises Unavailable.
        """
        ...

    async def changed_elsewhere(self) -> bool:
        """Whether another process may have committed since the last call (cheap; called for each request)."""
        ...

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Call ``heard`` with each message that another process of this account announces."""
        ...

    async def announce(self, message: str) -> None:
        """Tell the other processes of this account; nobody hearing is no error."""
        ...
