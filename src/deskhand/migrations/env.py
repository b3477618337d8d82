"""Alembic's entry: always offline, since the statements are run by the account's driver."""

from __future__ import annotations

from alembic import context

context.configure(
    dialect_name=context.config.attributes["dialect"],
    as_sql=True,
    output_buffer=context.config.output_buffer,
    literal_binds=True,
    transactional_ddl=False,
)
context.run_migrations()
