"""What clients send about customers (contract 50 §2, §4 and §5). Unknown fields are ignored, null is not given."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct

from deskhand.customers.model import Gender, PhotoType
from deskhand.customers.queries.lists import SortField
from deskhand.customers.schemas.entries import ChatInput, EmailInput, PhoneInput, SocialProfileInput, WebsiteInput
from deskhand.kernel.http.wire import Id, Moment, PageNumber

PersonName = Annotated[str, Meta(min_length=1, max_length=40)]
Short = Annotated[str, Meta(max_length=60)]
Long = Annotated[str, Meta(max_length=200)]


class SortOrder(StrEnum):
    """Direction of a sort; upper case is taken too."""

    ASC = "asc"
    DESC = "desc"
    UPPER_ASC = "ASC"
    UPPER_DESC = "DESC"


class PatchOp(StrEnum):
    """What a change does; ``add`` of a single value is the same as ``replace``."""

    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


class CustomersQuery(Struct, frozen=True, rename="camel", kw_only=True):
    """Filters of "List Customers"; all must hold. Newest first, with a ``query`` the best matches first."""

    mailbox: Id | None = None
    first_name: str | None = None
    last_name: str | None = None
    modified_since: Moment | None = None
    sort_field: SortField | None = None
    sort_order: SortOrder = SortOrder.DESC
    query: str | None = None
    page: PageNumber = 1


class CustomersCursorQuery(Struct, frozen=True, rename="camel", kw_only=True):
    """Filters of the list of v3; all must hold. ``email`` is a whole address."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    created_since: Moment | None = None
    modified_since: Moment | None = None
    query: str | None = None
    cursor: str | None = None


class PageQuery(Struct, frozen=True):
    """Which page."""

    page: PageNumber = 1


class ProfileInput(Struct, frozen=True, rename="camel", kw_only=True):
    """The plain fields of a customer. ``gender`` and ``photoType`` are taken in any case; ``organizationId`` wins over
    ``organization``."""

    first_name: PersonName | None = None
    last_name: PersonName | None = None
    photo_url: Long | None = None
    photo_type: PhotoType | None = None
    job_title: Short | None = None
    background: Long | None = None
    location: Short | None = None
    organization: Short | None = None
    organization_id: Id | None = None
    gender: Gender | None = None
    age: Long | None = None


class AddressInput(Struct, frozen=True, rename="camel", kw_only=True):
    """A postal address; ``country`` is required, an ISO 3166-1 alpha-2 code."""

    city: Annotated[str, Meta(max_length=100)] | None = None
    lines: Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=10)] | None = None
    state: Annotated[str, Meta(max_length=100)] | None = None
    postal_code: Annotated[str, Meta(max_length=15)] | None = None
    country: str | None = None


class PropertyInput(Struct, frozen=True):
    """The value of a property: a number or text as its type has it, of a dropdown an option's id or label."""

    slug: str
    value: Any = None


class CustomerInput(ProfileInput, frozen=True, rename="camel", kw_only=True):
    """A customer to create. ``phone`` is one number, of type work."""

    phone: Short | None = None
    emails: list[EmailInput] | None = None
    phones: list[PhoneInput] | None = None
    chats: list[ChatInput] | None = None
    social_profiles: list[SocialProfileInput] | None = None
    websites: list[WebsiteInput] | None = None
    address: AddressInput | None = None
    properties: list[PropertyInput] | None = None


class PatchInput(Struct, frozen=True):
    """One change: ``{"op": "replace", "path": "/firstName", "value": "Ada"}``. Of properties the path is a slug."""

    op: PatchOp
    path: str
    value: Any = UNSET
