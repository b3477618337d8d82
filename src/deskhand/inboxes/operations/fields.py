"""Custom fields of an inbox."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import delete, insert, update

from deskhand.inboxes import queries
from deskhand.inboxes.model import (
    FIELD_TYPES,
    LONGEST_FIELD_NAME,
    MOST_FIELDS,
    MOST_OPTIONS,
    SHORT_CHARACTERS,
    CustomField,
    CustomFieldCreated,
    CustomFieldDeleted,
    CustomFieldUpdated,
)
from deskhand.inboxes.tables import custom_field_options, custom_fields
from deskhand.kernel.errors import Code, Conflict, Invalid, Mistake, NotFound
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import any_of, param, write
from deskhand.kernel.transaction import Transaction

ADD_FIELD = write(
    insert(custom_fields)
    .values({name: param(name) for name in ("inbox_id", "name", "type", "position", "required")})
    .returning(custom_fields.c.id)
)
_field, _option = custom_fields.c.id == param("field_id"), custom_field_options.c.id == param("option_id")
CHANGE_FIELD = write(update(custom_fields).where(_field).values(name=param("name"), required=param("required")))
PLACE_FIELD = write(update(custom_fields).where(_field).values(position=param("position")))
DELETE_FIELD = write(delete(custom_fields).where(_field))
ADD_OPTION = write(insert(custom_field_options).values({name: param(name) for name in ("field_id", "position", "label")}))
CHANGE_OPTION = write(update(custom_field_options).where(_option).values(position=param("position"), label=param("label")))
DELETE_OPTIONS = write(delete(custom_field_options).where(any_of(custom_field_options.c.id, "ids")))


class Choice(Struct, frozen=True):
    """A choice of a dropdown as it is to be; ``id`` is None for another one."""

    id: int | None
    label: str


async def create_field(
    tx: Transaction, inbox_id: int, name: str, type_: str, *, required: bool = False, options: list[str] | None = None
) -> int:
    """Give an inbox another custom field, behind those it has; its id.

    Raises Forbidden, NotFound, Invalid("name", "type", "options"), Conflict when it has 200.
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await queries.get(tx, inbox_id)
    if type_ not in FIELD_TYPES:
        raise Invalid("type", "Expected one of these: " + ", ".join(f"'{each}'" for each in FIELD_TYPES))
    choices = [Choice(None, label) for label in options or []]
    _check(name, choices)
    before = await queries.fields(tx, inbox_id)
    if len(before) >= MOST_FIELDS:
        raise Conflict(f"An inbox may have {MOST_FIELDS} custom fields at most")
    position = max((each.position for each in before), default=0) + 1
    field_id = await tx.insert(
        ADD_FIELD, inbox_id=inbox_id, name=name.strip(), type=type_, position=position, required=required
    )
    for place, choice in enumerate(choices, start=1):
        await tx.write(ADD_OPTION, field_id=field_id, position=place, label=choice.label.strip())
    tx.record(CustomFieldCreated(inbox_id=inbox_id, field_id=field_id))
    return field_id


async def change_field(
    tx: Transaction, inbox_id: int, field_id: int, name: str, *, required: bool, choices: Sequence[Choice] = ()
) -> None:
    """Call a field otherwise; of a dropdown these are its choices, in order: one that is missing goes, from conversations too.

    Raises Forbidden, NotFound, Invalid("name", "options").
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    field = await _get(tx, inbox_id, field_id)
    choices = choices if field.type == "dropdown" else ()
    _check(name, choices)
    had = {each.id for each in field.options}
    kept = {each.id for each in choices if each.id is not None}
    if not kept <= had:
        raise Invalid("options", "must be choices of this field")
    await tx.write(CHANGE_FIELD, field_id=field_id, name=name.strip(), required=required)
    for place, choice in enumerate(choices, start=1):
        if choice.id is None:
            await tx.write(ADD_OPTION, field_id=field_id, position=place, label=choice.label.strip())
        else:
            await tx.write(CHANGE_OPTION, option_id=choice.id, position=place, label=choice.label.strip())
    removed = sorted(had - kept)
    if removed:
        await tx.write(DELETE_OPTIONS, ids=removed)
    tx.record(CustomFieldUpdated(inbox_id=inbox_id, field_id=field_id, removed=tuple(removed)))


async def order_fields(tx: Transaction, inbox_id: int, field_ids: list[int]) -> None:
    """Put an inbox's fields in an order; those that are not named follow. Raises Forbidden, NotFound."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await queries.get(tx, inbox_id)
    fields = await queries.fields(tx, inbox_id)
    wanted = [each for each in dict.fromkeys(field_ids) if each in {field.id for field in fields}]
    wanted += [each.id for each in fields if each.id not in wanted]
    for position, field_id in enumerate(wanted, start=1):
        await tx.write(PLACE_FIELD, field_id=field_id, position=position)
    for field_id in wanted[:1]:
        tx.record(CustomFieldUpdated(inbox_id=inbox_id, field_id=field_id, removed=()))


async def delete_field(tx: Transaction, inbox_id: int, field_id: int) -> None:
    """Take a field from an inbox, with what stands in it on conversations. Raises Forbidden, NotFound."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await _get(tx, inbox_id, field_id)
    await tx.write(DELETE_FIELD, field_id=field_id)
    tx.record(CustomFieldDeleted(inbox_id=inbox_id, field_id=field_id))


async def _get(tx: Transaction, inbox_id: int, field_id: int) -> CustomField:
    await queries.get(tx, inbox_id)
    for each in await queries.fields(tx, inbox_id):
        if each.id == field_id:
            return each
    raise NotFound("Not found")


def _check(name: str, choices: Sequence[Choice]) -> None:
    mistakes = []
    if not 1 <= len(name.strip()) <= LONGEST_FIELD_NAME:
        mistakes.append(Mistake("name", f"size must be between 1 and {LONGEST_FIELD_NAME}", Code.SIZE, name[:300]))
    labels = [each.label.strip() for each in choices]
    if len(labels) > MOST_OPTIONS:
        mistakes.append(Mistake("options", f"there may be {MOST_OPTIONS} choices at most", Code.SIZE))
    elif any(not 1 <= len(each) <= SHORT_CHARACTERS for each in labels):
        mistakes.append(Mistake("options", f"each must have 1 to {SHORT_CHARACTERS} characters", Code.SIZE))
    elif len(set(labels)) < len(labels):
        mistakes.append(Mistake("options", "each must be there once"))
    if mistakes:
        raise Invalid.all(mistakes)
