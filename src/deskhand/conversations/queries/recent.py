"""The recent conversations: where whoever asks for the newest of something that is common finds a page of it, at little cost.

Every shelf of an inbox has at most ``MOST`` of them, and one has as many, so that neither a large desk nor many inboxes make
them many. In the order of when they began they stand before all others. Where no shelf is large, all are soon looked at and
counted.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select, union_all

from deskhand.conversations.model import Status, shelf_count
from deskhand.conversations.queries.lists import BEGAN_SINCE, MOST_BRANCHES
from deskhand.conversations.tables import conversations, threads
from deskhand.kernel.storage.statements import Read, param, read, shaped
from deskhand.kernel.transaction import Snapshot

MOST = 1000
LARGE = 10_000
c = conversations.c


class Recent(Struct, frozen=True):
    """When the first of them began, and the lowest ids among them and their threads."""

    since: datetime
    first_conversation: int
    first_thread: int


class _Lowest(Struct, frozen=True):
    conversation: int | None
    thread: int | None


_recent = BEGAN_SINCE.cte("recent").prefix_with("MATERIALIZED")
_first_thread = select(func.min(threads.c.id)).where(threads.c.conversation_id.in_(select(_recent.c.id))).scalar_subquery()
LOWEST = read(select(func.min(_recent.c.id), _first_thread), _Lowest)


async def find(view: Snapshot) -> Recent | None:
    """The recent ones of all inboxes that the actor sees, of each status; None where no shelf is large."""
    places = {shelf_count(inbox, each): (inbox, each.value) for inbox in view.actor.inbox_ids for each in Status}
    counted = await view.counts(list(places))
    full = [places[name] for name, count in counted.items() if count > MOST]
    if max(counted.values(), default=0) <= LARGE or len(full) > MOST_BRANCHES:
        return None
    edges = {f"p{at}": inbox_id for at, (inbox_id, _) in enumerate(full)} | {
        f"s{at}": shelf for at, (_, shelf) in enumerate(full)
    }
    (since,) = await view.all(_edge(len(full)), **edges, most=MOST)
    ids, statuses = list(view.actor.inbox_ids), [each.value for each in Status]
    (lowest,) = await view.all_slowly(LOWEST, inbox_ids=ids, shelves=statuses, since=since)
    return Recent(since, lowest.conversation or 0, lowest.thread or 0)


@shaped
def _edge(branches: int) -> Read[datetime]:
    """The latest moment behind which a shelf has as many as are wanted."""
    parts = [
        select(c.created_at)
        .where(c.inbox_id == param(f"p{at}"), c.shelf == param(f"s{at}"))
        .order_by(c.created_at.desc(), c.id.desc())
        .limit(1)
        .offset(param("most"))
        .subquery()
        for at in range(branches)
    ]
    edges = union_all(*(select(part.c.created_at) for part in parts)).subquery()
    return read(select(func.max(edges.c.created_at)), datetime)
