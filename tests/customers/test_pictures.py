"""Whose letters show pictures of other hosts without asking."""

from __future__ import annotations

from deskhand.customers.queries.pictures import allowed
from tests.customers.facts import create, facts
from tests.given import Client, Given


async def test_pictures_are_allowed_and_blocked_and_told_once(client: Client, given: Given) -> None:
    customer_id = await create(client)
    here = f"/deskhand/v1/customers/{customer_id}/pictures"
    for method in ("PUT", "PUT", "DELETE", "DELETE", "PUT"):
        assert (await client.request(method, here)).status_code == 204
    assert (await client.put("/deskhand/v1/customers/999999/pictures")).status_code == 404
    async with given.read() as view:
        assert await allowed(view, {customer_id, 999999}) == {customer_id}
    told = [(name, body) for name, body in await facts(given) if name.startswith("CustomerPictures")]
    assert told == [(f"CustomerPictures{each}", {"customer_id": customer_id}) for each in ("Allowed", "Blocked", "Allowed")]
