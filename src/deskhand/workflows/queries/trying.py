"""Looking without doing: what a definition would do to the newest conversations, and why a workflow did not fire."""

from __future__ import annotations

import asyncio
from datetime import datetime

from msgspec import Struct, structs
from sqlalchemy import select

from deskhand.conversations.model import ConversationState
from deskhand.kernel import tables
from deskhand.kernel.errors import Mistake, NotFound
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.workflows.model.definition import Definition
from deskhand.workflows.model.facts import MOST_RUNS, RUNS_WITHIN, Fires, Reason, Trigger, WorkflowType
from deskhand.workflows.model.judging import Scene, holds, matches_at, reasons
from deskhand.workflows.model.telling import told
from deskhand.workflows.queries import definitions, runs, scenes
from deskhand.workflows.queries.definitions import Workflow

AT_ONCE = 20  # conversations between two breaths: the event loop goes on meanwhile
JOB = read(select(tables.jobs.c.due).where(tables.jobs.c.key == param("key"), tables.jobs.c.state == "ready"), datetime)


class Tried(Struct, frozen=True):
    """A conversation that a definition matches, or that the saved one did; or any, where all are wanted."""

    conversation_id: int
    number: int
    subject: str
    matches: bool
    matched_before: bool
    reasons: list[Reason]
    actions: list[str]


class Trial(Struct, frozen=True):
    """What a definition would do: ``waiting`` are those that it would match later by time alone."""

    looked_at: int
    matches: int
    newly: int
    no_longer: int
    waiting: int
    conversations: list[Tried]


class Explanation(Struct, frozen=True):
    """Why a workflow does not fire on a conversation: its conditions, and what stands ``against`` it besides."""

    matches: bool
    reasons: list[Reason]
    matches_at: datetime | None
    appointment: datetime | None
    against: list[str]
    problems: list[Mistake]


def appointment_key(workflow_id: int, conversation_id: int) -> str:
    """The key of the job that looks at a conversation again."""
    return f"workflow:{workflow_id}:{conversation_id}"


async def dry_run(
    view: Snapshot,
    inbox_id: int,
    definition: Definition,
    saved: Definition | None,
    most: int,
    triggers: list[Trigger] | None,
    *,
    shows_all: bool = False,
) -> Trial:
    """What a definition would do to the newest conversations of an inbox, and what the ``saved`` one would not, or would.

    Raises Forbidden. Without ``triggers`` every one counts as met. With ``shows_all`` also those that neither matches.
    """
    view.actor.must(Permission.MANAGE_ACCOUNT)
    ids = await scenes.newest(view, inbox_id, most)
    of = [definition, saved or definition]
    found: list[Tried] = []
    waiting = 0
    for start in range(0, len(ids), AT_ONCE):
        for scene in reversed(await scenes.load(view, ids[start : start + AT_ONCE], None, of)):
            scene = _assumed(scene, triggers)
            matches = holds(definition.conditions, scene)
            before = holds((saved or definition).conditions, scene)
            waiting += not matches and matches_at(definition.conditions, scene) is not None
            if shows_all or matches or (saved is not None and before):
                found.append(
                    Tried(
                        scene.id,
                        scene.number,
                        scene.subject,
                        matches,
                        saved is not None and before,
                        reasons(definition.conditions, scene),
                        [told(each) for each in definition.actions] if matches else [],
                    )
                )
        await asyncio.sleep(0)
    return Trial(
        looked_at=len(ids),
        matches=sum(each.matches for each in found),
        newly=sum(each.matches and not each.matched_before for each in found),
        no_longer=sum(each.matched_before and not each.matches for each in found),
        waiting=waiting,
        conversations=found,
    )


async def explain(view: Snapshot, it: Workflow, conversation_id: int, triggers: list[Trigger] | None) -> Explanation:
    """Why a workflow does not fire on a conversation, or that it would. Raises NotFound for one that is not there."""
    place = await view.first(scenes.PLACE, conversation_id=conversation_id)
    if place is None or not view.actor.sees_inbox(place.inbox_id):
        raise NotFound("Not found")
    problems = (await definitions.problems(view, [it])).get(it.id, [])
    pair = {"workflow_id": it.id, "conversation_id": conversation_id}
    recent = await view.one(runs.RECENT, **pair, since=view.now - RUNS_WITHIN)
    is_once = it.definition.fires is Fires.ONCE
    against = {
        "manual": it.type is WorkflowType.MANUAL,
        "inactive": it.active_since is None,
        "invalid": bool(problems),
        "other-inbox": place.inbox_id != it.inbox_id,
        "draft": place.state is ConversationState.DRAFT,
        "deleted": place.state is ConversationState.DELETED,
        "already-ran": is_once and await view.first(runs.FIRED, **pair) is not None,
        "limit": not is_once and recent >= MOST_RUNS,
    }
    appointment = await view.first(JOB, key=appointment_key(it.id, conversation_id))
    scene = next(iter(await scenes.load(view, [conversation_id], None, [it.definition])), None)
    scene = None if scene is None else _assumed(scene, triggers)
    return Explanation(
        matches=scene is not None and holds(it.definition.conditions, scene),
        reasons=[] if scene is None else reasons(it.definition.conditions, scene),
        matches_at=None if scene is None else matches_at(it.definition.conditions, scene),
        appointment=appointment,
        against=[name for name, stands in against.items() if stands],
        problems=problems,
    )


def _assumed(scene: Scene, triggers: list[Trigger] | None) -> Scene:
    return scene if triggers is None else structs.replace(scene, triggers=frozenset(triggers))
