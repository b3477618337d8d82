"""Links to choose a password by, who looks at a conversation, what people are told, and the audit."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Five tables."""
    context = op.get_context()
    context.impl.static_output(Path(__file__).with_suffix(f".{context.dialect.name}.sql").read_text())
