"""Beginning a conversation (contract 10 §4)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType, structs
from sqlalchemy import insert

from deskhand.conversations.model import (
    COUNTED,
    ConversationCreated,
    ConversationState,
    ConversationType,
    LatestReply,
    Status,
    ThreadType,
    Via,
)
from deskhand.conversations.operations.changing import may_own, subject_key
from deskhand.conversations.operations.core import arrive, home, source_type
from deskhand.conversations.operations.entries import NewThread, add_entry, completed
from deskhand.conversations.operations.fields import add_fields, checked
from deskhand.conversations.operations.searching import keep_subject
from deskhand.conversations.operations.tagging import add_tags
from deskhand.conversations.tables import conversations
from deskhand.customers import operations as customer_operations
from deskhand.customers.model import CustomerRef
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.queries import Inbox
from deskhand.kernel.errors import Forbidden, Mistake, Mistakes
from deskhand.kernel.html import plain_text, preview
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import next_in_line, param, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import operations as organizations
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


SAID_TO_CUSTOMERS = frozenset({ThreadType.MESSAGE, ThreadType.FORWARD_CHILD})


class Numbered(Struct, frozen=True):
    """A new row's id and number."""

    id: int
    number: int


class Began(Struct, frozen=True):
    """A new conversation's id and number, and the ids of its threads."""

    id: int
    number: int
    thread_ids: tuple[int, ...]


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
    Numbered,
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


async def create(tx: Transaction, new: NewConversation, known: Mistakes | None = None) -> Began:
    """Begin a conversation with its threads, tags and fields. ``known`` mistakes are refused together with those found
    here.

    Raises Forbidden, Invalid("mailboxId", "assignTo", "user", "createdAt", "closedAt", "threads[0]…", "fields[0]…",
    "tags[0]"). Source: Mailbox API 2.0, "Create Conversation".
    """
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    inbox, tag_ids, field_values = await _checked(tx, new, known or Mistakes())

    user_id = new.user_id or tx.actor.user_id or None
    owner = await _owner(tx, new, inbox, user_id)
    threads = _completed(new, user_id, new.created_at or tx.now)
    values = _values(tx, new, threads, user_id) | {"assignee_id": owner}
    state = values["state"]
    values["folder_id"] = (await home(tx, inbox_id=inbox.id, status=new.status, state=state, assignee_id=owner)).id
    (began,) = await tx.returning(ADD, **values)
    arrive(tx, began.id, inbox.id, values["folder_id"], new.status, state)
    ids = [await add_entry(tx, began.id, each, status=new.status, assignee_id=owner) for each in threads]
    await keep_subject(tx, began.id, new.subject)
    await add_tags(tx, began.id, tag_ids)
    await add_fields(tx, began.id, field_values)
    await customer_operations.count_conversations(tx, new.customer.id, 1, inbox_id=inbox.id)
    if new.customer.organization_id is not None:
        await organizations.interacted(tx, new.customer.organization_id, values["user_updated_at"])
    routes = owner is None and await _routes(tx, new)
    says = any(each.type in SAID_TO_CUSTOMERS and not (each.draft or each.imported) for each in threads)
    tx.record(
        ConversationCreated(
            conversation_id=began.id, imported=new.imported, auto_reply=new.auto_reply, routes=routes, says=says
        )
    )
    return Began(began.id, began.number, tuple(ids))


def _completed(new: NewConversation, user_id: int | None, created_at: datetime) -> list[NewThread]:
    """The threads with what they take from the conversation; none is said before the one above it."""
    threads: list[NewThread] = []
    for each in new.threads:
        thread = completed(each, new.customer, user_id, created_at)
        moment = max(each.created_at for each in (thread, *threads[-1:]) if each.created_at)
        threads.append(structs.replace(thread, created_at=moment, imported=each.imported or new.imported))
    return threads


def _values(tx: Transaction, new: NewConversation, threads: list[NewThread], user_id: int | None) -> dict[str, Any]:
    """The columns that follow from the threads alone."""
    first, visible = threads[0], [each for each in threads if each.type in COUNTED and not each.draft]
    newest = visible[-1] if visible else threads[-1]
    copied = next((each for each in reversed(threads) if each.cc is not None or each.bcc is not None), first)
    is_customers = first.speaks or user_id is None  # what a workflow begins has nobody else to stand for it
    is_draft = all(each.draft for each in threads)
    created_at = new.created_at or tx.now
    closed_at = (new.closed_at or tx.now) if new.status is Status.CLOSED else None
    return {
        "inbox_id": new.inbox_id,
        "customer_id": new.customer.id,
        "customer_name": new.customer.name_key,
        "customer_email": new.customer.email or "",
        "type": new.type,
        "status": new.status,
        "state": ConversationState.DRAFT if is_draft else ConversationState.PUBLISHED,
        "subject": new.subject,
        "subject_key": subject_key(new.subject),
        "preview": "" if newest.type is ThreadType.NOTE else preview(plain_text(newest.unquoted)),
        "thread_count": len(visible),
        "thread_total": len(threads),
        "created_by_user_id": None if first.speaks else user_id,
        "created_by_customer_id": first.customer.id if is_customers and first.customer else None,
        "closed_by": user_id if closed_at else None,
        "closed_at": closed_at,
        "user_updated_at": max(each for each in (threads[-1].created_at, created_at, closed_at) if each),
        "waiting_since": closed_at or newest.created_at,
        "latest_reply_from": LatestReply.CUSTOMER if newest.speaks else LatestReply.USER,
        "source_type": "email" if first.mailed else source_type(tx.actor),
        "source_via": Via.CUSTOMER if first.speaks else Via.USER,
        "cc": first.mailed.others if first.mailed else copied.cc or [],
        "bcc": copied.bcc or [],
        "has_attachments": any(each.files for each in threads),
        "created_at": created_at,
        "modified_at": tx.instant,
    }


async def _owner(tx: Transaction, new: NewConversation, inbox: Inbox, user_id: int | None) -> int | None:
    """The first owner: as asked, else whoever replied where the inbox has that rule."""
    if new.assign_to is not UNSET:
        return new.assign_to
    replies = [each for each in new.threads if each.type is ThreadType.MESSAGE and not each.draft]
    replier = (replies[-1].user_id or user_id) if replies else None
    if replier is None or not inbox.assigns_replier:
        return None
    return replier if await inboxes.may_work_in(tx, replier, inbox.id) else None


async def _routes(tx: Transaction, new: NewConversation) -> bool:
    """Whether the inbox's routing is to find an owner: for what a customer began now, unless nobody was asked for."""
    if new.imported or new.assign_to is None or new.status is not Status.ACTIVE or not new.threads[0].speaks:
        return False
    routing = await inboxes.routing(tx, new.inbox_id)
    return routing is not None and routing.enabled


async def _checked(tx: Transaction, new: NewConversation, mistakes: Mistakes) -> tuple[Inbox, list[int], dict[int, str]]:
    """The inbox, tags and field values, if everything that is named exists and may be used. Raises Forbidden, Invalid."""
    mistakes.add(_untimely(new, tx.now))
    mistakes.add(await _strangers(tx, new))
    inbox = await inboxes.find(tx, new.inbox_id)
    field_values: dict[int, str] = {}
    if inbox is None:
        mistakes.add([Mistake("mailboxId", "is not an inbox", rejected=new.inbox_id)])
    elif not tx.actor.sees_inbox(inbox.id):
        raise Forbidden("You have no access to this inbox")
    else:
        with mistakes.noted():
            field_values = await checked(tx, inbox.id, new.fields)
        if isinstance(new.assign_to, int):
            with mistakes.noted():
                await may_own(tx, new.assign_to, inbox.id, "assignTo")
    tag_ids: list[int] = []
    with mistakes.noted():
        tag_ids = await tags.ensure(tx, new.tags, "tags")
    mistakes.refuse()
    assert inbox is not None
    return inbox, tag_ids, field_values


def _untimely(new: NewConversation, now: datetime) -> Iterator[Mistake]:
    """Moments that are in the future, or given where nothing is imported."""
    for path, moment in (("createdAt", new.created_at), ("closedAt", new.closed_at)):
        if moment is not None and moment > now and (path == "createdAt" or new.status is Status.CLOSED):
            yield Mistake(path, "must not be in the future", rejected=moment)
    for at, it in enumerate(new.threads):
        path = f"threads[{at}].createdAt"
        if it.created_at is not None and not (it.imported or new.imported):
            yield Mistake(path, "is only allowed with imported: true", rejected=it.created_at)
        elif it.created_at is not None and it.created_at > now:
            yield Mistake(path, "must not be in the future", rejected=it.created_at)


async def _strangers(tx: Transaction, new: NewConversation) -> list[Mistake]:
    """Authors who do not work here."""
    named = [("user", new.user_id)] + [(f"threads[{at}].user", it.user_id) for at, it in enumerate(new.threads)]
    ids = {user_id for _, user_id in named if user_id is not None} - {tx.actor.user_id}
    unknown = {user_id for user_id in sorted(ids) if await users.find(tx, user_id) is None}
    return [Mistake(path, "is not a user", rejected=user_id) for path, user_id in named if user_id in unknown]
