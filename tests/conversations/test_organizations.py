"""What members of an organization wrote about, how many there are, and when something happened last (contract 51 §2)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing, merging
from deskhand.kernel.permissions import Role
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.organizations.facts import activity, counts


async def listed(client: Client, organization_id: int) -> list[int]:
    body = (await client.get(f"/v2/organizations/{organization_id}/conversations")).json()
    found = body.get("_embedded", {"conversations": []})["conversations"]
    assert body["page"]["totalElements"] == len(found)
    return [each["id"] for each in found]


async def test_conversations_in_any_status_newest_first_and_whole(client: Client, given: Given, clock: MovableClock) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")
    ada, bo = await given.customer("ada@nimbus.test"), await given.customer("bo@nimbus.test")
    made = []
    for status, who in ((Status.CLOSED, ada), (Status.SPAM, bo), (Status.ACTIVE, ada)):
        clock.move(timedelta(seconds=5))
        made.append(await given.conversation(customer=who, status=status))
    await given.conversation(customer=await given.customer("zoe@home.test"))

    assert await listed(client, nimbus) == made[::-1]
    body = (await client.get(f"/v2/organizations/{nimbus}/conversations")).json()
    assert body["page"]["size"] == 50
    first = body["_embedded"]["conversations"][0]
    assert first == (await client.get(f"/v2/conversations/{made[-1]}")).json()
    assert "_embedded" not in first, "no threads"


async def test_only_what_one_may_see_is_listed(given: Given) -> None:
    nimbus = await given.organization("Nimbus Bikes", "nimbus.test")
    ada = await given.customer("ada@nimbus.test")
    other = await given.new_inbox("Other")
    worker = await given.user(role=Role.USER)
    await given.grant(other, worker)
    hidden, seen = await given.conversation(customer=ada), await given.conversation(customer=ada, inbox=other)

    async with given.client(worker) as client:
        assert await listed(client, nimbus) == [seen]
    async with given.client(given.owner) as client:
        assert await listed(client, nimbus) == [seen, hidden]
    assert await counts(given, nimbus) == (1, 2)


async def test_counts_follow_every_way_of_a_conversation(client: Client, given: Given) -> None:
    nimbus, brook = await given.organization("Nimbus", "nimbus.test"), await given.organization("Brook", "brook.test")
    ada, bo = await given.customer("ada@nimbus.test"), await given.customer("bo@brook.test")
    first, second, third = [await given.conversation(customer=ada) for _ in range(3)]
    assert await counts(given, nimbus) == (1, 3)

    async with given.write(given.owner) as tx:
        await changing.set_customer(tx, first, bo.id)
    assert (await counts(given, nimbus), await counts(given, brook)) == ((1, 2), (1, 1))
    other = await given.new_inbox("Other")
    async with given.write(given.owner) as tx:
        await changing.move(tx, first, other)
    assert await counts(given, brook) == (1, 1)
    async with given.write(given.owner) as tx:
        await merging.merge(tx, second, into=first)
    assert (await counts(given, nimbus), await counts(given, brook)) == ((1, 1), (1, 1))
    await client.delete(f"/v2/conversations/{third}")
    assert await counts(given, nimbus) == (1, 0)
    assert await listed(client, nimbus) == []
    assert await listed(client, brook) == [first]
    await client.delete(f"/v2/customers/{bo.id}")
    assert await counts(given, brook) == (0, 0)


async def test_the_last_interaction_is_that_of_any_member(client: Client, given: Given, clock: MovableClock) -> None:
    nimbus, brook = await given.organization("Nimbus", "nimbus.test"), await given.organization("Brook", "brook.test")
    made = (await activity(given, nimbus)).last_interaction_at
    ada = await given.customer("ada@nimbus.test")

    async def last(organization_id: int) -> int:
        return round((await activity(given, organization_id)).last_interaction_at.timestamp() - made.timestamp())

    clock.move(timedelta(seconds=100))
    conversation = await given.conversation(customer=ada)
    assert 100 <= await last(nimbus) < 110
    clock.move(timedelta(seconds=100))
    await given.thread(conversation, ThreadType.CUSTOMER)
    assert 200 <= await last(nimbus) < 210
    clock.move(timedelta(seconds=100))
    await given.thread(conversation, ThreadType.NOTE, imported=True, created_at=made)
    assert 200 <= await last(nimbus) < 210, "history is no interaction"
    await client.patch(f"/v2/conversations/{conversation}", json={"op": "replace", "path": "/status", "value": "closed"})
    assert 300 <= await last(nimbus) < 310
    clock.move(timedelta(seconds=100))
    await client.put(f"/v2/customers/{ada.id}", json={"organizationId": brook})
    assert 300 <= await last(brook) < 310, "the conversations of who comes count"
    await given.conversation(customer=await given.customer("old@nimbus.test"), created_at=made)
    assert 300 <= await last(nimbus) < 310, "what is older than the last does nothing"
    bo = await given.customer("bo@nimbus.test")
    async with given.write(given.owner) as tx:
        await changing.set_customer(tx, conversation, bo.id)
    assert 400 <= await last(nimbus) < 410


async def test_members_who_write_at_once_are_all_counted(given: Given) -> None:
    nimbus = await given.organization("Nimbus", "nimbus.test")

    async def write(number: int) -> None:
        who = await given.customer(f"p{number}@nimbus.test")
        conversation = await given.conversation(customer=who)
        await given.thread(conversation, ThreadType.CUSTOMER)

    await asyncio.gather(*(write(number) for number in range(8)))

    assert await counts(given, nimbus) == (8, 8)
