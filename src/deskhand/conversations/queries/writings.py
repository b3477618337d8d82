"""What somebody is writing: its text is for them alone, that they are writing for everybody who sees the conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, func, literal, or_, select

from deskhand.conversations.model import ConversationState, ThreadState, ThreadType, Writing
from deskhand.conversations.queries import one
from deskhand.conversations.tables import conversations, threads, writing_files, writings
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot, Transaction


class Place(Struct, frozen=True):
    """Where somebody writes: in a conversation, or in an inbox that gets a new one."""

    kind: Writing
    conversation_id: int | None = None
    inbox_id: int | None = None


class Written(Struct, frozen=True):
    """What somebody is writing; instants are UTC.

    ``assignee_id`` is None for the inbox's rule, 0 for nobody. ``based_on`` is the newest thread when it was begun.
    ``version`` grows with each saving, and is never one of an earlier writing in the same place.
    """

    id: int
    user_id: int
    kind: Writing
    conversation_id: int | None
    inbox_id: int | None
    body: str
    subject: str
    to: list[str]
    cc: list[str]
    bcc: list[str]
    after_status: str | None
    assignee_id: int | None
    based_on: int | None
    version: int
    began_at: datetime
    saved_at: datetime


class WritingFile(Struct, frozen=True):
    """A file that is to go along; ``blob`` is the key of its bytes."""

    id: int
    writing_id: int
    filename: str
    mime_type: str
    size_bytes: int
    width: int
    height: int
    blob: str


class Writer(Struct, frozen=True):
    """Somebody who is writing something; instants are UTC."""

    user_id: int
    kind: Writing
    began_at: datetime
    saved_at: datetime


w = writings.c
_written = select(*(w[name] for name in Written.__struct_fields__))
_mine = w.user_id == param("user_id")
_in_conversation = w.conversation_id == param("conversation_id")
_answer = _written.where(_in_conversation, _mine, w.kind == param("kind"))
_beginning = _written.where(w.inbox_id == param("inbox_id"), _mine)
ANSWER, LOCK_ANSWER = read(_answer, Written), read(_answer.with_for_update(), Written)
BEGINNING, LOCK_BEGINNING = read(_beginning, Written), read(_beginning.with_for_update(), Written)
MINE = read(_written.where(_in_conversation, _mine).order_by(w.kind), Written)
OF_CONVERSATION = read(_written.where(_in_conversation).order_by(w.id), Written)
WRITERS = read(
    select(*(w[name] for name in Writer.__struct_fields__)).where(_in_conversation).order_by(w.user_id, w.kind), Writer
)
_seen = or_(
    any_of(w.inbox_id, "inbox_ids"),
    and_(any_of(conversations.c.inbox_id, "inbox_ids"), conversations.c.state != literal(ConversationState.DELETED.value)),
)
_own = _written.select_from(writings.outerjoin(conversations, conversations.c.id == w.conversation_id)).where(_mine, _seen)
OWN = read(_own.order_by(w.saved_at.desc(), w.id.desc()).limit(param("most")).offset(param("skip")), Written)
OWN_COUNT = read(select(func.count()).select_from(_own.subquery()), int)
AMONG = read(select(w.conversation_id).where(any_of(w.conversation_id, "ids"), _mine).distinct(), int)
FILES = read(
    select(*(writing_files.c[name] for name in WritingFile.__struct_fields__))
    .where(any_of(writing_files.c.writing_id, "ids"))
    .order_by(writing_files.c.id),
    WritingFile,
)
NEWEST = read(
    select(threads.c.id)
    .where(
        threads.c.conversation_id == param("conversation_id"),
        threads.c.type != literal(ThreadType.LINE_ITEM.value),
        threads.c.state != literal(ThreadState.DRAFT.value),
    )
    .order_by(threads.c.created_at.desc(), threads.c.id.desc())
    .limit(1),
    int,
)


async def see(view: Snapshot, place: Place) -> None:
    """Raises NotFound unless the actor sees the place."""
    if place.conversation_id is not None:
        await one.get(view, place.conversation_id)
    else:
        await inboxes.get(view, place.inbox_id or 0)


async def find(view: Snapshot, place: Place) -> Written | None:
    """What the actor is writing in a place that was looked at with ``see``, or None; in an operation it is locked."""
    locks, user_id = isinstance(view, Transaction), view.actor.user_id
    if place.conversation_id is None:
        return await view.first(LOCK_BEGINNING if locks else BEGINNING, inbox_id=place.inbox_id, user_id=user_id)
    whose = {"conversation_id": place.conversation_id, "user_id": user_id, "kind": place.kind}
    return await view.first(LOCK_ANSWER if locks else ANSWER, **whose)


async def mine(view: Snapshot, conversation_id: int) -> list[Written]:
    """What the actor is writing in a conversation that was looked at, by kind."""
    return await view.all(MINE, conversation_id=conversation_id, user_id=view.actor.user_id)


async def among(view: Snapshot, conversation_ids: list[int]) -> list[int]:
    """In which of some conversations the actor is writing something."""
    if not conversation_ids:
        return []
    return await view.all(AMONG, ids=conversation_ids, user_id=view.actor.user_id)


async def get(view: Snapshot, place: Place) -> Written:
    """The same in a place that was not looked at. Raises NotFound for the place, or without anything."""
    await see(view, place)
    found = await find(view, place)
    if found is None:
        raise NotFound("Not found")
    return found


async def files(view: Snapshot, ids: list[int]) -> list[WritingFile]:
    """The files of some writings, in the order they came."""
    return await view.all(FILES, ids=ids) if ids else []


async def newest_thread(view: Snapshot, conversation_id: int | None) -> int | None:
    """The id of what was said last in a conversation, or None."""
    if conversation_id is None:
        return None
    return await view.first(NEWEST, conversation_id=conversation_id)


async def writers(view: Snapshot, conversation_id: int) -> list[Writer]:
    """Who is writing in a conversation, by user. Raises NotFound."""
    await one.get(view, conversation_id)
    return await view.all(WRITERS, conversation_id=conversation_id)


async def own(view: Snapshot, number: int, size: int) -> tuple[list[Written], int]:
    """Page ``number`` (from 1) of what the actor is writing where they still see it, the last saved first; how many in all."""
    total = await count_own(view)
    return await view.all_slowly(OWN, **_whose(view), most=size, skip=(number - 1) * size), total


async def count_own(view: Snapshot) -> int:
    """How many the same are."""
    return await view.one(OWN_COUNT, **_whose(view))


def _whose(view: Snapshot) -> dict[str, Any]:
    return {"user_id": view.actor.user_id, "inbox_ids": list(view.actor.inbox_ids)}
