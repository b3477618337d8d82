"""What a workflow did and why; why it did not; and letting it run by hand, or for what is past."""

from __future__ import annotations

from typing import Any

from litestar import Router

from deskhand.conversations.queries import lists, one
from deskhand.kernel.errors import Invalid
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.languages import N_
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Visit, act, errand, page
from deskhand.ui.flows import labels
from deskhand.ui.flows.choices import choices
from deskhand.ui.flows.sentences import Sentences
from deskhand.ui.frame import frame
from deskhand.ui.lists import NEWEST, SORTS, found_by
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.workflows import replaying
from deskhand.workflows.model.facts import MOST_WORKFLOWS, RunState, WorkflowType
from deskhand.workflows.operations import running
from deskhand.workflows.queries import definitions, runs, trying
from deskhand.workflows.queries.definitions import Workflow
from deskhand.workflows.queries.runs import Run

SIZE = 50
MOST_VERSIONS = 100
MOST_BY_HAND = 50
MOST_ROUNDS = 10


@page("/settings/workflows/{workflow_id:str}/runs", title="What a workflow did", needs=MANAGE)
async def ledger(view: Snapshot, visit: Visit, workflow_id: PathId) -> Answer:
    """Newest first, each with why."""
    it = await definitions.get(view, workflow_id)
    found = await runs.of_workflow(view, it.id, _before(visit), SIZE + 1)
    return _show(visit, "runs", it, **await _told(view, visit, found, it.inbox_id, f"/settings/workflows/{it.id}/runs"))


@page("/conversation/{conversation_id:str}/workflows", title="Workflows on a conversation")
async def on_one(view: Snapshot, visit: Visit, conversation_id: PathId) -> Answer:
    """What workflows did to it and why, and those that can be run by hand."""
    it = await one.get(view, conversation_id)
    found = await runs.of_conversation(view, it.id, _before(visit), SIZE + 1)
    offered, _ = await definitions.page(view, 1, MOST_WORKFLOWS, inbox_id=it.inbox_id, type_=WorkflowType.MANUAL)
    gone = await definitions.problems(view, offered)
    sentences = Sentences(await choices(view, it.inbox_id), visit.words)
    return visit.page(
        "workflows/conversation.html",
        frame=await frame(view, it.inbox_id),
        pane="page",
        about=it,
        offered=[
            (each, [sentences.action(step) for step in each.definition.actions])
            for each in offered
            if each.active_since is not None and each.id not in gone
        ],
        may_run=visit.actor.may(Permission.EDIT_CONVERSATIONS),
        **await _told(view, visit, found, it.inbox_id, f"/conversation/{it.id}/workflows"),
    )


@act("/conversation/{conversation_id:str}/workflows", title="Run a workflow on a conversation", shown_by=on_one)
async def run_on_one(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """The manual one of ``workflow``; leads back to the conversation."""
    await one.get(tx, conversation_id)
    it = await definitions.get(tx, form.number("workflow") or 0)
    await running.run_by_hand(tx, it.id, [conversation_id])
    (ran,) = await runs.of_conversation(tx, conversation_id, None, 1)
    told = {
        RunState.DONE: "%(name)s ran",
        RunState.UNMATCHED: "%(name)s did nothing: the conversation does not match",
    }.get(ran.state, "%(name)s ran, but not all of it could be done")
    is_trouble = ran.state is not RunState.DONE
    to = f"/conversation/{conversation_id}/workflows" if is_trouble else f"/conversation/{conversation_id}"
    return Done(to, visit.words.text(told, name=it.name), is_trouble=is_trouble)


@page("/settings/workflows/{workflow_id:str}/why", title="Why a workflow did not run", needs=MANAGE)
async def why(view: Snapshot, visit: Visit, workflow_id: PathId) -> Answer:
    """On the conversation of a ``number``: each condition with what was found, and what stands against it."""
    it = await definitions.get(view, workflow_id)
    number = visit.query.get("number", "").strip().removeprefix("#")
    ids = await _ids(view, visit, [number]) if number else {}
    problem = visit.words.text("There is no conversation with this number") if number and not ids else ""
    explained, row, asked = None, None, []
    for conversation_id in ids.values():
        explained = await trying.explain(view, it, conversation_id, None)
        row = next(iter(await lists.rows(view, [conversation_id])), None)
        asked = Sentences(await choices(view, it.inbox_id), visit.words).conditions(explained.reasons, it.definition)
    against = labels.against(visit.words)
    values: dict[str, Any] = {"number": number, "problem": problem, "row": row, "asked": asked, "against": against}
    return _show(visit, "why", it, explained=explained, **values)


@page("/settings/workflows/{workflow_id:str}/run", title="Run a workflow", needs=MANAGE)
async def by_hand(view: Snapshot, visit: Visit, workflow_id: PathId) -> Answer:
    """A manual one on conversations, an automatic one on what is past."""
    it = await definitions.get(view, workflow_id)
    return _show(visit, "run", it, is_manual=it.type is WorkflowType.MANUAL, most=MOST_BY_HAND)


@act("/settings/workflows/{workflow_id:str}/run", title="Run a workflow by hand", needs=MANAGE, shown_by=by_hand)
async def run(tx: Transaction, visit: Visit, form: Form, workflow_id: PathId) -> Done:
    """On the conversations of some ``numbers``, all of them or none."""
    numbers = list(dict.fromkeys(form.one("numbers").replace(",", " ").replace("#", " ").split()))
    if not 1 <= len(numbers) <= MOST_BY_HAND:
        raise Invalid("numbers", visit.words.text("Give 1 to %(most)s numbers", most=MOST_BY_HAND))
    ids = await _ids(tx, visit, numbers)
    gone = [each for each in numbers if each not in ids]
    if gone:
        raise Invalid("numbers", visit.words.text("There is no conversation #%(number)s", number=gone[0][:20]))
    try:
        await running.run_by_hand(tx, workflow_id, list(ids.values()))
    except Invalid as error:
        raise Invalid("numbers", error.mistakes[0].message) from None
    told = visit.words.plural("It ran on %(count)s conversation", "It ran on %(count)s conversations", len(ids))
    return Done(f"/settings/workflows/{workflow_id}/runs", told)


@errand("/settings/workflows/{workflow_id:str}/replay", title="Replay a workflow", needs=MANAGE, shown_by=by_hand)
async def replay(visit: Visit, form: Form, workflow_id: PathId) -> Done:
    """For what happened from ``since`` until before ``until``, where it should have run and has not."""
    moments = {name: visit.words.moment(form.one(name)) for name in ("since", "until")}
    for name, at in moments.items():
        if at is None:
            raise Invalid(name, "must be a day and a time")
    since, until = moments["since"], moments["until"]
    assert since is not None
    assert until is not None
    ran = stopped = 0
    following: int | None = None
    for _ in range(MOST_ROUNDS):
        done = await replaying.replay(visit.desk, visit.actor, workflow_id, since=since, until=until, from_id=following)
        ran, stopped, following = ran + len(done.ran), stopped + len(done.stopped), done.next_id
        if following is None:
            break
    told = visit.words.plural("It ran %(count)s time", "It ran %(count)s times", ran)
    if following is not None:
        told = visit.words.text("%(told)s; there is more, so replay it once more", told=told)
    return Done(f"/settings/workflows/{workflow_id}/runs", told, is_trouble=bool(stopped or following))


def around(workflow_id: int, here: str) -> list[tuple[str, str, bool]]:
    """The pages of a workflow."""
    start = f"/settings/workflows/{workflow_id}"
    pages = {
        "form": (N_("What it does"), ""),
        "runs": (N_("What it did"), "/runs"),
        "why": (N_("Why, or why not"), "/why"),
        "run": (N_("Run it"), "/run"),
    }
    return [(name, f"{start}{path}", key == here) for key, (name, path) in pages.items()]


def _before(visit: Visit) -> int | None:
    """Where a ledger goes on."""
    asked = visit.query.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None


async def _told(view: Snapshot, visit: Visit, found: list[Run], inbox_id: int, here: str) -> dict[str, Any]:
    """A page of runs in words, each as its version of then says it."""
    shown = found[:SIZE]
    said = {
        (each.workflow_id, each.version): each.definition
        for workflow_id in {each.workflow_id for each in shown}
        for each in await view.all(definitions.VERSIONS, workflow_id=workflow_id, most=MOST_VERSIONS, skip=0)
    }
    there = await choices(view, inbox_id)
    sentences = Sentences(there, visit.words)
    about = {each.id: each for each in await lists.rows(view, list({each.conversation_id for each in shown}))}
    rows = []
    for each in shown:
        definition = said.get((each.workflow_id, each.version))
        asked, came = sentences.conditions(each.reasons, definition), sentences.came(each.results, definition)
        rows.append((each, about.get(each.conversation_id), asked, came))
    return {
        "rows": rows,
        "more": f"{here}?before={shown[-1].id}" if len(found) > SIZE else "",
        "users": there.users,
        "happened": labels.values(visit.words),
        "states": labels.states(visit.words),
        "stops": labels.stops(visit.words),
    }


async def _ids(view: Snapshot, visit: Visit, numbers: list[str]) -> dict[str, int]:
    """The ids of conversations that the actor sees, by number."""
    known = [each for each in numbers if each.isascii() and each.isdigit() and len(each) < 19]
    if not known:
        return {}
    asked = " OR ".join(f"number:{each}" for each in known)
    found, _ = await found_by(view, visit, f"({asked})", SORTS[NEWEST], 1, MOST_BY_HAND)
    by_number = {str(each.number): each.id for each in found.conversations}
    return {each: by_number[str(int(each))] for each in known if str(int(each)) in by_number}


def _show(visit: Visit, here: str, it: Workflow, **values: Any) -> Answer:
    crumb = (visit.words.text("Workflows"), f"/settings/workflows?inbox={it.inbox_id}")
    return show(visit, f"workflows/{here}.html", "workflows", crumb=crumb, subnav=around(it.id, here), it=it, **values)


HANDLERS = [ledger, on_one, run_on_one, why, by_hand, run, replay]
ROUTERS = [Router("/", route_handlers=HANDLERS)]
