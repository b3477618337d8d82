"""Customers and their entries. An email address belongs to one customer only, whatever its case.

``organization`` is the text as it was given, or the linked organization's name as full text and search have it.
``email`` is the first address and ``name_key`` the folded name: lists and conversations read them without a join. The
other ``_key`` columns are folded too: names are filtered and sorted by them, in one way on both databases. How many
customers there are is a kept count, ``customers``; ``customer_inboxes`` counts the conversations of one in an inbox.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from deskhand.customers.model import Address, EntryKind, Gender, PhotoType, PropertySource
from deskhand.kernel.storage.columns import SORTED, Instant, Json, Word
from deskhand.kernel.storage.schema import identity, metadata

customers = Table(
    "customers",
    metadata,
    identity(),
    Column("first_name", Text),
    Column("last_name", Text),
    Column("name_key", Text, nullable=False),
    Column("first_key", SORTED, nullable=False),
    Column("last_key", SORTED, nullable=False),
    Column("email", Text),
    Column("gender", Word(Gender), nullable=False),
    Column("job_title", Text),
    Column("location", Text),
    Column("organization", Text),
    Column("organization_key", Text, nullable=False),
    Column("organization_id", BigInteger, ForeignKey("organizations.id", ondelete="SET NULL")),
    Column("photo_type", Word(PhotoType), nullable=False),
    Column("photo_url", Text),
    Column("age", Text),
    Column("background", Text),
    Column("address", Json(Address)),
    Column("draft", Boolean, nullable=False),
    Column("conversation_count", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_customers_created_at_id", "created_at", "id"),
    Index("ix_customers_updated_at_id", "updated_at", "id"),
    Index("ix_customers_first_key_id", "first_key", "id"),
    Index("ix_customers_last_key_id", "last_key", "id"),
    Index("ix_customers_organization_id_created_at_id", "organization_id", "created_at", "id"),
    sqlite_autoincrement=True,  # an id is never given twice, not even after an erasure
)

customer_entries = Table(
    "customer_entries",
    metadata,
    identity(),
    Column("customer_id", BigInteger, ForeignKey("customers.id", ondelete="CASCADE"), nullable=False),
    Column(
        "kind",
        Word(EntryKind),
        CheckConstraint("kind IN ('email', 'phone', 'chat', 'social', 'website')", name="kind"),
        nullable=False,
    ),
    Column("type", Text),
    Column("value", Text, nullable=False),
    Column("email_key", Text),
    Column("email_domain", Text),
    Index("ix_customer_entries_customer_id", "customer_id"),
    Index("uq_customer_entries_email_key", "email_key", unique=True),
    Index("ix_customer_entries_email_domain", "email_domain"),
    sqlite_autoincrement=True,
)

customer_inboxes = Table(
    "customer_inboxes",
    metadata,
    Column("inbox_id", BigInteger, primary_key=True),
    Column("customer_id", BigInteger, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("conversations", Integer, nullable=False),
    Index("ix_customer_inboxes_customer_id", "customer_id"),
    sqlite_with_rowid=False,
)

customer_values = Table(
    "customer_values",
    metadata,
    Column("customer_id", BigInteger, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("property_id", BigInteger, ForeignKey("properties.id", ondelete="CASCADE"), primary_key=True),
    Column("value", Text, nullable=False),
    Column("option_id", BigInteger, ForeignKey("property_options.id", ondelete="CASCADE")),
    Column("source", Word(PropertySource), nullable=False),
    Index("ix_customer_values_property_id", "property_id"),
    Index("ix_customer_values_option_id", "option_id"),
    sqlite_with_rowid=False,
)

# Whose letters show pictures of other hosts without asking.
customer_pictures = Table(
    "customer_pictures",
    metadata,
    Column("customer_id", BigInteger, ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True),
    Column("since", Instant, nullable=False),
    sqlite_with_rowid=False,
)
