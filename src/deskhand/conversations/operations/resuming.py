"""A reply that is a draft becomes what somebody is writing again: its text, recipients and files are in the composer then."""

from __future__ import annotations

from sqlalchemy import delete

from deskhand.conversations.indexes import THREAD_TEXT
from deskhand.conversations.model import ThreadState, ThreadType, Writing, WritingBegan
from deskhand.conversations.operations import schedule
from deskhand.conversations.operations.attachments import LEFT, NewFile
from deskhand.conversations.operations.core import person, settle
from deskhand.conversations.operations.writings import ADD, ADD_FILE, ANY, SAVE, content_id
from deskhand.conversations.queries import one
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.records import Attachment, Thread
from deskhand.conversations.queries.writings import Place, Written
from deskhand.conversations.tables import threads
from deskhand.kernel.errors import Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.columns import to_microseconds
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction

REMOVE = write(delete(threads).where(threads.c.id == param("thread_id")))


async def resume(tx: Transaction, conversation_id: int, thread_id: int) -> Written:
    """Go on writing a reply of the actor's own that is a draft, scheduled or not; how it is now. The draft is no thread any
    more. What they were writing meanwhile stands below it.

    Raises NotFound, Forbidden, Unmet for what is no such draft, or is all that its conversation has.
    """
    place = Place(Writing.REPLY, conversation_id=conversation_id)
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    user_id = person(tx)
    thread = await one.thread(tx, conversation_id, thread_id)
    is_own = thread.created_by_user_id == user_id
    if thread.type is not ThreadType.MESSAGE or thread.state is not ThreadState.DRAFT or not is_own or it.thread_total == 1:
        raise Unmet("Only a draft reply of one's own can be gone on with")
    files = (await one.attachments_of(tx, [thread])).get(thread_id, [])
    saved = await _keep(tx, place, thread, await queries.find(tx, place), user_id)
    await _bring_files(tx, saved, files)
    await tx.write(THREAD_TEXT.forget, id=thread_id)
    await tx.write(REMOVE, thread_id=thread_id)
    left = await tx.one(LEFT, conversation_id=conversation_id)
    changes = await schedule.next_send(tx, conversation_id) if thread.scheduled_for else {}
    await settle(tx, it, thread_total=it.thread_total - 1, has_attachments=left > 0, **changes)
    return await queries.get(tx, place)


async def _keep(tx: Transaction, place: Place, thread: Thread, before: Written | None, user_id: int) -> Written:
    body = (thread.body or "") + (f"<hr>{before.body}" if before and before.body else "")
    now = to_microseconds(tx.instant) // 1000
    values = {
        "body": body,
        "subject": "",
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
        return saved
    is_only = await tx.first(ANY) is None
    based_on = await queries.newest_thread(tx, place.conversation_id)
    begun = {"user_id": user_id, "kind": place.kind, "conversation_id": place.conversation_id, "inbox_id": None}
    (saved,) = await tx.returning(ADD, **begun, based_on=based_on, began_at=tx.instant, **values)
    tx.record(WritingBegan(user_id, place.kind, place.conversation_id, None, is_only))
    return saved


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
