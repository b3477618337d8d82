"""The address of a customer (contract 50 §6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.customers.facts import create, facts, mistakes, show
from tests.given import Client, Given

ADDRESS: dict[str, Any] = {
    "city": "Lisbon",
    "lines": ["Rua A 1", "2 Esq"],
    "state": "LX",
    "postalCode": "1000-001",
    "country": "PT",
}


async def test_an_address_lives_from_creation_to_deletion(client: Client, given: Given) -> None:
    customer_id = await create(client)
    here = f"/v2/customers/{customer_id}/address"
    assert (await client.get(here)).status_code == 404

    made = await client.post(here, json=ADDRESS)
    assert (made.status_code, made.content) == (201, b"")
    assert made.headers["location"] == f"https://desk.test{here}"
    assert "resource-id" not in made.headers
    found = (await client.get(f"{here}/")).json()
    assert found == {**ADDRESS, "_links": {"self": {"href": f"https://desk.test{here}"}}}
    assert list(found)[:-1] == ["city", "lines", "state", "postalCode", "country"]
    assert (await show(client, customer_id))["_embedded"]["address"] == ADDRESS

    assert (await client.post(here, json=ADDRESS)).status_code == 409
    only_country = {"city": None, "lines": None, "state": None, "postalCode": None, "country": "es"}
    assert (await client.put(here, json=only_country)).status_code == 204
    assert (await show(client, customer_id))["_embedded"]["address"] == {"lines": [], "country": "ES"}

    assert (await client.delete(here)).status_code == 204
    assert (await client.delete(here)).status_code == 404
    assert "address" not in (await show(client, customer_id))["_embedded"]
    assert (await facts(given))[1:] == [("CustomerUpdated", {"customer_id": customer_id})] * 3


async def test_replacing_makes_an_address_where_there_is_none(client: Client) -> None:
    here = f"/v2/customers/{await create(client)}/address"

    assert (await client.put(here, json={"country": "PT"})).status_code == 204
    assert (await client.get(here)).json()["country"] == "PT"


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_country_is_required(client: Client, method: str) -> None:
    here = f"/v2/customers/{await create(client)}/address"

    for body in ({}, {"city": "Lisbon", "country": None}, {"country": " "}):
        assert mistakes(await client.request(method, here, json=body)) == {"country": "may not be empty"}
    refused = await client.request(method, here, json={"country": "Portugal"})
    assert mistakes(refused) == {"country": "must be a two-letter ISO 3166-1 country code"}


async def test_parts_have_a_longest(client: Client) -> None:
    here = f"/v2/customers/{await create(client)}/address"
    too_long = {"city": "x" * 101, "state": "x" * 101, "postalCode": "x" * 16, "lines": ["x" * 101], "country": "PT"}

    assert mistakes(await client.put(here, json=too_long)) == {
        "city": "size must be between 0 and 100",
        "state": "size must be between 0 and 100",
        "postalCode": "size must be between 0 and 15",
        "lines[0]": "size must be between 0 and 100",
    }


async def test_an_unknown_customer_has_no_address(client: Client) -> None:
    here = "/v2/customers/7/address"

    answers = [
        await client.get(here),
        await client.post(here, json={"country": "PT"}),
        await client.put(here, json={"country": "PT"}),
        await client.delete(here),
    ]
    assert [each.status_code for each in answers] == [404] * 4
