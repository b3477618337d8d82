"""Conversations keep their customer's name and address to be sorted by; they follow when these change."""

from __future__ import annotations

from sqlalchemy import update

from deskhand.conversations.tables import conversations
from deskhand.customers import queries as customers
from deskhand.customers.model import CustomerUpdated
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction

FOLLOW = write(
    update(conversations)
    .where(conversations.c.customer_id == param("customer_id"))
    .values(customer_name=param("name"), customer_email=param("email"))
)


async def follow_customer(tx: Transaction, event: CustomerUpdated) -> None:
    """The conversations of a customer whose name or first address changed."""
    if not event.renamed:
        return
    customer = await customers.reference(tx, event.customer_id)
    if customer is not None:
        await tx.write(FOLLOW, customer_id=event.customer_id, name=customer.name_key, email=customer.email or "")
