"""The language in which somebody reads pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """None is what the browser asks for."""
    op.add_column("users", sa.Column("language", sa.Text))
