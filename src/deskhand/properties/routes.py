"""The definitions of properties (contract 51 §3, §5); values are in the rooms of organizations and customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from litestar import Router
from msgspec import UNSET

from deskhand.kernel.errors import Code, Invalid, Mistake
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Link, Origins, SelfLink
from deskhand.kernel.http.routes import delete, get, post, put
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.properties import operations, queries
from deskhand.properties.model import RESERVED, NewOption, NewProperty, Owner, PropertyType, is_slug
from deskhand.properties.schemas import (
    CHANGE_EXAMPLE,
    CREATE_EXAMPLE,
    CUSTOMER_PROPERTIES_EXAMPLE,
    CUSTOMER_PROPERTY_EXAMPLE,
    ORGANIZATION_PROPERTIES_EXAMPLE,
    ORGANIZATION_PROPERTY_EXAMPLE,
    CustomerPropertyBody,
    CustomerPropertyChange,
    CustomerPropertyInput,
    EmbeddedCustomerProperties,
    EmbeddedOrganizationProperties,
    LabelInput,
    OptionInput,
    OrganizationPropertyBody,
    OrganizationPropertyChange,
    OrganizationPropertyInput,
    PropertyList,
    customer_properties_address,
    customer_property_body,
    organization_properties_address,
    organization_property_body,
)


@get(summary="List Organization Properties", errors=(403,), example=ORGANIZATION_PROPERTIES_EXAMPLE)
async def list_of_organizations(view: Snapshot, origins: Origins) -> PropertyList[EmbeddedOrganizationProperties]:
    """Every property that organizations may have, oldest first."""
    found = [organization_property_body(each, origins) for each in await queries.all_of(view, Owner.ORGANIZATION)]
    return PropertyList(
        embedded=EmbeddedOrganizationProperties(found) if found else UNSET,
        links=SelfLink(Link(organization_properties_address(origins))),
    )


@post(summary="Create Organization Property", errors=(400, 403, 409, 415), example=CREATE_EXAMPLE)
async def create_of_organizations(tx: Transaction, data: OrganizationPropertyInput, origins: Origins) -> Created:
    """Define a property; there may be 50. A slug that is taken is a conflict."""
    await operations.create(tx, Owner.ORGANIZATION, _defined(data, Owner.ORGANIZATION))
    return Created(None, location=f"{organization_properties_address(origins)}/{data.slug}")


@get(summary="Get Organization Property", errors=(403, 404), example=ORGANIZATION_PROPERTY_EXAMPLE)
async def show_of_organizations(view: Snapshot, slug: str, origins: Origins) -> OrganizationPropertyBody:
    """One property of organizations."""
    return organization_property_body(await queries.get(view, Owner.ORGANIZATION, slug), origins)


@put(summary="Update Organization Property", errors=(400, 403, 404, 415), example=CHANGE_EXAMPLE)
async def change_of_organizations(tx: Transaction, slug: str, data: OrganizationPropertyChange) -> None:
    """Another name and, if ``options`` are sent, the whole new list: values of options that are gone are removed."""
    await _change(tx, Owner.ORGANIZATION, slug, data)


@delete(summary="Delete Organization Property", errors=(403, 404))
async def remove_of_organizations(tx: Transaction, slug: str) -> None:
    """Remove a property with every value."""
    await operations.delete(tx, Owner.ORGANIZATION, slug)


@get(summary="List Customer Properties", errors=(403,), example=CUSTOMER_PROPERTIES_EXAMPLE)
async def list_of_customers(view: Snapshot, origins: Origins) -> PropertyList[EmbeddedCustomerProperties]:
    """Every property that customers may have, oldest first."""
    found = [customer_property_body(each) for each in await queries.all_of(view, Owner.CUSTOMER)]
    return PropertyList(
        embedded=EmbeddedCustomerProperties(found) if found else UNSET,
        links=SelfLink(Link(customer_properties_address(origins))),
    )


@post(summary="Create Customer Property", errors=(400, 403, 409, 415), example=CUSTOMER_PROPERTY_EXAMPLE)
async def create_of_customers(tx: Transaction, data: CustomerPropertyInput, origins: Origins) -> Created:
    """Define a property; there may be 50. A slug that is taken is a conflict."""
    await operations.create(tx, Owner.CUSTOMER, _defined(data, Owner.CUSTOMER))
    return Created(None, location=f"{customer_properties_address(origins)}/{data.slug}")


@get(summary="Get Customer Property", errors=(403, 404), example=CUSTOMER_PROPERTY_EXAMPLE)
async def show_of_customers(view: Snapshot, slug: str) -> CustomerPropertyBody:
    """One property of customers."""
    return customer_property_body(await queries.get(view, Owner.CUSTOMER, slug))


@put(summary="Update Customer Property", errors=(400, 403, 404, 415), example=CHANGE_EXAMPLE)
async def change_of_customers(tx: Transaction, slug: str, data: CustomerPropertyChange) -> None:
    """Another name or a whole new list of ``options``: values of options that are gone are removed."""
    await _change(tx, Owner.CUSTOMER, slug, data)


@delete(summary="Delete Customer Property", errors=(403, 404))
async def remove_of_customers(tx: Transaction, slug: str) -> None:
    """Remove a property with every value."""
    await operations.delete(tx, Owner.CUSTOMER, slug)


async def _change(tx: Transaction, owner: Owner, slug: str, data: OrganizationPropertyChange | CustomerPropertyChange) -> None:
    mistakes = [*_blank(data.name), *_wrong_options(data.options or [])]
    if mistakes:
        raise Invalid.all(mistakes)
    options = None if data.options is None else _options(data.options)
    await operations.change(tx, owner, slug, name=data.name and data.name.strip(), options=options)


def _defined(data: OrganizationPropertyInput | CustomerPropertyInput, owner: Owner) -> NewProperty:
    """A property to define. Raises Invalid with every mistake; options of what is no dropdown are not looked at."""
    options = (data.options or []) if data.type is PropertyType.DROPDOWN else []
    mistakes = [*_blank(data.name), *_wrong_options(options)]
    if not is_slug(data.slug):
        mistakes.append(Mistake("slug", "may only have letters, digits, '-' and '_'", rejected=data.slug))
    elif owner is Owner.CUSTOMER and data.slug in RESERVED:
        mistakes.append(Mistake("slug", "is reserved", rejected=data.slug))
    if mistakes:
        raise Invalid.all(mistakes)
    return NewProperty(data.slug, data.type, data.name.strip(), _options(options))


def _blank(name: str | None) -> Iterable[Mistake]:
    if name is not None and not name.strip():
        yield Mistake("name", "may not be empty", Code.NOT_EMPTY, name)


def _wrong_options(options: Sequence[LabelInput | OptionInput]) -> Iterable[Mistake]:
    """Labels that are blank or given twice, and ids that are no UUID or given twice."""
    labels: set[str] = set()
    keys: set[str] = set()
    for at, each in enumerate(options):
        label, key = each.label.strip(), _key(each)
        if not label:
            yield Mistake(f"options[{at}].label", "may not be empty", Code.NOT_EMPTY, each.label)
        elif label in labels:
            yield Mistake(f"options[{at}].label", "is given twice", rejected=each.label)
        if key == "":
            yield Mistake(f"options[{at}].id", "must be a UUID")
        elif key in keys:
            yield Mistake(f"options[{at}].id", "is given twice", rejected=key)
        labels.add(label)
        keys |= {key} if key else set()


def _options(options: Sequence[LabelInput | OptionInput]) -> tuple[NewOption, ...]:
    return tuple(NewOption(each.label.strip(), _key(each)) for each in options)


def _key(it: LabelInput | OptionInput) -> str | None:
    """The id of an option as it is stored: None where none is given, empty where it is no UUID."""
    if isinstance(it, LabelInput) or not it.id:
        return None
    try:
        return str(UUID(it.id))
    except ValueError:
        return ""


ROUTERS = [
    Router("/v2/organizations/properties", route_handlers=[list_of_organizations, create_of_organizations]),
    Router(
        "/v2/organizations/properties/{slug:str}",
        route_handlers=[show_of_organizations, change_of_organizations, remove_of_organizations],
    ),
    Router("/v2/customer-properties", route_handlers=[list_of_customers, create_of_customers]),
    Router("/v2/customer-properties/{slug:str}", route_handlers=[show_of_customers, change_of_customers, remove_of_customers]),
]
