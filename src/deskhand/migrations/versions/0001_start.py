"""The first schema."""

from __future__ import annotations

from alembic import op
from sqlalchemy.schema import CreateIndex, CreateSequence, CreateTable, Sequence

from deskhand.schema import FULL_TEXT, metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Every table, index and full-text index."""
    dialect = op.get_context().dialect.name
    if dialect == "postgresql":
        op.execute(CreateSequence(Sequence("conversation_numbers")))
    for table in metadata.sorted_tables:
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            op.execute(CreateIndex(index))
    for full_text in FULL_TEXT:
        for statement in full_text.create(dialect):
            op.execute(statement)
