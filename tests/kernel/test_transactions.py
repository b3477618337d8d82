"""An operation's last acts: invariants, facts, jobs and kept counts, all or nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from deskhand.kernel import tables
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound
from deskhand.kernel.events import Event
from deskhand.kernel.permissions import ActorKind, system_actor, workflow_actor
from deskhand.kernel.reactions import WATCHERS, Reaction, Reactions
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import SHARDS, Snapshot, Transaction
from deskhand.tags import operations as tags
from deskhand.tags import queries as tag_queries

ACTOR = system_actor()


class KettleBoiled(Event, frozen=True):
    """For these tests only."""

    cups: int


class TeaMade(Event, frozen=True):
    """What follows from it at once."""

    cups: int


class Stored(msgspec.Struct, frozen=True):
    """An event's row."""

    id: int
    type: str
    at: datetime


class Waiting(msgspec.Struct, frozen=True):
    """A job's row."""

    kind: str
    key: str
    event_id: int
    due: datetime


EVENTS = read(select(tables.events.c.id, tables.events.c.type, tables.events.c.at).order_by(tables.events.c.id), Stored)
JOBS = read(
    select(tables.jobs.c.kind, tables.jobs.c.key, tables.jobs.c.event_id, tables.jobs.c.due).order_by(tables.jobs.c.id), Waiting
)
SHARDED = read(select(tables.counts.c.shard).where(tables.counts.c.name == param("name")), int)


async def drink(desk: Desk, event: Any) -> None:
    """A job."""


async def pour(tx: Transaction, event: KettleBoiled) -> None:
    """An invariant: tea follows within the operation."""
    tx.record(TeaMade(cups=event.cups))
    tx.count("cups", event.cups)


def in_an_hour(event: Any) -> datetime:
    return datetime.fromisoformat("2030-01-01T00:00:00+00:00") + timedelta(hours=event.cups)


@pytest.fixture
def kitchen(desk: Desk) -> Desk:
    """A desk where tea follows from a kettle."""
    drinking = Reaction(drink, due=in_an_hour, key=lambda event: f"cups:{event.cups}")
    desk.reactions = Reactions({KettleBoiled: (), TeaMade: (Reaction(drink), drinking)}, {KettleBoiled: (pour,)})
    return desk


async def boil(desk: Desk, cups: int) -> Transaction:
    async with desk.writing(ACTOR) as tx:
        tx.record(KettleBoiled(cups=cups))
    return tx


async def test_what_must_hold_happens_within_and_what_follows_waits_as_jobs(kitchen: Desk) -> None:
    tx = await boil(kitchen, 2)

    async with kitchen.reading(ACTOR) as view:
        kettle, tea = await view.all(EVENTS)
        jobs = await view.all(JOBS)
        counts = await view.counts(["cups", "plates"])
    assert (kettle.type, tea.type) == ("KettleBoiled", "TeaMade")
    assert [(each.kind, each.key, each.event_id) for each in jobs] == [
        (jobs[0].kind, f"{jobs[0].kind}:{tea.id}", tea.id),
        (jobs[0].kind, "cups:2", tea.id),
    ]
    assert (jobs[0].due, jobs[1].due) == (tx.instant, in_an_hour(TeaMade(cups=2)))
    assert tx.jobs_due == tx.instant
    assert counts == {"cups": 2, "plates": 0}
    assert [type(each) for each in tx.recorded] == [KettleBoiled, TeaMade]


async def test_who_watches_is_told_in_turn_what_the_ones_before_recorded_too(kitchen: Desk) -> None:
    heard: list[list[tuple[str, ActorKind, int]]] = []

    async def listens(tx: Transaction, facts: list[Any]) -> None:
        heard.append([(type(each.event).__name__, each.actor.kind, each.actor.run_id) for each in facts])
        if len(heard) == 1:
            tx.record(TeaMade(cups=9))
            await tx.finish_now()

    kitchen.reactions.tell = (listens, listens)
    await boil(kitchen, 1)
    assert heard == []
    async with kitchen.writing(ACTOR) as tx:
        tx.count(WATCHERS, 1)
    async with kitchen.writing(ACTOR) as tx:
        tx.record(KettleBoiled(cups=1))
        await tx.act_as(workflow_actor(7))
        tx.record(KettleBoiled(cups=2))

    system, run = (ActorKind.SYSTEM, 0), (ActorKind.WORKFLOW, 7)
    first = [("TeaMade", *system), ("KettleBoiled", *system), ("TeaMade", *run), ("KettleBoiled", *run)]
    assert [sorted(each) for each in heard] == [sorted(first), sorted([*first, ("TeaMade", *run)])]


async def test_a_later_fact_with_the_same_key_takes_the_place_of_the_first(kitchen: Desk) -> None:
    for _ in range(2):
        await boil(kitchen, 3)

    async with kitchen.reading(ACTOR) as view:
        events, jobs = await view.all(EVENTS), await view.all(JOBS)
    last = [each.id for each in events if each.type == "TeaMade"][-1]
    assert [each.event_id for each in jobs if each.key == "cups:3"] == [last]
    assert len(jobs) == 3


async def test_of_an_operation_that_fails_nothing_is_left(kitchen: Desk) -> None:
    with pytest.raises(RuntimeError, match="spilt"):
        async with kitchen.writing(ACTOR) as tx:
            tx.record(KettleBoiled(cups=1))
            tx.count("plates", 4)
            await tx.finish_now()
            raise RuntimeError("spilt")

    async with kitchen.reading(ACTOR) as view:
        assert (await view.all(EVENTS), await view.all(JOBS)) == ([], [])
        assert await view.counts(["cups", "plates"]) == {"cups": 0, "plates": 0}


async def test_a_refused_part_leaves_nothing_and_the_rest_stays(kitchen: Desk) -> None:
    async with kitchen.writing(ACTOR) as tx:
        tx.record(KettleBoiled(cups=1))
        with pytest.raises(NotFound):
            async with tx.attempt():
                tx.record(KettleBoiled(cups=5))
                tx.count("plates", 4)
                await tags.create(tx, "spilt")
                raise NotFound("no cup")
        async with tx.attempt():
            tx.count("plates", 1)
            await tags.create(tx, "poured")

    async with kitchen.reading(ACTOR) as view:
        assert [each.type for each in await view.all(EVENTS)] == ["KettleBoiled", "TagCreated", "TeaMade"]
        assert await view.counts(["cups", "plates"]) == {"cups": 1, "plates": 1}
        assert [each.name for each in await view.all(tag_queries.NAMED, names=["spilt", "poured"])] == ["poured"]


async def test_a_count_is_spread_by_id_and_summed_again(desk: Desk) -> None:
    async with desk.writing(ACTOR) as tx:
        for number in range(20):
            tx.count("cups", 1, spread=number)
            tx.count("steady", 1, spread=number)
            tx.count("steady", -1, spread=number)

    async with desk.reading(ACTOR) as view:
        assert await view.counts(["cups"]) == {"cups": 20}
        assert sorted(await view.all(SHARDED, name="cups")) == list(range(SHARDS))
        assert await view.all(SHARDED, name="steady") == [], "what changes nothing writes nothing"


async def test_many_who_count_at_once_lose_nothing(desk: Desk) -> None:
    async def one(number: int) -> None:
        async with desk.writing(ACTOR) as tx:
            tx.count("b", 1, spread=number)
            tx.count("a", 1, spread=number)

    await asyncio.gather(*(one(number) for number in range(60)))

    async with desk.reading(ACTOR) as view:
        assert await view.counts(["a", "b"]) == {"a": 60, "b": 60}


async def test_when_a_count_last_changed_is_known(desk: Desk) -> None:
    async with desk.writing(ACTOR) as tx:
        tx.count("cups", 1)
        tx.count("cups", 1, spread=1)

    async with desk.reading(ACTOR) as view:
        assert (await view.counts_with_moments(["cups", "plates"]))[1] == {"cups": tx.now}


async def test_an_operation_inside_an_operation_is_an_error_at_once(desk: Desk) -> None:
    async with desk.writing(ACTOR):
        with pytest.raises(RuntimeError, match="inside an operation"):
            async with desk.writing(ACTOR):
                pass


async def test_a_view_stands_still_in_time(desk: Desk) -> None:
    async with desk.reading(ACTOR) as view:
        assert isinstance(view, Snapshot)
        assert view.now == view.instant.replace(microsecond=0)
