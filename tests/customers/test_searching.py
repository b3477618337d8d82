"""The search language over customers (contract 50 §2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import MovableClock
from tests.customers.facts import create, show
from tests.given import Client

PEOPLE: dict[str, dict[str, Any]] = {
    "ada": {
        "firstName": "Ada",
        "lastName": "Quill",
        "organization": "Nimbus Bikes",
        "emails": [{"value": "Ada.Quill@nimbus.test"}, {"value": "ada@home.test"}],
        "phones": [{"value": "+351 555 0100"}],
    },
    "bo": {"firstName": "Bo Ada", "lastName": "Brook", "emails": [{"value": "bo@nimbus.test.example"}]},
    "cleo": {"firstName": "Cléo", "organization": "Bikes of Nimbus", "emails": [{"value": "100%@x_y.test"}]},
}


async def people(client: Client) -> dict[int, str]:
    return {await create(client, **fields): name for name, fields in PEOPLE.items()}


async def found(client: Client, query: str, **more: str) -> list[int]:
    answer = await client.get("/v2/customers", params={"query": query, **more})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    ids = [each["id"] for each in body.get("_embedded", {"customers": []})["customers"]]
    assert body["page"]["totalElements"] == len(ids)
    return ids


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ('firstName:"Ada"', "bo ada"),
        ('(firstName:"ada" AND lastName:"quill")', "ada"),
        ('firstName:"Bo Ada"', "bo"),
        ('firstName:"Ada Bo"', ""),
        ("firstName:cl*", "cleo"),
        ("firstName:cleo", "cleo"),
        ('firstName:""', ""),
        ('lastName:"brook"', "bo"),
        ("lastName:*", "bo ada"),
        ('email:"ada.quill@NIMBUS.test"', "ada"),
        ('email:"nimbus.test"', "bo ada"),
        ('email:"quill@nimbus"', "ada"),
        ('(email:("ada@home.test" OR "bo@nimbus.test.example"))', "bo ada"),
        ('email:"100%@x_y.test"', "cleo"),
        ('email:"%"', "cleo"),
        ('email:"_"', "cleo"),
        ('emailDomain:("nimbus.test")', "ada"),
        ('emailDomain:"HOME.test"', "ada"),
        ('emailDomain:"@home.test"', "ada"),
        ("emailDomain:nimbus.*", "bo ada"),
        ('emailDomain:"nimbus"', ""),
        ('NOT emailDomain:"nimbus.test"', "cleo bo"),
        ('organization:"nimbus bikes"', "ada"),
        ("organization:bikes", "cleo ada"),
        ("nimbus", "cleo bo ada"),
        ("quill 0100", "ada"),
        ("ada@home.test", "ada"),
        ("bik*", "cleo ada"),
        ("nowhere", ""),
        ('firstName:"Ada" NOT lastName:"Quill"', "bo"),
    ],
)
async def test_a_query_finds(client: Client, query: str, names: str) -> None:
    who = await people(client)

    assert [who[each] for each in await found(client, query, sortField="createdAt")] == names.split()


async def test_ids_and_moments_are_compared(client: Client, clock: MovableClock) -> None:
    ada = await create(client, firstName="Ada")
    clock.move(timedelta(minutes=20))
    bo = await create(client, firstName="Bo")
    moment = (await show(client, bo))["createdAt"]
    await client.put(f"/v2/customers/{ada}", json={"firstName": "Ada"})
    changed = (await show(client, ada))["updatedAt"]

    assert await found(client, f"id:{ada}") == [ada]
    assert await found(client, f"createdAt:[{moment} TO *]") == [bo]
    assert await found(client, f"(modifiedAt:[{changed} TO *] AND id:[* TO {ada}])") == [ada]
    assert sorted(await found(client, f'modifiedSince:"{moment}"')) == [ada, bo]
    assert await found(client, "createdAt:[* TO 2001-01-01T00:00:00Z]") == []


async def test_words_that_stand_together_rank_first_then_newer_ones(client: Client, clock: MovableClock) -> None:
    made = []
    for organization in ("Nimbus Bikes", "Bikes of Nimbus", "Nimbus Bikes Porto", "Bikes and Nimbus"):
        made.append(await create(client, organization=organization))
        clock.move(timedelta(seconds=5))
    first, second, third, fourth = made

    assert await found(client, '"nimbus bikes"') == [third, first, fourth, second]
    assert await found(client, '"nimbus bikes"', sortOrder="asc") == [second, fourth, first, third]
    assert await found(client, '"nimbus bikes"', sortField="createdAt") == [fourth, third, second, first]
    assert await found(client, "nimbus bikes") == [fourth, third, second, first]
    assert await found(client, '"nimbus bikes"', sortField="score", mailbox="77") == []


async def test_a_search_and_filters_must_all_hold(client: Client) -> None:
    who = await people(client)

    assert [who[each] for each in await found(client, "nimbus", firstName="ada")] == ["bo", "ada"]
    assert [who[each] for each in await found(client, "nimbus", lastName="quill")] == ["ada"]


async def test_a_changed_customer_is_found_by_what_is_new_only(client: Client) -> None:
    ada = await create(client, firstName="Ada", organization="Nimbus Bikes")

    await client.put(f"/v2/customers/{ada}", json={"firstName": "Bea", "organization": "Brook"})

    assert await found(client, "nimbus") == []
    assert await found(client, "organization:nimbus") == []
    assert await found(client, "bea brook") == [ada]
