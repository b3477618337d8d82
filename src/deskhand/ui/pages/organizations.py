"""Organizations: the list, and each with its members and what goes on."""

from __future__ import annotations

from typing import Any

from litestar import Router

from deskhand.conversations.model import Status
from deskhand.conversations.queries import lists as conversations
from deskhand.customers.operations import belonging
from deskhand.customers.queries import lists as customers
from deskhand.kernel.errors import Source
from deskhand.kernel.http import wire
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.organizations import operations, queries
from deskhand.organizations.model import Details
from deskhand.organizations.queries import Organization, SortField, Sorting
from deskhand.organizations.routes import details
from deskhand.organizations.schemas import OrganizationInput
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner
from deskhand.ui.door import Done, Form, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.frame import frame
from deskhand.ui.lists import asked
from deskhand.ui.pages.acts import STATUSES
from deskhand.ui.people import face

SIZE = 50
MEMBERS = 100
NEWEST = 25
EDIT = Permission.EDIT_CUSTOMERS
PLAIN = ("name", "website", "description", "location", "note", "brandColor")


@page("/organizations", title="Organizations")
async def index(view: Snapshot, visit: Visit) -> Answer:
    """Those where something happened last come first, or by name."""
    _, number = asked(visit)
    by_name = visit.query.get("sort") == "name"
    sorting = Sorting(SortField.NAME, ascending=True) if by_name else Sorting()
    found, total = await queries.page(view, sorting, number, SIZE)
    domains = await queries.domains_of(view, [each.id for each in found])
    rows = [(each, domains.get(each.id, []), await queries.activity(view, each.id)) for each in found]
    kept = "sort=name&" if by_name else ""
    return visit.page(
        "organizations/list.html",
        frame=await frame(view),
        rows=rows,
        by_name=by_name,
        total=total,
        first=(number - 1) * SIZE + 1,
        last=(number - 1) * SIZE + len(rows),
        back=f"/organizations?{kept}page={number - 1}" if number > 1 else "",
        more=f"/organizations?{kept}page={number + 1}" if number * SIZE < total else "",
        may_edit=visit.actor.may(EDIT),
        pane="page",
    )


@page("/organizations/new", title="Add an organization", needs=EDIT)
async def new(view: Snapshot, visit: Visit) -> Answer:
    """By name and domains."""
    return visit.page("organizations/new.html", frame=await frame(view), pane="page")


@act("/organizations/new", title="Add an organization", needs=EDIT, shown_by=new)
async def add(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Leads to it."""
    organization_id = await operations.create(tx, _given(form))
    return Done(f"/organizations/{organization_id}", visit.words.text("Added"))


@page("/organizations/{organization_id:str}", title="Organization")
async def show(view: Snapshot, visit: Visit, organization_id: PathId) -> Answer:
    """What is known of it, who belongs to it, and what they wrote where who looks may see it."""
    it = await queries.get(view, organization_id)
    domains = (await queries.domains_of(view, [it.id])).get(it.id, [])
    members = await customers.page(view, customers.Filter(organization_id=it.id), customers.Sorting(), 1, MEMBERS)
    newest = await conversations.page(
        view,
        conversations.Filter(inbox_ids=list(view.actor.inbox_ids), statuses=list(Status), organization_id=it.id),
        conversations.Sorting(),
        1,
        NEWEST,
    )
    stored = {each.property_id: each for each in await view.all(queries.VALUES, organization_id=it.id)}
    return visit.page(
        "organizations/organization.html",
        frame=await frame(view),
        it=it,
        domains=domains,
        activity=await queries.activity(view, it.id),
        members=[(face(each.id, each.first_name, each.last_name, each.email), each) for each in members.customers],
        member_count=members.total,
        conversations=newest.conversations,
        total=newest.total,
        statuses={each.value: named for each, named in STATUSES.items()},
        properties=[(each, stored.get(each.id)) for each in await properties.all_of(view, Owner.ORGANIZATION)],
        version=version(it, domains),
        may_edit=visit.actor.may(EDIT),
        pane="page",
    )


@act("/organizations/{organization_id:str}", title="Change an organization", needs=EDIT, shown_by=show)
async def change(tx: Transaction, visit: Visit, form: Form, organization_id: PathId) -> Done:
    """All that is told of it."""
    it = await queries.locked(tx, organization_id)
    as_shown(form, it, (await queries.domains_of(tx, [it.id])).get(it.id, []))
    await operations.overwrite(tx, organization_id, _given(form))
    return Done(f"/organizations/{organization_id}", visit.words.text("Saved"))


@act("/organizations/{organization_id:str}/properties", title="Change an organization's properties", needs=EDIT, shown_by=show)
async def set_properties(tx: Transaction, visit: Visit, form: Form, organization_id: PathId) -> Done:
    """Each by ``p-`` and its slug; an empty field takes a value away."""
    sent = {name for name, _ in form.fields}
    for each in await properties.all_of(tx, Owner.ORGANIZATION):
        if f"p-{each.slug}" in sent:
            await operations.set_value(tx, organization_id, each.slug, form.one(f"p-{each.slug}").strip() or None)
    return Done(f"/organizations/{organization_id}", visit.words.text("Saved"))


@act("/organizations/{organization_id:str}/delete", title="Delete an organization", needs=EDIT, shown_by=show)
async def delete(tx: Transaction, visit: Visit, form: Form, organization_id: PathId) -> Done:
    """Its members stay, without one."""
    it: Organization = await queries.get(tx, organization_id)
    await belonging.dissolve(tx, organization_id)
    return Done("/organizations", visit.words.text("%(name)s was deleted; its customers stay", name=it.name))


def _given(form: Form) -> Details:
    given: dict[str, Any] = {name: form.one(name).strip() for name in PLAIN if form.one(name).strip()}
    given["domains"] = [each.strip() for each in form.one("domains").replace(",", "\n").split("\n") if each.strip()]
    given["phones"] = [each.strip() for each in form.one("phones").split("\n") if each.strip()]
    return details(wire.convert(given, OrganizationInput, Source.JSON))


ROUTERS = [Router("/", route_handlers=[index, new, add, show, change, set_properties, delete])]
