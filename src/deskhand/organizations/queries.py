"""Reading organizations; they belong to the account, so everybody with a token sees all of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, select

from deskhand.kernel.storage.statements import Read, any_of, param, read
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.organizations.model import COUNT
from deskhand.organizations.tables import (
    organization_activity,
    organization_domains,
    organization_values,
    organizations,
)

DEEP = 1000  # beyond this many skipped rows a page is read off the event loop


class Organization(Struct, frozen=True):
    """An organization without its domains."""

    id: int
    name: str
    website: str | None
    description: str | None
    location: str | None
    logo_url: str | None
    note: str | None
    phones: list[str]
    brand_color: str | None


class Domain(Struct, frozen=True):
    """Whose customers have addresses of a host."""

    domain: str
    organization_id: int


class Activity(Struct, frozen=True):
    """How much goes on; conversations are those of the members, but for deleted ones."""

    customer_count: int
    conversation_count: int
    last_interaction_at: datetime


class StoredValue(Struct, frozen=True):
    """The value of a property; of a dropdown the option counts."""

    property_id: int
    value: str
    option_id: int | None


class SortField(StrEnum):
    """What a list can be sorted by, in the vendor's spelling."""

    NAME = "name"
    CUSTOMER_COUNT = "customerCount"
    CONVERSATION_COUNT = "conversationCount"
    LAST_INTERACTION_AT = "lastInteractionAt"


class Sorting(Struct, frozen=True):
    """An order of a list; equal keys are ordered by id in the same direction."""

    field: SortField = SortField.LAST_INTERACTION_AT
    ascending: bool = False


o, d, a, v = organizations.c, organization_domains.c, organization_activity.c, organization_values.c
SORT_KEYS: dict[SortField, tuple[ColumnElement[Any], ColumnElement[Any]]] = {
    SortField.NAME: (o.name_key, o.id),
    SortField.CUSTOMER_COUNT: (a.customer_count, a.organization_id),
    SortField.CONVERSATION_COUNT: (a.conversation_count, a.organization_id),
    SortField.LAST_INTERACTION_AT: (a.last_interaction_at, a.organization_id),
}


def _page(sorting: Sorting) -> Read[int]:
    key, id_ = SORT_KEYS[sorting.field]
    order = (key.asc(), id_.asc()) if sorting.ascending else (key.desc(), id_.desc())
    return read(select(id_).order_by(*order).limit(param("most")).offset(param("skip")), int)


PAGES = {sorting: _page(sorting) for field in SortField for sorting in (Sorting(field), Sorting(field, ascending=True))}

_organization = select(*(o[name] for name in Organization.__struct_fields__))
_domain = select(d.domain, d.organization_id)
ONE = read(_organization.where(o.id == param("organization_id")), Organization)
LOCK = read(_organization.where(o.id == param("organization_id")).with_for_update(), Organization)
ROWS = read(_organization.where(any_of(o.id, "ids")), Organization)
NAMED = read(select(o.id).where(o.name_key == param("name_key")), int)
DOMAINS = read(_domain.where(any_of(d.organization_id, "ids")).order_by(d.organization_id, d.position), Domain)
HOLDERS = read(_domain.where(any_of(d.domain, "domains")), Domain)
ACTIVITY = read(
    select(a.customer_count, a.conversation_count, a.last_interaction_at).where(a.organization_id == param("organization_id")),
    Activity,
)
VALUES = read(
    select(v.property_id, v.value, v.option_id).where(v.organization_id == param("organization_id")).order_by(v.property_id),
    StoredValue,
)


async def get(view: Snapshot, organization_id: int) -> Organization:
    """An organization. Raises NotFound."""
    return await view.one(ONE, organization_id=organization_id)


async def find(view: Snapshot, organization_id: int) -> Organization | None:
    """An organization, or None."""
    return await view.first(ONE, organization_id=organization_id)


async def locked(tx: Transaction, organization_id: int) -> Organization:
    """One that is going to be changed: nobody else changes it before the operation ends. Raises NotFound."""
    return await tx.one(LOCK, organization_id=organization_id)


async def page(view: Snapshot, sorting: Sorting, number: int, size: int) -> tuple[list[Organization], int]:
    """Page ``number`` (from 1) of all organizations, and how many there are."""
    total = (await view.counts([COUNT]))[COUNT]
    skip = (number - 1) * size
    if skip >= total:
        return [], total
    find = view.all_slowly if skip >= DEEP else view.all
    ids = await find(PAGES[sorting], most=size, skip=skip)
    found = {each.id: each for each in await view.all(ROWS, ids=ids)}
    return [found[each] for each in ids if each in found], total


async def domains_of(view: Snapshot, ids: list[int]) -> dict[int, list[str]]:
    """The domains by the id of their organization, in order."""
    found: dict[int, list[str]] = {}
    for each in await view.all(DOMAINS, ids=ids) if ids else []:
        found.setdefault(each.organization_id, []).append(each.domain)
    return found


async def holder(view: Snapshot, hosts: list[str]) -> Organization | None:
    """The organization that the first of these hosts with one belongs to, or None."""
    held = {each.domain: each.organization_id for each in await view.all(HOLDERS, domains=hosts)} if hosts else {}
    first = next((held[host] for host in hosts if host in held), None)
    return None if first is None else await find(view, first)


async def activity(view: Snapshot, organization_id: int) -> Activity:
    """How much goes on in an organization. Raises NotFound."""
    return await view.one(ACTIVITY, organization_id=organization_id)
