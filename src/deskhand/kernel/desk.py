"""An account at work: its database, blobs, clock and reactions in one hand. A process may hold several."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any, TypeVar

from deskhand.kernel.blobs import Blobs
from deskhand.kernel.clock import Clock
from deskhand.kernel.errors import Conflict
from deskhand.kernel.outbound.addresses import MAIL_PORTS, Rules, networks
from deskhand.kernel.outbound.door import Outbound
from deskhand.kernel.permissions import Actor
from deskhand.kernel.reactions import Reactions
from deskhand.kernel.sealing import Seal, seal_of
from deskhand.kernel.storage.database import Database
from deskhand.kernel.transaction import LongSnapshot, Snapshot, Transaction
from deskhand.settings import Settings

T = TypeVar("T")


class Desk:
    """What routes, jobs and commands get to work with."""

    def __init__(self, settings: Settings, database: Database, blobs: Blobs, clock: Clock, reactions: Reactions) -> None:
        self.settings = settings
        self.database = database
        self.blobs = blobs
        self.clock = clock
        self.reactions = reactions
        self.jobs_added = asyncio.Event()
        self.sends_added = asyncio.Event()
        self.mail_received = asyncio.Event()
        self.mail_queued = asyncio.Event()
        self.facts_added = asyncio.Event()
        self.closing = False  # set when the server is told to end: whoever waits for news stops waiting
        self._writers: set[asyncio.Task[Any] | None] = set()
        self._reads_at_length = False
        self.access_changed: Callable[[], None] = lambda: None
        self._only: dict[Any, Any] = {}

    def only(self, kind: Callable[[Desk], T]) -> T:
        """The one of its kind that a room above keeps for this account in this process; made at first use."""
        if kind not in self._only:
            self._only[kind] = kind(self)
        return self._only[kind]  # type: ignore[no-any-return]

    @cached_property
    def outbound(self) -> Outbound:
        """The door for requests of ours to elsewhere."""
        settings = self.settings
        return Outbound(Rules(networks(settings.outbound_networks), settings.outbound_ports, settings.outbound_http))

    @cached_property
    def mail_hosts(self) -> Outbound:
        """The same for mail servers: ``connect``."""
        return Outbound(Rules(networks(self.settings.mail_networks), MAIL_PORTS))

    @cached_property
    def seal(self) -> Seal:
        """What seals secrets at rest."""
        return seal_of(self.settings)

    @asynccontextmanager
    async def reading(self, actor: Actor) -> AsyncIterator[Snapshot]:
        """A read on behalf of an actor."""
        session = await self.database.begin_reading()
        try:
            yield Snapshot(session, actor, self.clock.now())
        finally:
            await session.end()

    @asynccontextmanager
    async def reading_at_length(self, actor: Actor) -> AsyncIterator[LongSnapshot]:
        """A read of everything at one moment, for as long as it takes. Raises Conflict while there is one in this process."""
        if self._reads_at_length:
            raise Conflict("The account is being exported already: try again when that has ended")
        self._reads_at_length = True
        try:
            session = await self.database.begin_long_reading()
            try:
                yield LongSnapshot(session, actor, self.clock.now())
            finally:
                await session.end()
        finally:
            self._reads_at_length = False

    @asynccontextmanager
    async def writing(self, actor: Actor, *, address: str = "") -> AsyncIterator[Transaction]:
        """One operation on behalf of an actor at a network address; committed and durable when the block has ended without
        an exception.

        An operation inside an operation of the same task is an error at once: it would wait for the other for ever.
        """
        task = asyncio.current_task()
        if task in self._writers:
            raise RuntimeError("an operation inside an operation: pass the transaction on instead")
        session = await self.database.begin_writing()
        self._writers.add(task)
        tx = Transaction(session, actor, self.clock.now(), self.reactions, self.settings, address)
        try:
            try:
                yield tx
                await tx.finish()
            except BaseException:
                await session.rollback()
                raise
            try:
                await session.commit()
            except asyncio.CancelledError:
                self._follow(tx)  # whoever asked has gone, what they did stays
                raise
        finally:
            self._writers.discard(task)
        self._follow(tx)
        if tx.access_changed:
            await self.database.announce("access")

    def _follow(self, tx: Transaction) -> None:
        if tx.recorded:
            told, self.facts_added = self.facts_added, asyncio.Event()
            told.set()
        if tx.jobs_due is not None:
            self.jobs_added.set()
        if tx.sends_added:
            self.sends_added.set()
        if tx.mail_added:
            self.mail_received.set()
            self.mail_queued.set()
        if tx.access_changed:
            self.access_changed()
