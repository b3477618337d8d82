"""Runs: what workflows did, to conversations and in which chain."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select

from deskhand.kernel.storage.statements import Read, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.workflows.model.facts import Reason, Result, RunState, Stop, Trigger, WorkflowType
from deskhand.workflows.tables import workflow_runs, workflows


class Run(Struct, frozen=True):
    """What a workflow did to a conversation, or why not. ``event_id`` is the first fact of the operation that set it going;
    ``user_id`` who ran it by hand."""

    id: int
    workflow_id: int
    version: int
    conversation_id: int
    type: WorkflowType
    event_id: int | None
    user_id: int | None
    triggers: list[Trigger]
    depth: int
    parent_id: int | None
    state: RunState
    stopped_by: Stop | None
    reasons: list[Reason]
    results: list[Result]
    at: datetime
    workflow_name: str


class Link(Struct, frozen=True):
    """A run in a chain."""

    workflow_id: int
    depth: int
    parent_id: int | None
    state: RunState


r = workflow_runs.c
_runs = select(
    *(r[name] for name in Run.__struct_fields__[:-1]),
    workflows.c.name,
).join_from(workflow_runs, workflows, workflows.c.id == r.workflow_id)
_pair = (r.workflow_id == param("workflow_id"), r.conversation_id == param("conversation_id"))
LINK = read(select(r.workflow_id, r.depth, r.parent_id, r.state).where(r.id == param("run_id")), Link)
OF_OPERATION = read(select(r.id).where(*_pair, r.event_id == param("event_id")), int)
FIRED = read(
    select(r.id).where(*_pair, r.type == WorkflowType.AUTOMATIC.value, r.state != RunState.STOPPED.value).limit(1), int
)
RECENT = read(
    select(func.count()).select_from(workflow_runs).where(*_pair, r.at > param("since"), r.stopped_by.is_(None)),
    int,
)
STOPPED_RECENTLY = read(
    select(r.id).where(*_pair, r.at > param("since"), r.stopped_by == Stop.LIMIT.value).limit(1),
    int,
)


@shaped
def _page(of: str, *, goes_on: bool) -> Read[Run]:
    conditions = [r[of] == param("of")]
    if goes_on:
        conditions.append(r.id < param("before"))
    return read(_runs.where(*conditions).order_by(r.id.desc()).limit(param("most")), Run)


async def of_workflow(view: Snapshot, workflow_id: int, before: int | None, most: int) -> list[Run]:
    """Runs of a workflow that was looked up before, newest first; those before a run's id."""
    return await view.all(_page("workflow_id", goes_on=before is not None), of=workflow_id, before=before, most=most)


async def of_conversation(view: Snapshot, conversation_id: int, before: int | None, most: int) -> list[Run]:
    """Runs on a conversation that was looked up before, newest first; those before a run's id."""
    statement = _page("conversation_id", goes_on=before is not None)
    return await view.all(statement, of=conversation_id, before=before, most=most)


async def chain(view: Snapshot, run_id: int) -> list[Link]:
    """A run and those that led to it, newest first."""
    links: list[Link] = []
    while run_id and (link := await view.first(LINK, run_id=run_id)):
        links.append(link)
        run_id = link.parent_id or 0
    return links
