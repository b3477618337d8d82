"""What a workflow did and why; why it did not; and letting it run by hand, or for what is past."""

from __future__ import annotations

from typing import Any

from litestar import Router

from deskhand.conversations.queries import lists
from deskhand.kernel.errors import Invalid
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Visit, act, errand, page
from deskhand.ui.flows import labels
from deskhand.ui.flows.choices import choices
from deskhand.ui.flows.sentences import Sentences
from deskhand.ui.lists import NEWEST, SORTS, found_by
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.workflows import replaying
from deskhand.workflows.model.facts import WorkflowType
from deskhand.workflows.operations import running
from deskhand.workflows.queries import definitions, runs, trying
from deskhand.workflows.queries.definitions import Workflow

SIZE = 50
MOST_VERSIONS = 100
MOST_BY_HAND = 50
MOST_ROUNDS = 10


@page("/settings/workflows/{workflow_id:str}/runs", title="What a workflow did", needs=MANAGE)
async def ledger(view: Snapshot, visit: Visit, workflow_id: PathId) -> Answer:
    """Newest first, each with why."""
    it = await definitions.get(view, workflow_id)
    asked = visit.query.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    found = await runs.of_workflow(view, it.id, before, SIZE + 1)
    kept, _ = await definitions.versions(view, it.id, 1, MOST_VERSIONS)
    said = {each.version: each.definition for each in kept}
    there = await choices(view, it.inbox_id)
    sentences = Sentences(there, visit.words)
    about = {each.id: each for each in await lists.rows(view, list({each.conversation_id for each in found}))}
    rows = [
        (
            each,
            about.get(each.conversation_id),
            sentences.conditions(each.reasons, said.get(each.version)),
            sentences.came(each.results, said.get(each.version)),
        )
        for each in found[:SIZE]
    ]
    more = f"/settings/workflows/{it.id}/runs?before={found[SIZE - 1].id}" if len(found) > SIZE else ""
    told: dict[str, Any] = {"states": labels.states(visit.words), "stops": labels.stops(visit.words)}
    happened = labels.values(visit.words)
    return _show(visit, "runs", it, rows=rows, more=more, users=there.users, happened=happened, **told)


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
        "form": ("What it does", ""),
        "runs": ("What it did", "/runs"),
        "why": ("Why, or why not", "/why"),
        "run": ("Run it", "/run"),
    }
    return [(name, f"{start}{path}", key == here) for key, (name, path) in pages.items()]


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


HANDLERS = [ledger, why, by_hand, run, replay]
ROUTERS = [Router("/", route_handlers=HANDLERS)]
