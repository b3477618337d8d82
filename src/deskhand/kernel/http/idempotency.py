"""``Idempotency-Key`` on a POST: the same key and request have one effect and one answer, for a day.

The answer is stored in the transaction of what it answers, so it is there exactly if that is. A refusal changed nothing
and is not kept: the key is free again. An addition of ours; clients of the vendor send no such header.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

from litestar.types import Scope
from msgspec import Struct
from sqlalchemy import delete, insert, select

from deskhand.kernel import tables
from deskhand.kernel.errors import Code, Conflict, Invalid, Mistake, Source
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.permissions import Actor
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.transaction import Transaction

KEPT = timedelta(hours=24)
LONGEST = 255
HEADER = b"idempotency-key"
REPLAYED = (b"idempotent-replayed", b"true")

answers = tables.kept_answers


class Key(Struct, frozen=True):
    """Who asked under which key, as one hash, and what was asked, as another."""

    key: bytes
    request: bytes


class Kept(Struct, frozen=True):
    """An answer that was given; ``headers`` are pairs in latin-1."""

    request: bytes
    status: int
    content_type: str
    headers: list[tuple[str, str]]
    body: bytes


FIND = read(
    select(*(answers.c[name] for name in Kept.__struct_fields__)).where(
        answers.c.key == param("key"), answers.c.created_at > param("since")
    ),
    Kept,
)
KEEP = write(insert(answers).values({name: param(name) for name in ("key", *Kept.__struct_fields__, "created_at")}))
FORGET = write(delete(answers).where(answers.c.created_at <= param("since")))


def key_of(scope: Scope, actor: Actor, body: bytes) -> Key | None:
    """The key of a request, None without the header. Raises Invalid("Idempotency-Key") above 255 characters or empty."""
    text = next((value for name, value in scope["headers"] if name == HEADER), None)
    if text is None:
        return None
    if not 1 <= len(text) <= LONGEST:
        told = f"size must be between 1 and {LONGEST}"
        raise Invalid.all([Mistake("Idempotency-Key", told, Code.SIZE, source=Source.HEADER)])
    asker = f"{actor.application_id} {actor.user_id} ".encode()
    asked = b"\n".join((scope["path"].rstrip("/").encode(), scope["query_string"], body))
    return Key(hashlib.sha256(asker + text).digest(), hashlib.sha256(asked).digest())


def once(key: Key, work: Callable[[Transaction], Awaitable[Answer]]) -> Callable[[Transaction], Awaitable[Answer]]:
    """The work of a request under a key: done and kept, or answered as it was the first time.

    Raises Conflict for another request under the same key. Two at once meet at the key's row: one waits or comes again.
    """

    async def run(tx: Transaction) -> Answer:
        since = tx.instant - KEPT
        kept = await tx.first(FIND, key=key.key, since=since)
        if kept is not None:
            return _again(kept, key)
        await tx.write(FORGET, since=since)
        answer = await work(tx)
        await tx.write(
            KEEP,
            key=key.key,
            request=key.request,
            status=answer.status,
            content_type=answer.content_type.decode("latin-1"),
            headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers],
            body=answer.body,
            created_at=tx.instant,
        )
        return answer

    return run


def _again(kept: Kept, key: Key) -> Answer:
    if kept.request != key.request:
        raise Conflict("This Idempotency-Key came with another request before")
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in kept.headers]
    return Answer(kept.status, kept.body, kept.content_type.encode("latin-1"), [*headers, REPLAYED])
