"""An account as lines: everything as it is at one moment, while the desk is in use."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncGenerator, Iterator

from msgspec import Struct
from sqlalchemy import func, select

from deskhand.conversations.tables import attachments, threads, writing_files
from deskhand.kernel.blobs import Blobs
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound, Unmet
from deskhand.kernel.permissions import Actor, Permission
from deskhand.kernel.sealing import Seal, Unsealable
from deskhand.kernel.storage.numbers import remembers
from deskhand.kernel.storage.statements import Read, param, read
from deskhand.kernel.transaction import LongSnapshot, Snapshot
from deskhand.mail.tables import mail_received
from deskhand.migrations.version import NEWEST
from deskhand.moving.lines import FORMAT, PIECE_BYTES, End, Header, Kind, Number, Piece, encode, encode_all, kinds
from deskhand.users.tables import users

AT_ONCE = 50  # rows; few, because each may be a letter of a megabyte


class Key(Struct, frozen=True):
    """The key of a file; None when there is none."""

    key: str | None


NEXT_FILE: tuple[Read[Key], ...] = tuple(
    read(select(func.min(column)).where(column > param("after")), Key)
    for column in (attachments.c.blob, mail_received.c.blob, threads.c.source_blob, users.c.photo, writing_files.c.blob)
)


async def next_file(view: Snapshot, after: str) -> str | None:
    """The key of the next file that belongs to the account, in their order; None behind the last."""
    found = [(await view.one(each, after=after)).key for each in NEXT_FILE]
    return min((key for key in found if key is not None), default=None)


async def leave(desk: Desk, actor: Actor) -> AsyncGenerator[bytes, None]:
    """The file, in pieces of whole lines; secrets in it are in the clear.

    Raises Forbidden; Conflict while there is another export in this process; Unmet when a secret does not open or a
    file's bytes are lost. What came before is then of no use: the end is missing.
    """
    actor.must(Permission.MANAGE_ACCOUNT)
    checksum, counts = hashlib.sha256(), Counter[str]()
    async with desk.reading_at_length(actor) as view:
        async for lines in _everything(view, desk, counts):
            checksum.update(lines)
            yield lines
    yield _line(End(dict(counts), checksum.hexdigest()))


async def _everything(view: LongSnapshot, desk: Desk, counts: Counter[str]) -> AsyncGenerator[bytes, None]:
    yield _line(Header(FORMAT, NEWEST))
    for kind in kinds().values():
        async for rows in view.stream(kind.all, AT_ONCE):
            _open_secrets(kind, rows, desk.seal)
            counts[kind.name] += len(rows)
            yield encode_all(rows)
    for kind in kinds().values():
        if remembers(kind.table):
            counts["number"] += 1
            yield _line(Number(kind.name, await view.last_number(kind.table)))
    key = await next_file(view, "")
    while key is not None:
        for piece in _pieces(key, await _content(desk.blobs, key)):
            counts["piece"] += 1
            yield _line(piece)
        key = await next_file(view, key)


def _open_secrets(kind: Kind, rows: list[Struct], seal: Seal) -> None:
    for name, about in kind.sealed:
        for row in rows:
            of = about(row.id)  # type: ignore[attr-defined]
            try:
                setattr(row, name, seal.open(getattr(row, name), of))
            except Unsealable as error:
                raise Unmet(f"{of}: {error}; set a new secret, or the key it needs, and export again") from None


async def _content(blobs: Blobs, key: str) -> bytes:
    try:
        content = await blobs.get(key)
    except NotFound:
        content = b""
    if hashlib.sha256(content).hexdigest() != key:
        raise Unmet(f"the bytes of a file are lost or spoilt: {key}; put them back, or delete the attachment, and export again")
    return content


def _pieces(key: str, content: bytes) -> Iterator[Piece]:
    for offset in range(0, max(len(content), 1), PIECE_BYTES):
        yield Piece(key, len(content), offset, content[offset : offset + PIECE_BYTES])


def _line(it: Struct) -> bytes:
    return encode(it) + b"\n"
