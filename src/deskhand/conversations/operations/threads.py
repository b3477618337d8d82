"""Adding to a conversation: replies, notes, customer threads, chats and phone calls (contract 20 §4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType, structs
from sqlalchemy import func, select

from deskhand.conversations.model import (
    COUNTED,
    MOST_THREADS,
    ConversationState,
    ConversationWoken,
    DraftSaved,
    LatestReply,
    Status,
    ThreadAdded,
    ThreadImported,
    ThreadState,
    ThreadType,
    ThreadUnscheduled,
)
from deskhand.conversations.operations.changing import may_own
from deskhand.conversations.operations.core import before_of, closing, settle
from deskhand.conversations.operations.drafts import mark_published
from deskhand.conversations.operations.entries import NewThread, add_entry, completed
from deskhand.conversations.operations.schedule import drop_schedules, must_be_scheduled, next_send
from deskhand.conversations.operations.searching import keep_addresses, keep_thread
from deskhand.conversations.operations.snoozing import AWAKE
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Held, Thread
from deskhand.conversations.tables import threads
from deskhand.customers.model import CustomerRef
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Collision, Mistake, Mistakes, NotFound, Unmet
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
LIES_IN = read(select(threads.c.conversation_id).where(threads.c.id == param("thread_id")), int)
PREDEFINED = "inbox_predefined"


async def add(tx: Transaction, conversation_id: int, new: NewThread, known: Mistakes | None = None) -> int:
    """Add an entry to a conversation and do what follows from it; the entry's id. ``known`` mistakes are refused together
    with those found here.

    Raises NotFound, Forbidden, Invalid("createdAt", "user", "savedReplyId", "assignTo"), Unmet for a full conversation.
    Source: Mailbox API 2.0, "Create Reply", "Create Note", "Create Customer Thread", "Create Chat Thread", "Create Phone
    Thread".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await _check(tx, it, new, known or Mistakes())
    await must_have_room(tx, it)

    new = completed(new, _customer(it), tx.actor.user_id or None, tx.now)
    if new.type is ThreadType.MESSAGE and new.cc is None and not new.imported:
        new = structs.replace(new, cc=it.cc)
    is_said_now = not (new.imported or new.draft)
    changes = await _follow(tx, it, new) if is_said_now and not new.is_automatic else {}
    owner, status = changes.get("assignee_id", it.assignee_id), changes.get("status", it.status)
    before = before_of(it) if is_said_now and not new.speaks else None
    thread_id = await add_entry(tx, it.id, new, status=status, assignee_id=owner, before=before)
    if new.imported and not new.draft:
        changes["user_updated_at"] = it.user_updated_at  # history leaves the conversation as it is
    await settle(
        tx,
        it,
        **changes,
        thread_total=it.thread_total + 1,
        thread_count=it.thread_count + (new.type in COUNTED and not new.draft),
        has_attachments=it.has_attachments or bool(new.files),
    )
    if is_said_now:
        tx.record(ThreadAdded(conversation_id=it.id, thread_id=thread_id, type=new.type, automatic=new.is_automatic))
    elif new.draft:
        tx.record(DraftSaved(conversation_id=it.id, thread_id=thread_id))
    else:
        tx.record(ThreadImported(conversation_id=it.id, thread_id=thread_id))
    return thread_id


async def must_have_room(tx: Transaction, it: Held) -> None:
    """Raises Unmet for a conversation that is full."""
    if it.thread_total >= MOST_THREADS and await tx.one(SAID, conversation_id=it.id) >= MOST_THREADS:
        raise Unmet(f"A conversation may have {MOST_THREADS} threads at most")


async def publish(tx: Transaction, conversation_id: int, thread_id: int, *, user_id: int | None = None) -> None:
    """Send a draft: it becomes a reply as if it were written now. ``user_id`` sends it in that user's name.

    Raises NotFound, Forbidden, Unmet when it is no draft. Source: Mailbox API 2.0, "Update Conversation" (/draft).
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.state is not ThreadState.DRAFT:
        raise Unmet("The thread is not a draft")
    await _publish(tx, it, thread, user_id or thread.created_by_user_id)


async def send_now(tx: Transaction, conversation_id: int, thread_id: int) -> None:
    """Send a scheduled draft before its time, in the name it was scheduled in.

    Raises NotFound (also without a schedule), Forbidden, Unmet when it is no draft. Source: Mailbox API 2.0, "Publish
    Scheduled Thread".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    thread = await must_be_scheduled(tx, conversation_id, thread_id)
    await _publish(tx, it, thread, thread.send_as_id or thread.scheduled_by)


async def send_when_due(tx: Transaction, thread_id: int, at: datetime) -> None:
    """The moment came. Does nothing if the thread was sent, unscheduled or put off meanwhile, so it may happen twice.

    Raises NotFound when it is gone. It may lie in another conversation by now, which took in its own.
    """
    it = await tx.one(one.LOCK, conversation_id=await tx.one(LIES_IN, thread_id=thread_id))
    if it.merged_into is not None:
        raise Collision("the conversation was merged at this moment")
    if it.state is ConversationState.DELETED:
        raise NotFound("Not found")
    thread = await one.thread(tx, it.id, thread_id)
    if thread.state is ThreadState.DRAFT and thread.scheduled_for == at:
        await _publish(tx, it, thread, thread.send_as_id or thread.scheduled_by)


async def _publish(tx: Transaction, it: Held, thread: Thread, author_id: int | None) -> None:
    assign_to: int | None | UnsetType = UNSET
    if thread.after_assignee_id is not None:
        assign_to = thread.after_assignee_id or None
    if assign_to and not await inboxes.may_work_in(tx, assign_to, it.inbox_id):
        assign_to = UNSET
    new = NewThread(
        type=thread.type,
        text=thread.body or "",
        user_id=author_id,
        status=thread.after_status,
        assign_to=assign_to,
        cc=thread.cc,
        bcc=thread.bcc,
    )
    changes = await _follow(tx, it, new)
    owner, status = changes.get("assignee_id", it.assignee_id), changes.get("status", it.status)
    await mark_published(tx, thread.id, status=status, author_id=author_id, assignee_id=owner)
    await keep_thread(tx, thread.id, new.text)
    await keep_addresses(tx, it.id, to=thread.to, cc=thread.cc, bcc=thread.bcc)
    if it.scheduled_for is not None:
        changes |= await next_send(tx, it.id)
    await settle(tx, it, **changes, thread_count=it.thread_count + 1)
    tx.record(ThreadAdded(conversation_id=it.id, thread_id=thread.id, type=thread.type))


async def _follow(tx: Transaction, it: Held, new: NewThread) -> dict[str, Any]:
    """What saying something now does to the conversation's columns (contract 10 §2.4): status, owner, waiting since,
    snooze, preview, recipients. Schedules that a customer's word cancels are dropped here."""
    changes = closing(tx, it, await _status(tx, it, new), user_id=new.user_id)
    if new.type is ThreadType.NOTE:
        return changes
    changes |= {
        "state": ConversationState.PUBLISHED,
        "preview": preview(plain_text(new.unquoted)),
        "user_updated_at": tx.now,
        "waiting_since": tx.now,
        "latest_reply_from": LatestReply.CUSTOMER if new.speaks else LatestReply.USER,
    }
    if not new.speaks:
        changes |= {"assignee_id": await _owner(tx, it, new), "cc": new.cc or [], "bcc": new.bcc or []}
        return changes
    if new.mailed is not None:
        changes |= {"cc": new.mailed.others, "bcc": []}
    elif new.cc is not None or new.bcc is not None:
        changes |= {"cc": new.cc or [], "bcc": new.bcc or []}
    if it.snoozed_until is not None and it.wakes_on_reply:
        changes |= AWAKE
        tx.record(ConversationWoken(conversation_id=it.id))
    if it.scheduled_for is not None:
        for thread_id in await drop_schedules(tx, it.id):
            tx.record(ThreadUnscheduled(conversation_id=it.id, thread_id=thread_id))
        changes |= await next_send(tx, it.id)
    return changes


async def _status(tx: Transaction, it: Held, new: NewThread) -> Status:
    """The status after an entry: asked for, else active when somebody spoke, else as it was. Who writes into spam again
    does not come out of it."""
    if new.status == PREDEFINED:
        inbox = await inboxes.find(tx, it.inbox_id)
        return Status(inbox.after_reply_status) if inbox else it.status
    if new.status == "open":
        return Status.ACTIVE
    if new.status not in (None, "all"):
        return Status(new.status)
    if new.type is ThreadType.NOTE or (new.speaks and it.status is Status.SPAM):
        return it.status
    return Status.ACTIVE


async def _owner(tx: Transaction, it: Held, new: NewThread) -> int | None:
    """The owner after a reply: asked for, else whoever replied first where the inbox has that rule."""
    if new.assign_to is not UNSET:
        return new.assign_to
    if it.assignee_id is not None or new.user_id is None:
        return it.assignee_id
    inbox = await inboxes.find(tx, it.inbox_id)
    if inbox and inbox.assigns_replier and await inboxes.may_work_in(tx, new.user_id, it.inbox_id):
        return new.user_id
    return None


async def _check(tx: Transaction, it: Held, new: NewThread, mistakes: Mistakes) -> None:
    if new.created_at is not None and not new.imported:
        mistakes.add([Mistake("createdAt", "is only allowed with imported: true", rejected=new.created_at)])
    elif new.created_at is not None and new.created_at > tx.now:
        mistakes.add([Mistake("createdAt", "must not be in the future", rejected=new.created_at)])
    if new.user_id not in (None, tx.actor.user_id) and await users.find(tx, new.user_id) is None:
        mistakes.add([Mistake("user", "is not a user", rejected=new.user_id)])
    if new.saved_reply_id and not await inboxes.offers_saved_reply(tx, it.inbox_id, new.saved_reply_id):
        mistakes.add([Mistake("savedReplyId", "is not a saved reply of this inbox", rejected=new.saved_reply_id)])
    if isinstance(new.assign_to, int):
        with mistakes.noted():
            await may_own(tx, new.assign_to, it.inbox_id, "assignTo")
    mistakes.refuse()


def _customer(it: Held) -> CustomerRef:
    return CustomerRef(it.customer_id, None, None, it.customer_email or None, "")
