"""Organizations. Only what customers point at so far."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from deskhand.kernel.storage.columns import Instant
from deskhand.kernel.storage.schema import identity, metadata

organizations = Table(
    "organizations",
    metadata,
    identity(),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
