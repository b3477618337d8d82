"""Drafts, schedules, and their going out by themselves (contract 20 §6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.app import App
from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import merging
from tests.conftest import MovableClock
from tests.conversations.looking import V2, codes, folder_of, ids, patch, show, threads, watch
from tests.given import Client, Given, later

PAVEL = {"email": "pavel@mail.test"}


async def draft(client: Client, conversation_id: int, **more: Any) -> str:
    """The address of a draft's schedule."""
    body = {"text": "We asked.", "customer": PAVEL, "draft": True} | more
    answer = await client.post(f"{V2}/{conversation_id}/reply", json=body)
    assert answer.status_code == 201, answer.text
    return f"{V2}/{conversation_id}/threads/{answer.headers['resource-id']}/schedule"


async def schedule(client: Client, clock: MovableClock, address: str, hours: float = 1, **more: Any) -> str:
    at = later(clock.now() + timedelta(hours=hours))
    answer = await client.put(address, json={"scheduledFor": at, "unscheduleOnCustomerReply": False} | more)
    assert answer.status_code == 204, answer.text
    return at


async def test_a_draft_changes_nothing_before_it_is_published(client: Client, given: Given) -> None:
    conversation = await given.conversation(status=Status.CLOSED)
    facts, before = await watch(given), await show(client, conversation)

    await draft(client, conversation, status="pending", assignTo=given.owner, cc=["a@x.test"])

    after = await show(client, conversation)
    assert {name for name in after if after[name] != before[name]} <= {"userUpdatedAt"}
    assert (await threads(client, conversation))[0]["state"] == "draft"
    assert await facts.names() == ["CustomerCreated", "DraftSaved"]
    assert await ids(client, status="all", query="body:asked") == []


async def test_a_scheduled_draft_says_when_it_goes(client: Client, given: Given, clock: MovableClock) -> None:
    conversation = await given.conversation()
    address = await draft(client, conversation)
    facts = await watch(given)

    at = await schedule(client, clock, address, unscheduleOnCustomerReply=True, sendAsCreator=True)

    newest = (await threads(client, conversation))[0]
    created = newest["scheduled"].pop("createdAt")
    assert newest["scheduled"] == {
        "scheduledBy": given.owner, "sendAsId": given.owner, "scheduledFor": at, "unscheduleOnCustomerReply": True,
    }  # fmt: skip
    assert created < at
    body = await show(client, conversation)
    assert body["nextEvent"] == {
        "time": at, "eventType": "scheduled", "userId": given.owner, "cancelOnCustomerReply": True,
    }  # fmt: skip
    assert await folder_of(client, given, conversation) == "scheduled"
    fact = {"conversation_id": conversation, "thread_id": newest["id"], "at": at}
    assert await facts.all() == [("ThreadScheduled", fact)]


@pytest.mark.parametrize("as_creator", [False, True])
@pytest.mark.parametrize("how", ["by itself", "by hand"])
async def test_it_goes_out_in_the_name_it_was_scheduled_in(
    client: Client, given: Given, clock: MovableClock, app: App, as_creator: bool, how: str
) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    conversation = await given.conversation(status=Status.PENDING)
    async with given.client(ona) as other:
        address = await draft(other, conversation, cc=["copy@x.test"])
    await schedule(client, clock, address, sendAsCreator=as_creator)
    facts = await watch(given)

    if how == "by itself":
        clock.move(timedelta(hours=2))
        await app.worker.run_due()
    else:
        sent = await client.patch(address, json={"op": "replace", "path": "/state", "value": "published"})
        assert sent.status_code == 204, sent.text

    author = ona if as_creator else given.owner
    newest, body = (await threads(client, conversation))[0], await show(client, conversation)
    assert (newest["state"], newest["createdBy"]["id"], "scheduled" in newest) == ("published", author, False)
    assert (body["status"], body["assignee"]["id"], body["threads"]) == ("active", author, 2)
    assert (body["cc"], body["preview"], "nextEvent" in body) == (["copy@x.test"], "We asked.", False)
    assert body["customerWaitingSince"]["time"] == newest["createdAt"] == body["userUpdatedAt"]
    assert (await facts.names()).count("ThreadAdded") == 1
    assert await ids(client, query="body:asked") == [conversation]
    assert await ids(client, query="cc:copy@x.test") == [conversation]
    clock.move(timedelta(hours=2))
    await app.worker.run_due()
    assert (await facts.names()).count("ThreadAdded") == 1


async def test_status_and_owner_wait_with_the_draft(client: Client, given: Given, clock: MovableClock, app: App) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    conversation = await given.conversation()
    address = await draft(client, conversation, status="closed", assignTo=ona)
    await schedule(client, clock, address)

    clock.move(timedelta(hours=2))
    await app.worker.run_due()

    body = await show(client, conversation)
    assert (body["status"], body["closedBy"], body["assignee"]["id"]) == ("closed", given.owner, ona)


async def test_an_owner_who_left_meanwhile_does_not_get_it(client: Client, given: Given, clock: MovableClock, app: App) -> None:
    from deskhand.inboxes import operations as inboxes

    ona = await given.user()
    await given.grant(given.inbox, ona)
    conversation = await given.conversation(assign_to=given.owner)
    await schedule(client, clock, await draft(client, conversation, assignTo=ona))
    async with given.write() as tx:
        await inboxes.revoke(tx, given.inbox, ona)

    clock.move(timedelta(hours=2))
    await app.worker.run_due()

    assert (await show(client, conversation))["assignee"]["id"] == given.owner


async def test_a_second_schedule_replaces_the_first(client: Client, given: Given, clock: MovableClock, app: App) -> None:
    conversation = await given.conversation()
    address = await draft(client, conversation)
    await schedule(client, clock, address, 1)
    at = await schedule(client, clock, address, 3)

    clock.move(timedelta(hours=2))
    await app.worker.run_due()

    assert (await threads(client, conversation))[0]["scheduled"]["scheduledFor"] == at
    clock.move(timedelta(hours=2))
    await app.worker.run_due()
    assert (await threads(client, conversation))[0]["state"] == "published"


@pytest.mark.parametrize("cancels", [True, False])
async def test_a_customers_word_unschedules_only_if_so_asked(
    client: Client, given: Given, clock: MovableClock, app: App, cancels: bool
) -> None:
    conversation = await given.conversation()
    await schedule(client, clock, await draft(client, conversation), unscheduleOnCustomerReply=cancels)
    facts = await watch(given)

    await given.thread(conversation, ThreadType.CUSTOMER)

    assert ("ThreadUnscheduled" in await facts.names()) == cancels
    assert ("nextEvent" in await show(client, conversation)) == (not cancels)
    assert await folder_of(client, given, conversation) == ("open" if cancels else "scheduled")
    clock.move(timedelta(hours=2))
    await app.worker.run_due()
    assert (await threads(client, conversation))[0]["state"] == ("draft" if cancels else "published") or cancels


async def test_an_unscheduled_draft_stays_one(client: Client, given: Given, clock: MovableClock, app: App) -> None:
    conversation = await given.conversation()
    address = await draft(client, conversation)
    await schedule(client, clock, address)
    facts = await watch(given)

    assert (await client.delete(address)).status_code == 204

    assert await facts.names() == ["ThreadUnscheduled"]
    assert await folder_of(client, given, conversation) == "open"
    clock.move(timedelta(hours=2))
    await app.worker.run_due()
    assert (await threads(client, conversation))[0]["state"] == "draft"
    assert (await client.delete(address)).status_code == 404
    now = {"op": "replace", "path": "/state", "value": "published"}
    assert (await client.patch(address, json=now)).status_code == 404


async def test_of_two_events_the_earlier_is_next(client: Client, given: Given, clock: MovableClock) -> None:
    conversation = await given.conversation()
    first, second = await draft(client, conversation), await draft(client, conversation)
    await schedule(client, clock, first, 5)
    soonest = await schedule(client, clock, second, 3)
    assert (await show(client, conversation))["nextEvent"]["time"] == soonest
    until = later(clock.now() + timedelta(hours=1))
    await client.put(f"{V2}/{conversation}/snooze", json={"snoozedUntil": until, "unsnoozeOnCustomerReply": False})

    assert (await show(client, conversation))["nextEvent"]["eventType"] == "snooze"


async def test_a_scheduled_reply_goes_out_from_where_it_was_merged_to(
    client: Client, given: Given, clock: MovableClock, app: App
) -> None:
    loser, survivor = await given.conversation(), await given.conversation()
    await schedule(client, clock, await draft(client, loser))
    async with given.write(given.owner) as tx:
        await merging.merge(tx, loser, into=survivor)
    assert (await show(client, survivor))["nextEvent"]["eventType"] == "scheduled"

    clock.move(timedelta(hours=2))
    await app.worker.run_due()

    body = await show(client, survivor)
    assert (body["threads"], body["preview"], "nextEvent" in body) == (3, "We asked.", False)


async def test_a_scheduled_reply_of_a_deleted_conversation_is_not_sent(
    client: Client, given: Given, clock: MovableClock, app: App
) -> None:
    conversation = await given.conversation()
    await schedule(client, clock, await draft(client, conversation))
    await client.delete(f"{V2}/{conversation}")
    facts = await watch(given)

    clock.move(timedelta(hours=2))
    assert await app.worker.run_due() == 1

    assert await facts.names() == []


async def test_publishing_a_draft_forgets_its_schedule(client: Client, given: Given, clock: MovableClock, app: App) -> None:
    thread = [{"type": "reply", "text": "Hi", "customer": PAVEL, "draft": True}]
    body = {"subject": "Hi", "customer": PAVEL, "mailboxId": given.inbox, "type": "email", "status": "active"}
    made = await client.post(V2, json=body | {"threads": thread})
    conversation = int(made.headers["resource-id"])
    (only,) = await threads(client, conversation)
    await schedule(client, clock, f"{V2}/{conversation}/threads/{only['id']}/schedule")

    assert await patch(client, conversation, "/draft", value=False) == 204

    assert "nextEvent" not in await show(client, conversation)
    assert "scheduled" not in (await threads(client, conversation))[0]


async def test_only_drafts_of_this_conversation_are_scheduled(client: Client, given: Given) -> None:
    conversation, other = await given.conversation(), await given.conversation()
    (said,) = await threads(client, conversation)
    body = {"scheduledFor": "2090-01-01T00:00:00Z", "unscheduleOnCustomerReply": True}
    now = {"op": "replace", "path": "/state", "value": "published"}
    published = f"{V2}/{conversation}/threads/{said['id']}/schedule"
    elsewhere = (await draft(client, conversation)).replace(f"/{conversation}/", f"/{other}/")

    assert (await client.put(published, json=body)).status_code == 412
    assert (await client.patch(published, json=now)).status_code == 412
    assert (await client.delete(published)).status_code == 412
    for answer in (
        await client.put(elsewhere, json=body),
        await client.patch(elsewhere, json=now),
        await client.delete(elsewhere),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"op": "replace", "path": "/state", "value": "draft"}, "value"),
        ({"op": "replace", "path": "/text", "value": "published"}, "path"),
        ({"op": "add", "path": "/state", "value": "published"}, "op"),
        ({"op": "replace", "path": "/state"}, "value"),
    ],
)
async def test_sending_now_is_spelled_one_way(
    client: Client, given: Given, clock: MovableClock, body: dict[str, Any], path: str
) -> None:
    conversation = await given.conversation()
    address = await draft(client, conversation)
    await schedule(client, clock, address)

    assert list(codes(await client.patch(address, json=body))) == [path]
    assert (await threads(client, conversation))[0]["state"] == "draft"


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"scheduledFor": "2020-01-01T00:00:00Z"}, "scheduledFor"),
        ({"scheduledFor": "2101-01-01T00:00:00Z"}, "scheduledFor"),
        ({"scheduledFor": None}, "scheduledFor"),
        ({"unscheduleOnCustomerReply": None}, "unscheduleOnCustomerReply"),
        ({"sendAsCreator": "perhaps"}, "sendAsCreator"),
    ],
)
async def test_a_mistake_names_its_place(client: Client, given: Given, more: dict[str, Any], path: str) -> None:
    address = await draft(client, await given.conversation())
    body = {"scheduledFor": "2090-01-01T00:00:00Z", "unscheduleOnCustomerReply": True} | more

    assert list(codes(await client.put(address, json=body))) == [path]


async def test_a_published_word_brings_a_draft_conversation_out(client: Client, given: Given) -> None:
    body = {"subject": "Hi", "customer": PAVEL, "mailboxId": given.inbox, "type": "email", "status": "active"}
    thread = {"type": "reply", "text": "Hi", "customer": PAVEL, "draft": True}
    made = await client.post(V2, json=body | {"threads": [thread]})
    conversation = int(made.headers["resource-id"])

    await given.thread(conversation, ThreadType.NOTE)
    assert (await show(client, conversation))["state"] == "draft"
    await given.thread(conversation, ThreadType.CUSTOMER)

    assert (await show(client, conversation))["state"] == "published"
    assert await ids(client) == [conversation]
