"""Conversations and what hangs on them.

``shelf`` is where a conversation is listed: its status while it is published, else its state. Each sort order has an
index that starts with inbox and shelf, so a page of any list reads only its own rows.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from deskhand.conversations.model import (
    Audience,
    Before,
    ConversationState,
    ConversationType,
    FolderType,
    LatestReply,
    Rating,
    Status,
    ThreadState,
    ThreadStatus,
    ThreadType,
    Via,
    Writing,
)
from deskhand.kernel.storage.columns import SORTED, Instant, Json, Word
from deskhand.kernel.storage.schema import identity, metadata

folders = Table(
    "folders",
    metadata,
    identity(),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), nullable=False),
    Column("type", Word(FolderType), nullable=False),
    Column("user_id", BigInteger, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("uq_folders_inbox_id_type_user_id", "inbox_id", "type", "user_id", unique=True),
)

conversations = Table(
    "conversations",
    metadata,
    identity(),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id"), nullable=False),
    Column("folder_id", BigInteger, ForeignKey("folders.id"), nullable=False),
    Column("customer_id", BigInteger, ForeignKey("customers.id"), nullable=False),
    Column("customer_name", SORTED, nullable=False),
    Column("customer_email", SORTED, nullable=False),
    Column("assignee_id", BigInteger, ForeignKey("users.id")),
    Column("type", Word(ConversationType), nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("state", Word(ConversationState), nullable=False),
    Column(
        "shelf",
        Text,
        Computed("CASE WHEN state = 'published' THEN status ELSE state END", persisted=True),
    ),
    Column("subject", Text, nullable=False),
    Column("subject_key", SORTED, nullable=False),
    Column("preview", Text, nullable=False),
    Column("thread_count", Integer, nullable=False),
    Column("thread_total", Integer, nullable=False),
    Column("created_by_user_id", BigInteger, ForeignKey("users.id")),
    Column("created_by_customer_id", BigInteger, ForeignKey("customers.id")),
    Column("closed_by", BigInteger, ForeignKey("users.id")),
    Column("closed_at", Instant),
    Column("user_updated_at", Instant, nullable=False),
    Column("waiting_since", Instant, nullable=False),
    Column("latest_reply_from", Word(LatestReply), nullable=False),
    Column("source_type", Text, nullable=False),
    Column("source_via", Word(Via), nullable=False),
    Column("cc", Json(list[str]), nullable=False),
    Column("bcc", Json(list[str]), nullable=False),
    Column("snoozed_until", Instant),
    Column("snoozed_by", BigInteger, ForeignKey("users.id")),
    Column("wakes_on_reply", Boolean, nullable=False),
    Column("scheduled_for", Instant),
    Column("scheduled_by", BigInteger, ForeignKey("users.id")),
    Column("unschedules_on_reply", Boolean, nullable=False),
    Column("has_attachments", Boolean, nullable=False),
    Column("merged_into", BigInteger),
    Column("merged_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("modified_at", Instant, nullable=False),
    CheckConstraint("(created_by_user_id IS NULL) <> (created_by_customer_id IS NULL)", name="created_by_one"),
    Index("ix_conversations_created", "inbox_id", "shelf", "created_at", "id"),
    Index("ix_conversations_modified", "inbox_id", "shelf", "modified_at", "id"),
    Index("ix_conversations_number", "inbox_id", "shelf", "number", "id"),
    Index("ix_conversations_waiting", "inbox_id", "shelf", "waiting_since", "id"),
    Index("ix_conversations_id", "inbox_id", "shelf", "id"),
    Index("ix_conversations_subject", "inbox_id", "shelf", "subject_key", "id"),
    Index("ix_conversations_customer_name", "inbox_id", "shelf", "customer_name", "id"),
    Index("ix_conversations_customer_email", "inbox_id", "shelf", "customer_email", "id"),
    Index("ix_conversations_folder", "folder_id", "shelf", "created_at", "id"),
    Index("ix_conversations_customer", "customer_id", "created_at"),
    Index(
        "ix_conversations_founder",
        "created_by_customer_id",
        sqlite_where=text("created_by_customer_id IS NOT NULL"),
        postgresql_where=text("created_by_customer_id IS NOT NULL"),
    ),
    Index("ix_conversations_assignee", "assignee_id", "shelf", "created_at", "id"),
    sqlite_autoincrement=True,  # an id is never given twice, not even after an erasure
)

# What a customer began while nobody of the inbox's routing was free; it goes when an owner is found or none is looked for.
routing_queue = Table(
    "routing_queue",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    sqlite_with_rowid=False,
)

# What un-merging needs to know of a conversation that was merged away: its state, which threads it brought, which of them it
# had to address anew, whose following went over, and whether it waited for an owner; and, to tell what came since, the newest
# thread of all and the drafts that the two had then.
conversation_merges = Table(
    "conversation_merges",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("state", Word(ConversationState), nullable=False),
    Column("brought", Json(list[int]), nullable=False),
    Column("readdressed", Json(list[int]), nullable=False),
    Column("drafts", Json(list[int]), nullable=False),
    Column("newest_id", BigInteger, nullable=False),
    Column("followers", Json(list[int])),
    Column("waited", Boolean),
    sqlite_with_rowid=False,
)

threads = Table(
    "threads",
    metadata,
    identity(),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("type", Word(ThreadType), nullable=False),
    Column("status", Word(ThreadStatus), nullable=False),
    Column("state", Word(ThreadState), nullable=False),
    Column("action_type", Text, nullable=False),
    Column("action_text", Text),
    Column("action_entities", Json(dict[str, int])),
    Column("body", Text),
    Column("original_body", Text),
    Column("source_type", Text, nullable=False),
    Column("source_via", Word(Via), nullable=False),
    Column("customer_id", BigInteger, ForeignKey("customers.id"), nullable=False),
    Column("created_by_user_id", BigInteger, ForeignKey("users.id")),
    Column("created_by_customer_id", BigInteger, ForeignKey("customers.id")),
    Column("assignee_id", BigInteger, ForeignKey("users.id")),
    Column("saved_reply_id", BigInteger),
    Column("to", Json(list[str]), nullable=False),
    Column("cc", Json(list[str]), nullable=False),
    Column("bcc", Json(list[str]), nullable=False),
    Column("after_status", Text),
    Column("after_assignee_id", BigInteger),
    Column("opened_at", Instant),
    Column("scheduled_for", Instant),
    Column("scheduled_by", BigInteger, ForeignKey("users.id")),
    Column("scheduled_at", Instant),
    Column("send_as_id", BigInteger, ForeignKey("users.id")),
    Column("unschedules_on_reply", Boolean, nullable=False),
    Column("source_blob", Text),
    Column("imported", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("rating", Word(Rating)),
    Column("rating_comments", Text),
    Column("linked_conversation_id", BigInteger),
    Column("quoted_at", Integer),
    Column("automatic", Boolean),
    Column("before", Json(Before)),
    Index("ix_threads_conversation", "conversation_id", "created_at", "id"),
    Index("ix_threads_author", "created_by_user_id", "type", "conversation_id"),
    Index("ix_threads_customer", "customer_id"),
    Index(
        "ix_threads_rated",
        "customer_id",
        "created_at",
        "id",
        sqlite_where=text("rating IS NOT NULL"),
        postgresql_where=text("rating IS NOT NULL"),
    ),
    Index(
        "ix_threads_founder",
        "created_by_customer_id",
        sqlite_where=text("created_by_customer_id IS NOT NULL"),
        postgresql_where=text("created_by_customer_id IS NOT NULL"),
    ),
    Index(
        "ix_threads_source_blob",
        "source_blob",
        sqlite_where=text("source_blob IS NOT NULL"),
        postgresql_where=text("source_blob IS NOT NULL"),
    ),
    sqlite_autoincrement=True,
)

attachments = Table(
    "attachments",
    metadata,
    identity(),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("thread_id", BigInteger, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("filename", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("blob", Text, nullable=False),
    Column("web_key", LargeBinary, nullable=False),
    Column("content_id", Text),
    Index("ix_attachments_thread_id", "thread_id"),
    Index("ix_attachments_conversation_id", "conversation_id"),
    Index("ix_attachments_blob", "blob"),
    sqlite_autoincrement=True,
)

conversation_tags = Table(
    "conversation_tags",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", BigInteger, ForeignKey("tags.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Index("ix_conversation_tags_tag_id", "tag_id", "conversation_id"),
    sqlite_with_rowid=False,
)

conversation_fields = Table(
    "conversation_fields",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("field_id", BigInteger, ForeignKey("custom_fields.id", ondelete="CASCADE"), primary_key=True),
    Column("value", Text, nullable=False),
    Column("value_key", Text, nullable=False),
    Index("ix_conversation_fields_value", "field_id", "value_key", "conversation_id"),
    sqlite_with_rowid=False,
)

thread_addresses = Table(
    "thread_addresses",
    metadata,
    Column("address", Text, primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, CheckConstraint("kind IN ('to', 'cc', 'bcc')", name="kind"), primary_key=True),
    Column("domain", Text, nullable=False),
    Index("ix_thread_addresses_domain", "domain", "conversation_id"),
    Index("ix_thread_addresses_conversation_id", "conversation_id"),
    sqlite_with_rowid=False,
)

# Who looks at a conversation at this moment: a row counts until its end, and is renewed while they stay.
conversation_viewers = Table(
    "conversation_viewers",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("writes", Boolean, nullable=False),
    Column("until", Instant, nullable=False),
    Index("ix_conversation_viewers_until", "until"),
    sqlite_with_rowid=False,
)

followers = Table(
    "followers",
    metadata,
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Instant, nullable=False),
    Index("ix_followers_user_id", "user_id", "conversation_id"),
    sqlite_with_rowid=False,
)

# How far somebody has read; rows that are older than what can be unread go again.
seen = Table(
    "seen",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("thread_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_seen_conversation_id", "conversation_id"),
    Index("ix_seen_at", "user_id", "at"),
    sqlite_with_rowid=False,
)

saved_views = Table(
    "saved_views",
    metadata,
    identity(),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("sort_field", Text, nullable=False),
    Column("ascending", Boolean, nullable=False),
    Column("audience", Word(Audience), nullable=False),
    Column("team_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE")),
    Column("created_at", Instant, nullable=False),
    Column("modified_at", Instant, nullable=False),
    CheckConstraint("(audience = 'team') = (team_id IS NOT NULL)", name="team"),
    Index("ix_saved_views_user_id", "user_id"),
    Index("ix_saved_views_audience", "audience", "team_id"),
    sqlite_autoincrement=True,
)

# Where somebody has put a view; the others follow by id.
saved_view_places = Table(
    "saved_view_places",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("view_id", BigInteger, ForeignKey("saved_views.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False),
    Index("ix_saved_view_places_view_id", "view_id"),
    sqlite_with_rowid=False,
)

# What somebody is writing and has not sent: nobody's word yet, and no thread. An ``assignee_id`` of 0 is nobody.
writings = Table(
    "writings",
    metadata,
    identity(),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Word(Writing), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE")),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE")),
    Column("body", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("to", Json(list[str]), nullable=False),
    Column("cc", Json(list[str]), nullable=False),
    Column("bcc", Json(list[str]), nullable=False),
    Column("after_status", Text),
    Column("assignee_id", BigInteger),
    Column("based_on", BigInteger),
    Column("version", BigInteger, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("saved_at", Instant, nullable=False),
    CheckConstraint("(kind = 'conversation') = (inbox_id IS NOT NULL)", name="inbox"),
    CheckConstraint("(kind = 'conversation') = (conversation_id IS NULL)", name="conversation"),
    Index("uq_writings_conversation_id", "conversation_id", "user_id", "kind", unique=True),
    Index("uq_writings_inbox_id", "inbox_id", "user_id", unique=True),
    Index("ix_writings_user_id", "user_id", "saved_at", "id"),
    Index("ix_writings_saved_at", "saved_at"),
    sqlite_autoincrement=True,
)

writing_files = Table(
    "writing_files",
    metadata,
    identity(),
    Column("writing_id", BigInteger, ForeignKey("writings.id", ondelete="CASCADE"), nullable=False),
    Column("filename", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("blob", Text, nullable=False),
    Index("ix_writing_files_writing_id", "writing_id"),
    Index("ix_writing_files_blob", "blob"),
    sqlite_autoincrement=True,
)
