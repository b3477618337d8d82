"""Lists that are sorted by text come in the order of its bytes, whatever the collation of a PostgreSQL database.

No row is rewritten, but every index that holds one of these columns is made anew, with its table locked and room for both on
the disk: 2.4 s for 200,000 conversations and 100,000 customers. It happens in a database of collation "C" too, so that all
accounts are alike. What the planner knew of the columns goes with the change, so it is told anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

SORTED = {
    "conversations": ("customer_email", "customer_name", "subject_key"),
    "customers": ("first_key", "last_key"),
    "inboxes": ("name",),
    "organizations": ("name_key",),
    "saved_replies": ("name",),
    "tags": ("name",),
}


def upgrade() -> None:
    """Nine columns with another collation; SQLite compares bytes already."""
    if op.get_context().dialect.name != "postgresql":
        return
    for table, columns in SORTED.items():
        for column in columns:
            op.alter_column(table, column, type_=sa.Text(collation="C"))
        op.execute(f"ANALYZE {table} ({', '.join(columns)})")
