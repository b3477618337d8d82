"""Tags are made by being used."""

from __future__ import annotations

from sqlalchemy import insert

from deskhand.kernel.errors import Code, Invalid, Mistake
from deskhand.kernel.storage.statements import next_in_line, param, write
from deskhand.kernel.transaction import Transaction
from deskhand.tags import queries
from deskhand.tags.model import LONGEST, TagCreated, count_name, slug_of
from deskhand.tags.tables import tags

COLUMNS = ("name", "slug", "color", "created_at", "updated_at")
ADD = write(
    insert(tags)
    .values({name: param(name) for name in COLUMNS} | {"id": next_in_line(tags.c.id, "tags_id_seq", behind=1)})
    .returning(tags.c.id)
)


async def ensure(tx: Transaction, names: list[str], path: str) -> list[int]:
    """The ids of tags by name, without duplicates, in the order given; unknown ones are made.

    Names are trimmed and lower-cased, 1 to 60 characters, without commas. Raises Invalid(f"{path}[0]").
    """
    if not names:
        return []
    wanted: dict[str, int] = {}
    mistakes = []
    for at, name in enumerate(names):
        plain = name.strip().lower()
        if not 1 <= len(plain) <= LONGEST:
            mistakes.append(Mistake(f"{path}[{at}]", f"size must be between 1 and {LONGEST}", Code.SIZE, name[:300]))
        elif "," in plain:
            mistakes.append(Mistake(f"{path}[{at}]", "must not contain a comma", Code.INVALID, name))
        else:
            wanted[plain] = 0
    if mistakes:
        raise Invalid.all(mistakes)
    for tag in await tx.all(queries.NAMED, names=list(wanted)):
        wanted[tag.name] = tag.id
    for name, tag_id in wanted.items():
        if not tag_id:
            wanted[name] = await create(tx, name)
    return list(wanted.values())


async def create(tx: Transaction, name: str, *, color: str = "none") -> int:
    """Make a tag of a name that is trimmed, lower-case and not taken; its id."""
    tag_id = await tx.insert(ADD, name=name, slug=slug_of(name), color=color, created_at=tx.now, updated_at=tx.now)
    tx.record(TagCreated(tag_id=tag_id))
    return tag_id


__all__ = ["count_name", "create", "ensure"]
