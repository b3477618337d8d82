"""The resource (contract 61 §2) and definitions, which are ours."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.kernel.errors import Mistake
from deskhand.kernel.http.hal import Link, Origins, SelfLink, example_page
from deskhand.kernel.http.wire import Id, PageNumber
from deskhand.workflows.model.definition import AllOf, AnyOf, Condition, Definition, Entry
from deskhand.workflows.model.facts import Fires, WorkflowStatus, WorkflowType
from deskhand.workflows.model.given import ActionGiven, EntryGiven, Given
from deskhand.workflows.queries.definitions import Version, Workflow

API = "https://desk.example.org/v2"
OURS = "https://desk.example.org/deskhand/v1/workflows"
EXAMPLE: dict[str, Any] = {
    "id": 501,
    "mailboxId": 61,
    "type": "automatic",
    "status": "active",
    "order": 1,
    "name": "Parcels to the night shift",
    "createdAt": "2026-02-10T09:00:00Z",
    "modifiedAt": "2026-02-10T10:37:00Z",
    "_links": {"self": {"href": f"{API}/workflows/501"}},
}
EXAMPLES = example_page(f"{API}/workflows", "workflows", EXAMPLE)
PATCH_EXAMPLE = {"op": "replace", "path": "/status", "value": "active"}
RUN_EXAMPLE = {"conversationIds": [41007]}
DEFINITION: dict[str, Any] = {
    "mailboxId": 61,
    "type": "automatic",
    "name": "Parcels to the night shift",
    "fires": "once",
    "conditions": [
        {"field": "trigger", "comparison": "is-any-of", "value": ["created", "customer-replied"]},
        {"any": [{"field": "subject", "comparison": "contains", "value": "parcel"}]},
    ],
    "actions": [{"type": "set-status", "status": "pending"}],
}
WHOLE_EXAMPLE = EXAMPLE | {"version": 1} | {name: DEFINITION[name] for name in ("fires", "conditions", "actions")}
WHOLE_EXAMPLES = example_page(OURS, "workflows", WHOLE_EXAMPLE)
VERSIONS_EXAMPLE = example_page(
    f"{OURS}/501/versions",
    "versions",
    {name: WHOLE_EXAMPLE[name] for name in ("version", "name", "fires", "conditions", "actions", "createdAt")}
    | {"userId": 502},
)
ORDER_EXAMPLE = {"mailboxId": 61, "ids": [502, 501]}


class WorkflowsQuery(Struct, frozen=True, rename="camel"):
    """Which workflows."""

    mailbox_id: Id | None = None
    type: WorkflowType | None = None
    page: PageNumber = 1


class PageQuery(Struct, frozen=True):
    """Which page."""

    page: PageNumber = 1


class PatchInput(Struct, frozen=True):
    """A change of a workflow: only its status can be replaced."""

    op: str
    path: str
    value: Any = UNSET


class RunInput(Struct, frozen=True, rename="camel"):
    """The conversations to run on."""

    conversation_ids: Annotated[list[Id], Meta(min_length=1, max_length=50)]


class DefinitionInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """What a workflow is to be. ``status`` only counts when it is made, ``version`` only when it is replaced."""

    mailbox_id: Id
    type: WorkflowType
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    fires: Fires | None = None
    conditions: list[EntryGiven] = []
    actions: Annotated[list[ActionGiven], Meta(min_length=1)]
    status: WorkflowStatus | None = None
    version: Id | None = None


class OrderInput(Struct, frozen=True, rename="camel"):
    """Workflows of an inbox, in the order wanted; those that are left out follow."""

    mailbox_id: Id
    ids: Annotated[list[Id], Meta(min_length=1, max_length=100)]


class WorkflowBody(Struct, kw_only=True, rename="camel"):
    """A workflow as the vendor gives it."""

    id: int
    mailbox_id: int
    type: str
    status: str
    order: int
    name: str
    created_at: datetime
    modified_at: datetime
    links: SelfLink = field(name="_links")


class ProblemBody(Struct):
    """Something that a definition refers to and that is gone."""

    path: str
    message: str


class WholeBody(WorkflowBody, kw_only=True, rename="camel"):
    """A workflow with its definition; ``problems`` only when it is invalid."""

    version: int
    fires: str
    conditions: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    problems: list[ProblemBody] | UnsetType = UNSET


class VersionBody(Struct, kw_only=True, rename="camel"):
    """What a workflow said from a moment on; ``userId`` said so."""

    version: int
    name: str
    fires: str
    conditions: list[dict[str, Any]]
    actions: list[dict[str, Any]]
    created_at: datetime
    user_id: int | UnsetType = UNSET


class EmbeddedWorkflows(Struct):
    """The workflows of a page."""

    workflows: list[WorkflowBody]


class EmbeddedWhole(Struct):
    """The same with their definitions."""

    workflows: list[WholeBody]


class EmbeddedVersions(Struct):
    """The versions of a page."""

    versions: list[VersionBody]


def given(data: DefinitionInput) -> Given:
    """What came in, as definitions are checked."""
    return Given(
        inbox_id=data.mailbox_id,
        type=data.type,
        name=data.name,
        fires=data.fires,
        conditions=data.conditions,
        actions=data.actions,
    )


def workflow_body(it: Workflow, problems: list[Mistake], origins: Origins) -> WorkflowBody:
    """A record as the resource of contract 61 §2."""
    return WorkflowBody(**_workflow(it, problems, f"{origins.api}/v2/workflows/{it.id}"))


def whole_body(it: Workflow, problems: list[Mistake], origins: Origins) -> WholeBody:
    """The same with its definition."""
    return WholeBody(
        **_workflow(it, problems, f"{origins.api}/deskhand/v1/workflows/{it.id}"),
        version=it.version,
        **_definition(it.definition),
        problems=problem_bodies(problems) or UNSET,
    )


def version_body(it: Version) -> VersionBody:
    """What a workflow said."""
    return VersionBody(
        version=it.version,
        name=it.name,
        **_definition(it.definition),
        created_at=it.created_at,
        user_id=it.user_id or UNSET,
    )


def _workflow(it: Workflow, problems: list[Mistake], address: str) -> dict[str, Any]:
    status = WorkflowStatus.INACTIVE if it.active_since is None else WorkflowStatus.ACTIVE
    return {
        "id": it.id,
        "mailbox_id": it.inbox_id,
        "type": it.type,
        "status": WorkflowStatus.INVALID if problems else status,
        "order": it.position,
        "name": it.name,
        "created_at": it.created_at,
        "modified_at": it.modified_at.replace(microsecond=0),
        "links": SelfLink(Link(address)),
    }


def problem_bodies(mistakes: list[Mistake]) -> list[ProblemBody]:
    """What a definition refers to and that is gone."""
    return [ProblemBody(each.path, each.message) for each in mistakes]


def _definition(it: Definition) -> dict[str, Any]:
    return {
        "fires": it.fires,
        "conditions": [_entry(each) for each in it.conditions],
        "actions": [msgspec.to_builtins(each) for each in it.actions],
    }


def _entry(it: Entry) -> dict[str, Any]:
    """As it is given in a definition."""
    match it:
        case AllOf(entries):
            return {"all": [_entry(each) for each in entries]}
        case AnyOf(entries):
            return {"any": [_entry(each) for each in entries]}
        case Condition(name, _, comparison, id_, value):
            told = {"field": name, "id": id_ or None, "comparison": comparison, "value": value}
            return {key: each for key, each in told.items() if each is not None}
