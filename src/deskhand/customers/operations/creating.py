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
    email_key,
    is_email,
)
from deskhand.customers.operations.core import ADD_ENTRY, check_free, content, keep_text, keys
from deskhand.customers.queries import one
from deskhand.customers.tables import customers as customer_table
from deskhand.kernel.errors import Code, Invalid
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction

W = TypeVar("W", bound=StrEnum)

COLUMNS = tuple(column.name for column in customer_table.columns if column.name != "id")
ADD = write(insert(customer_table).values({name: param(name) for name in COLUMNS}).returning(customer_table.c.id))
PLAIN = ("first_name", "last_name", "photo_url", "job_title", "background", "location", "organization", "age")


async def create(tx: Transaction, new: NewCustomer) -> int:
    """Add a customer; the id. Raises Forbidden, Invalid("organizationId"), Conflict for an address that somebody has.

    Source: Mailbox API 2.0, "Create Customer".
    """
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    await check_free(tx, new.entries)
    profile = new.profile
    if new.organization_id is not None:
        name = await linked(tx, new.organization_id, "organizationId")
        profile = structs.replace(profile, organization=name)
    return (await _add(tx, structs.replace(new, profile=profile))).id


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


async def linked(tx: Transaction, organization_id: int, path: str) -> str:
    """The name of an organization to link to. Raises Invalid(path) if there is none."""
    name = await one.organization_name(tx, organization_id)
    if name is None:
        raise Invalid(path, "is not an organization", rejected=organization_id)
    return name


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
    values: dict[str, Any] = {
        **structs.asdict(it),
        **keys(it.first_name, it.last_name, it.organization, new.entries),
        "organization_id": new.organization_id,
        "address": new.address,
        "draft": False,
        "conversation_count": 0,
        "created_at": tx.now,
        "updated_at": tx.now,
    }
    customer_id = await tx.insert(ADD, **values)
    for entry in new.entries:
        await tx.insert(ADD_ENTRY, customer_id=customer_id, kind=entry.kind, **content(entry))
    await keep_text(tx, customer_id, it.first_name, it.last_name, it.organization, new.entries)
    tx.count(COUNT, 1, spread=customer_id)
    tx.record(CustomerCreated(customer_id=customer_id))
    return CustomerRef(customer_id, it.first_name, it.last_name, values["email"], values["name_key"])
