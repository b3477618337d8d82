"""Ratings: their word and comments stand on the thread; links are kept as SHA-256 only."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table

from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.schema import identity, metadata

ratings = Table(
    "ratings",
    metadata,
    identity(),
    Column("thread_id", BigInteger, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("modified_at", Instant),
    Index("ix_ratings_created_at", "created_at", "id"),
    sqlite_autoincrement=True,
)

rating_links = Table(
    "rating_links",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("thread_id", BigInteger, ForeignKey("threads.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_rating_links_thread_id", "thread_id"),
    Index("ix_rating_links_expires_at", "expires_at"),
)
