"""What workflows find in random conversations is what a plain interpreter finds.

``DESKHAND_ORACLE_SEEDS=10`` looks at 10 desks on each database; without it at one.
"""

from __future__ import annotations

import contextlib
import os
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from deskhand.inboxes.queries import may_work_in
from deskhand.kernel import tables as kernel
from deskhand.kernel.errors import DeskError
from deskhand.kernel.storage.statements import read
from deskhand.tags import operations as tag_operations
from deskhand.tags import queries as tag_queries
from deskhand.workflows.tables import workflow_runs as runs
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.histories import TAGS, Histories
from tests.workflows.oracle import Case, Entry, Moment, holds
from tests.workflows.oracle_looking import Feed, look
from tests.workflows.oracle_rules import Known, Rules
from tests.workflows.oracle_running import Operation, Play, Ran, Rule

JOBS = read(select(kernel.jobs.c.state), str)
RUNS = read(select(runs.c.workflow_id, runs.c.conversation_id, runs.c.state, runs.c.depth), Ran)
SEEDS = int(os.environ.get("DESKHAND_ORACLE_SEEDS", "1"))
CONVERSATIONS = 40
DEFINITIONS = 20
RULES = 4
"""In each of two inboxes."""
STEPS = 80


class Still:
    """A clock that stands, so that both sides see one moment."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_conditions_hold_where_a_plain_interpreter_says_so(
    client: Client, given: Given, clock: MovableClock, seed: int
) -> None:
    clock.move(timedelta(days=-100))
    histories = Histories(given, clock, seed)
    await histories.begin()
    await histories.grow(CONVERSATIONS)
    given.desk.clock = still = Still(clock.now())
    async with given.read() as view:
        cases = await look(view)
        tags = [each.id for each, _ in (await tag_queries.page(view, 1, 50))[0]]
    random = Random(seed)
    for _ in range(DEFINITIONS):
        inbox = random.choice(histories.inboxes)
        conditions = Rules(random, known(histories, tags, inbox), inbox).conditions(automatic=True)
        triggers = random.choice([None, ["created"], ["customer-replied", "status-changed"], ["note-added"]])
        body = {
            "definition": {
                "mailboxId": inbox,
                "type": "automatic",
                "name": "Random",
                "conditions": conditions,
                "actions": [{"type": "add-note", "text": "x"}],
            },
            "conversations": 1000,
        } | ({} if triggers is None else {"triggers": triggers})

        answer = await client.post("/deskhand/v1/workflows/dry-run", json=body)

        assert answer.status_code == 200, (conditions, answer.text)
        told = answer.json()
        found = {each["conversationId"] for each in told["conversations"] if each["matches"]}
        moment = Moment(still.now().replace(microsecond=0), None if triggers is None else set(triggers))
        expected = {each.id for each in cases.values() if each.inbox == inbox and _matches(conditions, each, moment)}
        assert (found, told["matches"]) == (expected, len(expected)), (conditions, triggers)


def known(it: Histories, tags: list[int], inbox: int) -> Known:
    """What rules of an inbox can name."""
    field, options = it.choices[inbox]
    return Known(
        inboxes=it.inboxes,
        owners=[*it.users, it.team],
        tags=tags,
        dropdowns={field: [int(each) for each in options]},
        emails=[each.email or "" for each in it.customers],
    )


def _matches(conditions: list[dict[str, object]], it: Case, moment: Moment) -> bool:
    if it.state != "published":
        return False
    published = it.published(quiet=True)
    return holds(conditions, it, Moment(moment.now, moment.triggers, published[-1] if published else None))


class StepClock(Still):
    """A clock that stands but for what a test says; whole seconds, so that nothing happens at the same time as another."""

    def move(self, ahead: timedelta) -> None:
        self.moment += timedelta(seconds=int(ahead.total_seconds()) + 1)


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_workflows_do_what_a_plain_interpreter_does(client: Client, given: Given, seed: int) -> None:
    random = Random(seed)
    given.desk.clock = clock = StepClock((given.desk.clock.now() - timedelta(days=200)).replace(microsecond=0))
    histories = Histories(given, clock, seed)
    await histories.begin()
    tags = [await made(given, name) for name in TAGS]
    rules = [
        await rule(client, Rules(random, known(histories, tags, inbox), inbox), inbox, random)
        for inbox in histories.inboxes
        for _ in range(RULES)
    ]
    async with given.read() as view:
        owners = [*histories.users, histories.team]
        works = {(it, box) for it in owners for box in histories.inboxes if await may_work_in(view, it, box)}
    play, feed = Play(rules, works), Feed()
    clock.move(timedelta(hours=1))
    await given.app.worker.run_due()
    await feed.news(given)
    for step in range(STEPS):
        clock.move(timedelta(seconds=random.choice([5, 900, 9000, 100_000]) * random.random()))
        async with given.read() as view:
            play.cases = await look(view)
        play.until(clock.now())  # what was only waiting for its time
        await given.app.worker.run_due()
        await agree(given, play, step)
        await feed.news(given)
        acts = [histories.new, histories.customer_writes, histories.user_replies, histories.note, histories.status]
        acts += [
            histories.draft,
            histories.publish,
            histories.tag,
            histories.move,
            histories.fill,
            histories.assign,
            histories.rate,
        ]
        act = random.choice([*acts, histories.new, histories.customer_writes])
        with contextlib.suppress(DeskError):
            await act()
        async with given.read() as view:
            play.cases = await look(view)
        for conversation, triggers, said in await feed.news(given):
            play.happened(operation(play.cases[conversation], clock.now(), triggers, said))
        play.until(clock.now())
        await given.app.worker.run_due()
        await agree(given, play, step)
        await feed.news(given)
    assert len(play.runs) > STEPS // 10
    assert not [each for each in await queued(given) if each == "failed"]


async def made(given: Given, name: str) -> int:
    async with given.write() as tx:
        return (await tag_operations.ensure(tx, [name], "tags"))[0]


async def rule(client: Client, rules: Rules, inbox: int, random: Random) -> Rule:
    """An active automatic workflow, made over the API."""
    once = random.random() < 0.5
    body = {
        "mailboxId": inbox,
        "type": "automatic",
        "name": "Random",
        "status": "active",
        "fires": "once" if once else "always",
        "conditions": rules.conditions(automatic=True),
        "actions": rules.actions(),
    }
    answer = await client.post("/deskhand/v1/workflows", json=body)
    assert answer.status_code == 201, (body, answer.text)
    id_ = int(answer.headers["resource-id"])
    return Rule(id_, inbox, id_, once, body["conditions"], body["actions"])  # type: ignore[arg-type]


def operation(it: Case, now: datetime, triggers: frozenset[str], thread: int) -> Operation:
    published: list[Entry] = it.published(quiet=True)
    said = next((each for each in published if each.id == thread), None)
    if thread == 0 and "created" in triggers and published:
        said = published[-1]
    return Operation(it.id, now, triggers, said)


async def agree(given: Given, play: Play, step: int) -> None:
    """The desk's conversations and runs are as the play has them."""
    async with given.read() as view:
        found = await look(view)
        ran = await view.all(RUNS)
    assert sorted(ran) == sorted(play.runs), step
    for id_, it in play.cases.items():
        assert shown(found[id_]) == shown(it), (step, id_)


def shown(it: Case) -> dict[str, object]:
    said = sorted((each.at, each.type, each.by, each.body) for each in it.published(quiet=True))
    names = ("status", "state", "inbox", "assignee", "tags", "latest", "fields")
    return {name: getattr(it, name) for name in names} | {"said": said}


async def queued(given: Given) -> list[str]:
    async with given.read() as view:
        return await view.all(JOBS)
