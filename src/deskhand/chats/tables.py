"""Live chats and what happened in them. Instants are to the microsecond. They go with their customer."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from deskhand.chats.model import ChatAction, ChatEventType
from deskhand.kernel.storage.columns import Instant, Word
from deskhand.kernel.storage.schema import metadata

chats = Table(
    "chats",
    metadata,
    Column("id", Text, primary_key=True),
    Column("beacon_id", Text, nullable=False),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id"), nullable=False),
    Column("customer_id", BigInteger, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column("assignee_id", BigInteger, ForeignKey("users.id")),
    Column("preview", Text, nullable=False),
    Column("event_count", Integer, nullable=False),
    Column("page_url", Text),
    Column("page_title", Text),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="SET NULL")),
    Index("ix_chats_created_at", "created_at", "id"),
    Index("ix_chats_customer_id", "customer_id"),
    Index("ix_chats_conversation_id", "conversation_id"),
)

# ``number`` counts within a chat, from 1; without ``user_id`` the customer did it.
chat_events = Table(
    "chat_events",
    metadata,
    Column("id", Text, primary_key=True),
    Column("chat_id", Text, ForeignKey("chats.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("type", Word(ChatEventType), nullable=False),
    Column("action", Word(ChatAction), nullable=False),
    Column("user_id", BigInteger, ForeignKey("users.id")),
    Column("body", Text),
    Column("created_at", Instant, nullable=False),
    Index("uq_chat_events_chat_id_number", "chat_id", "number", unique=True),
)
