"""Which fact is told, to whom, with which body; through the API, as a receiver gets it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from deskhand.app import App, make_app
from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing, fields, merging, threads
from deskhand.conversations.operations.entries import NewThread
from deskhand.kernel.permissions import Actor, ActorKind, system_actor
from deskhand.kernel.reactions import WATCHERS
from deskhand.webhooks.model import EventName
from deskhand.webhooks.sending import Sender
from deskhand.webhooks.telling import TOLD
from tests.given import Client, Given
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import Receiver

ALL = [each.value for each in EventName if each is not EventName.CALLED]  # that one cannot be subscribed to


async def patch(client: Client, conversation_id: int, op: str, path: str, value: object = None) -> None:
    got = await client.patch(f"/v2/conversations/{conversation_id}", json={"op": op, "path": path, "value": value})
    assert got.status_code == 204, got.text


async def test_every_event_there_is_comes_once_in_order_and_signed(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    field = await given.field("Plan", "singleline")
    other = await given.new_inbox("Sales")
    customer = await given.customer("pavel@mail.test")
    await hooks.add(receiver.url, *ALL)
    here = ""

    async def told(*events: str) -> None:
        await sender.run_due()
        assert receiver.events == list(events)
        receiver.got.clear()

    made = await client.post(
        "/v2/conversations",
        json={
            "subject": "Where is it?",
            "customer": {"email": "new@mail.test", "firstName": "Nia"},
            "mailboxId": given.inbox,
            "type": "email",
            "status": "active",
            "tags": ["parcel"],
            "threads": [{"type": "customer", "customer": {"email": "new@mail.test"}, "text": "Hello"}],
        },
    )
    assert made.status_code == 201, made.text
    here, it = made.headers["location"].removeprefix("https://desk.test"), int(made.headers["resource-id"])
    await told("customer.created", "tag.created", "convo.created")
    assert (await client.post(f"{here}/customer", json={"customer": {"id": customer.id}, "text": "More"})).status_code == 201
    await told("convo.customer.reply.created")
    assert (await client.post(f"{here}/notes", json={"text": "Look"})).status_code == 201
    await told("convo.note.created")
    reply = {"text": "Soon", "customer": {"id": customer.id}, "status": "closed", "assignTo": given.owner}
    assert (await client.post(f"{here}/reply", json=reply)).status_code == 201
    await told("convo.assigned", "convo.status", "convo.agent.reply.created")
    await patch(client, it, "remove", "/assignTo")
    await told("convo.assigned")
    await patch(client, it, "replace", "/status", "pending")
    await told("convo.status")
    assert (await client.put(f"{here}/tags", json={"tags": ["parcel", "late"]})).status_code == 204
    await told("tag.created", "convo.tags")
    assert (await client.put(f"{here}/fields", json={"fields": [{"id": field, "value": "gold"}]})).status_code == 204
    await told("convo.custom-fields")
    await patch(client, it, "move", "/mailboxId", other)
    await told("convo.moved")
    assert (await client.put(f"/v2/customers/{customer.id}", json={"firstName": "Pavel"})).status_code == 204
    await told("customer.updated")
    loser = await given.conversation(customer=customer)
    await told("convo.created")
    async with given.write(given.owner) as tx:
        await merging.merge(tx, loser, into=it)
    await told("convo.merged")
    async with given.write(given.owner) as tx:
        await merging.unmerge(tx, loser)
    nia = await given.customer()
    await told("customer.created")
    merged = await client.post(f"/deskhand/v1/customers/{nia.id}/merge", json={"into": customer.id})
    assert merged.status_code == 204
    await sender.run_due()
    assert sorted(receiver.events) == ["customer.deleted", "customer.updated"]  # of two, so neither waits for the other
    receiver.got.clear()
    assert (await client.delete(here)).status_code == 204
    await told("convo.deleted")
    assert (await client.delete(f"/v2/customers/{customer.id}")).status_code == 204
    await told("customer.deleted")
    assert receiver.unsigned == []
    assert len({each.id for each in receiver.got}) == len(receiver.got)


def test_nothing_that_exists_is_left_out() -> None:
    """Names without a fact: surveys, changed tags, machines that answer and chats that are given back do not exist."""
    names = {each.name for each in TOLD.values() if isinstance(each.name, EventName)}
    by_function = {
        EventName.CREATED,
        EventName.AGENT_REPLY_CREATED,
        EventName.CUSTOMER_REPLY_CREATED,
        EventName.NOTE_CREATED,
    }
    missing = {each.value for each in EventName if each not in names | by_function}

    assert missing == {
        "beacon.chat.agent.replied",  # by a function, as the next
        "beacon.chat.customer.replied",
        "beacon.chat.unassigned",
        "convo.ai-answers.created",
        "message.survey.response.received",
        "tag.deleted",
        "tag.updated",
    }


async def test_a_body_is_what_the_api_answers(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, "convo.note.created", "customer.updated", "tag.created")
    it = await given.conversation()
    assert (await client.post(f"/v2/conversations/{it}/notes", json={"text": "Café / later"})).status_code == 201
    assert (await client.put(f"/v2/conversations/{it}/tags", json={"tags": ["fresh"]})).status_code == 204
    customer = (await client.get("/v2/customers")).json()["_embedded"]["customers"][0]["id"]
    await client.post(f"/v2/customers/{customer}/phones", json={"type": "work", "value": "+45 1"})
    note_read = (await client.get(f"/v2/conversations/{it}?embed=threads")).json()
    tag_read = (await client.get("/v2/tags")).json()["_embedded"]["tags"][0]
    await sender.run_due()
    note, tag, updated = (each.json for each in receiver.got)

    for volatile in ("tags", "customerWaitingSince", "userUpdatedAt"):
        note_read.pop(volatile), note.pop(volatile)
    assert note == note_read
    assert note["_embedded"]["threads"][0]["body"] == "Café / later"
    assert note["_links"]["self"]["href"] == f"https://desk.test/v2/conversations/{it}"
    assert tag == tag_read
    assert tag["ticketCount"] == 1
    assert updated == (await client.get(f"/v2/customers/{customer}")).json()
    assert set(updated["_embedded"]) >= {"emails", "phones", "chats", "social_profiles", "websites", "properties"}
    assert rb"Caf\u00e9 \/ later" in receiver.got[0].body
    assert receiver.got[0].headers["content-type"] == "application/json"


async def test_several_facts_of_one_operation_show_its_end(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, "convo.agent.reply.created", "convo.assigned", "convo.status")
    it = await given.conversation()
    reply = {"text": "Done", "customer": {"email": "pavel@mail.test"}, "status": "closed", "assignTo": given.owner}
    thread = int((await client.post(f"/v2/conversations/{it}/reply", json=reply)).headers["resource-id"])
    await sender.run_due()

    assert len(receiver.got) == 3
    for each in receiver.got:
        assert (each.json["status"], each.json["assignee"]["id"]) == ("closed", given.owner)
        assert each.json["_embedded"]["threads"][0]["id"] == thread


async def test_of_what_is_gone_only_the_id_is_told(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, "convo.deleted", "customer.deleted")
    await hooks.add(receiver.url, "convo.deleted", notification=True)
    customer = await given.customer("pavel@mail.test")
    it = await given.conversation(customer=customer)
    await client.delete(f"/v2/conversations/{it}")
    await client.delete(f"/v2/customers/{customer.id}")
    await sender.run_due()

    assert sorted(each.body for each in receiver.got) == sorted(
        [b'{"id":%d}' % it, b'{"id":%d}' % it, b'{"id":%d}' % customer.id]
    )


async def test_a_notification_says_only_where_to_look(given: Given, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    await hooks.add(receiver.url, "convo.created", notification=True)
    it = await given.conversation()
    await sender.run_due()
    url = f"https://desk.test/v2/conversations/{it}"

    assert receiver.got[0].json == {"id": it, "url": url, "_links": {"self": {"href": url}}}


async def test_webhooks_of_some_inboxes_hear_only_of_them(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    sales = await given.new_inbox("Sales")
    third = await given.new_inbox("Third")
    await hooks.add(receiver.url, "convo.created", "convo.moved", "convo.deleted", "customer.created", mailboxIds=[sales])
    there, here = await given.conversation(inbox=sales), await given.conversation()
    await sender.run_due()
    assert [(each.event, each.json["id"]) for each in receiver.got if each.event != "customer.created"] == [
        ("convo.created", there)
    ]
    assert receiver.events.count("customer.created") == 2, "customers belong to no inbox"
    receiver.got.clear()

    await patch(client, here, "move", "/mailboxId", sales)
    await patch(client, here, "move", "/mailboxId", third)
    await patch(client, here, "move", "/mailboxId", given.inbox)
    await client.delete(f"/v2/conversations/{here}")
    await client.delete(f"/v2/conversations/{there}")
    await sender.run_due()
    assert receiver.events == ["convo.moved", "convo.moved", "convo.deleted"], "into it, and out of it"


async def test_imported_history_is_not_told_unless_asked_for(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, *ALL)
    customer = await given.customer("pavel@mail.test")
    await sender.run_due()
    receiver.got.clear()
    it = await given.conversation(customer=customer, imported=True)
    await given.thread(it, ThreadType.CUSTOMER, imported=True)
    await sender.run_due()
    assert receiver.events == []

    given.desk.settings = structs.replace(given.desk.settings, webhook_imports=True)
    it = await given.conversation(customer=customer, imported=True)
    await given.thread(it, ThreadType.CUSTOMER, imported=True)
    await sender.run_due()
    assert receiver.events == ["convo.created", "convo.customer.reply.created"]


async def test_what_a_workflow_sends_is_no_agents_reply(given: Given, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    await hooks.add(receiver.url, "convo.agent.reply.created", "convo.note.created")
    it = await given.conversation()
    plain = system_actor()
    workflow = Actor(ActorKind.WORKFLOW, 0, plain.permissions, (), sees_all_inboxes=True)
    async with given.desk.writing(workflow) as tx:
        await threads.add(tx, it, NewThread(type=ThreadType.MESSAGE, text="Automatic"))
        await threads.add(tx, it, NewThread(type=ThreadType.NOTE, text="Automatic"))
    await sender.run_due()

    assert receiver.events == ["convo.note.created"]


async def test_drafts_are_told_when_they_are_sent(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, "convo.agent.reply.created")
    it = await given.conversation()
    draft = await given.thread(it, ThreadType.MESSAGE, "Wait", draft=True)
    await sender.run_due()
    assert receiver.events == []
    when = (given.desk.clock.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    url = f"/v2/conversations/{it}/threads/{draft}/schedule"
    assert (await client.put(url, json={"scheduledFor": when, "unscheduleOnCustomerReply": False})).status_code == 204

    given.app.desk.clock.move(timedelta(hours=2))  # type: ignore[attr-defined]
    await given.app.worker.run_due()
    await sender.run_due()
    assert receiver.events == ["convo.agent.reply.created"], "sent by the desk, written by a user"


async def test_of_many_changes_in_one_request_those_that_were_made_are_told(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, "convo.status", "convo.tags")
    one, other = await given.conversation(), await given.conversation()
    changes = [
        {"conversationId": one, "op": "replace", "path": "/status", "value": "closed"},
        {"conversationId": other, "op": "replace", "path": "/status", "value": "wrong"},
        {"conversationId": other, "op": "add", "path": "/tags", "value": ["late"]},
    ]
    got = await client.post("/deskhand/v1/conversations/bulk", json={"changes": changes})
    assert got.status_code == 200, got.text
    await sender.run_due()

    assert [(each.event, each.json["id"]) for each in receiver.got] == [("convo.status", one), ("convo.tags", other)]


async def test_an_operation_that_fails_tells_nothing(given: Given, client: Client, hooks: Hooks) -> None:
    await hooks.add("https://hooks.test/", *ALL)
    it = await given.conversation()
    before = len(await hooks.deliveries())

    with pytest.raises(RuntimeError):
        async with given.write(given.owner) as tx:
            await fields.set_fields(tx, it, [])
            await changing.set_status(tx, it, Status.CLOSED)
            raise RuntimeError("changed my mind")
    assert len(await hooks.deliveries()) == before


async def test_a_hook_made_by_another_process_is_not_missed(given: Given, app: App, hooks: Hooks) -> None:
    """Nothing is remembered between operations, so the first one after the subscription tells, whoever made it."""
    other = make_app(app.desk.settings, app.desk.clock, works=False)
    await other.desk.database.open()
    try:
        there = Given(other)
        there.owner, there.inbox = given.owner, given.inbox
        await there.conversation()
        for _ in range(3):
            hook = await hooks.add("https://hooks.test/", "convo.created")
            await there.conversation()
            assert len(await hooks.deliveries(webhook=hook)) == 1
            await hooks.client.delete(f"/v2/webhooks/{hook}")
            await there.conversation()
    finally:
        await other.desk.database.close()


async def test_without_a_webhook_an_operation_does_not_even_look(given: Given, hooks: Hooks) -> None:
    asked: list[str] = []
    hook = await hooks.add("https://hooks.test/", "convo.created")
    await hooks.client.delete(f"/v2/webhooks/{hook}")
    begin = given.desk.database.begin_writing

    async def listening():  # type: ignore[no-untyped-def]
        session = await begin()
        asked.append("operation")
        original = type(session).rows

        class Counting(type(session)):  # type: ignore[misc]
            __slots__ = ()

            async def rows(self, sql: str, values: Any) -> Any:
                asked.append(sql)
                return await original(self, sql, values)

        session.__class__ = Counting
        return session

    given.desk.database.begin_writing = listening  # type: ignore[method-assign]
    await given.conversation()

    assert "operation" in asked
    assert [each for each in asked if "webhook" in each] == []
    async with given.read() as view:
        assert await view.counts([WATCHERS]) == {WATCHERS: 0}
