"""Reading customers; they belong to the account, so everybody with a token sees all of them (contract 50)."""

from __future__ import annotations

from deskhand.customers.queries.one import Customer, Entry, PropertyValue, by_email, by_emails, get, reference

__all__ = ["Customer", "Entry", "PropertyValue", "by_email", "by_emails", "get", "reference"]
