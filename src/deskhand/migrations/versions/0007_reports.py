"""Facts for reports, made of what there is when they are first asked for; office hours."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Three tables, and indexes of chats and ratings by time."""
    op.create_table(
        "report_facts",
        sa.Column("kind", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("conversation_id", sa.BigInteger, nullable=False),
        sa.Column("inbox_id", sa.BigInteger, nullable=False),
        sa.Column("customer_id", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("used_id", sa.BigInteger),
        sa.Column("before", sa.BigInteger, nullable=False),
        sa.Column("is_first", sa.Boolean, nullable=False),
        sa.Column("seconds", sa.BigInteger),
        sa.Column("office_seconds", sa.BigInteger),
        sa.Column("replies", sa.Integer),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_report_facts_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "at", "id", name="pk_report_facts"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_report_facts_conversation_id", "report_facts", ["conversation_id"])
    op.create_table(
        "report_progress",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("walked_id", sa.BigInteger),
        sa.Column("office_walked_id", sa.BigInteger),
        sa.CheckConstraint("id = 1", name="ck_report_progress_one"),
        sa.PrimaryKeyConstraint("id", name="pk_report_progress"),
    )
    op.execute("INSERT INTO report_progress (id, event_id, walked_id) SELECT 1, coalesce(max(id), 0), 0 FROM events")
    op.create_table(
        "office_hours",
        sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("inbox_id", sa.BigInteger),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("week", sa.Text, nullable=False),
        sa.CheckConstraint("id = coalesce(inbox_id, 0)", name="ck_office_hours_owner"),
        sa.ForeignKeyConstraint(["inbox_id"], ["inboxes.id"], name="fk_office_hours_inbox_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_office_hours"),
        sa.UniqueConstraint("inbox_id", name="uq_office_hours_inbox_id"),
    )
    op.create_index("ix_chats_created_at", "chats", ["created_at", "id"])
    op.create_index("ix_ratings_created_at", "ratings", ["created_at", "id"])
