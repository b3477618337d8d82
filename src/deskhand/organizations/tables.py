"""Organizations, their domains and the values of their properties. A name and a domain belong to one only.

``organization_activity`` is apart from the rest because every letter of a member writes there: how many members and
conversations there are, and when a conversation of a member last changed. Each is an order of the list.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from deskhand.kernel.storage.columns import SORTED, Instant, Json
from deskhand.kernel.storage.schema import identity, metadata

organizations = Table(
    "organizations",
    metadata,
    identity(),
    Column("name", Text, nullable=False),
    Column("name_key", SORTED, nullable=False, unique=True),
    Column("website", Text),
    Column("description", Text),
    Column("location", Text),
    Column("logo_url", Text),
    Column("note", Text),
    Column("phones", Json(list[str]), nullable=False),
    Column("brand_color", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    sqlite_autoincrement=True,  # an id is never given twice, not even after a deletion
)

organization_domains = Table(
    "organization_domains",
    metadata,
    Column("domain", Text, primary_key=True),
    Column("organization_id", BigInteger, ForeignKey("organizations.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Index("ix_organization_domains_organization_id", "organization_id", "position"),
    sqlite_with_rowid=False,
)

organization_activity = Table(
    "organization_activity",
    metadata,
    Column("organization_id", BigInteger, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("customer_count", Integer, nullable=False),
    Column("conversation_count", Integer, nullable=False),
    Column("last_interaction_at", Instant, nullable=False),
    Index("ix_organization_activity_customer_count", "customer_count", "organization_id"),
    Index("ix_organization_activity_conversation_count", "conversation_count", "organization_id"),
    Index("ix_organization_activity_last_interaction_at", "last_interaction_at", "organization_id"),
    sqlite_with_rowid=False,
)

organization_values = Table(
    "organization_values",
    metadata,
    Column("organization_id", BigInteger, ForeignKey("organizations.id", ondelete="CASCADE"), primary_key=True),
    Column("property_id", BigInteger, ForeignKey("properties.id", ondelete="CASCADE"), primary_key=True),
    Column("value", Text, nullable=False),
    Column("option_id", BigInteger, ForeignKey("property_options.id", ondelete="CASCADE")),
    Index("ix_organization_values_property_id", "property_id"),
    Index("ix_organization_values_option_id", "option_id"),
    sqlite_with_rowid=False,
)
