"""Tags are made by being used, and changed by who manages the account."""

from __future__ import annotations

from sqlalchemy import delete, insert, update

from deskhand.kernel.errors import Code, Conflict, Invalid, Mistake
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import next_in_line, param, write
from deskhand.kernel.transaction import Transaction
from deskhand.tags import queries
from deskhand.tags.model import COLORS, LONGEST, TagCreated, TagDeleted, TagUpdated, count_name, slug_of
from deskhand.tags.tables import tags

COLUMNS = ("name", "slug", "color", "created_at", "updated_at")
ADD = write(
    insert(tags)
    .values({name: param(name) for name in COLUMNS} | {"id": next_in_line(tags.c.id, "tags_id_seq", behind=1)})
    .returning(tags.c.id)
)

_this = tags.c.id == param("tag_id")
CHANGE = write(update(tags).where(_this).values({name: param(name) for name in ("name", "slug", "color", "updated_at")}))
DELETE = write(delete(tags).where(_this))


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


async def change(tx: Transaction, tag_id: int, name: str, color: str) -> None:
    """Call a tag otherwise wherever it is, or give it another colour. What is so already changes nothing.

    Raises NotFound, Forbidden, Invalid("name", "color"), Conflict when another tag is called so.
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    before = await tx.one(queries.ONE, tag_id=tag_id)
    name = name.strip().lower()
    mistakes = []
    if not 1 <= len(name) <= LONGEST:
        mistakes.append(Mistake("name", f"size must be between 1 and {LONGEST}", Code.SIZE, name[:300]))
    elif "," in name:
        mistakes.append(Mistake("name", "must not contain a comma", Code.INVALID, name))
    if color not in COLORS:
        mistakes.append(Mistake("color", f"must be one of {', '.join(COLORS)}", Code.ENUM_VALUE, color[:300]))
    if mistakes:
        raise Invalid.all(mistakes)
    if (before.name, before.color) == (name, color):
        return
    if any(each.id != tag_id for each in await tx.all(queries.NAMED, names=[name])):
        raise Conflict("There is another tag with this name: merge the two instead")
    await tx.write(CHANGE, tag_id=tag_id, name=name, slug=slug_of(name), color=color, updated_at=tx.now)
    tx.record(TagUpdated(tag_id=tag_id))


async def forget(tx: Transaction, tag_id: int, *, into: int | None = None) -> None:
    """Remove a tag that is on no conversation any more; see ``conversations.operations.tagging``."""
    count = (await tx.counts([count_name(tag_id)]))[count_name(tag_id)]
    tx.count(count_name(tag_id), -count)
    await tx.write(DELETE, tag_id=tag_id)
    tx.record(TagDeleted(tag_id=tag_id, into=into))


__all__ = ["change", "count_name", "create", "ensure", "forget"]
