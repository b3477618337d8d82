"""The schema and its history: Alembic renders the missing steps to SQL, the account's own driver runs them.

One library per SQLite file: the migration never opens it with another (see docs/decisions/0003).
"""
