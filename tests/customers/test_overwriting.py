"""Overwrite Customer (contract 50 §5.1)."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import MovableClock
from tests.customers.facts import create, facts, found_by, mistakes, show
from tests.customers.test_creating import WHOLE
from tests.given import Client, Given


async def test_a_missing_field_is_erased_but_entries_and_address_stay(
    client: Client, given: Given, clock: MovableClock
) -> None:
    customer_id = await create(client, **WHOLE)
    before = await show(client, customer_id)
    clock.move(timedelta(seconds=5))

    put = await client.put(f"/v2/customers/{customer_id}", json={"id": 1, "firstName": "Bea", "gender": "MALE", "phone": "1"})

    assert (put.status_code, put.content) == (204, b"")
    after = await show(client, customer_id)
    assert after["_embedded"] == before["_embedded"]
    assert after["_links"] == before["_links"]
    assert after["createdAt"] == before["createdAt"]
    assert after["updatedAt"] > before["updatedAt"]
    kept = {name for name in after if not name.startswith("_")}
    assert kept == {
        "id", "firstName", "gender", "photoType", "conversationCount", "createdAt", "updatedAt", "background", "draft",
    }  # fmt: skip
    assert (after["firstName"], after["gender"], after["photoType"], after["background"]) == ("Bea", "Male", "unknown", "")
    assert (await facts(given))[1:] == [("CustomerUpdated", {"customer_id": customer_id, "renamed": True})]
    assert await found_by(given, "bea") == [customer_id]
    assert await found_by(given, "quill") == []
    assert await found_by(given, "ada home test") == [customer_id]


async def test_another_job_does_not_rename(client: Client, given: Given) -> None:
    customer_id = await create(client, firstName="Ada")

    await client.put(f"/v2/customers/{customer_id}", json={"firstName": "Ada", "jobTitle": "Owner"})

    assert (await facts(given))[1:] == [("CustomerUpdated", {"customer_id": customer_id})]


async def test_the_limits_are_those_of_creating(client: Client, given: Given) -> None:
    customer_id = await create(client)

    refused = await client.put(f"/v2/customers/{customer_id}", json={"firstName": "", "background": "x" * 201})

    assert mistakes(refused) == {
        "firstName": "size must be between 1 and 40",
        "background": "size must be between 0 and 200",
    }
    assert (await show(client, customer_id))["firstName"] == "Ada"
    assert len(await facts(given)) == 1


async def test_an_organization_stays_linked_unless_another_is_given(client: Client, organization: int) -> None:
    customer_id = await create(client, organizationId=organization)

    await client.put(f"/v2/customers/{customer_id}", json={"firstName": "Ada", "organization": None, "organizationId": None})

    body = await show(client, customer_id)
    assert (body["organizationId"], body["organization"]) == (organization, "Nimbus Bikes")
    refused = await client.put(f"/v2/customers/{customer_id}", json={"organizationId": organization + 1})
    assert mistakes(refused) == {"organizationId": "is not an organization"}


async def test_an_organization_is_linked_when_given(client: Client, organization: int) -> None:
    customer_id = await create(client, organization="Something")

    await client.put(f"/v2/customers/{customer_id}", json={"organizationId": organization, "organization": "Something"})

    body = await show(client, customer_id)
    assert (body["organizationId"], body["organization"]) == (organization, "Nimbus Bikes")


async def test_an_unknown_customer_is_not_found(client: Client) -> None:
    assert (await client.put("/v2/customers/7", json={"firstName": "Ada"})).status_code == 404


async def test_conversations_are_sorted_by_the_new_name(client: Client, given: Given) -> None:
    zoe = await given.customer("zoe@mail.test", "Zoe", "Z")
    bo = await given.customer("bo@mail.test", "Bo", "B")
    first, second = await given.conversation(customer=zoe), await given.conversation(customer=bo)

    await client.put(f"/v2/customers/{zoe.id}", json={"firstName": "Abe"})

    listed = await client.get("/v2/conversations?sortField=customerName&sortOrder=asc")
    assert [each["id"] for each in listed.json()["_embedded"]["conversations"]] == [first, second]
