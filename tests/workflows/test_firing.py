"""When automatic workflows fire: triggers, order, once or always, chains and limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Rating, Status, ThreadType
from deskhand.conversations.operations import changing, fields, merging, snoozing, tagging, threads
from deskhand.conversations.operations.entries import NewThread
from deskhand.kernel.reactions import WATCHERS
from deskhand.kernel.transaction import Transaction
from deskhand.ratings import operations as ratings
from deskhand.tags import operations as tags
from deskhand.workflows.model.facts import WorkflowsAlerted
from deskhand.workflows.operations import defining
from tests.given import Given
from tests.workflows.making import Workflows, events_of

NOTE = {"type": "add-note", "text": "seen"}


def happened(*triggers: str) -> list[dict[str, Any]]:
    return [{"field": "trigger", "comparison": "is-any-of", "value": list(triggers)}]


async def test_a_workflow_fires_for_a_new_conversation(given: Given, workflows: Workflows) -> None:
    workflow = await workflows.make({"type": "set-status", "status": "pending"}, when=happened("created"))
    conversation = await given.conversation()

    await workflows.work()

    (run,) = await workflows.runs(conversation)
    assert (run.workflow_id, run.state, run.depth, run.parent_id) == (workflow, "done", 1, None)
    assert run.triggers == ["created"]
    assert (await workflows.conversation(conversation)).status is Status.PENDING
    line = next(each for each in await workflows.threads(conversation) if each.action_type == "automatic-workflow")
    assert (line.action_text, line.action_entities) == ("ran the Triage workflow", {"workflow": workflow})


async def test_what_a_run_does_is_the_runs(given: Given, workflows: Workflows) -> None:
    await workflows.make({"type": "set-status", "status": "pending"}, when=happened("created"))
    conversation = await given.conversation()
    await workflows.work()
    (run,) = await workflows.runs(conversation)

    kinds = {each.type: (each.actor_kind, each.actor_id) for each in await events_of(given)}
    assert kinds["ConversationStatusChanged"] == kinds["WorkflowRan"] == ("workflow", run.id)
    assert kinds["ConversationCreated"] == ("user", given.owner)


async def test_each_trigger_is_told_from_the_others(given: Given, workflows: Workflows) -> None:
    await workflows.make(when=happened("created"))  # while nobody looks nothing is recorded
    it, other_one = await given.conversation(), await given.conversation()
    field = await given.field("Carrier", "singleline")
    other = await given.new_inbox("Other")
    stranger = await given.customer()

    async def told(deed: Any) -> list[str]:
        async with given.write(given.owner) as tx:
            await deed(tx)
        alerts = [each for each in tx.recorded if isinstance(each, WorkflowsAlerted)]
        return [trigger.value for each in alerts for trigger in each.happening.triggers]

    until = given.app.desk.clock.now() + timedelta(days=1)
    assert await told(lambda tx: changing.set_status(tx, it, Status.PENDING)) == ["status-changed"]
    assert await told(lambda tx: changing.assign(tx, it, to=given.owner)) == ["assigned"]
    assert await told(lambda tx: tagging.set_tags(tx, it, ["x"])) == ["tagged"]
    assert await told(lambda tx: fields.set_fields(tx, it, [(field, "y")])) == ["fields-changed"]
    assert await told(lambda tx: changing.set_subject(tx, it, "z")) == ["subject-changed"]
    assert await told(lambda tx: changing.set_customer(tx, it, stranger.id)) == ["customer-changed"]
    assert await told(lambda tx: snoozing.snooze(tx, it, until=until, wakes_on_reply=True)) == ["snoozed"]
    assert await told(lambda tx: snoozing.wake(tx, it)) == ["woken"]
    assert await told(lambda tx: said(tx, it, ThreadType.NOTE)) == ["note-added"]
    assert await told(lambda tx: said(tx, it, ThreadType.MESSAGE, status="active")) == ["status-changed", "user-replied"]
    assert await told(lambda tx: said(tx, it, ThreadType.PHONE)) == ["customer-replied"]
    assert await told(lambda tx: said(tx, it, ThreadType.MESSAGE, draft=True)) == []
    assert await told(lambda tx: said(tx, it, ThreadType.NOTE, imported=True)) == []
    assert await told(lambda tx: changing.move(tx, it, other)) == []  # nothing looks in the other inbox
    assert await told(lambda tx: changing.move(tx, it, given.inbox)) == ["moved"]
    assert await told(lambda tx: merging.merge(tx, other_one, into=it)) == ["merged"]
    reply = await given.thread(it, ThreadType.MESSAGE)
    async with given.write() as tx:
        link = await ratings.rating_link(tx, it, reply, origin="https://desk.test", days=9)
    token = link.rpartition("/")[2]
    assert await told(lambda tx: ratings.rate(tx, token, Rating.GREAT, "", change_hours=1)) == ["rated"]
    assert await told(lambda tx: changing.delete(tx, it)) == []


async def said(tx: Transaction, it: int, type_: ThreadType, **more: Any) -> None:
    await threads.add(tx, it, NewThread(type=type_, text="words", **more))


async def test_while_no_automatic_workflow_is_active_nothing_is_recorded(given: Given, workflows: Workflows) -> None:
    off = await workflows.make(active=False)
    await workflows.manual()
    conversation = await given.conversation()

    assert await workflows.work() == 0
    assert await workflows.runs(conversation) == []
    assert "WorkflowsAlerted" not in {each.type for each in await events_of(given)}
    for active, watchers in ((True, 1), (True, 1), (False, 0)):
        async with given.write(given.owner) as tx:
            await defining.switch(tx, off, active=active)
        async with given.read() as view:
            assert await view.counts([WATCHERS]) == {WATCHERS: watchers}


async def test_a_reply_that_changes_the_status_is_one_thing_that_happened(given: Given, workflows: Workflows) -> None:
    conversation = await given.conversation(status=Status.CLOSED)
    await workflows.make(NOTE, fires="always", when=happened("customer-replied", "status-changed"))
    await given.thread(conversation, ThreadType.CUSTOMER)

    await workflows.work()

    (run,) = await workflows.runs(conversation)
    assert run.triggers == ["customer-replied", "status-changed"]


async def test_once_is_once_whatever_happens_and_always_is_each_time(given: Given, workflows: Workflows) -> None:
    once = await workflows.make(NOTE, when=happened("customer-replied"))
    always = await workflows.make(NOTE, fires="always", when=happened("customer-replied"))
    conversation = await given.conversation()
    for _ in range(3):
        await given.thread(conversation, ThreadType.CUSTOMER)
        await workflows.work()

    ran = [each.workflow_id for each in await workflows.runs(conversation)]
    assert (ran.count(once), ran.count(always)) == (1, 3)


async def test_they_are_considered_in_their_order_and_see_what_those_before_them_did(
    given: Given, workflows: Workflows
) -> None:
    async with given.write() as tx:
        (tag,) = await tags.ensure(tx, ["parcel"], "tags")
    is_tagged = {"field": "tag", "comparison": "is", "value": tag}
    second = await workflows.make(NOTE, when=[*happened("created"), is_tagged])
    first = await workflows.make({"type": "add-tags", "tags": [tag]}, when=happened("created"))

    before = await given.conversation()
    await workflows.work()
    async with given.write(given.owner) as tx:
        await defining.order(tx, given.inbox, [first, second])
    after = await given.conversation()
    await workflows.work()

    assert [each.workflow_id for each in await workflows.runs(before)] == [first]
    assert [each.workflow_id for each in await workflows.runs(after)] == [first, second]


async def test_switching_on_is_not_retroactive(given: Given, workflows: Workflows) -> None:
    await workflows.make(NOTE, when=happened("moved"))  # so that there is somebody to tell
    late = await workflows.make(NOTE, when=happened("created"), active=False)
    conversation = await given.conversation()
    async with given.write(given.owner) as tx:
        await defining.switch(tx, late, active=True)

    await workflows.work()

    assert await workflows.runs(conversation) == []


async def test_imported_history_and_drafts_are_not_looked_at(given: Given, workflows: Workflows) -> None:
    await workflows.make(NOTE)
    imported = await given.conversation(imported=True)
    draft = await given.conversation(said=[NewThread(type=ThreadType.MESSAGE, text="Not yet", draft=True)])

    await workflows.work()

    assert await workflows.runs(imported) == await workflows.runs(draft) == []
    assert "WorkflowsAlerted" not in {each.type for each in await events_of(given)}


async def test_texts_are_read_as_plain_text(given: Given, workflows: Workflows) -> None:
    said = {"field": "thread.body", "comparison": "is", "value": "where is it?"}
    all_of_it = {"field": "body", "comparison": "starts-with", "value": "where"}
    await workflows.make(NOTE, when=[said, all_of_it, {"field": "body", "comparison": "does-not-contain", "value": "secret"}])
    conversation = await given.conversation(
        said=[
            NewThread(type=ThreadType.NOTE, text="secret"),
            NewThread(type=ThreadType.CUSTOMER, text="<p>Where&nbsp;is <b>it</b>?</p>", customer=await given.customer()),
        ]
    )

    await workflows.work()

    assert len(await workflows.runs(conversation)) == 1


async def test_a_job_that_runs_twice_lets_it_fire_once(given: Given, workflows: Workflows) -> None:
    await workflows.make(NOTE, fires="always", when=happened("created"))
    conversation = await given.conversation()
    (alert,) = [each for each in await events_of(given, parsed=True) if isinstance(each, WorkflowsAlerted)]
    consider = given.desk.reactions.by_kind["workflows.consider"].run

    await consider(given.desk, alert)
    await consider(given.desk, alert)
    await workflows.work()

    assert len(await workflows.runs(conversation)) == 1


async def test_one_that_moves_it_leaves_the_rest_to_the_other_inbox(given: Given, workflows: Workflows) -> None:
    other = await given.new_inbox("Other")
    mover = await workflows.make({"type": "move", "mailboxId": other}, NOTE, when=happened("created"))
    await workflows.make(NOTE, when=happened("created"))
    there = await workflows.make(NOTE, when=happened("moved"), mailboxId=other)
    conversation = await given.conversation()

    await workflows.work()

    runs = await workflows.runs(conversation)
    assert [(each.workflow_id, each.depth) for each in runs] == [(mover, 1), (there, 2)]
    assert runs[1].parent_id == runs[0].id


async def test_a_workflow_that_would_set_itself_going_is_stopped(given: Given, workflows: Workflows) -> None:
    ping = await workflows.make({"type": "set-status", "status": "pending"}, fires="always", when=happened("status-changed"))
    pong = await workflows.make({"type": "set-status", "status": "active"}, fires="always", when=happened("status-changed"))
    conversation = await given.conversation()
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, conversation, Status.CLOSED)

    await workflows.work()

    runs = await workflows.runs(conversation)
    assert [each.workflow_id for each in runs if each.state == "done"] == [ping, pong, pong, ping]
    assert {each.stopped_by for each in runs if each.state == "stopped"} == {"loop"}
    assert "WorkflowStopped" in {each.type for each in await events_of(given)}


async def test_a_chain_is_five_deep_at_most(given: Given, workflows: Workflows) -> None:
    async with given.write() as tx:
        ids = await tags.ensure(tx, [f"t{at}" for at in range(8)], "tags")
    steps = []
    for at in range(7, 0, -1):  # the last first: each is set going by the one behind it
        when = [*happened("tagged"), {"field": "tag", "comparison": "is", "value": ids[at - 1]}]
        steps.append(await workflows.make({"type": "add-tags", "tags": [ids[at]]}, when=when))
    conversation = await given.conversation()
    async with given.write(given.owner) as tx:
        await tagging.set_tags(tx, conversation, ["t0"])

    await workflows.work()

    runs = await workflows.runs(conversation)
    assert [(each.workflow_id, each.depth, each.state) for each in runs[:5]] == [
        (steps[-1 - at], at + 1, "done") for at in range(5)
    ]
    assert [(each.workflow_id, each.depth, each.stopped_by) for each in runs[5:]] == [(steps[-6], 6, "depth")]

    async with given.write(given.owner) as tx:
        await tagging.change_tags(tx, conversation, add=["x"], remove=[])
    await workflows.work()
    # One that was stopped has not fired yet.
    assert [(each.workflow_id, each.depth) for each in (await workflows.runs(conversation))[6:]] == [
        (steps[-6], 1),
        (steps[-7], 2),
    ]


async def test_one_that_always_fires_does_so_a_hundred_times_within_an_hour(
    given: Given, workflows: Workflows, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskhand.workflows.operations.running.MOST_RUNS", 3)
    await workflows.make(NOTE, fires="always", when=happened("customer-replied"))
    conversation = await given.conversation()

    async def replies(number: int) -> list[str]:
        for _ in range(number):
            await given.thread(conversation, ThreadType.CUSTOMER)
            await workflows.work()
        return [each.state.value for each in await workflows.runs(conversation)]

    assert await replies(5) == ["done"] * 3 + ["stopped"]
    clock.move(timedelta(hours=1, seconds=1))
    assert await replies(1) == ["done"] * 3 + ["stopped", "done"]
