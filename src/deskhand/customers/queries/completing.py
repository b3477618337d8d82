"""Whom somebody means who began to type a name or an address."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import select

from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.model import EntryKind
from deskhand.customers.queries import one
from deskhand.customers.queries.one import ROWS
from deskhand.customers.tables import customers
from deskhand.kernel.storage.fulltext import Word, Words, fold
from deskhand.kernel.storage.statements import matching, read
from deskhand.kernel.transaction import Snapshot

LOOKED_AT = 50
SHORTEST = 2
BEGIN_SO = read(
    select(customers.c.id)
    .where(matching(customers.c.id, CUSTOMER_TEXT.name, "words"))
    .order_by(customers.c.id.desc())
    .limit(LOOKED_AT),
    int,
)


class Addressee(Struct, frozen=True):
    """A customer by one of their addresses; ``name`` may be empty."""

    customer_id: int
    name: str
    email: str


async def beginning_with(view: Snapshot, text: str, most: int) -> list[Addressee]:
    """Customers whose name or address has words that begin as those of a text, among the newest; of fewer than two letters
    nobody."""
    words = fold(text)
    if len("".join(words)) < SHORTEST:
        return []
    asked = Words(tuple(Word(each, prefix=at == len(words) - 1) for at, each in enumerate(words)))
    ids = await view.all_slowly(BEGIN_SO, words=asked)
    people = {each.id: each for each in await view.all(ROWS, ids=ids)} if ids else {}
    found = []
    for customer_id, entries in (await one.entries_of(view, list(people))).items():
        it = people[customer_id]
        name = f"{it.first_name or ''} {it.last_name or ''}".strip()
        addresses = [each.value for each in entries if each.kind is EntryKind.EMAIL]
        found += [Addressee(customer_id, name, each) for each in addresses if _is_meant(words, name, each)]
    return sorted(found, key=lambda each: (not each.name, each.name.lower(), each.email))[:most]


def _is_meant(words: list[str], name: str, email: str) -> bool:
    """Whether each word begins one of the name or of the address; for a customer may be found by another of their addresses."""
    known = fold(f"{name} {email}")
    return all(any(each.startswith(word) for each in known) for word in words)
