"""Merging customers: whoever may do so must see what the one who goes wrote. The rest is in their own room."""

from __future__ import annotations

from deskhand.conversations.operations.erasing import taking_part
from deskhand.customers import operations as customers
from deskhand.customers import queries
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Transaction


async def merge_customers(tx: Transaction, customer_id: int, *, into: int) -> None:
    """Give another customer everything of this one, who is no more then; there is no undo.

    Raises what ``customers.operations.merge`` does; Forbidden also when a conversation is in an inbox the actor does not see.
    """
    await queries.get(tx, customer_id)
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    # Conversations first, then their customers, as everybody who says something in one.
    await taking_part(tx, customer_id)
    await customers.merge(tx, customer_id, into=into)
