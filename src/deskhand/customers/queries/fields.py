"""What the search language may ask of customers (contract 50 §2): field names and the SQL they stand for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, select

from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.tables import customer_entries, customers
from deskhand.kernel.storage.statements import matching, matching_like, param
from deskhand.search.fields import Address, Contains, Fields, Instant, Name, Number, Since, Test, Text, like, padded, table

c, e = customers.c, customer_entries.c


def _having(test: Test) -> Test:
    return c.id.in_(select(e.customer_id).where(test))


def _words_of(column: ColumnElement[Any]) -> Name:
    """A folded column: any one word of it, or all of it. No word is reserved, so an empty one finds nothing."""
    return Name(like=lambda name: like(padded(column), name), reserved="", nobody=false)


FIELDS: Fields = table(
    {
        "createdAt": Instant(c.created_at),
        "email": Contains(like=lambda name: _having(like(e.email_key, name))),
        "emailDomain": Address(
            equals=lambda name: _having(e.email_key == param(name)),
            domain=lambda name: _having(e.email_domain == param(name)),
            like=lambda name: _having(like(e.email_domain, name)),
        ),
        "firstName": _words_of(c.first_key),
        "id": Number(c.id),
        "lastName": _words_of(c.last_key),
        "modifiedAt": Instant(c.updated_at),
        "modifiedSince": Since(c.updated_at),
        "organization": _words_of(c.organization_key),
    },
    free=Text(
        match=lambda name: matching(c.id, CUSTOMER_TEXT.name, name),
        like=lambda name: matching_like(c.id, CUSTOMER_TEXT.name, name),
    ),
)
