"""Emails, phones, chat handles, social profiles, websites (contract 50 §6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import MovableClock
from tests.customers.facts import create, facts, found_by, mistakes, show
from tests.given import Client, Given

KINDS: list[tuple[str, str, dict[str, str], dict[str, str]]] = [
    (
        "emails",
        "emails",
        {"type": "work", "value": "bea@nimbus.test"},
        {"type": "home", "value": "bea@home.test"},
    ),
    ("phones", "phones", {"type": "mobile", "value": "+351 555 0100"}, {"type": "pager", "value": "+351 555 0101"}),
    ("chats", "chats", {"type": "skype", "value": "bea"}, {"type": "xmpp", "value": "bea@chat.test"}),
    (
        "social-profiles",
        "social_profiles",
        {"type": "aboutme", "value": "@bea"},
        {"type": "tungleme", "value": "@beatrix"},
    ),
    ("websites", "websites", {"value": "https://bea.test"}, {"value": "bea dot test"}),
]
each_kind = pytest.mark.parametrize(("segment", "inside", "first", "second"), KINDS)


@each_kind
async def test_an_entry_lives_from_creation_to_deletion(
    client: Client, segment: str, inside: str, first: dict[str, str], second: dict[str, str]
) -> None:
    customer_id = await create(client)
    here = f"/v2/customers/{customer_id}/{segment}"

    made = await client.post(here, json=first)
    assert made.status_code == 201, made.text
    assert made.content == b""
    assert "location" not in made.headers
    entry_id = int(made.headers["resource-id"])
    item = {"id": entry_id, **first, "_links": {"self": {"href": f"https://desk.test{here}/{entry_id}"}}}
    assert (await client.get(f"{here}/{entry_id}")).json() == item
    listed = await client.get(f"{here}/")
    assert listed.headers["content-type"] == "application/hal+json;charset=UTF-8"
    assert listed.json() == {
        "_embedded": {segment: [item]},
        "_links": {"self": {"href": f"https://desk.test{here}"}},
    }
    assert (await show(client, customer_id))["_embedded"][inside] == [{"id": entry_id, **first}]

    put = await client.put(f"{here}/{entry_id}", json=second)
    assert (put.status_code, put.content) == (204, b"")
    assert (await show(client, customer_id))["_embedded"][inside] == [{"id": entry_id, **second}]

    gone = await client.delete(f"{here}/{entry_id}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.get(here)).json() == {"_links": {"self": {"href": f"https://desk.test{here}"}}}
    assert (await client.get(f"{here}/{entry_id}")).status_code == 404


@each_kind
async def test_what_is_not_there_is_not_found(
    client: Client, segment: str, inside: str, first: dict[str, str], second: dict[str, str]
) -> None:
    customer_id = await create(client, phone="+351 555 0199", emails=[{"value": "ada@nimbus.test"}])
    other = "phones" if segment == "emails" else "emails"
    foreign = (await show(client, customer_id))["_embedded"][other][0]["id"]

    for here in (f"/v2/customers/{customer_id}/{segment}/{foreign}", f"/v2/customers/{customer_id + 1}/{segment}/{foreign}"):
        answers = [await client.get(here), await client.put(here, json=first), await client.delete(here)]
        assert [each.status_code for each in answers] == [404] * 3
    nobody = f"/v2/customers/{customer_id + 1}/{segment}"
    assert [(await client.get(nobody)).status_code, (await client.post(nobody, json=first)).status_code] == [404, 404]


@each_kind
async def test_an_entry_needs_a_value(
    client: Client, segment: str, inside: str, first: dict[str, str], second: dict[str, str]
) -> None:
    here = f"/v2/customers/{await create(client)}/{segment}"

    for body in ({}, {"value": ""}, {"value": "  "}):
        assert mistakes(await client.post(here, json=body)) == {"value": "may not be empty"}


@pytest.mark.parametrize("segment", ["emails", "phones", "chats", "social-profiles"])
async def test_a_type_must_be_one_of_its_kind(client: Client, segment: str) -> None:
    here = f"/v2/customers/{await create(client)}/{segment}"

    refused = await client.post(here, json={"type": "pigeon", "value": "ada@nimbus.test"})

    assert list(mistakes(refused)) == ["type"]


@pytest.mark.parametrize(("segment", "longest"), [("phones", 60), ("chats", 200), ("social-profiles", 200), ("websites", 100)])
async def test_a_value_has_a_longest(client: Client, segment: str, longest: int) -> None:
    here = f"/v2/customers/{await create(client)}/{segment}"

    assert (await client.post(here, json={"value": "x" * longest})).status_code == 201
    refused = await client.post(here, json={"value": "x" * (longest + 1)})
    assert mistakes(refused) == {"value": f"size must be between 0 and {longest}"}


async def test_an_address_has_191_characters_at_most(client: Client) -> None:
    here = f"/v2/customers/{await create(client)}/emails"
    longest = "a@" + ".".join(["n" * 62] * 3)
    assert len(longest) == 190

    assert (await client.post(here, json={"value": longest + "n"})).status_code == 201
    assert list(mistakes(await client.post(here, json={"value": longest + "nn"}))) == ["value"]


async def test_a_type_that_is_not_given_is_other_also_when_replacing(client: Client) -> None:
    customer_id = await create(client, phones=[{"type": "fax", "value": "1"}])
    (phone,) = (await show(client, customer_id))["_embedded"]["phones"]

    await client.put(f"/v2/customers/{customer_id}/phones/{phone['id']}", json={"value": "2", "type": None})

    (phone,) = (await show(client, customer_id))["_embedded"]["phones"]
    assert (phone["type"], phone["value"]) == ("other", "2")


async def test_foursquare_is_kept_as_the_vendor_spells_it(client: Client) -> None:
    customer_id = await create(client)

    await client.post(f"/v2/customers/{customer_id}/social-profiles", json={"type": "foursquare", "value": "@ada"})

    (profile,) = (await show(client, customer_id))["_embedded"]["social_profiles"]
    assert profile["type"] == "forsquare"


async def test_what_is_no_address_is_refused(client: Client) -> None:
    customer_id = await create(client)

    refused = await client.post(f"/v2/customers/{customer_id}/emails", json={"value": "ada at nimbus"})

    assert mistakes(refused) == {"value": "not a well-formed email address"}
    assert refused.json()["_embedded"]["errors"][0]["rejectedValue"] == "ada at nimbus"


async def test_an_address_belongs_to_one_customer_once(client: Client, given: Given) -> None:
    await create(client, emails=[{"value": "bo@nimbus.test"}])
    ada = await create(client, emails=[{"value": "ada@nimbus.test"}, {"value": "ada@home.test"}])
    emails = (await show(client, ada))["_embedded"]["emails"]
    here = f"/v2/customers/{ada}/emails"

    refused = [
        await client.post(here, json={"value": "BO@nimbus.test"}),
        await client.post(here, json={"value": "Ada@nimbus.test"}),
        await client.put(f"{here}/{emails[0]['id']}", json={"value": "bo@nimbus.test"}),
        await client.put(f"{here}/{emails[0]['id']}", json={"value": "ada@home.test"}),
    ]

    assert [each.status_code for each in refused] == [409] * 4
    assert "_embedded" not in refused[0].json()
    assert len(await facts(given)) == 2


async def test_an_address_may_change_its_case_and_its_type(client: Client) -> None:
    customer_id = await create(client, emails=[{"value": "ada@nimbus.test"}])
    (email,) = (await show(client, customer_id))["_embedded"]["emails"]

    put = await client.put(
        f"/v2/customers/{customer_id}/emails/{email['id']}", json={"type": "work", "value": "Ada@Nimbus.test"}
    )

    assert put.status_code == 204
    assert (await show(client, customer_id))["_embedded"]["emails"] == [
        {"id": email["id"], "value": "Ada@Nimbus.test", "type": "work"}
    ]


async def test_other_values_may_be_there_twice(client: Client) -> None:
    here = f"/v2/customers/{await create(client)}/phones"

    answers = [await client.post(here, json={"value": "1"}) for _ in range(2)]

    assert [each.status_code for each in answers] == [201, 201]


async def test_each_change_is_a_fact_and_moves_the_moment(client: Client, given: Given, clock: MovableClock) -> None:
    customer_id = await create(client)
    here = f"/v2/customers/{customer_id}/chats"
    moments = [(await show(client, customer_id))["updatedAt"]]

    async def note(answer: Any) -> None:
        assert answer.status_code < 300
        moments.append((await show(client, customer_id))["updatedAt"])
        clock.move(timedelta(seconds=2))

    clock.move(timedelta(seconds=2))
    made = await client.post(here, json={"value": "ada"})
    await note(made)
    await note(await client.put(f"{here}/{made.headers['resource-id']}", json={"value": "bea"}))
    await note(await client.delete(f"{here}/{made.headers['resource-id']}"))

    assert moments == sorted(set(moments))
    assert (await facts(given))[1:] == [("CustomerUpdated", {"customer_id": customer_id})] * 3


async def test_the_first_address_is_the_one_conversations_show(client: Client, given: Given) -> None:
    ada = await given.customer("ada@nimbus.test", "Ada", "Quill")
    conversation = await given.conversation(customer=ada)
    here = f"/v2/customers/{ada.id}/emails"

    await client.post(here, json={"value": "ada@home.test"})
    assert (await facts(given))[-1] == ("CustomerUpdated", {"customer_id": ada.id})
    first = (await show(client, ada.id))["_embedded"]["emails"][0]["id"]
    await client.delete(f"{here}/{first}")

    assert (await facts(given))[-1] == ("CustomerUpdated", {"customer_id": ada.id, "renamed": True})
    shown = (await client.get(f"/v2/conversations/{conversation}")).json()
    assert shown["primaryCustomer"]["email"] == "ada@home.test"


async def test_the_last_address_may_go(client: Client, given: Given) -> None:
    ada = await given.customer("ada@nimbus.test", "Ada", "Quill")
    (email,) = (await show(client, ada.id))["_embedded"]["emails"]

    assert (await client.delete(f"/v2/customers/{ada.id}/emails/{email['id']}")).status_code == 204
    again = await given.customer("ada@nimbus.test", "Ada", "Quill")

    assert again.id != ada.id


async def test_addresses_and_phones_are_found_handles_are_not(client: Client, given: Given) -> None:
    customer_id = await create(client)
    here = f"/v2/customers/{customer_id}"

    email = await client.post(f"{here}/emails", json={"value": "ada@nimbus.test"})
    await client.post(f"{here}/phones", json={"value": "+351 555 0100"})
    await client.post(f"{here}/chats", json={"value": "wildrose"})

    assert await found_by(given, "nimbus") == [customer_id]
    assert await found_by(given, "555") == [customer_id]
    assert await found_by(given, "wildrose") == []
    await client.delete(f"{here}/emails/{email.headers['resource-id']}")
    assert await found_by(given, "nimbus") == []
