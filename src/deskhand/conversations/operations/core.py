"""What every change of a conversation shares: its row, its folder, the kept counts, and line items that tell of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from deskhand.conversations.model import (
    ConversationState,
    FolderType,
    Status,
    ThreadState,
    ThreadStatus,
    ThreadType,
    Via,
    folder_count,
    home_folder,
    shelf_count,
)
from deskhand.conversations.queries.records import Conversation
from deskhand.conversations.tables import conversations, folders, threads
from deskhand.kernel.permissions import ActorKind
from deskhand.kernel.storage.statements import Write, param, read, shaped, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries as users

_folder = upsert(folders).values({name: param(name) for name in ("inbox_id", "type", "user_id", "updated_at")})
ADD_FOLDER = write(_folder.on_conflict_do_nothing(index_elements=["inbox_id", "type", "user_id"]))
FOLDER = read(
    select(folders.c.id).where(
        folders.c.inbox_id == param("inbox_id"),
        folders.c.type == param("type"),
        folders.c.user_id == param("user_id"),
    ),
    int,
)
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

PLACED_BY = ("inbox_id", "status", "state", "assignee_id", "snoozed_until", "scheduled_for")


@shaped
def _set(names: tuple[str, ...]) -> Write[int]:
    """An UPDATE of these columns of one conversation."""
    return write(
        update(conversations)
        .where(conversations.c.id == param("conversation_id"))
        .values({name: param(name) for name in names})
    )


async def settle(tx: Transaction, before: Conversation, **changes: Any) -> None:
    """Change a conversation's columns, and with them its folder, the kept counts and when it was modified."""
    changes.setdefault("user_updated_at", tx.now)
    changes["modified_at"] = tx.instant
    placed = {name: changes.get(name, getattr(before, name)) for name in PLACED_BY}
    if any(placed[name] != getattr(before, name) for name in PLACED_BY):
        changes["folder_id"] = folder_id = await home(tx, **placed)
        leave(tx, before.id, before.inbox_id, before.folder_id, before.status, before.state)
        arrive(tx, before.id, placed["inbox_id"], folder_id, placed["status"], placed["state"])
    await tx.write(_set(tuple(sorted(changes))), conversation_id=before.id, **changes)


async def home(
    tx: Transaction,
    *,
    inbox_id: int,
    status: Status,
    state: ConversationState,
    assignee_id: int | None,
    snoozed_until: Any = None,
    scheduled_for: Any = None,
) -> int:
    """The id of the folder where a conversation in that condition lies."""
    type_, owner = home_folder(
        state=state,
        status=status,
        assignee_id=assignee_id,
        assigned_to_team=assignee_id is not None and await users.is_team(tx, assignee_id),
        snoozed=snoozed_until is not None,
        scheduled=scheduled_for is not None,
    )
    return await folder(tx, inbox_id, type_, owner)


async def folder(tx: Transaction, inbox_id: int, type_: FolderType, owner_id: int) -> int:
    """The id of an inbox's folder; made when it is first needed."""
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


async def tell(
    tx: Transaction,
    it: Conversation,
    action: str,
    text: str,
    *,
    status: ThreadStatus = ThreadStatus.NO_CHANGE,
    entities: dict[str, int] | None = None,
    user_id: int | None = None,
    assignee_id: int | None = None,
) -> int:
    """Add a line item: what was done, without who ("set the status to Active"); its id."""
    thread = {
        **NO_THREAD,
        "conversation_id": it.id,
        "type": ThreadType.LINE_ITEM,
        "status": status,
        "state": ThreadState.PUBLISHED,
        "action_type": action,
        "action_text": text,
        "action_entities": entities,
        "source_type": "workflows" if tx.actor.kind is ActorKind.WORKFLOW else "api",
        "source_via": Via.USER,
        "customer_id": it.customer_id,
        "created_by_user_id": user_id or tx.actor.user_id or it.closed_by,
        "assignee_id": assignee_id or it.assignee_id,
        "created_at": tx.now,
    }
    thread_id = await tx.insert(ADD_THREAD, **thread)
    await tx.write(COUNT_THREAD, conversation_id=it.id, counted=0)
    return thread_id


COUNT_THREAD = write(
    update(conversations)
    .where(conversations.c.id == param("conversation_id"))
    .values(
        thread_total=conversations.c.thread_total + 1,
        thread_count=conversations.c.thread_count + param("counted"),
    )
)


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
