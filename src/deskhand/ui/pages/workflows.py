"""Workflows: what inboxes do by themselves. Listed, built, tried on what is there, switched, put into order, deleted."""

from __future__ import annotations

from litestar import Router
from msgspec import Struct, structs

from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.queries import Inbox
from deskhand.kernel.errors import Invalid
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Undo, Visit, act, errand, page
from deskhand.ui.flows import drafts
from deskhand.ui.flows.asking import wanted
from deskhand.ui.flows.choices import choices
from deskhand.ui.flows.drafts import Draft
from deskhand.ui.flows.parts import drawn
from deskhand.ui.flows.sentences import Asked, Sentences
from deskhand.ui.forms import as_shown, refusal, version
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.ui.pages.workflow_runs import around
from deskhand.workflows.model.definition import Definition
from deskhand.workflows.model.facts import WorkflowType
from deskhand.workflows.operations import defining
from deskhand.workflows.queries import definitions, trying
from deskhand.workflows.queries.trying import Trial, Tried

MOST_INBOXES = 200
MOST_LISTED = 2000
MOST_VERSIONS = 100
TRIED = 50
HERE = "/settings/workflows"
STATES = ("no-longer", "newly", "matches", "not")  # as they are shown


@page("/settings/workflows", title="Workflows", needs=MANAGE)
async def index(view: Snapshot, visit: Visit) -> Answer:
    """By inbox in their order; of one ``inbox``, or of all."""
    seen, _ = await inboxes.page(view, 1, MOST_INBOXES)
    asked = [each for each in seen if str(each.id) == visit.query.get("inbox")]
    found, _ = await definitions.page(view, 1, MOST_LISTED, inbox_id=asked[0].id if asked else None)
    problems = await definitions.problems(view, found)
    listed = []
    for inbox in asked or seen:
        own = [each for each in found if each.inbox_id == inbox.id]
        if own or asked:
            sentences = Sentences(await choices(view, inbox.id), visit.words)
            rows = [(each, [sentences.action(one) for one in each.definition.actions], problems.get(each.id)) for each in own]
            listed.append((inbox, rows))
    return show(visit, "workflows/list.html", "workflows", listed=listed, asked=asked, inboxes=seen)


@page("/settings/workflows/new", title="Make a workflow", needs=MANAGE)
async def new(view: Snapshot, visit: Visit) -> Answer:
    """For an ``inbox``, by itself or with ``type=manual`` by hand."""
    if visit.typed is not None:
        return await _builder(view, visit, drafts.sent(visit.typed.form))
    inbox = await _inbox(view, visit.query.get("inbox", ""))
    type_ = WorkflowType.MANUAL if visit.query.get("type") == WorkflowType.MANUAL else WorkflowType.AUTOMATIC
    return await _builder(view, visit, drafts.begun(inbox.id, type_))


@act("/settings/workflows/new", title="Make a workflow", needs=MANAGE, shown_by=new)
async def make(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Behind the others of its inbox."""
    it = drafts.sent(form)
    there = await choices(tx, it.inbox_id)
    workflow_id = await defining.create(tx, wanted(it, there, visit.words), active=it.is_active)
    undo = Undo(f"{HERE}/{workflow_id}/delete", {})
    return Done(f"{HERE}/{workflow_id}", visit.words.text("%(name)s is there now", name=it.name.strip()), undo)


@page("/settings/workflows/{workflow_id:str}", title="Workflow", needs=MANAGE)
async def form(view: Snapshot, visit: Visit, workflow_id: PathId) -> Answer:
    """What it asks and does."""
    it = await definitions.get(view, workflow_id)
    shown = version(it.id, it.version)
    if visit.typed is not None:
        return await _builder(view, visit, structs.replace(drafts.sent(visit.typed.form), workflow_id=it.id, version=shown))
    return await _builder(view, visit, drafts.saved(it, visit.words, shown))


@act("/settings/workflows/{workflow_id:str}", title="Change a workflow", needs=MANAGE, shown_by=form)
async def change(tx: Transaction, visit: Visit, form: Form, workflow_id: PathId) -> Done:
    """What it said before is kept."""
    it = await definitions.locked(tx, workflow_id)
    as_shown(form, it.id, it.version)
    draft = structs.replace(drafts.sent(form), inbox_id=it.inbox_id, type=it.type)
    await defining.replace(tx, workflow_id, wanted(draft, await choices(tx, it.inbox_id), visit.words))
    after = await definitions.get(tx, workflow_id)
    if after.version == it.version:
        return Done(f"{HERE}/{workflow_id}", visit.words.text("It says that already"))
    undo = Undo(f"{HERE}/{workflow_id}/revert", {"to": str(it.version)})
    return Done(f"{HERE}/{workflow_id}", visit.words.text("Saved as version %(number)s", number=after.version), undo)


@act("/settings/workflows/{workflow_id:str}/revert", title="Let a workflow say what it said", needs=MANAGE, shown_by=form)
async def revert(tx: Transaction, visit: Visit, form: Form, workflow_id: PathId) -> Done:
    """In the version ``to``, which becomes a new one."""
    it = await definitions.locked(tx, workflow_id)
    said, _ = await definitions.versions(tx, workflow_id, 1, MOST_VERSIONS)
    before = next((each for each in said if str(each.version) == form.one("to")), None)
    if before is None:
        raise Invalid("to", visit.words.text("There is no such version"))
    draft = drafts.saved(structs.replace(it, name=before.name, definition=before.definition), visit.words, "")
    await defining.replace(tx, workflow_id, wanted(draft, await choices(tx, it.inbox_id), visit.words))
    undo = Undo(f"{HERE}/{workflow_id}/revert", {"to": str(it.version)})
    told = visit.words.text("Version %(number)s is in force again", number=before.version)
    return Done(f"{HERE}/{workflow_id}", told, undo)


@errand("/settings/workflows/draft", title="Build a workflow", needs=MANAGE)
async def draft(visit: Visit, form: Form) -> Answer:
    """What the buttons of the form do, of which nothing is saved: rows come and go, and ``try`` tries it."""
    it = drafts.sent(form)
    drafts.press(it, form.one("do"))
    async with visit.desk.reading(visit.actor) as view:
        if form.one("do") != "try":
            return await _builder(view, visit, it)
        try:
            tried = await _tried(view, visit, it)
        except Invalid as error:
            return await _builder(view, structs.replace(visit, typed=refusal(form, error, 400)), it)
        return await _builder(view, visit, it, tried)


@act("/settings/workflows/{workflow_id:str}/switch", title="Switch a workflow on or off", needs=MANAGE)
async def switch(tx: Transaction, visit: Visit, form: Form, workflow_id: PathId) -> Done:
    """On with ``active``."""
    it = await definitions.locked(tx, workflow_id)
    is_on = form.has("active")
    await defining.switch(tx, workflow_id, active=is_on)
    told = "%(name)s is switched on" if is_on else "%(name)s is switched off"
    undo = Undo(f"{HERE}/{workflow_id}/switch", {} if is_on else {"active": "yes"})
    return Done(f"{HERE}?inbox={it.inbox_id}", visit.words.text(told, name=it.name), undo)


@act("/settings/workflows/{workflow_id:str}/move", title="Move a workflow up or down", needs=MANAGE)
async def move(tx: Transaction, visit: Visit, form: Form, workflow_id: PathId) -> Done:
    """By one place: ``way`` is up or down."""
    it = await definitions.get(tx, workflow_id)
    ids = [each.id for each in await definitions.of_inbox(tx, it.inbox_id)]
    at = ids.index(it.id)
    is_up = form.one("way") == "up"
    to = max(0, at - 1) if is_up else min(len(ids) - 1, at + 1)
    ids[at], ids[to] = ids[to], ids[at]
    await defining.order(tx, it.inbox_id, ids)
    told = "%(name)s comes earlier now" if is_up else "%(name)s comes later now"
    undo = Undo(f"{HERE}/{workflow_id}/move", {"way": "down" if is_up else "up"}) if at != to else None
    return Done(f"{HERE}?inbox={it.inbox_id}", visit.words.text(told, name=it.name), undo)


@act("/settings/workflows/{workflow_id:str}/delete", title="Delete a workflow", needs=MANAGE)
async def delete(tx: Transaction, visit: Visit, form: Form, workflow_id: PathId) -> Done:
    """What it did stays."""
    it = await definitions.locked(tx, workflow_id)
    await defining.delete(tx, workflow_id)
    undo = Undo(f"{HERE}/{workflow_id}/restore", {"active": "yes"} if it.active_since else {})
    return Done(f"{HERE}?inbox={it.inbox_id}", visit.words.text("%(name)s was deleted", name=it.name), undo)


@act("/settings/workflows/{workflow_id:str}/restore", title="Bring a workflow back", needs=MANAGE)
async def restore(tx: Transaction, visit: Visit, form: Form, workflow_id: PathId) -> Done:
    """To its place; with ``active`` switched on."""
    await defining.restore(tx, workflow_id, active=form.has("active"))
    it = await definitions.get(tx, workflow_id)
    return Done(f"{HERE}?inbox={it.inbox_id}", visit.words.text("%(name)s is back", name=it.name))


class Shown(Struct, frozen=True):
    """A conversation that was tried: ``state`` is ``newly``, ``matches``, ``no-longer`` or ``not``."""

    it: Tried
    state: str
    asked: list[Asked]


class Tries(Struct, frozen=True):
    """What a dry run found; ``would`` is what would be done to those that match."""

    trial: Trial
    rows: list[Shown]
    would: list[str]


async def _tried(view: Snapshot, visit: Visit, it: Draft) -> Tries:
    """What a draft would do to the newest conversations. Raises Invalid with every mistake, NotFound."""
    there = await choices(view, it.inbox_id)
    definition = await defining.check(view, wanted(it, there, visit.words))
    before = (await definitions.get(view, it.workflow_id)).definition if it.workflow_id else None
    trial = await trying.dry_run(view, it.inbox_id, definition, before, TRIED, None, shows_all=True)
    sentences = Sentences(there, visit.words)
    rows = [Shown(each, _state(each, before), sentences.conditions(each.reasons, definition)) for each in trial.conversations]
    rows.sort(key=lambda each: STATES.index(each.state))
    return Tries(trial, rows, [sentences.action(each) for each in definition.actions])


def _state(it: Tried, before: Definition | None) -> str:
    if it.matches:
        return "newly" if before is not None and not it.matched_before else "matches"
    return "no-longer" if it.matched_before else "not"


async def _builder(view: Snapshot, visit: Visit, it: Draft, tried: Tries | None = None) -> Answer:
    inbox = await inboxes.get(view, it.inbox_id)
    there = await choices(view, inbox.id)
    saved = await definitions.get(view, it.workflow_id) if it.workflow_id else None
    problems = (await definitions.problems(view, [saved])).get(saved.id, []) if saved else []
    said = (await definitions.versions(view, saved.id, 1, MOST_VERSIONS))[0] if saved else []
    return show(
        visit,
        "workflows/form.html",
        "workflows",
        crumb=(visit.words.text("Workflows"), f"{HERE}?inbox={inbox.id}"),
        subnav=around(saved.id, "form") if saved else None,
        it=it,
        saved=saved,
        inbox=inbox,
        built=drawn(it, there, visit.words),
        places=list(there.inboxes.items()),
        tried=tried,
        most_tried=TRIED,
        problems=problems,
        said=said[1:],
        users=there.users,
        mistakes=list(visit.typed.mistakes) if visit.typed else [],
    )


async def _inbox(view: Snapshot, asked: str) -> Inbox:
    """The one that is asked for, or the first. Raises NotFound."""
    seen, _ = await inboxes.page(view, 1, MOST_INBOXES)
    return next((each for each in seen if str(each.id) == asked), None) or await inboxes.get(view, seen[0].id if seen else 0)


HANDLERS = [index, new, make, draft, form, change, revert, switch, move, delete, restore]
ROUTERS = [Router("/", route_handlers=HANDLERS)]
