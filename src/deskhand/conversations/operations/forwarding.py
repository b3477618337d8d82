"""Forwarding: what was said goes to somebody else, as a conversation of its own (contract 20 §2)."""

from __future__ import annotations

from html import escape

from deskhand.conversations.model import (
    COUNTED,
    CUSTOMER_SPEAKS,
    ConversationType,
    Status,
    ThreadAdded,
    ThreadState,
    ThreadType,
)
from deskhand.conversations.operations import creating
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.core import settle
from deskhand.conversations.operations.entries import NewThread, add_entry, completed
from deskhand.conversations.operations.threads import must_have_room
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Thread
from deskhand.customers import operations as customer_operations
from deskhand.customers import queries as customers
from deskhand.customers.model import CustomerGiven
from deskhand.kernel.html import plain_text, preview
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Transaction


async def forward(
    tx: Transaction,
    conversation_id: int,
    *,
    to: str,
    text: str,
    cc: list[str] | None = None,
    files: list[NewFile] | None = None,
    with_files: bool = False,
) -> int:
    """Send a text (HTML) with the newest word of the customer, or else of ours, to an address; the new conversation's id.
    ``with_files`` takes the files of that word along.

    It begins in the same inbox, waits for an answer, and is the customer's who has the address. Raises NotFound, Forbidden,
    Unmet for a full conversation, Invalid("to") for what is no address. The vendor forwards in its web application only.
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await must_have_room(tx, it)
    customer = await customers.reference(tx, it.customer_id)
    assert customer is not None  # a foreign key holds it
    recipient = await customer_operations.find_or_create(tx, CustomerGiven(email=to), "")
    quoted = _newest(await tx.all(one.THREADS, conversation_id=it.id))
    body = text + _quoted(quoted)
    files = [*(files or []), *(await _files(tx, quoted) if with_files else [])]

    child = NewThread(
        type=ThreadType.FORWARD_CHILD, text=body, customer=recipient, to=[to], cc=cc, linked_id=it.id, files=files
    )
    began = await creating.create(
        tx,
        creating.NewConversation(
            inbox_id=it.inbox_id,
            type=ConversationType.EMAIL,
            status=Status.PENDING,
            subject=f"Fwd: {it.subject}",
            customer=recipient,
            threads=[child],
            assign_to=None,
        ),
    )
    parent = NewThread(type=ThreadType.FORWARD_PARENT, text=body, to=[to], linked_id=began.id)
    parent = completed(parent, customer, tx.actor.user_id or None, tx.now)
    thread_id = await add_entry(tx, it.id, parent, status=it.status, assignee_id=it.assignee_id)
    said = {"thread_total": it.thread_total + 1, "thread_count": it.thread_count + 1, "preview": preview(plain_text(body))}
    await settle(tx, it, **said)
    tx.record(ThreadAdded(conversation_id=it.id, thread_id=thread_id, type=ThreadType.FORWARD_PARENT))
    return began.id


def _newest(newest_first: list[Thread]) -> Thread | None:
    """The entry that is forwarded."""
    said = [each for each in newest_first if each.type in COUNTED and each.state is ThreadState.PUBLISHED]
    return next((each for each in said if each.type in CUSTOMER_SPEAKS), said[0] if said else None)


async def _files(tx: Transaction, it: Thread | None) -> list[NewFile]:
    found = (await one.attachments_of(tx, [it])).get(it.id, []) if it else []
    return [NewFile(*(getattr(each, name) for name in NewFile.__struct_fields__)) for each in found if each.state == "valid"]


def _quoted(it: Thread | None) -> str:
    """The entry that is forwarded, under a line that says who wrote it and when."""
    if it is None:
        return ""
    speaks = it.type in CUSTOMER_SPEAKS
    first, last = (it.author_first, it.author_last) if speaks else (it.creator_first, it.creator_last)
    name = " ".join(each for each in (first, last) if each) or "Somebody"
    return f"<p>On {it.created_at:%Y-%m-%d %H:%M} UTC, {escape(name)} wrote:</p><blockquote>{it.body or ''}</blockquote>"
