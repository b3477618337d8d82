"""Work that follows facts: claimed under a lease, run at least once, tried again with growing delay, then left visible.

A job belongs to the event that caused it. Several workers, also in several processes, may run on one account: a claim
is one statement, and a lease is compared with the database's clock.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import and_, delete, func, or_, select, update

from deskhand.kernel import tables
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound, Unavailable
from deskhand.kernel.events import REGISTER
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage.statements import database_now, param, read, write
from deskhand.kernel.transaction import Snapshot, Transaction

LEASE_SECONDS = 15  # renewed while a job runs; so long waits a job whose process was killed
MOST_ATTEMPTS = 12
FIRST_DELAY_SECONDS = 2.0
LONGEST_DELAY_SECONDS = 6 * 3600.0
POLL_SECONDS = 1.0
AT_ONCE = 8

jobs = tables.jobs
log = Log(__name__)


class Job(msgspec.Struct, frozen=True):
    """A job as people see it. ``state`` is ``ready`` or ``failed``; instants are UTC."""

    id: int
    kind: str
    key: str
    event_id: int
    state: str
    due: datetime
    attempts: int
    lease: str | None
    error: str | None


class Fact(msgspec.Struct, frozen=True):
    """A stored event."""

    type: str
    body: bytes


COLUMNS = [jobs.c[name] for name in Job.__struct_fields__]
_claimable = and_(
    jobs.c.state == "ready",
    jobs.c.due <= param("now"),
    or_(jobs.c.leased_until.is_(None), jobs.c.leased_until < database_now()),
)
_next = (
    select(jobs.c.id).where(_claimable).order_by(jobs.c.due, jobs.c.id).limit(param("most")).with_for_update(skip_locked=True)
)
CLAIM = write(
    update(jobs)
    .where(jobs.c.id.in_(_next.scalar_subquery()))
    .values(lease=param("token"), leased_until=database_now(LEASE_SECONDS), attempts=jobs.c.attempts + 1)
    .returning(*COLUMNS),
    Job,
)
MINE = and_(jobs.c.id == param("job_id"), jobs.c.lease == param("token"))
DONE = write(delete(jobs).where(MINE))
LATER = write(
    update(jobs).where(MINE).values(state=param("state"), due=param("due"), error=param("error"), lease=None, leased_until=None)
)
RENEW = write(update(jobs).where(MINE).values(leased_until=database_now(LEASE_SECONDS)))
RETRY = write(
    update(jobs)
    .where(jobs.c.id == param("job_id"), jobs.c.state == "failed")
    .values(state="ready", due=param("now"), attempts=0)
)
RETRY_ALL = write(update(jobs).where(jobs.c.state == "failed").values(state="ready", due=param("now"), attempts=0))
FACT = read(select(tables.events.c.type, tables.events.c.body).where(tables.events.c.id == param("event_id")), Fact)
LISTED = read(select(*COLUMNS).where(jobs.c.state == param("state")).order_by(jobs.c.due, jobs.c.id).limit(param("most")), Job)
OVERDUE = read(select(func.count()).select_from(jobs).where(jobs.c.state == "ready", jobs.c.due < param("before")), int)
WAITING = read(select(func.count()).select_from(jobs).where(jobs.c.state == "ready"), int)
FAILED = read(select(func.count()).select_from(jobs).where(jobs.c.state == "failed"), int)
NEXT_DUE = read(
    select(jobs.c.due).where(jobs.c.state == "ready", jobs.c.due > param("now")).order_by(jobs.c.due).limit(1), datetime
)


async def page(view: Snapshot, state: str, most: int) -> list[Job]:
    """Jobs in a state, soonest first."""
    return await view.all(LISTED, state=state, most=most)


async def retry(tx: Transaction, job_id: int | None) -> int:
    """Make a failed job ready again, or with None all of them; how many. Raises NotFound for an unknown id."""
    if job_id is None:
        return await tx.write(RETRY_ALL, now=tx.instant)
    if not await tx.write(RETRY, job_id=job_id, now=tx.instant):
        raise NotFound(f"there is no failed job {job_id}")
    return 1


def delay_seconds(attempts: int, luck: float) -> float:
    """How long to wait after the n-th failed attempt: doubling from 2 s to 6 h, ±25 % by ``luck`` in 0…1."""
    plain = min(FIRST_DELAY_SECONDS * 2.0 ** (attempts - 1), LONGEST_DELAY_SECONDS)
    return plain * (0.75 + luck / 2)


class Worker:
    """Runs the jobs of one account until it is stopped; what has begun is finished."""

    def __init__(self, desk: Desk, *, at_once: int = AT_ONCE, luck: random.Random | None = None) -> None:
        self._desk = desk
        self._at_once = at_once
        self._luck = luck or random.Random()  # noqa: S311 - only spreads retries
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._token = secrets.token_hex(8)

    async def run(self) -> None:
        """Claim and run until ``stop``."""
        while not self._stopping:
            self._desk.jobs_added.clear()
            try:
                claimed = await self.claim(self._at_once - len(self._running))
            except Unavailable as error:
                log.warning("jobs wait", reason=str(error))
                claimed = []
            except Exception as error:  # noqa: BLE001 - a worker that ends would be missed by nobody
                log.error("could not look for jobs", error=error)
                claimed = []
            for job in claimed:
                task = asyncio.create_task(self._run(job))
                self._running.add(task)
                task.add_done_callback(self._finished)
            if not claimed or len(self._running) >= self._at_once:
                await self._rest()
        if self._running:
            await asyncio.wait(self._running)

    def stop(self) -> None:
        """Take no more jobs; ``run`` returns when those at work have ended."""
        self._stopping = True
        self._desk.jobs_added.set()

    async def run_due(self) -> int:
        """Run everything due now, one after another, and what follows from it; how many. For tests and commands."""
        ran = 0
        while claimed := await self.claim(1):
            await self._run(claimed[0])
            ran += 1
        return ran

    async def claim(self, most: int) -> list[Job]:
        """Lease up to ``most`` due jobs."""
        if most <= 0:
            return []
        now = self._desk.clock.now()
        async with self._desk.reading(system_actor()) as view:
            # Looking costs nothing; a claim takes the writer, so it waits until there is something to claim.
            if not (await view.all(OVERDUE, before=now + timedelta(microseconds=1)))[0]:
                return []
        async with self._desk.writing(system_actor()) as tx:
            return await tx.returning(CLAIM, now=now, most=most, token=self._token)

    async def _run(self, job: Job) -> None:
        try:
            if job.attempts > MOST_ATTEMPTS:
                raise RuntimeError(f"gave up: started {job.attempts - 1} times and never ended")
            await self._follow(job)
        except Exception as error:  # noqa: BLE001 - whatever a job does wrong is kept with it
            await self._put_back(job, error)
        else:
            async with self._desk.writing(system_actor()) as tx:
                await tx.write(DONE, job_id=job.id, token=self._token)

    async def _follow(self, job: Job) -> None:
        async with self._desk.reading(system_actor()) as view:
            fact = await view.one(FACT, event_id=job.event_id)
        event = msgspec.json.decode(fact.body, type=REGISTER[fact.type])
        renewing = asyncio.create_task(self._renew(job))
        try:
            await self._desk.reactions.by_kind[job.kind].run(self._desk, event)
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
            if not renewing.cancelled() and (error := renewing.exception()):
                log.warning("a lease could not be renewed", job=job.id, reason=str(error))

    async def _renew(self, job: Job) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            async with self._desk.writing(system_actor()) as tx:
                await tx.write(RENEW, job_id=job.id, token=self._token)

    async def _put_back(self, job: Job, error: Exception) -> None:
        gone = job.attempts >= MOST_ATTEMPTS
        seconds = delay_seconds(job.attempts, self._luck.random())
        log.error("job failed", error=error, job=job.id, kind=job.kind, attempts=job.attempts)
        async with self._desk.writing(system_actor()) as tx:
            await tx.write(
                LATER,
                job_id=job.id,
                token=self._token,
                state="failed" if gone else "ready",
                due=tx.instant + timedelta(seconds=seconds),
                error=f"{type(error).__name__}: {error}"[:2000],
            )

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._desk.jobs_added.set()  # a place is free
        if not task.cancelled() and task.exception() is not None:
            log.error("a job's end could not be stored; its lease will run out", error=task.exception())

    async def _rest(self) -> None:
        """Until something is added, ends, falls due, or another process may have added something."""
        try:
            await asyncio.wait_for(self._desk.jobs_added.wait(), POLL_SECONDS)
        except TimeoutError:
            pass
