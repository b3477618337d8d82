"""Users and teams share one table and so one space of ids: either can be an assignee (contract 60 §3)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text

from deskhand.kernel.storage.columns import Instant, Json, Word
from deskhand.kernel.storage.schema import identity, metadata
from deskhand.users.model import LinkKind, Occasion, Presence, StatusSource

# One row at most: whoever never said how the account is called has none.
account = Table(
    "account",
    metadata,
    Column("id", BigInteger, CheckConstraint("id = 1", name="only_one"), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
)

users = Table(
    "users",
    metadata,
    identity(first=2),  # the vendor keeps 1 for "anyone" (contract 00 §13)
    Column("type", Text, CheckConstraint("type IN ('user', 'team')", name="type"), nullable=False),
    Column("state", Text, CheckConstraint("state IN ('active', 'invited', 'disabled')", name="state"), nullable=False),
    Column("role", Text, nullable=False),
    Column("granted", Json(list[str]), nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("email", Text),
    Column("email_key", Text, unique=True),
    Column("timezone", Text, nullable=False),
    Column("language", Text),
    Column("job_title", Text),
    Column("phone", Text),
    Column("mention", Text),
    Column("initials", Text),
    Column("photo", Text),
    Column("newest_first", Boolean),
    Column("alternate_emails", Json(list[str]), nullable=False),
    Column("password_hash", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_users_type_id", "type", "id"),
)

team_members = Table(
    "team_members",
    metadata,
    Column("team_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_team_members_user_id", "user_id"),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("address", Text, nullable=False),
    Index("ix_sessions_user_id", "user_id"),
)

user_links = Table(
    "user_links",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Word(LinkKind), primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# Who never chose has no row: they are told what ``TOLD_IN_BROWSER`` and ``TOLD_BY_MAIL`` say.
notification_settings = Table(
    "notification_settings",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("in_browser", Json(list[Occasion]), nullable=False),
    Column("by_mail", Json(list[Occasion]), nullable=False),
    sqlite_with_rowid=False,
)

# Who never set a status has no row: they are active since they came.
user_statuses = Table(
    "user_statuses",
    metadata,
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("status", Word(Presence), nullable=False),
    Column("set_at", Instant, nullable=False),
    Column("set_by", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("source", Word(StatusSource), nullable=False),
    Column("text", Text),
    Column("emoji", Text),
    Column("emoji_name", Text),
    sqlite_with_rowid=False,
)
