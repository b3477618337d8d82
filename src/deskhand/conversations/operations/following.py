"""What a change of a customer makes of their conversations, which keep the name and address to be sorted by, and of the
organization they came to, which is listed by its last interaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from deskhand.conversations.model import ConversationState
from deskhand.conversations.tables import conversations, threads
from deskhand.customers import queries as customers
from deskhand.customers.model import CustomersMerged, CustomerUpdated
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import operations as organizations

FOLLOW = write(
    update(conversations)
    .where(conversations.c.customer_id == param("customer_id"))
    .values(customer_name=param("name"), customer_email=param("email"))
)
_gone, _into = param("customer_id"), param("into")
REPOINT = write(
    update(conversations)
    .where(conversations.c.customer_id == _gone)
    .values(customer_id=_into, customer_name=param("name"), customer_email=param("email"), modified_at=param("now"))
)
REPOINT_OTHERS = (
    write(update(conversations).where(conversations.c.created_by_customer_id == _gone).values(created_by_customer_id=_into)),
    write(update(threads).where(threads.c.customer_id == _gone).values(customer_id=_into)),
    write(update(threads).where(threads.c.created_by_customer_id == _gone).values(created_by_customer_id=_into)),
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
        await _interacted(tx, event.customer_id, event.joined)
    if not event.renamed:
        return
    customer = await customers.reference(tx, event.customer_id)
    if customer is not None:
        await tx.write(FOLLOW, customer_id=event.customer_id, name=customer.name_key, email=customer.email or "")


async def follow_merge(tx: Transaction, event: CustomersMerged) -> None:
    """What a customer took part in is the other's, with name and address to be sorted by."""
    customer = await customers.reference(tx, event.customer_id)
    assert customer is not None
    both = {"customer_id": event.gone_id, "into": event.customer_id}
    await tx.write(REPOINT, **both, name=customer.name_key, email=customer.email or "", now=tx.instant)
    for statement in REPOINT_OTHERS:
        await tx.write(statement, **both)
    if customer.organization_id is not None:
        await _interacted(tx, event.customer_id, customer.organization_id)


async def _interacted(tx: Transaction, customer_id: int, organization_id: int) -> None:
    (last,) = await tx.all(LAST, customer_id=customer_id)
    if last is not None:
        await organizations.interacted(tx, organization_id, last)
