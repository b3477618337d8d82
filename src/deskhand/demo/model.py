"""The records of the demo: what the generator tells and the loader writes down.

Everything is frozen and points to other things by index: users, teams, tags, fields and inboxes by their place in
`World`, customers by the order in which they first write. No record can be part of a circle, so the garbage collector
need not look at them (`gc=False`), which is a good part of the speed.
"""

from datetime import datetime
from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What a user may do."""

    OWNER = "owner"
    ADMIN = "admin"
    USER = "user"


class FieldType(StrEnum):
    """What a custom field holds."""

    DROPDOWN = "dropdown"
    SINGLELINE = "singleline"
    MULTILINE = "multiline"
    NUMBER = "number"
    DATE = "date"


class PropertyType(StrEnum):
    """What the value of a property is."""

    DATE = "date"
    DROPDOWN = "dropdown"
    NUMBER = "number"
    TEXT = "text"
    URL = "url"


class ConversationType(StrEnum):
    """By which channel it began."""

    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"


class Status(StrEnum):
    """Who has to do something next."""

    ACTIVE = "active"
    PENDING = "pending"
    CLOSED = "closed"
    SPAM = "spam"


class State(StrEnum):
    """Whether it has been sent."""

    PUBLISHED = "published"
    DRAFT = "draft"


class ThreadKind(StrEnum):
    """What a thread is; a reply is called message on the wire."""

    CUSTOMER = "customer"
    REPLY = "reply"
    NOTE = "note"
    PHONE = "phone"
    CHAT = "chat"
    LINEITEM = "lineitem"


class Rating(StrEnum):
    """How an answer was liked, in words of the wire."""

    GREAT = "great"
    OKAY = "okay"
    NOT_GOOD = "not_good"


class DemoInbox(msgspec.Struct, frozen=True, gc=False):
    """`users` are those with access."""

    name: str
    email: str
    users: tuple[int, ...]
    signature: str
    """HTML below each reply."""


class DemoUser(msgspec.Struct, frozen=True, gc=False):
    """Somebody who works here."""

    first: str
    last: str
    email: str
    role: Role
    job_title: str
    timezone: str
    mention: str
    initials: str
    phone: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


class DemoTeam(msgspec.Struct, frozen=True, gc=False):
    """Users who share a folder in some inboxes."""

    name: str
    mention: str
    initials: str
    timezone: str
    members: tuple[int, ...]
    inboxes: tuple[int, ...]


class DemoTag(msgspec.Struct, frozen=True, gc=False):
    """A tag of the account."""

    name: str
    color: str
    """A word, as the vendor has it: none, grey, blue, green, orange, yellow, red, purple, brown, black."""


class DemoField(msgspec.Struct, frozen=True, gc=False):
    """A custom field of one inbox; `options` of dropdowns only."""

    inbox: int
    name: str
    type: FieldType
    options: tuple[str, ...] = ()
    required: bool = False


class DemoProperty(msgspec.Struct, frozen=True, gc=False):
    """A property of customers, or of organizations; `options` of dropdowns only."""

    of_organizations: bool
    slug: str
    name: str
    type: PropertyType
    options: tuple[str, ...] = ()


class World(msgspec.Struct, frozen=True, gc=False):
    """The desk before the first letter."""

    seed: int
    company: str
    inboxes: tuple[DemoInbox, ...]
    users: tuple[DemoUser, ...]
    teams: tuple[DemoTeam, ...]
    tags: tuple[DemoTag, ...]
    fields: tuple[DemoField, ...]
    properties: tuple[DemoProperty, ...]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One e-mail address, phone number or profile of a customer; `type` as the vendor spells it."""

    type: str
    value: str


class DemoAddress(msgspec.Struct, frozen=True, gc=False):
    """Where parcels go; `country` has two letters."""

    lines: tuple[str, ...]
    city: str
    postal_code: str
    country: str
    state: str | None = None


class DemoOrganization(msgspec.Struct, frozen=True, gc=False):
    """`index` is the same for all customers who work there; `country` has two letters.

    `properties` are places in the world's list, and values; of a dropdown the label.
    """

    index: int
    name: str
    domain: str
    country: str
    description: str
    brand_color: str
    note: str | None
    properties: tuple[tuple[int, str], ...]


class DemoCustomer(msgspec.Struct, frozen=True, gc=False):
    """Somebody who writes in. `properties` as an organization has them."""

    index: int
    first: str
    last: str
    emails: tuple[Entry, ...]
    phones: tuple[Entry, ...] = ()
    chats: tuple[Entry, ...] = ()
    socials: tuple[Entry, ...] = ()
    websites: tuple[str, ...] = ()
    organization: DemoOrganization | None = None
    job_title: str | None = None
    location: str | None = None
    gender: str = "unknown"
    age: str | None = None
    background: str = ""
    address: DemoAddress | None = None
    properties: tuple[tuple[int, str], ...] = ()


class DemoAttachment(msgspec.Struct, frozen=True, gc=False):
    """A file; `content` is shared by all letters that carry it."""

    filename: str
    mime_type: str
    content: bytes


class DemoAction(msgspec.Struct, frozen=True, gc=False):
    """What a line item says, e.g. changed-ticket-status, "Ines Duarte marked as Closed"."""

    type: str
    text: str


class DemoRating(msgspec.Struct, frozen=True, gc=False):
    """What the customer thought of a reply."""

    rating: Rating
    comments: str
    at: datetime


class DemoThread(msgspec.Struct, frozen=True, gc=False):
    """`author` is the user who wrote or did it, None the customer. `to` of a reply is the customer.

    `status` and `assignee` are the conversation's right after the thread; `assignee` counts users first, then teams.
    A reply with `scheduled_for` is a draft that will go then.
    """

    kind: ThreadKind
    author: int | None
    at: datetime
    body: str
    status: Status
    assignee: int | None
    state: State = State.PUBLISHED
    action: DemoAction | None = None
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    attachments: tuple[DemoAttachment, ...] = ()
    scheduled_for: datetime | None = None
    unschedules_on_reply: bool = False
    rating: DemoRating | None = None


class DemoConversation(msgspec.Struct, frozen=True, gc=False):
    """`new_customer` is set the first time a customer appears; `assignee` counts users first, then teams.

    `created_by` is the user who began it, None the customer. Field values of dropdowns are labels.
    """

    index: int
    inbox: int
    customer: int
    new_customer: DemoCustomer | None
    subject: str
    type: ConversationType
    source: str
    created_by: int | None
    status: Status
    state: State
    assignee: int | None
    tags: tuple[int, ...]
    fields: tuple[tuple[int, str], ...]
    created_at: datetime
    closed_at: datetime | None
    closed_by: int | None
    snoozed_until: datetime | None
    snoozed_by: int | None
    wakes_on_reply: bool
    threads: tuple[DemoThread, ...]
