"""Whose letters show pictures of other hosts without asking."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """A table."""
    context = op.get_context()
    context.impl.static_output(Path(__file__).with_suffix(f".{context.dialect.name}.sql").read_text())
