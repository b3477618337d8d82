"""Changing a customer where they stand beside a conversation: names, addresses, numbers, properties."""

from __future__ import annotations

from typing import Any

from litestar import Router

from deskhand.customers.model import EntryKind, NewEntry, NewValue, PropertySource
from deskhand.customers.operations import changing, values
from deskhand.customers.operations.changing import AddEntry, Change, RemoveEntry, SetEntry, SetField
from deskhand.customers.queries import one
from deskhand.customers.queries.one import Customer, Entry
from deskhand.customers.routes import prepare
from deskhand.customers.schemas.entries import EmailInput, PhoneInput
from deskhand.customers.schemas.requests import ProfileInput
from deskhand.kernel.errors import Invalid, Mistake, Source
from deskhand.kernel.http import wire
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.languages import N_
from deskhand.kernel.transaction import Transaction
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner
from deskhand.ui.about import contact
from deskhand.ui.door import Done, Form, Undo, Visit, act, local
from deskhand.ui.forms import as_shown

NAMES = {"firstName": "first_name", "lastName": "last_name"}
KINDS: dict[EntryKind, tuple[str, Any]] = {
    EntryKind.EMAIL: (N_("Email address"), EmailInput),
    EntryKind.PHONE: (N_("Phone number"), PhoneInput),
}


@act("/customers/{customer_id:str}/contact", title="Change a customer beside a conversation")
async def change_contact(tx: Transaction, visit: Visit, form: Form, customer_id: PathId) -> Done:
    """What the form has, and nothing else: names, each entry by kind and id (``email-7``; emptied it is taken away), new ones
    by kind and type, a line each (``phone-new-work``), properties by ``p-`` and slug. Leads ``back`` to a page of ours."""
    it = await one.locked(tx, customer_id)
    entries = (await one.entries_of(tx, [it.id])).get(it.id, [])
    had = await _contact(tx, it, entries)
    as_shown(form, had)
    changes = [*_names(form), *_entries(visit, form, [each for each in entries if each.kind in KINDS])]
    if changes:
        await changing.change(tx, it.id, changes)
    given = [
        NewValue(each.slug, form.one(f"p-{each.slug}").strip() or None, each.name, each.name)
        for each in await properties.all_of(tx, Owner.CUSTOMER)
        if form.sent(f"p-{each.slug}")
    ]
    if given:
        await values.change(tx, it.id, given, source=PropertySource.USER)
    kept = (await one.entries_of(tx, [it.id])).get(it.id, [])
    undo = _undo(had, await _contact(tx, await one.get(tx, it.id), kept), entries)
    to = local(form.one("back")) if form.has("back") else f"/customers/{it.id}"
    takes_back = Undo(f"/customers/{it.id}/contact", {"back": to} | undo) if undo else None
    return Done(to, visit.words.text("Saved"), takes_back)


async def _contact(tx: Transaction, it: Customer, entries: list[Entry]) -> dict[str, str]:
    return contact(it, entries, (await one.values_of(tx, [it.id])).get(it.id, []))


def _undo(had: dict[str, str], has: dict[str, str], entries: list[Entry]) -> dict[str, str]:
    """The fields of a form that makes of what there is what there was."""
    undo = {name: had.get(name, "") for name in had | has if had.get(name, "") != has.get(name, "")}
    for each in entries:
        name, new = f"{each.kind.value}-{each.id}", f"{each.kind.value}-new-{each.type}"
        if name in undo and name not in has:
            undo[new] = "\n".join(filter(None, [undo.get(new), undo.pop(name)]))
    return undo


def _names(form: Form) -> list[Change]:
    sent = {name: form.one(name).strip() for name in NAMES if form.sent(name)}
    data = wire.convert(sent, ProfileInput, Source.JSON)
    return [SetField(NAMES[name], getattr(data, NAMES[name]) or None) for name in sent]


def _entries(visit: Visit, form: Form, entries: list[Entry]) -> list[Change]:
    made: list[Change] = []
    for each in entries:
        name = f"{each.kind.value}-{each.id}"
        value = form.one(name).strip() if form.sent(name) else each.value
        if not value:
            made.append(RemoveEntry(each.kind, each.id))
        elif value != each.value:
            made.append(SetEntry(kind=each.kind, entry_id=each.id, value=_entry(visit, each.kind, None, value).value))
    for kind in KINDS:
        for name, text in form.fields:
            if name.startswith(f"{kind.value}-new-"):
                type_ = name.rpartition("-")[2]
                made += [AddEntry(_entry(visit, kind, type_, line.strip())) for line in text.splitlines() if line.strip()]
    return made


def _entry(visit: Visit, kind: EntryKind, type_: str | None, value: str) -> NewEntry:
    """Raises Invalid by what the kind is called."""
    name, schema = KINDS[kind]
    try:
        return prepare.entry(kind, wire.convert({"type": type_, "value": value}, schema, Source.JSON))
    except Invalid as error:
        called = visit.words.text(name)
        raise Invalid.all([Mistake(called, each.message, rejected=each.rejected) for each in error.mistakes]) from None


ROUTERS = [Router("/", route_handlers=[change_contact])]
