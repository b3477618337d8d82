"""What a change of a customer makes of their conversations, which keep the name and address to be sorted by, and of the
organization they came to, which is listed by its last interaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from deskhand.conversations.model import ConversationState
from deskhand.conversations.tables import conversations
from deskhand.customers import queries as customers
from deskhand.customers.model import CustomerUpdated
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import operations as organizations

FOLLOW = write(
    update(conversations)
    .where(conversations.c.customer_id == param("customer_id"))
    .values(customer_name=param("name"), customer_email=param("email"))
)

LAST = read(
    select(func.max(conversations.c.user_updated_at)).where(
        conversations.c.customer_id == param("customer_id"), conversations.c.state != ConversationState.DELETED.value
    ),
    datetime,
)


async def follow_customer(tx: Transaction, event: CustomerUpdated) -> None:
    """The conversations of a customer whose name or first address changed, and the organization of one who joined it."""
    if event.joined is not None:
        (last,) = await tx.all(LAST, customer_id=event.customer_id)
        if last is not None:
            await organizations.interacted(tx, event.joined, last)
    if not event.renamed:
        return
    customer = await customers.reference(tx, event.customer_id)
    if customer is not None:
        await tx.write(FOLLOW, customer_id=event.customer_id, name=customer.name_key, email=customer.email or "")
