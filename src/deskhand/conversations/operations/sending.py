"""What somebody wrote is sent: it becomes a reply, a note, a forward or a conversation, and is written no more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType, structs

from deskhand.conversations.model import ConversationType, Status, ThreadType, Writing
from deskhand.conversations.operations import creating, forwarding, schedule, threads, writings
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.core import person
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.operations.writings import Overtaken, content_id
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.writings import Place, WritingFile, Written
from deskhand.customers import operations as customers
from deskhand.customers.model import CustomerGiven, CustomerRef
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Conflict, Mistake, Mistakes
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Transaction


class Sent(Struct, frozen=True):
    """What became of it: a thread of its conversation, or without one a conversation that began. ``entry_id`` is the entry by
    which it can be called back, where it was written or in what began."""

    conversation_id: int
    entry_id: int
    thread_id: int | None = None


async def send(
    tx: Transaction,
    place: Place,
    *,
    version: int,
    answers_newest: bool,
    later: datetime | None = None,
    with_files: bool = False,
    only: int | None = None,
) -> Sent:
    """Send what the actor wrote in a place. ``version`` is the one that was shown; with ``answers_newest`` only if nobody
    said anything since it was begun. ``later`` (UTC) is when a reply or a new conversation goes, unless the customer writes
    before. A forward quotes all that was said, or ``only`` an entry, and takes the files of that along ``with_files``.

    Raises NotFound, Forbidden, Overtaken, Conflict when somebody did, Invalid("body", "subject", "to", "cc", "bcc", "only",
    "scheduledFor"), and what the reply, note, forward or conversation itself is refused for.
    """
    await queries.see(tx, place)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    person(tx)
    it = await queries.get(tx, place)
    if it.version != version:
        raise Overtaken(it)
    if answers_newest and await queries.newest_thread(tx, it.conversation_id) != it.based_on:
        raise Conflict("Somebody said something since this was begun")
    mistakes(it, waits=later is not None).refuse()
    files = [_file(each, it.body) for each in await queries.files(tx, [it.id])]
    if it.conversation_id is None:
        sent = await _begin(tx, it, files, waits=later is not None)
    elif it.kind is Writing.FORWARD:
        sent = await _forward(tx, it, it.conversation_id, files, with_files=with_files, only=only)
    else:
        sent = await _answer(tx, it, it.conversation_id, files, waits=later is not None)
    if later is not None:
        await schedule.schedule(tx, sent.conversation_id, sent.entry_id, at=later, unschedules_on_reply=True)
    await writings.end(tx, it, files_go=False)
    return sent


def _file(it: WritingFile, html: str) -> NewFile:
    """A file that goes along; a picture that stands in the text is named there."""
    named = content_id(it.id)
    new = NewFile(*(getattr(it, name) for name in NewFile.__struct_fields__[:-1]))
    return structs.replace(new, content_id=named) if f"cid:{named}" in html else new


async def _forward(tx: Transaction, it: Written, conversation_id: int, files: list[NewFile], **quotes: Any) -> Sent:
    done = await forwarding.forward(tx, conversation_id, to=it.to[0], text=it.body, cc=it.cc, files=files, **quotes)
    return Sent(done.conversation_id, done.entry_id)


async def _answer(tx: Transaction, it: Written, conversation_id: int, files: list[NewFile], *, waits: bool) -> Sent:
    is_note = it.kind is Writing.NOTE
    new = NewThread(
        type=ThreadType.NOTE if is_note else ThreadType.MESSAGE,
        text=it.body,
        customer=None if is_note or not it.to else await _customer(tx, it.to[0]),
        status=it.after_status,
        assign_to=UNSET if is_note else _owner(it),
        to=None if is_note else it.to,
        cc=None if is_note else it.cc,
        bcc=None if is_note else it.bcc,
        files=files,
        draft=waits,
    )
    thread_id = await threads.add(tx, conversation_id, new)
    return Sent(conversation_id, thread_id, thread_id)


async def _begin(tx: Transaction, it: Written, files: list[NewFile], *, waits: bool) -> Sent:
    inbox = await inboxes.get(tx, it.inbox_id or 0)
    status = inbox.after_reply_status if it.after_status == threads.PREDEFINED else it.after_status
    customer = await _customer(tx, it.to[0])
    said = NewThread(
        type=ThreadType.MESSAGE,
        text=it.body,
        customer=customer,
        to=it.to,
        cc=it.cc,
        bcc=it.bcc,
        files=files,
        draft=waits,
        status=it.after_status if waits else None,
    )
    began = await creating.create(
        tx,
        creating.NewConversation(
            inbox_id=inbox.id,
            type=ConversationType.EMAIL,
            status=Status.ACTIVE if status in (None, "open", "all") else Status(status),
            subject=it.subject,
            customer=customer,
            threads=[said],
            assign_to=_owner(it),
        ),
    )
    return Sent(began.id, began.thread_ids[0])


def _owner(it: Written) -> int | None | UnsetType:
    return UNSET if it.assignee_id is None else it.assignee_id or None


async def _customer(tx: Transaction, address: str) -> CustomerRef:
    return await customers.find_or_create(tx, CustomerGiven(email=address), "to[0]")


def mistakes(it: Written, *, waits: bool = False) -> Mistakes:
    """What is not finished, so that it cannot be sent."""
    found = Mistakes()
    if waits and it.kind in (Writing.NOTE, Writing.FORWARD):
        found.add([Mistake("scheduledFor", "is for replies and new conversations")])
    if not it.body.strip():
        found.add([Mistake("body", "may not be empty", Code.NOT_EMPTY, it.body)])
    if it.kind is not Writing.NOTE:
        for path, given in (("to", it.to), ("cc", it.cc), ("bcc", it.bcc)):
            found.add(
                Mistake(f"{path}[{at}]", "not a well-formed email address", Code.EMAIL, each)
                for at, each in enumerate(given)
                if not is_email(each)
            )
    if it.kind in (Writing.FORWARD, Writing.CONVERSATION) and not it.to:
        found.add([Mistake("to", "may not be empty", Code.NOT_EMPTY)])
    if it.kind is Writing.FORWARD:
        found.add(
            Mistake(path, f"a forward takes {most} at most; the others may stand in cc")
            for path, given, most in (("to", it.to, 1), ("bcc", it.bcc, 0))
            if len(given) > most
        )
    if it.kind is Writing.CONVERSATION and not it.subject.strip():
        found.add([Mistake("subject", "may not be empty", Code.NOT_EMPTY, it.subject)])
    return found
