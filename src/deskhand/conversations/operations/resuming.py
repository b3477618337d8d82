"""What was said a moment ago, or is a draft, becomes what somebody is writing again: its text, recipients and files are in the
composer then, and the conversation is as if it had not been said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, select

from deskhand.conversations.indexes import THREAD_TEXT
from deskhand.conversations.model import (
    Before,
    ConversationType,
    FollowersChanged,
    ThreadRecalled,
    ThreadState,
    ThreadType,
    Writing,
    WritingBegan,
)
from deskhand.conversations.operations import erasing, schedule
from deskhand.conversations.operations.attachments import LEFT, NewFile
from deskhand.conversations.operations.core import newest_preview, person, settle
from deskhand.conversations.operations.writings import ADD, ADD_FILE, ANY, SAVE, content_id
from deskhand.conversations.queries import one
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.audience import mentions
from deskhand.conversations.queries.records import Attachment, Held, Thread
from deskhand.conversations.queries.writings import Place, Written
from deskhand.conversations.tables import followers, threads
from deskhand.kernel.errors import Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.columns import to_microseconds
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries as users

RECALLED_FOR = timedelta(seconds=30)
"""How long what no mail waits for can be called back; pages offer it for ten seconds."""


class Changed(Struct, frozen=True):
    """What an entry took the place of, if it is known."""

    before: Before | None


REMOVE = write(delete(threads).where(threads.c.id == param("thread_id")))
BEFORE = read(select(threads.c.before).where(threads.c.id == param("thread_id")), Changed)
_followed_then = (followers.c.conversation_id == param("conversation_id"), followers.c.since == param("since"))
UNFOLLOW = write(
    delete(followers).where(*_followed_then, any_of(followers.c.user_id, "ids")).returning(followers.c.user_id), int
)


async def resume(tx: Transaction, conversation_id: int, thread_id: int, **as_before: Any) -> Written:
    """Go on writing a reply of the actor's own that is a draft, scheduled or not; how it is now. The draft is no thread any
    more. What they were writing meanwhile stands below it. ``as_before`` are columns of the conversation that it had changed.

    Raises NotFound, Forbidden, Unmet for what is no such draft, or is all that its conversation has.
    """
    it, thread = await _own(tx, conversation_id, thread_id)
    if thread.type is not ThreadType.MESSAGE or thread.state is not ThreadState.DRAFT or it.thread_total == 1:
        raise Unmet("Only a draft reply of one's own can be gone on with")
    saved = await _rewritten(tx, Place(Writing.REPLY, conversation_id=conversation_id), thread)
    await _remove(tx, it, thread, **as_before)
    return saved


async def unnote(tx: Transaction, conversation_id: int, thread_id: int) -> Written:
    """Call a note of the actor's own back; whom it called follows no longer, unless they did before.

    Raises NotFound, Forbidden, Unmet for what is no such note, or is all that its conversation has.
    """
    it, thread = await _own(tx, conversation_id, thread_id)
    if thread.type is not ThreadType.NOTE or len(await _said(tx, it.id)) == 1:
        raise Unmet("Only what one said oneself can be called back")
    changes = await changed_by(tx, conversation_id, thread)
    saved = await _rewritten(tx, Place(Writing.NOTE, conversation_id=conversation_id), thread)
    if names := mentions(thread.body or ""):
        called = await users.mentioned(tx, names)
        removed = await tx.returning(UNFOLLOW, conversation_id=it.id, since=thread.created_at, ids=called)
        if removed:
            tx.record(FollowersChanged(conversation_id=it.id, removed=tuple(sorted(removed))))
    await _remove(tx, it, thread, **changes)
    return saved


async def unforward(tx: Transaction, conversation_id: int, thread_id: int) -> Written:
    """Call a forward of the actor's own back: what it began is gone, and what it quoted is no word of theirs.

    Raises NotFound, Forbidden, Unmet for what is no such forward, or when there is more in the other conversation by now.
    """
    it, thread = await _own(tx, conversation_id, thread_id)
    if thread.type is not ThreadType.FORWARD_PARENT or thread.linked_conversation_id is None:
        raise Unmet("Only what one said oneself can be called back")
    child = await one.locked(tx, thread.linked_conversation_id)
    said = await _only(tx, child)
    quoted = [each for each in await tx.all(one.THREADS, conversation_id=it.id) if each.id != thread.id]
    known = {each.blob for several in (await one.attachments_of(tx, quoted)).values() for each in several}
    files = [each for each in (await one.attachments_of(tx, [said])).get(said.id, []) if each.blob not in known]
    saved = await _rewritten(tx, Place(Writing.FORWARD, conversation_id=it.id), said, files=files)
    await erasing.erase(tx, child)
    await _remove(tx, it, thread, thread_count=it.thread_count - 1)
    return saved


async def unbegin(tx: Transaction, conversation_id: int, thread_id: int) -> Written:
    """Call the beginning of a conversation back, which is gone then, but for its customer.

    Raises NotFound, Forbidden, Unmet for what the actor did not begin, or when there is more in it by now.
    """
    it, thread = await _own(tx, conversation_id, thread_id)
    if not await is_beginning(tx, conversation_id, thread):
        raise Unmet("Only what one said oneself can be called back")
    await _only(tx, it)
    saved = await _rewritten(tx, Place(Writing.CONVERSATION, inbox_id=it.inbox_id), thread, subject=it.subject)
    await erasing.erase(tx, it)
    return saved


async def is_beginning(tx: Transaction, conversation_id: int, thread: Thread) -> bool:
    """Whether an entry is what its author began a conversation with."""
    it = await one.get(tx, conversation_id)
    begins = thread.type is ThreadType.MESSAGE and [each.id for each in await _said(tx, it.id)][-1:] == [thread.id]
    return begins and it.type is ConversationType.EMAIL and it.created_by_user_id == thread.created_by_user_id


async def changed_by(tx: Transaction, conversation_id: int, thread: Thread) -> dict[str, Any]:
    """The columns of a conversation that an entry changed, as they were, if they are still what it made them."""
    it = await one.locked(tx, conversation_id)
    before = (await tx.one(BEFORE, thread_id=thread.id)).before
    if before is None:
        return {}
    changes: dict[str, Any] = {}
    if it.status.value == thread.status.value:
        changes |= {"status": before.status, "closed_at": before.closed_at, "closed_by": before.closed_by}
    if it.assignee_id == thread.assignee_id and before.assignee_id != it.assignee_id:
        is_there = before.assignee_id is None or await users.assignee(tx, before.assignee_id) is not None
        changes |= {"assignee_id": before.assignee_id if is_there else None}
    if it.waiting_since == thread.created_at:
        changes |= {"waiting_since": before.waiting_since, "cc": before.cc, "bcc": before.bcc}
    return changes


async def _own(tx: Transaction, conversation_id: int, thread_id: int) -> tuple[Held, Thread]:
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    thread = await one.thread(tx, conversation_id, thread_id)
    if thread.created_by_user_id != person(tx):
        raise Unmet("Only what one said oneself can be called back")
    return it, thread


async def _only(tx: Transaction, it: Held) -> Thread:
    """All that was said in a conversation. Raises Unmet when that is more than one entry."""
    said = await _said(tx, it.id)
    if len(said) != 1:
        raise Unmet("Somebody said something in it meanwhile")
    return said[0]


async def _said(tx: Transaction, conversation_id: int) -> list[Thread]:
    """What was said, the newest first."""
    found = await tx.all(one.THREADS, conversation_id=conversation_id)
    return [each for each in found if each.type is not ThreadType.LINE_ITEM]


async def _remove(tx: Transaction, it: Held, thread: Thread, **changes: Any) -> None:
    await tx.write(THREAD_TEXT.forget, id=thread.id)
    await tx.write(REMOVE, thread_id=thread.id)
    changes |= await newest_preview(tx, it.id)
    if thread.scheduled_for:
        changes |= await schedule.next_send(tx, it.id)
    changes["has_attachments"] = await tx.one(LEFT, conversation_id=it.id) > 0
    await settle(tx, it, thread_total=it.thread_total - 1, **changes)
    tx.record(ThreadRecalled(conversation_id=it.id, thread_id=thread.id))


async def _rewritten(
    tx: Transaction, place: Place, thread: Thread, *, subject: str = "", files: list[Attachment] | None = None
) -> Written:
    """An entry as what the actor is writing, without what it quotes; with its files, unless others are given."""
    before = await queries.find(tx, place)
    if files is None:
        files = (await one.attachments_of(tx, [thread])).get(thread.id, [])
    body = (thread.body or "")[: thread.quoted_at] + (f"<hr>{before.body}" if before and before.body else "")
    now = to_microseconds(tx.instant) // 1000
    values = {
        "body": body,
        "subject": subject,
        "to": thread.to,
        "cc": thread.cc,
        "bcc": thread.bcc,
        "after_status": thread.after_status,
        "assignee_id": thread.after_assignee_id,
        "version": max(now, before.version + 1 if before else 0),
        "saved_at": tx.instant,
    }
    if before is not None:
        (saved,) = await tx.returning(SAVE, writing_id=before.id, **values)
    else:
        is_only = await tx.first(ANY) is None
        where = {"kind": place.kind, "conversation_id": place.conversation_id, "inbox_id": place.inbox_id}
        based_on = await queries.newest_thread(tx, place.conversation_id)
        begun = {"user_id": tx.actor.user_id, "based_on": based_on, "began_at": tx.instant} | where
        (saved,) = await tx.returning(ADD, **begun, **values)
        tx.record(WritingBegan(tx.actor.user_id, place.kind, place.conversation_id, place.inbox_id, is_only))
    await _bring_files(tx, saved, files)
    return await queries.get(tx, place)


async def _bring_files(tx: Transaction, saved: Written, files: list[Attachment]) -> None:
    """Their pictures stay where they stand in the text."""
    body = saved.body
    for each in files:
        values = {name: getattr(each, name) for name in NewFile.__struct_fields__[:-1]}
        file_id = await tx.insert(ADD_FILE, writing_id=saved.id, **values)
        if each.content_id:
            body = body.replace(f"cid:{each.content_id}", f"cid:{content_id(file_id)}")
    if body != saved.body:
        names = ("subject", "to", "cc", "bcc", "after_status", "assignee_id", "version", "saved_at")
        await tx.returning(SAVE, writing_id=saved.id, body=body, **{name: getattr(saved, name) for name in names})
