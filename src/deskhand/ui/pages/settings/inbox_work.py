"""How an inbox works: its hours, its custom fields, and who gets new conversations."""

from __future__ import annotations

from litestar import Router

from deskhand.inboxes import operations, queries
from deskhand.inboxes.model import FIELD_TYPES, RoutingMethod
from deskhand.inboxes.operations.fields import Choice
from deskhand.inboxes.queries import Routing
from deskhand.kernel.errors import Invalid, Mistake, NotFound
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.hours import days_of, fields_of, hours_in
from deskhand.ui.pages.settings.inboxes import MOST_PEOPLE, inbox_page
from deskhand.ui.pages.settings.nav import MANAGE
from deskhand.ui.people import face_of
from deskhand.ui.zones import zones
from deskhand.users import queries as users

USUAL_LIMIT, MOST_ASSIGNED = 10, 100
TYPES = {
    "singleline": "One line of text",
    "multiline": "Several lines of text",
    "dropdown": "A choice",
    "number": "A number",
    "date": "A date",
}
METHODS = [
    (RoutingMethod.ROUND_ROBIN.value, "In turn", "Each in the rotation gets the next one."),
    (RoutingMethod.BALANCED.value, "Balanced", "Who has the fewest gets the next one."),
]


@page("/settings/inboxes/{inbox_id:str}/hours", title="Hours of an inbox", needs=MANAGE)
async def hours(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """When it is at work; without hours of its own the account's count."""
    it = await queries.get(view, inbox_id)
    every = await queries.office_hours_of(view)
    own = every.get(inbox_id)
    shown = own or every.get(0)
    days = days_of(shown, visit.typed)
    return inbox_page(
        visit,
        "hours",
        it,
        "/hours",
        hours=shown,
        is_own=own is not None,
        days=days,
        zones=zones(),
        version=version(own),
    )


@act("/settings/inboxes/{inbox_id:str}/hours", title="Set hours of an inbox", needs=MANAGE, shown_by=hours)
async def set_hours(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Say when it is at work."""
    as_shown(form, (await queries.office_hours_of(tx)).get(inbox_id))
    await operations.set_office_hours(tx, inbox_id, hours_in(form))
    return Done(f"/settings/inboxes/{inbox_id}/hours", visit.words.text("Hours saved"))


@act("/settings/inboxes/{inbox_id:str}/hours/remove", title="Let the account's hours count", needs=MANAGE)
async def remove_hours(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """The account's count again."""
    before = (await queries.office_hours_of(tx)).get(inbox_id)
    await operations.remove_office_hours(tx, inbox_id)
    place = f"/settings/inboxes/{inbox_id}/hours"
    undo = Undo(place, fields_of(before)) if before else None
    return Done(place, visit.words.text("The account's hours count here now"), undo)


@page("/settings/inboxes/{inbox_id:str}/fields", title="Custom fields", needs=MANAGE)
async def fields(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """What is to be known of conversations of an inbox."""
    it = await queries.get(view, inbox_id)
    found = await queries.fields(view, inbox_id)
    kinds = [(each, visit.words.text(TYPES[each])) for each in sorted(FIELD_TYPES, key=list(TYPES).index)]
    return inbox_page(visit, "fields", it, "/fields", fields=found, types=TYPES, kinds=kinds)


@act("/settings/inboxes/{inbox_id:str}/fields", title="Add a custom field", needs=MANAGE, shown_by=fields)
async def add_field(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Behind those there are."""
    type_, options = form.one("type"), _lines(form, "options")
    if type_ == "dropdown" and not options:
        raise Invalid("options", "a choice needs something to choose from, one a line")
    await operations.create_field(
        tx,
        inbox_id,
        form.one("name"),
        type_,
        required=form.has("required"),
        options=options if type_ == "dropdown" else [],
    )
    return Done(f"/settings/inboxes/{inbox_id}/fields", visit.words.text("Field added"))


@page("/settings/inboxes/{inbox_id:str}/fields/{field_id:str}", title="Custom field", needs=MANAGE)
async def field(view: Snapshot, visit: Visit, inbox_id: PathId, field_id: PathId) -> Answer:
    """Its name and choices."""
    inbox = await queries.get(view, inbox_id)
    found = next((each for each in await queries.fields(view, inbox_id) if each.id == field_id), None)
    if found is None:
        raise NotFound("Not found")
    return inbox_page(visit, "field", inbox, "/fields", it=found, types=TYPES, version=version(found))


@act("/settings/inboxes/{inbox_id:str}/fields/{field_id:str}", title="Change a custom field", needs=MANAGE, shown_by=field)
async def change_field(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId, field_id: PathId) -> Done:
    """A choice that was emptied is taken away."""
    found = next((each for each in await queries.fields(tx, inbox_id) if each.id == field_id), None)
    as_shown(form, found)
    options = found.options if found else []
    kept = [Choice(each.id, form.one(f"option-{each.id}")) for each in options if form.one(f"option-{each.id}").strip()]
    choices = [*kept, *(Choice(None, label) for label in _lines(form, "options"))]
    await operations.change_field(tx, inbox_id, field_id, form.one("name"), required=form.has("required"), choices=choices)
    return Done(f"/settings/inboxes/{inbox_id}/fields", visit.words.text("Field saved"))


@act("/settings/inboxes/{inbox_id:str}/fields/{field_id:str}/up", title="Move a custom field up", needs=MANAGE)
async def raise_field(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId, field_id: PathId) -> Done:
    """Before the one that was before it."""
    ids = [each.id for each in await queries.fields(tx, inbox_id)]
    if field_id not in ids:
        raise NotFound("Not found")
    place = ids.index(field_id)
    if place:
        ids[place - 1], ids[place] = ids[place], ids[place - 1]
        await operations.order_fields(tx, inbox_id, ids)
    return Done(f"/settings/inboxes/{inbox_id}/fields", visit.words.text("Moved up"))


@act("/settings/inboxes/{inbox_id:str}/fields/{field_id:str}/delete", title="Delete a custom field", needs=MANAGE)
async def delete_field(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId, field_id: PathId) -> Done:
    """With what stands in it."""
    await operations.delete_field(tx, inbox_id, field_id)
    return Done(f"/settings/inboxes/{inbox_id}/fields", visit.words.text("Field deleted"))


@page("/settings/inboxes/{inbox_id:str}/routing", title="Routing", needs=MANAGE)
async def routing(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Who gets new conversations, and how many."""
    it = await queries.get(view, inbox_id)
    found = await queries.routing(view, inbox_id)
    workers = await queries.workers(view, inbox_id)
    people, _ = await users.page(view, "user", 1, MOST_PEOPLE, ids=workers)
    rotation = found.user_ids if found else []
    ordered = sorted(people, key=lambda each: (rotation.index(each.id) if each.id in rotation else len(rotation), each.id))
    present = await users.present(view, workers)
    rows = [(face_of(each, is_away=each.id not in present), each.id in rotation) for each in ordered]
    return inbox_page(
        visit,
        "routing",
        it,
        "/routing",
        enabled=bool(found and found.enabled),
        limit=found.assignment_limit if found else USUAL_LIMIT,
        method=(found.method if found else RoutingMethod.ROUND_ROBIN).value,
        methods=[(value, visit.words.text(name), visit.words.text(hint)) for value, name, hint in METHODS],
        people=rows,
        version=version(*_of(found)),
    )


@act("/settings/inboxes/{inbox_id:str}/routing", title="Set the routing", needs=MANAGE, shown_by=routing)
async def set_routing(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Share out new conversations, or no more."""
    before = await queries.routing(tx, inbox_id)
    as_shown(form, *_of(before))
    limit, up = form.number("assignmentLimit"), form.number("up")
    if limit is None or not 1 <= limit <= MOST_ASSIGNED:
        raise Invalid("assignmentLimit", f"must be between 1 and {MOST_ASSIGNED}")
    method = next((each for each in RoutingMethod if each.value == form.one("method")), None)
    if method is None:
        raise Invalid("method", "must be one of these")
    try:
        await operations.set_routing(
            tx,
            inbox_id,
            enabled=form.has("enabled"),
            assignment_limit=limit,
            method=method,
            user_ids=_raised(form.numbers("userIds"), up),
        )
    except Invalid as error:
        raise Invalid.all([Mistake("userIds", each.message, each.code) for each in error.mistakes]) from None
    return Done(f"/settings/inboxes/{inbox_id}/routing", visit.words.text("Moved up" if up else "Routing saved"))


def _raised(ids: list[int], up: int | None) -> list[int]:
    """The same with one of them before the one that was before it."""
    place = ids.index(up) if up in ids else 0
    return ids if not place else [*ids[: place - 1], ids[place], ids[place - 1], *ids[place + 1 :]]


def _lines(form: Form, name: str) -> list[str]:
    return [each.strip() for each in form.one(name).splitlines() if each.strip()]


def _of(it: Routing | None) -> tuple[object, ...]:
    """What the form is about; whose turn it was is not."""
    return () if it is None else (it.enabled, it.assignment_limit, it.method, it.user_ids)


ROUTERS = [
    Router(
        "/",
        route_handlers=[
            hours,
            set_hours,
            remove_hours,
            fields,
            add_field,
            field,
            change_field,
            raise_field,
            delete_field,
            routing,
            set_routing,
        ],
    )
]
