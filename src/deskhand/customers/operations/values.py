"""The values of a customer's properties (contract 51 §6)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete as delete_from

from deskhand.customers.model import NewValue, PropertySource, SetValue
from deskhand.customers.operations.core import editable, settle
from deskhand.customers.tables import customer_values
from deskhand.kernel.errors import Invalid, Mistake
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner, shown, value_of

_value = upsert(customer_values).values(
    {name: param(name) for name in ("customer_id", "property_id", "value", "option_id", "source")}
)
SET = write(
    _value.on_conflict_do_update(
        index_elements=["customer_id", "property_id"],
        set_={name: _value.excluded[name] for name in ("value", "option_id", "source")},
    )
)
CLEAR = write(
    delete_from(customer_values).where(
        customer_values.c.customer_id == param("customer_id"), customer_values.c.property_id == param("property_id")
    )
)


async def change(
    tx: Transaction, customer_id: int, changes: Sequence[NewValue], *, source: PropertySource = PropertySource.API
) -> None:
    """Set and take away values in order, all or none.

    Raises NotFound, Forbidden, Invalid naming each unknown property and wrong value. Source: Mailbox API 2.0, "Update
    Customer Properties".
    """
    before = await editable(tx, customer_id)
    await keep(tx, customer_id, await check(tx, changes), source)
    await settle(tx, before)


async def check(view: Snapshot, given: Sequence[NewValue]) -> list[SetValue]:
    """What would be stored. Raises Invalid with every mistake."""
    defined = {each.slug: each for each in await properties.all_of(view, Owner.CUSTOMER)} if given else {}
    found, mistakes = [], []
    for each in given:
        definition = defined.get(each.slug)
        if definition is None:
            mistakes.append(Mistake(each.slug_path, "is not a property", rejected=each.slug[:300]))
            continue
        try:
            found.append(SetValue(definition.id, value_of(definition, each.value)))
        except ValueError as error:
            mistakes.append(Mistake(each.path, str(error), rejected=shown(each.value)))
    if mistakes:
        raise Invalid.all(mistakes)
    return found


async def keep(tx: Transaction, customer_id: int, checked: Sequence[SetValue], source: PropertySource) -> None:
    """Store what was checked."""
    for each in checked:
        here = {"customer_id": customer_id, "property_id": each.property_id}
        if each.value is None:
            await tx.write(CLEAR, **here)
        else:
            await tx.write(SET, **here, value=each.value.text, option_id=each.value.option_id, source=source)
