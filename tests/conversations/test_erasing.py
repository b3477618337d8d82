"""Erasing a customer takes along every conversation they took part in (contract 50 §5.3, §5.4)."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from deskhand.app import App
from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import merging
from deskhand.kernel.errors import NotFound
from deskhand.kernel.permissions import Permission
from tests.conftest import MovableClock
from tests.conversations.looking import V2, ids, show, threads, watch
from tests.conversations.test_counts import compare, rows
from tests.given import Client, Given

TABLES = ("threads", "attachments", "conversation_tags", "conversation_fields", "thread_addresses", "conversations")


async def left(given: Given) -> dict[str, int]:
    """How many rows each table has."""
    async with given.read() as view:
        return {name: (await rows(view, f"SELECT COUNT(*) FROM {name}"))[0][0] for name in TABLES}


async def indexed(given: Given) -> int:
    """How many threads the full-text index finds by the word that all of them have."""
    where = "WHERE thread_text MATCH 'hello'" if given.desk.database.dialect == "sqlite" else ""
    async with given.read() as view:
        return int((await rows(view, f"SELECT COUNT(*) FROM thread_text {where}"))[0][0])


async def test_nothing_is_left_of_their_conversations_nor_of_others_they_spoke_in(client: Client, given: Given) -> None:
    gone, other = await given.customer(), await given.customer()
    colour = await given.field("Colour", "singleline")
    own = await given.conversation(customer=gone, tags=["eu"], fields=[(colour, "blue")])
    joined = await given.conversation(customer=other)
    await given.thread(joined, ThreadType.CUSTOMER, "Hello", customer=gone)
    await given.thread(own, ThreadType.MESSAGE, "Hello", cc=["copy@firm.test"])
    deleted = await given.conversation(customer=gone)
    await client.delete(f"{V2}/{deleted}")
    kept = await given.conversation(customer=other)
    facts = await watch(given)

    assert (await client.delete(f"/v2/customers/{gone.id}")).status_code == 204

    assert [fact["conversation_id"] for name, fact in await facts.all() if name == "ConversationErased"] == [
        own, joined, deleted,
    ]  # fmt: skip
    assert (await facts.names())[-1] == "CustomerDeleted"
    assert await left(given) == dict.fromkeys(TABLES, 0) | {"conversations": 1, "threads": 1}
    assert await ids(client, status="all") == [kept]
    assert await indexed(given) == 1
    await compare(given)


async def test_a_conversation_that_took_in_theirs_goes_too(client: Client, given: Given) -> None:
    gone = await given.customer()
    loser, survivor = await given.conversation(customer=gone), await given.conversation()
    async with given.write(given.owner) as tx:
        await merging.merge(tx, loser, into=survivor)

    assert (await client.delete(f"/v2/customers/{gone.id}")).status_code == 204

    assert (await left(given))["conversations"] == 0
    for each in (loser, survivor):
        assert (await client.get(f"{V2}/{each}")).status_code == 404


async def test_bytes_of_files_go_a_day_later_where_nobody_else_has_them(
    client: Client, given: Given, app: App, clock: MovableClock
) -> None:
    gone, other = await given.customer(), await given.customer()
    keys: dict[str, Any] = {}
    for customer, names in ((gone, ("theirs", "both")), (other, ("both",))):
        conversation = await given.conversation(customer=customer)
        (said,) = await threads(client, conversation)
        for name in names:
            file = {"fileName": name, "mimeType": "text/plain", "data": base64.b64encode(name.encode()).decode()}
            await client.post(f"{V2}/{conversation}/threads/{said['id']}/attachments", json=file)
            keys[name] = await app.desk.blobs.put(name.encode())

    assert (await client.delete(f"/v2/customers/{gone.id}")).status_code == 204
    clock.move(timedelta(hours=25))
    await app.worker.run_due()

    assert await app.desk.blobs.get(keys["both"]) == b"both"
    with pytest.raises(NotFound):
        await app.desk.blobs.get(keys["theirs"])


async def test_more_than_a_hundred_conversations_go_only_behind_the_request(client: Client, given: Given, app: App) -> None:
    gone = await given.customer()
    for _ in range(101):
        await given.conversation(customer=gone)

    refused = await client.delete(f"/v2/customers/{gone.id}")
    assert (refused.status_code, (await left(given))["conversations"]) == (403, 101)

    for _ in range(2):
        assert (await client.delete(f"/v2/customers/{gone.id}?async=true")).status_code == 202
    assert (await client.get(f"/v2/customers/{gone.id}")).status_code == 200
    await app.worker.run_due()

    assert (await client.get(f"/v2/customers/{gone.id}")).status_code == 404
    assert (await left(given))["conversations"] == 0
    assert (await client.delete(f"/v2/customers/{gone.id}?async=true")).status_code == 404
    await compare(given)


@pytest.mark.parametrize("behind", ["", "?async=true"])
async def test_who_does_not_see_all_of_them_or_lacks_the_right_is_refused(given: Given, behind: str) -> None:
    gone, returns = await given.customer(), await given.new_inbox("Returns")
    seen = await given.conversation(customer=gone)
    await given.conversation(customer=gone, inbox=returns)
    half, plain = await given.user(may=(Permission.DELETE_CUSTOMERS,)), await given.user()
    await given.grant(given.inbox, half)
    for inbox in (given.inbox, returns):
        await given.grant(inbox, plain)

    for user in (half, plain):
        async with given.client(user) as client:
            assert (await client.delete(f"/v2/customers/{gone.id}{behind}")).status_code == 403
            assert (await show(client, seen))["primaryCustomer"]["id"] == gone.id
