"""Two customers who are one person become one. The vendor tells of no way over the API: an addition of ours."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import select, update

from deskhand.customers.model import CustomersMerged, Gender, NewEntry, PhotoType, erasure_key
from deskhand.customers.operations.conversing import count_conversations
from deskhand.customers.operations.core import ADD_ENTRY, content, remove_entry, settle
from deskhand.customers.operations.erasing import remove
from deskhand.customers.queries import one
from deskhand.customers.queries.one import Customer, Entry
from deskhand.customers.tables import customer_inboxes, customer_values
from deskhand.kernel.errors import Invalid, NotFound, Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.tables import jobs
from deskhand.kernel.transaction import Transaction

ALONE = ("job_title", "location", "age", "gender", "address")
TOGETHER = (("first_name", "last_name"), ("photo_url", "photo_type"), *((each,) for each in ALONE))
"""What is filled in from the other customer where there is nothing; names go together, and so does a photo with its type."""


class Held(Struct, frozen=True):
    """How many conversations a customer has in an inbox."""

    inbox_id: int
    conversations: int


_theirs = customer_values.alias()
_has = select(_theirs.c.property_id).where(_theirs.c.customer_id == param("into"))
BRING_VALUES = write(
    update(customer_values)
    .where(customer_values.c.customer_id == param("customer_id"), customer_values.c.property_id.not_in(_has))
    .values(customer_id=param("into"))
    .returning(customer_values.c.property_id),
    int,
)
HELD = read(
    select(customer_inboxes.c.inbox_id, customer_inboxes.c.conversations)
    .where(customer_inboxes.c.customer_id == param("customer_id"))
    .order_by(customer_inboxes.c.inbox_id),
    Held,
)
IS_ERASED = read(select(jobs.c.id).where(any_of(jobs.c.key, "keys")).limit(1), int)


async def merge(tx: Transaction, customer_id: int, *, into: int) -> None:
    """Give another customer everything of this one, who is no more then; there is no undo.

    What is known of the other wins; notes (the background) of both are kept. That the actor sees all of this one's
    conversations is for the room of conversations to ask. Raises NotFound, Forbidden, Invalid("into") for the same one, Unmet
    while one is being erased.
    """
    if customer_id == into:
        raise Invalid("into", "is the same customer", rejected=into)
    held = {each.id: each for each in await tx.all(one.LOCK_SEVERAL, ids=[customer_id, into])}
    if len(held) < 2:
        raise NotFound("Not found")
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    # Else what somebody asked to be forgotten would live on under another name.
    if await tx.first(IS_ERASED, keys=[erasure_key(each) for each in held]) is not None:
        raise Unmet("One of the two customers is being erased")

    loser, survivor = held[customer_id], held[into]
    came, entries = await _bring_entries(tx, loser.id, survivor.id)
    properties = await tx.returning(BRING_VALUES, customer_id=loser.id, into=survivor.id)
    filled = _filled(loser, survivor)
    await settle(tx, survivor, came=came, **filled)
    for each in await tx.all(HELD, customer_id=loser.id):
        for side, change in sorted([(loser.id, -each.conversations), (survivor.id, each.conversations)]):
            await count_conversations(tx, side, change, inbox_id=each.inbox_id)
    tx.record(
        CustomersMerged(
            customer_id=survivor.id,
            gone_id=loser.id,
            entries=tuple(entries),
            properties=tuple(sorted(properties)),
            filled=tuple(sorted(filled)),
        )
    )
    await tx.finish_now()  # what other rooms have of them points at the other before the row goes
    await remove(tx, loser.id)


async def _bring_entries(tx: Transaction, customer_id: int, into: int) -> tuple[list[NewEntry], list[int]]:
    """Add the entries of one customer that another lacks to that one's; they, and their ids. Behind those that are there: the
    first address stays the first."""
    there = await one.entries_of(tx, [customer_id, into])
    known = {_key(each) for each in there.get(into, [])}
    came, ids = [], []
    for each in there.get(customer_id, []):
        await remove_entry(tx, each)
        if _key(each) not in known:
            new = NewEntry(each.kind, each.type, each.value)
            came.append(new)
            ids.append(await tx.insert(ADD_ENTRY, customer_id=into, kind=new.kind, **content(new)))
    return came, ids


def _key(entry: Entry) -> tuple[str, str]:
    return entry.kind.value, entry.value.strip().lower()


def _filled(loser: Customer, survivor: Customer) -> dict[str, Any]:
    """The columns of a customer that were empty, or get longer, with what is known of another."""
    filled: dict[str, Any] = {}
    for names in TOGETHER:
        if not any(_known(survivor, name) for name in names):
            filled |= {name: getattr(loser, name) for name in names if _known(loser, name)}
    if survivor.organization is None and loser.organization is not None:
        filled |= {"organization": loser.organization, "organization_id": loser.organization_id}
    if loser.background and loser.background != survivor.background:
        filled["background"] = "\n\n".join(each for each in (survivor.background, loser.background) if each)
    return filled


def _known(customer: Customer, name: str) -> bool:
    value = getattr(customer, name)
    return value is not None and value is not Gender.UNKNOWN and value is not PhotoType.UNKNOWN
