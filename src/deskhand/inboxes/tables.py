"""Inboxes, the users and teams that work in them, their custom fields, routing, office hours and saved replies."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Computed, ForeignKey, Index, Integer, Table, Text

from deskhand.inboxes.hours import Week
from deskhand.inboxes.model import RoutingMethod
from deskhand.kernel.storage.columns import SORTED, Instant, Json, Word
from deskhand.kernel.storage.schema import identity, metadata

inboxes = Table(
    "inboxes",
    metadata,
    identity(),
    Column("name", SORTED, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False),
    Column(
        "after_reply_status",
        Text,
        CheckConstraint("after_reply_status IN ('active', 'pending', 'closed')", name="after_reply_status"),
        nullable=False,
    ),
    Column("assigns_replier", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

inbox_access = Table(
    "inbox_access",
    metadata,
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_inbox_access_user_id", "user_id"),
    sqlite_with_rowid=False,
)

custom_fields = Table(
    "custom_fields",
    metadata,
    identity(),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("required", Boolean, nullable=False),
    Index("ix_custom_fields_inbox_id", "inbox_id"),
)

custom_field_options = Table(
    "custom_field_options",
    metadata,
    identity(),
    Column("field_id", BigInteger, ForeignKey("custom_fields.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("value", Text, Computed("CAST(id AS TEXT)", persisted=True)),
    Index("ix_custom_field_options_field_id", "field_id", "value"),
)

# ``user_ids`` is the rotation, in turn; ``last_user_id`` got the last conversation.
inbox_routing = Table(
    "inbox_routing",
    metadata,
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), primary_key=True),
    Column("enabled", Boolean, nullable=False),
    Column("assignment_limit", Integer, nullable=False),
    Column("method", Word(RoutingMethod), nullable=False),
    Column("user_ids", Json(list[int]), nullable=False),
    Column("last_user_id", BigInteger),
    CheckConstraint("assignment_limit BETWEEN 1 AND 100", name="assignment_limit"),
    sqlite_with_rowid=False,
)

# ``id`` is the inbox's, 0 for the account's.
office_hours = Table(
    "office_hours",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), unique=True),
    Column("timezone", Text, nullable=False),
    Column("week", Json(Week), nullable=False),
    CheckConstraint("id = coalesce(inbox_id, 0)", name="owner"),
)

# A deleted one stays: threads and reports tell its name. Without ``text`` it is for chats only.
saved_replies = Table(
    "saved_replies",
    metadata,
    identity(),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), nullable=False),
    Column("name", SORTED, nullable=False),
    Column("text", Text),
    Column("preview", Text),
    Column("chat_text", Text),
    Column("chat_preview", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    CheckConstraint("text IS NOT NULL OR chat_text IS NOT NULL", name="says_something"),
    Index("ix_saved_replies_inbox_id", "inbox_id", "name"),
)
