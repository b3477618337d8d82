"""Reading tags; they belong to the account, so everybody with a token sees them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select

from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.search.patterns import escaped
from deskhand.tags.model import count_name
from deskhand.tags.tables import tags


class Tag(Struct, frozen=True):
    """A tag; ``color`` is a word."""

    id: int
    name: str
    slug: str
    color: str
    created_at: datetime
    updated_at: datetime


COLUMNS = [tags.c[name] for name in Tag.__struct_fields__]
ONE = read(select(*COLUMNS).where(tags.c.id == param("tag_id")), Tag)
NAMED = read(select(*COLUMNS).where(any_of(tags.c.name, "names")), Tag)
LISTED = read(select(*COLUMNS).order_by(tags.c.name, tags.c.id).limit(param("most")).offset(param("skip")), Tag)
_begin = tags.c.name.like(param("pattern"), escape="\\")
BEGINNING = read(select(tags.c.name).where(_begin).order_by(tags.c.name).limit(param("most")), str)
TOTAL = read(select(func.count()).select_from(tags), int)


async def get(view: Snapshot, tag_id: int) -> tuple[Tag, int]:
    """A tag and how many conversations carry it. Raises NotFound."""
    found = await view.one(ONE, tag_id=tag_id)
    name = count_name(tag_id)
    return found, (await view.counts([name]))[name]


async def page(view: Snapshot, number: int, size: int) -> tuple[list[tuple[Tag, int]], int]:
    """A page of tags by name, each with how many conversations carry it, and how many tags there are."""
    found = await view.all(LISTED, most=size, skip=(number - 1) * size)
    counts = await view.counts([count_name(each.id) for each in found])
    return [(each, counts[count_name(each.id)]) for each in found], await view.one(TOTAL)


async def beginning(view: Snapshot, start: str, most: int) -> list[str]:
    """Names of tags that begin so, in any case, by name."""
    return await view.all(BEGINNING, pattern=f"{escaped(start.lower())}%", most=most)
