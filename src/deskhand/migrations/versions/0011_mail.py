"""Mail: inboxes with servers and addresses, what came and what goes out; where quotes begin, pictures of a body."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Ten tables and three columns."""
    context = op.get_context()
    op.add_column("threads", sa.Column("quoted_at", sa.Integer))
    op.add_column("threads", sa.Column("automatic", sa.Boolean))
    op.add_column("attachments", sa.Column("content_id", sa.Text))
    context.impl.static_output(Path(__file__).with_suffix(f".{context.dialect.name}.sql").read_text())
