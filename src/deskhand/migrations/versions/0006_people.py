"""Saved replies, routing, statuses of users, ratings, an order by id; and the first user and tag get 2, not 1.

The vendor keeps user 1 for "anyone" and tag 1 for "no tag". Only numbers are set, and only while a table is empty: an
account that has a user 1 keeps it. On SQLite there is no sequence to set: there the statements begin at 2 by themselves.
"""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """New tables, two columns of threads, an index of conversations, and on PostgreSQL two sequences."""
    context = op.get_context()
    context.impl.static_output(Path(__file__).with_suffix(f".{context.dialect.name}.sql").read_text())
