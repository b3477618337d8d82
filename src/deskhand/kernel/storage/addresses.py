"""From an address to the account there: the one place that chooses a driver."""

from __future__ import annotations

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from deskhand.kernel.storage.database import Database
from deskhand.kernel.storage.postgresql import PostgresqlDatabase
from deskhand.kernel.storage.sqlite import SqliteDatabase


def open_address(address: str) -> Database:
    """The account at ``sqlite:///path/to/file`` or ``postgresql://user@host/database?schema=name`` (not yet connected).

    Raises ValueError for any other address. The schema is ``deskhand`` unless the address names one.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ValueError("expected sqlite:///path or postgresql://user@host/database") from None
    if url.drivername == "sqlite" and url.database:
        return SqliteDatabase(url.database)
    if url.drivername in ("postgresql", "postgres"):
        schema = str(url.query.get("schema", "deskhand"))
        plain = url.set(drivername="postgresql").difference_update_query(["schema"])
        return PostgresqlDatabase(plain.render_as_string(hide_password=False), schema)
    raise ValueError("expected sqlite:///path or postgresql://user@host/database")
