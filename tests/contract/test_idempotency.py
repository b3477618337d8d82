"""``Idempotency-Key``: a POST that comes again has one effect and one answer; without the header nothing is different."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import MovableClock
from tests.contract.test_openapi import DOCUMENT
from tests.conversations.looking import V2, ids, request, threads, watch
from tests.given import Client, Given

KEY = {"Idempotency-Key": "order-4711"}


async def test_the_same_request_again_gets_the_same_answer_and_does_nothing(client: Client, given: Given) -> None:
    first = await client.post(V2, json=request(given), headers=KEY)
    facts = await watch(given)
    again = await client.post(V2, json=request(given), headers=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    for name in ("resource-id", "location", "web-location", "content-type", "content-length"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert await ids(client) == [int(first.headers["resource-id"])]
    assert await facts.names() == []


async def test_a_reply_is_said_once(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    said = {"text": "On its way", "customer": {"email": "pavel@mail.test"}}
    for _ in range(3):
        assert (await client.post(f"{V2}/{conversation}/reply", json=said, headers=KEY)).status_code == 201

    assert len(await threads(client, conversation)) == 2


@pytest.mark.parametrize("other", ["body", "path", "query"])
async def test_another_request_under_the_same_key_is_409(client: Client, given: Given, other: str) -> None:
    await client.post(V2, json=request(given), headers=KEY)
    body = request(given) | ({"subject": "Another"} if other == "body" else {})
    path = {"body": V2, "path": "/v2/customers", "query": f"{V2}?x=1"}[other]

    got = await client.post(path, json=body if other != "path" else {"firstName": "Ona"}, headers=KEY)

    assert got.status_code == 409
    assert got.headers["content-type"] == "application/vnd.error+json"
    assert "Idempotency-Key" in got.json()["message"]
    assert len(await ids(client)) == 1


async def test_a_refusal_frees_the_key(client: Client, given: Given) -> None:
    wrong = await client.post(V2, json=request(given) | {"mailboxId": 999}, headers=KEY)
    right = await client.post(V2, json=request(given), headers=KEY)

    assert (wrong.status_code, right.status_code) == (400, 201)


async def test_keys_belong_to_who_asks(client: Client, given: Given) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    await client.post(V2, json=request(given), headers=KEY)
    async with given.client(ona) as other:
        got = await other.post(V2, json=request(given), headers=KEY)

    assert got.status_code == 201
    assert "idempotent-replayed" not in got.headers
    assert len(await ids(client)) == 2


async def test_a_key_is_good_for_a_day(client: Client, given: Given, clock: MovableClock) -> None:
    await client.post(V2, json=request(given), headers=KEY)
    clock.move(timedelta(hours=23))
    assert "idempotent-replayed" in (await client.post(V2, json=request(given), headers=KEY)).headers
    clock.move(timedelta(hours=2))
    assert "idempotent-replayed" not in (await client.post(V2, json=request(given), headers=KEY)).headers

    assert len(await ids(client)) == 2


async def test_many_at_once_are_one(client: Client, given: Given) -> None:
    got = await asyncio.gather(*(client.post(V2, json=request(given), headers=KEY) for _ in range(12)))

    done = [each for each in got if each.status_code == 201]
    assert {each.status_code for each in got} == {201}, "each gets the one answer"
    assert {each.headers["resource-id"] for each in done} == {str(each) for each in await ids(client)}
    assert len(await ids(client)) == 1


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_a_key_has_a_size(client: Client, given: Given, key: str) -> None:
    got: Any = await client.post(V2, json=request(given), headers={"Idempotency-Key": key})

    (mistake,) = got.json()["_embedded"]["errors"]
    assert (got.status_code, mistake["path"], mistake["source"]) == (400, "Idempotency-Key", "HEADER")


async def test_who_asks_without_a_key_is_served_each_time(client: Client, given: Given) -> None:
    for _ in range(2):
        await client.post(V2, json=request(given))

    assert len(await ids(client)) == 2


def test_every_post_with_a_token_tells_that_its_key_may_be_taken() -> None:
    posts = {path: methods["post"] for path, methods in DOCUMENT["paths"].items() if "post" in methods}

    tries = {"/deskhand/v1/workflows/dry-run", "/deskhand/v1/workflows/{workflowId}/dry-run"}  # they change nothing
    assert {path for path, told in posts.items() if "409" not in told["responses"]} == {"/v2/oauth2/token"} | tries
