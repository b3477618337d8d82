"""The vocabulary of customers: entries, address, the vendor's words, facts."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from deskhand.customers.countries import COUNTRIES
from deskhand.kernel.events import Event
from deskhand.kernel.storage.fulltext import indexable
from deskhand.properties.model import Value

COUNT = "customers"
"""The kept count of all customers."""

LONGEST_EMAIL_ENTRY = 191


class EntryKind(StrEnum):
    """What an entry of a customer is."""

    CHAT = "chat"
    EMAIL = "email"
    PHONE = "phone"
    SOCIAL = "social"
    WEBSITE = "website"


class AnyCase(StrEnum):
    """Words that are taken in any case; an empty one is ``unknown``."""

    @classmethod
    def _missing_(cls, value: object) -> StrEnum | None:
        wanted = str(value).lower() or "unknown"
        return next((each for each in cls if each.value == wanted), None)


class PropertySource(StrEnum):
    """How the value of a property came in."""

    API = "api"
    USER = "user"


class Gender(AnyCase):
    """The vendor's three; read in title case, written in any."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class PhotoType(AnyCase):
    """Where a photo comes from."""

    FACEBOOK = "facebook"
    GOOGLE_PLUS = "googleplus"
    GOOGLE_PROFILE = "googleprofile"
    GRAVATAR = "gravatar"
    INSTAGRAM = "instagram"
    LINKEDIN = "linkedin"
    TWITTER = "twitter"
    UNKNOWN = "unknown"


class Address(Struct, frozen=True, kw_only=True, rename="camel"):
    """A postal address; ``country`` is an ISO 3166-1 alpha-2 code."""

    city: str | None = None
    lines: tuple[str, ...] = ()
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Profile(Struct, frozen=True, kw_only=True):
    """What is said of a person; None is not known. A linked organization's name wins over ``organization``."""

    first_name: str | None = None
    last_name: str | None = None
    gender: Gender = Gender.UNKNOWN
    job_title: str | None = None
    location: str | None = None
    organization: str | None = None
    photo_type: PhotoType = PhotoType.UNKNOWN
    photo_url: str | None = None
    age: str | None = None
    background: str | None = None


class NewEntry(Struct, frozen=True):
    """An entry to add, already checked; only websites have no ``type``."""

    kind: EntryKind
    type: str | None
    value: str


class NewValue(Struct, frozen=True):
    """The value of a property as it was sent, not checked yet; ``slug_path`` and ``path`` are what to name in a refusal."""

    slug: str
    value: object
    slug_path: str
    path: str


class SetValue(Struct, frozen=True):
    """What becomes of a property, already checked; None takes its value away."""

    property_id: int
    value: Value | None


class NewCustomer(Struct, frozen=True, kw_only=True):
    """A customer to add, already checked."""

    profile: Profile = Profile()
    organization_id: int | None = None
    entries: tuple[NewEntry, ...] = ()
    address: Address | None = None
    properties: tuple[SetValue, ...] = ()


class CustomerRef(Struct, frozen=True):
    """A customer as others point at one; ``name_key`` is the folded name that lists are sorted by, ``organization_id``
    what they belonged to when it was read."""

    id: int
    first_name: str | None
    last_name: str | None
    email: str | None
    name_key: str
    organization_id: int | None = None

    @property
    def name(self) -> str:
        """First and last name, or nothing."""
        return f"{self.first_name or ''} {self.last_name or ''}".strip()


class CustomerGiven(Struct, frozen=True, kw_only=True):
    """A customer as named in a conversation: by ``id``, or by ``email`` with what to remember of somebody new."""

    id: int | None = None
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    photo_url: str | None = None
    photo_type: str | None = None
    job_title: str | None = None
    background: str | None = None
    location: str | None = None
    organization: str | None = None
    gender: str | None = None
    age: str | None = None


class CustomerCreated(Event, frozen=True):
    """Somebody wrote in for the first time, or was added."""

    customer_id: int


class CustomerUpdated(Event, frozen=True):
    """A profile, address, entry or property changed; one fact per request.

    ``renamed``: the name or the first email did. ``joined`` is the organization they now belong to and did not before.
    """

    customer_id: int
    renamed: bool = False
    joined: int | None = None


class CustomerDeleted(Event, frozen=True):
    """A customer and everything they took part in is gone for good."""

    customer_id: int


class CustomerPicturesAllowed(Event, frozen=True):
    """Pictures in what they write are shown without asking."""

    customer_id: int


class CustomerPicturesBlocked(Event, frozen=True):
    """They are not any more."""

    customer_id: int


class CustomersMerged(Event, frozen=True):
    """Two are one now: ``gone_id`` is no more, and everything of theirs is ``customer_id``'s.

    What came along: the ids that ``entries`` have now, the ids of ``properties``, and the columns that were ``filled``.
    """

    customer_id: int
    gone_id: int
    entries: tuple[int, ...]
    properties: tuple[int, ...]
    filled: tuple[str, ...]


class CustomerErasureRequested(Event, frozen=True):
    """A customer is to be erased behind the request, by somebody who may and who sees all of their conversations."""

    customer_id: int


def erasure_key(customer_id: int) -> str:
    """What the job that erases a customer is for."""
    return f"erase:{customer_id}"


def email_key(email: str) -> str:
    """What an address is compared by."""
    return email.strip().lower()


def email_domain(email: str) -> str:
    """The host of an address, in lower case."""
    return email_key(email).rpartition("@")[2]


def name_key(first_name: str | None, last_name: str | None) -> str:
    """What names are sorted by: the folded words of both."""
    return indexable(f"{first_name or ''} {last_name or ''}")


def is_country(code: str) -> bool:
    """Whether this is an ISO 3166-1 alpha-2 code, in capitals."""
    return code in COUNTRIES
