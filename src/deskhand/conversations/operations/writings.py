"""What somebody is writing, kept as they type: nobody's word yet, and no thread of the conversation.

Beginning and ending are facts, savings between are not: the change feed tells what happened, not keystrokes.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType, structs
from sqlalchemy import delete, insert, select, update

from deskhand.conversations.model import FilesRefused, WritingBegan, WritingEnded
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.core import person
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.writings import Place, Written
from deskhand.conversations.tables import writing_files, writings
from deskhand.kernel.errors import Conflict, NotFound, Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.columns import to_microseconds
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Transaction

MOST_FILES = 50
AT_ONCE = 200


class Addressed(Struct, frozen=True):
    """To whom somebody is writing."""

    id: int
    to: list[str]
    cc: list[str]
    bcc: list[str]


w = writings.c
SAVED = ("body", "subject", "to", "cc", "bcc", "after_status", "assignee_id", "version", "saved_at")
BEGUN = ("user_id", "kind", "conversation_id", "inbox_id", "based_on", "began_at")
_whole = [w[name] for name in Written.__struct_fields__]
ADD = write(insert(writings).values({name: param(name) for name in (*BEGUN, *SAVED)}).returning(*_whole), Written)
_save = update(writings).where(w.id == param("writing_id")).values({name: param(name) for name in SAVED})
SAVE = write(_save.returning(*_whole), Written)
DROP = write(delete(writings).where(any_of(w.id, "ids")))
ANY = read(select(w.id).limit(1), int)
OLD = read(select(w.id).where(w.saved_at < param("before")).order_by(w.saved_at).limit(AT_ONCE), int)
OF_USER = read(select(w.id).where(w.user_id == param("user_id")).limit(AT_ONCE), int)
BEGINNINGS = read(select(w.id, w.to, w.cc, w.bcc).where(w.inbox_id.is_not(None)), Addressed)
_file = {name: param(name) for name in ("writing_id", *NewFile.__struct_fields__[:-1])}
ADD_FILE = write(insert(writing_files).values(_file).returning(writing_files.c.id))
DROP_FILE = write(delete(writing_files).where(writing_files.c.id == param("file_id")))
MOVE_FILES = write(update(writing_files).where(writing_files.c.writing_id == param("before")).values(writing_id=param("after")))
MOVE = write(update(writings).where(w.id == param("writing_id")).values(conversation_id=param("conversation_id")))
JOIN = write(update(writings).where(w.id == param("writing_id")).values(body=param("body"), version=w.version + 1))


class Typed(Struct, frozen=True, kw_only=True):
    """What was typed: HTML and recipients as they stand, finished or not. ``assign_to`` is an owner, None for nobody, absent
    for the inbox's rule."""

    body: str = ""
    subject: str = ""
    to: list[str] = []
    cc: list[str] = []
    bcc: list[str] = []
    after_status: str | None = None
    assign_to: int | None | UnsetType = UNSET


class Overtaken(Conflict):
    """Another device saved meanwhile: ``newer`` is what it left, None if that was sent or given up."""

    def __init__(self, newer: Written | None) -> None:
        super().__init__("It was saved elsewhere meanwhile" if newer else "It was sent or given up elsewhere meanwhile")
        self.newer = newer


async def keep(tx: Transaction, place: Place, typed: Typed, *, version: int | None) -> Written:
    """Save what the actor is writing in a place; how it is now. ``version`` is the one that was shown, None to begin.

    Raises NotFound, Forbidden, Overtaken when that is not the version there is.
    """
    await queries.see(tx, place)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    user_id = person(tx)
    before = await queries.find(tx, place)
    if (before.version if before else None) != version:
        raise Overtaken(before)

    # From the millisecond on, so that no version is one of something that was sent before.
    now = to_microseconds(tx.instant) // 1000
    assignee_id = None if typed.assign_to is UNSET else typed.assign_to or 0
    values = {name: getattr(typed, name) for name in ("body", "subject", "to", "cc", "bcc", "after_status")}
    values |= {"assignee_id": assignee_id, "version": max(now, (version or 0) + 1), "saved_at": tx.instant}
    if before is not None:
        (saved,) = await tx.returning(SAVE, writing_id=before.id, **values)
        return saved
    is_only = await tx.first(ANY) is None
    based_on = await queries.newest_thread(tx, place.conversation_id)
    begun = {"user_id": user_id, "based_on": based_on, "began_at": tx.instant} | structs.asdict(place)
    (saved,) = await tx.returning(ADD, **begun, **values)
    tx.record(WritingBegan(user_id, place.kind, place.conversation_id, place.inbox_id, is_only))
    return saved


async def drop(tx: Transaction, place: Place) -> None:
    """Give up what the actor is writing in a place, if they are. Raises NotFound for the place, Forbidden."""
    await queries.see(tx, place)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    it = await queries.find(tx, place)
    if it is not None:
        await end(tx, it, files_go=True)


async def end(tx: Transaction, it: Written, *, files_go: bool) -> None:
    """It is written no more: sent, so that its files are a thread's now, or given up."""
    if files_go:
        await _forget_files(tx, [it.id])
    await tx.write(DROP, ids=[it.id])
    tx.record(WritingEnded(it.user_id, it.kind, it.conversation_id, it.inbox_id))


async def attach(tx: Transaction, place: Place, file: NewFile) -> int:
    """Add a file to what the actor is writing; its id. Raises NotFound, Forbidden, Unmet for too many."""
    await queries.see(tx, place)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    it = await queries.get(tx, place)
    if len(await queries.files(tx, [it.id])) >= MOST_FILES:
        raise Unmet(f"There may be {MOST_FILES} files at most")
    values = {name: getattr(file, name) for name in NewFile.__struct_fields__[:-1]}
    return await tx.insert(ADD_FILE, writing_id=it.id, **values)


def content_id(file_id: int) -> str:
    """How a text that is being written names a picture among its files: ``cid:`` and this."""
    return f"{file_id}.writing@deskhand"


async def detach(tx: Transaction, place: Place, file_id: int) -> None:
    """Take a file away again; its bytes go a day later. Raises NotFound, Forbidden."""
    await queries.see(tx, place)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    it = await queries.get(tx, place)
    for each in await queries.files(tx, [it.id]):
        if each.id == file_id:
            await tx.write(DROP_FILE, file_id=file_id)
            tx.record(FilesRefused(blobs=(each.blob,), at=tx.instant))
            return
    raise NotFound("Not found")


async def clear(tx: Transaction, before: datetime) -> int:
    """Remove what was saved last before a moment, some hundreds at once; how many."""
    return await _forget(tx, await tx.all(OLD, before=before))


async def forget_user(tx: Transaction, user_id: int) -> int:
    """Remove what somebody who went was writing, some hundreds at once; how many."""
    return await _forget(tx, await tx.all(OF_USER, user_id=user_id))


async def forget_recipient(tx: Transaction, addresses: set[str]) -> None:
    """Remove what is being written to somebody in no conversation yet. ``addresses`` are in lower case."""
    gone = []
    for it in await tx.all(BEGINNINGS):
        written = " ".join(it.to + it.cc + it.bcc).lower()  # as typed: with or without a name before it
        if any(each in written for each in addresses):
            gone.append(it.id)
    await _forget(tx, gone)


async def join_writings(tx: Transaction, loser: int, survivor: int) -> None:
    """Of two conversations that become one: what somebody wrote to both stands below each other, nothing is lost."""
    there = {(each.user_id, each.kind): each for each in await tx.all(queries.OF_CONVERSATION, conversation_id=survivor)}
    for each in await tx.all(queries.OF_CONVERSATION, conversation_id=loser):
        other = there.get((each.user_id, each.kind))
        if other is None:
            await tx.write(MOVE, writing_id=each.id, conversation_id=survivor)
            continue
        await tx.write(JOIN, writing_id=other.id, body=f"{other.body}<hr>{each.body}")
        await tx.write(MOVE_FILES, before=each.id, after=other.id)
        await end(tx, each, files_go=False)


async def _forget(tx: Transaction, ids: list[int]) -> int:
    await _forget_files(tx, ids)
    return await tx.write(DROP, ids=ids) if ids else 0


async def _forget_files(tx: Transaction, ids: list[int]) -> None:
    blobs = tuple(sorted({each.blob for each in await queries.files(tx, ids)}))
    if blobs:
        tx.record(FilesRefused(blobs=blobs, at=tx.instant))
