"""Who does what of mail only one process may do at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from deskhand.kernel.storage.columns import Instant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "mail_leases",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mail_leases"),
        sqlite_with_rowid=False,
    )
