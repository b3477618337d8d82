"""What is told of organizations, ratings, people and chats (contract 40 §4)."""

from __future__ import annotations

import uuid

from deskhand.conversations.model import Rating, ThreadType
from deskhand.kernel.permissions import customer_actor
from deskhand.ratings import operations as ratings
from deskhand.webhooks.model import EventName
from deskhand.webhooks.sending import Sender
from tests.given import Client, Given
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import Receiver


async def test_organizations_are_told_as_the_api_shows_them(
    client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, "organization.created", "organization.updated", "organization.deleted")
    made = await client.post("/v2/organizations", json={"name": "Nimbus Bikes", "domains": ["nimbus.test"]})
    it = int(made.headers["resource-id"])
    shown = (await client.get(f"/v2/organizations/{it}")).json()
    await client.put(f"/v2/organizations/{it}", json={"name": "Nimbus"})
    await client.delete(f"/v2/organizations/{it}")
    await sender.run_due()

    assert receiver.events == ["organization.created", "organization.updated", "organization.deleted"]
    assert receiver.got[0].json == shown
    assert (receiver.got[1].json["name"], receiver.got[2].json) == ("Nimbus", {"id": it})


async def test_a_rating_is_told_when_it_comes_and_when_it_changes(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    it = await given.conversation()
    thread = await given.thread(it, ThreadType.MESSAGE, "On its way")
    await hooks.add(receiver.url, "satisfaction.ratings", mailboxIds=[given.inbox])
    await hooks.add(receiver.url, "satisfaction.ratings", mailboxIds=[await given.new_inbox("Elsewhere")])
    async with given.write() as tx:
        link = await ratings.rating_link(tx, it, thread, origin="", days=1)
    for word in (Rating.OKAY, Rating.GREAT):
        async with given.desk.writing(customer_actor()) as tx:
            await ratings.rate(tx, link.rpartition("/")[2], word, "Quick", change_hours=1)
    await sender.run_due()

    assert [each.json["rating"] for each in receiver.got] == ["okay", "great"]
    assert receiver.got[1].json == (await client.get(f"/v2/ratings/{receiver.got[1].json['id']}")).json()


async def test_a_users_status_is_told(given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    await hooks.add(receiver.url, "user.status.changed")
    await hooks.add(receiver.url, "user.status.changed", notification=True)
    await client.put(f"/v2/users/{given.owner}/status", json={"status": "away", "customStatus": {"text": "Lunch"}})
    await sender.run_due()

    here = f"/v2/users/{given.owner}/status"
    assert (await client.get(here)).json() in [each.json for each in receiver.got]
    assert f"https://desk.test{here}" in [each.json.get("url") for each in receiver.got]


async def test_a_chat_is_told_from_its_beginning_to_its_end(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, *(each for each in EventName if each.startswith("beacon.")))
    customer = {"email": "pavel@mail.test", "firstName": "Pavel"}
    made = await client.post("/deskhand/v1/chats", json={"mailboxId": given.inbox, "customer": customer})
    chat = made.json()["id"]
    await client.put(f"/deskhand/v1/chats/{chat}/customer-messages/{uuid.uuid4()}", json={"body": "Hello?"})
    await client.put(f"/v2/chats/{chat}/messages/{uuid.uuid4()}", json={"body": "Good morning"})
    shown = (await client.get(f"/chat/v1/{chat}")).json()
    assert (await client.delete(f"/deskhand/v1/chats/{chat}")).is_success
    await sender.run_due()

    assert receiver.events == [
        "beacon.chat.created",
        "beacon.chat.customer.replied",
        "beacon.chat.assigned",
        "beacon.chat.agent.replied",
        "beacon.chat.ended",
    ]
    assert receiver.got[3].json == shown
    assert {each.json["id"] for each in receiver.got} == {chat}
