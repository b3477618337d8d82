"""One customer, and the entries of some of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select

from deskhand.customers.model import Address, CustomerRef, EntryKind, Gender, PhotoType, PropertySource, email_key
from deskhand.customers.tables import customer_entries, customer_values, customers
from deskhand.kernel.storage.columns import to_microseconds
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.organizations.tables import organizations
from deskhand.properties.model import PropertyType
from deskhand.properties.tables import properties, property_options


class Customer(Struct, frozen=True):
    """A customer without entries and properties; ``email`` is the first address, ``organization`` a linked
    organization's name."""

    id: int
    first_name: str | None
    last_name: str | None
    name_key: str
    email: str | None
    gender: Gender
    job_title: str | None
    location: str | None
    organization: str | None
    organization_id: int | None
    photo_type: PhotoType
    photo_url: str | None
    age: str | None
    background: str | None
    address: Address | None
    draft: bool
    conversation_count: int
    created_at: datetime
    updated_at: datetime


class Entry(Struct, frozen=True):
    """An email address, phone number, handle or website; only the last has no ``type``."""

    id: int
    customer_id: int
    kind: EntryKind
    type: str | None
    value: str


class PropertyValue(Struct, frozen=True):
    """The value of a property with what it means; of a dropdown the option's UUID, whose label is beside it."""

    customer_id: int
    type: PropertyType
    slug: str
    name: str
    value: str
    label: str | None
    source: PropertySource


class Holder(CustomerRef, frozen=True):
    """Who has an address."""

    email_key: str | None = None


c, e, v, p = customers.c, customer_entries.c, customer_values.c, properties.c
# The name of an organization counts at once, though the text of its members follows it a little later.
_linked = select(organizations.c.name).where(organizations.c.id == c.organization_id).scalar_subquery()
_shown = {"organization": func.coalesce(_linked, c.organization).label("organization")}
_customer = select(*(_shown.get(name, c[name]) for name in Customer.__struct_fields__))
_reference = select(*(c[name] for name in CustomerRef.__struct_fields__))
_entry = select(*(e[name] for name in Entry.__struct_fields__))
GET = read(_customer.where(c.id == param("customer_id")), Customer)
LOCK = read(_customer.where(c.id == param("customer_id")).with_for_update(), Customer)
VERSION = read(select(c.updated_at).where(c.id == param("customer_id")), datetime)
LOCK_VERSION = read(select(c.updated_at).where(c.id == param("customer_id")).with_for_update(), datetime)
LOCK_SEVERAL = read(_customer.where(any_of(c.id, "ids")).order_by(c.id).with_for_update(), Customer)
ROWS = read(_customer.where(any_of(c.id, "ids")), Customer)
REFERENCE = read(_reference.where(c.id == param("customer_id")), CustomerRef)
REFERENCE_BY_EMAIL = read(
    _reference.join_from(customers, customer_entries, e.customer_id == c.id).where(e.email_key == param("key")),
    CustomerRef,
)
HOLDERS = read(
    _reference.add_columns(e.email_key)
    .join_from(customers, customer_entries, e.customer_id == c.id)
    .where(any_of(e.email_key, "keys")),
    Holder,
)
ENTRIES = read(_entry.where(any_of(e.customer_id, "ids")).order_by(e.id), Entry)
ENTRIES_OF_KIND = read(_entry.where(e.customer_id == param("customer_id"), e.kind == param("kind")).order_by(e.id), Entry)
ENTRY = read(_entry.where(e.id == param("entry_id"), e.customer_id == param("customer_id"), e.kind == param("kind")), Entry)
TAKEN = read(_entry.where(any_of(e.email_key, "keys")).order_by(e.id), Entry)
VALUES = read(
    select(v.customer_id, p.type, p.slug, p.name, v.value, property_options.c.label, v.source)
    .join_from(customer_values, properties, p.id == v.property_id)
    .outerjoin(property_options, property_options.c.id == v.option_id)
    .where(any_of(v.customer_id, "ids"))
    .order_by(v.customer_id, p.id),
    PropertyValue,
)


async def get(view: Snapshot, customer_id: int) -> Customer:
    """A customer. Raises NotFound; one whose erasure goes on behind is there until it is done."""
    return await view.one(GET, customer_id=customer_id)


async def locked(tx: Transaction, customer_id: int) -> Customer:
    """A customer that is going to be changed: nobody else changes it before the operation ends. Raises NotFound."""
    return await tx.one(LOCK, customer_id=customer_id)


async def version(view: Snapshot, customer_id: int) -> str | None:
    """What changes whenever a customer's profile, entries or properties do; None without one. In an operation it is
    locked."""
    found = await view.first(LOCK_VERSION if isinstance(view, Transaction) else VERSION, customer_id=customer_id)
    return f"{to_microseconds(found):x}" if found else None


async def reference(view: Snapshot, customer_id: int) -> CustomerRef | None:
    """Who a customer is, in short, or None."""
    return await view.first(REFERENCE, customer_id=customer_id)


async def by_email(view: Snapshot, email: str) -> CustomerRef | None:
    """Who has an address, in any case, or None."""
    return await view.first(REFERENCE_BY_EMAIL, key=email_key(email))


async def by_emails(view: Snapshot, emails: Iterable[str]) -> dict[str, CustomerRef]:
    """Who has addresses, by the ``email_key`` of each."""
    keys = {email_key(each) for each in emails}
    found = await view.all(HOLDERS, keys=sorted(keys)) if keys else []
    return {each.email_key: each for each in found if each.email_key}


async def entries_of(view: Snapshot, ids: list[int]) -> dict[int, list[Entry]]:
    """All entries by the id of their customer, oldest first."""
    found: dict[int, list[Entry]] = {}
    for each in await view.all(ENTRIES, ids=ids) if ids else []:
        found.setdefault(each.customer_id, []).append(each)
    return found


async def values_of(view: Snapshot, ids: list[int]) -> dict[int, list[PropertyValue]]:
    """All values of properties by the id of their customer, in the order the properties were defined."""
    found: dict[int, list[PropertyValue]] = {}
    for each in await view.all(VALUES, ids=ids) if ids else []:
        found.setdefault(each.customer_id, []).append(each)
    return found


async def entries(view: Snapshot, customer_id: int, kind: EntryKind) -> list[Entry]:
    """The entries of one kind, oldest first. Raises NotFound for an unknown customer."""
    found = await view.all(ENTRIES_OF_KIND, customer_id=customer_id, kind=kind)
    if not found:
        await get(view, customer_id)
    return found


async def entry(view: Snapshot, customer_id: int, kind: EntryKind, entry_id: int) -> Entry:
    """An entry of a customer. Raises NotFound, also for one of another kind."""
    return await view.one(ENTRY, customer_id=customer_id, kind=kind, entry_id=entry_id)
