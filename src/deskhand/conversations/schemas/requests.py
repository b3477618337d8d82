"""What clients send about conversations (contract 10 §3, §4 and §6 to §10; 20 §4 to §8). Unknown fields are ignored."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.conversations.model import ConversationType
from deskhand.conversations.queries.lists import SortField
from deskhand.customers.model import Gender, PhotoType
from deskhand.kernel.http.wire import Id, Moment, PageNumber

MOST_NAMED = 200  # addresses or tags in one list: each is a row
Text = Annotated[str, Meta(min_length=1)]
Short = Annotated[str, Meta(max_length=60)]
PersonName = Annotated[str, Meta(max_length=40)]
Emails = Annotated[list[Annotated[str, Meta(max_length=254)]], Meta(max_length=MOST_NAMED)]
TagNames = Annotated[list[str], Meta(max_length=MOST_NAMED)]


class Embed(StrEnum):
    """What can be embedded."""

    THREADS = "threads"


class StatusFilter(StrEnum):
    """Which statuses a list holds; ``open`` is active and pending, ``all`` is every status."""

    ACTIVE = "active"
    ALL = "all"
    CLOSED = "closed"
    OPEN = "open"
    PENDING = "pending"
    SPAM = "spam"


class NewStatus(StrEnum):
    """The status a conversation begins with; ``open`` is an old word for active."""

    ACTIVE = "active"
    CLOSED = "closed"
    OPEN = "open"
    PENDING = "pending"
    SPAM = "spam"


class AfterStatus(StrEnum):
    """The status after a reply or note; ``inbox_predefined`` is the inbox's choice, ``all`` means nothing."""

    ACTIVE = "active"
    ALL = "all"
    CLOSED = "closed"
    INBOX_PREDEFINED = "inbox_predefined"
    OPEN = "open"
    PENDING = "pending"
    SPAM = "spam"


class NoteStatus(StrEnum):
    """The status after a note."""

    ACTIVE = "active"
    CLOSED = "closed"
    INBOX_PREDEFINED = "inbox_predefined"
    OPEN = "open"
    PENDING = "pending"
    SPAM = "spam"


class NewThreadType(StrEnum):
    """What an entry of a new conversation is; a ``reply`` comes back as ``message``."""

    CHAT = "chat"
    CUSTOMER = "customer"
    NOTE = "note"
    PHONE = "phone"
    REPLY = "reply"


class SortOrder(StrEnum):
    """Direction of a sort; upper case is taken too."""

    ASC = "asc"
    DESC = "desc"
    UPPER_ASC = "ASC"
    UPPER_DESC = "DESC"


class ConversationsQuery(Struct, frozen=True, rename="camel", kw_only=True):
    """Filters of "List Conversations"; all must hold."""

    embed: Embed | None = None
    inbox_ids: list[Id] | None = field(default=None, name="mailbox")
    folder: Id | None = None
    status: StatusFilter = StatusFilter.ACTIVE
    tag: list[str] | None = None
    assigned_to: Id | None = field(default=None, name="assigned_to")
    modified_since: Moment | None = None
    number: Id | None = None
    sort_field: SortField = SortField.CREATED_AT
    sort_order: SortOrder = SortOrder.DESC
    query: str | None = None
    page: PageNumber = 1
    custom_fields_by_ids: list[str] | None = None


class ConversationsV3Query(Struct, frozen=True, rename="camel", kw_only=True):
    """Filters of v3's "List Conversations"; all must hold. ``email`` is an address of the customer, ``cursor`` of a link."""

    embed: Embed | None = None
    inbox_ids: list[Id] | None = field(default=None, name="mailbox")
    folder: Id | None = None
    status: StatusFilter | None = None
    tag: list[str] | None = None
    assigned_to: Id | None = field(default=None, name="assigned_to")
    modified_since: Moment | None = None
    number: Id | None = None
    custom_fields_by_ids: list[str] | None = None
    email: str | None = None
    cursor: str | None = None


class SearchQuery(Struct, frozen=True, kw_only=True):
    """A search in the strict language; ``cursor`` goes on where v3's list ended."""

    query: Text
    embed: Embed | None = None
    cursor: str | None = None
    page: PageNumber = 1


class EmbedQuery(Struct, frozen=True):
    """What to embed."""

    embed: Embed | None = None


class ThreadsQuery(Struct, frozen=True):
    """Which page of threads."""

    page: PageNumber = 1


class CustomerInput(Struct, frozen=True, rename="camel", kw_only=True):
    """Who it is about: an ``id``, or an ``email`` of somebody known or new (contract 10 §4.2)."""

    id: Id | None = None
    email: str | None = None
    first_name: PersonName | None = None
    last_name: PersonName | None = None
    phone: str | None = None
    photo_url: Annotated[str, Meta(max_length=200)] | None = None
    photo_type: PhotoType | None = None
    job_title: Short | None = None
    background: Annotated[str, Meta(max_length=200)] | None = None
    location: Short | None = None
    organization: Short | None = None
    gender: Gender | None = None
    age: str | None = None


class AttachmentInput(Struct, frozen=True, rename="camel"):
    """A file: ``data`` is base64, at most 10 MB decoded."""

    file_name: Annotated[str, Meta(min_length=1, max_length=255)]
    mime_type: Annotated[str, Meta(min_length=1, max_length=255)]
    data: Text


class ThreadInput(Struct, frozen=True, rename="camel", kw_only=True):
    """An entry of a new conversation."""

    type: NewThreadType
    text: Text
    customer: CustomerInput | None = None
    user: Id | None = None
    imported: bool | None = None
    created_at: Moment | None = None
    draft: bool | None = None
    cc: Emails | None = None
    bcc: Emails | None = None
    attachments: list[AttachmentInput] | None = None


class FieldInput(Struct, frozen=True):
    """A custom field's value as text; of a dropdown the option's id."""

    id: Id
    value: str


class ConversationInput(Struct, frozen=True, rename="camel", kw_only=True):
    """A conversation to create. ``assignTo``: absent for the inbox's rule, null for nobody."""

    subject: Text
    customer: CustomerInput
    inbox_id: Id = field(name="mailboxId")
    type: ConversationType
    status: NewStatus
    threads: Annotated[list[ThreadInput], Meta(min_length=1)]
    assign_to: Id | None | UnsetType = UNSET
    auto_reply: bool | None = None
    imported: bool | None = None
    created_at: Moment | None = None
    closed_at: Moment | None = None
    user: Id | None = None
    tags: TagNames | None = None
    fields: list[FieldInput] | None = None


class ReplyInput(Struct, frozen=True, rename="camel", kw_only=True):
    """A reply; ``draft`` keeps it unsent."""

    text: Text
    customer: CustomerInput
    draft: bool | None = None
    imported: bool | None = None
    status: AfterStatus | None = None
    user: Id | None = None
    assign_to: Id | None | UnsetType = UNSET
    cc: Emails | None = None
    bcc: Emails | None = None
    created_at: Moment | None = None
    attachments: list[AttachmentInput] | None = None


class NoteInput(Struct, frozen=True, rename="camel", kw_only=True):
    """A note between colleagues."""

    text: Text
    user: Id | None = None
    status: NoteStatus | None = None
    imported: bool | None = None
    created_at: Moment | None = None
    attachments: list[AttachmentInput] | None = None


class CustomerThreadInput(Struct, frozen=True, rename="camel", kw_only=True):
    """Something a customer said: by mail, in a chat or on the phone."""

    text: Text
    customer: CustomerInput
    imported: bool | None = None
    cc: Emails | None = None
    bcc: Emails | None = None
    created_at: Moment | None = None
    attachments: list[AttachmentInput] | None = None


class PatchInput(Struct, frozen=True):
    """One change: ``{"op": "replace", "path": "/subject", "value": "…"}``."""

    op: str
    path: str
    value: Any = UNSET


class TagsInput(Struct, frozen=True):
    """The complete list of tag names; null clears like ``[]``."""

    tags: TagNames | None


class FieldsInput(Struct, frozen=True):
    """The complete list of custom field values."""

    fields: list[FieldInput] | None


class SnoozeInput(Struct, frozen=True, rename="camel"):
    """Until when (UTC), and whether a customer's reply ends it."""

    snoozed_until: Moment
    unsnooze_on_customer_reply: bool


class ScheduleInput(Struct, frozen=True, rename="camel"):
    """When to send a draft (UTC), and in whose name."""

    scheduled_for: Moment
    unschedule_on_customer_reply: bool
    send_as_creator: bool | None = None
