"""Changing a profile: whole (contract 50 §5.1), or step by step with entries and address, all or nothing (§5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import UNSET, Struct, UnsetType, structs

from deskhand.customers.model import Address, EntryKind, NewEntry, Profile
from deskhand.customers.operations.core import add_entry, editable, remove_entry, set_entry, settle
from deskhand.customers.operations.creating import linked
from deskhand.customers.queries import one
from deskhand.customers.queries.one import Customer
from deskhand.kernel.errors import NotFound
from deskhand.kernel.transaction import Transaction


class SetField(Struct, frozen=True):
    """A field of the profile is this now."""

    name: str
    value: Any


class SetOrganization(Struct, frozen=True):
    """The customer belongs to this organization now, or to none; ``path`` is what to name if it is unknown."""

    organization_id: int | None
    path: str


class AddEntry(Struct, frozen=True):
    """There is another entry."""

    new: NewEntry


class SetEntry(Struct, frozen=True, kw_only=True):
    """An entry has another value or type; what is absent stays."""

    kind: EntryKind
    entry_id: int
    value: str | UnsetType = UNSET
    type: str | None | UnsetType = UNSET


class RemoveEntry(Struct, frozen=True):
    """An entry is gone."""

    kind: EntryKind
    entry_id: int


class SetAddress(Struct, frozen=True):
    """The address is this now, or there is none."""

    address: Address | None


class SetAddressPart(Struct, frozen=True):
    """A part of the address is this now; an address begins with its first part. None (no lines) takes a part away."""

    name: str
    value: Any


Change = SetField | SetOrganization | AddEntry | SetEntry | RemoveEntry | SetAddress | SetAddressPart


async def overwrite(tx: Transaction, customer_id: int, profile: Profile, organization_id: int | None = None) -> None:
    """Replace the whole profile; entries and address stay, and a link to an organization that is not given.

    Raises NotFound, Forbidden, Invalid("organizationId"). Source: Mailbox API 2.0, "Overwrite Customer".
    """
    before = await editable(tx, customer_id)
    changes = structs.asdict(profile)
    if organization_id is not None:
        changes["organization"] = await linked(tx, organization_id, "organizationId")
        changes["organization_id"] = organization_id
    elif before.organization_id is not None:
        changes["organization"] = before.organization
    await settle(tx, before, **changes)


async def change(tx: Transaction, customer_id: int, changes: Sequence[Change]) -> None:
    """Apply changes in order, all or none.

    Raises NotFound, also for an entry or address that is not there; Forbidden, Conflict, Invalid for an organization.
    Source: Mailbox API 2.0, "Update Customer".
    """
    before = await editable(tx, customer_id)
    columns: dict[str, Any] = {}
    came: list[NewEntry] = []
    for each in changes:
        columns |= await _apply(tx, before, each, columns, came)
    await settle(tx, before, came=came, **columns)


async def _apply(
    tx: Transaction, before: Customer, change: Change, columns: dict[str, Any], came: list[NewEntry]
) -> dict[str, Any]:
    """What a change makes of the customer's columns, given what earlier ones made; entries are changed at once, and those
    that ``came`` remembered."""
    match change:
        case SetField(name="organization"):
            # The text is what was asked for, so it must not be hidden by the name of an organization linked before.
            return {"organization": change.value, "organization_id": None}
        case SetField():
            return {change.name: change.value}
        case SetOrganization(organization_id=None):
            is_linked = columns.get("organization_id", before.organization_id) is not None
            return {"organization": None, "organization_id": None} if is_linked else {}
        case SetOrganization(organization_id=int(organization_id)):
            name = await linked(tx, organization_id, change.path)
            return {"organization": name, "organization_id": organization_id}
        case SetAddress(address=address):
            if address is None:
                _present(columns.get("address", before.address))
            return {"address": address}
        case SetAddressPart():
            return {"address": _with_part(columns.get("address", before.address), change)}
        case AddEntry():
            await add_entry(tx, before.id, change.new)
            came.append(change.new)
        case SetEntry():
            entry = await one.entry(tx, before.id, change.kind, change.entry_id)
            type_ = entry.type if change.type is UNSET else change.type
            value = entry.value if change.value is UNSET else change.value
            new = NewEntry(entry.kind, type_, value)
            await set_entry(tx, entry, new)
            came.append(new)
        case RemoveEntry():
            await remove_entry(tx, await one.entry(tx, before.id, change.kind, change.entry_id))
    return {}


def _with_part(address: Address | None, change: SetAddressPart) -> Address:
    if not change.value:
        address = _present(address)
    return structs.replace(address or Address(), **{change.name: change.value})


def _present(address: Address | None) -> Address:
    if address is None:
        raise NotFound("Not found")
    return address
