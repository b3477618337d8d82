"""Organizations on the wire (contract 51 §1, §2, §4)."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.kernel.http.hal import Link, Origins, SelfLink, example_page
from deskhand.kernel.http.wire import PageNumber
from deskhand.kernel.transaction import Snapshot
from deskhand.organizations import queries
from deskhand.organizations.queries import Activity, Organization
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner
from deskhand.properties.schemas import LabelBody, labels

API = "https://desk.example.org/v2"
CREATE_EXAMPLE: dict[str, Any] = {
    "name": "Lund Cykler",
    "website": "www.lund.example",
    "description": "Cargo bikes and repairs",
    "location": "DK",
    "logoUrl": "https://lund.example/logo.png",
    "note": "Renewal in May.",
    "domains": ["lund.example", "lundcykler.example"],
    "phones": ["+45 5550 0100"],
    "brandColor": "#0A7E5C",
}
ORGANIZATION_EXAMPLE: dict[str, Any] = {
    "id": 812,
    **CREATE_EXAMPLE,
    "_links": {"self": {"href": f"{API}/organizations/812"}},
}
ORGANIZATIONS_EXAMPLE = example_page(f"{API}/organizations", "organizations", ORGANIZATION_EXAMPLE)
VALUE_EXAMPLE = {"value": "Café"}

MOST_DOMAINS = 50
MOST_PHONES = 50
Short = Annotated[str, Meta(max_length=255)]
Long = Annotated[str, Meta(max_length=5000)]


class OrganizationsQuery(Struct, frozen=True):
    """``sort`` is a field and a direction: ``name,asc``; without a direction it descends."""

    sort: str = "lastInteractionAt,desc"
    page: PageNumber = 1


class OrganizationQuery(Struct, frozen=True, rename="camel"):
    """What to tell besides."""

    include_counts: bool = False
    include_properties: bool = False


class OrganizationInput(Struct, frozen=True, rename="camel", kw_only=True):
    """All that can be told of an organization. ``location`` is a two-letter country code, ``brandColor`` ``#RRGGBB``.

    ``domain`` is one more of the ``domains``.
    """

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    website: Short | None = None
    description: Long | None = None
    location: str | None = None
    logo_url: Short | None = None
    note: Long | None = None
    domains: Annotated[list[Short], Meta(max_length=MOST_DOMAINS)] | None = None
    domain: Short | None = None
    phones: Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(max_length=MOST_PHONES)] | None = None
    brand_color: str | None = None


class ValueInput(Struct, frozen=True):
    """The value of a property: a text, whatever its type. Numbers are taken too; empty or null takes it away."""

    value: Any


class OrganizationPropertyValueBody(Struct, kw_only=True, rename="camel"):
    """The value of a property with what it means; ``options`` only for a dropdown."""

    definition_id: int
    slug: str
    name: str
    type: str
    value: str
    options: list[LabelBody] | UnsetType = UNSET


class OrganizationBody(Struct, kw_only=True, rename="camel"):
    """An organization. Counts and properties are there only if they were asked for."""

    id: int
    name: str
    website: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    location: str | UnsetType = UNSET
    logo_url: str | UnsetType = UNSET
    note: str | UnsetType = UNSET
    domains: list[str]
    phones: list[str]
    brand_color: str | UnsetType = UNSET
    customer_count: int | UnsetType = UNSET
    conversation_count: int | UnsetType = UNSET
    properties: list[OrganizationPropertyValueBody] | UnsetType = UNSET
    links: SelfLink = field(name="_links")


class EmbeddedOrganizations(Struct):
    """The organizations of a page."""

    organizations: list[OrganizationBody]


async def body_of_organization(
    view: Snapshot, organization_id: int, origins: Origins, *, counts: bool = False, properties: bool = False
) -> OrganizationBody:
    """An organization as the API and webhooks give it. Raises NotFound."""
    it = await queries.get(view, organization_id)
    domains = await queries.domains_of(view, [it.id])
    return organization_body(
        it,
        domains.get(it.id, []),
        origins,
        activity=await queries.activity(view, it.id) if counts else None,
        values=await _values(view, it.id) if properties else UNSET,
    )


def organization_body(
    it: Organization,
    domains: list[str],
    origins: Origins,
    *,
    activity: Activity | None = None,
    values: list[OrganizationPropertyValueBody] | UnsetType = UNSET,
) -> OrganizationBody:
    """A record as the resource of contract 51 §1."""
    return OrganizationBody(
        id=it.id,
        name=it.name,
        website=it.website or UNSET,
        description=it.description or UNSET,
        location=it.location or UNSET,
        logo_url=it.logo_url or UNSET,
        note=it.note or UNSET,
        domains=domains,
        phones=it.phones,
        brand_color=it.brand_color or UNSET,
        customer_count=activity.customer_count if activity else UNSET,
        conversation_count=activity.conversation_count if activity else UNSET,
        properties=values,
        links=SelfLink(Link(organization_address(it.id, origins))),
    )


def organization_address(organization_id: int, origins: Origins) -> str:
    """Where an organization is."""
    return f"{origins.api}/v2/organizations/{organization_id}"


async def _values(view: Snapshot, organization_id: int) -> list[OrganizationPropertyValueBody]:
    """The properties that have a value, in the order they were defined; a dropdown's value is its label."""
    stored = {each.property_id: each for each in await view.all(queries.VALUES, organization_id=organization_id)}
    bodies = []
    for each in await properties.all_of(view, Owner.ORGANIZATION) if stored else []:
        found = stored.get(each.id)
        if found is None:
            continue
        chosen = {option.id: option.label for option in each.options}
        value = found.value if found.option_id is None else chosen[found.option_id]
        bodies.append(
            OrganizationPropertyValueBody(
                definition_id=each.id, slug=each.slug, name=each.name, type=each.type, value=value, options=labels(each)
            )
        )
    return bodies
