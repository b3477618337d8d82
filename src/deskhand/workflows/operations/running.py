"""Running workflows: by hand on some conversations, or one on a conversation to which something happened. A run is one
transaction, and leaves a record; what an action is refused, the others do without."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, update

from deskhand.conversations.operations.core import settle_and_tell
from deskhand.conversations.queries import one
from deskhand.kernel.errors import Collision, Conflict, Invalid, Mistake, NotFound
from deskhand.kernel.permissions import Permission, workflow_actor
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.workflows.model.facts import (
    MOST_DEEP,
    MOST_RUNS,
    RUNS_WITHIN,
    Fires,
    Happening,
    Outcome,
    Reason,
    Result,
    RunState,
    Stop,
    WorkflowRan,
    WorkflowStopped,
    WorkflowType,
    WorkflowWaits,
)
from deskhand.workflows.model.judging import Scene, holds, matches_at, reasons
from deskhand.workflows.operations.acting import Acting, act
from deskhand.workflows.queries import definitions, runs, scenes
from deskhand.workflows.queries.definitions import Workflow
from deskhand.workflows.tables import workflow_runs

MOST_BY_HAND = 50
COLUMNS = (
    "workflow_id",
    "version",
    "conversation_id",
    "type",
    "event_id",
    "user_id",
    "triggers",
    "depth",
    "parent_id",
    "state",
    "stopped_by",
    "reasons",
    "results",
    "at",
)
ADD = write(insert(workflow_runs).values({name: param(name) for name in COLUMNS}).returning(workflow_runs.c.id))
END = write(
    update(workflow_runs).where(workflow_runs.c.id == param("run_id")).values(state=param("state"), results=param("results"))
)


async def run_by_hand(tx: Transaction, workflow_id: int, conversation_ids: list[int]) -> None:
    """Run a manual workflow on conversations of its inbox, all of them or none.

    Raises NotFound, Forbidden, Conflict for an invalid one, Invalid("conversationIds[0]"). Source: Mailbox API 2.0, "Run
    Workflow".
    """
    it = await definitions.get(tx, workflow_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if it.type is not WorkflowType.MANUAL:
        raise Invalid("conversationIds", "an automatic workflow runs by itself")
    if await definitions.problems(tx, [it]):
        raise Conflict("The workflow refers to something that is gone")
    if it.active_since is None:
        raise Invalid("conversationIds", "the workflow is not active")
    ids = sorted(set(conversation_ids))
    found = {each.id: each for each in await scenes.load(tx, ids, None, []) if each.inbox_id == it.inbox_id}
    strangers = [
        Mistake(f"conversationIds[{at}]", "is not a conversation of this workflow's inbox", rejected=each)
        for at, each in enumerate(conversation_ids)
        if each not in found
    ]
    if strangers:
        raise Invalid.all(strangers)
    user = tx.actor
    for conversation_id in ids:
        await one.locked(tx, conversation_id)
        scene = next(iter(await scenes.load(tx, [conversation_id], None, [it.definition])), None)
        if scene is None or scene.inbox_id != it.inbox_id:
            raise Collision("the conversation went elsewhere at this moment")
        await _run(tx, it, scene, None, user_id=user.user_id, depth=1, parent_id=None)
        await tx.act_as(user)


async def fire(
    tx: Transaction, workflow_id: int, conversation_id: int, happening: Happening, *, replays: bool = False
) -> int | None:
    """Run an automatic workflow on a conversation if it is to fire for what happened; the run's id, also of one that a limit
    stopped, else None. Doing it twice runs once. ``replays`` does not ask whether it was active then."""
    try:
        await one.locked(tx, conversation_id)
        it = await definitions.get(tx, workflow_id)
    except NotFound:
        return None
    found = await scenes.load(tx, [conversation_id], happening, [it.definition])
    if not found or not await may_fire(tx, it, found[0], happening, replays=replays):
        return None
    (scene,) = found
    if not holds(it.definition.conditions, scene):
        return None
    links = await runs.chain(tx, happening.run_id) if happening.run_id else []
    depth, parent_id = (links[0].depth + 1 if links else 1), happening.run_id or None
    stop = await _stop(tx, it, conversation_id, depth, {each.workflow_id for each in links})
    if stop is None:
        return await _run(tx, it, scene, happening, user_id=None, depth=depth, parent_id=parent_id)
    if stop is Stop.LIMIT and await _recently(tx, it.id, conversation_id):
        return None
    run_id = await _add(tx, it, scene, happening, RunState.STOPPED, depth=depth, parent_id=parent_id, stopped_by=stop)
    tx.record(WorkflowStopped(workflow_id=it.id, conversation_id=conversation_id, run_id=run_id, reason=stop))
    return run_id


async def may_fire(view: Snapshot, it: Workflow, scene: Scene, happening: Happening, *, replays: bool = False) -> bool:
    """Whether nothing but its conditions keeps a workflow from firing: it is active, valid, of this inbox, was active then,
    and has not fired yet."""
    if it.type is not WorkflowType.AUTOMATIC or it.active_since is None or it.inbox_id != scene.inbox_id:
        return False
    if not replays and it.active_since > happening.at:
        return False
    pair = {"workflow_id": it.id, "conversation_id": scene.id}
    if await view.first(runs.OF_OPERATION, **pair, event_id=happening.event_id) is not None:
        return False
    if it.definition.fires is Fires.ONCE and await view.first(runs.FIRED, **pair) is not None:
        return False
    return not await definitions.problems(view, [it])


async def wait(tx: Transaction, workflow_id: int, conversation_id: int, happening: Happening) -> datetime | None:
    """Look again at the moment at which the workflow would fire by time alone; that moment."""
    try:
        await one.locked(tx, conversation_id)
        it = await definitions.get(tx, workflow_id)
    except NotFound:
        return None
    found = await scenes.load(tx, [conversation_id], happening, [it.definition])
    if not found or not await may_fire(tx, it, found[0], happening) or holds(it.definition.conditions, found[0]):
        return None
    until = matches_at(it.definition.conditions, found[0])
    if until is not None:
        tx.record(WorkflowWaits(workflow_id=it.id, conversation_id=conversation_id, until=until, happening=happening))
    return until


async def _stop(tx: Transaction, it: Workflow, conversation_id: int, depth: int, before: set[int]) -> Stop | None:
    if it.id in before:
        return Stop.LOOP
    if depth > MOST_DEEP:
        return Stop.DEPTH
    if it.definition.fires is Fires.ONCE:
        return None
    since = tx.instant - RUNS_WITHIN
    number = await tx.one(runs.RECENT, workflow_id=it.id, conversation_id=conversation_id, since=since)
    return Stop.LIMIT if number >= MOST_RUNS else None


async def _recently(tx: Transaction, workflow_id: int, conversation_id: int) -> bool:
    """Whether it was told within this hour already that there were too many."""
    pair = {"workflow_id": workflow_id, "conversation_id": conversation_id}
    return await tx.first(runs.STOPPED_RECENTLY, **pair, since=tx.instant - RUNS_WITHIN) is not None


async def _run(
    tx: Transaction,
    it: Workflow,
    scene: Scene,
    happening: Happening | None,
    *,
    user_id: int | None,
    depth: int,
    parent_id: int | None,
) -> int:
    """Do the actions of a workflow that is to run; the run's id."""
    matched = holds(it.definition.conditions, scene)
    state = RunState.DONE if matched else RunState.UNMATCHED
    run_id = await _add(tx, it, scene, happening, state, depth=depth, parent_id=parent_id, user_id=user_id)
    if not matched:
        return run_id
    await tx.act_as(workflow_actor(run_id, user_id or 0))
    told, entities = f"ran the {it.name} workflow", {"workflow": it.id}
    held = await one.locked(tx, scene.id)
    await settle_and_tell(tx, held, f"{it.type.value}-workflow", told, entities=entities)
    results = [
        await act(tx, Acting(it, scene.id, happening, place), action) for place, action in enumerate(it.definition.actions)
    ]
    await tx.write(END, run_id=run_id, state=_state(results), results=results)
    tx.record(WorkflowRan(workflow_id=it.id, conversation_id=scene.id, run_id=run_id))
    return run_id


async def _add(
    tx: Transaction,
    it: Workflow,
    scene: Scene,
    happening: Happening | None,
    state: RunState,
    *,
    depth: int,
    parent_id: int | None,
    user_id: int | None = None,
    stopped_by: Stop | None = None,
) -> int:
    found: list[Reason] = reasons(it.definition.conditions, scene)
    return await tx.insert(
        ADD,
        workflow_id=it.id,
        version=it.version,
        conversation_id=scene.id,
        type=it.type,
        event_id=None if happening is None else happening.event_id,
        user_id=user_id or None,
        triggers=[] if happening is None else list(happening.triggers),
        depth=depth,
        parent_id=parent_id,
        state=state,
        stopped_by=stopped_by,
        reasons=found,
        results=[],
        at=tx.instant,
    )


def _state(results: list[Result]) -> RunState:
    refused = sum(each.state is Outcome.REFUSED for each in results)
    if refused == 0:
        return RunState.DONE
    return RunState.REFUSED if refused == len(results) else RunState.PARTLY
