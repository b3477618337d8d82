"""Several people on one conversation at once: nothing is lost, nobody is refused for it."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.conversations.looking import V2, create, ids, show, threads
from tests.conversations.test_counts import compare
from tests.given import Client, Given

OURS = "/deskhand/v1/conversations"

PAVEL = {"email": "pavel@mail.test"}


async def together(*requests: Any) -> list[int]:
    return [answer.status_code for answer in await asyncio.gather(*requests)]


async def test_every_entry_of_many_writers_is_kept_and_counted(client: Client, given: Given) -> None:
    conversation = await create(client, given)
    reply = {"text": "x", "customer": PAVEL}

    said = await together(
        *(client.post(f"{V2}/{conversation}/notes", json={"text": "x"}) for _ in range(10)),
        *(client.post(f"{V2}/{conversation}/reply", json=reply) for _ in range(10)),
        *(client.post(f"{V2}/{conversation}/customer", json=reply) for _ in range(10)),
    )

    assert said == [201] * 30
    assert (await show(client, conversation))["threads"] == 21
    assert len(await threads(client, conversation)) == 31
    await compare(given)


async def test_changes_of_everything_at_once_all_hold(client: Client, given: Given) -> None:
    conversation = await create(client, given)
    people = [(await given.customer()).id for _ in range(5)]
    returns = await given.new_inbox("Returns")
    here = f"{V2}/{conversation}"

    def change(path: str, value: Any) -> Any:
        return client.patch(here, json={"op": "replace", "path": path, "value": value})

    done = await together(
        *(change("/status", status) for status in ("closed", "pending", "active", "spam", "closed")),
        *(change("/primaryCustomer.id", each) for each in people),
        *(change("/subject", f"Subject {number}") for number in range(5)),
        *(change("/assignTo", given.owner) for _ in range(3)),
        *(change("/mailboxId", inbox) for inbox in (returns, given.inbox, returns)),
        *(client.put(f"{here}/tags", json={"tags": [f"tag {number}", "all"]}) for number in range(5)),
        *(client.post(f"{here}/customer", json={"text": "x", "customer": {"id": each}}) for each in people),
    )

    assert set(done) == {201, 204}
    body = await show(client, conversation)
    assert [each["tag"] for each in body["tags"]].count("all") == 1
    assert (body["assignee"]["id"], len(body["tags"])) == (given.owner, 2)
    assert body["primaryCustomer"]["id"] in people
    await compare(given)


async def test_two_who_delete_or_merge_do_it_once(client: Client, given: Given) -> None:
    conversation = await create(client, given)

    done = await together(*(client.delete(f"{V2}/{conversation}") for _ in range(5)))

    assert sorted(done) == [204, 404, 404, 404, 404]
    await compare(given)


async def test_of_those_who_merge_and_undo_at_once_each_is_done_once(client: Client, given: Given) -> None:
    pair = [await create(client, given) for _ in range(2)]
    both = [(pair[0], pair[1]), (pair[1], pair[0])] * 3

    done = await together(*(client.post(f"{OURS}/{one}/merge", json={"into": other}) for one, other in both))
    assert sorted(done) == [204, *[404] * 5]
    done = await together(*(client.post(f"{OURS}/{each}/unmerge") for each in pair * 3))
    assert sorted(done) == [204, *[412] * 5]

    assert sorted(await ids(client)) == pair
    await compare(given)


async def test_customers_who_are_merged_into_each_other_at_once_are_one(client: Client, given: Given) -> None:
    pair = [await given.customer() for _ in range(2)]
    conversation = await given.conversation(customer=pair[0])
    both = [(pair[0], pair[1]), (pair[1], pair[0])] * 2
    merges = [client.post(f"/deskhand/v1/customers/{one.id}/merge", json={"into": other.id}) for one, other in both]
    notes = [client.post(f"{V2}/{conversation}/notes", json={"text": "Hm"}) for _ in range(4)]

    done = await together(*merges, *notes)

    assert sorted(done) == [201] * 4 + [204] + [404] * 3
    await compare(given)


async def test_the_same_stranger_and_tag_at_once_are_one(client: Client, given: Given) -> None:
    bodies = [{"tags": ["new"], "customer": {"email": "New@mail.test"}}] * 8

    made = await asyncio.gather(*(create(client, given, **body) for body in bodies))

    listed = (await client.get(V2)).json()["_embedded"]["conversations"]
    assert len({each["primaryCustomer"]["id"] for each in listed}) == 1
    assert len({each["number"] for each in listed}) == 8
    assert sorted(await ids(client, tag="new")) == sorted(made)
    await compare(given)
