"""The kernel's own tables: facts, jobs, kept counts, the audit, and answers kept for requests that come again."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, Table, Text

from deskhand.kernel.storage.columns import Instant, Json
from deskhand.kernel.storage.schema import identity, metadata

events = Table(
    "events",
    metadata,
    identity(),
    Column("type", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    identity(),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("event_id", BigInteger, nullable=False),
    Column("state", Text, CheckConstraint("state IN ('ready', 'failed')", name="state"), nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", Text),
    Column("leased_until", Instant),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    Index("ix_jobs_state_due", "state", "due"),
)

counts = Table(
    "counts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("shard", Integer, primary_key=True),
    Column("total", BigInteger, nullable=False),
    Column("changed_at", Instant),
    sqlite_with_rowid=False,
)

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("request", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("headers", Json(list[tuple[str, str]]), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_kept_answers_created_at", "created_at"),
)

# ``user_id`` is of the users, a room above, so it is no foreign key.
audit_entries = Table(
    "audit_entries",
    metadata,
    identity(),
    Column("type", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", BigInteger, nullable=False),
    Column("user_id", BigInteger),
    Column("address", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("ix_audit_entries_user_id", "user_id", "id"),
    Index("ix_audit_entries_type", "type", "id"),
)
