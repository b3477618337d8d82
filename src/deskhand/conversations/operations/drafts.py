"""Drafts becoming threads, threads being edited or hidden (contract 10 §6, 20 §5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import func, literal, select, update

from deskhand.conversations.model import (
    COUNTED,
    CUSTOMER_SPEAKS,
    ConversationState,
    DraftSaved,
    LatestReply,
    Status,
    ThreadEdited,
    ThreadHidden,
    ThreadState,
    ThreadStatus,
    ThreadType,
)
from deskhand.conversations.operations.core import newest_preview, settle
from deskhand.conversations.operations.schedule import SENDABLE
from deskhand.conversations.operations.searching import keep_thread
from deskhand.conversations.queries import one
from deskhand.conversations.tables import threads
from deskhand.kernel.errors import Code, Invalid, Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction

HIDABLE = (ThreadType.CUSTOMER, ThreadType.MESSAGE)
_this = threads.c.id == param("thread_id")
PUBLISH = write(
    update(threads)
    .where(_this)
    .values(
        state=ThreadState.PUBLISHED.value,
        status=param("status"),
        created_by_user_id=param("author_id"),
        assignee_id=param("assignee_id"),
        created_at=param("now"),
        after_status=None,
        after_assignee_id=None,
        scheduled_for=None,
        scheduled_by=None,
        scheduled_at=None,
        send_as_id=None,
        unschedules_on_reply=False,
    )
)
EDIT = write(
    update(threads)
    .where(_this)
    .values(body=param("text"), original_body=func.coalesce(threads.c.original_body, threads.c.body))
)
ADDRESS = write(
    update(threads).where(_this).values(customer_id=param("customer_id"), to=param("recipients", threads.c.to.type))
)
SHOW = write(update(threads).where(_this).values(state=param("state")))
OLDEST_DRAFT = read(
    select(threads.c.id)
    .where(threads.c.conversation_id == param("conversation_id"), threads.c.state == ThreadState.DRAFT.value)
    .order_by(threads.c.created_at, threads.c.id)
    .limit(1),
    int,
)


class Unsent(Struct, frozen=True):
    """A reply that is a draft, and its recipients."""

    thread_id: int
    to: list[str]


UNSENT = read(
    select(threads.c.id, threads.c.to).where(
        threads.c.conversation_id == param("conversation_id"),
        threads.c.type == ThreadType.MESSAGE.value,
        threads.c.state == ThreadState.DRAFT.value,
    ),
    Unsent,
)


class Said(Struct, frozen=True):
    """What kind of thing was said, and when."""

    type: ThreadType
    at: datetime


SAID = read(
    select(threads.c.type, threads.c.created_at)
    .where(
        threads.c.conversation_id == param("conversation_id"),
        threads.c.type.in_([literal(each.value) for each in sorted(COUNTED)]),
        threads.c.state == ThreadState.PUBLISHED.value,
    )
    .order_by(threads.c.created_at.desc(), threads.c.id.desc())
    .limit(1),
    Said,
)


async def draft_of(tx: Transaction, conversation_id: int) -> int:
    """The id of the thread that a draft conversation consists of. Raises NotFound, Forbidden, Unmet when it is no draft."""
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    found = await tx.first(OLDEST_DRAFT, conversation_id=conversation_id)
    if it.state is not ConversationState.DRAFT or found is None:
        raise Unmet("The conversation is not a draft")
    return found


async def readdress(
    tx: Transaction, conversation_id: int, before: str, *, customer_id: int, address: str, among: list[int] | None = None
) -> list[int]:
    """Drafts in a conversation (or ``among`` these) that were to go to the address ``before`` go to its customer of now,
    others stay; the ids of the first."""
    changed = []
    for each in await tx.all(UNSENT, conversation_id=conversation_id):
        if among is not None and each.thread_id not in among:
            continue
        if [to.lower() for to in each.to] == ([before.lower()] if before else []):
            recipients = [address] if address else []
            await tx.write(ADDRESS, thread_id=each.thread_id, customer_id=customer_id, recipients=recipients)
            changed.append(each.thread_id)
    return changed


async def mark_published(
    tx: Transaction, thread_id: int, *, status: Status, author_id: int | None, assignee_id: int | None
) -> None:
    """The draft's row as a published thread, with the conversation's status and owner right after it."""
    values = {"status": ThreadStatus(status.value), "author_id": author_id, "assignee_id": assignee_id, "now": tx.now}
    await tx.write(PUBLISH, thread_id=thread_id, **values)


async def edit(tx: Transaction, conversation_id: int, thread_id: int, text: str) -> None:
    """Change the text of an entry; the first one is kept.

    Raises NotFound, Forbidden, Invalid("value"), Unmet for a line item. Source: Mailbox API 2.0, "Update Thread".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_THREADS)
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.type is ThreadType.LINE_ITEM:
        raise Unmet("A line item has no text")
    if not text:
        raise Invalid("value", "may not be empty", code=Code.NOT_EMPTY, rejected=text)
    if thread.body == text:
        return
    await tx.write(EDIT, thread_id=thread_id, text=text)
    if thread.state is ThreadState.DRAFT:
        await settle(tx, it)
    else:
        await keep_thread(tx, thread_id, text)
        await settle(tx, it, **await newest_preview(tx, it.id))
    tx.record(ThreadEdited(conversation_id=it.id, thread_id=thread_id))


async def hide(tx: Transaction, conversation_id: int, thread_id: int, *, hidden: bool) -> None:
    """Keep a customer's thread or a reply from what customers get, or show it again.

    Raises NotFound, Forbidden, Unmet for a draft or another kind of thread. Source: Mailbox API 2.0, "Update Thread".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_THREADS)
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.type not in HIDABLE or thread.state is ThreadState.DRAFT:
        raise Unmet("Only customer and reply threads that are no drafts can be hidden")
    state = ThreadState.HIDDEN if hidden else ThreadState.PUBLISHED
    if thread.state is state:
        return
    await tx.write(SHOW, thread_id=thread_id, state=state)
    count = it.thread_count + (-1 if hidden else 1)
    await settle(tx, it, thread_count=count, **await newest_preview(tx, it.id))
    tx.record(ThreadHidden(conversation_id=it.id, thread_id=thread_id, hidden=hidden))


async def take_back(tx: Transaction, conversation_id: int, thread_id: int) -> None:
    """Make a reply that has not left yet a draft again. Status and owner stay what the reply made them.

    Raises NotFound, Forbidden, Unmet for what is no published reply.
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.type not in SENDABLE or thread.state is not ThreadState.PUBLISHED:
        raise Unmet("Only a reply that was published can become a draft again")
    await tx.write(SHOW, thread_id=thread_id, state=ThreadState.DRAFT)
    await keep_thread(tx, thread_id, "")
    newest = await tx.first(SAID, conversation_id=it.id)
    changes: dict[str, Any] = {"state": ConversationState.DRAFT} if newest is None and it.thread_total == 1 else {}
    if newest is not None:
        by_customer = newest.type in CUSTOMER_SPEAKS
        changes["latest_reply_from"] = LatestReply.CUSTOMER if by_customer else LatestReply.USER
        changes["waiting_since"] = newest.at
    await settle(tx, it, thread_count=it.thread_count - 1, **changes, **await newest_preview(tx, it.id))
    tx.record(DraftSaved(conversation_id=it.id, thread_id=thread_id))
