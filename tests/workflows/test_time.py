"""Conditions that time makes true: appointments, and what becomes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing
from deskhand.kernel import jobs
from deskhand.workflows.operations import defining
from tests.conftest import MovableClock
from tests.given import Given
from tests.workflows.making import Workflows

WAITS = {"field": "waiting", "comparison": "longer-than", "value": "4 hours"}
NOTE = {"type": "add-note", "text": "seen"}


async def appointments(given: Given) -> list[Any]:
    async with given.read() as view:
        return [each for each in await jobs.page(view, "ready", 100) if each.kind == "workflows.reconsider"]


async def test_it_fires_at_the_moment(given: Given, workflows: Workflows, clock: MovableClock) -> None:
    await workflows.make(NOTE, when=[WAITS])
    it = await given.conversation()
    await workflows.work()
    assert await workflows.runs(it) == []
    (appointment,) = await appointments(given)
    assert appointment.due == (await workflows.conversation(it)).waiting_since + timedelta(hours=4)

    clock.move(timedelta(hours=3, minutes=59))
    await workflows.work()
    assert await workflows.runs(it) == []
    clock.move(timedelta(minutes=1, seconds=1))
    await workflows.work()

    (run,) = await workflows.runs(it)
    assert (run.state, run.triggers, run.depth) == ("done", ["created"], 1)
    assert await appointments(given) == []


async def test_a_later_word_takes_the_place_of_an_earlier_one(given: Given, workflows: Workflows, clock: MovableClock) -> None:
    await workflows.make(NOTE, when=[WAITS])
    it = await given.conversation()
    await workflows.work()
    clock.move(timedelta(hours=3))
    await given.thread(it, ThreadType.CUSTOMER)
    await workflows.work()
    assert len(await appointments(given)) == 1

    clock.move(timedelta(hours=2))
    await workflows.work()
    assert await workflows.runs(it) == []
    clock.move(timedelta(hours=2, seconds=1))
    await workflows.work()
    assert len(await workflows.runs(it)) == 1


async def test_one_that_needs_the_trigger_keeps_its_appointment_when_something_else_happens(
    given: Given, workflows: Workflows, clock: MovableClock
) -> None:
    asked = {"field": "trigger", "comparison": "is", "value": "created"}
    await workflows.make(NOTE, when=[asked, WAITS])
    it = await given.conversation()
    await workflows.work()
    clock.move(timedelta(hours=1))
    await given.thread(it, ThreadType.NOTE)
    await workflows.work()

    clock.move(timedelta(hours=3, seconds=1))
    await workflows.work()

    assert [each.triggers for each in await workflows.runs(it)] == [["created"]]


async def test_who_was_answered_meanwhile_waits_no_more(given: Given, workflows: Workflows, clock: MovableClock) -> None:
    await workflows.make(NOTE, when=[WAITS])
    it = await given.conversation()
    await workflows.work()
    await given.thread(it, ThreadType.MESSAGE)
    clock.move(timedelta(hours=5))
    await workflows.work()

    assert await workflows.runs(it) == await appointments(given) == []


async def test_one_that_was_switched_off_meanwhile_does_not_fire(
    given: Given, workflows: Workflows, clock: MovableClock
) -> None:
    workflow = await workflows.make(NOTE, when=[WAITS])
    it = await given.conversation()
    await workflows.work()
    clock.move(timedelta(hours=1))
    for active in (False, True):
        async with given.write(given.owner) as tx:
            await defining.switch(tx, workflow, active=active)
    clock.move(timedelta(hours=5))
    await workflows.work()

    assert await workflows.runs(it) == []


async def test_always_fires_once_for_what_happened_and_again_for_the_next(
    given: Given, workflows: Workflows, clock: MovableClock
) -> None:
    quiet = {"field": "since-user-reply", "comparison": "longer-than", "value": "3 days"}
    await workflows.make(NOTE, fires="always", when=[quiet, {"field": "status", "comparison": "is", "value": "pending"}])
    it = await given.conversation()
    for number in (1, 2):
        await given.thread(it, ThreadType.MESSAGE, status="pending")
        await workflows.work()
        clock.move(timedelta(days=3, seconds=1))
        await workflows.work()
        # The run's note is something that happened, too; but a workflow does not set itself going.
        assert [each.state.value for each in await workflows.runs(it)].count("done") == number


async def test_since_the_status_became_another(given: Given, workflows: Workflows, clock: MovableClock) -> None:
    stale = {"field": "since-status-change", "comparison": "longer-than", "value": "2 hours"}
    await workflows.make(NOTE, when=[stale, {"field": "status", "comparison": "is", "value": "pending"}])
    it = await given.conversation()
    clock.move(timedelta(hours=1))
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, it, Status.PENDING)
    clock.move(timedelta(hours=1))
    await given.thread(it, ThreadType.NOTE)
    await workflows.work()
    assert await workflows.runs(it) == []

    clock.move(timedelta(hours=1, seconds=1))
    await workflows.work()

    assert len(await workflows.runs(it)) == 1
