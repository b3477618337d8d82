"""The customer resource (contract 50 §1) and the address (§6)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from deskhand.customers.model import Address, EntryKind
from deskhand.customers.queries import Customer, Entry, PropertyValue, one
from deskhand.customers.schemas.entries import EntryBody, entry_body
from deskhand.kernel.clock import whole_seconds
from deskhand.kernel.http.hal import Link, Origins, SelfLink
from deskhand.kernel.transaction import Snapshot


class AddressBody(Struct, kw_only=True, rename="camel"):
    """A postal address inside its customer."""

    city: str | UnsetType = UNSET
    lines: list[str]
    state: str | UnsetType = UNSET
    postal_code: str | UnsetType = UNSET
    country: str | UnsetType = UNSET


class AddressItem(AddressBody, kw_only=True, rename="camel"):
    """A postal address on its own."""

    links: SelfLink = field(name="_links")


class PropertySourceBody(Struct):
    """How a value came in."""

    name: str


class PropertyValueBody(Struct):
    """The value of a property; of a dropdown ``value`` is the option's id and ``text`` its label."""

    type: str
    slug: str
    name: str
    value: str
    text: str
    source: PropertySourceBody


class CustomerParts(Struct, kw_only=True):
    """What hangs on a customer. ``address`` is absent where there is none; everything else is a list, if an empty one."""

    emails: list[EntryBody]
    phones: list[EntryBody]
    chats: list[EntryBody]
    social_profiles: list[EntryBody]
    websites: list[EntryBody]
    properties: list[PropertyValueBody]
    address: AddressBody | UnsetType = UNSET


class CustomerLinks(Struct, kw_only=True):
    """The links of a customer, in the vendor's order."""

    address: Link
    chats: Link
    emails: Link
    organization: Link | UnsetType = UNSET
    phones: Link
    self_: Link = field(name="self")
    social_profiles: Link = field(name="social-profiles")
    websites: Link


class CustomerBody(Struct, kw_only=True, rename="camel"):
    """A customer, as the API gives it everywhere."""

    id: int
    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    gender: str
    job_title: str | UnsetType = UNSET
    location: str | UnsetType = UNSET
    organization: str | UnsetType = UNSET
    organization_id: int | UnsetType = UNSET
    photo_type: str
    photo_url: str | UnsetType = UNSET
    age: str | UnsetType = UNSET
    conversation_count: int
    created_at: datetime
    updated_at: datetime
    background: str
    draft: bool
    embedded: CustomerParts = field(name="_embedded")
    links: CustomerLinks = field(name="_links")


class EmbeddedCustomers(Struct):
    """The customers of a page."""

    customers: list[CustomerBody]


async def customer_bodies(view: Snapshot, found: list[Customer], origins: Origins) -> list[CustomerBody]:
    """Customers with what hangs on them, in two statements for all."""
    ids = [it.id for it in found]
    entries, values = await one.entries_of(view, ids), await one.values_of(view, ids)
    return [customer_body(it, entries.get(it.id, []), values.get(it.id, []), origins) for it in found]


def customer_body(it: Customer, entries: list[Entry], values: list[PropertyValue], origins: Origins) -> CustomerBody:
    """A record, its entries and its properties as the resource of contract 50 §1."""
    return CustomerBody(
        id=it.id,
        first_name=it.first_name or UNSET,
        last_name=it.last_name or UNSET,
        gender=it.gender.value.title(),
        job_title=it.job_title or UNSET,
        location=it.location or UNSET,
        organization=it.organization or UNSET,
        organization_id=UNSET if it.organization_id is None else it.organization_id,
        photo_type=it.photo_type,
        photo_url=it.photo_url or UNSET,
        age=it.age or UNSET,
        conversation_count=it.conversation_count,
        created_at=it.created_at,
        updated_at=whole_seconds(it.updated_at),
        background=it.background or "",
        draft=it.draft,
        embedded=_parts(it, entries, values),
        links=_links(it, origins),
    )


def address_item(it: Address, customer_id: int, origins: Origins) -> AddressItem:
    """An address as a resource of its own."""
    links = SelfLink(Link(address_address(customer_id, origins)))
    return AddressItem(**_address(it), links=links)


def address_address(customer_id: int, origins: Origins) -> str:
    """Where the address of a customer is."""
    return f"{origins.api}/v2/customers/{customer_id}/address"


def _parts(it: Customer, entries: list[Entry], values: list[PropertyValue]) -> CustomerParts:
    by_kind: dict[EntryKind, list[EntryBody]] = {kind: [] for kind in EntryKind}
    for each in entries:
        by_kind[each.kind].append(entry_body(each))
    return CustomerParts(
        emails=by_kind[EntryKind.EMAIL],
        phones=by_kind[EntryKind.PHONE],
        chats=by_kind[EntryKind.CHAT],
        social_profiles=by_kind[EntryKind.SOCIAL],
        websites=by_kind[EntryKind.WEBSITE],
        properties=[
            PropertyValueBody(
                each.type, each.slug, each.name, each.value, each.label or each.value, PropertySourceBody(each.source)
            )
            for each in values
        ],
        address=AddressBody(**_address(it.address)) if it.address else UNSET,
    )


def _address(it: Address) -> dict[str, Any]:
    plain = {name: getattr(it, name) or UNSET for name in ("city", "state", "postal_code", "country")}
    return {**plain, "lines": list(it.lines)}


def _links(it: Customer, origins: Origins) -> CustomerLinks:
    here = f"{origins.api}/v2/customers/{it.id}"
    organization = it.organization_id
    return CustomerLinks(
        address=Link(f"{here}/address/"),
        chats=Link(f"{here}/chats/"),
        emails=Link(f"{here}/emails/"),
        organization=UNSET if organization is None else Link(f"{origins.api}/v2/organizations/{organization}"),
        phones=Link(f"{here}/phones/"),
        self_=Link(here),
        social_profiles=Link(f"{here}/social-profiles/"),
        websites=Link(f"{here}/websites/"),
    )
