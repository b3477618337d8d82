"""What workflows do behind the operation that set them going: look at the conversation, fire, or wait for their moment."""

from __future__ import annotations

from datetime import datetime

from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.transaction import Snapshot
from deskhand.workflows.model.facts import Happening, WorkflowsAlerted, WorkflowWaits
from deskhand.workflows.model.judging import holds, matches_at
from deskhand.workflows.operations import running
from deskhand.workflows.queries import definitions, scenes
from deskhand.workflows.queries.definitions import Workflow


async def consider(desk: Desk, event: WorkflowsAlerted) -> None:
    """Let the workflows of the conversation's inbox fire one after another, in their order."""
    happening = event.happening
    async with desk.reading(system_actor()) as view:
        place = await view.first(scenes.PLACE, conversation_id=event.conversation_id)
        waiting = [] if place is None else await view.all(definitions.ACTIVE, inbox_id=place.inbox_id, at=happening.at)
    while waiting:
        async with desk.reading(system_actor()) as view:
            waiting, fires = await _next(view, event.conversation_id, happening, waiting)
        if not waiting:
            return
        it, *waiting = waiting
        async with desk.writing(system_actor()) as tx:
            if fires:
                await running.fire(tx, it.id, event.conversation_id, happening)
            else:
                await running.wait(tx, it.id, event.conversation_id, happening)


async def reconsider(desk: Desk, event: WorkflowWaits) -> None:
    """The moment came at which a workflow may fire by time alone; if it does not, there may be another one."""
    async with desk.writing(system_actor()) as tx:
        fired = await running.fire(tx, event.workflow_id, event.conversation_id, event.happening)
        if fired is None:
            await running.wait(tx, event.workflow_id, event.conversation_id, event.happening)


async def _next(
    view: Snapshot, conversation_id: int, happening: Happening, waiting: list[Workflow]
) -> tuple[list[Workflow], bool]:
    """The workflows from the first on that has something to do, and whether that is to fire, or to wait."""
    scene = next(iter(await scenes.load(view, [conversation_id], happening, [each.definition for each in waiting])), None)
    for at, it in enumerate(waiting):
        if scene is None:
            return [], False
        fires = holds(it.definition.conditions, scene)
        later: datetime | None = None if fires else matches_at(it.definition.conditions, scene)
        if (fires or later is not None) and await running.may_fire(view, it, scene, happening):
            return waiting[at:], fires
    return [], False
