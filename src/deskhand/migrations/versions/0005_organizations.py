"""Organizations as people know them, and properties: SQL beside this file, since SQLite must make a table anew."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Organizations with domains, counts and values; properties of customers; what there was is counted."""
    context = op.get_context()
    context.impl.static_output(Path(__file__).with_suffix(f".{context.dialect.name}.sql").read_text())
