"""The full-text indexes of what arrived, made as the rooms' own operations keep them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct
from sqlalchemy import select

from deskhand.conversations.indexes import SUBJECT_TEXT, THREAD_TEXT
from deskhand.conversations.model import ThreadState
from deskhand.conversations.operations import searching
from deskhand.conversations.tables import conversations, threads
from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.operations import core as customer_operations
from deskhand.customers.tables import customer_entries, customers
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.indexes import FullText
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Transaction

AT_ONCE = 500


class Text(Struct, frozen=True):
    """Something with a text."""

    id: int
    text: str | None


class Customer(Struct, frozen=True):
    """What a customer is found by, but for their entries."""

    id: int
    first_name: str | None
    last_name: str | None
    organization: str | None


class Entry(Struct, frozen=True):
    """An email address or a phone number."""

    customer_id: int
    value: str


THREADS = read(
    select(threads.c.id, threads.c.body)
    .where(threads.c.id > param("after"), threads.c.body.is_not(None), threads.c.state != ThreadState.DRAFT.value)
    .order_by(threads.c.id)
    .limit(AT_ONCE),
    Text,
)
SUBJECTS = read(
    select(conversations.c.id, conversations.c.subject)
    .where(conversations.c.id > param("after"))
    .order_by(conversations.c.id)
    .limit(AT_ONCE),
    Text,
)
CUSTOMERS = read(
    select(*(customers.c[name] for name in Customer.__struct_fields__))
    .where(customers.c.id > param("after"))
    .order_by(customers.c.id)
    .limit(AT_ONCE),
    Customer,
)
ENTRIES = read(
    select(customer_entries.c.customer_id, customer_entries.c.value)
    .where(any_of(customer_entries.c.customer_id, "customer_ids"), any_of(customer_entries.c.kind, "kinds"))
    .order_by(customer_entries.c.id),
    Entry,
)

Found = list[tuple[int, str]]


async def make_findable(tx: Transaction) -> None:
    """Write every full-text index of an account whose indexes are empty."""
    await _fill(tx, THREAD_TEXT, _threads)
    await _fill(tx, SUBJECT_TEXT, _subjects)
    await _fill(tx, CUSTOMER_TEXT, _customers)


async def _fill(tx: Transaction, index: FullText, some: Callable[[Transaction, int], Awaitable[Found]]) -> None:
    found = await some(tx, 0)
    while found:
        await tx.write_many(index.keep, [{"id": id_, "text": words} for id_, words in found])
        found = await some(tx, found[-1][0])


async def _threads(tx: Transaction, after: int) -> Found:
    return [(each.id, searching.words_of(each.text or "")) for each in await tx.all(THREADS, after=after)]


async def _subjects(tx: Transaction, after: int) -> Found:
    return [(each.id, indexable(each.text or "")) for each in await tx.all(SUBJECTS, after=after)]


async def _customers(tx: Transaction, after: int) -> Found:
    found = await tx.all(CUSTOMERS, after=after)
    values: dict[int, list[str]] = {each.id: [] for each in found}
    for entry in await tx.all(ENTRIES, customer_ids=list(values), kinds=customer_operations.FOUND_BY):
        values[entry.customer_id].append(entry.value)
    return [
        (each.id, customer_operations.words_of(each.first_name, each.last_name, each.organization, values[each.id]))
        for each in found
    ]
