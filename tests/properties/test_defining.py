"""Definitions of properties (contract 51 §3, §5)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from deskhand.kernel.permissions import Role
from deskhand.properties.model import Owner, PropertyType
from tests.customers.facts import create as customer
from tests.customers.facts import mistakes, show
from tests.given import Client, Given

ORGANIZATIONS = "/v2/organizations/properties"
CUSTOMERS = "/v2/customer-properties"
BOTH = pytest.mark.parametrize("place", [ORGANIZATIONS, CUSTOMERS])
OWNERS = {ORGANIZATIONS: Owner.ORGANIZATION, CUSTOMERS: Owner.CUSTOMER}
GOLD = "7d0c7f0e-1111-4222-8333-944445555666"


async def listed(client: Client, place: str) -> list[dict[str, Any]]:
    body = (await client.get(place)).json()
    name = "customer-properties" if place == CUSTOMERS else "organization-properties"
    found: list[dict[str, Any]] = body.get("_embedded", {name: []})[name]
    return found


async def test_a_property_of_organizations_is_read_back_without_ids(client: Client) -> None:
    sent = {"type": "dropdown", "slug": "industry", "name": "Industry", "options": [{"label": "Retail"}, {"label": "Finance"}]}

    made = await client.post(ORGANIZATIONS, json=sent)

    assert (made.status_code, made.content) == (201, b"")
    here = f"https://desk.test{ORGANIZATIONS}/industry"
    assert made.headers["location"] == here
    assert "resource-id" not in made.headers
    body = (await client.get(f"{ORGANIZATIONS}/industry")).json()
    assert body == {**sent, "_links": {"self": {"href": here}}}
    assert list(body) == ["type", "slug", "name", "options", "_links"]
    whole = (await client.get(f"{ORGANIZATIONS}/")).json()
    assert whole == {
        "_embedded": {"organization-properties": [body]},
        "_links": {"self": {"href": f"https://desk.test{ORGANIZATIONS}"}},
    }


async def test_a_property_of_customers_is_read_back_with_the_ids_of_its_options(client: Client) -> None:
    sent = {
        "type": "dropdown",
        "slug": "plan",
        "name": "Plan",
        "options": [{"id": GOLD.upper(), "label": "Gold"}, {"label": "Tin"}],
    }

    made = await client.post(CUSTOMERS, json=sent)

    assert made.status_code == 201
    assert made.headers["location"] == f"https://desk.test{CUSTOMERS}/plan"
    body = (await client.get(f"{CUSTOMERS}/plan")).json()
    tin = body["options"][1].pop("id")
    assert str(UUID(tin)) == tin
    assert body == {
        "type": "dropdown",
        "slug": "plan",
        "name": "Plan",
        "options": [{"id": GOLD, "label": "Gold"}, {"label": "Tin"}],
    }
    whole = (await client.get(CUSTOMERS)).json()
    assert list(whole) == ["_embedded", "_links"]
    assert [each["slug"] for each in whole["_embedded"]["customer-properties"]] == ["plan"]


@BOTH
async def test_without_a_property_the_list_has_no_embedded(client: Client, place: str) -> None:
    assert (await client.get(place)).json() == {"_links": {"self": {"href": f"https://desk.test{place}"}}}


@BOTH
@pytest.mark.parametrize("type_", ["text", "number", "url", "date"])
async def test_options_of_what_is_no_dropdown_are_ignored(client: Client, place: str, type_: str) -> None:
    sent = {"type": type_, "slug": "it", "name": " It ", "options": [{"label": " "}, {"label": "x"}, {"label": "x"}]}

    assert (await client.post(place, json=sent)).status_code == 201

    body = (await client.get(f"{place}/it")).json()
    assert "options" not in body
    assert body["name"] == "It"


@BOTH
async def test_the_same_slug_is_a_conflict_but_not_with_the_other_owner(client: Client, place: str) -> None:
    sent = {"type": "text", "slug": "it", "name": "It"}
    for each in (ORGANIZATIONS, CUSTOMERS):
        assert (await client.post(each, json=sent)).status_code == 201

    refused = await client.post(place, json={**sent, "type": "date"})

    assert refused.status_code == 409
    assert "_embedded" not in refused.json()
    assert len(await listed(client, place)) == 1


@BOTH
async def test_there_may_be_fifty(client: Client, given: Given, place: str) -> None:
    for number in range(50):
        await given.property(OWNERS[place], f"p{number}", PropertyType.TEXT)

    refused = await client.post(place, json={"type": "text", "slug": "more", "name": "More"})

    assert mistakes(refused) == {"slug": "there may be 50 properties at most"}
    assert [each["slug"] for each in await listed(client, place)] == [f"p{number}" for number in range(50)]


@pytest.mark.parametrize(
    ("place", "sent", "paths"),
    [
        (ORGANIZATIONS, {}, {"type", "slug", "name"}),
        (CUSTOMERS, {"type": None, "slug": "", "name": ""}, {"type", "slug", "name"}),
        (ORGANIZATIONS, {"type": "color", "slug": "x" * 121, "name": "x" * 101}, {"type", "slug", "name"}),
        (CUSTOMERS, {"type": "text", "slug": "x" * 101, "name": "x" * 256}, {"slug", "name"}),
        (ORGANIZATIONS, {"type": "text", "slug": "a b", "name": " "}, {"slug", "name"}),
        (CUSTOMERS, {"type": "text", "slug": "é", "name": "It"}, {"slug"}),
        (CUSTOMERS, {"type": "text", "slug": "jobTitle", "name": "It"}, {"slug"}),
        (CUSTOMERS, {"type": "text", "slug": "email", "name": "It"}, {"slug"}),
        (CUSTOMERS, {"type": "dropdown", "slug": "it", "name": "It", "options": [{"label": "x" * 256}]}, {"options[0].label"}),
        (
            ORGANIZATIONS,
            {"type": "dropdown", "slug": "it", "name": "It", "options": [{"label": "x" * 101}]},
            {"options[0].label"},
        ),
        (ORGANIZATIONS, {"type": "dropdown", "slug": "it", "name": "It", "options": [{"label": "x"}] * 101}, {"options"}),
        (
            CUSTOMERS,
            {
                "type": "dropdown",
                "slug": "it",
                "name": "It",
                "options": [{"label": " "}, {"label": "a", "id": "7"}, {"label": "a ", "id": GOLD}, {"label": "b", "id": GOLD}],
            },
            {"options[0].label", "options[1].id", "options[2].label", "options[3].id"},
        ),
    ],
)
async def test_every_mistake_is_named(client: Client, place: str, sent: dict[str, Any], paths: set[str]) -> None:
    assert set(mistakes(await client.post(place, json=sent))) == paths

    assert await listed(client, place) == []


async def test_email_is_reserved_with_customers_only(client: Client) -> None:
    assert (await client.post(ORGANIZATIONS, json={"type": "text", "slug": "email", "name": "It"})).status_code == 201


@BOTH
async def test_name_and_options_change_but_type_and_slug_do_not(client: Client, place: str) -> None:
    options = [{"label": "Gold"}, {"label": "Tin"}]
    await client.post(place, json={"type": "dropdown", "slug": "it", "name": "It", "options": options})
    before = (await client.get(f"{place}/it")).json()

    sent = {"name": "Metal", "type": "text", "slug": "other", "options": [{"label": "Lead"}, {"label": "Gold"}]}
    put = await client.put(f"{place}/it", json=sent)

    assert (put.status_code, put.content) == (204, b"")
    after = (await client.get(f"{place}/it")).json()
    assert (after["type"], after["slug"], after["name"]) == ("dropdown", "it", "Metal")
    assert [each["label"] for each in after["options"]] == ["Lead", "Gold"]
    if place == CUSTOMERS:
        assert after["options"][1] == before["options"][0], "an option named by its label stays the same"
    assert (await client.put(f"{place}/it", json={"name": "Ore"})).status_code == 204
    assert len((await client.get(f"{place}/it")).json()["options"]) == 2
    assert (await client.put(f"{place}/it", json={"name": "Ore", "options": []})).status_code == 204
    assert (await client.get(f"{place}/it")).json()["options"] == []


async def test_the_name_is_required_with_organizations_only(client: Client) -> None:
    for place in (ORGANIZATIONS, CUSTOMERS):
        await client.post(place, json={"type": "dropdown", "slug": "it", "name": "It", "options": [{"label": "Gold"}]})

    assert set(mistakes(await client.put(f"{ORGANIZATIONS}/it", json={"options": []}))) == {"name"}
    assert set(mistakes(await client.put(f"{CUSTOMERS}/it", json={"name": " "}))) == {"name"}
    assert (await client.put(f"{CUSTOMERS}/it", json={"options": []})).status_code == 204
    assert (await client.get(f"{CUSTOMERS}/it")).json()["name"] == "It"


async def test_a_changed_label_keeps_its_values_and_a_removed_option_takes_them_along(client: Client, given: Given) -> None:
    await given.property(Owner.CUSTOMER, "plan", PropertyType.DROPDOWN, "Gold", "Tin")
    gold, tin = (await client.get(f"{CUSTOMERS}/plan")).json()["options"]
    ada = await customer(client, firstName="Ada", properties=[{"slug": "plan", "value": "Gold"}])
    bo = await customer(client, firstName="Bo", properties=[{"slug": "plan", "value": tin["id"]}])

    await client.put(f"{CUSTOMERS}/plan", json={"options": [{"id": gold["id"], "label": "Tin"}]})

    (value,) = (await show(client, ada))["_embedded"]["properties"]
    assert (value["value"], value["text"]) == (gold["id"], "Tin")
    assert (await show(client, bo))["_embedded"]["properties"] == []


@BOTH
@pytest.mark.parametrize("slug", ["nothing", "a%20b", "%00", "%ff", "x" * 300])
async def test_what_is_not_defined_is_not_found(client: Client, place: str, slug: str) -> None:
    for method, body in (("GET", None), ("PUT", {"name": "It"}), ("DELETE", None)):
        assert (await client.request(method, f"{place}/{slug}", json=body)).status_code in (400, 404)
    assert (await client.get(f"{place}/nothing")).status_code == 404


@BOTH
async def test_a_deleted_property_is_gone(client: Client, given: Given, place: str) -> None:
    await given.property(OWNERS[place], "it", PropertyType.DROPDOWN, "Gold")

    assert (await client.delete(f"{place}/it")).status_code == 204

    assert (await client.get(f"{place}/it")).status_code == 404
    assert (await client.delete(f"{place}/it")).status_code == 404
    assert await listed(client, place) == []


@BOTH
async def test_only_who_manages_the_account_defines(given: Given, place: str) -> None:
    await given.property(OWNERS[place], "it", PropertyType.TEXT)
    user = await given.user(role=Role.USER)

    async with given.client(user) as client:
        assert (await client.post(place, json={"type": "text", "slug": "more", "name": "More"})).status_code == 403
        assert (await client.put(f"{place}/it", json={"name": "That"})).status_code == 403
        assert (await client.delete(f"{place}/it")).status_code == 403
        assert [each["name"] for each in await listed(client, place)] == ["it"]


async def test_properties_stand_before_ids_in_addresses(client: Client) -> None:
    assert (await client.get("/v2/organizations/properties")).status_code == 200
    assert mistakes(await client.get("/v2/organizations/property")) == {"organizationId": "invalid identifier"}
    for wrong in ("/v2/conversation-properties", "/v2/properties", "/v2/customers/properties"):
        assert (await client.get(wrong)).status_code in (400, 404)
