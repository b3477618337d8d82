"""The list of customers of v3 (contract 50 §7)."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import MovableClock
from tests.customers.facts import create, mistakes, show
from tests.given import Client, Given, later


async def page(client: Client, **asked: str) -> dict[str, Any]:
    answer = await client.get("/v3/customers", params=asked)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def ids(client: Client, **asked: str) -> list[int]:
    return [each["id"] for each in (await page(client, **asked)).get("_embedded", {"customers": []})["customers"]]


async def test_everybody_is_met_once_newest_first(client: Client, given: Given, clock: MovableClock) -> None:
    made = []
    for number in range(120):
        if number % 40 == 0:
            clock.move(timedelta(seconds=5))  # many are made in one second, so ids decide
        made.append((await given.customer(f"p{number}@mail.test")).id)

    met: list[list[int]] = []
    link: str | None = "https://desk.test/v3/customers?query=&x=ä"
    while link:
        body = (await client.get(link)).json()
        assert list(body) == ["_embedded", "_links"]
        assert body["_links"]["self"]["href"].startswith("https://desk.test/v3/customers?query=&x=%C3%A4")
        assert body["_links"]["first"]["href"] == "https://desk.test/v3/customers?query=&x=%C3%A4"
        met.append([each["id"] for each in body["_embedded"]["customers"]])
        link = body["_links"].get("next", {}).get("href")
        if len(met) == 1:
            await given.customer("late@mail.test")  # what comes meanwhile shifts nothing

    assert [len(each) for each in met] == [50, 50, 20]
    assert [each for several in met for each in several] == made[::-1]


async def test_an_empty_list_has_only_links(client: Client) -> None:
    here = {"href": "https://desk.test/v3/customers"}

    assert await page(client) == {"_links": {"first": here, "self": here}}


async def test_items_are_those_of_v2(client: Client) -> None:
    ada = await create(client, firstName="Ada", emails=[{"value": "ada@nimbus.test"}])

    assert (await page(client))["_embedded"]["customers"] == [await show(client, ada)]


async def test_all_filters_must_hold(client: Client, clock: MovableClock) -> None:
    ada = await create(
        client, firstName="Ada", lastName="Quill", emails=[{"value": "Ada@Nimbus.test"}, {"value": "a@home.test"}]
    )
    clock.move(timedelta(seconds=10))
    moment = later(clock.now() - timedelta(seconds=5))
    bo = await create(client, firstName="Bo", lastName="Quill", emails=[{"value": "ada@nimbus.test.example"}])
    await client.put(f"/v2/customers/{ada}", json={"firstName": "Ada", "lastName": "Quill"})

    assert await ids(client, lastName="quill") == [bo, ada]
    assert await ids(client, firstName="ada", lastName="quill") == [ada]
    assert await ids(client, email=" ada@nimbus.TEST ") == [ada]
    assert await ids(client, email="a@home.test", firstName="Bo") == []
    assert await ids(client, email="nimbus.test") == []
    assert await ids(client, email="") == [bo, ada]
    assert await ids(client, createdSince=moment) == [bo]
    assert await ids(client, modifiedSince=moment) == [bo, ada]
    assert await ids(client, query='(email:"nimbus")') == [bo, ada]
    assert await ids(client, query='firstName:"Bo"', page="7", mailbox="x", sortField="x") == [bo]
    assert await ids(client, firstName="?!") == []


async def test_mistakes_are_named(client: Client) -> None:
    asked = {"createdSince": "yesterday", "modifiedSince": "2026-01-01", "email": "a\0"}
    assert set(mistakes(await client.get("/v3/customers", params=asked))) == set(asked)
    assert set(mistakes(await client.get("/v3/customers", params={"query": "(("}))) == {"query"}


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "===",
        "é",
        "a\x07",
        *(urlsafe_b64encode(each).decode() for each in (b"", b"\xff", b"now 1", b"2026-01-01T00:00:00Z x")),
    ],
)
async def test_what_is_no_cursor_of_ours_is_refused(client: Client, cursor: str) -> None:
    if cursor:
        assert set(mistakes(await client.get("/v3/customers", params={"cursor": cursor}))) == {"cursor"}
