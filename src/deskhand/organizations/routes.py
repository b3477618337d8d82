"""Organizations and the values of their properties (contract 51 §2, §4). Deleting one and listing its members is with
the customers, its conversations with the conversations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from litestar import Router
from msgspec import UNSET

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Code, Invalid, Mistake, Source
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Asked, Origins, Page, page_info, page_links
from deskhand.kernel.http.routes import PathId, delete, get, post, put
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.organizations import operations, queries
from deskhand.organizations.model import Details
from deskhand.organizations.queries import SortField, Sorting
from deskhand.organizations.schemas import (
    CREATE_EXAMPLE,
    MOST_DOMAINS,
    ORGANIZATION_EXAMPLE,
    ORGANIZATIONS_EXAMPLE,
    VALUE_EXAMPLE,
    EmbeddedOrganizations,
    OrganizationBody,
    OrganizationInput,
    OrganizationQuery,
    OrganizationsQuery,
    ValueInput,
    body_of_organization,
    organization_address,
    organization_body,
)
from deskhand.properties.model import is_host

COUNTRY = re.compile(r"[A-Z]{2}")
COLOR = re.compile(r"#[0-9A-Fa-f]{6}")
FIELDS = {field.value: field for field in SortField}
DIRECTIONS = ("asc", "desc")


@get(summary="List Organizations", errors=(400, 403), example=ORGANIZATIONS_EXAMPLE)
async def index(
    view: Snapshot, query: OrganizationsQuery, desk: Desk, origins: Origins, asked: Asked
) -> Page[EmbeddedOrganizations]:
    """The organizations of the account, without counts and properties. Those where something happened last come first,
    unless asked otherwise."""
    size = desk.settings.page_size
    found, total = await queries.page(view, _sorting(query.sort), query.page, size)
    domains = await queries.domains_of(view, [it.id for it in found])
    info = page_info(query.page, size, total)
    bodies = [organization_body(it, domains.get(it.id, []), origins) for it in found]
    return Page(
        embedded=EmbeddedOrganizations(bodies) if bodies else UNSET,
        links=page_links(asked, query.page, info.total_pages),
        page=info,
    )


@post(summary="Create Organization", errors=(400, 403, 409, 415), example=CREATE_EXAMPLE)
async def create(tx: Transaction, data: OrganizationInput, origins: Origins) -> Created:
    """An organization. Customers with an address of its domains become members. A name or domain that another one has is
    a conflict."""
    organization_id = await operations.create(tx, details(data))
    there = organization_address(organization_id, origins)
    return Created(organization_id, location=f"{there}?includeCounts=false&includeProperties=false")


@get(summary="Get Organization", errors=(400, 403, 404), example=ORGANIZATION_EXAMPLE)
async def show(view: Snapshot, organization_id: PathId, query: OrganizationQuery, origins: Origins) -> OrganizationBody:
    """One organization; with its counts and the values of its properties if they are asked for."""
    return await body_of_organization(
        view, organization_id, origins, counts=query.include_counts, properties=query.include_properties
    )


@put(summary="Update Organization", errors=(400, 403, 404, 409, 415), example=CREATE_EXAMPLE)
async def overwrite(tx: Transaction, organization_id: PathId, data: OrganizationInput) -> None:
    """Replace everything: a field that is missing is cleared, except ``logoUrl``. Properties stay."""
    await operations.overwrite(tx, organization_id, details(data))


@put("/properties/{slug:str}", summary="Set Organization Property", errors=(400, 403, 404, 415), example=VALUE_EXAMPLE)
async def set_value(tx: Transaction, organization_id: PathId, slug: str, data: ValueInput) -> None:
    """The value of a property, as text: a number, a date ``YYYY-MM-DD``, or the label of an option."""
    await operations.set_value(tx, organization_id, slug, data.value)


@delete("/properties/{slug:str}", summary="Clear Organization Property", errors=(400, 403, 404))
async def clear_value(tx: Transaction, organization_id: PathId, slug: str) -> None:
    """No value of a property any more; there need not be one."""
    await operations.set_value(tx, organization_id, slug, None)


def _sorting(text: str) -> Sorting:
    """The order of ``sort=name,asc``. Raises Invalid("sort")."""
    name, comma, direction = text.partition(",")
    for given, words in ((name, tuple(FIELDS)), (direction.lower() if comma else "desc", DIRECTIONS)):
        if given not in words:
            told = "Expected one of these: " + ", ".join(f"'{word}'" for word in words)
            raise Invalid.all([Mistake("sort", told, Code.ENUM_VALUE, text[:300], Source.QUERY)])
    return Sorting(FIELDS[name], ascending=direction.lower() == "asc")


def details(it: OrganizationInput) -> Details:
    """What is told of an organization. Raises Invalid with every mistake."""
    domains = {f"domains[{at}]": each.strip().lower() for at, each in enumerate(it.domains or [])}
    if it.domain:
        domains["domain"] = it.domain.strip().lower()
    mistakes = [*_mistakes(it)]
    mistakes += [Mistake(path, "must be a host name", rejected=each) for path, each in domains.items() if not is_host(each)]
    unique = tuple(dict.fromkeys(domains.values()))
    if len(unique) > MOST_DOMAINS:
        mistakes.append(Mistake("domains", f"size must be between 0 and {MOST_DOMAINS}", Code.SIZE))
    if mistakes:
        raise Invalid.all(mistakes)
    return Details(
        name=it.name.strip(),
        website=it.website or None,
        description=it.description or None,
        location=it.location or None,
        logo_url=UNSET if it.logo_url is None else it.logo_url or None,
        note=it.note or None,
        domains=unique,
        phones=tuple(each.strip() for each in it.phones or []),
        brand_color=it.brand_color or None,
    )


def _mistakes(it: OrganizationInput) -> Iterator[Mistake]:
    if not it.name.strip():
        yield Mistake("name", "may not be empty", Code.NOT_EMPTY, it.name)
    if it.location and not COUNTRY.fullmatch(it.location):
        yield Mistake("location", "must be a two-letter country code in capitals", rejected=it.location[:300])
    if it.brand_color and not COLOR.fullmatch(it.brand_color):
        yield Mistake("brandColor", "must be a color with the format #RRGGBB", rejected=it.brand_color[:300])
    for at, phone in enumerate(it.phones or []):
        if not phone.strip():
            yield Mistake(f"phones[{at}]", "may not be empty", Code.NOT_EMPTY, phone)


ROUTERS = [
    Router("/v2/organizations", route_handlers=[index, create]),
    Router("/v2/organizations/{organization_id:str}", route_handlers=[show, overwrite, set_value, clear_value]),
]
