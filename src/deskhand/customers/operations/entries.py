"""Email addresses, phone numbers, chat handles, social profiles, websites (contract 50 §6)."""

from __future__ import annotations

from deskhand.customers.model import EntryKind, NewEntry
from deskhand.customers.operations.core import add_entry, editable, remove_entry, set_entry, settle
from deskhand.customers.queries import one
from deskhand.kernel.transaction import Transaction


async def add(tx: Transaction, customer_id: int, new: NewEntry) -> int:
    """Give a customer another entry; its id. Raises NotFound, Forbidden, Conflict for an address that somebody has.

    Source: Mailbox API 2.0, "Create Email" and its likes.
    """
    before = await editable(tx, customer_id)
    entry_id = await add_entry(tx, customer_id, new)
    await settle(tx, before, came=[new])
    return entry_id


async def replace(tx: Transaction, customer_id: int, entry_id: int, new: NewEntry) -> None:
    """Put something else in an entry of the same kind. Raises NotFound, Forbidden, Conflict as ``add`` does.

    Source: Mailbox API 2.0, "Update Email" and its likes.
    """
    before = await editable(tx, customer_id)
    entry = await one.entry(tx, customer_id, new.kind, entry_id)
    await set_entry(tx, entry, new)
    await settle(tx, before, came=[new])


async def remove(tx: Transaction, customer_id: int, kind: EntryKind, entry_id: int) -> None:
    """Take an entry away, also the last address. Raises NotFound, Forbidden.

    Source: Mailbox API 2.0, "Delete Email" and its likes.
    """
    before = await editable(tx, customer_id)
    await remove_entry(tx, await one.entry(tx, customer_id, kind, entry_id))
    await settle(tx, before)
