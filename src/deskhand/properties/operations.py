"""Defining properties (contract 51 §3, §5). What follows for values is the database's doing: they go with their option."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import delete as delete_from
from sqlalchemy import insert, update

from deskhand.kernel.errors import Conflict, Invalid
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import any_of, param, write
from deskhand.kernel.transaction import Transaction
from deskhand.properties import queries
from deskhand.properties.model import (
    MOST_PROPERTIES,
    NewOption,
    NewProperty,
    Option,
    Owner,
    Property,
    PropertyCreated,
    PropertyDeleted,
    PropertyType,
    PropertyUpdated,
)
from deskhand.properties.tables import properties, property_options

ADD = write(
    insert(properties)
    .values({name: param(name) for name in ("owner", "slug", "type", "name", "created_at")})
    .returning(properties.c.id)
)
RENAME = write(update(properties).where(properties.c.id == param("property_id")).values(name=param("name")))
DELETE = write(delete_from(properties).where(properties.c.id == param("property_id")))
ADD_OPTION = write(insert(property_options).values({name: param(name) for name in ("property_id", "key", "label", "position")}))
SET_OPTION = write(
    update(property_options)
    .where(property_options.c.id == param("option_id"))
    .values(label=param("label"), position=param("position"))
)
DROP_OPTIONS = write(delete_from(property_options).where(any_of(property_options.c.id, "ids")))


async def create(tx: Transaction, owner: Owner, new: NewProperty) -> int:
    """Define a property; its id. Raises Forbidden, Conflict for a slug that is taken, Invalid("slug") for the 51st.

    Source: Mailbox API 2.0, "Create Customer Property" and "Create Organization Property".
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if await tx.all(queries.ONE, owner=owner, slug=new.slug):
        raise Conflict(f"There is a property with the slug {new.slug}")
    if await tx.one(queries.COUNT, owner=owner) >= MOST_PROPERTIES:
        raise Invalid("slug", f"there may be {MOST_PROPERTIES} properties at most")
    property_id = await tx.insert(ADD, owner=owner, slug=new.slug, type=new.type, name=new.name, created_at=tx.now)
    if new.type is PropertyType.DROPDOWN:
        await _offer(tx, property_id, [], new.options)
    tx.record(PropertyCreated(property_id=property_id, owner=owner))
    return property_id


async def change(
    tx: Transaction, owner: Owner, slug: str, *, name: str | None = None, options: tuple[NewOption, ...] | None = None
) -> None:
    """Give a property another name, or a dropdown other options; what is None stays. Slug and type are for ever.

    An option keeps its values if it is named by its key, or by its label. Raises NotFound, Forbidden. Source: Mailbox API
    2.0, "Update Organization Property".
    """
    it = await queries.locked(tx, owner, slug)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if name is not None:
        await tx.write(RENAME, property_id=it.id, name=name)
    if options is not None and it.type is PropertyType.DROPDOWN:
        await _offer(tx, it.id, it.options, options)
    tx.record(PropertyUpdated(property_id=it.id, owner=owner))


async def delete(tx: Transaction, owner: Owner, slug: str) -> None:
    """Remove a property with all its values. Raises NotFound, Forbidden. Source: contract 51 §3."""
    it: Property = await queries.locked(tx, owner, slug)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await tx.write(DELETE, property_id=it.id)
    tx.record(PropertyDeleted(property_id=it.id, owner=owner))


async def _offer(tx: Transaction, property_id: int, before: list[Option], wanted: tuple[NewOption, ...]) -> None:
    """Make the options of a dropdown these, in this order."""
    rest = list(before)
    kept: dict[int, Option] = {}
    for position, new in enumerate(wanted):
        found = next((each for each in rest if (each.key == new.key if new.key else each.label == new.label)), None)
        if found is not None:
            rest.remove(found)
            kept[position] = found
    await tx.write(DROP_OPTIONS, ids=[each.id for each in rest])
    for position, new in enumerate(wanted):
        if position in kept:
            await tx.write(SET_OPTION, option_id=kept[position].id, label=new.label, position=position)
        else:
            key = new.key or str(uuid4())
            await tx.write(ADD_OPTION, property_id=property_id, key=key, label=new.label, position=position)
