"""Many changes in one request, each by itself (an addition of ours)."""

from __future__ import annotations

from typing import Any

from deskhand.conversations.model import Status
from tests.conversations.looking import codes, ids, show, watch
from tests.given import Client, Given

HERE = "/deskhand/v1/conversations/bulk"


def change(conversation: int, op: str, path: str, *value: Any) -> dict[str, Any]:
    return {"conversationId": conversation, "op": op, "path": path} | ({"value": value[0]} if value else {})


async def results(client: Client, *changes: dict[str, Any], **headers: str) -> list[dict[str, Any]]:
    answer = await client.post(HERE, json={"changes": list(changes)}, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


async def test_each_change_is_made_or_refused_by_itself(client: Client, given: Given) -> None:
    one, two = await given.conversation(), await given.conversation()

    found = await results(
        client,
        change(two, "replace", "/status", "closed"),
        change(999, "replace", "/status", "closed"),
        change(one, "replace", "/status", "done"),
        change(one, "replace", "/assignTo", given.owner),
        change(one, "add", "/nothing", 1),
    )

    assert [(each["conversationId"], each["status"]) for each in found] == [
        (two, 204),
        (999, 404),
        (one, 400),
        (one, 204),
        (one, 400),
    ]
    assert found[1]["error"]["message"] == "Not found"
    assert found[2]["error"]["_embedded"]["errors"][0]["path"] == "value"
    assert found[4]["error"]["_embedded"]["errors"][0]["path"] == "path"
    assert "error" not in found[0]
    assert ((await show(client, two))["status"], (await show(client, one))["assignee"]["id"]) == ("closed", given.owner)


async def test_tags_are_added_and_taken_off_whatever_else_there_is(client: Client, given: Given) -> None:
    one = await given.conversation(tags=["gift", "eu"])

    found = await results(
        client, change(one, "add", "/tags", ["VIP", "eu"]), change(one, "remove", "/tags", ["Gift", "unknown"]),
        change(one, "add", "/tags", ["a,b"]),
    )  # fmt: skip

    assert [each["status"] for each in found] == [204, 204, 400]
    assert [each["tag"] for each in (await show(client, one))["tags"]] == ["eu", "vip"]


async def test_snoozing_waking_and_deleting(client: Client, given: Given) -> None:
    one, two, three = [await given.conversation() for _ in range(3)]
    until = {"snoozedUntil": "2090-01-01T00:00:00Z", "unsnoozeOnCustomerReply": True}

    found = await results(
        client, change(one, "replace", "/snooze", until), change(two, "replace", "/snooze", until),
        change(two, "remove", "/snooze"), change(three, "replace", "/state", "deleted"),
        change(one, "replace", "/snooze", {"snoozedUntil": "x"}),
    )  # fmt: skip

    assert [each["status"] for each in found] == [204, 204, 204, 204, 400]
    assert ("snooze" in await show(client, one), "snooze" in await show(client, two)) == (True, False)
    assert await ids(client) == [two, one]


async def test_a_refused_change_leaves_no_fact_and_no_count(client: Client, given: Given) -> None:
    one = await given.conversation()
    facts = await watch(given)

    await results(client, change(one, "replace", "/tags", ["new", "x" * 61]), change(one, "replace", "/status", "pending"))

    assert await facts.names() == ["ConversationStatusChanged"]
    assert "_embedded" not in (await client.get("/v2/tags")).json()


async def test_who_may_not_is_refused_by_item(given: Given) -> None:
    one = await given.conversation(status=Status.ACTIVE)
    async with given.client(await given.user()) as outsider:
        (found,) = await results(outsider, change(one, "replace", "/status", "closed"))

    assert found["status"] == 404


async def test_the_request_itself_is_checked_whole(client: Client, given: Given) -> None:
    one = await given.conversation()

    assert codes(await client.post(HERE, json={"changes": []})) == {"changes": "NotEmpty"}
    assert codes(await client.post(HERE, json={"changes": [change(one, "add", "/tags", ["x"])] * 101})) == {"changes": "Size"}
    assert codes(await client.post(HERE, json={"changes": [{"op": "add"}]})) == {
        "changes[0].conversationId": "NotNull",
        "changes[0].path": "NotEmpty",
    }


async def test_under_an_idempotency_key_it_is_done_once(client: Client, given: Given) -> None:
    one = await given.conversation()
    key = {"Idempotency-Key": "bulk-1"}
    first = await results(client, change(one, "replace", "/status", "closed"), **key)
    await results(client, change(one, "replace", "/status", "active"))

    assert await results(client, change(one, "replace", "/status", "closed"), **key) == first
    assert (await show(client, one))["status"] == "active"
