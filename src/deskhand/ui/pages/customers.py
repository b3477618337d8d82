"""Customers: the list, and each with everything that is known of them and that they wrote."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Router

from deskhand.conversations.model import Status
from deskhand.conversations.operations.erasing import request_erasure
from deskhand.conversations.operations.joining import merge_customers
from deskhand.conversations.queries import lists as conversations
from deskhand.customers.model import EntryKind, Gender, NewValue, PropertySource
from deskhand.customers.operations import addresses, changing, creating, entries, pictures, values
from deskhand.customers.queries import lists, one
from deskhand.customers.queries.fields import FIELDS
from deskhand.customers.queries.lists import Filter, Listing, SortField, Sorting
from deskhand.customers.queries.pictures import allowed
from deskhand.customers.routes import prepare
from deskhand.customers.schemas.entries import ChatInput, EmailInput, PhoneInput, SocialProfileInput, WebsiteInput
from deskhand.customers.schemas.requests import AddressInput, CustomerInput, ProfileInput
from deskhand.kernel.errors import Invalid, Source
from deskhand.kernel.http import wire
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.organizations import queries as organizations
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner
from deskhand.search.compile import compile_query
from deskhand.search.language import MOST_CHARACTERS, parse
from deskhand.search.model import QueryError
from deskhand.ui.door import Done, Form, Undo, Visit, act, local, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.frame import frame
from deskhand.ui.lists import asked
from deskhand.ui.pages.acts import STATUSES
from deskhand.ui.people import face

SIZE = 50
SORTS = {
    "newest": Sorting(SortField.CREATED_AT),
    "changed": Sorting(SortField.MODIFIED_AT),
    "name": Sorting(SortField.FIRST_NAME, ascending=True),
}
PROFILE = ("firstName", "lastName", "jobTitle", "location", "organization", "background", "age", "gender")
INPUTS: dict[EntryKind, Any] = {
    EntryKind.EMAIL: EmailInput,
    EntryKind.PHONE: PhoneInput,
    EntryKind.CHAT: ChatInput,
    EntryKind.SOCIAL: SocialProfileInput,
    EntryKind.WEBSITE: WebsiteInput,
}


@page("/customers", title="Customers")
async def index(view: Snapshot, visit: Visit) -> Answer:
    """All, or whom ``q`` finds."""
    query = visit.query.get("q", "")[:MOST_CHARACTERS]
    _, number = asked(visit)
    sort = visit.query.get("sort", "")
    sort = sort if sort in SORTS else "newest"
    found, problem = Listing([], 0), ""
    try:
        node = parse(query)
        search = compile_query(node, FIELDS, view.now) if node else None
        found = await lists.page(view, Filter(query=search), SORTS[sort], number, SIZE)
    except QueryError as error:
        problem = str(error)
    entered = await one.entries_of(view, [each.id for each in found.customers])

    def address(**more: str) -> str:
        kept = {"q": query, "sort": sort if sort != "newest" else ""} | more
        return "/customers?" + urlencode({name: value for name, value in kept.items() if value})

    return visit.page(
        "customers/list.html",
        frame=await frame(view),
        query=query,
        problem=problem,
        sort=sort,
        rows=[
            (face(each.id, each.first_name, each.last_name, each.email), each, len(entered.get(each.id, [])))
            for each in found.customers
        ],
        total=found.total,
        first=(number - 1) * SIZE + 1,
        last=(number - 1) * SIZE + len(found.customers),
        back=address(page=str(number - 1)) if number > 1 else "",
        more=address(page=str(number + 1)) if number * SIZE < found.total else "",
        may_edit=visit.actor.may(Permission.EDIT_CUSTOMERS),
        pane="page",
    )


@page("/customers/new", title="Add a customer", needs=Permission.EDIT_CUSTOMERS)
async def new(view: Snapshot, visit: Visit) -> Answer:
    """By name and address."""
    return visit.page("customers/new.html", frame=await frame(view), pane="page")


@act("/customers/new", title="Add a customer", needs=Permission.EDIT_CUSTOMERS, shown_by=new)
async def add(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Leads to them."""
    given: dict[str, Any] = {name: form.one(name).strip() for name in PROFILE if form.one(name).strip()}
    if form.one("email").strip():
        given["emails"] = [{"type": "work", "value": form.one("email").strip()}]
    if form.one("phone").strip():
        given["phone"] = form.one("phone").strip()
    data = wire.convert(given, CustomerInput, Source.JSON)
    customer_id = await creating.create(tx, await prepare.customer(tx, data))
    return Done(f"/customers/{customer_id}", visit.words.text("Added"))


@page("/customers/{customer_id:str}", title="Customer")
async def show(view: Snapshot, visit: Visit, customer_id: PathId) -> Answer:
    """The profile, and what they wrote in the inboxes that are open to who looks."""
    it = await one.get(view, customer_id)
    _, number = asked(visit)
    theirs = await conversations.page(
        view,
        conversations.Filter(inbox_ids=list(view.actor.inbox_ids), statuses=list(Status), customer_ids=[it.id]),
        conversations.Sorting(),
        number,
        SIZE,
    )
    entered = (await one.entries_of(view, [it.id])).get(it.id, [])
    known = {each.slug: each for each in (await one.values_of(view, [it.id])).get(it.id, [])}
    return visit.page(
        "customers/customer.html",
        frame=await frame(view),
        it=it,
        face=face(it.id, it.first_name, it.last_name, it.email),
        entries=[(kind, [each for each in entered if each.kind is kind]) for kind in INPUTS],
        properties=[(each, known.get(each.slug)) for each in await properties.all_of(view, Owner.CUSTOMER)],
        organization=await organizations.find(view, it.organization_id) if it.organization_id else None,
        conversations=theirs.conversations,
        total=theirs.total,
        statuses={each.value: named for each, named in STATUSES.items()},
        back=f"/customers/{it.id}?page={number - 1}" if number > 1 else "",
        more=f"/customers/{it.id}?page={number + 1}" if number * SIZE < theirs.total else "",
        genders=[(each.value, each.value) for each in Gender],
        version=version(*_profile(it)),
        shows_pictures=bool(await allowed(view, {it.id})),
        may_edit=visit.actor.may(Permission.EDIT_CUSTOMERS),
        may_erase=visit.actor.may(Permission.DELETE_CUSTOMERS),
        pane="page",
    )


@act("/customers/{customer_id:str}", title="Change a customer", shown_by=show)
async def change(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """The plain fields; what the form does not have stays."""
    it = await one.locked(tx, customer_id)
    as_shown(form, *_profile(it))
    kept = {"photoUrl": it.photo_url, "photoType": it.photo_type.value, "organizationId": it.organization_id}
    given = {name: value for name, value in kept.items() if value} | {
        name: form.one(name).strip() for name in PROFILE if form.one(name).strip()
    }
    data = wire.convert(given, ProfileInput, Source.JSON)
    await changing.overwrite(tx, customer_id, prepare.profile(data), data.organization_id)
    before = {name: str(value or "") for name, value in zip(PROFILE, _profile(it), strict=True)}
    return Done(f"/customers/{customer_id}", visit.words.text("Saved"), Undo(f"/customers/{customer_id}", before))


@act("/customers/{customer_id:str}/entries", title="Add to a customer", shown_by=show)
async def add_entry(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """``value`` of ``kind``: an address, a number, a handle or a website."""
    kind = _kind(form)
    given = {"value": form.one("value").strip()}
    if form.one("type"):
        given["type"] = form.one("type")
    data = wire.convert(given, INPUTS[kind], Source.JSON)
    entry_id = await entries.add(tx, customer_id, prepare.entry(kind, data))
    undo = Undo(f"/customers/{customer_id}/entries/remove", {"kind": kind.value, "entry": str(entry_id)})
    return Done(f"/customers/{customer_id}", visit.words.text("Added"), undo)


@act("/customers/{customer_id:str}/entries/remove", title="Take from a customer", shown_by=show)
async def remove_entry(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """The ``entry`` of ``kind``."""
    kind, entry_id = _kind(form), form.number("entry") or 0
    it = await one.entry(tx, customer_id, kind, entry_id)
    await entries.remove(tx, customer_id, kind, entry_id)
    fields = {"kind": kind.value, "value": it.value, "type": it.type or ""}
    undo = Undo(f"/customers/{customer_id}/entries", fields)
    return Done(f"/customers/{customer_id}", visit.words.text("Removed"), undo)


@act("/customers/{customer_id:str}/address", title="Change where a customer lives", shown_by=show)
async def set_address(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """All of it; an empty form takes it away."""
    names = ("city", "state", "postalCode", "country")
    given: dict[str, Any] = {name: form.one(name).strip() for name in names if form.one(name).strip()}
    if lines := [each.strip() for each in form.one("lines").split("\n") if each.strip()]:
        given["lines"] = lines
    if given:
        await addresses.overwrite(tx, customer_id, prepare.address(wire.convert(given, AddressInput, Source.JSON)))
    elif (await one.get(tx, customer_id)).address is not None:
        await addresses.remove(tx, customer_id)
    return Done(f"/customers/{customer_id}", visit.words.text("Saved"))


@act("/customers/{customer_id:str}/properties", title="Change a customer's properties", shown_by=show)
async def set_properties(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """Each by ``p-`` and its slug; an empty field takes a value away."""
    given = [
        NewValue(each.slug, form.one(f"p-{each.slug}").strip() or None, f"p-{each.slug}", f"p-{each.slug}")
        for each in await properties.all_of(tx, Owner.CUSTOMER)
        if any(name == f"p-{each.slug}" for name, _ in form.fields)
    ]
    await values.change(tx, customer_id, given, source=PropertySource.USER)
    return Done(f"/customers/{customer_id}", visit.words.text("Saved"))


@act("/customers/{customer_id:str}/pictures", title="Always show a customer's pictures")
async def show_pictures(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """Or with ``no`` only when asked for; leads ``back`` to a page of ours, else to the customer."""
    it = await one.get(tx, customer_id)
    is_over = form.has("no")
    await (pictures.block if is_over else pictures.allow)(tx, it.id)
    name = face(it.id, it.first_name, it.last_name, it.email).name
    told = (
        visit.words.text("Pictures of %(name)s are blocked again", name=name)
        if is_over
        else visit.words.text("Pictures of %(name)s are always shown", name=name)
    )
    to = local(form.one("back")) if form.has("back") else f"/customers/{it.id}"
    back = {"back": to} if form.has("back") else {}
    return Done(to, told, Undo(f"/customers/{it.id}/pictures", back if is_over else back | {"no": "yes"}))


@act("/customers/{customer_id:str}/merge", title="Make two customers one", shown_by=show)
async def merge(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """All of theirs becomes that of who has the address ``into``."""
    other = await one.by_email(tx, form.one("into").strip())
    if other is None:
        raise Invalid("into", "nobody has this address", rejected=form.one("into")[:300])
    await merge_customers(tx, customer_id, into=other.id)
    return Done(f"/customers/{other.id}", visit.words.text("The two are merged"))


@act("/customers/{customer_id:str}/erase", title="Erase a customer", needs=Permission.DELETE_CUSTOMERS, shown_by=show)
async def erase(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """With everything they wrote, for good; who really means it says so."""
    if not form.has("sure"):
        raise Invalid("sure", "must be ticked: this cannot be undone")
    await request_erasure(tx, customer_id)
    return Done("/customers", visit.words.text("The customer is being erased, with all that they wrote"))


def _kind(form: Form) -> EntryKind:
    kind = next((each for each in INPUTS if each == form.one("kind")), None)
    if kind is None:
        raise Invalid("kind", "is none", rejected=form.one("kind")[:300])
    return kind


def _profile(it: one.Customer) -> tuple[str | None, ...]:
    """What the form of the profile shows, in its order."""
    own = None if it.organization_id else it.organization
    return (it.first_name, it.last_name, it.job_title, it.location, own, it.background, it.age, it.gender.value)


CHANGES = [change, add_entry, remove_entry, set_address, set_properties, show_pictures]
ROUTERS = [Router("/", route_handlers=[index, new, add, show, *CHANGES, merge, erase])]
