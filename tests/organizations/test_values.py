"""The values of an organization's properties (contract 51 §4)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.kernel.permissions import Role
from deskhand.properties.model import Owner, PropertyType
from tests.customers.facts import mistakes
from tests.given import Client, Given
from tests.organizations.facts import facts, show


@pytest.fixture
async def nimbus(given: Given) -> int:
    """An organization, and a property of each type."""
    await given.property(Owner.ORGANIZATION, "seats", PropertyType.NUMBER)
    await given.property(Owner.ORGANIZATION, "industry", PropertyType.DROPDOWN, "Retail", "Finance")
    await given.property(Owner.ORGANIZATION, "founded", PropertyType.DATE)
    await given.property(Owner.ORGANIZATION, "shop", PropertyType.URL)
    await given.property(Owner.ORGANIZATION, "motto", PropertyType.TEXT)
    return await given.organization("Nimbus Bikes")


async def put(client: Client, organization_id: int, slug: str, value: Any) -> Any:
    return await client.put(f"/v2/organizations/{organization_id}/properties/{slug}", json={"value": value})


async def values(client: Client, organization_id: int) -> dict[str, str]:
    found = (await show(client, organization_id, includeProperties="true"))["properties"]
    return {each["slug"]: each["value"] for each in found}


async def test_values_are_texts_with_what_they_mean(client: Client, given: Given, nimbus: int) -> None:
    for slug, value in (("founded", "2020-01-15"), ("industry", "Retail"), ("seats", "25")):
        answer = await put(client, nimbus, slug, value)
        assert (answer.status_code, answer.content) == (204, b"")

    body = await show(client, nimbus, includeProperties="true")

    first = body["properties"][0]["definitionId"]
    assert body["properties"] == [
        {"definitionId": first, "slug": "seats", "name": "seats", "type": "number", "value": "25"},
        {
            "definitionId": first + 1,
            "slug": "industry",
            "name": "industry",
            "type": "dropdown",
            "value": "Retail",
            "options": [{"label": "Retail"}, {"label": "Finance"}],
        },
        {"definitionId": first + 2, "slug": "founded", "name": "founded", "type": "date", "value": "2020-01-15"},
    ]
    assert list(body["properties"][1]) == ["definitionId", "slug", "name", "type", "value", "options"]
    assert "properties" not in await show(client, nimbus)
    assert (await facts(given))[1:] == [("OrganizationUpdated", {"organization_id": nimbus})] * 3


async def test_a_value_is_replaced_and_cleared(client: Client, nimbus: int) -> None:
    await put(client, nimbus, "industry", "Retail")
    await put(client, nimbus, "industry", "Finance")
    await put(client, nimbus, "motto", "Ride")
    assert await values(client, nimbus) == {"industry": "Finance", "motto": "Ride"}

    cleared = await client.delete(f"/v2/organizations/{nimbus}/properties/industry")

    assert (cleared.status_code, cleared.content) == (204, b"")
    assert (await client.delete(f"/v2/organizations/{nimbus}/properties/industry")).status_code == 204
    assert (await put(client, nimbus, "motto", "")).status_code == 204
    assert await values(client, nimbus) == {}


async def test_a_number_of_json_is_taken(client: Client, nimbus: int) -> None:
    assert (await put(client, nimbus, "seats", 12.5)).status_code == 204
    assert await values(client, nimbus) == {"seats": "12.5"}


@pytest.mark.parametrize(
    ("slug", "value"),
    [
        ("seats", "many"),
        ("seats", True),
        ("industry", "retail"),
        ("founded", "15.01.2020"),
        ("shop", "not a host"),
        ("motto", "x" * 256),
        ("motto", "a\0"),
        ("motto", {"text": "Ride"}),
    ],
)
async def test_a_wrong_value_is_refused(client: Client, nimbus: int, slug: str, value: Any) -> None:
    assert set(mistakes(await put(client, nimbus, slug, value))) == {"value"}

    assert await values(client, nimbus) == {}


async def test_the_body_must_have_a_value(client: Client, nimbus: int) -> None:
    there = f"/v2/organizations/{nimbus}/properties/motto"

    assert set(mistakes(await client.put(there, json={}))) == {"value"}
    assert (await client.put(there, json="Ride")).status_code == 400
    assert (await client.get(there)).status_code == 405


async def test_an_unknown_organization_or_property_is_not_found(client: Client, nimbus: int) -> None:
    assert (await put(client, nimbus + 1, "motto", "Ride")).status_code == 404
    assert (await put(client, nimbus, "color", "Ride")).status_code == 404
    assert (await put(client, nimbus, "a%00b", "Ride")).status_code == 404
    assert (await client.delete(f"/v2/organizations/{nimbus}/properties/color")).status_code == 404


async def test_values_outlive_an_overwriting_but_not_their_option_property_or_organization(
    client: Client, given: Given, nimbus: int
) -> None:
    for slug, value in (("industry", "Retail"), ("motto", "Ride"), ("seats", "3")):
        await put(client, nimbus, slug, value)

    await client.put(f"/v2/organizations/{nimbus}", json={"name": "Nimbus"})
    assert await values(client, nimbus) == {"industry": "Retail", "motto": "Ride", "seats": "3"}
    sent = {"name": "Industry", "options": [{"label": "Finance"}]}
    await client.put("/v2/organizations/properties/industry", json=sent)
    assert await values(client, nimbus) == {"motto": "Ride", "seats": "3"}
    await client.delete("/v2/organizations/properties/motto")
    assert await values(client, nimbus) == {"seats": "3"}
    await client.delete(f"/v2/organizations/{nimbus}")
    assert (await client.delete("/v2/organizations/properties/seats")).status_code == 204


async def test_who_may_not_edit_customers_sets_nothing(given: Given, nimbus: int) -> None:
    async with given.client(await given.user("Lou", role=Role.LIGHT_USER)) as client:
        assert (await put(client, nimbus, "motto", "Ride")).status_code == 403
        assert (await client.delete(f"/v2/organizations/{nimbus}/properties/motto")).status_code == 403
    async with given.client(await given.user()) as client:
        assert (await put(client, nimbus, "motto", "Ride")).status_code == 204
