"""Kept counts say when they last changed: a folder's ``updatedAt``."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from deskhand.kernel.storage.columns import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One column."""
    op.add_column("counts", sa.Column("changed_at", Instant))
