"""What tests look at beside answers: the facts about organizations, and what is kept of one."""

from __future__ import annotations

from typing import Any

import msgspec

from deskhand.organizations import queries
from deskhand.organizations.queries import Activity
from tests.customers.facts import EVENTS
from tests.given import Client, Given


async def facts(given: Given) -> list[tuple[str, dict[str, Any]]]:
    """Every fact about organizations so far, oldest first."""
    async with given.read() as view:
        found = await view.all(EVENTS)
    return [(each.type, msgspec.json.decode(each.body)) for each in found if each.type.startswith("Organization")]


async def activity(given: Given, organization_id: int) -> Activity:
    """The kept counts and the last interaction."""
    async with given.read() as view:
        return await queries.activity(view, organization_id)


async def counts(given: Given, organization_id: int) -> tuple[int, int]:
    """How many members and conversations."""
    found = await activity(given, organization_id)
    return found.customer_count, found.conversation_count


async def create(client: Client, **fields: Any) -> int:
    """An organization made over HTTP; its id."""
    made = await client.post("/v2/organizations", json=fields)
    assert made.status_code == 201, made.text
    return int(made.headers["resource-id"])


async def show(client: Client, organization_id: int, **asked: str) -> dict[str, Any]:
    """An organization over HTTP."""
    found = await client.get(f"/v2/organizations/{organization_id}", params=asked)
    assert found.status_code == 200, found.text
    body: dict[str, Any] = found.json()
    return body


async def members(client: Client, organization_id: int) -> list[int]:
    """The ids of the members on the first page; the total must be theirs."""
    body = (await client.get(f"/v2/organizations/{organization_id}/customers")).json()
    ids = [each["id"] for each in body.get("_embedded", {"customers": []})["customers"]]
    assert len(ids) == min(body["page"]["totalElements"], body["page"]["size"])
    return ids
