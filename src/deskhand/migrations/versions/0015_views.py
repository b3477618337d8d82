"""Who follows what, saved views, and what is written and not sent yet."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Five tables."""
    context = op.get_context()
    context.impl.static_output(Path(__file__).with_suffix(f".{context.dialect.name}.sql").read_text())
