"""What people are told in the browser."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, text

from deskhand.kernel.storage.columns import Instant, Word
from deskhand.kernel.storage.schema import identity, metadata
from deskhand.users.model import Occasion

# ``thread_id`` is no foreign key: it only says where to scroll to, and whatever erases threads need not look for it here.
notifications = Table(
    "notifications",
    metadata,
    identity(),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("occasion", Word(Occasion), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("thread_id", BigInteger),
    Column("by_user_id", BigInteger, ForeignKey("users.id")),
    Column("created_at", Instant, nullable=False),
    Column("read_at", Instant),
    Index("ix_notifications_user_id", "user_id", "id"),
    Index(
        "ix_notifications_unread",
        "user_id",
        "conversation_id",
        sqlite_where=text("read_at IS NULL"),
        postgresql_where=text("read_at IS NULL"),
    ),
    Index("ix_notifications_conversation_id", "conversation_id"),
    Index("ix_notifications_created_at", "created_at"),
    sqlite_autoincrement=True,
)
