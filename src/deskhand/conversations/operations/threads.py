"""Adding to a conversation: replies, notes, customer threads, chats and phone calls (contract 20 §4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import func, select

from deskhand.conversations.model import (
    COUNTED,
    CUSTOMER_SPEAKS,
    MOST_THREADS,
    ConversationState,
    ConversationWoken,
    DraftSaved,
    LatestReply,
    Status,
    ThreadAdded,
    ThreadImported,
    ThreadState,
    ThreadStatus,
    ThreadType,
    ThreadUnscheduled,
    Via,
)
from deskhand.conversations.operations.attachments import NewFile, add_files
from deskhand.conversations.operations.changing import change_owner, change_status, may_own
from deskhand.conversations.operations.core import ADD_THREAD, COUNT_THREAD, NO_THREAD, settle
from deskhand.conversations.operations.drafts import mark_published
from deskhand.conversations.operations.schedule import drop_schedules
from deskhand.conversations.operations.searching import keep_addresses, keep_thread
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation
from deskhand.conversations.tables import threads
from deskhand.customers.model import CustomerRef
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Invalid, Unmet
from deskhand.kernel.html import plain_text, preview
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries as users

SAID = read(
    select(func.count())
    .select_from(threads)
    .where(threads.c.conversation_id == param("conversation_id"), threads.c.type != ThreadType.LINE_ITEM.value),
    int,
)
PREDEFINED = "inbox_predefined"


class NewThread(Struct, frozen=True, kw_only=True):
    """Something to be said. ``customer`` is who speaks or is spoken to; None for the conversation's.

    ``status`` is what the conversation shall be afterwards, ``inbox_predefined`` for the inbox's choice, None to leave it
    to the rules. ``assign_to`` is an owner, None for nobody, absent for the inbox's rule. ``created_at`` (UTC) is for
    imported ones only.
    """

    type: ThreadType
    text: str
    customer: CustomerRef | None = None
    user_id: int | None = None
    draft: bool = False
    imported: bool = False
    status: str | None = None
    assign_to: int | None | UnsetType = UNSET
    cc: list[str] | None = None
    bcc: list[str] | None = None
    created_at: datetime | None = None
    files: list[NewFile] = []


async def add(tx: Transaction, conversation_id: int, new: NewThread) -> int:
    """Add an entry to a conversation and do what follows from it; the entry's id.

    Raises NotFound, Forbidden, Invalid("text", "createdAt", "user", "assignTo"), Unmet for a full conversation.
    Source: Mailbox API 2.0, "Create Reply", "Create Note", "Create Customer Thread", "Create Chat Thread", "Create Phone
    Thread".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await _check(tx, it, new)
    if (await tx.one(SAID, conversation_id=it.id)) >= MOST_THREADS:
        raise Unmet(f"A conversation may have {MOST_THREADS} threads at most")

    if new.imported or new.draft:
        thread_id = await store(tx, it, new, it.status)
        if new.draft:
            tx.record(DraftSaved(conversation_id=it.id, thread_id=thread_id))
        else:
            tx.record(ThreadImported(conversation_id=it.id, thread_id=thread_id))
        await settle(tx, it)
        return thread_id
    return await _say(tx, it, new)


async def store(tx: Transaction, it: Conversation, new: NewThread, status: Status) -> int:
    """The entry's row, files, index and counters, without what follows for the conversation; its id."""
    customer = new.customer
    speaks = new.type in CUSTOMER_SPEAKS
    by_user = not speaks or new.type is ThreadType.PHONE
    to: list[str] = []
    cc, bcc = new.cc or [], new.bcc or []
    if new.type is ThreadType.MESSAGE:
        address = customer.email if customer else it.customer_email
        to = [address] if address else []
        cc = it.cc if new.cc is None else new.cc
    values: dict[str, Any] = {
        **NO_THREAD,
        "conversation_id": it.id,
        "type": new.type,
        "status": ThreadStatus(status.value),
        "state": ThreadState.DRAFT if new.draft else ThreadState.PUBLISHED,
        "body": new.text,
        "source_via": Via.CUSTOMER if speaks else Via.USER,
        "customer_id": customer.id if customer else it.customer_id,
        "created_by_user_id": (new.user_id or tx.actor.user_id) if by_user else None,
        "created_by_customer_id": None if by_user else (customer.id if customer else it.customer_id),
        "assignee_id": it.assignee_id,
        "saved_reply_id": 0,
        "to": to,
        "cc": cc,
        "bcc": bcc,
        "after_status": new.status if new.draft else None,
        "after_assignee_id": (new.assign_to or 0) if new.draft and new.assign_to is not UNSET else None,
        "imported": new.imported,
        "created_at": new.created_at or tx.now,
    }
    thread_id = await tx.insert(ADD_THREAD, **values)
    counted = 1 if new.type in COUNTED and not new.draft else 0
    await tx.write(COUNT_THREAD, conversation_id=it.id, counted=counted)
    if not new.draft:
        await keep_thread(tx, thread_id, new.text)
    if to or cc or bcc:
        await keep_addresses(tx, it.id, to=to, cc=cc, bcc=bcc)
    if new.files:
        await add_files(tx, it.id, thread_id, new.files)
        await settle(tx, it, has_attachments=True)
    return thread_id


async def publish(tx: Transaction, conversation_id: int, thread_id: int, *, user_id: int | None = None) -> None:
    """Send a draft: it becomes a reply as if it were written now. ``user_id`` sends it in that user's name.

    Raises NotFound, Forbidden, Unmet when it is no draft. Source: Mailbox API 2.0, "Update Conversation" (/draft).
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.state is not ThreadState.DRAFT:
        raise Unmet("The thread is not a draft")
    author = user_id or thread.created_by_user_id
    assign_to: int | None | UnsetType = UNSET
    if thread.after_assignee_id is not None:
        assign_to = thread.after_assignee_id or None
    new = NewThread(type=thread.type, text=thread.body or "", user_id=author, status=thread.after_status, assign_to=assign_to)
    if it.state is ConversationState.DRAFT:
        await settle(tx, it, state=ConversationState.PUBLISHED)
        it = await one.locked(tx, conversation_id)
    it, status = await _follow(tx, it, new)
    await mark_published(tx, it.id, thread_id, ThreadStatus(status.value), author, it.assignee_id)
    await keep_thread(tx, thread_id, thread.body or "")
    await drop_schedules(tx, it, [thread_id])
    tx.record(ThreadAdded(conversation_id=it.id, thread_id=thread_id, type=thread.type))


async def _say(tx: Transaction, it: Conversation, new: NewThread) -> int:
    """An entry that is published now: the conversation follows, then the entry is stored as it then stands."""
    it, status = await _follow(tx, it, new)
    thread_id = await store(tx, it, new, status)
    tx.record(ThreadAdded(conversation_id=it.id, thread_id=thread_id, type=new.type))
    return thread_id


async def _follow(tx: Transaction, it: Conversation, new: NewThread) -> tuple[Conversation, Status]:
    """What publishing does to the conversation: status, owner, waiting since, snooze, preview (contract 10 §2.4)."""
    speaks = new.type in CUSTOMER_SPEAKS
    changes: dict[str, Any] = {}
    if speaks or new.type is ThreadType.MESSAGE:
        changes["preview"] = preview(plain_text(new.text))
        changes["waiting_since"] = tx.now
        changes["latest_reply_from"] = LatestReply.CUSTOMER if speaks else LatestReply.USER
    if new.type is ThreadType.MESSAGE and new.cc is not None:
        changes["cc"], changes["bcc"] = new.cc, new.bcc or []
    if speaks and it.snoozed_until is not None and it.wakes_on_reply:
        changes |= {"snoozed_until": None, "snoozed_by": None, "wakes_on_reply": False}
        tx.record(ConversationWoken(conversation_id=it.id))
    await settle(tx, it, **changes)
    it = await one.locked(tx, it.id)
    if speaks and it.scheduled_for is not None:
        for thread_id in await drop_schedules(tx, it, None):
            tx.record(ThreadUnscheduled(conversation_id=it.id, thread_id=thread_id))
        it = await one.locked(tx, it.id)
    if (owner := await _owner(tx, it, new)) != it.assignee_id:
        await change_owner(tx, it, owner)
        it = await one.locked(tx, it.id)
    status = await _status(tx, it, new)
    if status is not it.status:
        await change_status(tx, it, status, user_id=new.user_id)
        it = await one.locked(tx, it.id)
    return it, status


async def _status(tx: Transaction, it: Conversation, new: NewThread) -> Status:
    """The status after an entry: asked for, else active when somebody spoke, else as it was."""
    if new.status == PREDEFINED:
        inbox = await inboxes.find(tx, it.inbox_id)
        return Status(inbox.after_reply_status) if inbox else it.status
    if new.status == "open":
        return Status.ACTIVE
    if new.status not in (None, "all"):
        return Status(new.status)
    return it.status if new.type is ThreadType.NOTE else Status.ACTIVE


async def _owner(tx: Transaction, it: Conversation, new: NewThread) -> int | None:
    """The owner after an entry: asked for, else whoever replied first where the inbox has that rule."""
    if new.type is not ThreadType.MESSAGE:
        return it.assignee_id
    if new.assign_to is not UNSET:
        return new.assign_to
    if it.assignee_id is not None:
        return it.assignee_id
    inbox = await inboxes.find(tx, it.inbox_id)
    replier = new.user_id or tx.actor.user_id
    if inbox and inbox.assigns_replier and await inboxes.may_work_in(tx, replier, it.inbox_id):
        return replier
    return None


async def _check(tx: Transaction, it: Conversation, new: NewThread) -> None:
    if new.created_at is not None and not new.imported:
        raise Invalid("createdAt", "is only allowed with imported: true", rejected=new.created_at)
    if new.created_at is not None and new.created_at > tx.now:
        raise Invalid("createdAt", "must not be in the future", rejected=new.created_at)
    if new.user_id is not None and await users.find(tx, new.user_id) is None:
        raise Invalid("user", "is not a user", rejected=new.user_id)
    if isinstance(new.assign_to, int):
        await may_own(tx, new.assign_to, it.inbox_id, "assignTo")
