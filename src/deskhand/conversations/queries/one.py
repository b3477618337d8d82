"""One conversation, and what hangs on some of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

from msgspec import Struct
from sqlalchemy import and_, literal, select

from deskhand.conversations.model import ConversationState, Untold
from deskhand.conversations.queries.records import (
    Attachment,
    Conversation,
    ConversationTag,
    FieldValue,
    Held,
    Thread,
    conversation_rows,
    thread_rows,
)
from deskhand.conversations.tables import (
    attachments,
    conversation_fields,
    conversation_tags,
    conversations,
    threads,
)
from deskhand.customers.tables import customers
from deskhand.inboxes.tables import custom_field_options, custom_fields
from deskhand.kernel.errors import Moved, NotFound
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.columns import to_microseconds
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.tags.tables import tags

C = TypeVar("C", Conversation, Held)


class Version(Struct, frozen=True):
    """When a conversation was last modified, and what says who sees it."""

    modified_at: datetime
    inbox_id: int
    state: ConversationState


_this = conversations.c.id == param("conversation_id")
GET = read(conversation_rows().where(_this), Conversation)
# Without joins: PostgreSQL, having waited for the row, would join its new version to the people of the old one.
_own = [conversations.c[name] for name in Held.__struct_fields__ if name in conversations.c]
_belongs_to = select(customers.c.organization_id).where(customers.c.id == conversations.c.customer_id).scalar_subquery()
LOCK = read(select(*_own, _belongs_to).where(_this).with_for_update(), Held)
_version = select(conversations.c.modified_at, conversations.c.inbox_id, conversations.c.state).where(_this)
VERSION = read(_version, Version)
LOCK_VERSION = read(_version.with_for_update(), Version)
TAGS = read(
    select(conversation_tags.c.conversation_id, tags.c.id, tags.c.name, tags.c.color, conversation_tags.c.position)
    .join_from(conversation_tags, tags, tags.c.id == conversation_tags.c.tag_id)
    .where(any_of(conversation_tags.c.conversation_id, "ids"))
    .order_by(conversation_tags.c.conversation_id, conversation_tags.c.position, tags.c.id),
    ConversationTag,
)
# A dropdown's value is the id of its option, as text.
FIELDS = read(
    select(
        conversation_fields.c.conversation_id,
        custom_fields.c.id,
        custom_fields.c.name,
        conversation_fields.c.value,
        custom_field_options.c.label,
    )
    .join_from(conversation_fields, custom_fields, custom_fields.c.id == conversation_fields.c.field_id)
    .outerjoin(
        custom_field_options,
        and_(
            custom_fields.c.type == "dropdown",
            custom_field_options.c.field_id == custom_fields.c.id,
            custom_field_options.c.value == conversation_fields.c.value,
        ),
    )
    .where(any_of(conversation_fields.c.conversation_id, "ids"))
    .order_by(conversation_fields.c.conversation_id, custom_fields.c.position, custom_fields.c.id),
    FieldValue,
)
NEWEST_FIRST = (threads.c.created_at.desc(), threads.c.id.desc())
_of_conversation = threads.c.conversation_id == param("conversation_id")
_told = threads.c.action_type.not_in([literal(each.value) for each in Untold])
THREADS = read(thread_rows().where(_of_conversation).order_by(*NEWEST_FIRST), Thread)
THREADS_OF = read(
    thread_rows().where(any_of(threads.c.conversation_id, "ids"), _told).order_by(threads.c.conversation_id, *NEWEST_FIRST),
    Thread,
)
THREAD_PAGE = read(
    thread_rows().where(_of_conversation, _told).order_by(*NEWEST_FIRST).limit(param("most")).offset(param("skip")), Thread
)
THREAD = read(thread_rows().where(threads.c.id == param("thread_id"), _of_conversation), Thread)
ATTACHMENT_COLUMNS = [attachments.c[name] for name in Attachment.__struct_fields__]
ATTACHMENTS = read(
    select(*ATTACHMENT_COLUMNS).where(any_of(attachments.c.thread_id, "ids")).order_by(attachments.c.id), Attachment
)
ATTACHMENT = read(
    select(*ATTACHMENT_COLUMNS).where(
        attachments.c.id == param("attachment_id"), attachments.c.conversation_id == param("conversation_id")
    ),
    Attachment,
)
ATTACHMENT_BY_ID = read(select(*ATTACHMENT_COLUMNS).where(attachments.c.id == param("attachment_id")), Attachment)


async def version(view: Snapshot, conversation_id: int) -> str | None:
    """What changes whenever a conversation does; None for one that the actor does not see. In an operation it is locked."""
    found = await view.first(LOCK_VERSION if isinstance(view, Transaction) else VERSION, conversation_id=conversation_id)
    if found is None or found.state is ConversationState.DELETED or not view.actor.sees_inbox(found.inbox_id):
        return None
    return f"{to_microseconds(found.modified_at):x}"


async def get(view: Snapshot, conversation_id: int) -> Conversation:
    """A conversation that the actor may see. Raises NotFound, also when it was merged away or deleted."""
    found = await view.first(GET, conversation_id=conversation_id)
    return _visible(view, found)


async def get_or_moved(view: Snapshot, conversation_id: int, redirect_days: int) -> Conversation:
    """The same, but raises Moved for one that was merged away not longer ago than ``redirect_days`` (0: ever)."""
    found = await view.first(GET, conversation_id=conversation_id)
    if found and found.merged_into and view.actor.sees_inbox(found.inbox_id):
        # A merge is the last thing that happens to a conversation, so that is when it was.
        kept = not redirect_days or found.user_updated_at + timedelta(days=redirect_days) > view.now
        raise Moved(found.merged_into) if kept else NotFound("Not found")
    return _visible(view, found)


async def find_deleted(view: Snapshot, conversation_id: int) -> Conversation | None:
    """A conversation that can be brought back, or None for one that is not deleted, or was merged away. Raises NotFound for one
    that the actor does not see, Forbidden without the right to delete."""
    found = await view.first(GET, conversation_id=conversation_id)
    if found is None or not view.actor.sees_inbox(found.inbox_id):
        raise NotFound("Not found")
    view.actor.must(Permission.DELETE_CONVERSATIONS)
    return found if found.state is ConversationState.DELETED and found.merged_into is None else None


async def locked(tx: Transaction, conversation_id: int) -> Held:
    """A conversation that is going to be changed: nobody else changes it before the operation ends. Raises NotFound."""
    found = await tx.first(LOCK, conversation_id=conversation_id)
    return _visible(tx, found)


async def thread(view: Snapshot, conversation_id: int, thread_id: int) -> Thread:
    """An entry of a conversation that was looked up before. Raises NotFound."""
    return await view.one(THREAD, conversation_id=conversation_id, thread_id=thread_id)


async def attachments_of(view: Snapshot, threads: list[Thread]) -> dict[int, list[Attachment]]:
    """Files by the id of their thread."""
    found: dict[int, list[Attachment]] = {}
    if threads:
        for each in await view.all(ATTACHMENTS, ids=[thread.id for thread in threads]):
            found.setdefault(each.thread_id, []).append(each)
    return found


def _visible(view: Snapshot, found: C | None) -> C:
    if found is None or found.state is ConversationState.DELETED or not view.actor.sees_inbox(found.inbox_id):
        raise NotFound("Not found")
    return found
