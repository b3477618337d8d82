"""What undoing gives back: what an entry took the place of, and what a merge took over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Columns; what was done before is undone as it was before."""
    op.add_column("threads", sa.Column("before", sa.Text))
    op.add_column("conversation_merges", sa.Column("followers", sa.Text))
    op.add_column("conversation_merges", sa.Column("waited", sa.Boolean))
