"""Status, owner, subject, customer, inbox, deletion: the changes of "Update Conversation" and "Delete Conversation"."""

from __future__ import annotations

from deskhand.conversations.model import (
    ConversationAssigned,
    ConversationDeleted,
    ConversationMoved,
    ConversationState,
    ConversationStatusChanged,
    CustomerChanged,
    Status,
    SubjectChanged,
    ThreadStatus,
)
from deskhand.conversations.operations.core import settle, tell
from deskhand.conversations.operations.fields import forget_fields
from deskhand.conversations.operations.searching import keep_subject
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation
from deskhand.customers import operations as customer_operations
from deskhand.customers import queries as customers
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Forbidden, Invalid
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries as users


async def set_status(tx: Transaction, conversation_id: int, status: Status) -> None:
    """Say whose turn it is. The same status again does nothing.

    Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Update Conversation".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if it.status is status:
        return
    await change_status(tx, it, status)
    await tell(
        tx,
        it,
        "changed-ticket-status",
        f"set the status to {status.value.title()}",
        status=ThreadStatus(status.value),
    )


async def change_status(tx: Transaction, it: Conversation, status: Status, *, user_id: int | None = None) -> None:
    """The new status itself, without a line item: also for replies and notes that carry one."""
    if it.status is status:
        return
    closing = {"closed_at": None}
    if status is Status.CLOSED:
        closing = {"closed_at": tx.now, "closed_by": user_id or tx.actor.user_id or it.closed_by}  # type: ignore[dict-item]
    await settle(tx, it, status=status, **closing)
    tx.record(ConversationStatusChanged(conversation_id=it.id, before=it.status, after=status))


async def assign(tx: Transaction, conversation_id: int, *, to: int | None) -> None:
    """Give a conversation to a user or team, or to nobody. The same owner again does nothing.

    Raises NotFound, Forbidden, Invalid("value"). Source: Mailbox API 2.0, "Update Conversation".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.ASSIGN_CONVERSATIONS)
    if it.assignee_id == to:
        return
    name = await may_own(tx, to, it.inbox_id, "value") if to is not None else "Anyone"
    await change_owner(tx, it, to)
    told = f"assigned to {name}" if to is not None else "unassigned"
    await tell(tx, it, "changed-ticket-assignee", told, assignee_id=to)


async def change_owner(tx: Transaction, it: Conversation, to: int | None) -> None:
    """The new owner itself, without a line item: also for replies that carry one."""
    if it.assignee_id == to:
        return
    await settle(tx, it, assignee_id=to)
    tx.record(ConversationAssigned(conversation_id=it.id, before=it.assignee_id, after=to))


async def may_own(tx: Transaction, owner_id: int, inbox_id: int, path: str) -> str:
    """The name of a user or team that may own a conversation of the inbox. Raises Invalid(path) for any other id."""
    owner = await users.assignee(tx, owner_id)
    if owner is None:
        raise Invalid(path, "is not a user or team", rejected=owner_id)
    if not await inboxes.may_work_in(tx, owner_id, inbox_id):
        raise Invalid(path, "has no access to this inbox", rejected=owner_id)
    return f"{owner.first_name} {owner.last_name}".strip()


async def set_subject(tx: Transaction, conversation_id: int, subject: str) -> None:
    """Name it anew. Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Update Conversation"."""
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if it.subject == subject:
        return
    await settle(tx, it, subject=subject, subject_key=subject_key(subject))
    await keep_subject(tx, it.id, subject)
    tx.record(SubjectChanged(conversation_id=it.id))


def subject_key(subject: str) -> str:
    """What subjects are sorted by: folded words, 100 characters."""
    return indexable(subject)[:100]


async def set_customer(tx: Transaction, conversation_id: int, customer_id: int) -> None:
    """Give a conversation another customer. Raises NotFound, Forbidden, Invalid("value") for an unknown one.

    Source: Mailbox API 2.0, "Update Conversation".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if it.customer_id == customer_id:
        return
    customer = await customers.reference(tx, customer_id)
    if customer is None:
        raise Invalid("value", "is not a customer", rejected=customer_id)
    await settle(tx, it, customer_id=customer_id, customer_name=customer.name_key, customer_email=customer.email or "")
    await customer_operations.count_conversations(tx, it.customer_id, -1, inbox_id=it.inbox_id)
    await customer_operations.count_conversations(tx, customer_id, 1, inbox_id=it.inbox_id)
    await tell(tx, it, "changed-ticket-customer", f"changed the customer to {customer.name or customer.email}")
    tx.record(CustomerChanged(conversation_id=it.id, before=it.customer_id, after=customer_id))


async def move(tx: Transaction, conversation_id: int, inbox_id: int) -> None:
    """Put a conversation into another inbox; custom fields of the old one are dropped, and an owner who may not work there.

    Raises NotFound, Forbidden, Invalid("value"). Source: Mailbox API 2.0, "Update Conversation".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if it.inbox_id == inbox_id:
        return
    inbox = await inboxes.find(tx, inbox_id)
    if inbox is None:
        raise Invalid("value", "is not an inbox", rejected=inbox_id)
    if not tx.actor.sees_inbox(inbox_id):
        raise Forbidden("You have no access to this inbox")
    old = await inboxes.find(tx, it.inbox_id)
    owner = it.assignee_id
    if owner is not None and not await inboxes.may_work_in(tx, owner, inbox_id):
        owner = None
    await forget_fields(tx, it.id)
    await settle(tx, it, inbox_id=inbox_id, assignee_id=owner)
    await tell(tx, it, "moved-from-mailbox", f"moved from {old.name if old else 'another inbox'}")
    await customer_operations.count_conversations(tx, it.customer_id, -1, inbox_id=it.inbox_id)
    await customer_operations.count_conversations(tx, it.customer_id, 1, inbox_id=inbox_id)
    tx.record(ConversationMoved(conversation_id=it.id, before=it.inbox_id, after=inbox_id))
    if owner != it.assignee_id:
        tx.record(ConversationAssigned(conversation_id=it.id, before=it.assignee_id, after=owner))


async def delete(tx: Transaction, conversation_id: int) -> None:
    """Move a conversation to Deleted; nothing of it is lost.

    Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Delete Conversation".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.DELETE_CONVERSATIONS)
    await settle(tx, it, state=ConversationState.DELETED)
    await tell(tx, it, "deleted-ticket", "deleted the conversation")
    await customer_operations.count_conversations(tx, it.customer_id, -1, inbox_id=it.inbox_id)
    tx.record(ConversationDeleted(conversation_id=it.id))
