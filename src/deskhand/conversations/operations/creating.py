"""Beginning a conversation (contract 10 §4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import insert

from deskhand.conversations.model import (
    COUNTED,
    CUSTOMER_SPEAKS,
    ConversationCreated,
    ConversationState,
    ConversationType,
    LatestReply,
    Status,
    ThreadState,
    ThreadStatus,
    ThreadType,
    Via,
)
from deskhand.conversations.operations.attachments import add_files
from deskhand.conversations.operations.changing import may_own, subject_key
from deskhand.conversations.operations.core import ADD_THREAD, NO_THREAD, arrive, home
from deskhand.conversations.operations.fields import add_fields, checked
from deskhand.conversations.operations.searching import keep_addresses, keep_subject, keep_thread
from deskhand.conversations.operations.tagging import add_tags
from deskhand.conversations.operations.threads import NewThread
from deskhand.conversations.tables import conversations
from deskhand.customers import operations as customer_operations
from deskhand.customers.model import CustomerRef
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Forbidden, Invalid
from deskhand.kernel.html import plain_text, preview
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import next_in_line, param, write
from deskhand.kernel.transaction import Transaction
from deskhand.tags import operations as tags
from deskhand.users import queries as users

COLUMNS = (
    "inbox_id",
    "folder_id",
    "customer_id",
    "customer_name",
    "customer_email",
    "assignee_id",
    "type",
    "status",
    "state",
    "subject",
    "subject_key",
    "preview",
    "thread_count",
    "thread_total",
    "created_by_user_id",
    "created_by_customer_id",
    "closed_by",
    "closed_at",
    "user_updated_at",
    "waiting_since",
    "latest_reply_from",
    "source_type",
    "source_via",
    "cc",
    "bcc",
    "has_attachments",
    "created_at",
    "modified_at",
)


class Began(Struct, frozen=True):
    """A new conversation's id and number."""

    id: int
    number: int


ADD = write(
    insert(conversations)
    .values(
        {name: param(name) for name in COLUMNS}
        | {
            "number": next_in_line(conversations.c.number, "conversation_numbers"),
            "wakes_on_reply": False,
            "unschedules_on_reply": False,
        }
    )
    .returning(conversations.c.id, conversations.c.number),
    Began,
)


class NewConversation(Struct, frozen=True, kw_only=True):
    """A conversation to begin: ``threads`` has 1 to 100, oldest first; instants are UTC.

    ``assign_to`` is an owner, None for nobody, absent for the inbox's rule.
    """

    inbox_id: int
    type: ConversationType
    status: Status
    subject: str
    customer: CustomerRef
    threads: list[NewThread]
    assign_to: int | None | UnsetType = UNSET
    tags: list[str] = []
    fields: list[tuple[int, str]] = []
    user_id: int | None = None
    imported: bool = False
    auto_reply: bool = False
    created_at: datetime | None = None
    closed_at: datetime | None = None


async def create(tx: Transaction, new: NewConversation) -> Began:
    """Begin a conversation with its threads, tags and fields.

    Raises Forbidden, Invalid("mailboxId", "assignTo", "user", "createdAt", "threads[0]…", "fields[0]…", "tags[0]").
    Source: Mailbox API 2.0, "Create Conversation".
    """
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    await _check(tx, new)
    created_at = new.created_at or tx.now
    first, visible = new.threads[0], [each for each in new.threads if each.type in COUNTED and not each.draft]
    draft = all(each.draft for each in new.threads)
    state = ConversationState.DRAFT if draft else ConversationState.PUBLISHED
    user_id = new.user_id or tx.actor.user_id
    by_customer = first.type in CUSTOMER_SPEAKS
    owner = await _owner(tx, new)
    closed = new.status is Status.CLOSED
    moments = _moments(new, created_at, tx.now)
    newest = visible[-1] if visible else new.threads[-1]
    last_cc = next((each for each in reversed(new.threads) if each.cc is not None or each.bcc is not None), None)
    values: dict[str, Any] = {
        "inbox_id": new.inbox_id,
        "customer_id": new.customer.id,
        "customer_name": new.customer.name_key,
        "customer_email": new.customer.email or "",
        "assignee_id": owner,
        "type": new.type,
        "status": new.status,
        "state": state,
        "subject": new.subject,
        "subject_key": subject_key(new.subject),
        "preview": preview(plain_text(newest.text)),
        "thread_count": len(visible),
        "thread_total": len(new.threads),
        "created_by_user_id": None if by_customer else user_id,
        "created_by_customer_id": (first.customer or new.customer).id if by_customer else None,
        "closed_by": user_id if closed else None,
        "closed_at": (new.closed_at or tx.now) if closed else None,
        "user_updated_at": max(moments[-1], created_at),
        "waiting_since": moments[new.threads.index(newest)],
        "latest_reply_from": LatestReply.CUSTOMER if newest.type in CUSTOMER_SPEAKS else LatestReply.USER,
        "source_type": "api",
        "source_via": Via.CUSTOMER if by_customer else Via.USER,
        "cc": (last_cc.cc or []) if last_cc else [],
        "bcc": (last_cc.bcc or []) if last_cc else [],
        "has_attachments": any(each.files for each in new.threads),
        "created_at": created_at,
        "modified_at": tx.instant,
    }
    values["folder_id"] = await home(tx, inbox_id=new.inbox_id, status=new.status, state=state, assignee_id=owner)
    (began,) = await tx.returning(ADD, **values)
    conversation_id = began.id
    arrive(tx, conversation_id, new.inbox_id, values["folder_id"], new.status, state)
    for thread, moment in zip(new.threads, moments, strict=True):
        await _thread(tx, conversation_id, new, thread, moment, owner)
    await keep_subject(tx, conversation_id, new.subject)
    await add_tags(tx, conversation_id, await tags.ensure(tx, new.tags, "tags"))
    await add_fields(tx, conversation_id, await checked(tx, new.inbox_id, new.fields))
    await customer_operations.count_conversations(tx, new.customer.id, 1, inbox_id=new.inbox_id)
    tx.record(ConversationCreated(conversation_id=conversation_id, imported=new.imported, auto_reply=new.auto_reply))
    return began


async def _thread(
    tx: Transaction, conversation_id: int, new: NewConversation, it: NewThread, moment: datetime, owner: int | None
) -> None:
    speaks = it.type in CUSTOMER_SPEAKS
    customer = it.customer or new.customer
    by_user = not speaks or it.type is ThreadType.PHONE
    to = [customer.email] if it.type is ThreadType.MESSAGE and customer.email else []
    cc, bcc = it.cc or [], it.bcc or []
    thread_id = await tx.insert(
        ADD_THREAD,
        **NO_THREAD
        | {
            "conversation_id": conversation_id,
            "type": it.type,
            "status": ThreadStatus(new.status.value),
            "state": ThreadState.DRAFT if it.draft else ThreadState.PUBLISHED,
            "body": it.text,
            "source_via": Via.CUSTOMER if speaks else Via.USER,
            "customer_id": customer.id,
            "created_by_user_id": (it.user_id or new.user_id or tx.actor.user_id) if by_user else None,
            "created_by_customer_id": None if by_user else customer.id,
            "assignee_id": owner,
            "saved_reply_id": 0,
            "to": to,
            "cc": cc,
            "bcc": bcc,
            "imported": it.imported or new.imported,
            "created_at": moment,
        },
    )
    if not it.draft:
        await keep_thread(tx, thread_id, it.text)
    if to or cc or bcc:
        await keep_addresses(tx, conversation_id, to=to, cc=cc, bcc=bcc)
    if it.files:
        await add_files(tx, conversation_id, thread_id, it.files)


def _moments(new: NewConversation, created_at: datetime, now: datetime) -> list[datetime]:
    """When each thread was said: as given, else with the conversation; never before the one above it."""
    moments: list[datetime] = []
    for thread in new.threads:
        moment = thread.created_at or created_at
        moments.append(max(moment, moments[-1]) if moments else moment)
    return [min(moment, max(now, created_at)) for moment in moments]


async def _owner(tx: Transaction, new: NewConversation) -> int | None:
    """The first owner: as asked, else whoever replied where the inbox has that rule."""
    if new.assign_to is not UNSET:
        return new.assign_to
    replies = [each for each in new.threads if each.type is ThreadType.MESSAGE and not each.draft]
    if not replies:
        return None
    replier = replies[-1].user_id or new.user_id or tx.actor.user_id
    inbox = await inboxes.find(tx, new.inbox_id)
    allowed = inbox is not None and inbox.assigns_replier and await inboxes.may_work_in(tx, replier, new.inbox_id)
    return replier if allowed else None


async def _check(tx: Transaction, new: NewConversation) -> None:
    if await inboxes.find(tx, new.inbox_id) is None:
        raise Invalid("mailboxId", "is not an inbox", rejected=new.inbox_id)
    if not tx.actor.sees_inbox(new.inbox_id):
        raise Forbidden("You have no access to this inbox")
    if new.created_at is not None and new.created_at > tx.now:
        raise Invalid("createdAt", "must not be in the future", rejected=new.created_at)
    if isinstance(new.assign_to, int):
        await may_own(tx, new.assign_to, new.inbox_id, "assignTo")
    named = [("user", new.user_id)] + [(f"threads[{at}].user", it.user_id) for at, it in enumerate(new.threads)]
    for path, user_id in named:
        if user_id is not None and user_id != tx.actor.user_id and await users.find(tx, user_id) is None:
            raise Invalid(path, "is not a user", rejected=user_id)
    for at, it in enumerate(new.threads):
        path = f"threads[{at}].createdAt"
        if it.created_at is not None and not (it.imported or new.imported):
            raise Invalid(path, "is only allowed with imported: true", rejected=it.created_at)
        if it.created_at is not None and it.created_at > tx.now:
            raise Invalid(path, "must not be in the future", rejected=it.created_at)
