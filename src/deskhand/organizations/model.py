"""The vocabulary of organizations: what is told of one, facts, and what names are compared by."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType

from deskhand.kernel.events import Event

COUNT = "organizations"
"""The kept count of all organizations."""


class Details(Struct, frozen=True, kw_only=True):
    """What is told of an organization, already checked; None is not known, an absent logo stays as it was.

    ``location`` is a two-letter country code, ``brand_color`` ``#RRGGBB``; ``domains`` are hosts in lower case.
    """

    name: str
    website: str | None = None
    description: str | None = None
    location: str | None = None
    logo_url: str | None | UnsetType = UNSET
    note: str | None = None
    domains: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    brand_color: str | None = None


class OrganizationCreated(Event, frozen=True):
    """There is a new organization, to which customers with an address of these domains belong."""

    organization_id: int
    domains: tuple[str, ...] = ()


class OrganizationUpdated(Event, frozen=True):
    """Something told of an organization changed; ``domains`` are those it did not have before."""

    organization_id: int
    renamed: bool = False
    domains: tuple[str, ...] = ()


class OrganizationDeleted(Event, frozen=True):
    """An organization is gone; its members are customers without one."""

    organization_id: int


def name_key(name: str) -> str:
    """What names are compared and sorted by."""
    return name.strip().casefold()
