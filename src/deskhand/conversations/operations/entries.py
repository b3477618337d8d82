"""An entry of a conversation as it is stored: its row, its files, and what makes it findable."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType, structs

from deskhand.conversations.model import CUSTOMER_SPEAKS, Before, Status, ThreadState, ThreadStatus, ThreadType, Via
from deskhand.conversations.operations.attachments import NewFile, add_files
from deskhand.conversations.operations.core import ADD_THREAD, NO_THREAD, source_type
from deskhand.conversations.operations.searching import keep_addresses, keep_thread
from deskhand.customers.model import CustomerRef
from deskhand.kernel.transaction import Transaction


class Mailed(Struct, frozen=True):
    """What mail adds to an entry: ``blob`` is the message as it came, ``quoted_at`` where in the text the quotes begin (None:
    nowhere). ``others`` are those who get answers too. What is ``automatic`` is no answer: nobody is woken by it.
    """

    blob: str
    quoted_at: int | None = None
    others: list[str] = []
    automatic: bool = False


class NewThread(Struct, frozen=True, kw_only=True):
    """Something to be said. ``customer`` is who speaks or is spoken to; None for the conversation's.

    ``status`` is what the conversation shall be afterwards, ``inbox_predefined`` for the inbox's choice, None to leave it
    to the rules. ``assign_to`` is an owner, None for nobody, absent for the inbox's rule. ``created_at`` (UTC) is for
    imported ones only. ``saved_reply_id`` is the saved reply it was made of, 0 for none. ``to``, ``linked_id``
    and ``quoted_at`` are of forwards only: the address, the other conversation, and where in the text the quotes begin.
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
    saved_reply_id: int = 0
    to: list[str] | None = None
    linked_id: int | None = None
    files: list[NewFile] = []
    mailed: Mailed | None = None
    quoted_at: int | None = None

    @property
    def unquoted(self) -> str:
        """The text without what it quotes."""
        return self.text[: self.mailed.quoted_at if self.mailed else self.quoted_at]

    @property
    def is_automatic(self) -> bool:
        """Whether a machine answered."""
        return self.mailed is not None and self.mailed.automatic

    @property
    def speaks(self) -> bool:
        """Whether it is the customer who says it."""
        return self.type in CUSTOMER_SPEAKS

    @property
    def is_written_by_user(self) -> bool:
        """Whether a user put it down; also a phone call, which is the customer's word."""
        return not self.speaks or self.type is ThreadType.PHONE


def completed(new: NewThread, customer: CustomerRef, author_id: int | None, created_at: datetime) -> NewThread:
    """The same with what was left to the conversation: customer, author and moment."""
    return structs.replace(
        new,
        customer=new.customer or customer,
        user_id=new.user_id or author_id,
        created_at=new.created_at or created_at,
    )


async def add_entry(
    tx: Transaction,
    conversation_id: int,
    new: NewThread,
    *,
    status: Status,
    assignee_id: int | None,
    before: Before | None = None,
) -> int:
    """Store a completed entry beside the conversation's status and owner right after it, and what it took the place of; its
    id."""
    customer = new.customer
    assert customer is not None
    to = new.to or ([customer.email] if new.type is ThreadType.MESSAGE and customer.email else [])
    cc, bcc = new.cc or [], new.bcc or []
    waits = new.draft and new.assign_to is not UNSET
    thread_id = await tx.insert(
        ADD_THREAD,
        **NO_THREAD
        | {
            "conversation_id": conversation_id,
            "type": new.type,
            "status": ThreadStatus(status.value),
            "state": ThreadState.DRAFT if new.draft else ThreadState.PUBLISHED,
            "body": new.text,
            "source_type": source_type(tx.actor) if new.mailed is None else "email",
            "source_via": Via.CUSTOMER if new.speaks else Via.USER,
            "customer_id": customer.id,
            "created_by_user_id": new.user_id if new.is_written_by_user else None,
            "created_by_customer_id": None if new.is_written_by_user else customer.id,
            "assignee_id": assignee_id,
            "saved_reply_id": new.saved_reply_id,
            "to": to,
            "cc": cc,
            "bcc": bcc,
            "after_status": new.status if new.draft else None,
            "after_assignee_id": (new.assign_to or 0) if waits else None,
            "imported": new.imported,
            "created_at": new.created_at,
            "linked_conversation_id": new.linked_id,
            "source_blob": new.mailed.blob if new.mailed else None,
            "quoted_at": new.mailed.quoted_at if new.mailed else new.quoted_at,
            "automatic": new.is_automatic or None,
            "before": before,
        },
    )
    if not new.draft:
        await keep_thread(tx, thread_id, new.text)
        await keep_addresses(tx, conversation_id, to=to, cc=cc, bcc=bcc)
    await add_files(tx, conversation_id, thread_id, new.files)
    return thread_id
