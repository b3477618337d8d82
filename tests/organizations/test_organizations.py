"""Organizations: create, get, list, overwrite (contract 51 §1, §2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.kernel.permissions import Role
from tests.conftest import MovableClock
from tests.customers.facts import mistakes
from tests.given import Client, Given
from tests.organizations.facts import create, facts, show

WHOLE: dict[str, Any] = {
    "name": "Nimbus Bikes",
    "website": "www.nimbus.test",
    "description": "Cargo bike maker",
    "location": "PT",
    "logoUrl": "https://cdn.example.test/o/812.png",
    "note": "Renewal in May",
    "domains": ["nimbus.test", "nimbus-bikes.test"],
    "phones": ["+351 555 0100", "1-23-456"],
    "brandColor": "#0A7E5C",
}


async def test_a_created_organization_is_read_back_as_the_contract_has_it(client: Client, given: Given) -> None:
    made = await client.post("/v2/organizations", json={**WHOLE, "id": 7, "customerCount": 3})

    assert (made.status_code, made.content) == (201, b"")
    organization_id = int(made.headers["resource-id"])
    here = f"https://desk.test/v2/organizations/{organization_id}"
    assert made.headers["location"] == f"{here}?includeCounts=false&includeProperties=false"
    body = await show(client, organization_id)
    assert body == {"id": organization_id, **WHOLE, "_links": {"self": {"href": here}}}
    assert list(body) == ["id", *WHOLE, "_links"]
    assert await show(client, organization_id, includeCounts="true", includeProperties="TRUE") == {
        **body, "customerCount": 0, "conversationCount": 0, "properties": [],
    }  # fmt: skip
    wanted = {"organization_id": organization_id, "domains": WHOLE["domains"]}
    assert await facts(given) == [("OrganizationCreated", wanted)]


async def test_what_is_not_known_is_left_out_but_lists_are_there(client: Client) -> None:
    organization_id = await create(client, name=" Nimbus ", website="", note=None)

    body = await show(client, organization_id)

    assert {name: value for name, value in body.items() if name != "_links"} == {
        "id": organization_id, "name": "Nimbus", "domains": [], "phones": [],
    }  # fmt: skip


async def test_the_single_domain_of_the_reference_is_one_more(client: Client) -> None:
    first = await create(client, name="A", domain=" Nimbus.TEST ")
    second = await create(client, name="B", domains=["b.test", "B.test", "c.test"], domain="c.test")

    assert (await show(client, first))["domains"] == ["nimbus.test"]
    assert (await show(client, second))["domains"] == ["b.test", "c.test"]


async def test_an_unknown_organization_is_not_found(client: Client) -> None:
    for method, body in (("GET", None), ("PUT", {"name": "A"}), ("DELETE", None)):
        assert (await client.request(method, "/v2/organizations/7", json=body)).status_code == 404
        assert (await client.request(method, "/v2/organizations/0", json=body)).status_code == 400
    for below in ("customers", "conversations"):
        assert (await client.get(f"/v2/organizations/7/{below}")).status_code == 404
    patch = await client.patch("/v2/organizations/7", json={"name": "A"})
    assert (patch.status_code, patch.headers["allow"]) == (405, "DELETE, GET, OPTIONS, PUT")


@pytest.mark.parametrize(
    ("sent", "paths"),
    [
        ({}, {"name"}),
        ({"name": ""}, {"name"}),
        ({"name": "  "}, {"name"}),
        ({"name": None}, {"name"}),
        ({"name": "x" * 256, "website": "x" * 256, "logoUrl": "x" * 256}, {"name", "website", "logoUrl"}),
        ({"name": "A", "description": "x" * 5001, "note": "x" * 5001}, {"description", "note"}),
        ({"name": "A", "location": "pt", "brandColor": "0A7E5C"}, {"location", "brandColor"}),
        ({"name": "A", "location": "Portugal", "brandColor": "#0A7E5G"}, {"location", "brandColor"}),
        ({"name": "A", "domains": ["a.test"] * 51, "phones": ["1"] * 51}, {"domains", "phones"}),
        ({"name": "A", "domains": ["a.test", "a b", ""], "domain": "localhost"}, {"domains[1]", "domains[2]", "domain"}),
        ({"name": "A", "domains": [f"a{number}.test" for number in range(50)], "domain": "b.test"}, {"domains"}),
        ({"name": "A", "phones": [" ", "x" * 61]}, {"phones[1]"}),
        ({"name": "A", "phones": [" "]}, {"phones[0]"}),
        ({"name": "A\0", "domains": "a.test", "note": ["x"]}, {"name", "domains", "note"}),
    ],
)
async def test_every_mistake_is_named(client: Client, given: Given, sent: dict[str, Any], paths: set[str]) -> None:
    organization_id = await create(client, name="Before")

    assert set(mistakes(await client.post("/v2/organizations", json=sent))) == paths
    assert set(mistakes(await client.put(f"/v2/organizations/{organization_id}", json=sent))) == paths
    assert [name for name, _ in await facts(given)] == ["OrganizationCreated"]


async def test_a_name_and_a_domain_belong_to_one(client: Client) -> None:
    first, second = await create(client, **WHOLE), await create(client, name="Brook", domains=["brook.test"])

    for sent in ({"name": "NIMBUS bikes "}, {"name": "New", "domains": ["new.test", "Nimbus.test"]}):
        for refused in (
            await client.post("/v2/organizations", json=sent),
            await client.put(f"/v2/organizations/{second}", json=sent),
        ):
            assert refused.status_code == 409
            assert "_embedded" not in refused.json()
    assert (await show(client, second))["domains"] == ["brook.test"]
    assert (await client.put(f"/v2/organizations/{first}", json={**WHOLE, "name": "nimbus BIKES"})).status_code == 204


async def test_overwriting_clears_what_is_not_sent_but_the_logo(client: Client, given: Given, clock: MovableClock) -> None:
    organization_id = await create(client, **WHOLE)
    clock.move(timedelta(seconds=5))

    put = await client.put(f"/v2/organizations/{organization_id}", json={"name": "Nimbus", "logoUrl": None})

    assert (put.status_code, put.content) == (204, b"")
    body = await show(client, organization_id)
    del body["_links"]
    assert body == {"id": organization_id, "name": "Nimbus", "logoUrl": WHOLE["logoUrl"], "domains": [], "phones": []}
    assert (await facts(given))[1:] == [("OrganizationUpdated", {"organization_id": organization_id, "renamed": True})]
    await client.put(f"/v2/organizations/{organization_id}", json={"name": "Nimbus", "logoUrl": ""})
    assert "logoUrl" not in await show(client, organization_id)


async def test_domains_are_replaced_in_order_and_free_again(client: Client, given: Given) -> None:
    organization_id = await create(client, **WHOLE)

    await client.put(
        f"/v2/organizations/{organization_id}", json={"name": "Nimbus Bikes", "domains": ["b.test", "nimbus.test"]}
    )

    assert (await show(client, organization_id))["domains"] == ["b.test", "nimbus.test"]
    wanted = {"organization_id": organization_id, "domains": ["b.test"]}
    assert (await facts(given))[1:] == [("OrganizationUpdated", wanted)]
    await create(client, name="Heir", domains=["nimbus-bikes.test"])


async def test_an_id_is_never_given_twice(client: Client) -> None:
    first = await create(client, name="A")
    await client.delete(f"/v2/organizations/{first}")

    assert await create(client, name="A") > first


async def names(client: Client, **asked: str) -> list[str]:
    body = (await client.get("/v2/organizations", params=asked)).json()
    return [each["name"] for each in body.get("_embedded", {"organizations": []})["organizations"]]


async def test_the_list_is_sorted_as_asked_and_descends_without_a_direction(
    client: Client, given: Given, clock: MovableClock
) -> None:
    a, b, c = [await create(client, name=name, domains=[f"{name}.test"]) for name in ("a", "B", "c")]
    for domain in ("B", "B", "a"):
        clock.move(timedelta(seconds=5))
        who = await given.customer(f"x{clock.ahead.seconds}@{domain.lower()}.test")
        if domain == "B":
            continue
        for _ in range(2):
            await given.conversation(customer=who)

    assert await names(client) == ["a", "c", "B"]
    assert await names(client, sort="lastInteractionAt") == ["a", "c", "B"]
    assert await names(client, sort="lastInteractionAt,asc") == ["B", "c", "a"]
    assert await names(client, sort="name") == ["c", "B", "a"]
    assert await names(client, sort="name,ASC") == ["a", "B", "c"]
    assert await names(client, sort="customerCount") == ["B", "a", "c"]
    assert await names(client, sort="customerCount,asc") == ["c", "a", "B"]
    assert await names(client, sort="conversationCount,desc") == ["a", "c", "B"]
    assert (await client.get("/v2/organizations?sort=name%2Casc&query=x&sortField=y")).status_code == 200
    assert {a, b, c}


@pytest.mark.parametrize("sort", ["", ",", "id", "name,up", "name,", "name,asc,desc", "createdAt,asc", "\x07"])
async def test_an_unknown_order_is_refused(client: Client, sort: str) -> None:
    assert set(mistakes(await client.get("/v2/organizations", params={"sort": sort}))) == {"sort"}


async def test_the_list_pages_and_leaves_counts_and_properties_out(client: Client, given: Given) -> None:
    assert (await client.get("/v2/organizations")).json()["page"] == {
        "size": 50, "totalElements": 0, "totalPages": 0, "number": 1,
    }  # fmt: skip
    for number in range(51):
        await given.organization(f"n{number:02}", f"n{number:02}.test")

    page = (await client.get("/v2/organizations?sort=name,asc&includeCounts=true&page=2")).json()

    assert page["page"] == {"size": 50, "totalElements": 51, "totalPages": 2, "number": 2}
    (only,) = page["_embedded"]["organizations"]
    assert sorted(only) == ["_links", "domains", "id", "name", "phones"]
    assert only["domains"] == ["n50.test"]
    assert page["_links"]["previous"]["href"].endswith("/v2/organizations?sort=name%2Casc&includeCounts=true&page=1")
    assert "_embedded" not in (await client.get("/v2/organizations?page=3")).json()
    await client.delete(f"/v2/organizations/{only['id']}")
    assert (await client.get("/v2/organizations")).json()["page"]["totalElements"] == 50


async def test_who_may_not_edit_customers_only_reads(given: Given) -> None:
    organization_id = await given.organization("Nimbus")
    light = await given.user("Lou", role=Role.LIGHT_USER)

    async with given.client(light) as client:
        assert (await client.post("/v2/organizations", json={"name": "A"})).status_code == 403
        assert (await client.put(f"/v2/organizations/{organization_id}", json={"name": "A"})).status_code == 403
        assert (await client.delete(f"/v2/organizations/{organization_id}")).status_code == 403
        assert (await show(client, organization_id))["name"] == "Nimbus"
    async with given.client(await given.user()) as client:
        assert (await client.put(f"/v2/organizations/{organization_id}", json={"name": "A"})).status_code == 204
