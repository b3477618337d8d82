"""Lists by id, highest first, that go on where the last one ended (contract 00 §14): nothing is skipped and nothing counted,
so the thousandth page costs what the first does."""

from __future__ import annotations

from typing import Any

from msgspec import structs
from sqlalchemy import select, union_all

from deskhand.conversations.model import shelf_count
from deskhand.conversations.queries.lists import (
    MOST_BRANCHES,
    Filter,
    Key,
    Sorting,
    c,
    conditions,
    narrows,
    rows,
    shelves,
)
from deskhand.conversations.queries.records import Conversation
from deskhand.kernel.storage.statements import Read, param, read, shaped
from deskhand.kernel.transaction import Snapshot

HIGHEST = 2**63 - 1
BY_ID = Sorting(None)


async def run_down(view: Snapshot, it: Filter, most: int) -> list[Conversation]:
    """Up to ``most`` conversations of a list of what the actor may see, below ``it.before_id``."""
    inbox_ids = [each for each in it.inbox_ids if view.actor.sees_inbox(each)]
    if not inbox_ids or not it.statuses:
        return []
    branches: list[tuple[int, str]] = []
    if it.folder is None and not narrows(structs.replace(it, before_id=None)):
        places = {shelf_count(inbox, status): (inbox, status.value) for inbox in inbox_ids for status in it.statuses}
        # An empty shelf needs no branch.
        branches = [places[name] for name, count in (await view.counts(list(places))).items() if count > 0]
        if not branches:
            return []
    if 0 < len(branches) <= MOST_BRANCHES:
        ids = await _run(view, branches, it.before_id or HIGHEST, most)
    else:
        ids = await _collect(view, it, inbox_ids, most)
    return await rows(view, ids)


async def _run(view: Snapshot, branches: list[tuple[int, str]], before_id: int, most: int) -> list[int]:
    values: dict[str, Any] = {"before_id": before_id, "most": most}
    for position, (inbox_id, shelf) in enumerate(branches):
        values[f"p{position}"], values[f"s{position}"] = inbox_id, shelf
    return await view.all(_running(len(branches)), **values)


@shaped
def _running(branches: int) -> Read[int]:
    """The highest ids of each shelf of an inbox by its index, merged."""
    parts = [
        select(c.id)
        .where(c.inbox_id == param(f"p{position}"), c.shelf == param(f"s{position}"), c.id < param("before_id"))
        .order_by(c.id.desc())
        .limit(param("most"))
        .subquery()
        for position in range(branches)
    ]
    merged = union_all(*(select(part.c.id) for part in parts)).subquery() if branches > 1 else parts[0]
    return read(select(merged.c.id).order_by(merged.c.id.desc()).limit(param("most")), int)


async def _collect(view: Snapshot, it: Filter, inbox_ids: list[int], most: int) -> list[int]:
    shape, builders, values = conditions(it)
    statuses = [status.value for status in it.statuses]
    values |= {"inbox_ids": inbox_ids, "shelves": shelves(it), "statuses": statuses, "most": most}
    key = Key(shape, builders, None, BY_ID)
    return await view.all_slowly(_collecting(key), **values)


@shaped
def _collecting(key: Key) -> Read[int]:
    """The highest ids of what matches."""
    return read(select(c.id).where(key.where()).order_by(c.id.desc()).limit(param("most")), int)
