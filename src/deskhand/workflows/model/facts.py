"""Words, limits and facts of workflows."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from deskhand.conversations import model as conversation
from deskhand.conversations.model import CUSTOMER_SPEAKS, ThreadType
from deskhand.kernel.events import Event
from deskhand.kernel.permissions import ActorKind
from deskhand.ratings.model import RatingChanged, RatingReceived

MOST_WORKFLOWS = 100  # of an inbox: each operation considers all of them
MOST_DEEP = 5
MOST_RUNS = 100  # of one workflow on one conversation within RUNS_WITHIN
RUNS_WITHIN = timedelta(hours=1)
MOST_REPLIES = 5  # of workflows in one conversation within REPLIES_WITHIN
REPLIES_WITHIN = timedelta(hours=24)


class WorkflowType(StrEnum):
    """Whether it waits for a user or acts by itself."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class WorkflowStatus(StrEnum):
    """``invalid`` refers to something that is gone; it is found out by looking and never stored."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    INVALID = "invalid"


class Fires(StrEnum):
    """How often an automatic one runs on the same conversation."""

    ALWAYS = "always"
    ONCE = "once"


class Trigger(StrEnum):
    """What happened to a conversation in one operation."""

    ASSIGNED = "assigned"
    CREATED = "created"
    CUSTOMER_CHANGED = "customer-changed"
    CUSTOMER_REPLIED = "customer-replied"
    FIELDS_CHANGED = "fields-changed"
    FORWARDED = "forwarded"
    MERGED = "merged"
    MOVED = "moved"
    NOTE_ADDED = "note-added"
    RATED = "rated"
    SNOOZED = "snoozed"
    STATUS_CHANGED = "status-changed"
    SUBJECT_CHANGED = "subject-changed"
    TAGGED = "tagged"
    USER_REPLIED = "user-replied"
    WOKEN = "woken"
    WORKFLOW_REPLIED = "workflow-replied"


class RunState(StrEnum):
    """What came of a run; of ``stopped`` and ``unmatched`` ones nothing was done."""

    DONE = "done"
    PARTLY = "partly"
    REFUSED = "refused"
    STOPPED = "stopped"
    UNMATCHED = "unmatched"


class Stop(StrEnum):
    """Why a workflow that would fire does not."""

    DEPTH = "depth"
    LIMIT = "limit"
    LOOP = "loop"


class Outcome(StrEnum):
    """What came of an action."""

    DONE = "done"
    HELD = "held"
    REFUSED = "refused"
    UNCHANGED = "unchanged"


class Result(Struct, frozen=True):
    """An action of a run: ``text`` says what was done, or why not."""

    type: str
    state: Outcome
    text: str


class Reason(Struct, frozen=True):
    """A condition of a run: where it stands in the definition, its sentence, what was found, and whether it held."""

    path: str
    text: str
    actual: str
    holds: bool


class Happening(Struct, frozen=True, rename="camel", omit_defaults=True):
    """What one operation did to a conversation. ``event_id`` is its first fact, ``thread_id`` what it said (0: nothing),
    ``newest_id`` the newest entry by then, ``run_id`` the run that did it (0: none)."""

    event_id: int
    at: datetime
    triggers: tuple[Trigger, ...]
    thread_id: int = 0
    newest_id: int = 0
    run_id: int = 0


class WorkflowCreated(Event, frozen=True):
    """An inbox has another workflow."""

    workflow_id: int


class WorkflowUpdated(Event, frozen=True):
    """A workflow says something else."""

    workflow_id: int
    version: int


class WorkflowSwitched(Event, frozen=True):
    """A workflow was switched on or off."""

    workflow_id: int
    active: bool


class WorkflowsOrdered(Event, frozen=True):
    """The workflows of an inbox stand in another order."""

    inbox_id: int


class WorkflowDeleted(Event, frozen=True):
    """A workflow is no more; its runs stay."""

    workflow_id: int


class WorkflowRestored(Event, frozen=True):
    """A workflow that was deleted is back."""

    workflow_id: int
    active: bool


class WorkflowRan(Event, frozen=True):
    """A workflow ran on a conversation."""

    workflow_id: int
    conversation_id: int
    run_id: int


class WorkflowStopped(Event, frozen=True):
    """A workflow would have run, but for a limit."""

    workflow_id: int
    conversation_id: int
    run_id: int
    reason: Stop


class WorkflowsAlerted(Event, frozen=True):
    """Something happened to a conversation whose inbox has workflows that may want to act."""

    conversation_id: int
    happening: Happening


class WorkflowWaits(Event, frozen=True):
    """A workflow would act but for time, and looks at the conversation again at a moment (UTC)."""

    workflow_id: int
    conversation_id: int
    until: datetime
    happening: Happening


TRIGGERS: dict[type[Event], Trigger] = {
    conversation.ConversationAssigned: Trigger.ASSIGNED,
    conversation.ConversationMerged: Trigger.MERGED,
    conversation.ConversationMoved: Trigger.MOVED,
    conversation.ConversationSnoozed: Trigger.SNOOZED,
    conversation.ConversationStatusChanged: Trigger.STATUS_CHANGED,
    conversation.ConversationWoken: Trigger.WOKEN,
    conversation.CustomerChanged: Trigger.CUSTOMER_CHANGED,
    conversation.FieldsChanged: Trigger.FIELDS_CHANGED,
    conversation.SubjectChanged: Trigger.SUBJECT_CHANGED,
    conversation.TagsChanged: Trigger.TAGGED,
    RatingChanged: Trigger.RATED,
    RatingReceived: Trigger.RATED,
}


def trigger_of(event: Event, by: ActorKind) -> Trigger | None:
    """What a fact is to workflows, or None. History that is imported, and what a machine answers, is
    nothing that happens."""
    if isinstance(event, conversation.ConversationCreated):
        return None if event.imported else Trigger.CREATED
    if isinstance(event, conversation.ThreadAdded):
        return None if event.automatic else _said(event.type, by)
    return TRIGGERS.get(type(event))


def conversation_of(event: Event) -> int:
    """The conversation that a fact which is a trigger is about."""
    return event.conversation_id  # type: ignore[attr-defined, no-any-return]


def _said(type_: ThreadType, by: ActorKind) -> Trigger | None:
    if type_ in CUSTOMER_SPEAKS:
        return Trigger.CUSTOMER_REPLIED
    if type_ is ThreadType.MESSAGE:
        return Trigger.WORKFLOW_REPLIED if by is ActorKind.WORKFLOW else Trigger.USER_REPLIED
    return {ThreadType.NOTE: Trigger.NOTE_ADDED, ThreadType.FORWARD_PARENT: Trigger.FORWARDED}.get(type_)
