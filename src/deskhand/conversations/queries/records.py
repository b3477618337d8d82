"""The records that conversation queries give, and the columns they are made of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, FromClause, Select, select

from deskhand.conversations.model import (
    ConversationState,
    ConversationType,
    LatestReply,
    Rating,
    Status,
    ThreadState,
    ThreadStatus,
    ThreadType,
    Via,
)
from deskhand.conversations.tables import conversations, threads
from deskhand.customers.tables import customers
from deskhand.users.tables import users


class Conversation(Struct, frozen=True, gc=False):
    """A conversation with the people around it. A person's columns are None together when there is none."""

    id: int
    number: int
    inbox_id: int
    folder_id: int
    customer_id: int
    assignee_id: int | None
    type: ConversationType
    status: Status
    state: ConversationState
    subject: str
    preview: str
    thread_count: int
    thread_total: int
    created_by_user_id: int | None
    created_by_customer_id: int | None
    closed_by: int | None
    closed_at: datetime | None
    user_updated_at: datetime
    waiting_since: datetime
    latest_reply_from: LatestReply
    source_type: str
    source_via: Via
    cc: list[str]
    bcc: list[str]
    snoozed_until: datetime | None
    snoozed_by: int | None
    wakes_on_reply: bool
    scheduled_for: datetime | None
    scheduled_by: int | None
    unschedules_on_reply: bool
    merged_into: int | None
    created_at: datetime
    assignee_type: str | None
    assignee_first: str | None
    assignee_last: str | None
    assignee_email: str | None
    assignee_photo: str | None
    creator_first: str | None
    creator_last: str | None
    creator_email: str | None
    creator_photo: str | None
    founder_first: str | None
    founder_last: str | None
    founder_email: str | None
    founder_photo: str | None
    closer_first: str | None
    closer_last: str | None
    closer_email: str | None
    closer_photo: str | None
    customer_first: str | None
    customer_last: str | None
    customer_email: str | None
    customer_photo: str | None


class Held(Struct, frozen=True, gc=False):
    """A conversation that is being changed: its own columns, as they are or will be when the operation ends.

    ``customer_email`` is the customer's first address, or nothing; ``organization_id`` is the customer's.
    """

    id: int
    number: int
    inbox_id: int
    folder_id: int
    customer_id: int
    customer_email: str
    assignee_id: int | None
    status: Status
    state: ConversationState
    subject: str
    thread_count: int
    thread_total: int
    closed_by: int | None
    user_updated_at: datetime
    cc: list[str]
    snoozed_until: datetime | None
    snoozed_by: int | None
    wakes_on_reply: bool
    scheduled_for: datetime | None
    has_attachments: bool
    merged_into: int | None
    organization_id: int | None


class ConversationTag(Struct, frozen=True, gc=False):
    """A tag on a conversation."""

    conversation_id: int
    id: int
    name: str
    color: str
    position: int


class FieldValue(Struct, frozen=True, gc=False):
    """A custom field's value on a conversation; ``label`` is the option's of a dropdown."""

    conversation_id: int
    id: int
    name: str
    value: str
    label: str | None


class Thread(Struct, frozen=True, gc=False):
    """An entry with the people around it."""

    id: int
    conversation_id: int
    type: ThreadType
    status: ThreadStatus
    state: ThreadState
    action_type: str
    action_text: str | None
    action_entities: dict[str, int] | None
    body: str | None
    source_type: str
    source_via: Via
    customer_id: int
    created_by_user_id: int | None
    created_by_customer_id: int | None
    assignee_id: int | None
    saved_reply_id: int | None
    to: list[str]
    cc: list[str]
    bcc: list[str]
    after_status: str | None
    after_assignee_id: int | None
    opened_at: datetime | None
    scheduled_for: datetime | None
    scheduled_by: int | None
    scheduled_at: datetime | None
    send_as_id: int | None
    unschedules_on_reply: bool
    source_blob: str | None
    imported: bool
    created_at: datetime
    rating: Rating | None
    rating_comments: str | None
    linked_conversation_id: int | None
    quoted_at: int | None
    customer_first: str | None
    customer_last: str | None
    customer_email: str | None
    customer_photo: str | None
    author_first: str | None
    author_last: str | None
    author_email: str | None
    author_photo: str | None
    creator_first: str | None
    creator_last: str | None
    creator_email: str | None
    creator_photo: str | None
    assignee_type: str | None
    assignee_first: str | None
    assignee_last: str | None
    assignee_email: str | None
    assignee_photo: str | None


class Attachment(Struct, frozen=True, gc=False):
    """A file on a thread; ``blob`` is its key, ``web_key`` the unguessable part of its public link. ``content_id`` is how the
    text names a picture that came with it."""

    id: int
    conversation_id: int
    thread_id: int
    filename: str
    mime_type: str
    size_bytes: int
    width: int
    height: int
    state: str
    blob: str
    web_key: bytes
    content_id: str | None = None


def _person(alias: Any, prefix: str) -> list[ColumnElement[Any]]:
    """First name, last name, address and photo under a prefix."""
    photo = "photo" if "photo" in alias.c else "photo_url"  # a user's is a file here, a customer's anywhere
    names = {"first": "first_name", "last": "last_name", "email": "email", "photo": photo}
    return [alias.c[column].label(f"{prefix}_{name}") for name, column in names.items()]


assignee = users.alias("assignee")
creator = users.alias("creator")
closer = users.alias("closer")
customer = customers.alias("customer")
founder = customers.alias("founder")

CONVERSATION_COLUMNS: list[ColumnElement[Any]] = [
    *(
        conversations.c[name]
        for name in Conversation.__struct_fields__[: Conversation.__struct_fields__.index("assignee_type")]
    ),
    assignee.c.type.label("assignee_type"),
    *_person(assignee, "assignee"),
    *_person(creator, "creator"),
    *_person(founder, "founder"),
    *_person(closer, "closer"),
    *_person(customer, "customer"),
]
CONVERSATION_ROWS: FromClause = (
    conversations.join(customer, customer.c.id == conversations.c.customer_id)
    .outerjoin(assignee, assignee.c.id == conversations.c.assignee_id)
    .outerjoin(creator, creator.c.id == conversations.c.created_by_user_id)
    .outerjoin(founder, founder.c.id == conversations.c.created_by_customer_id)
    .outerjoin(closer, closer.c.id == conversations.c.closed_by)
)

author = customers.alias("author")
THREAD_COLUMNS: list[ColumnElement[Any]] = [
    *(threads.c[name] for name in Thread.__struct_fields__[: Thread.__struct_fields__.index("customer_first")]),
    *_person(customer, "customer"),
    *_person(author, "author"),
    *_person(creator, "creator"),
    assignee.c.type.label("assignee_type"),
    *_person(assignee, "assignee"),
]
THREAD_ROWS: FromClause = (
    threads.join(customer, customer.c.id == threads.c.customer_id)
    .outerjoin(author, author.c.id == threads.c.created_by_customer_id)
    .outerjoin(creator, creator.c.id == threads.c.created_by_user_id)
    .outerjoin(assignee, assignee.c.id == threads.c.assignee_id)
)


def conversation_rows() -> Select[Any]:
    """A SELECT of ``Conversation`` records; the caller adds which."""
    return select(*CONVERSATION_COLUMNS).select_from(CONVERSATION_ROWS)


def thread_rows() -> Select[Any]:
    """A SELECT of ``Thread`` records; the caller adds which."""
    return select(*THREAD_COLUMNS).select_from(THREAD_ROWS)
