"""Update Customer: every path and op of contract 50 §5.2."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import MovableClock
from tests.customers.facts import create, facts, found_by, mistakes, show
from tests.customers.test_creating import WHOLE
from tests.given import Client, Given


def op(op: str, path: str, *value: Any) -> dict[str, Any]:
    return {"op": op, "path": path, **({"value": value[0]} if value else {})}


async def change(client: Client, customer_id: int, *changes: dict[str, Any]) -> Any:
    return await client.patch(f"/v2/customers/{customer_id}", json=list(changes))


async def changed(client: Client, customer_id: int, *changes: dict[str, Any]) -> dict[str, Any]:
    answer = await change(client, customer_id, *changes)
    assert (answer.status_code, answer.content) == (204, b""), answer.text
    return await show(client, customer_id)


async def entry_id(client: Client, customer_id: int, name: str) -> int:
    return int((await show(client, customer_id))["_embedded"][name][0]["id"])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("firstName", "Bea"),
        ("lastName", "Brook"),
        ("photoUrl", "https://cdn.example.test/p/2.png"),
        ("jobTitle", "Owner"),
        ("background", "Away in May."),
        ("location", "Porto"),
        ("organization", "Brook & Co"),
        ("age", "40-45"),
    ],
)
async def test_a_text_is_replaced_added_and_removed(client: Client, name: str, value: str) -> None:
    customer_id = await create(client, **WHOLE)

    assert (await changed(client, customer_id, op("replace", f"/{name}", value)))[name] == value
    assert (await changed(client, customer_id, op("add", f"/{name}", value)))[name] == value
    nothing = "" if name == "background" else None
    assert (await changed(client, customer_id, op("remove", f"/{name}"))).get(name) == nothing
    assert (await changed(client, customer_id, op("replace", f"/{name}", None))).get(name) == nothing


async def test_gender_and_photo_type_are_taken_in_any_case_and_removed_to_unknown(client: Client) -> None:
    customer_id = await create(client)

    body = await changed(client, customer_id, op("replace", "/gender", "MALE"), op("replace", "/photoType", "Twitter"))
    assert (body["gender"], body["photoType"]) == ("Male", "twitter")
    body = await changed(client, customer_id, op("remove", "/gender"), op("remove", "/photoType"))
    assert (body["gender"], body["photoType"]) == ("Unknown", "unknown")


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/emails", "emails", {"type": "other", "value": "bea@nimbus.test"}),
        ("/phones", "phones", {"type": "fax", "value": "+351 555 0101"}),
        ("/chats", "chats", {"type": "qq", "value": "bea"}),
        ("/social-profiles", "social_profiles", {"type": "forsquare", "value": "@bea"}),
        ("/socialProfiles", "social_profiles", {"type": "twitter", "value": "@bea"}),
        ("/social_profiles", "social_profiles", {"type": "twitter", "value": "@bea"}),
        ("/websites", "websites", {"value": "https://bea.test"}),
    ],
)
async def test_an_entry_is_added_changed_and_removed(client: Client, path: str, name: str, value: dict[str, str]) -> None:
    customer_id = await create(client)

    (added,) = (await changed(client, customer_id, op("add", path, value)))["_embedded"][name]
    here = f"{path}/{added['id']}"
    assert added == {"id": added["id"], **value}
    other = {**value, "value": "x" + value["value"]}
    (now,) = (await changed(client, customer_id, op("replace", f"{here}/value", other["value"])))["_embedded"][name]
    assert now == {**added, **other}
    if "type" in value:
        (now,) = (await changed(client, customer_id, op("replace", f"{here}/type", "other")))["_embedded"][name]
        assert now["type"] == "other"
    (now,) = (await changed(client, customer_id, op("replace", here, value)))["_embedded"][name]
    assert now == added
    assert (await changed(client, customer_id, op("remove", here)))["_embedded"][name] == []


async def test_an_address_is_added_replaced_in_parts_and_removed(client: Client) -> None:
    customer_id = await create(client)

    body = await changed(client, customer_id, op("add", "/address", {"city": "Porto", "country": "pt"}))
    assert body["_embedded"]["address"] == {"city": "Porto", "lines": [], "country": "PT"}
    body = await changed(
        client,
        customer_id,
        op("replace", "/address/lines", ["Rua B 2"]),
        op("replace", "/address/state", "P"),
        op("replace", "/address/postalCode", "4000"),
        op("replace", "/address/country", "es"),
        op("remove", "/address/city"),
    )
    assert body["_embedded"]["address"] == {"lines": ["Rua B 2"], "state": "P", "postalCode": "4000", "country": "ES"}
    body = await changed(client, customer_id, op("remove", "/address/lines"), op("remove", "/address/country"))
    assert body["_embedded"]["address"] == {"lines": [], "state": "P", "postalCode": "4000"}
    body = await changed(client, customer_id, op("replace", "/address", {"country": "FR"}))
    assert body["_embedded"]["address"] == {"lines": [], "country": "FR"}
    assert "address" not in (await changed(client, customer_id, op("remove", "/address")))["_embedded"]
    assert (await change(client, customer_id, op("remove", "/address"))).status_code == 404
    assert (await change(client, customer_id, op("remove", "/address/city"))).status_code == 404


async def test_an_address_begins_with_its_first_part(client: Client) -> None:
    customer_id = await create(client)

    body = await changed(client, customer_id, op("replace", "/address/city", "Porto"))

    assert body["_embedded"]["address"] == {"city": "Porto", "lines": []}


async def test_an_organization_is_linked_and_left(client: Client, organization: int) -> None:
    customer_id = await create(client, organization="Something")

    body = await changed(client, customer_id, op("replace", "/organizationId", organization))
    assert (body["organizationId"], body["organization"]) == (organization, "Nimbus Bikes")
    body = await changed(client, customer_id, op("remove", "/organizationId"))
    assert "organizationId" not in body
    assert "organization" not in body
    await changed(client, customer_id, op("replace", "/organizationId", organization))
    body = await changed(client, customer_id, op("replace", "/organization", "Brook & Co"))
    assert "organizationId" not in body
    assert body["organization"] == "Brook & Co"
    assert (await changed(client, customer_id, op("remove", "/organizationId")))["organization"] == "Brook & Co"


async def test_several_changes_are_one_fact(client: Client, given: Given, clock: MovableClock) -> None:
    customer_id = await create(client, **WHOLE)
    before = await show(client, customer_id)
    first = before["_embedded"]["emails"][0]["id"]
    clock.move(timedelta(seconds=5))

    after = await changed(
        client,
        customer_id,
        op("remove", f"/emails/{first}"),
        op("add", "/emails", {"type": "work", "value": "ada@nimbus.test"}),
        op("replace", "/lastName", "Brook"),
        op("add", "/phones", {"value": "+351 555 0109"}),
    )

    assert after["updatedAt"] > before["updatedAt"]
    assert [each["value"] for each in after["_embedded"]["emails"]] == ["ada@home.test", "ada@nimbus.test"]
    assert (await facts(given))[1:] == [("CustomerUpdated", {"customer_id": customer_id, "renamed": True})]
    assert await found_by(given, "ada brook 0109") == [customer_id]
    assert await found_by(given, "quill") == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (op("replace", "/emails/999999/value", "bea@nimbus.test"), 404),
        (op("remove", "/phones/999999"), 404),
        (op("add", "/emails", {"value": "taken@nimbus.test"}), 409),
        (op("replace", "/lastName", ""), 400),
        (op("replace", "/organizationId", 999_999), 400),
    ],
)
async def test_one_failure_undoes_everything(client: Client, given: Given, sent: dict[str, Any], status: int) -> None:
    await create(client, emails=[{"value": "taken@nimbus.test"}])
    customer_id = await create(client, **WHOLE)
    before = await show(client, customer_id)

    fine = [op("replace", "/firstName", "Bea"), op("add", "/emails", {"value": "bea@nimbus.test"})]
    answer = await change(client, customer_id, *fine, sent)

    assert answer.status_code == status
    assert await show(client, customer_id) == before
    assert [name for name, _ in await facts(given)] == ["CustomerCreated"] * 2
    assert await found_by(given, "bea") == []


@pytest.mark.parametrize(
    ("sent", "path"),
    [
        (op("remove", "/emails"), "[0].path"),
        (op("replace", "/emails", [{"value": "bea@nimbus.test"}]), "[0].path"),
        (op("add", "/emails/1", {"value": "bea@nimbus.test"}), "[0].path"),
        (op("add", "/emails/1/value", "bea@nimbus.test"), "[0].path"),
        (op("remove", "/emails/1/type"), "[0].path"),
        (op("replace", "/websites/1/type", "other"), "[0].path"),
        (op("replace", "/emails/one/value", "bea@nimbus.test"), "[0].path"),
        (op("replace", "/emails/1/value/more", "bea@nimbus.test"), "[0].path"),
        (op("add", "/address/city", "Porto"), "[0].path"),
        (op("replace", "/address/planet", "Mars"), "[0].path"),
        (op("replace", "/nickname", "Bea"), "[0].path"),
        (op("replace", "firstName", "Bea"), "[0].path"),
        (op("replace", "", "Bea"), "[0].path"),
        ({"op": "replace", "value": "Bea"}, "[0].path"),
        (op("move", "/firstName", "Bea"), "[0].op"),
        ({"path": "/firstName", "value": "Bea"}, "[0].op"),
        (op("replace", "/firstName", ""), "[0].value"),
        (op("replace", "/firstName", "x" * 41), "[0].value"),
        (op("replace", "/firstName"), "[0].value"),
        (op("replace", "/firstName", ["Bea"]), "[0].value"),
        (op("replace", "/organization", 812), "[0].value"),
        (op("replace", "/organizationId", "Nimbus"), "[0].value"),
        (op("replace", "/gender", "robot"), "[0].value"),
        (op("replace", "/photoType", "painting"), "[0].value"),
        (op("add", "/emails", "bea@nimbus.test"), "[0].value"),
        (op("add", "/emails"), "[0].value"),
        (op("add", "/emails", {"value": "bea at nimbus"}), "[0].value.value"),
        (op("add", "/emails", {"type": "fax", "value": "bea@nimbus.test"}), "[0].value.type"),
        (op("replace", "/emails/1/value", "bea at nimbus"), "[0].value"),
        (op("replace", "/phones/1/value", " "), "[0].value"),
        (op("replace", "/phones/1/type", "skype"), "[0].value"),
        (op("replace", "/address", {"city": "Porto"}), "[0].value.country"),
        (op("replace", "/address/country", "Portugal"), "[0].value"),
        (op("replace", "/address/lines", "Rua B 2"), "[0].value"),
    ],
)
async def test_a_wrong_change_is_refused_where_it_is_wrong(client: Client, sent: dict[str, Any], path: str) -> None:
    customer_id = await create(client)

    assert list(mistakes(await change(client, customer_id, sent))) == [path]


async def test_every_wrong_change_of_an_array_is_named(client: Client) -> None:
    customer_id = await create(client)

    answer = await change(
        client,
        customer_id,
        op("replace", "/firstName", ""),
        op("replace", "/jobTitle", "Owner"),
        op("remove", "/phones"),
    )

    assert mistakes(answer) == {
        "[0].value": "size must be between 1 and 40",
        "[2].path": "only takes 'add'",
    }


@pytest.mark.parametrize("body", [op("replace", "/firstName", "Bea"), [], "firstName", None])
async def test_only_an_array_of_changes_is_taken(client: Client, body: Any) -> None:
    customer_id = await create(client)

    assert (await client.patch(f"/v2/customers/{customer_id}", json=body)).status_code == 400


async def test_the_type_of_json_patch_is_taken(client: Client) -> None:
    customer_id = await create(client)

    answer = await client.patch(
        f"/v2/customers/{customer_id}",
        content=b'[{"op":"replace","path":"/firstName","value":"Bea"}]',
        headers={"Content-Type": "application/json-patch+json"},
    )

    assert answer.status_code == 204


async def test_an_entry_of_another_customer_or_kind_is_not_found(client: Client) -> None:
    ada = await create(client, **WHOLE)
    bo = await create(client, phones=[{"value": "+351 555 0102"}])
    phone, email = await entry_id(client, bo, "phones"), await entry_id(client, ada, "emails")

    assert (await change(client, ada, op("remove", f"/phones/{phone}"))).status_code == 404
    assert (await change(client, ada, op("remove", f"/phones/{email}"))).status_code == 404
    assert (await change(client, bo + 1, op("remove", "/firstName"))).status_code == 404
