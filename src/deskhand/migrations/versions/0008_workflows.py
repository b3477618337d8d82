"""Workflows: definitions with their versions and runs, and threads that are linked to another conversation."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Three tables and a column."""
    context = op.get_context()
    op.add_column("threads", sa.Column("linked_conversation_id", sa.BigInteger))
    context.impl.static_output(Path(__file__).with_suffix(f".{context.dialect.name}.sql").read_text())
