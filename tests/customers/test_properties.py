"""The values of a customer's properties: set, read inside the customer, gone with them (contract 50 §4, 51 §6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from deskhand.customers.tables import customer_values
from deskhand.kernel.permissions import Role
from deskhand.kernel.storage.statements import read
from deskhand.properties.model import Owner, PropertyType
from tests.conftest import MovableClock
from tests.customers.facts import create, facts, mistakes, show
from tests.given import Client, Given

STORED = read(select(func.count()).select_from(customer_values), int)


@pytest.fixture(autouse=True)
async def properties(given: Given) -> None:
    """A property of each type."""
    await given.property(Owner.CUSTOMER, "plan", PropertyType.DROPDOWN, "Gold", "Tin")
    await given.property(Owner.CUSTOMER, "orders", PropertyType.NUMBER)
    await given.property(Owner.CUSTOMER, "since", PropertyType.DATE)
    await given.property(Owner.CUSTOMER, "blog", PropertyType.URL)
    await given.property(Owner.CUSTOMER, "motto", PropertyType.TEXT)


def op(word: str, path: str, *value: Any) -> dict[str, Any]:
    return {"op": word, "path": path, **({"value": value[0]} if value else {})}


async def patch(client: Client, customer_id: int, *changes: Any) -> Any:
    return await client.patch(f"/v2/customers/{customer_id}/properties", json=list(changes))


async def values(client: Client, customer_id: int) -> dict[str, str]:
    return {each["slug"]: each["text"] for each in (await show(client, customer_id))["_embedded"]["properties"]}


async def test_values_are_read_inside_the_customer(client: Client, given: Given, clock: MovableClock) -> None:
    ada = await create(client)
    before = await show(client, ada)
    tin = (await client.get("/v2/customer-properties/plan")).json()["options"][1]["id"]
    clock.move(timedelta(seconds=5))

    answer = await patch(
        client, ada, op("replace", "/plan", "Tin"), op("add", "/orders", 7), op("replace", "/blog", "ada.test")
    )

    assert (answer.status_code, answer.content) == (204, b"")
    after = await show(client, ada)
    assert after["_embedded"]["properties"] == [
        {"type": "dropdown", "slug": "plan", "name": "plan", "value": tin, "text": "Tin", "source": {"name": "api"}},
        {"type": "number", "slug": "orders", "name": "orders", "value": "7", "text": "7", "source": {"name": "api"}},
        {"type": "url", "slug": "blog", "name": "blog", "value": "ada.test", "text": "ada.test", "source": {"name": "api"}},
    ]
    assert after["updatedAt"] > before["updatedAt"]
    assert (await facts(given))[1:] == [("CustomerUpdated", {"customer_id": ada})]
    listed = (await client.get("/v2/customers")).json()["_embedded"]["customers"]
    assert listed == [after]


async def test_a_value_is_replaced_and_removed_in_order(client: Client) -> None:
    ada = await create(client)
    await patch(
        client, ada, op("replace", "/motto", "Slow"), op("replace", "/orders", 1), op("replace", "/since", "2024-02-29")
    )

    await patch(client, ada, op("remove", "/motto"), op("replace", "/orders", 2), op("replace", "/orders", "3"))

    assert await values(client, ada) == {"orders": "3", "since": "2024-02-29"}
    await patch(client, ada, op("remove", "/motto"), op("replace", "/orders", None), op("replace", "/since", ""))
    assert await values(client, ada) == {}


async def test_an_option_is_named_by_id_or_label(client: Client) -> None:
    ada = await create(client)
    gold = (await client.get("/v2/customer-properties/plan")).json()["options"][0]["id"]

    await patch(client, ada, op("replace", "/plan", gold))

    assert await values(client, ada) == {"plan": "Gold"}


async def test_one_mistake_undoes_everything_and_each_is_named(client: Client, given: Given) -> None:
    ada = await create(client)

    refused = await patch(
        client,
        ada,
        op("replace", "/orders", 7),
        op("replace", "/orders", 7.5),
        op("replace", "/color", "red"),
        op("remove", "/color"),
        op("replace", "/plan", "Silver"),
    )

    assert mistakes(refused) == {
        "[1].value": "must be a whole 64-bit number",
        "[2].path": "is not a property",
        "[3].path": "is not a property",
        "[4].value": "Expected one of these: 'Gold', 'Tin'",
    }
    assert await values(client, ada) == {}
    assert len(await facts(given)) == 1


@pytest.mark.parametrize(
    ("sent", "paths"),
    [
        ({"op": "replace", "path": "/motto", "value": "x"}, {"body"}),
        ([], {"body"}),
        ([{"op": "move", "path": "/motto"}], {"[0].op"}),
        ([{"op": "replace"}], {"[0].path"}),
        ([{"op": "replace", "path": "motto", "value": "x"}], {"[0].path"}),
        ([{"op": "replace", "path": "", "value": "x"}], {"[0].path"}),
        ([{"op": "replace", "path": "/", "value": "x"}], {"[0].path"}),
        ([{"op": "replace", "path": "/motto/x", "value": "x"}], {"[0].path"}),
        ([{"op": "replace", "path": "/motto"}, {"op": "remove", "path": "x"}], {"[0].value", "[1].path"}),
        ([{"op": "replace", "path": "/motto", "value": ["x"]}], {"[0].value"}),
        ([{"op": "replace", "path": "/mot\0to", "value": "x"}], {"[0].path"}),
        ([{"op": "replace", "path": "/motto", "value": "\0"}], {"[0].value"}),
    ],
)
async def test_the_shape_is_checked(client: Client, sent: Any, paths: set[str]) -> None:
    ada = await create(client)

    assert set(mistakes(await client.patch(f"/v2/customers/{ada}/properties", json=sent))) == paths


async def test_there_is_nothing_to_get_and_nobody_unknown(client: Client) -> None:
    ada = await create(client)

    assert (await client.get(f"/v2/customers/{ada}/properties")).status_code == 405
    assert (await patch(client, ada + 1, op("remove", "/motto"))).status_code == 404


async def test_a_customer_is_created_with_properties(client: Client) -> None:
    sent = [
        {"type": "dropdown", "slug": "plan", "name": "Plan", "value": "Gold", "text": "Gold", "source": {"name": "api"}},
        {"slug": "orders", "value": 7},
        {"slug": "motto", "value": None},
    ]

    ada = await create(client, firstName="Ada", properties=sent)

    assert await values(client, ada) == {"plan": "Gold", "orders": "7"}


async def test_a_customer_with_wrong_properties_is_not_created(client: Client, given: Given) -> None:
    sent = [{"slug": "color", "value": "red"}, {"slug": "orders", "value": "many"}, {"value": "x"}]
    assert set(mistakes(await client.post("/v2/customers", json={"firstName": "Ada", "properties": sent}))) == {
        "properties[2].slug"
    }

    refused = await client.post("/v2/customers", json={"emails": [{"value": "x"}], "properties": sent[:2]})

    assert set(mistakes(refused)) == {"emails[0].value", "properties[0].slug", "properties[1].value"}
    assert await facts(given) == []


async def test_values_outlive_an_overwriting_but_not_the_customer(client: Client, given: Given) -> None:
    ada = await create(client, firstName="Ada", properties=[{"slug": "plan", "value": "Gold"}])
    await create(client, firstName="Bo", properties=[{"slug": "plan", "value": "Tin"}])

    await client.put(f"/v2/customers/{ada}", json={"firstName": "Bea"})
    assert await values(client, ada) == {"plan": "Gold"}
    assert (await client.delete(f"/v2/customers/{ada}")).status_code == 204

    async with given.read() as view:
        assert await view.all(STORED) == [1]
    await client.delete("/v2/customer-properties/plan")
    async with given.read() as view:
        assert await view.all(STORED) == [0]


async def test_who_may_not_edit_customers_sets_nothing(client: Client, given: Given) -> None:
    ada = await create(client)
    async with given.client(await given.user("Lou", role=Role.LIGHT_USER)) as light:
        assert (await patch(light, ada, op("replace", "/motto", "x"))).status_code == 403
