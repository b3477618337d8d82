"""Properties on the wire: customers' show the ids of options, organizations' only their labels (contract 51 §3, §5)."""

from __future__ import annotations

from typing import Annotated, Any, Generic, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.kernel.http.hal import Link, Origins, SelfLink
from deskhand.properties.model import MOST_OPTIONS, Property, PropertyType

T = TypeVar("T")

API = "https://desk.example.org/v2"
OPTIONS_EXAMPLE: list[dict[str, Any]] = [
    {"id": "6a1f3c52-7d10-4b8e-9f55-0c2d4e6a8b10", "label": "Filter"},
    {"id": "0f9e8d7c-6b5a-4938-8271-60514f3e2d1c", "label": "Espresso"},
]
CUSTOMER_PROPERTY_EXAMPLE: dict[str, Any] = {
    "type": "dropdown",
    "slug": "club",
    "name": "Coffee club",
    "options": OPTIONS_EXAMPLE,
}
CUSTOMER_PROPERTIES_EXAMPLE: dict[str, Any] = {
    "_embedded": {"customer-properties": [CUSTOMER_PROPERTY_EXAMPLE]},
    "_links": {"self": {"href": f"{API}/customer-properties"}},
}
CREATE_EXAMPLE: dict[str, Any] = {
    "type": "dropdown",
    "slug": "kind-of-business",
    "name": "Kind of business",
    "options": [{"label": "Café"}, {"label": "Roastery"}],
}
CHANGE_EXAMPLE: dict[str, Any] = {"name": "Kind of firm", "options": [{"label": "Café"}, {"label": "Hotel"}]}
ORGANIZATION_PROPERTY_EXAMPLE: dict[str, Any] = {
    **CREATE_EXAMPLE,
    "_links": {"self": {"href": f"{API}/organizations/properties/kind-of-business"}},
}
ORGANIZATION_PROPERTIES_EXAMPLE: dict[str, Any] = {
    "_embedded": {"organization-properties": [ORGANIZATION_PROPERTY_EXAMPLE]},
    "_links": {"self": {"href": f"{API}/organizations/properties"}},
}


class LabelInput(Struct, frozen=True):
    """A choice of an organization's dropdown."""

    label: Annotated[str, Meta(min_length=1, max_length=100)]


class OptionInput(Struct, frozen=True):
    """A choice of a customer's dropdown; without an ``id`` (a UUID) it gets one."""

    label: Annotated[str, Meta(min_length=1, max_length=255)]
    id: str | None = None


Labels = Annotated[list[LabelInput], Meta(max_length=MOST_OPTIONS)]
Options = Annotated[list[OptionInput], Meta(max_length=MOST_OPTIONS)]
OrganizationName = Annotated[str, Meta(min_length=1, max_length=100)]
CustomerName = Annotated[str, Meta(min_length=1, max_length=255)]


class OrganizationPropertyInput(Struct, frozen=True, kw_only=True):
    """A property of organizations to define; ``options`` count only for a dropdown."""

    type: PropertyType
    slug: Annotated[str, Meta(min_length=1, max_length=120)]
    name: OrganizationName
    options: Labels | None = None


class OrganizationPropertyChange(Struct, frozen=True, kw_only=True):
    """What of an organizations' property can be changed; ``options``, when sent, are the whole list."""

    name: OrganizationName
    options: Labels | None = None


class CustomerPropertyInput(Struct, frozen=True, kw_only=True):
    """A property of customers to define; ``options`` count only for a dropdown."""

    type: PropertyType
    slug: Annotated[str, Meta(min_length=1, max_length=100)]
    name: CustomerName
    options: Options | None = None


class CustomerPropertyChange(Struct, frozen=True, kw_only=True):
    """What of a customers' property can be changed; what is absent stays."""

    name: CustomerName | None = None
    options: Options | None = None


class LabelBody(Struct):
    """A choice without its id."""

    label: str


class ChoiceBody(Struct):
    """A choice with its UUID."""

    id: str
    label: str


class OrganizationPropertyBody(Struct, kw_only=True):
    """A property of organizations; ``slug`` is its only key."""

    type: str
    slug: str
    name: str
    options: list[LabelBody] | UnsetType = UNSET
    links: SelfLink = field(name="_links")


class CustomerPropertyBody(Struct, kw_only=True):
    """A property of customers."""

    type: str
    slug: str
    name: str
    options: list[ChoiceBody] | UnsetType = UNSET


class EmbeddedOrganizationProperties(Struct):
    """Every property of organizations."""

    properties: list[OrganizationPropertyBody] = field(name="organization-properties")


class EmbeddedCustomerProperties(Struct):
    """Every property of customers."""

    properties: list[CustomerPropertyBody] = field(name="customer-properties")


class PropertyList(Struct, Generic[T], kw_only=True):
    """All properties, unpaged: ``_embedded`` is left out when there is none."""

    embedded: T | UnsetType = field(default=UNSET, name="_embedded")
    links: SelfLink = field(name="_links")


def organization_property_body(it: Property, origins: Origins) -> OrganizationPropertyBody:
    """A definition as the resource of contract 51 §3."""
    return OrganizationPropertyBody(
        type=it.type,
        slug=it.slug,
        name=it.name,
        options=labels(it),
        links=SelfLink(Link(f"{organization_properties_address(origins)}/{it.slug}")),
    )


def customer_property_body(it: Property) -> CustomerPropertyBody:
    """A definition as the resource of contract 51 §5."""
    is_dropdown = it.type is PropertyType.DROPDOWN
    options = [ChoiceBody(each.key, each.label) for each in it.options] if is_dropdown else UNSET
    return CustomerPropertyBody(type=it.type, slug=it.slug, name=it.name, options=options)


def labels(it: Property) -> list[LabelBody] | UnsetType:
    """The choices of a dropdown without their ids."""
    return [LabelBody(each.label) for each in it.options] if it.type is PropertyType.DROPDOWN else UNSET


def organization_properties_address(origins: Origins) -> str:
    """Where the properties of organizations are."""
    return f"{origins.api}/v2/organizations/properties"


def customer_properties_address(origins: Origins) -> str:
    """Where the properties of customers are."""
    return f"{origins.api}/v2/customer-properties"
