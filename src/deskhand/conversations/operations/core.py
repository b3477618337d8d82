"""What every change of a conversation shares: its row, its folder, the kept counts, and line items that tell of it."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, structs
from sqlalchemy import exists, insert, literal, select, update

from deskhand.conversations.model import (
    COUNTED,
    Before,
    ConversationAssigned,
    ConversationState,
    ConversationStatusChanged,
    FolderType,
    PlaceFreed,
    Status,
    ThreadState,
    ThreadStatus,
    ThreadType,
    Untold,
    Via,
    folder_count,
    home_folder,
    shelf_count,
)
from deskhand.conversations.queries.records import Held
from deskhand.conversations.tables import conversations, folders, routing_queue, threads
from deskhand.kernel.errors import Forbidden
from deskhand.kernel.html import plain_text, preview
from deskhand.kernel.permissions import Actor, ActorKind
from deskhand.kernel.storage.statements import Write, param, read, shaped, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import operations as organizations
from deskhand.users import queries as users


class Home(Struct, frozen=True, gc=False):
    """A folder, and by the way whether any conversation waits for an owner."""

    id: int
    somebody_waits: bool


_folder = upsert(folders).values({name: param(name) for name in ("inbox_id", "type", "user_id", "updated_at")})
ADD_FOLDER = write(_folder.on_conflict_do_nothing(index_elements=["inbox_id", "type", "user_id"]))
FOLDER = read(
    select(folders.c.id, exists(select(routing_queue.c.conversation_id)).label("somebody_waits")).where(
        folders.c.inbox_id == param("inbox_id"),
        folders.c.type == param("type"),
        folders.c.user_id == param("user_id"),
    ),
    Home,
)
MOST_NAMES = 10
THREAD_COLUMNS = (
    "conversation_id",
    "type",
    "status",
    "state",
    "action_type",
    "action_text",
    "action_entities",
    "body",
    "source_type",
    "source_via",
    "customer_id",
    "created_by_user_id",
    "created_by_customer_id",
    "assignee_id",
    "saved_reply_id",
    "to",
    "cc",
    "bcc",
    "after_status",
    "after_assignee_id",
    "unschedules_on_reply",
    "imported",
    "created_at",
    "linked_conversation_id",
    "source_blob",
    "quoted_at",
    "automatic",
    "before",
)
ADD_THREAD = write(insert(threads).values({name: param(name) for name in THREAD_COLUMNS}).returning(threads.c.id))
NO_THREAD: dict[str, Any] = {
    **dict.fromkeys(THREAD_COLUMNS),
    "action_type": "default",
    "source_type": "api",
    "to": [],
    "cc": [],
    "bcc": [],
    "unschedules_on_reply": False,
    "imported": False,
}


class Newest(Struct, frozen=True):
    """The text of an entry, and where in it the quotes begin."""

    body: str | None
    quoted_at: int | None


NEWEST_SAID = read(
    select(threads.c.body, threads.c.quoted_at)
    .where(
        threads.c.conversation_id == param("conversation_id"),
        threads.c.type.in_([literal(each.value) for each in sorted(COUNTED)]),
        threads.c.state == ThreadState.PUBLISHED.value,
    )
    .order_by(threads.c.created_at.desc(), threads.c.id.desc())
    .limit(1),
    Newest,
)

PLACED_BY = ("inbox_id", "status", "state", "assignee_id", "snoozed_until", "scheduled_for")


@shaped
def _set(names: tuple[str, ...]) -> Write[int]:
    """An UPDATE of these columns of one conversation."""
    return write(
        update(conversations)
        .where(conversations.c.id == param("conversation_id"))
        .values({name: param(name) for name in names})
    )


async def settle(tx: Transaction, before: Held, **changes: Any) -> Held:
    """Change a conversation's columns, and with them its folder, the kept counts and when it was modified; how it is now.

    Another status or owner is recorded here, so that no change of them can be forgotten.
    """
    if tx.actor.kind is ActorKind.USER:
        changes.setdefault("user_updated_at", tx.now)
    changes["modified_at"] = tx.instant
    after = structs.replace(before, **{name: changes[name] for name in changes if name in Held.__struct_fields__})
    if any(getattr(after, name) != getattr(before, name) for name in PLACED_BY):
        there = await home(tx, **{name: getattr(after, name) for name in PLACED_BY})
        changes["folder_id"] = there.id
        after = structs.replace(after, folder_id=there.id)
        if there.somebody_waits and before.assignee_id is not None and there.id != before.folder_id:
            tx.record(PlaceFreed(user_id=before.assignee_id, inbox_id=before.inbox_id))
        leave(tx, before.id, before.inbox_id, before.folder_id, before.status, before.state)
        arrive(tx, after.id, after.inbox_id, after.folder_id, after.status, after.state)
    await tx.write(_set(tuple(sorted(changes))), conversation_id=before.id, **changes)
    if before.organization_id is not None and "user_updated_at" in changes:
        await organizations.interacted(tx, before.organization_id, changes["user_updated_at"])
    if after.assignee_id != before.assignee_id:
        tx.record(ConversationAssigned(conversation_id=before.id, before=before.assignee_id, after=after.assignee_id))
    if after.status is not before.status:
        tx.record(ConversationStatusChanged(conversation_id=before.id, before=before.status, after=after.status))
    return after


async def settle_and_tell(
    tx: Transaction,
    before: Held,
    action: str,
    text: str,
    *,
    entities: dict[str, int] | None = None,
    user_id: int | None = None,
    takes_back: bool = False,
    fields: dict[int, str] | None = None,
    **changes: Any,
) -> Held:
    """The same, with a line item: what was done, without who ("set the status to Active"); an ``Untold`` one does not count.
    ``user_id`` did it, if not the actor. One that takes a change of status back turns nothing itself; ``fields`` are values
    that were dropped by it."""
    counted = {} if action in set(Untold) else {"thread_total": before.thread_total + 1}
    after = await settle(tx, before, **counted, **changes)
    turns = after.status is not before.status and not takes_back
    line_item = {
        **NO_THREAD,
        "conversation_id": after.id,
        "type": ThreadType.LINE_ITEM,
        "status": ThreadStatus(after.status.value) if turns else ThreadStatus.NO_CHANGE,
        "state": ThreadState.PUBLISHED,
        "action_type": action,
        "action_text": text,
        "action_entities": entities,
        "source_type": source_type(tx.actor),
        "source_via": Via.USER,
        "customer_id": after.customer_id,
        "created_by_user_id": user_id or tx.actor.user_id or None,
        "assignee_id": after.assignee_id,
        "created_at": tx.now,
        "before": before_of(before, fields) if turns or fields is not None else None,
    }
    await tx.insert(ADD_THREAD, **line_item)
    return after


def several(names: list[str]) -> str:
    """Names as a line item has them, the first of many."""
    return ", ".join(names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")


def before_of(it: Held, fields: dict[int, str] | None = None) -> Before:
    """What an entry takes the place of."""
    return Before(**{name: getattr(it, name) for name in Before.__struct_fields__[:-1]}, fields=fields or {})


def source_type(actor: Actor) -> str:
    """Where something comes from that did not come by mail (contract 10 §2.2): ``web`` is somebody in a browser."""
    if actor.kind is ActorKind.WORKFLOW:
        return "workflows"
    return "web" if actor.kind is ActorKind.USER and actor.application_id is None else "api"


def closing(tx: Transaction, it: Held, status: Status, *, user_id: int | None = None) -> dict[str, Any]:
    """The columns of a new status: closing says who and when, and from then on the customer no longer waits."""
    if status is it.status:
        return {}
    if status is not Status.CLOSED:
        return {"status": status, "closed_at": None}
    closed_by = user_id or tx.actor.user_id or it.closed_by
    return {"status": status, "closed_at": tx.now, "closed_by": closed_by, "waiting_since": tx.now}


def person(tx: Transaction) -> int:
    """The user who acts, for what belongs to one. Raises Forbidden for the desk itself."""
    if tx.actor.kind is not ActorKind.USER:
        raise Forbidden("Only people can do this")
    return tx.actor.user_id


async def newest_preview(tx: Transaction, conversation_id: int) -> dict[str, Any]:
    """The column of the preview, read anew from the newest thread that customers see; without one it is empty."""
    newest = await tx.first(NEWEST_SAID, conversation_id=conversation_id)
    return {"preview": preview(plain_text((newest.body or "")[: newest.quoted_at])) if newest else ""}


async def home(
    tx: Transaction,
    *,
    inbox_id: int,
    status: Status,
    state: ConversationState,
    assignee_id: int | None,
    snoozed_until: Any = None,
    scheduled_for: Any = None,
) -> Home:
    """The folder where a conversation in that condition lies."""
    type_, owner = home_folder(
        state=state,
        status=status,
        assignee_id=assignee_id,
        assigned_to_team=assignee_id is not None and await users.is_team(tx, assignee_id),
        snoozed=snoozed_until is not None,
        scheduled=scheduled_for is not None,
    )
    return await folder(tx, inbox_id, type_, owner)


async def folder(tx: Transaction, inbox_id: int, type_: FolderType, owner_id: int) -> Home:
    """An inbox's folder; made when it is first needed."""
    found = await tx.first(FOLDER, inbox_id=inbox_id, type=type_, user_id=owner_id)
    if found is None:
        await tx.write(ADD_FOLDER, inbox_id=inbox_id, type=type_, user_id=owner_id, updated_at=tx.now)
        found = await tx.one(FOLDER, inbox_id=inbox_id, type=type_, user_id=owner_id)
    return found


def arrive(
    tx: Transaction, conversation_id: int, inbox_id: int, folder_id: int, status: Status, state: ConversationState
) -> None:
    """Count a conversation where it now is."""
    _place(tx, conversation_id, inbox_id, folder_id, status, state, 1)


def leave(
    tx: Transaction, conversation_id: int, inbox_id: int, folder_id: int, status: Status, state: ConversationState
) -> None:
    """Count a conversation no longer where it was."""
    _place(tx, conversation_id, inbox_id, folder_id, status, state, -1)


def _place(
    tx: Transaction,
    conversation_id: int,
    inbox_id: int,
    folder_id: int,
    status: Status,
    state: ConversationState,
    change: int,
) -> None:
    shelf = status.value if state is ConversationState.PUBLISHED else state.value
    tx.count(shelf_count(inbox_id, shelf), change, spread=conversation_id)
    tx.count(folder_count(folder_id, status.value), change, spread=conversation_id)
