"""What a test looks at beside answers: the facts that were recorded, and what the full-text index finds."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import select

from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.tables import customers
from deskhand.kernel.storage.fulltext import Word, Words, fold
from deskhand.kernel.storage.statements import matching, read
from deskhand.kernel.tables import events
from tests.given import Client, Given


class Fact(Struct):
    """A stored event."""

    type: str
    body: bytes


EVENTS = read(select(events.c.type, events.c.body).order_by(events.c.id), Fact)
FOUND = read(select(customers.c.id).where(matching(customers.c.id, CUSTOMER_TEXT.name, "words")).order_by(customers.c.id), int)


async def facts(given: Given) -> list[tuple[str, dict[str, Any]]]:
    """Every fact about customers so far, oldest first."""
    async with given.read() as view:
        found = await view.all(EVENTS)
    return [(each.type, msgspec.json.decode(each.body)) for each in found if each.type.startswith("Customer")]


async def found_by(given: Given, text: str) -> list[int]:
    """The customers whose full text has all of these words."""
    async with given.read() as view:
        return await view.all(FOUND, words=Words(tuple(Word(each) for each in fold(text))))


async def create(client: Client, **fields: Any) -> int:
    """A customer made over HTTP; its id."""
    made = await client.post("/v2/customers", json=fields or {"firstName": "Ada"})
    assert made.status_code == 201, made.text
    return int(made.headers["resource-id"])


async def show(client: Client, customer_id: int) -> dict[str, Any]:
    """A customer over HTTP."""
    found = await client.get(f"/v2/customers/{customer_id}")
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


def mistakes(answer: Any) -> dict[str, str]:
    """Message by path of a 400."""
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/vnd.error+json"
    return {each["path"]: each["message"] for each in answer.json()["_embedded"]["errors"]}
