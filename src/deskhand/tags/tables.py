"""Tags. How many conversations carry one is a kept count, ``tag:{id}``."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from deskhand.kernel.storage.columns import SORTED, Instant
from deskhand.kernel.storage.schema import identity, metadata

tags = Table(
    "tags",
    metadata,
    identity(first=2),  # the vendor's reports read 1 as "no tag" (contract 60 §4)
    Column("name", SORTED, nullable=False, unique=True),
    Column("slug", Text, nullable=False),
    Column("color", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)
