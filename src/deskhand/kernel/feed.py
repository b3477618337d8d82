"""The change feed: every fact of the account in order, without a gap, from any place on.

A place is the id of an event. On PostgreSQL ids can be committed in another order than they were given, so nothing is
told before everything below it is there (``Database.settled_event``).
"""

from __future__ import annotations

import asyncio
from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from deskhand.kernel import tables
from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import Actor
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped

LOOK_SECONDS = 1.0  # so often a waiting reader looks for what other processes did

events = tables.events


class Fact(Struct, frozen=True):
    """A stored event: ``body`` is JSON, ``at`` UTC, ``actor_id`` 0 for the desk itself."""

    id: int
    type: str
    actor_kind: str
    actor_id: int
    at: datetime
    body: bytes


class Piece(Struct, frozen=True):
    """A piece of the feed, and the place to go on from."""

    facts: list[Fact]
    place: int


@shaped
def _from(*, of_types: bool) -> Read[Fact]:
    statement = select(*(events.c[name] for name in Fact.__struct_fields__)).where(
        events.c.id > param("after"), events.c.id <= param("upto")
    )
    if of_types:
        statement = statement.where(any_of(events.c.type, "types"))
    return read(statement.order_by(events.c.id).limit(param("most")), Fact)


async def end(desk: Desk) -> int:
    """The place behind everything that has happened."""
    return await desk.database.settled_event()


async def piece(desk: Desk, actor: Actor, after: int, most: int, types: list[str] | None) -> Piece:
    """At most so many facts behind a place, of these types only if some are given."""
    upto = await desk.database.settled_event()
    if upto <= after:
        return Piece([], after)
    async with desk.reading(actor) as view:
        statement = _from(of_types=types is not None)
        facts = await view.all_slowly(statement, after=after, upto=upto, most=most, types=types)
    return Piece(facts, facts[-1].id if len(facts) == most else upto)


async def wait(desk: Desk, actor: Actor, after: int, most: int, types: list[str] | None, seconds: float) -> Piece:
    """The same, but while there is nothing it waits, so long at most; less when the server ends."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        added = desk.facts_added
        found = await piece(desk, actor, after, most, types)
        left = deadline - asyncio.get_running_loop().time()
        if found.facts or left <= 0 or desk.closing:
            return found
        after = found.place
        try:
            await asyncio.wait_for(added.wait(), min(left, LOOK_SECONDS))
        except TimeoutError:
            pass
