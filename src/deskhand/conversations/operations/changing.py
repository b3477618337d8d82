"""Status, owner, subject, customer, inbox, deletion: the changes of "Update Conversation" and "Delete Conversation"."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from msgspec import Struct
from sqlalchemy import func, or_, select, update

from deskhand.conversations.model import (
    Before,
    ConversationDeleted,
    ConversationMoved,
    ConversationRestored,
    ConversationState,
    CustomerChanged,
    FieldsChanged,
    Status,
    SubjectChanged,
    ThreadState,
    ThreadStatus,
    ThreadType,
    Untold,
)
from deskhand.conversations.operations.core import closing, settle, settle_and_tell
from deskhand.conversations.operations.drafts import readdress
from deskhand.conversations.operations.fields import add_fields, checked, forget_fields
from deskhand.conversations.operations.schedule import drop_missed, next_send
from deskhand.conversations.operations.searching import keep_subject
from deskhand.conversations.operations.snoozing import wake_when_due
from deskhand.conversations.operations.tagging import count_tags
from deskhand.conversations.queries import one
from deskhand.conversations.tables import threads
from deskhand.customers import operations as customer_operations
from deskhand.customers import queries as customers
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Forbidden, Invalid, NotFound, Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import operations as organizations
from deskhand.users import queries as users

SAID = read(
    select(func.count())
    .select_from(threads)
    .where(
        threads.c.conversation_id == param("conversation_id"),
        threads.c.type != ThreadType.LINE_ITEM.value,
        threads.c.state != ThreadState.DRAFT.value,
    ),
    int,
)


class Turn(Struct, frozen=True):
    """An entry after which somebody else may have had their turn, or a move; ``before`` has one that can be taken back."""

    id: int
    status: ThreadStatus
    created_by_user_id: int | None
    before: Before | None


t = threads.c
NEWEST_TURN = read(
    select(*(t[name] for name in Turn.__struct_fields__))
    .where(
        t.conversation_id == param("conversation_id"),
        t.state != ThreadState.DRAFT.value,
        or_(t.type != ThreadType.LINE_ITEM.value, t.status != ThreadStatus.NO_CHANGE.value),
    )
    .order_by(t.created_at.desc(), t.id.desc())
    .limit(1),
    Turn,
)
MOVED = "moved-from-mailbox"
LAST_MOVE = read(
    select(*(t[name] for name in Turn.__struct_fields__))
    .where(t.conversation_id == param("conversation_id"), t.action_type == MOVED)
    .order_by(t.created_at.desc(), t.id.desc())
    .limit(1),
    Turn,
)
UNTURN = write(update(threads).where(t.id == param("thread_id")).values(status=ThreadStatus.NO_CHANGE.value, before=None))


async def set_status(tx: Transaction, conversation_id: int, status: Status) -> None:
    """Say whose turn it is. The same status again does nothing.

    Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Update Conversation".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if it.status is status:
        return
    told = f"set the status to {status.value.title()}"
    await settle_and_tell(tx, it, "changed-ticket-status", told, **closing(tx, it, status))


async def take_back_status(tx: Transaction, conversation_id: int, status: Status) -> None:
    """Take the actor's own change of status back, as if it had not happened: who closed it and when, and since when the
    customer waits, are what they were, and neither change is one to reports. Both stay in the timeline.

    Where something was said or turned since, it only gets the ``status`` that it had. Raises NotFound, Forbidden.
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    turn = await tx.first(NEWEST_TURN, conversation_id=it.id)
    is_own = turn is not None and turn.created_by_user_id == tx.actor.user_id and turn.status.value == it.status.value
    before = turn.before if turn and is_own else None
    if turn is None or before is None or before.status is not status or it.status is status:
        await set_status(tx, conversation_id, status)
        return
    await tx.write(UNTURN, thread_id=turn.id)
    told = f"set the status to {status.value.title()}"
    back = {name: getattr(before, name) for name in ("status", "closed_at", "closed_by", "waiting_since")}
    await settle_and_tell(tx, it, "changed-ticket-status", told, takes_back=True, **back)


async def assign(tx: Transaction, conversation_id: int, *, to: int | None) -> None:
    """Give a conversation to a user or team, or to nobody. The same owner again does nothing.

    Raises NotFound, Forbidden, Invalid("value"). Source: Mailbox API 2.0, "Update Conversation".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.ASSIGN_CONVERSATIONS)
    if it.assignee_id == to:
        return
    told = "unassigned the conversation"
    if to is not None:
        told = f"assigned the conversation to {await may_own(tx, to, it.inbox_id, 'value')}"
    await settle_and_tell(tx, it, "changed-ticket-assignee", told, assignee_id=to)


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
    told = f"changed the subject from “{it.subject or '–'}” to “{subject or '–'}”"
    await settle_and_tell(tx, it, Untold.SUBJECT, told, subject=subject, subject_key=subject_key(subject))
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
    await settle_and_tell(
        tx,
        it,
        "changed-ticket-customer",
        f"changed the customer to {customer.name or customer.email or 'somebody without a name'}",
        customer_id=customer_id,
        customer_name=customer.name_key,
        customer_email=customer.email or "",
    )
    await readdress(tx, it.id, it.customer_email, customer_id=customer_id, address=customer.email or "")
    # In one order for everybody, so that two such changes do not wait for each other.
    for each, change in sorted([(it.customer_id, -1), (customer_id, 1)]):
        await customer_operations.count_conversations(tx, each, change, inbox_id=it.inbox_id)
    if customer.organization_id is not None:
        await organizations.interacted(tx, customer.organization_id, tx.now)
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
    old = await inboxes.get(tx, it.inbox_id)
    owner = it.assignee_id
    if owner is not None and not await inboxes.may_work_in(tx, owner, inbox_id):
        owner = None
    fields = {each.id: each.value for each in await tx.all(one.FIELDS, ids=[it.id])}
    await forget_fields(tx, it.id)
    told = f"moved the conversation from the {old.name} inbox"
    await settle_and_tell(tx, it, MOVED, told, fields=fields, inbox_id=inbox_id, assignee_id=owner)
    await customer_operations.count_conversations(tx, it.customer_id, -1, inbox_id=it.inbox_id)
    await customer_operations.count_conversations(tx, it.customer_id, 1, inbox_id=inbox_id)
    tx.record(ConversationMoved(conversation_id=it.id, before=it.inbox_id, after=inbox_id))


async def take_back_move(tx: Transaction, conversation_id: int, inbox_id: int) -> None:
    """Move a conversation back to the inbox that the actor moved it from; with the custom fields that were dropped, as far as
    they may still be said, and the owner, if it has none now.

    Raises as ``move``.
    """
    there = await one.locked(tx, conversation_id)
    last = await tx.first(LAST_MOVE, conversation_id=conversation_id)
    await move(tx, conversation_id, inbox_id)
    before = last.before if last and last.created_by_user_id == tx.actor.user_id else None
    if before is None or before.inbox_id != inbox_id or there.inbox_id == inbox_id:
        return
    fields: dict[int, str] = {}
    for each in before.fields.items():
        with suppress(Invalid):
            fields |= await checked(tx, inbox_id, [each])
    if fields:
        await add_fields(tx, conversation_id, fields)
        tx.record(FieldsChanged(conversation_id=conversation_id))
    owner = before.assignee_id
    if owner is not None and there.assignee_id is None and await inboxes.may_work_in(tx, owner, inbox_id):
        await settle(tx, await one.locked(tx, conversation_id), assignee_id=owner)


async def delete(tx: Transaction, conversation_id: int) -> None:
    """Move a conversation to Deleted; nothing of it is lost.

    Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Delete Conversation".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.DELETE_CONVERSATIONS)
    told = "deleted the conversation"
    await settle_and_tell(tx, it, "deleted-ticket", told, state=ConversationState.DELETED)
    await count_tags(tx, it.id, -1)
    await customer_operations.count_conversations(tx, it.customer_id, -1, inbox_id=it.inbox_id)
    tx.record(ConversationDeleted(conversation_id=it.id))


async def restore(tx: Transaction, conversation_id: int) -> None:
    """Bring a conversation back from Deleted, as it was: a draft if nothing was ever said in it.

    An owner who is gone leaves it to nobody; a snooze that is over ends; what should have been sent meanwhile is a draft
    again, and mail that was withheld stays so. Raises NotFound, Forbidden, Unmet for one that is not deleted.
    """
    it = await tx.first(one.LOCK, conversation_id=conversation_id)
    if it is None or not tx.actor.sees_inbox(it.inbox_id) or it.merged_into is not None:
        raise NotFound("Not found")
    tx.actor.must(Permission.DELETE_CONVERSATIONS)
    if it.state is not ConversationState.DELETED:
        raise Unmet("The conversation is not deleted")
    said = await tx.one(SAID, conversation_id=it.id)
    await drop_missed(tx, it.id)
    changes: dict[str, Any] = {"state": ConversationState.PUBLISHED if said else ConversationState.DRAFT}
    if it.assignee_id is not None and await users.assignee(tx, it.assignee_id) is None:
        changes["assignee_id"] = None
    told = "brought the conversation back"
    await settle_and_tell(tx, it, "default", told, **changes, **await next_send(tx, it.id))
    await count_tags(tx, it.id, 1)
    await customer_operations.count_conversations(tx, it.customer_id, 1, inbox_id=it.inbox_id)
    if it.snoozed_until is not None and it.snoozed_until <= tx.now:
        await wake_when_due(tx, it.id, it.snoozed_until)
    tx.record(ConversationRestored(conversation_id=it.id))
