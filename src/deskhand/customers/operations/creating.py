"""Adding customers: on their own (contract 50 §4), or because a conversation names somebody new (contract 10 §4.2)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar

from msgspec import structs
from sqlalchemy import insert

from deskhand.customers import queries
from deskhand.customers.model import (
    COUNT,
    CustomerCreated,
    CustomerGiven,
    CustomerRef,
    EntryKind,
    Gender,
    NewCustomer,
    NewEntry,
    PhotoType,
    Profile,
    PropertySource,
    email_key,
)
from deskhand.customers.operations import values
from deskhand.customers.operations.core import ADD_ENTRY, check_free, content, keep_text, keys, membership
from deskhand.customers.queries import one
from deskhand.customers.tables import customers as customer_table
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Invalid
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.organizations import operations as organizations
from deskhand.organizations import queries as organization_queries

W = TypeVar("W", bound=StrEnum)

COLUMNS = tuple(column.name for column in customer_table.columns if column.name != "id")
ADD = write(insert(customer_table).values({name: param(name) for name in COLUMNS}).returning(customer_table.c.id))
PLAIN = ("first_name", "last_name", "photo_url", "job_title", "background", "location", "organization", "age")


async def create(tx: Transaction, new: NewCustomer) -> int:
    """Add a customer; the id.

    Without an organization they join the one that has the domain of an address. Raises Forbidden, Invalid("organizationId"),
    Conflict for an address that somebody has.

    Source: Mailbox API 2.0, "Create Customer".
    """
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    await check_free(tx, new.entries)
    profile = new.profile
    if new.organization_id is not None:
        name = await linked(tx, new.organization_id, "organizationId")
        profile = structs.replace(profile, organization=name)
    customer_id = (await _add(tx, structs.replace(new, profile=profile))).id
    await values.keep(tx, customer_id, new.properties, PropertySource.API)
    return customer_id


async def find_or_create(tx: Transaction, given: CustomerGiven, path: str) -> CustomerRef:
    """Who is meant: the customer with that id, else with that address in any case, else a new one with what is told.

    What is told of somebody known is ignored. Raises Invalid at ``path`` and its ``id``, ``email``, ``gender``,
    ``photoType``.
    """
    if given.id is not None:
        found = await queries.reference(tx, given.id)
        if found is None:
            raise Invalid(f"{path}.id", "is not a customer", rejected=given.id)
        return found
    email = (given.email or "").strip()
    if not email:
        raise Invalid(f"{path}.email", "may not be empty", code=Code.NOT_EMPTY)
    if not is_email(email):
        raise Invalid(f"{path}.email", "not a well-formed email address", code=Code.EMAIL, rejected=given.email)
    found = await tx.first(one.REFERENCE_BY_EMAIL, key=email_key(email))
    return found or await _add(tx, _from_conversation(given, email, path))


async def linked(view: Snapshot, organization_id: int, path: str) -> str:
    """The name of an organization to link to. Raises Invalid(path) if there is none."""
    found = await organization_queries.find(view, organization_id)
    if found is None:
        raise Invalid(path, "is not an organization", rejected=organization_id)
    return found.name


def word(words: type[W], text: str | None, path: str) -> W:
    """A word of the vendor's in any case, ``unknown`` if there is none. Raises Invalid(path)."""
    if not text:
        return words("unknown")
    try:
        return words(text.lower())
    except ValueError:
        told = "Expected one of these: " + ", ".join(f"'{each.value}'" for each in words)
        raise Invalid(path, told, code=Code.ENUM_VALUE, rejected=text) from None


def _from_conversation(given: CustomerGiven, email: str, path: str) -> NewCustomer:
    phone = (given.phone or "").strip()
    entries = [NewEntry(EntryKind.EMAIL, "work", email)]
    if phone:
        entries.append(NewEntry(EntryKind.PHONE, "work", phone))
    profile = Profile(
        gender=word(Gender, given.gender, f"{path}.gender"),
        photo_type=word(PhotoType, given.photo_type, f"{path}.photoType"),
        **{name: getattr(given, name) or None for name in PLAIN},
    )
    return NewCustomer(profile=profile, entries=tuple(entries))


async def _add(tx: Transaction, new: NewCustomer) -> CustomerRef:
    it = new.profile
    joined = {} if new.organization_id is not None else await membership(tx, new.entries)
    organization = joined.get("organization", it.organization)
    columns: dict[str, Any] = {
        **structs.asdict(it),
        **keys(it.first_name, it.last_name, organization, new.entries),
        "organization_id": new.organization_id,
        "address": new.address,
        "draft": False,
        "conversation_count": 0,
        "created_at": tx.now,
        "updated_at": tx.instant,
        **joined,
    }
    customer_id = await tx.insert(ADD, **columns)
    for entry in new.entries:
        await tx.insert(ADD_ENTRY, customer_id=customer_id, kind=entry.kind, **content(entry))
    await keep_text(tx, customer_id, it.first_name, it.last_name, organization, new.entries)
    belongs_to = columns["organization_id"]
    await organizations.move_member(tx, None, belongs_to, conversations=0)
    tx.count(COUNT, 1, spread=customer_id)
    tx.record(CustomerCreated(customer_id=customer_id))
    return CustomerRef(customer_id, it.first_name, it.last_name, columns["email"], columns["name_key"], belongs_to)
