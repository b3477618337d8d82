"""Workflows: made, replaced, switched, ordered, removed."""

from __future__ import annotations

from sqlalchemy import insert, update

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Conflict, Forbidden, Invalid, Mistake, Mistakes
from deskhand.kernel.permissions import Permission
from deskhand.kernel.reactions import WATCHERS
from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.workflows.model.definition import Definition
from deskhand.workflows.model.facts import (
    MOST_WORKFLOWS,
    WorkflowCreated,
    WorkflowDeleted,
    WorkflowRestored,
    WorkflowsOrdered,
    WorkflowSwitched,
    WorkflowType,
    WorkflowUpdated,
)
from deskhand.workflows.model.given import Given, checked
from deskhand.workflows.queries import definitions
from deskhand.workflows.queries.definitions import Workflow
from deskhand.workflows.queries.references import known, missing
from deskhand.workflows.tables import workflow_versions, workflows

_this = workflows.c.id == param("workflow_id")
ADD = write(
    insert(workflows)
    .values(
        {
            **{
                name: param(name)
                for name in ("inbox_id", "type", "name", "position", "definition", "active_since", "created_at", "modified_at")
            },
            "version": 1,
            "turns": {},
        }
    )
    .returning(workflows.c.id)
)
REPLACE = write(
    update(workflows).where(_this).values({name: param(name) for name in ("name", "definition", "version", "modified_at")})
)
SWITCH = write(
    update(workflows).where(_this).values(active_since=param("active_since", Instant()), modified_at=param("modified_at"))
)
PLACE = write(update(workflows).where(_this).values(position=param("position"), modified_at=param("modified_at")))
DELETE = write(update(workflows).where(_this).values(active_since=None, deleted_at=param("now")))
RESTORE = write(
    update(workflows)
    .where(_this)
    .values(
        active_since=param("active_since", Instant()),
        deleted_at=None,
        modified_at=param("modified_at"),
        position=param("position"),
    )
)
CLOSE_RANKS = write(
    update(workflows)
    .where(
        workflows.c.inbox_id == param("inbox_id"), workflows.c.deleted_at.is_(None), workflows.c.position > param("position")
    )
    .values(position=workflows.c.position - 1)
)
ADD_VERSION = write(
    insert(workflow_versions).values(
        {name: param(name) for name in ("workflow_id", "version", "name", "definition", "user_id", "created_at")}
    )
)


async def check(view: Snapshot, given: Given) -> Definition:
    """The definition of what was given, if all of it is as it must be. Raises Forbidden, also for an unseen inbox, Invalid
    with every mistake."""
    view.actor.must(Permission.MANAGE_ACCOUNT)
    mistakes = Mistakes()
    if await inboxes.find(view, given.inbox_id) is None:
        mistakes.add([Mistake("mailboxId", "is not an inbox", rejected=given.inbox_id)])
    elif not view.actor.sees_inbox(given.inbox_id):
        raise Forbidden("You have no access to this inbox")
    definition = checked(given, await known(view, given.inbox_id), mistakes.found)
    (gone,) = await missing(view, [(given.inbox_id, definition)])
    mistakes.add(gone)
    mistakes.refuse()
    return definition


async def create(tx: Transaction, given: Given, *, active: bool) -> int:
    """Add a workflow to an inbox, behind the others; its id. Raises Forbidden, Invalid with every mistake."""
    definition = await check(tx, given)
    before = await definitions.of_inbox(tx, given.inbox_id)
    if len(before) >= MOST_WORKFLOWS:
        raise Invalid("mailboxId", f"there are {MOST_WORKFLOWS} workflows in this inbox already")
    workflow_id = await tx.insert(
        ADD,
        inbox_id=given.inbox_id,
        type=given.type,
        name=given.name.strip(),
        position=len(before) + 1,
        definition=definition,
        active_since=tx.instant if active else None,
        created_at=tx.now,
        modified_at=tx.instant,
    )
    await _keep_version(tx, workflow_id, 1, given.name.strip(), definition)
    if active and given.type is WorkflowType.AUTOMATIC:
        tx.count(WATCHERS, 1)
    tx.record(WorkflowCreated(workflow_id=workflow_id))
    return workflow_id


async def replace(tx: Transaction, workflow_id: int, given: Given, *, version: int | None = None) -> None:
    """Say something else; what it said before is kept. The same again does nothing.

    Raises NotFound, Forbidden, Conflict if it is another ``version`` by now, Invalid with every mistake.
    """
    it = await definitions.locked(tx, workflow_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if version is not None and version != it.version:
        raise Conflict(f"The workflow has changed meanwhile: it is version {it.version} now")
    for path, before, wanted in (("mailboxId", it.inbox_id, given.inbox_id), ("type", it.type, given.type)):
        if before != wanted:
            raise Invalid(path, "cannot be changed", rejected=wanted)
    definition, name = await check(tx, given), given.name.strip()
    if (definition, name) == (it.definition, it.name):
        return
    await tx.write(REPLACE, workflow_id=it.id, name=name, definition=definition, version=it.version + 1, modified_at=tx.instant)
    await _keep_version(tx, it.id, it.version + 1, name, definition)
    tx.record(WorkflowUpdated(workflow_id=it.id, version=it.version + 1))


async def switch(tx: Transaction, workflow_id: int, *, active: bool) -> None:
    """Switch a workflow on or off. What happened before it was switched on does not concern it.

    Raises NotFound, Forbidden, Conflict for switching on one that refers to something that is gone. Source: Mailbox API 2.0,
    "Update Workflow Status".
    """
    it = await definitions.locked(tx, workflow_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if active and await definitions.problems(tx, [it]):
        raise Conflict("The workflow refers to something that is gone")
    if active is (it.active_since is not None):
        return
    since = tx.instant if active else None
    await tx.write(SWITCH, workflow_id=it.id, active_since=since, modified_at=tx.instant)
    _watch(tx, it, 1 if active else -1)
    tx.record(WorkflowSwitched(workflow_id=it.id, active=active))


async def order(tx: Transaction, inbox_id: int, ids: list[int]) -> None:
    """Put workflows of an inbox first, in this order; the others follow as they stood.

    Raises NotFound, Forbidden, Invalid("ids[0]") for one that is none of them, or is there twice.
    """
    await inboxes.get(tx, inbox_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    before = await definitions.of_inbox(tx, inbox_id)
    places = {each.id: each.position for each in before}
    strangers = [
        Mistake(f"ids[{at}]", "is not a workflow of this inbox, or is there twice", rejected=each)
        for at, each in enumerate(ids)
        if each not in places or each in ids[:at]
    ]
    if strangers:
        raise Invalid.all(strangers)
    wanted = ids + [each for each in places if each not in ids]
    moved = [(each, at) for at, each in enumerate(wanted, 1) if places[each] != at]
    # In one order for everybody, so that two such requests do not wait for each other.
    for workflow_id, at in sorted(moved):
        await tx.write(PLACE, workflow_id=workflow_id, position=at, modified_at=tx.instant)
    if moved:
        tx.record(WorkflowsOrdered(inbox_id=inbox_id))


async def delete(tx: Transaction, workflow_id: int) -> None:
    """Remove a workflow; its runs stay. Raises NotFound, Forbidden."""
    it = await definitions.locked(tx, workflow_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await tx.write(DELETE, workflow_id=it.id, now=tx.instant)
    await tx.write(CLOSE_RANKS, inbox_id=it.inbox_id, position=it.position)
    if it.active_since is not None:
        _watch(tx, it, -1)
    tx.record(WorkflowDeleted(workflow_id=it.id))


async def restore(tx: Transaction, workflow_id: int, *, active: bool = False) -> None:
    """Bring a deleted workflow back to its place. What happened meanwhile does not concern it.

    Raises NotFound, also for one that is not deleted, Forbidden, Conflict if the inbox is full, or for an ``active`` one that
    refers to something that is gone.
    """
    it = await definitions.deleted(tx, workflow_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    before = [each.id for each in await definitions.of_inbox(tx, it.inbox_id)]
    if len(before) >= MOST_WORKFLOWS:
        raise Conflict(f"There are {MOST_WORKFLOWS} workflows in this inbox already")
    if active and await definitions.problems(tx, [it]):
        raise Conflict("The workflow refers to something that is gone")
    since = tx.instant if active else None
    position = len(before) + 1
    await tx.write(RESTORE, workflow_id=it.id, active_since=since, modified_at=tx.instant, position=position)
    if active:
        _watch(tx, it, 1)
    tx.record(WorkflowRestored(workflow_id=it.id, active=active))
    await order(tx, it.inbox_id, [*before[: it.position - 1], it.id])


def _watch(tx: Transaction, it: Workflow, change: int) -> None:
    """Facts are looked at while there is an automatic workflow that is switched on."""
    if it.type is WorkflowType.AUTOMATIC:
        tx.count(WATCHERS, change)


async def _keep_version(tx: Transaction, workflow_id: int, version: int, name: str, definition: Definition) -> None:
    user_id = tx.actor.user_id or None
    await tx.write(
        ADD_VERSION,
        workflow_id=workflow_id,
        version=version,
        name=name,
        definition=definition,
        user_id=user_id,
        created_at=tx.now,
    )
