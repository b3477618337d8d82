"""How many conversations a customer has, in all and in each inbox: conversations tell, lists of customers read it."""

from __future__ import annotations

from sqlalchemy import delete, update

from deskhand.customers.tables import customer_inboxes, customers
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import operations as organizations

COUNT = write(
    update(customers)
    .where(customers.c.id == param("customer_id"))
    .values(conversation_count=customers.c.conversation_count + param("change"))
    .returning(customers.c.organization_id),
    int,
)
_here = upsert(customer_inboxes).values(
    inbox_id=param("inbox_id"), customer_id=param("customer_id"), conversations=param("change")
)
COUNT_HERE = write(
    _here.on_conflict_do_update(
        index_elements=["inbox_id", "customer_id"],
        set_={"conversations": customer_inboxes.c.conversations + _here.excluded.conversations},
    )
)
LEAVE = write(
    delete(customer_inboxes).where(
        customer_inboxes.c.inbox_id == param("inbox_id"),
        customer_inboxes.c.customer_id == param("customer_id"),
        customer_inboxes.c.conversations <= 0,
    )
)


async def count_conversations(tx: Transaction, customer_id: int, change: int, *, inbox_id: int | None = None) -> None:
    """A customer has ``change`` more conversations (fewer if negative), of those that are not deleted.

    With ``inbox_id`` they are counted in that inbox too: the list of customers is filtered by it. One that moves to
    another inbox leaves the first and comes to the second, in two calls. Their organization counts too. Nothing is
    recorded: the profile is the same.
    """
    for organization_id in await tx.returning(COUNT, customer_id=customer_id, change=change):
        if organization_id is not None:
            await organizations.count_conversations(tx, organization_id, change)
    if inbox_id is None:
        return
    await tx.write(COUNT_HERE, customer_id=customer_id, inbox_id=inbox_id, change=change)
    if change < 0:
        await tx.write(LEAVE, customer_id=customer_id, inbox_id=inbox_id)
