"""Where whoever wrote wants answers to go."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """One column; what came before is answered where it came from. Jobs that tell of servers have another name since."""
    op.add_column("mail_received", sa.Column("reply_to", sa.Text))
    op.execute("UPDATE jobs SET kind = 'mail.tell_operators' WHERE kind = 'mail.tell_of_trouble'")
