"""From what clients send to what operations take. Every mistake of a request is named together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ParamSpec, TypeVar

from deskhand.customers.model import (
    Address,
    EntryKind,
    Gender,
    NewCustomer,
    NewEntry,
    NewValue,
    PhotoType,
    Profile,
    is_country,
)
from deskhand.customers.operations.creating import linked
from deskhand.customers.operations.values import check
from deskhand.customers.schemas.entries import EntryInput, SocialProfileType, WebsiteInput
from deskhand.customers.schemas.requests import AddressInput, CustomerInput, ProfileInput
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Invalid, Mistake
from deskhand.kernel.transaction import Snapshot

P = ParamSpec("P")
R = TypeVar("R")

PLAIN = ("first_name", "last_name", "photo_url", "job_title", "background", "location", "organization", "age")
LISTS = (
    (EntryKind.EMAIL, "emails", "emails"),
    (EntryKind.PHONE, "phones", "phones"),
    (EntryKind.CHAT, "chats", "chats"),
    (EntryKind.SOCIAL, "social_profiles", "socialProfiles"),
    (EntryKind.WEBSITE, "websites", "websites"),
)


async def customer(view: Snapshot, it: CustomerInput) -> NewCustomer:
    """A customer to add. Raises Invalid, at ``emails`` if there is nothing in it at all."""
    if not any(getattr(it, name) for name in CustomerInput.__struct_fields__):
        raise Invalid("emails", "may not be empty", code=Code.NOT_EMPTY)
    gathered = _Gathering()
    whole = gathered.hold(profile, it)
    entries: list[NewEntry] = []
    for kind, name, shown in LISTS:
        given: Sequence[EntryInput] = getattr(it, name) or ()
        for at, each in enumerate(given):
            made = gathered.hold(entry, kind, each, f"{shown}[{at}].")
            entries += [made] if made else []
    where = gathered.hold(address, it.address, "address.") if it.address else None
    values = [
        NewValue(each.slug, each.value, f"properties[{at}].slug", f"properties[{at}].value")
        for at, each in enumerate(it.properties or [])
    ]
    checked = await gathered.hold_later(check(view, values))
    if it.organization_id is not None:
        await gathered.hold_later(linked(view, it.organization_id, "organizationId"))
    gathered.finish()
    assert whole is not None
    return NewCustomer(
        profile=whole,
        organization_id=it.organization_id,
        entries=(*entries, *_phone(it, entries)),
        address=where,
        properties=tuple(checked or ()),
    )


def profile(it: ProfileInput) -> Profile:
    """The plain fields."""
    return Profile(
        gender=it.gender or Gender.UNKNOWN,
        photo_type=it.photo_type or PhotoType.UNKNOWN,
        **{name: getattr(it, name) or None for name in PLAIN},
    )


def entry(kind: EntryKind, it: EntryInput, path: str = "") -> NewEntry:
    """An entry of a kind. Raises Invalid at ``path`` and ``value``."""
    type_ = None if isinstance(it, WebsiteInput) else entry_type(it.type)
    return NewEntry(kind, type_, entry_value(kind, it.value, f"{path}value"))


def entry_type(given: Any) -> str:
    """The stored word of a type; the vendor's spelling of ``foursquare``."""
    if given is SocialProfileType.FOURSQUARE:
        given = SocialProfileType.FORSQUARE
    return given.value if given else "other"


def entry_value(kind: EntryKind, text: str, path: str) -> str:
    """The stored value of an entry. Raises Invalid(path) for nothing, or no address where one must be."""
    value = text.strip()
    if not value:
        raise Invalid(path, "may not be empty", code=Code.NOT_EMPTY, rejected=text)
    if kind is EntryKind.EMAIL and not is_email(value):
        raise Invalid(path, "not a well-formed email address", code=Code.EMAIL, rejected=text)
    return value


def address(it: AddressInput, path: str = "") -> Address:
    """A postal address. Raises Invalid at ``path`` and ``country``."""
    return Address(
        city=it.city or None,
        lines=tuple(it.lines or ()),
        state=it.state or None,
        postal_code=it.postal_code or None,
        country=country(it.country, f"{path}country"),
    )


def country(text: str | None, path: str) -> str:
    """A country's code in capitals. Raises Invalid(path)."""
    code = (text or "").strip().upper()
    if not code:
        raise Invalid(path, "may not be empty", code=Code.NOT_EMPTY)
    if not is_country(code):
        raise Invalid(path, "must be a two-letter ISO 3166-1 country code", rejected=text)
    return code


def _phone(it: CustomerInput, entries: Sequence[NewEntry]) -> tuple[NewEntry, ...]:
    """The one number beside the lists; a client that sends its whole entity sends it twice."""
    number = (it.phone or "").strip()
    if not number or any(each.kind is EntryKind.PHONE and each.value == number for each in entries):
        return ()
    return (NewEntry(EntryKind.PHONE, "work", number),)


class _Gathering:
    """Mistakes of several checks, to be told together."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def hold(self, check: Callable[P, R], *given: P.args, **named: P.kwargs) -> R | None:
        """What a check gives; None where it refuses."""
        try:
            return check(*given, **named)
        except Invalid as error:
            self.mistakes += error.mistakes
            return None

    async def hold_later(self, check: Awaitable[R]) -> R | None:
        """The same for a check that looks something up."""
        try:
            return await check
        except Invalid as error:
            self.mistakes += error.mistakes
            return None

    def finish(self) -> None:
        """Raises Invalid with everything that was held."""
        if self.mistakes:
            raise Invalid.all(self.mistakes)
