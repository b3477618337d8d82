"""Who belongs to an organization: by an address with its domain, or because it was said (contract 50 §1, 51 §1)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.app import App
from deskhand.customers.operations import belonging
from tests.customers.facts import create, facts, found_by, show
from tests.given import Client, Given
from tests.organizations.facts import counts, members

ADA = {"firstName": "Ada", "emails": [{"value": "ada@Nimbus.test"}]}


async def belongs(client: Client, customer_id: int) -> tuple[int | None, str | None]:
    body = await show(client, customer_id)
    return body.get("organizationId"), body.get("organization")


async def patch(client: Client, customer_id: int, op: str, path: str, value: Any = None) -> None:
    answer = await client.patch(f"/v2/customers/{customer_id}", json=[{"op": op, "path": path, "value": value}])
    assert answer.status_code == 204, answer.text


async def test_a_new_customer_joins_by_the_domain_of_an_address(client: Client, given: Given) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")
    brook = await given.organization("Brook", "brook.test")

    ada = await create(client, **ADA, organization="Something")
    sub = await create(client, emails=[{"value": "x@mail.nimbus.test"}])
    both = await create(client, emails=[{"value": "b@home.test"}, {"value": "b@brook.test"}, {"value": "b@nimbus.test"}])
    said = await create(client, emails=[{"value": "c@nimbus.test"}], organizationId=brook)

    assert await belongs(client, ada) == (nimbus, "Nimbus Bikes")
    assert await belongs(client, sub) == (None, None)
    assert await belongs(client, both) == (brook, "Brook")
    assert await belongs(client, said) == (brook, "Brook")
    assert await members(client, nimbus) == [ada]
    assert await members(client, brook) == [said, both]
    assert (await counts(given, nimbus), await counts(given, brook)) == ((1, 0), (2, 0))
    assert await found_by(given, "ada nimbus bikes") == [ada]


async def test_somebody_who_writes_in_joins_too(client: Client, given: Given) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")

    await given.conversation(customer=await given.customer("zoe@nimbus.test"))

    assert await counts(given, nimbus) == (1, 1)
    assert len(await members(client, nimbus)) == 1


@pytest.mark.parametrize("how", ["entry", "changed entry", "patch", "patched value"])
async def test_an_address_that_comes_later_makes_a_member(client: Client, given: Given, how: str) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")
    ada = await create(client, firstName="Ada", organization="Something", emails=[{"value": "ada@home.test"}])
    (entry,) = (await show(client, ada))["_embedded"]["emails"]
    new = {"type": "work", "value": "ada@nimbus.test"}

    match how:
        case "entry":
            await client.post(f"/v2/customers/{ada}/emails", json=new)
        case "changed entry":
            await client.put(f"/v2/customers/{ada}/emails/{entry['id']}", json=new)
        case "patch":
            await patch(client, ada, "add", "/emails", new)
        case _:
            await patch(client, ada, "replace", f"/emails/{entry['id']}/value", "ada@nimbus.test")

    assert await belongs(client, ada) == (nimbus, "Nimbus Bikes")
    assert await counts(given, nimbus) == (1, 0)
    assert (await facts(given))[1:] == [("CustomerUpdated", {"customer_id": ada, "joined": nimbus} | renamed(how))]


def renamed(how: str) -> dict[str, bool]:
    """The first address is the customer's in conversations."""
    return {"renamed": True} if "change" in how or "value" in how else {}


async def test_who_belongs_somewhere_stays_whatever_address_comes_or_goes(client: Client, given: Given) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")
    brook = await given.organization("Brook", "brook.test")
    ada = await create(client, **ADA)
    (entry,) = (await show(client, ada))["_embedded"]["emails"]

    await client.post(f"/v2/customers/{ada}/emails", json={"value": "ada@brook.test"})
    await client.delete(f"/v2/customers/{ada}/emails/{entry['id']}")
    await client.put(f"/v2/customers/{ada}", json={"firstName": "Ada"})

    assert await belongs(client, ada) == (nimbus, "Nimbus Bikes")
    assert (await counts(given, nimbus), await counts(given, brook)) == ((1, 0), (0, 0))


async def test_what_was_said_wins_over_an_address_of_the_same_request(client: Client, given: Given) -> None:
    await given.organization("Nimbus Bikes", "nimbus.test")
    ada = await create(client, firstName="Ada")

    changes = [
        {"op": "add", "path": "/emails", "value": {"value": "ada@nimbus.test"}},
        {"op": "replace", "path": "/organization", "value": "Brook & Co"},
    ]
    await client.patch(f"/v2/customers/{ada}", json=changes)

    assert await belongs(client, ada) == (None, "Brook & Co")
    await patch(client, ada, "replace", "/jobTitle", "Owner")
    assert await belongs(client, ada) == (None, "Brook & Co")


async def test_counts_follow_who_comes_goes_and_is_erased(client: Client, given: Given) -> None:
    nimbus, brook = await given.organization("Nimbus Bikes", "nimbus.test"), await given.organization("Brook")
    zoe = await given.customer("zoe@nimbus.test")
    for _ in range(3):
        await given.conversation(customer=zoe)
    assert await counts(given, nimbus) == (1, 3)

    await client.put(f"/v2/customers/{zoe.id}", json={"organizationId": brook})
    assert (await counts(given, nimbus), await counts(given, brook)) == ((0, 0), (1, 3))
    await patch(client, zoe.id, "remove", "/organizationId")
    assert await counts(given, brook) == (0, 0)
    await patch(client, zoe.id, "replace", "/organizationId", nimbus)
    assert await counts(given, nimbus) == (1, 3)
    await patch(client, zoe.id, "replace", "/organizationId", nimbus)
    assert await counts(given, nimbus) == (1, 3)
    assert (await client.delete(f"/v2/customers/{zoe.id}")).status_code == 204
    assert await counts(given, nimbus) == (0, 0)
    assert await members(client, nimbus) == []


async def test_new_domains_bring_those_who_have_an_address_there(client: Client, given: Given) -> None:
    ada = await create(client, **ADA, phones=[{"value": "555 0100"}])
    twice = await create(client, emails=[{"value": "b@nimbus.test"}, {"value": "b2@nimbus.test"}])
    await create(client, emails=[{"value": "c@home.test"}])
    taken = await create(client, emails=[{"value": "d@nimbus.test"}], organizationId=await given.organization("Brook"))

    nimbus = int(
        (await client.post("/v2/organizations", json={"name": "Nimbus", "domains": ["nimbus.test"]})).headers["resource-id"]
    )

    assert await members(client, nimbus) == [twice, ada]
    assert await counts(given, nimbus) == (2, 0)
    assert await found_by(given, "nimbus 0100") == [ada]
    assert ("CustomerUpdated", {"customer_id": ada, "joined": nimbus}) in await facts(given)
    await client.put(f"/v2/organizations/{nimbus}", json={"name": "Nimbus", "domains": ["home.test"]})
    assert await counts(given, nimbus) == (3, 0), "members stay when their domain goes"
    assert (await belongs(client, taken))[1] == "Brook"


async def test_many_follow_behind_the_request(client: Client, app: App, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belonging, "AT_ONCE", 2)
    monkeypatch.setattr("deskhand.customers.jobs.AT_ONCE", 2)
    ids = [await create(client, emails=[{"value": f"p{number}@nimbus.test"}]) for number in range(5)]

    nimbus = int(
        (await client.post("/v2/organizations", json={"name": "Nimbus", "domains": ["nimbus.test"]})).headers["resource-id"]
    )

    assert await members(client, nimbus) == [ids[1], ids[0]]
    assert await app.worker.run_due() == 1
    assert await members(client, nimbus) == ids[::-1]
    assert await counts(given, nimbus) == (5, 0)

    await client.put(f"/v2/organizations/{nimbus}", json={"name": "Stratus"})
    assert {await belongs(client, each) for each in ids} == {(nimbus, "Stratus")}, "shown at once"
    assert len(await found_by(given, "stratus")) == 2
    await app.worker.run_due()
    assert await found_by(given, "stratus") == ids
    assert await found_by(given, "nimbus test") == ids, "their addresses are still found"
    found = (await client.get("/v2/customers", params={"query": "organization:stratus"})).json()
    assert found["page"]["totalElements"] == 5


async def test_a_job_for_an_organization_that_is_gone_does_nothing(client: Client, app: App) -> None:
    made = await client.post("/v2/organizations", json={"name": "Nimbus", "domains": ["nimbus.test"]})
    nimbus = int(made.headers["resource-id"])
    await client.put(f"/v2/organizations/{nimbus}", json={"name": "Stratus", "domains": ["nimbus.test", "b.test"]})
    ada = await create(client, firstName="Ada")
    await client.delete(f"/v2/organizations/{nimbus}")

    assert await app.worker.run_due() == 2
    assert await belongs(client, ada) == (None, None)


async def test_renaming_records_nothing_of_the_members(client: Client, given: Given) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")
    ada = await create(client, **ADA)

    await client.put(f"/v2/organizations/{nimbus}", json={"name": "Stratus"})

    assert await facts(given) == [("CustomerCreated", {"customer_id": ada})]
    assert await found_by(given, "ada stratus") == [ada]
    assert await found_by(given, "bikes") == []


async def test_members_of_a_deleted_organization_keep_its_name_as_text(client: Client, given: Given) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")
    ada = await create(client, **ADA)
    await given.conversation(customer=await given.customer("zoe@nimbus.test"))

    assert (await client.delete(f"/v2/organizations/{nimbus}")).status_code == 204

    assert await belongs(client, ada) == (None, "Nimbus Bikes")
    assert "organization" not in (await show(client, ada))["_links"]
    assert (await client.get(f"/v2/organizations/{nimbus}")).status_code == 404
    found = (await client.get("/v2/customers", params={"query": 'organization:"nimbus bikes"'})).json()
    assert found["page"]["totalElements"] == 2
    heir = await given.organization("Nimbus Bikes", "nimbus.test")
    assert await counts(given, heir) == (2, 1)


async def test_the_members_are_whole_customers_newest_first_in_pages(client: Client, given: Given) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")
    ids = [(await given.customer(f"p{number}@nimbus.test")).id for number in range(51)]
    await given.customer("x@home.test")

    page = (await client.get(f"/v2/organizations/{nimbus}/customers?page=2&size=3")).json()

    assert page["page"] == {"size": 50, "totalElements": 51, "totalPages": 2, "number": 2}
    assert page["_embedded"]["customers"] == [await show(client, ids[0])]
    assert page["_links"]["first"]["href"] == f"https://desk.test/v2/organizations/{nimbus}/customers?size=3&page=1"
    assert "_embedded" not in (await client.get(f"/v2/organizations/{nimbus}/customers?page=3")).json()
