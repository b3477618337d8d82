"""Create Customer and Get Customer (contract 50 §1, §3, §4)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.kernel.permissions import Role
from tests.customers.facts import create, facts, found_by, mistakes, show
from tests.given import Client, Given

WHOLE: dict[str, Any] = {
    "firstName": "Ada",
    "lastName": "Quill",
    "gender": "Female",
    "jobTitle": "Head of Parts",
    "location": "Lisbon",
    "organization": "Nimbus Bikes",
    "photoType": "Gravatar",
    "photoUrl": "https://cdn.example.test/p/1.png",
    "age": "30-35",
    "background": "Prefers the phone in the morning.",
    "emails": [{"type": "work", "value": "ada@nimbus.test"}, {"type": "home", "value": "ada@home.test"}],
    "phones": [{"type": "mobile", "value": "+351 555 0100"}],
    "chats": [{"type": "skype", "value": "adaq"}],
    "socialProfiles": [{"type": "foursquare", "value": "@adaq"}],
    "websites": [{"value": "https://nimbus.test"}],
    "address": {"city": "Lisbon", "lines": ["Rua A 1", "2 Esq"], "state": "LX", "postalCode": "1000-001", "country": "pt"},
    "properties": [],
}


async def test_a_created_customer_is_read_back_as_the_contract_has_it(client: Client, given: Given) -> None:
    made = await client.post("/v2/customers", json=WHOLE)

    assert made.status_code == 201, made.text
    assert made.content == b""
    customer_id = int(made.headers["resource-id"])
    assert made.headers["location"] == f"https://desk.test/v2/customers/{customer_id}"
    body = await show(client, customer_id)
    here = f"https://desk.test/v2/customers/{customer_id}"
    embedded = body.pop("_embedded")
    assert body.pop("createdAt") == body.pop("updatedAt")
    assert body == {
        "id": customer_id,
        "firstName": "Ada",
        "lastName": "Quill",
        "gender": "Female",
        "jobTitle": "Head of Parts",
        "location": "Lisbon",
        "organization": "Nimbus Bikes",
        "photoType": "gravatar",
        "photoUrl": "https://cdn.example.test/p/1.png",
        "age": "30-35",
        "conversationCount": 0,
        "background": "Prefers the phone in the morning.",
        "draft": False,
        "_links": {
            "address": {"href": f"{here}/address/"},
            "chats": {"href": f"{here}/chats/"},
            "emails": {"href": f"{here}/emails/"},
            "phones": {"href": f"{here}/phones/"},
            "self": {"href": here},
            "social-profiles": {"href": f"{here}/social-profiles/"},
            "websites": {"href": f"{here}/websites/"},
        },
    }
    assert list(body["_links"]) == sorted(body["_links"])
    assert list(embedded) == ["emails", "phones", "chats", "social_profiles", "websites", "properties", "address"]
    ids = [each.pop("id") for name in list(embedded)[:5] for each in embedded[name]]
    assert ids == sorted(set(ids))
    assert embedded == {
        "emails": [{"value": "ada@nimbus.test", "type": "work"}, {"value": "ada@home.test", "type": "home"}],
        "phones": [{"value": "+351 555 0100", "type": "mobile"}],
        "chats": [{"value": "adaq", "type": "skype"}],
        "social_profiles": [{"value": "@adaq", "type": "forsquare"}],
        "websites": [{"value": "https://nimbus.test"}],
        "properties": [],
        "address": {**WHOLE["address"], "country": "PT"},
    }
    assert await facts(given) == [("CustomerCreated", {"customer_id": customer_id})]
    for text in ("ada quill", "nimbus bikes", "ada@home.test", "555 0100"):
        assert await found_by(given, text) == [customer_id]
    async with given.read() as view:
        assert await view.counts(["customers"]) == {"customers": 1}


async def test_what_is_not_known_is_left_out_but_lists_and_background_are_there(client: Client) -> None:
    body = await show(client, await create(client, firstName="Ada", lastName=None, emails=[]))

    assert "lastName" not in body
    assert "organizationId" not in body
    assert "photoUrl" not in body
    assert body["gender"] == "Unknown"
    assert body["photoType"] == "unknown"
    assert body["background"] == ""
    assert body["_embedded"] == {
        "emails": [], "phones": [], "chats": [], "social_profiles": [], "websites": [], "properties": [],
    }  # fmt: skip


async def test_a_customer_answers_with_and_without_a_slash_and_whatever_embed_says(client: Client) -> None:
    customer_id = await create(client)

    assert (await client.get(f"/v2/customers/{customer_id}/")).status_code == 200
    assert (await client.get(f"/v2/customers/{customer_id}?embed=emails,nonsense")).status_code == 200


async def test_an_unknown_customer_is_not_found(client: Client) -> None:
    assert (await client.get("/v2/customers/7")).status_code == 404
    assert mistakes(await client.get("/v2/customers/seven")) == {"customerId": "invalid identifier"}


@pytest.mark.parametrize("body", [{}, {"id": 7, "nickname": "Ada"}, {"firstName": None, "emails": [], "phone": None}])
async def test_a_customer_of_nothing_is_refused(client: Client, given: Given, body: dict[str, Any]) -> None:
    assert mistakes(await client.post("/v2/customers", json=body)) == {"emails": "may not be empty"}

    assert await facts(given) == []


async def test_every_mistake_of_the_shape_is_named(client: Client) -> None:
    refused = await client.post(
        "/v2/customers",
        json={
            "firstName": "",
            "lastName": "x" * 41,
            "gender": "robot",
            "photoType": "painting",
            "jobTitle": "x" * 61,
            "photoUrl": "x" * 201,
            "organizationId": 0,
            "emails": [{"type": "fax", "value": "ada@nimbus.test"}, {"type": "work"}],
            "websites": [{"value": "x" * 101}],
            "address": {"lines": ["x"] * 11},
        },
    )

    told = mistakes(refused)
    assert told == {
        "firstName": "size must be between 1 and 40",
        "lastName": "size must be between 1 and 40",
        "gender": "Expected one of these: 'female', 'male', 'unknown'",
        "photoType": "Expected one of these: 'facebook', 'googleplus', 'googleprofile', 'gravatar', 'instagram', "
        "'linkedin', 'twitter', 'unknown'",
        "jobTitle": "size must be between 0 and 60",
        "photoUrl": "size must be between 0 and 200",
        "organizationId": "must be greater than or equal to 1",
        "emails[0].type": "Expected one of these: 'home', 'other', 'work'",
        "emails[1].value": "may not be empty",
        "websites[0].value": "size must be between 0 and 100",
        "address.lines": "size must be between 0 and 10",
    }


async def test_every_mistake_of_the_content_is_named(client: Client) -> None:
    refused = await client.post(
        "/v2/customers",
        json={
            "emails": [{"value": "ada@nimbus.test"}, {"value": "ada at nimbus"}],
            "phones": [{"value": "  "}],
            "address": {"city": "Lisbon"},
            "organizationId": 812,
            "properties": [{"slug": "plan", "value": "gold"}],
        },
    )

    assert mistakes(refused) == {
        "emails[1].value": "not a well-formed email address",
        "phones[0].value": "may not be empty",
        "address.country": "may not be empty",
        "organizationId": "is not an organization",
        "properties[0].slug": "is not a property",
    }


async def test_a_country_must_exist(client: Client) -> None:
    refused = await client.post("/v2/customers", json={"address": {"country": "ZZ"}})

    assert mistakes(refused) == {"address.country": "must be a two-letter ISO 3166-1 country code"}


async def test_an_address_that_somebody_has_is_a_conflict_in_any_case(client: Client, given: Given) -> None:
    await create(client, emails=[{"type": "work", "value": "Ada@nimbus.test"}])

    refused = await client.post("/v2/customers", json={"emails": [{"value": "ADA@Nimbus.test"}]})

    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/vnd.error+json"
    assert "_embedded" not in refused.json()
    assert len(await facts(given)) == 1


async def test_an_address_given_twice_is_a_conflict(client: Client) -> None:
    twice = [{"value": "ada@nimbus.test"}, {"value": "Ada@nimbus.test"}]

    assert (await client.post("/v2/customers", json={"emails": twice})).status_code == 409


async def test_one_phone_beside_the_lists_is_of_type_work(client: Client) -> None:
    body = await show(client, await create(client, phone="+351 555 0100"))

    (phone,) = body["_embedded"]["phones"]
    assert (phone["type"], phone["value"]) == ("work", "+351 555 0100")


async def test_a_phone_that_is_in_the_list_too_is_added_once(client: Client) -> None:
    phones = [{"type": "home", "value": "+351 555 0100"}]
    body = await show(client, await create(client, phone="+351 555 0100", phones=phones))

    assert [each["type"] for each in body["_embedded"]["phones"]] == ["home"]


async def test_a_type_that_is_not_given_is_other(client: Client) -> None:
    body = await show(client, await create(client, chats=[{"value": "adaq"}]))

    assert body["_embedded"]["chats"][0]["type"] == "other"


async def test_an_organization_must_exist(client: Client) -> None:
    refused = await client.post("/v2/customers", json={"firstName": "Ada", "organizationId": 812})

    assert mistakes(refused) == {"organizationId": "is not an organization"}


async def test_a_linked_organization_wins_over_the_text(client: Client, organization: int) -> None:
    body = await show(client, await create(client, organization="Something", organizationId=organization))

    assert body["organization"] == "Nimbus Bikes"
    assert body["organizationId"] == organization
    assert body["_links"]["organization"] == {"href": f"https://desk.test/v2/organizations/{organization}"}
    assert list(body["_links"]) == sorted(body["_links"])


async def test_who_may_not_edit_customers_reads_but_does_not_write(client: Client, given: Given) -> None:
    customer_id = await create(client)
    light = await given.user("Lou", "Light", role=Role.LIGHT_USER)

    async with given.client(light) as limited:
        assert (await limited.get(f"/v2/customers/{customer_id}")).status_code == 200
        assert (await limited.get("/v2/customers")).status_code == 200
        here = f"/v2/customers/{customer_id}"
        refused = [
            await limited.post("/v2/customers", json={"firstName": "Bo"}),
            await limited.put(here, json={"firstName": "Bo"}),
            await limited.patch(here, json=[{"op": "remove", "path": "/firstName"}]),
            await limited.post(f"{here}/emails", json={"value": "bo@nimbus.test"}),
            await limited.post(f"{here}/address", json={"country": "PT"}),
            await limited.put(f"{here}/address", json={"country": "PT"}),
        ]
        assert [each.status_code for each in refused] == [403] * 6
    assert (await show(client, customer_id))["firstName"] == "Ada"
