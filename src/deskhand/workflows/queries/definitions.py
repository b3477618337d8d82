"""Workflows and what they said before. Who sees an inbox sees its workflows; what was deleted nobody does."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select

from deskhand.kernel.errors import Mistake, NotFound
from deskhand.kernel.storage.columns import to_microseconds
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.workflows.model.definition import Definition
from deskhand.workflows.model.facts import WorkflowType
from deskhand.workflows.queries.references import missing
from deskhand.workflows.tables import workflow_versions, workflows


class Workflow(Struct, frozen=True):
    """A workflow. ``active_since`` is None while it is switched off; ``turns`` says who got the last conversation from the
    action at a place."""

    id: int
    inbox_id: int
    type: WorkflowType
    name: str
    position: int
    version: int
    definition: Definition
    turns: dict[str, int]
    active_since: datetime | None
    created_at: datetime
    modified_at: datetime


class Version(Struct, frozen=True):
    """What a workflow said from a moment on, and who said so (None: the desk)."""

    workflow_id: int
    version: int
    name: str
    definition: Definition
    user_id: int | None
    created_at: datetime


w, v = workflows.c, workflow_versions.c
_workflow = select(*(w[name] for name in Workflow.__struct_fields__)).where(w.deleted_at.is_(None))
ONE = read(_workflow.where(w.id == param("workflow_id")), Workflow)
# Runs refer to the row, so what locks it must let them: FOR NO KEY UPDATE.
LOCK = read(_workflow.where(w.id == param("workflow_id")).with_for_update(key_share=True), Workflow)
_gone = select(*(w[name] for name in Workflow.__struct_fields__)).where(w.deleted_at.is_not(None))
LOCK_DELETED = read(_gone.where(w.id == param("workflow_id")).with_for_update(key_share=True), Workflow)
OF_INBOX = read(_workflow.where(w.inbox_id == param("inbox_id")).order_by(w.position, w.id), Workflow)
ACTIVE = read(
    _workflow.where(
        w.inbox_id == param("inbox_id"), w.type == WorkflowType.AUTOMATIC.value, w.active_since <= param("at")
    ).order_by(w.position, w.id),
    Workflow,
)
ACTIVE_INBOXES = read(
    select(w.inbox_id)
    .where(w.type == WorkflowType.AUTOMATIC.value, w.active_since.is_not(None), w.deleted_at.is_(None))
    .distinct(),
    int,
)
INBOXES = read(select(w.inbox_id).distinct().order_by(w.inbox_id), int)
VERSIONS = read(
    select(*(v[name] for name in Version.__struct_fields__))
    .where(v.workflow_id == param("workflow_id"))
    .order_by(v.version.desc())
    .limit(param("most"))
    .offset(param("skip")),
    Version,
)


@shaped
def _listed(*, of_type: bool) -> tuple[Read[Workflow], Read[int]]:
    conditions = [any_of(w.inbox_id, "inbox_ids"), w.deleted_at.is_(None)]
    if of_type:
        conditions.append(w.type == param("type"))
    page = _workflow.where(*conditions).order_by(w.inbox_id, w.position, w.id).limit(param("most")).offset(param("skip"))
    return read(page, Workflow), read(select(func.count()).select_from(workflows).where(*conditions), int)


async def page(
    view: Snapshot, number: int, size: int, *, inbox_id: int | None = None, type_: WorkflowType | None = None
) -> tuple[list[Workflow], int]:
    """A page of the workflows that the actor sees, by inbox and order, and how many there are."""
    listed, counted = _listed(of_type=type_ is not None)
    seen = await view.all(INBOXES) if view.actor.sees_all_inboxes else view.actor.inbox_ids
    values = {"inbox_ids": [each for each in seen if inbox_id in (None, each)], "type": type_}
    return await view.all(listed, most=size, skip=(number - 1) * size, **values), await view.one(counted, **values)


async def get(view: Snapshot, workflow_id: int) -> Workflow:
    """A workflow that the actor sees. Raises NotFound."""
    return _visible(view, await view.one(ONE, workflow_id=workflow_id))


async def locked(tx: Transaction, workflow_id: int) -> Workflow:
    """The same; nobody else changes it before the operation ends. Raises NotFound."""
    return _visible(tx, await tx.one(LOCK, workflow_id=workflow_id))


async def deleted(tx: Transaction, workflow_id: int) -> Workflow:
    """The same of one that was deleted. Raises NotFound."""
    return _visible(tx, await tx.one(LOCK_DELETED, workflow_id=workflow_id))


async def of_inbox(view: Snapshot, inbox_id: int) -> list[Workflow]:
    """The workflows of an inbox in their order, whoever asks."""
    return await view.all(OF_INBOX, inbox_id=inbox_id)


async def version(view: Snapshot, workflow_id: int) -> str | None:
    """What changes whenever a workflow does; None for one that the actor does not see."""
    found = await view.first(LOCK if isinstance(view, Transaction) else ONE, workflow_id=workflow_id)
    return f"{to_microseconds(found.modified_at):x}" if found and view.actor.sees_inbox(found.inbox_id) else None


async def problems(view: Snapshot, found: list[Workflow]) -> dict[int, list[Mistake]]:
    """What workflows name that is gone, by their id: those that have something are invalid."""
    return {
        it.id: mistakes
        for it, mistakes in zip(found, await missing(view, [(each.inbox_id, each.definition) for each in found]), strict=True)
        if mistakes
    }


async def versions(view: Snapshot, workflow_id: int, number: int, size: int) -> tuple[list[Version], int]:
    """A page of what a workflow said, newest first, and how many versions there are. Raises NotFound."""
    it = await get(view, workflow_id)
    return await view.all(VERSIONS, workflow_id=workflow_id, most=size, skip=(number - 1) * size), it.version


def _visible(view: Snapshot, found: Workflow) -> Workflow:
    if not view.actor.sees_inbox(found.inbox_id):
        raise NotFound("Not found")
    return found
