"""Jobs: each effect once, whoever is at work; again after a failure; visible when given up."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from deskhand.kernel import jobs
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound, Unavailable
from deskhand.kernel.events import REGISTER, Event
from deskhand.kernel.jobs import MOST_ATTEMPTS, Job, Worker, delay_seconds
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.reactions import Reaction, Reactions
from deskhand.kernel.storage.statements import database_now, param, read, write
from tests.conftest import MovableClock

ACTOR = system_actor()
DONE: Counter[int] = Counter()
FAILING: dict[int, int] = {}
EXPIRE = write(update(jobs.jobs).where(jobs.jobs.c.id == param("job_id")).values(leased_until=database_now(-1)))
LEASED: Any = read(select(jobs.jobs.c.lease).where(jobs.jobs.c.id == param("job_id")), str)


class Rang(Event, frozen=True):
    """A bell rang."""

    bell: int
    at: datetime | None = None


REGISTER.pop("Rang")  # of the tests only: the product's own events are compared with its reactions


async def ring(desk: Desk, event: Rang) -> None:
    if FAILING.get(event.bell, 0) > 0:
        FAILING[event.bell] -= 1
        raise ConnectionError("the bell is stuck")
    await asyncio.sleep(0)
    DONE[event.bell] += 1


@pytest.fixture
async def bells(desk: Desk) -> AsyncIterator[Desk]:
    """The account, where a bell is rung after each Rang: at its moment if it has one, then also only once for each bell."""
    DONE.clear()
    FAILING.clear()
    REGISTER["Rang"] = Rang
    plain = Reaction(ring)
    timed = Reaction(ring, due=lambda event: event.at, key=lambda event: f"bell:{event.bell}")
    desk.reactions = Bells(plain, timed)
    yield desk
    REGISTER.pop("Rang")


class Bells(Reactions):
    """Which reaction depends on the moment."""

    def __init__(self, plain: Reaction, timed: Reaction) -> None:
        super().__init__({Rang: (plain,)})
        self._timed = timed
        self.timed = False

    def after(self, event: type[Event]) -> tuple[Reaction, ...]:
        return (self._timed,) if self.timed else super().after(event)


async def rang(desk: Desk, bell: int, at: datetime | None = None) -> None:
    desk.reactions.timed = at is not None  # type: ignore[attr-defined]
    async with desk.writing(ACTOR) as tx:
        tx.record(Rang(bell=bell, at=at))


async def listed(desk: Desk, state: str = "ready") -> list[Job]:
    async with desk.reading(ACTOR) as view:
        return await jobs.page(view, state, 1000)


async def test_a_job_follows_its_event_and_is_gone_when_done(bells: Desk) -> None:
    await rang(bells, 7)
    assert [each.event_id for each in await listed(bells)] == [1]
    assert await Worker(bells).run_due() == 1

    assert DONE == {7: 1}
    assert await listed(bells) == []


async def test_an_operation_that_fails_leaves_no_job(bells: Desk) -> None:
    with pytest.raises(ZeroDivisionError):
        async with bells.writing(ACTOR) as tx:
            tx.record(Rang(bell=1))
            await tx.finish_now()
            _ = 1 / 0

    assert await listed(bells) == []


async def test_eight_workers_do_a_thousand_jobs_once_each(bells: Desk) -> None:
    async with bells.writing(ACTOR) as tx:
        for bell in range(1000):
            tx.record(Rang(bell=bell))
    workers = [Worker(bells) for _ in range(8)]
    running = [asyncio.create_task(each.run()) for each in workers]
    async with asyncio.timeout(120):
        while await listed(bells):
            await asyncio.sleep(0.05)
    for each in workers:
        each.stop()
    await asyncio.gather(*running)

    assert len(DONE) == 1000
    assert set(DONE.values()) == {1}


async def test_a_leased_job_is_nobody_elses_until_the_lease_ends(bells: Desk) -> None:
    await rang(bells, 1)
    (mine,) = await Worker(bells).claim(8)
    other = Worker(bells)
    assert await other.claim(8) == []

    async with bells.writing(ACTOR) as tx:
        await tx.write(EXPIRE, job_id=mine.id)
    (again,) = await other.claim(8)
    assert (again.id, again.attempts) == (mine.id, 2)


async def test_who_lost_the_lease_does_not_finish_for_the_other(bells: Desk) -> None:
    await rang(bells, 1)
    slow = Worker(bells)
    (mine,) = await slow.claim(1)
    async with bells.writing(ACTOR) as tx:
        await tx.write(EXPIRE, job_id=mine.id)
    (theirs,) = await Worker(bells).claim(1)
    await slow._run(mine)

    assert [each.id for each in await listed(bells)] == [theirs.id]


async def test_a_failed_job_waits_longer_each_time(bells: Desk, clock: MovableClock) -> None:
    FAILING[1] = 3
    await rang(bells, 1)
    worker = Worker(bells, luck=random.Random(1))
    waits = []
    for attempt in range(1, 4):
        assert await worker.run_due() == 1
        (job,) = await listed(bells)
        assert (job.attempts, job.error) == (attempt, "ConnectionError: the bell is stuck")
        assert await worker.run_due() == 0
        waits.append(job.due - clock.now())
        clock.move(waits[-1] + timedelta(milliseconds=1))
    assert await worker.run_due() == 1

    assert waits[0] < waits[1] < waits[2]
    assert DONE == {1: 1}


def test_delays_double_from_two_seconds_to_six_hours() -> None:
    assert [delay_seconds(attempt, 0.5) for attempt in (1, 2, 3, 12, 40)] == [2, 4, 8, 4096, 21600]
    assert (delay_seconds(1, 0), delay_seconds(1, 1)) == (1.5, 2.5)


async def test_a_job_that_gives_up_is_seen_and_can_be_tried_again(bells: Desk, clock: MovableClock) -> None:
    FAILING[1] = MOST_ATTEMPTS
    await rang(bells, 1)
    worker = Worker(bells)
    for _ in range(MOST_ATTEMPTS):
        assert await worker.run_due() == 1
        clock.move(timedelta(hours=8))
    assert await worker.run_due() == 0
    (failed,) = await listed(bells, "failed")
    assert failed.attempts == MOST_ATTEMPTS
    assert failed.error == "ConnectionError: the bell is stuck"

    async with bells.writing(ACTOR) as tx:
        assert await jobs.retry(tx, failed.id) == 1
    assert await worker.run_due() == 1
    assert DONE == {1: 1}
    assert await listed(bells, "failed") == []


async def test_retrying_names_what_is_not_there(bells: Desk) -> None:
    with pytest.raises(NotFound, match="no failed job 99"):
        async with bells.writing(ACTOR) as tx:
            await jobs.retry(tx, 99)
    async with bells.writing(ACTOR) as tx:
        assert await jobs.retry(tx, None) == 0


async def test_a_job_that_ends_its_process_each_time_is_given_up_too(bells: Desk) -> None:
    await rang(bells, 1)
    for _ in range(MOST_ATTEMPTS):
        (job,) = await Worker(bells).claim(1)  # and then the process died
        async with bells.writing(ACTOR) as tx:
            await tx.write(EXPIRE, job_id=job.id)
    await Worker(bells).run_due()

    (failed,) = await listed(bells, "failed")
    assert "never ended" in (failed.error or "")
    assert not DONE


async def test_a_later_fact_takes_the_place_of_an_earlier_one(bells: Desk, clock: MovableClock) -> None:
    await rang(bells, 1, clock.now() + timedelta(hours=1))
    await rang(bells, 1, clock.now() + timedelta(hours=3))
    await rang(bells, 2, clock.now() + timedelta(hours=1))
    worker = Worker(bells)
    assert await worker.run_due() == 0

    clock.move(timedelta(hours=2))
    await worker.run_due()
    assert DONE == {2: 1}
    clock.move(timedelta(hours=2))
    await worker.run_due()
    assert DONE == {1: 1, 2: 1}


async def test_what_fell_due_while_nobody_worked_is_done_at_the_next_start(bells: Desk, clock: MovableClock) -> None:
    for bell in range(3):
        await rang(bells, bell, clock.now() + timedelta(hours=bell))
    clock.move(timedelta(days=3))
    worker = Worker(bells)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        while len(DONE) < 3:
            await asyncio.sleep(0.02)
    worker.stop()
    await running

    assert DONE == {0: 1, 1: 1, 2: 1}


async def test_a_worker_outlives_a_database_that_stumbles(bells: Desk) -> None:
    """Whatever goes wrong while it looks for work: it looks again."""
    stumbles: list[Exception] = [Unavailable("away"), ValueError("odd"), Unavailable("away")]
    look = bells.database.begin_reading

    async def stumbling():  # type: ignore[no-untyped-def]
        if stumbles:
            raise stumbles.pop()
        return await look()

    bells.database.begin_reading = stumbling  # type: ignore[method-assign]
    await rang(bells, 1)
    worker = Worker(bells)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(20):
        while not DONE:
            bells.jobs_added.set()
            await asyncio.sleep(0.02)
    worker.stop()
    await running

    assert DONE == {1: 1}


async def test_stopping_lets_what_began_end(bells: Desk) -> None:
    for bell in range(20):
        await rang(bells, bell)
    worker = Worker(bells)
    running = asyncio.create_task(worker.run())
    while not DONE:
        await asyncio.sleep(0)
    worker.stop()
    await running
    left = await listed(bells)

    assert len(DONE) + len(left) == 20
    async with bells.reading(ACTOR) as view:
        assert [await view.first(LEASED, job_id=each.id) for each in left] == [None] * len(left)


def test_events_are_stored_by_name_and_read_back() -> None:
    rung = Rang(bell=7, at=None)

    assert msgspec.json.decode(msgspec.json.encode(rung), type=Rang) == rung
