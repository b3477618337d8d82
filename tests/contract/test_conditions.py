"""``ETag``, ``If-None-Match`` and ``If-Match`` on conversations and customers, for who asks; nobody else sees a difference."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.conversations.queries import one
from deskhand.kernel.transaction import Snapshot
from tests.conversations.looking import V2, show, threads
from tests.given import Client, Given

ASKS = {"Prefer": "return=minimal, etag"}


def subject(text: str) -> dict[str, Any]:
    return {"op": "replace", "path": "/subject", "value": text}


async def tag_of(client: Client, path: str) -> str:
    got = await client.get(path, headers=ASKS)
    assert got.status_code == 200, got.text
    return str(got.headers["etag"])


async def test_who_does_not_ask_gets_none(client: Client, given: Given) -> None:
    here = f"{V2}/{await given.conversation()}"

    assert "etag" not in (await client.get(here)).headers
    assert "etag" not in (await client.get(here, headers={"Prefer": "return=minimal"})).headers
    assert "etag" not in (await client.patch(here, json=subject("x"))).headers


@pytest.mark.parametrize("part", ["", "?embed=threads", "/threads"])
async def test_what_is_known_already_is_not_sent_again(client: Client, given: Given, part: str) -> None:
    conversation = await given.conversation()
    here = f"{V2}/{conversation}{part}"
    tag = await tag_of(client, here)

    same = await client.get(here, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    await given.thread(conversation, ThreadType.NOTE)
    changed = await client.get(here, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_a_write_is_made_only_to_what_the_client_knows(client: Client, given: Given) -> None:
    here = f"{V2}/{await given.conversation()}"
    first = await tag_of(client, here)

    made = await client.patch(here, json=subject("Mine"), headers={"If-Match": first})
    stale = await client.patch(here, json=subject("Yours"), headers={"If-Match": first})
    again = await client.patch(here, json=subject("Yours"), headers={"If-Match": made.headers["etag"]})
    anyway = await client.put(f"{here}/tags", json={"tags": ["x"]}, headers={"If-Match": "*"})

    assert [each.status_code for each in (made, stale, again, anyway)] == [204, 412, 204, 204]
    assert stale.headers["content-type"] == "application/vnd.error+json"
    assert made.headers["etag"] in stale.json()["message"]
    assert (await client.get(here)).json()["subject"] == "Yours"


async def test_a_reply_is_not_said_when_somebody_else_said_something(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    here, said = f"{V2}/{conversation}", {"text": "Done", "customer": {"email": "pavel@mail.test"}}
    tag = await tag_of(client, here)
    await given.thread(conversation, ThreadType.CUSTOMER, "One more thing")

    assert (await client.post(f"{here}/reply", json=said, headers={"If-Match": tag})).status_code == 412
    assert [each["type"] for each in await threads(client, conversation)] == ["customer", "customer"]


async def test_of_many_who_know_the_same_one_gets_through(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    here = f"{V2}/{conversation}"
    tag = await tag_of(client, here)

    got = await asyncio.gather(
        *(client.patch(here, json=subject(f"s{number}"), headers={"If-Match": tag}) for number in range(8))
    )

    statuses = [each.status_code for each in got]
    assert sorted(statuses) == [204] + [412] * 7
    assert (await show(client, conversation))["subject"] == f"s{statuses.index(204)}"


async def test_what_was_done_under_a_key_is_answered_again_whatever_changed(client: Client, given: Given) -> None:
    here = f"{V2}/{await given.conversation()}"
    headers = {"If-Match": await tag_of(client, here), "Idempotency-Key": "k"}
    said = {"text": "Done", "customer": {"email": "pavel@mail.test"}}

    first = await client.post(f"{here}/reply", json=said, headers=headers)
    again = await client.post(f"{here}/reply", json=said, headers=headers)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["resource-id"] == first.headers["resource-id"]


async def test_changes_of_a_customer_within_one_second_are_told_apart(client: Client, given: Given) -> None:
    here = f"/v2/customers/{(await given.customer()).id}"
    seen = {await tag_of(client, here)}
    for number in range(5):
        change = [{"op": "replace", "path": "/jobTitle", "value": f"j{number}"}]
        made = await client.patch(here, json=change, headers={"If-Match": await tag_of(client, here)})
        assert made.status_code == 204, made.text
        seen.add(made.headers["etag"])
    await client.post(f"{here}/phones", json={"type": "work", "value": "+45 5550 0100"})
    seen.add(await tag_of(client, here))

    assert len(seen) == 7
    assert len((await client.get(here)).json()["updatedAt"]) == len("2026-04-02T06:05:04Z")


async def test_who_does_not_see_a_conversation_learns_nothing_of_its_tag(client: Client, given: Given) -> None:
    here = f"{V2}/{await given.conversation()}"
    async with given.client(await given.user()) as outsider:
        for headers in ({"If-Match": '"x"'}, {"If-None-Match": "*"}, ASKS):
            read, write = (
                await outsider.get(here, headers=headers),
                await outsider.patch(here, json=subject("x"), headers=headers),
            )
            assert (read.status_code, write.status_code) == (404, 404)
            assert "etag" not in read.headers


async def test_a_write_that_could_not_be_guarded_is_not_made(client: Client, given: Given) -> None:
    there = f"/v2/users/{given.owner}/status"

    assert (await client.put(there, json={"status": "away"}, headers={"If-Match": '"x"'})).status_code == 412
    assert (await client.get(there)).json()["email"]["status"] == "active"


async def test_a_version_is_read_only_where_it_is_needed(client: Client, given: Given) -> None:
    """Behind a write for its tag, and before it only to compare."""
    conversation, asked = await given.conversation(), 0
    door = given.app.door

    async def version(view: Snapshot, conversation_id: int) -> str | None:
        nonlocal asked
        asked += 1
        return await one.version(view, conversation_id)

    door.versions = {"conversation_id": version}
    here = f"{V2}/{conversation}"
    for headers, times in (({}, 0), (ASKS, 1), ({"If-Match": "*"}, 2)):
        asked = 0
        assert (await client.patch(here, json=subject("x"), headers=headers)).status_code == 204
        assert asked == times
