"""Reading and changing an account: a ``Snapshot`` reads, a ``Transaction`` also writes, records facts and keeps counts.

One operation is one transaction. Facts, the jobs that follow from them and kept counts are its last acts before the
commit, so a crash loses either all or nothing. Nothing in here talks to the network.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Table, exists, insert, literal_column, select

from deskhand.kernel import tables
from deskhand.kernel.clock import whole_seconds
from deskhand.kernel.errors import Collision, DeskError, NotFound, Unavailable
from deskhand.kernel.events import Event
from deskhand.kernel.permissions import Actor
from deskhand.kernel.reactions import WATCHERS, Reactions
from deskhand.kernel.storage.database import LongReadingSession, ReadingSession, WritingSession
from deskhand.kernel.storage.numbers import after_bulk, go_on_behind, last_number
from deskhand.kernel.storage.statements import Read, Write, any_of, next_event, param, read, upsert, write
from deskhand.settings import Settings

R = TypeVar("R")

EVER = datetime.min.replace(tzinfo=UTC)
SHARDS = 8  # a count is spread over rows, so that writers on PostgreSQL seldom wait for one another


class Total(msgspec.Struct, frozen=True):
    """One shard of a kept count, and when it last changed (UTC)."""

    name: str
    total: int
    changed_at: datetime | None


class Stored(msgspec.Struct, frozen=True):
    """A fact with its id, and who did it."""

    id: int
    event: Event
    actor: Actor


class Added(msgspec.Struct, frozen=True):
    """The id of a stored fact, and whether anybody watches."""

    id: int
    is_watched: bool


# Whether anybody watches is asked along with what is written anyway: so nobody who began to watch before this operation did
# can be missed, in whichever process, and it costs no statement.
_watched = exists(
    select(tables.counts.c.total).where(
        tables.counts.c.name == literal_column(f"'{WATCHERS}'"), tables.counts.c.total > literal_column("0")
    )
)
ADD_EVENT = write(
    insert(tables.events)
    .values({"id": next_event()} | {name: param(name) for name in ("type", "actor_kind", "actor_id", "at", "body")})
    .returning(tables.events.c.id, _watched.label("is_watched")),
    Added,
)
_job = upsert(tables.jobs).values(
    kind=param("kind"),
    key=param("key"),
    event_id=param("event_id"),
    state="ready",
    due=param("due"),
    attempts=0,
    created_at=param("created_at"),
)
ADD_JOB = write(
    _job.on_conflict_do_update(
        index_elements=["key"],
        set_={
            **{name: _job.excluded[name] for name in ("kind", "event_id", "state", "due", "attempts", "created_at")},
            "lease": None,
            "leased_until": None,
            "error": None,
        },
    )
)
_count = upsert(tables.counts).values({name: param(name) for name in ("name", "shard", "total", "changed_at")})
ADD_COUNT = write(
    _count.on_conflict_do_update(
        index_elements=["name", "shard"],
        set_={"total": tables.counts.c.total + _count.excluded.total, "changed_at": _count.excluded.changed_at},
    )
)
HOLD_COUNT = write(_count.on_conflict_do_update(index_elements=["name", "shard"], set_={"total": tables.counts.c.total}))
COUNTS = read(
    select(tables.counts.c.name, tables.counts.c.total, tables.counts.c.changed_at).where(
        any_of(tables.counts.c.name, "names")
    ),
    Total,
)


class Snapshot:
    """A read of the account on behalf of an actor. ``now`` is UTC in whole seconds and stands still."""

    __slots__ = ("_dialect", "_session", "actor", "instant", "now")

    def __init__(self, session: ReadingSession | WritingSession, actor: Actor, instant: datetime) -> None:
        self._session = session
        self._dialect = session.dialect
        self.actor = actor
        self.instant = instant
        self.now = whole_seconds(instant)

    async def all(self, statement: Read[R], **values: Any) -> list[R]:
        """Every record of a bounded statement."""
        rendered = statement.rendered(self._dialect)
        return rendered.records(await self._session.rows(rendered.sql, rendered.bind(values)))

    async def all_slowly(self, statement: Read[R], **values: Any) -> list[R]:
        """The same for what may exceed a millisecond: off the event loop, time-limited. Raises Unavailable."""
        rendered = statement.rendered(self._dialect)
        return rendered.records(await self._session.slow_rows(rendered.sql, rendered.bind(values)))

    async def first(self, statement: Read[R], **values: Any) -> R | None:
        """The first record, or None."""
        records = await self.all(statement, **values)
        return records[0] if records else None

    async def one(self, statement: Read[R], **values: Any) -> R:
        """The first record. Raises NotFound without one."""
        records = await self.all(statement, **values)
        if not records:
            raise NotFound("Not found")
        return records[0]

    async def counts(self, names: list[str]) -> dict[str, int]:
        """Kept counts by name; a name never counted is 0."""
        return (await self.counts_with_moments(names))[0]

    async def counts_with_moments(self, names: list[str]) -> tuple[dict[str, int], dict[str, datetime]]:
        """The same, and when each last changed (UTC, whole seconds); there one that never did is missing."""
        totals = dict.fromkeys(names, 0)
        changed: dict[str, datetime] = {}
        for shard in await self.all(COUNTS, names=names):
            totals[shard.name] += shard.total
            if shard.changed_at is not None:
                changed[shard.name] = max(whole_seconds(shard.changed_at), changed.get(shard.name, EVER))
        return totals, changed


class LongSnapshot(Snapshot):
    """A read of everything, at one moment on both databases."""

    __slots__ = ("_long",)

    def __init__(self, session: LongReadingSession, actor: Actor, instant: datetime) -> None:
        super().__init__(session, actor, instant)
        self._long = session

    async def stream(self, statement: Read[R], most: int, **values: Any) -> AsyncIterator[list[R]]:
        """The records of a statement, so many at a time."""
        rendered = statement.rendered(self._dialect)
        async for rows in self._long.stream(rendered.sql, rendered.bind(values), most):
            yield rendered.records(rows)

    async def last_number(self, table: Table) -> int:
        """The last id that a table gave which gives none twice; 0 before the first."""
        return int((await self._session.rows(last_number(self._dialect, table), ()))[0][0])


class Transaction(Snapshot):
    """An operation in progress. ``address`` is the network address that it was asked for from, empty for our own."""

    __slots__ = (
        "_counted",
        "_events",
        "_is_watched",
        "_reactions",
        "_stored",
        "_writing",
        "access_changed",
        "address",
        "jobs_due",
        "mail_added",
        "recorded",
        "sends_added",
        "settings",
    )

    def __init__(
        self,
        session: WritingSession,
        actor: Actor,
        instant: datetime,
        reactions: Reactions,
        settings: Settings,
        address: str = "",
    ) -> None:
        super().__init__(session, actor, instant)
        self._writing = session
        self._reactions = reactions
        self._stored: list[Stored] = []
        self._is_watched = False
        self.settings = settings
        self.address = address
        self._counted: dict[tuple[str, int], int] = {}
        self._events: list[Event] = []
        self.recorded: list[Event] = []
        self.jobs_due: datetime | None = None
        self.mail_added = False  # set where mail came in or is to go out: those who look after it look at once
        self.sends_added = False  # set where something is left to be sent: who sends looks at once
        self.access_changed = False  # set by operations on people, rights and tokens: cached actors are forgotten

    async def write(self, statement: Write[Any], **values: Any) -> int:
        """Run a statement without RETURNING; how many rows it touched."""
        rendered = statement.rendered(self._dialect)
        return await self._session.change(rendered.sql, rendered.bind(values))

    async def write_many(self, statement: Write[Any], values: Iterable[Mapping[str, Any]]) -> None:
        """Run one statement without RETURNING for each set of values."""
        rendered = statement.rendered(self._dialect)
        await self._session.change_many(rendered.sql, [rendered.bind(dict(each)) for each in values])

    async def load(self, statement: Write[Any], values: Iterable[Mapping[str, Any]]) -> None:
        """The same for rows that nobody has checked. Raises Rejected when the database does not take one."""
        rendered = statement.rendered(self._dialect)
        await self._writing.load(rendered.sql, [rendered.bind(dict(each)) for each in values])

    async def returning(self, statement: Write[R], **values: Any) -> list[R]:
        """Run a statement with RETURNING; its records."""
        rendered = statement.rendered(self._dialect)
        return rendered.records(await self._session.rows(rendered.sql, rendered.bind(values)))

    async def insert(self, statement: Write[int], **values: Any) -> int:
        """Run an INSERT ... RETURNING id; the id."""
        rendered = statement.rendered(self._dialect)
        rows = await self._session.rows(rendered.sql, rendered.bind(values))
        return int(rows[0][0])

    def record(self, event: Event) -> None:
        """Note a fact; what follows from it is decided by the reactions."""
        self._events.append(event)

    def count(self, name: str, change: int, *, spread: int = 0) -> None:
        """Keep a count: ``change`` is added when the operation ends. ``spread`` (an id) picks the shard."""
        key = (name, spread % SHARDS)
        self._counted[key] = self._counted.get(key, 0) + change

    async def hold_count(self, name: str) -> None:
        """Let nobody else change a count that is not spread, or hold it, until the operation ends."""
        await self.write(HOLD_COUNT, name=name, shard=0, total=0, changed_at=None)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part that may be refused without the rest: of one that raises a refusal nothing is left, and that goes on.

        A Collision, an account that is away, or a bug still ends the whole operation.
        """
        names = ("_counted", "_events", "_stored", "access_changed", "jobs_due", "mail_added", "recorded", "sends_added")
        before = {name: copy(getattr(self, name)) for name in names}
        await self._session.script("SAVEPOINT attempt")
        try:
            yield
        except (Collision, Unavailable):
            raise
        except DeskError:
            await self._session.script("ROLLBACK TO SAVEPOINT attempt")
            for name, value in before.items():
                setattr(self, name, value)
            raise
        await self._session.script("RELEASE SAVEPOINT attempt")

    async def counts_with_moments(self, names: list[str]) -> tuple[dict[str, int], dict[str, datetime]]:
        """The same, with what this operation will add to them."""
        totals, changed = await super().counts_with_moments(names)
        for (name, _), total in self._counted.items():
            if name in totals:
                totals[name] += total
        return totals, changed

    async def finish(self) -> None:
        """The last acts: what follows from the facts, telling those who watch, then the counts."""
        await self.finish_now()
        if self._is_watched:
            for tell in self._reactions.tell:
                await tell(self, list(self._stored))
        # In one order for everybody, and last, so that PostgreSQL holds the hot rows for the shortest time.
        for (name, shard), total in sorted(self._counted.items()):
            if total:
                await self.write(ADD_COUNT, name=name, shard=shard, total=total, changed_at=self.instant)

    async def act_as(self, actor: Actor) -> None:
        """From here on somebody else acts: what was recorded before stays whose it was."""
        await self.finish_now()
        self.actor = actor

    async def finish_now(self) -> None:
        """Invariants of other rooms, the facts and a job for each reaction, before the operation's end asks for them."""
        while self._events:
            event = self._events.pop(0)
            for keep in self._reactions.within(type(event)):
                await keep(self, event)
            await self._store(event)
            self.recorded.append(event)

    async def synchronise_numbers(self, tables: Sequence[Table]) -> None:
        """After rows were inserted with ids of their own: the tables' own numbers go on behind the highest."""
        for statement in after_bulk(self._dialect, tables):
            await self._session.rows(statement, ())

    async def go_on_behind(self, table: Table, last: int) -> None:
        """The ids of a table that gives none twice go on behind a number, or behind the highest if that is higher."""
        for statement in go_on_behind(self._dialect, table, last):
            await self._session.rows(statement, ())

    async def _store(self, event: Event) -> None:
        (added,) = await self.returning(
            ADD_EVENT,
            type=type(event).__name__,
            actor_kind=self.actor.kind,
            actor_id=self.actor.run_id or self.actor.user_id,
            at=self.instant,
            body=msgspec.json.encode(event),
        )
        event_id = added.id
        self._is_watched |= added.is_watched
        self._stored.append(Stored(event_id, event, self.actor))
        for reaction in self._reactions.after(type(event)):
            if reaction.when and not reaction.when(event):
                continue
            due = reaction.due(event) if reaction.due else self.instant
            key = reaction.key(event) if reaction.key else f"{reaction.kind}:{event_id}"
            await self.write(ADD_JOB, kind=reaction.kind, key=key, event_id=event_id, due=due, created_at=self.instant)
            self.jobs_due = due if self.jobs_due is None else min(self.jobs_due, due)
