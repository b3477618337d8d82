"""Replay: a workflow fires for what happened between two moments, where it should have fired and has not. Each run is a
transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from sqlalchemy import func, select

from deskhand.conversations.model import ThreadAdded
from deskhand.conversations.tables import threads
from deskhand.kernel import feed, tables
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Conflict, Invalid, Unmet
from deskhand.kernel.events import REGISTER
from deskhand.kernel.feed import Fact
from deskhand.kernel.permissions import Actor, ActorKind, Permission, system_actor
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.workflows.model.facts import TRIGGERS, Happening, Trigger, WorkflowType, conversation_of, trigger_of
from deskhand.workflows.model.judging import holds
from deskhand.workflows.operations import running
from deskhand.workflows.queries import definitions, runs, scenes
from deskhand.workflows.queries.definitions import Workflow

MOST_LOOKED_AT = 1000
MOST_FACTS = 5000
LONGEST = timedelta(days=31)
SLACK = timedelta(minutes=1)  # ids follow moments but for operations that overlap
TYPES = ["ConversationCreated", "ThreadAdded", *(each.__name__ for each in TRIGGERS)]


class Begun(Struct, frozen=True):
    """The first event from an id on."""

    id: int
    at: datetime


class Replayed(Struct, kw_only=True):
    """What a replay did; ``next_id`` is the fact to go on from, where there is more."""

    looked_at: int = 0
    matches: int = 0
    ran: list[int] = []
    stopped: list[int] = []
    next_id: int | None = None


class Operation(Struct):
    """What one operation did to a conversation."""

    conversation_id: int
    happening: Happening


e = tables.events.c
BEGUN = read(select(e.id, e.at).where(e.id >= param("first")).order_by(e.id).limit(1), Begun)
LAST = read(select(func.max(e.id)), int)
NEWEST_BY = read(
    select(func.max(threads.c.id)).where(
        threads.c.conversation_id == param("conversation_id"), threads.c.created_at <= param("at")
    ),
    int,
)


async def replay(
    desk: Desk, actor: Actor, workflow_id: int, *, since: datetime, until: datetime, from_id: int | None = None
) -> Replayed:
    """Let a workflow fire for what happened from ``since`` until before ``until`` (UTC), as conversations are now.

    Raises NotFound, Forbidden, Unmet for one that is manual or switched off, Conflict for an invalid one, Invalid("until").
    """
    async with desk.reading(actor) as view:
        it = await definitions.get(view, workflow_id)
        actor.must(Permission.MANAGE_ACCOUNT)
        if not since < until <= since + LONGEST:
            raise Invalid("until", f"must be later than since, and by {LONGEST.days} days at most", rejected=until)
        if it.type is not WorkflowType.AUTOMATIC or it.active_since is None:
            raise Unmet("Only an automatic workflow that is active can be replayed")
        if await definitions.problems(view, [it]):
            raise Conflict("The workflow refers to something that is gone")
    first = from_id or await _first(desk, since - SLACK)
    done = Replayed()
    operations, done.next_id = await _operations(desk, first, since, until)
    for each in operations:
        await _look(desk, it, each, done)
    return done


async def _look(desk: Desk, it: Workflow, operation: Operation, done: Replayed) -> None:
    async with desk.reading(system_actor()) as view:
        happening = await _completed(view, operation)
        found = await scenes.load(view, [operation.conversation_id], happening, [it.definition])
        if not found or found[0].inbox_id != it.inbox_id:
            return
        done.looked_at += 1
        if not holds(it.definition.conditions, found[0]):
            return
        done.matches += 1
        if not await running.may_fire(view, it, found[0], happening, replays=True):
            return
    async with desk.writing(system_actor()) as tx:
        run_id = await running.fire(tx, it.id, operation.conversation_id, happening, replays=True)
        if run_id is not None:
            link = await tx.one(runs.LINK, run_id=run_id)
            (done.stopped if link.state == "stopped" else done.ran).append(run_id)


async def _completed(view: Snapshot, operation: Operation) -> Happening:
    """With the newest entry by then."""
    it = operation.happening
    newest = await view.first(NEWEST_BY, conversation_id=operation.conversation_id, at=it.at)
    return msgspec.structs.replace(it, newest_id=max(newest or 0, it.thread_id))


async def _first(desk: Desk, since: datetime) -> int:
    """The id of the first event that is not older, by halving."""
    async with desk.reading(system_actor()) as view:
        (last,) = await view.all(LAST)
        low, high = 1, (last or 0) + 1
        while low < high:
            middle = (low + high) // 2
            found = await view.first(BEGUN, first=middle)
            if found is None or found.at >= since:
                high = middle
            else:
                low = found.id + 1
    return low


async def _operations(desk: Desk, first: int, since: datetime, until: datetime) -> tuple[list[Operation], int | None]:
    """Operations in a window in order, as many as one call looks at, and the fact to go on from."""
    facts = (await feed.piece(desk, system_actor(), first - 1, MOST_FACTS + 1, TYPES)).facts
    found: dict[tuple[int, datetime, str, int], Operation] = {}
    for fact in facts[:MOST_FACTS]:
        if fact.at >= until + SLACK:
            return list(found.values()), None
        event = msgspec.json.decode(fact.body, type=REGISTER[fact.type])
        trigger = trigger_of(event, ActorKind(fact.actor_kind))
        if trigger is None or not since <= fact.at < until:
            continue
        key = (conversation_of(event), fact.at, fact.actor_kind, fact.actor_id)
        if key not in found and len(found) == MOST_LOOKED_AT:
            return list(found.values()), fact.id
        said = event.thread_id if isinstance(event, ThreadAdded) else 0
        found[key] = _with(found.get(key), fact, conversation_of(event), trigger, said)
    return list(found.values()), facts[MOST_FACTS].id if len(facts) > MOST_FACTS else None


def _with(before: Operation | None, fact: Fact, conversation_id: int, trigger: Trigger, said: int) -> Operation:
    if before is None:
        run_id = fact.actor_id if fact.actor_kind == ActorKind.WORKFLOW else 0
        return Operation(conversation_id, Happening(fact.id, fact.at, (trigger,), said, 0, run_id))
    it = before.happening
    triggers = tuple(sorted({*it.triggers, trigger}))
    return Operation(conversation_id, msgspec.structs.replace(it, triggers=triggers, thread_id=max(it.thread_id, said)))
