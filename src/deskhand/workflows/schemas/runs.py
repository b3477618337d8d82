"""Runs, dry runs, replays and explanations on the wire; all of them are ours."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from deskhand.kernel.http.wire import Id, Moment
from deskhand.workflows.model.facts import Reason, Trigger
from deskhand.workflows.queries.runs import Run
from deskhand.workflows.queries.trying import Explanation, Trial
from deskhand.workflows.schemas.definitions import DEFINITION, OURS, DefinitionInput, ProblemBody, problem_bodies

MOST_TRIED = 1000
RUN: dict[str, Any] = {
    "id": 9001,
    "workflowId": 501,
    "workflowName": "Parcels to the night shift",
    "version": 1,
    "conversationId": 41007,
    "type": "automatic",
    "state": "done",
    "at": "2026-02-10T10:37:00Z",
    "eventId": 4711,
    "triggers": ["created"],
    "depth": 1,
    "conditions": [
        {"path": "conditions[0]", "text": "trigger is any of created, customer-replied", "actual": "created", "holds": True}
    ],
    "actions": [{"type": "set-status", "state": "done", "text": "set the status to Pending"}],
}
RUNS_EXAMPLE = {
    "_embedded": {"runs": [RUN]},
    "_links": {"first": {"href": f"{OURS}/501/runs"}, "self": {"href": f"{OURS}/501/runs"}},
}
WHY_EXAMPLE = {
    "matches": True,
    "fires": False,
    "conditions": RUN["conditions"],
    "against": ["already-ran"],
    "problems": [],
}
TRIAL_EXAMPLE = {"definition": DEFINITION, "conversations": 200}
REPLAY_EXAMPLE = {"since": "2026-02-10T09:00:00Z", "until": "2026-02-10T10:00:00Z"}


class RunsQuery(Struct, frozen=True):
    """Where to go on; ``cursor`` is taken from a ``next`` link."""

    cursor: Id | None = None


class WhyQuery(Struct, frozen=True):
    """Which conversation, and what is taken to have happened to it."""

    conversation: Id
    triggers: list[Trigger] | None = None


class TrialInput(Struct, frozen=True, kw_only=True):
    """What to try on how many conversations; without ``definition`` the saved one."""

    definition: DefinitionInput | None = None
    conversations: Annotated[int, Meta(ge=1, le=MOST_TRIED)] = 100
    triggers: Annotated[list[Trigger], Meta(max_length=50)] | None = None


class WorkflowReplayInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """Between which moments; ``fromId`` goes on where an earlier call ended."""

    since: Moment
    until: Moment
    from_id: Id | None = None


class ReasonBody(Struct):
    """A condition: where it stands, its sentence, what was found, whether it holds."""

    path: str
    text: str
    actual: str
    holds: bool


class ResultBody(Struct):
    """An action of a run, and what came of it."""

    type: str
    state: str
    text: str


class RunBody(Struct, kw_only=True, rename="camel"):
    """A run; ``reason`` says why it was stopped, ``userId`` who ran it by hand."""

    id: int
    workflow_id: int
    workflow_name: str
    version: int
    conversation_id: int
    type: str
    state: str
    at: datetime
    event_id: int | UnsetType = UNSET
    user_id: int | UnsetType = UNSET
    triggers: list[str]
    depth: int
    parent_id: int | UnsetType = UNSET
    reason: str | UnsetType = UNSET
    conditions: list[ReasonBody]
    actions: list[ResultBody]


class TriedBody(Struct, kw_only=True, rename="camel"):
    """A conversation that is matched, or was by the saved definition; ``actions`` are what would be done."""

    conversation_id: int
    number: int
    subject: str
    matches: bool
    matched_before: bool
    conditions: list[ReasonBody]
    actions: list[str]


class TrialBody(Struct, kw_only=True, rename="camel"):
    """What a definition would do; ``newly`` and ``noLonger`` are against the saved one."""

    looked_at: int
    matches: int
    newly: int
    no_longer: int
    waiting: int
    conversations: list[TriedBody]


class WorkflowReplayBody(Struct, kw_only=True, rename="camel"):
    """What a replay did; ``nextId`` where there is more."""

    looked_at: int
    matches: int
    ran: list[int]
    stopped: list[int]
    next_id: int | UnsetType = UNSET


class WhyBody(Struct, kw_only=True, rename="camel"):
    """Why a workflow does not fire on a conversation, or that it would."""

    matches: bool
    fires: bool
    conditions: list[ReasonBody]
    matches_at: datetime | UnsetType = UNSET
    appointment: datetime | UnsetType = UNSET
    against: list[str]
    problems: list[ProblemBody]


class EmbeddedRuns(Struct):
    """Some runs."""

    runs: list[RunBody]


def run_body(it: Run) -> RunBody:
    """The record of a run."""
    return RunBody(
        id=it.id,
        workflow_id=it.workflow_id,
        workflow_name=it.workflow_name,
        version=it.version,
        conversation_id=it.conversation_id,
        type=it.type,
        state=it.state,
        at=it.at.replace(microsecond=0),
        event_id=it.event_id or UNSET,
        user_id=it.user_id or UNSET,
        triggers=[each.value for each in it.triggers],
        depth=it.depth,
        parent_id=it.parent_id or UNSET,
        reason=it.stopped_by.value if it.stopped_by else UNSET,
        conditions=_reasons(it.reasons),
        actions=[ResultBody(each.type, each.state, each.text) for each in it.results],
    )


def trial_body(it: Trial) -> TrialBody:
    """What a dry run found."""
    return TrialBody(
        looked_at=it.looked_at,
        matches=it.matches,
        newly=it.newly,
        no_longer=it.no_longer,
        waiting=it.waiting,
        conversations=[
            TriedBody(
                conversation_id=each.conversation_id,
                number=each.number,
                subject=each.subject,
                matches=each.matches,
                matched_before=each.matched_before,
                conditions=_reasons(each.reasons),
                actions=each.actions,
            )
            for each in it.conversations
        ],
    )


def why_body(it: Explanation) -> WhyBody:
    """Why a workflow does not fire."""
    return WhyBody(
        matches=it.matches,
        fires=it.matches and not it.against,
        conditions=_reasons(it.reasons),
        matches_at=it.matches_at or UNSET,
        appointment=it.appointment or UNSET,
        against=it.against,
        problems=problem_bodies(it.problems),
    )


def _reasons(reasons: list[Reason]) -> list[ReasonBody]:
    return [ReasonBody(each.path, each.text, each.actual, each.holds) for each in reasons]
