"""How far each user has read each conversation."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """A table."""
    context = op.get_context()
    context.impl.static_output(Path(__file__).with_suffix(f".{context.dialect.name}.sql").read_text())
