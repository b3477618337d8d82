"""Email addresses, phone numbers, chat handles, social profiles and websites on the wire (contract 50 §6)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.customers.model import LONGEST_EMAIL_ENTRY, EntryKind
from deskhand.customers.queries import Entry
from deskhand.kernel.http.hal import Link, Origins, SelfLink

T = TypeVar("T")

Email = Annotated[str, Meta(max_length=LONGEST_EMAIL_ENTRY)]
Phone = Annotated[str, Meta(max_length=60)]
Handle = Annotated[str, Meta(max_length=200)]
Site = Annotated[str, Meta(max_length=100)]

SEGMENTS = {
    EntryKind.CHAT: "chats",
    EntryKind.EMAIL: "emails",
    EntryKind.PHONE: "phones",
    EntryKind.SOCIAL: "social-profiles",
    EntryKind.WEBSITE: "websites",
}
"""How each kind is called in addresses."""


class EmailType(StrEnum):
    """Whose address it is."""

    HOME = "home"
    OTHER = "other"
    WORK = "work"


class PhoneType(StrEnum):
    """What rings."""

    FAX = "fax"
    HOME = "home"
    MOBILE = "mobile"
    OTHER = "other"
    PAGER = "pager"
    WORK = "work"


class ChatType(StrEnum):
    """Which service a handle is of."""

    AIM = "aim"
    GTALK = "gtalk"
    ICQ = "icq"
    MSN = "msn"
    OTHER = "other"
    QQ = "qq"
    SKYPE = "skype"
    XMPP = "xmpp"
    YAHOO = "yahoo"


class SocialProfileType(StrEnum):
    """Which network a profile is on. The vendor writes ``forsquare``; the right spelling is taken too."""

    ABOUT_ME = "aboutme"
    FACEBOOK = "facebook"
    FLICKR = "flickr"
    FORSQUARE = "forsquare"
    FOURSQUARE = "foursquare"
    GOOGLE = "google"
    GOOGLE_PLUS = "googleplus"
    LINKEDIN = "linkedin"
    OTHER = "other"
    QUORA = "quora"
    TUNGLE_ME = "tungleme"
    TWITTER = "twitter"
    YOUTUBE = "youtube"


class EmailInput(Struct, frozen=True, kw_only=True):
    """An email address that nobody else has; without a type it is ``other``."""

    type: EmailType | None = None
    value: Email


class PhoneInput(Struct, frozen=True, kw_only=True):
    """A phone number; without a type it is ``other``."""

    type: PhoneType | None = None
    value: Phone


class ChatInput(Struct, frozen=True, kw_only=True):
    """A chat handle; without a type it is ``other``."""

    type: ChatType | None = None
    value: Handle


class SocialProfileInput(Struct, frozen=True, kw_only=True):
    """A profile on a social network; without a type it is ``other``."""

    type: SocialProfileType | None = None
    value: Handle


class WebsiteInput(Struct, frozen=True, kw_only=True):
    """A website, as free text."""

    value: Site


TypedInput = EmailInput | PhoneInput | ChatInput | SocialProfileInput
EntryInput = TypedInput | WebsiteInput


class EntryBody(Struct, kw_only=True):
    """An entry inside its customer; a website has no type."""

    id: int
    value: str
    type: str | UnsetType = UNSET


class EntryItem(EntryBody, kw_only=True):
    """An entry on its own or in a list."""

    links: SelfLink = field(name="_links")


class EmbeddedEmails(Struct):
    """The email addresses of a customer."""

    emails: list[EntryItem]


class EmbeddedPhones(Struct):
    """The phone numbers of a customer."""

    phones: list[EntryItem]


class EmbeddedChats(Struct):
    """The chat handles of a customer."""

    chats: list[EntryItem]


class EmbeddedSocialProfiles(Struct):
    """The social profiles of a customer: spelled with a hyphen here, with an underscore inside the customer."""

    social_profiles: list[EntryItem] = field(name="social-profiles")


class EmbeddedWebsites(Struct):
    """The websites of a customer."""

    websites: list[EntryItem]


class EntryList(Struct, Generic[T], kw_only=True):
    """All entries of one kind, unpaged: ``_embedded`` is left out when there is none."""

    embedded: T | UnsetType = field(default=UNSET, name="_embedded")
    links: SelfLink = field(name="_links")


def entry_body(it: Entry) -> EntryBody:
    """A record inside its customer."""
    return EntryBody(id=it.id, value=it.value, type=it.type or UNSET)


def entry_item(it: Entry, origins: Origins) -> EntryItem:
    """A record as a resource of its own."""
    here = entries_address(it.customer_id, it.kind, origins)
    return EntryItem(id=it.id, value=it.value, type=it.type or UNSET, links=SelfLink(Link(f"{here}/{it.id}")))


def entries_address(customer_id: int, kind: EntryKind, origins: Origins) -> str:
    """Where the entries of one kind are."""
    return f"{origins.api}/v2/customers/{customer_id}/{SEGMENTS[kind]}"
