"""Workflows: the vendor's list, switch and run (contract 61 §2), and definitions, runs, dry runs and replays of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from litestar import Request, Router
from msgspec import UNSET

from deskhand.conversations.queries import one
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Code, Invalid, Mistake
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Asked, Origins, Page, Stretch, cursor_links, page_info, page_links
from deskhand.kernel.http.patches import no_such_change
from deskhand.kernel.http.routes import PathId, delete, get, patch, post, put
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.workflows import replaying
from deskhand.workflows.model.facts import WorkflowStatus
from deskhand.workflows.operations import defining, running
from deskhand.workflows.queries import definitions, runs, trying
from deskhand.workflows.queries.definitions import Workflow
from deskhand.workflows.queries.runs import Run
from deskhand.workflows.schemas import definitions as shown
from deskhand.workflows.schemas import runs as told
from deskhand.workflows.schemas.definitions import (
    DefinitionInput,
    EmbeddedVersions,
    EmbeddedWhole,
    EmbeddedWorkflows,
    OrderInput,
    PageQuery,
    PatchInput,
    RunInput,
    WholeBody,
    WorkflowBody,
    WorkflowsQuery,
)
from deskhand.workflows.schemas.runs import (
    EmbeddedRuns,
    RunsQuery,
    TrialBody,
    TrialInput,
    WhyBody,
    WhyQuery,
    WorkflowReplayBody,
    WorkflowReplayInput,
)

B = TypeVar("B")
E = TypeVar("E")

STATUSES = (WorkflowStatus.ACTIVE.value, WorkflowStatus.INACTIVE.value)


@get(summary="List Workflows", errors=(400, 403), example=shown.EXAMPLES)
async def index(view: Snapshot, query: WorkflowsQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedWorkflows]:
    """The workflows of the inboxes one sees, by inbox and order."""
    return await _page(view, query, desk.settings.page_size, origins, asked, shown.workflow_body, EmbeddedWorkflows)


@get(summary="Get Workflow", errors=(400, 403, 404), example=shown.EXAMPLE)
async def show(view: Snapshot, workflow_id: PathId, origins: Origins) -> WorkflowBody:
    """One workflow."""
    it = await definitions.get(view, workflow_id)
    return shown.workflow_body(it, (await definitions.problems(view, [it])).get(it.id, []), origins)


@patch(summary="Update Workflow Status", errors=(400, 403, 404, 409, 415), example=shown.PATCH_EXAMPLE)
async def switch(tx: Transaction, workflow_id: PathId, data: PatchInput) -> None:
    """Switch a workflow on or off. One that refers to something that is gone cannot be switched on."""
    if (data.path, data.op) != ("/status", "replace"):
        raise no_such_change(data.op, data.path, [("/status", "replace")])
    if data.value not in STATUSES:
        told_words = "Expected one of these: " + ", ".join(f"'{word}'" for word in STATUSES)
        rejected = data.value if isinstance(data.value, str) else UNSET
        raise Invalid("value", told_words, code=Code.ENUM_VALUE, rejected=rejected)
    await defining.switch(tx, workflow_id, active=data.value == WorkflowStatus.ACTIVE)


@post("/run", status=204, summary="Run Workflow", errors=(400, 403, 404, 409, 415), example=shown.RUN_EXAMPLE)
async def run(tx: Transaction, workflow_id: PathId, data: RunInput) -> None:
    """Run a manual workflow on up to 50 conversations of its inbox: on all of them, or on none."""
    await running.run_by_hand(tx, workflow_id, data.conversation_ids)


@get(summary="List Workflow Definitions", errors=(400, 403), example=shown.WHOLE_EXAMPLES)
async def index_whole(view: Snapshot, query: WorkflowsQuery, desk: Desk, origins: Origins, asked: Asked) -> Page[EmbeddedWhole]:
    """The workflows of the inboxes one sees with their definitions, by inbox and order."""
    return await _page(view, query, desk.settings.page_size, origins, asked, shown.whole_body, EmbeddedWhole)


@post(summary="Create Workflow", errors=(400, 403, 415), example=shown.DEFINITION)
async def create(tx: Transaction, data: DefinitionInput, origins: Origins) -> Created:
    """Add a workflow to an inbox, behind the others. Every mistake in it is named by its place."""
    if data.status is WorkflowStatus.INVALID:
        raise Invalid("status", "Expected one of these: 'active', 'inactive'", code=Code.ENUM_VALUE, rejected="invalid")
    active = data.status is WorkflowStatus.ACTIVE
    workflow_id = await defining.create(tx, shown.given(data), active=active)
    return Created(workflow_id, location=f"{origins.api}/deskhand/v1/workflows/{workflow_id}")


@put("/order", summary="Order Workflows", errors=(400, 403, 404, 415), example=shown.ORDER_EXAMPLE)
async def order(tx: Transaction, data: OrderInput) -> None:
    """Put the workflows of an inbox into an order: automatic ones are considered in it."""
    await defining.order(tx, data.mailbox_id, data.ids)


@get(summary="Get Workflow Definition", errors=(400, 403, 404), example=shown.WHOLE_EXAMPLE)
async def show_whole(view: Snapshot, workflow_id: PathId, origins: Origins) -> WholeBody:
    """One workflow with its definition."""
    it = await definitions.get(view, workflow_id)
    return shown.whole_body(it, (await definitions.problems(view, [it])).get(it.id, []), origins)


@put(summary="Update Workflow", errors=(400, 403, 404, 409, 412, 415), example=shown.DEFINITION)
async def replace(tx: Transaction, workflow_id: PathId, data: DefinitionInput) -> None:
    """Let a workflow say something else; what it said before is kept. With `version` only if it is still that one."""
    await defining.replace(tx, workflow_id, shown.given(data), version=data.version)


@delete(summary="Delete Workflow", errors=(400, 403, 404))
async def remove(tx: Transaction, workflow_id: PathId) -> None:
    """Remove a workflow; its runs stay."""
    await defining.delete(tx, workflow_id)


@get("/versions", summary="List Workflow Versions", errors=(400, 403, 404), example=shown.VERSIONS_EXAMPLE)
async def list_versions(
    view: Snapshot, workflow_id: PathId, query: PageQuery, desk: Desk, asked: Asked
) -> Page[EmbeddedVersions]:
    """What a workflow said, newest first."""
    size = desk.settings.page_size
    found, total = await definitions.versions(view, workflow_id, query.page, size)
    info = page_info(query.page, size, total)
    return Page(
        embedded=EmbeddedVersions([shown.version_body(each) for each in found]) if found else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@get("/runs", summary="List Runs of a Workflow", errors=(400, 403, 404), example=told.RUNS_EXAMPLE)
async def list_runs(view: Snapshot, workflow_id: PathId, query: RunsQuery, desk: Desk, asked: Asked) -> Stretch[EmbeddedRuns]:
    """What a workflow did, newest first."""
    await definitions.get(view, workflow_id)
    size = desk.settings.page_size
    return _stretch(await runs.of_workflow(view, workflow_id, query.cursor, size + 1), size, query, asked)


@get("/workflow-runs", summary="List Runs on a Conversation", errors=(400, 403, 404), example=told.RUNS_EXAMPLE)
async def list_runs_on(
    view: Snapshot, conversation_id: PathId, query: RunsQuery, desk: Desk, asked: Asked
) -> Stretch[EmbeddedRuns]:
    """What workflows did to a conversation, newest first."""
    await one.get(view, conversation_id)
    size = desk.settings.page_size
    return _stretch(await runs.of_conversation(view, conversation_id, query.cursor, size + 1), size, query, asked)


@post("/dry-run", status=200, summary="Try a Workflow", errors=(400, 403, 415), example=told.TRIAL_EXAMPLE)
async def try_new(view: Snapshot, data: TrialInput) -> TrialBody:
    """What a definition that is not saved would do to the newest conversations of its inbox. Nothing is changed."""
    if data.definition is None:
        raise Invalid("definition", "may not be null", code=Code.NOT_NULL)
    definition = await defining.check(view, shown.given(data.definition))
    inbox_id = data.definition.mailbox_id
    return told.trial_body(await trying.dry_run(view, inbox_id, definition, None, data.conversations, data.triggers))


@post("/dry-run", status=200, summary="Try a Saved Workflow", errors=(400, 403, 404, 415), example=told.TRIAL_EXAMPLE)
async def try_saved(view: Snapshot, workflow_id: PathId, data: TrialInput) -> TrialBody:
    """What a workflow, or another definition in its place, would do to the newest conversations. Nothing is changed."""
    it = await definitions.get(view, workflow_id)
    definition = it.definition
    if data.definition is not None:
        definition = await defining.check(view, shown.given(data.definition))
    tried = await trying.dry_run(view, it.inbox_id, definition, it.definition, data.conversations, data.triggers)
    return told.trial_body(tried)


@post("/replay", status=200, summary="Replay a Workflow", errors=(400, 403, 404, 409, 412, 415), example=told.REPLAY_EXAMPLE)
async def replay(
    workflow_id: PathId, data: WorkflowReplayInput, desk: Desk, request: Request[Any, Any, Any]
) -> WorkflowReplayBody:
    """Let a workflow fire for what happened between two moments, where it should have fired and has not."""
    actor = request.scope["actor"]  # type: ignore[typeddict-item]
    done = await replaying.replay(desk, actor, workflow_id, since=data.since, until=data.until, from_id=data.from_id)
    return WorkflowReplayBody(
        looked_at=done.looked_at,
        matches=done.matches,
        ran=done.ran,
        stopped=done.stopped,
        next_id=done.next_id or UNSET,
    )


@get("/why", summary="Explain a Workflow", errors=(400, 403, 404), example=told.WHY_EXAMPLE)
async def why(view: Snapshot, workflow_id: PathId, query: WhyQuery) -> WhyBody:
    """Why a workflow does not fire on a conversation: each condition with what was found, and what stands against it."""
    it = await definitions.get(view, workflow_id)
    return told.why_body(await trying.explain(view, it, query.conversation, query.triggers))


async def _page(
    view: Snapshot,
    query: WorkflowsQuery,
    size: int,
    origins: Origins,
    asked: Asked,
    body: Callable[[Workflow, list[Mistake], Origins], B],
    embedded: Callable[[list[B]], E],
) -> Page[E]:
    found, total = await definitions.page(view, query.page, size, inbox_id=query.mailbox_id, type_=query.type)
    problems = await definitions.problems(view, found)
    info = page_info(query.page, size, total)
    bodies = [body(each, problems.get(each.id, []), origins) for each in found]
    return Page(
        embedded=embedded(bodies) if bodies else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


def _stretch(found: list[Run], size: int, query: RunsQuery, asked: Asked) -> Stretch[EmbeddedRuns]:
    shown = found[:size]
    here = str(query.cursor) if query.cursor else None
    following = str(shown[-1].id) if len(found) > size else None
    return Stretch(
        embedded=EmbeddedRuns([told.run_body(each) for each in shown]) if shown else UNSET,
        links=cursor_links(asked, here, following),
    )


ROUTERS = [
    Router("/v2/workflows", route_handlers=[index]),
    Router("/v2/workflows/{workflow_id:str}", route_handlers=[show, switch, run]),
    Router("/deskhand/v1/workflows", route_handlers=[index_whole, create, order, try_new]),
    Router(
        "/deskhand/v1/workflows/{workflow_id:str}",
        route_handlers=[show_whole, replace, remove, list_versions, list_runs, try_saved, replay, why],
    ),
    Router("/deskhand/v1/conversations/{conversation_id:str}", route_handlers=[list_runs_on]),
]
