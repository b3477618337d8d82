"""Forwarding: what was said goes to somebody else, as a conversation of its own (contract 20 §2)."""

from __future__ import annotations

from html import escape

from msgspec import Struct

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
from deskhand.kernel.errors import Invalid
from deskhand.kernel.html import plain_text, preview
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Transaction

QUOTABLE = COUNTED - {ThreadType.FORWARD_PARENT}
"""What a forward may quote: nothing that was said among us or to somebody else."""
MOST_QUOTED = 500_000  # characters


class Forwarded(Struct, frozen=True):
    """The conversation that a forward began, and its entry in the one that was forwarded."""

    conversation_id: int
    entry_id: int


async def forward(
    tx: Transaction,
    conversation_id: int,
    *,
    to: str,
    text: str,
    cc: list[str] | None = None,
    files: list[NewFile] | None = None,
    with_files: bool = False,
    only: int | None = None,
    only_newest: bool = False,
) -> Forwarded:
    """Send a text (HTML) with what was said in a conversation, the newest first, to an address; or with ``only`` the entry of
    that id, or ``only_newest`` the newest word of the customer, or else of ours. Notes and what is hidden are never quoted.
    ``with_files`` takes the files of what is quoted along.

    It begins in the same inbox, waits for an answer, and is the customer's who has the address. Raises NotFound, Forbidden,
    Unmet for a full conversation, Invalid("to") for what is no address, Invalid("only") for what may not be quoted. The vendor
    forwards in its web application only.
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await must_have_room(tx, it)
    customer = await customers.reference(tx, it.customer_id)
    assert customer is not None  # a foreign key holds it
    said = [each for each in await tx.all(one.THREADS, conversation_id=it.id) if may_quote(each)]
    quoted = _newest(said) if only_newest else said if only is None else [each for each in said if each.id == only]
    if only is not None and not quoted:
        raise Invalid("only", "is nothing that can be forwarded", rejected=only)
    recipient = await customer_operations.find_or_create(tx, CustomerGiven(email=to), "")
    body = text + _quoted(quoted)
    files = [*(files or []), *(await _files(tx, quoted) if with_files else [])]

    child = NewThread(
        type=ThreadType.FORWARD_CHILD,
        text=body,
        quoted_at=len(text) or None,
        customer=recipient,
        to=[to],
        cc=cc,
        linked_id=it.id,
        files=files,
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
    parent = NewThread(type=ThreadType.FORWARD_PARENT, text=body, quoted_at=len(text) or None, to=[to], linked_id=began.id)
    parent = completed(parent, customer, tx.actor.user_id or None, tx.now)
    thread_id = await add_entry(tx, it.id, parent, status=it.status, assignee_id=it.assignee_id)
    shown = preview(plain_text(parent.unquoted))
    await settle(tx, it, thread_total=it.thread_total + 1, thread_count=it.thread_count + 1, preview=shown)
    tx.record(ThreadAdded(conversation_id=it.id, thread_id=thread_id, type=ThreadType.FORWARD_PARENT))
    return Forwarded(began.id, thread_id)


def may_quote(it: Thread) -> bool:
    """Whether a forward may quote an entry."""
    return it.type in QUOTABLE and it.state is ThreadState.PUBLISHED


def _newest(said: list[Thread]) -> list[Thread]:
    """The entry that is forwarded alone, of those newest first."""
    return [each for each in said if each.type in CUSTOMER_SPEAKS][:1] or said[:1]


async def _files(tx: Transaction, quoted: list[Thread]) -> list[NewFile]:
    found = await one.attachments_of(tx, quoted)
    several = [each for it in quoted for each in found.get(it.id, []) if each.state == "valid"]
    return [NewFile(*(getattr(each, name) for name in NewFile.__struct_fields__)) for each in several]


def _quoted(several: list[Thread]) -> str:
    """Each entry under a line that says who wrote it and when; of several without what they quote themselves."""
    quotes = ""
    for it in several:
        speaks = it.type in CUSTOMER_SPEAKS
        first, last = (it.author_first, it.author_last) if speaks else (it.creator_first, it.creator_last)
        name = " ".join(each for each in (first, last) if each) or "Somebody"
        body = (it.body or "")[: it.quoted_at if len(several) > 1 else None]
        quote = f"<p>On {it.created_at:%Y-%m-%d %H:%M} UTC, {escape(name)} wrote:</p><blockquote>{body}</blockquote>"
        if quotes and len(quotes) + len(quote) > MOST_QUOTED:
            return f"{quotes}<p>What is older is left out.</p>"
        quotes += quote
    return quotes
