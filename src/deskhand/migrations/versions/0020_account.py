"""How the account is called and the language it writes in; what people look like."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """A table of one row. Nobody had a photo yet: the column was of addresses elsewhere, and is of files here."""
    op.execute("ALTER TABLE users RENAME COLUMN photo_url TO photo")
    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.CheckConstraint("id = 1", name="ck_account_only_one"),
    )
