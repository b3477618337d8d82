"""What reports count: a projection of conversations, written anew from their threads, and how far it has got."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table

from deskhand.conversations.model import ConversationType
from deskhand.kernel.storage.columns import Word
from deskhand.kernel.storage.schema import metadata

# Clustered by what is asked for: a kind of fact, over some time. What filters need stands beside it.
report_facts = Table(
    "report_facts",
    metadata,
    Column("kind", Integer, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("id", BigInteger, primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("inbox_id", BigInteger, nullable=False),
    Column("customer_id", BigInteger, nullable=False),
    Column("channel", Word(ConversationType), nullable=False),
    Column("user_id", BigInteger),
    Column("used_id", BigInteger),
    Column("before", BigInteger, nullable=False),
    Column("is_first", Boolean, nullable=False),
    Column("seconds", BigInteger),
    Column("office_seconds", BigInteger),
    Column("replies", Integer),
    Index("ix_report_facts_conversation_id", "conversation_id"),
    sqlite_with_rowid=False,
)

# One row. Facts are those of everything up to ``event_id``. While ``walked_id`` is a number, only conversations up to it were
# looked at; ``office_walked_id`` is the same for what depends on office hours, after those were changed.
report_progress = Table(
    "report_progress",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="one"), primary_key=True, autoincrement=False),
    Column("event_id", BigInteger, nullable=False),
    Column("walked_id", BigInteger),
    Column("office_walked_id", BigInteger),
)
