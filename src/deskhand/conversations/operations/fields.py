"""Custom field values of a conversation (contract 10 §9)."""

from __future__ import annotations

from sqlalchemy import delete, insert

from deskhand.conversations.model import FieldsChanged, Untold
from deskhand.conversations.operations.core import settle_and_tell, several
from deskhand.conversations.queries import one
from deskhand.conversations.queries.lists import value_key
from deskhand.conversations.tables import conversation_fields
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import CustomField, CustomFieldUpdated, value_mistake
from deskhand.kernel.errors import Invalid, Mistake
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import any_of, param, write
from deskhand.kernel.transaction import Transaction

ADD = write(
    insert(conversation_fields).values({name: param(name) for name in ("conversation_id", "field_id", "value", "value_key")})
)
FORGET = write(delete(conversation_fields).where(conversation_fields.c.conversation_id == param("conversation_id")))

FORGET_CHOICES = write(
    delete(conversation_fields).where(
        conversation_fields.c.field_id == param("field_id"), any_of(conversation_fields.c.value_key, "keys")
    )
)


async def set_fields(tx: Transaction, conversation_id: int, values: list[tuple[int, str]]) -> None:
    """Set all custom fields at once: what is not listed is removed, and so is an empty value.

    Raises NotFound, Forbidden, Invalid("fields[0].id" or "fields[0].value"). Source: Mailbox API 2.0, "Update Custom
    Fields".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    wanted = await checked(tx, it.inbox_id, values)
    filled = await tx.all(one.FIELDS, ids=[it.id])
    had = {each.id: each.value for each in filled}
    if had == wanted:
        return
    await forget_fields(tx, it.id)
    await add_fields(tx, it.id, wanted)
    names = {each.id: each.name for each in [*filled, *await tx.all(one.FIELDS, ids=[it.id])]}
    changed = [name for field_id, name in names.items() if had.get(field_id) != wanted.get(field_id)]
    told = f"changed the {'field' if len(changed) == 1 else 'fields'} {several(changed)}"
    await settle_and_tell(tx, it, Untold.FIELDS, told)
    tx.record(FieldsChanged(conversation_id=it.id))


async def checked(tx: Transaction, inbox_id: int, values: list[tuple[int, str]]) -> dict[int, str]:
    """The values by field id, without empty ones. Raises Invalid with every mistake."""
    if not values:
        return {}
    defined: dict[int, CustomField] = {each.id: each for each in await inboxes.fields(tx, inbox_id)}
    mistakes: list[Mistake] = []
    wanted: dict[int, str] = {}
    for index, (field_id, value) in enumerate(values):
        definition = defined.get(field_id)
        if definition is None:
            mistakes.append(Mistake(f"fields[{index}].id", "is not a field of this inbox", rejected=field_id))
        elif value and (problem := value_mistake(definition, value)):
            mistakes.append(Mistake(f"fields[{index}].value", problem, rejected=value[:300]))
        elif value:
            wanted[field_id] = value
    if mistakes:
        raise Invalid.all(mistakes)
    return wanted


async def add_fields(tx: Transaction, conversation_id: int, values: dict[int, str]) -> None:
    """Store values that were checked."""
    for field_id, value in values.items():
        key = value_key(value)
        await tx.write(ADD, conversation_id=conversation_id, field_id=field_id, value=value, value_key=key)


async def forget_fields(tx: Transaction, conversation_id: int) -> None:
    """Remove every value."""
    await tx.write(FORGET, conversation_id=conversation_id)


async def forget_choices(tx: Transaction, event: CustomFieldUpdated) -> None:
    """Where a choice stood that is no more, nothing stands."""
    if event.removed:
        await tx.write(FORGET_CHOICES, field_id=event.field_id, keys=[value_key(str(each)) for each in event.removed])
