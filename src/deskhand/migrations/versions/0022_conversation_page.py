"""What a customer thought of the last reply that they rated is found at once; who reads conversations from their end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """An index of the few that are rated, and a choice that nobody has made yet."""
    rated = sa.text("rating IS NOT NULL")
    columns = ["customer_id", "created_at", "id"]
    op.add_column("users", sa.Column("newest_first", sa.Boolean))
    op.create_index("ix_threads_rated", "threads", columns, sqlite_where=rated, postgresql_where=rated)
