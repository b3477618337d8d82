"""Conversations that wait for an owner, because nobody of the inbox's routing was free."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "routing_queue",
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_routing_queue"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name="fk_routing_queue_conversation_id",
            ondelete="CASCADE",
        ),
        sqlite_with_rowid=False,
    )
