"""What every change of a customer shares: the row with its keys, the entries' rows, the full-text index."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, insert, update

from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.model import CustomerUpdated, EntryKind, NewEntry, email_domain, email_key, name_key
from deskhand.customers.queries import one
from deskhand.customers.queries.one import Customer, Entry
from deskhand.customers.tables import customer_entries
from deskhand.customers.tables import customers as customer_table
from deskhand.kernel.errors import Conflict
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import Write, param, shaped, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import operations as organizations
from deskhand.organizations import queries as organization_queries

FOUND_BY = (EntryKind.EMAIL, EntryKind.PHONE)  # the kinds whose values are in the full-text index

_content = {name: param(name) for name in ("type", "value", "email_key", "email_domain")}
ADD_ENTRY = write(
    insert(customer_entries)
    .values({"customer_id": param("customer_id"), "kind": param("kind"), **_content})
    .returning(customer_entries.c.id)
)
SET_ENTRY = write(update(customer_entries).where(customer_entries.c.id == param("entry_id")).values(_content))
REMOVE_ENTRY = write(delete(customer_entries).where(customer_entries.c.id == param("entry_id")))


@shaped
def _set(names: tuple[str, ...]) -> Write[int]:
    """An UPDATE of these columns of one customer."""
    return write(
        update(customer_table).where(customer_table.c.id == param("customer_id")).values({name: param(name) for name in names})
    )


async def editable(tx: Transaction, customer_id: int) -> Customer:
    """A customer that the actor may change, and nobody else does before the operation ends. Raises NotFound, Forbidden."""
    found = await one.locked(tx, customer_id)
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    return found


async def settle(tx: Transaction, before: Customer, *, came: Iterable[NewEntry] = (), **changes: Any) -> None:
    """Change a customer's columns, and what follows from them and from the entries as they are now; record the fact.

    ``came`` are entries that are new or changed: an address with the domain of an organization makes a member of a
    customer who belongs to none, unless it was said what they belong to.
    """
    if "organization_id" not in changes and before.organization_id is None:
        changes |= await membership(tx, came)
    organization_id = changes.get("organization_id", before.organization_id)
    has_moved = organization_id != before.organization_id
    first, last, organization = (
        changes.get(name, getattr(before, name)) for name in ("first_name", "last_name", "organization")
    )
    entries = await tx.all(one.ENTRIES, ids=[before.id])
    changes |= keys(first, last, organization, entries)
    await tx.write(_set(tuple(sorted({*changes, "updated_at"}))), **changes, customer_id=before.id, updated_at=tx.instant)
    await keep_text(tx, before.id, first, last, organization, entries)
    if has_moved:
        held = before.conversation_count
        await organizations.move_member(tx, before.organization_id, organization_id, conversations=held)
    renamed = changes["name_key"] != before.name_key or changes["email"] != before.email
    tx.record(CustomerUpdated(customer_id=before.id, renamed=renamed, joined=organization_id if has_moved else None))


async def membership(tx: Transaction, entries: Iterable[NewEntry]) -> dict[str, Any]:
    """The columns of somebody with these addresses: of the organization that has the domain of the first it can be."""
    hosts = [email_domain(each.value) for each in entries if each.kind is EntryKind.EMAIL]
    found = await organization_queries.holder(tx, hosts)
    return {"organization": found.name, "organization_id": found.id} if found else {}


def keys(first: str | None, last: str | None, organization: str | None, entries: Iterable[Entry | NewEntry]) -> dict[str, Any]:
    """The columns that follow from others: folded names, and the first address."""
    return {
        "name_key": name_key(first, last),
        "first_key": indexable(first or ""),
        "last_key": indexable(last or ""),
        "organization_key": indexable(organization or ""),
        "email": next((each.value for each in entries if each.kind is EntryKind.EMAIL), None),
    }


async def keep_text(
    tx: Transaction,
    customer_id: int,
    first: str | None,
    last: str | None,
    organization: str | None,
    entries: Iterable[Entry | NewEntry],
) -> None:
    """Keep the full-text index in step."""
    text = words_of(first, last, organization, [each.value for each in entries if each.kind in FOUND_BY])
    await tx.write(CUSTOMER_TEXT.keep, id=customer_id, text=text)


def words_of(first: str | None, last: str | None, organization: str | None, values: Iterable[str]) -> str:
    """What the full-text index keeps of a customer; ``values`` are those of their entries it is found by."""
    return indexable("\n".join(each for each in (first, last, organization, *values) if each))


async def add_entry(tx: Transaction, customer_id: int, new: NewEntry) -> int:
    """The row of an entry; its id. Raises Conflict for an address that somebody has."""
    await check_free(tx, [new])
    return await tx.insert(ADD_ENTRY, customer_id=customer_id, kind=new.kind, **content(new))


async def set_entry(tx: Transaction, before: Entry, new: NewEntry) -> None:
    """The changed row of an entry. Raises Conflict for an address that somebody has."""
    await check_free(tx, [new], except_for=before.id)
    await tx.write(SET_ENTRY, entry_id=before.id, **content(new))


async def remove_entry(tx: Transaction, entry: Entry) -> None:
    """No more row of an entry."""
    await tx.write(REMOVE_ENTRY, entry_id=entry.id)


def content(new: NewEntry) -> dict[str, Any]:
    """The columns of an entry; an address has a key that is unique and its domain."""
    is_address = new.kind is EntryKind.EMAIL
    return {
        "type": new.type,
        "value": new.value,
        "email_key": email_key(new.value) if is_address else None,
        "email_domain": email_domain(new.value) if is_address else None,
    }


async def check_free(tx: Transaction, entries: Iterable[NewEntry], *, except_for: int | None = None) -> None:
    """Raises Conflict if one of these addresses is given twice, or somebody has it already."""
    wanted = [email_key(each.value) for each in entries if each.kind is EntryKind.EMAIL]
    if not wanted:
        return
    if len(set(wanted)) < len(wanted):
        raise Conflict("An email address is given twice")
    for taken in await tx.all(one.TAKEN, keys=wanted):
        if taken.id != except_for:
            raise Conflict(f"The email address {taken.value} belongs to customer {taken.customer_id}")
