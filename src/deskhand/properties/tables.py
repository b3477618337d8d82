"""Properties of customers and of organizations, and the options of dropdowns.

The values stand in the rooms of their owners and point at the option itself, so that they go with it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from deskhand.kernel.storage.columns import Instant, Word
from deskhand.kernel.storage.schema import identity, metadata
from deskhand.properties.model import Owner, PropertyType

properties = Table(
    "properties",
    metadata,
    identity(),
    Column("owner", Word(Owner), CheckConstraint("owner IN ('customer', 'organization')", name="owner"), nullable=False),
    Column("slug", Text, nullable=False),
    Column("type", Word(PropertyType), nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("uq_properties_owner_slug", "owner", "slug", unique=True),
    sqlite_autoincrement=True,
)

property_options = Table(
    "property_options",
    metadata,
    identity(),
    Column("property_id", BigInteger, ForeignKey("properties.id", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Index("uq_property_options_property_id_key", "property_id", "key", unique=True),
    sqlite_autoincrement=True,
)
