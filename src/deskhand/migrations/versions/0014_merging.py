"""What un-merging a conversation and merging customers need."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """One table, and indexes by which everything of a customer is found."""
    op.create_table(
        "conversation_merges",
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("brought", sa.Text, nullable=False),
        sa.Column("readdressed", sa.Text, nullable=False),
        sa.Column("drafts", sa.Text, nullable=False),
        sa.Column("newest_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_conversation_merges"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_conversation_merges_conversation_id",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_threads_customer", "threads", ["customer_id"])
    for table in ("conversations", "threads"):
        known = sa.text("created_by_customer_id IS NOT NULL")
        name = f"ix_{table}_founder"
        op.create_index(name, table, ["created_by_customer_id"], sqlite_where=known, postgresql_where=known)
