"""Applications, codes and tokens; secrets, codes and tokens are kept as SHA-256 only."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, LargeBinary, Table, Text

from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.schema import identity, metadata

applications = Table(
    "applications",
    metadata,
    identity(),
    Column("client_id", Text, nullable=False, unique=True),
    Column("secret_hash", LargeBinary, nullable=False),
    Column("name", Text, nullable=False),
    Column("redirect_url", Text),
    Column("user_id", BigInteger, ForeignKey("users.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("application_id", BigInteger, ForeignKey("applications.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Index("ix_codes_expires_at", "expires_at"),
)

grants = Table(
    "grants",
    metadata,
    identity(),
    Column("application_id", BigInteger, ForeignKey("applications.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("code_hash", LargeBinary, unique=True),
    Column("refresh_hash", LargeBinary, unique=True),
    Column("access_hash", LargeBinary, nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_grants_expires_at", "expires_at"),
)
