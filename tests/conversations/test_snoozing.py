"""Snoozing: aside until a moment, a customer's word, or somebody's (contract 10 §10)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.app import App
from deskhand.conversations import jobs
from deskhand.conversations.model import ConversationSnoozed, Status, ThreadType
from tests.conftest import MovableClock
from tests.conversations.looking import V2, codes, folder_of, show, threads, watch
from tests.given import Client, Given, later


async def snooze(client: Client, clock: MovableClock, conversation_id: int, hours: float, *, wakes: bool = False) -> str:
    until = later(clock.now() + timedelta(hours=hours))
    body = {"snoozedUntil": until, "unsnoozeOnCustomerReply": wakes}
    answer = await client.put(f"{V2}/{conversation_id}/snooze", json=body)
    assert answer.status_code == 204, answer.text
    return until


async def test_a_snoozed_conversation_says_until_when_and_by_whom(client: Client, given: Given, clock: MovableClock) -> None:
    conversation = await given.conversation()
    facts = await watch(given)

    until = await snooze(client, clock, conversation, 1, wakes=True)

    body = await show(client, conversation)
    assert body["snooze"] == {"snoozedBy": given.owner, "snoozedUntil": until, "unsnoozeOnCustomerReply": True}
    assert body["nextEvent"] == {
        "time": until, "eventType": "snooze", "userId": given.owner, "cancelOnCustomerReply": True,
    }  # fmt: skip
    assert body["status"] == "active"
    assert await folder_of(client, given, conversation) == "snoozed"
    assert await facts.all() == [("ConversationSnoozed", {"conversation_id": conversation, "until": until})]


@pytest.mark.parametrize(
    ("status", "after", "folder"),
    [
        (Status.ACTIVE, "active", "mytickets"),
        (Status.PENDING, "pending", "mytickets"),
        (Status.CLOSED, "active", "mytickets"),
        (Status.SPAM, "active", "mytickets"),
    ],
)
async def test_it_wakes_by_itself_when_its_moment_comes(
    client: Client, given: Given, clock: MovableClock, app: App, status: Status, after: str, folder: str
) -> None:
    conversation = await given.conversation(status=status, assign_to=given.owner)
    await snooze(client, clock, conversation, 1)
    before = await show(client, conversation)
    clock.move(timedelta(minutes=59))
    await app.worker.run_due()
    assert "snooze" in await show(client, conversation)
    facts = await watch(given)

    clock.move(timedelta(minutes=2))
    await app.worker.run_due()

    body = await show(client, conversation)
    assert ("snooze" in body, "nextEvent" in body, "closedAt" in body) == (False, False, False)
    assert body["status"] == after
    assert body["userUpdatedAt"] == before["userUpdatedAt"]
    assert await folder_of(client, given, conversation) == folder
    changed = ["ConversationStatusChanged"] if status.value != after else []
    assert await facts.names() == ["ConversationWoken", *changed]
    items = [each["createdBy"]["id"] for each in await threads(client, conversation) if each["type"] == "lineitem"]
    assert items == ([given.owner] if changed else [])


async def test_it_wakes_late_after_the_desk_was_down(client: Client, given: Given, clock: MovableClock, app: App) -> None:
    conversation = await given.conversation()
    await snooze(client, clock, conversation, 1)

    clock.move(timedelta(days=30))
    await app.worker.run_due()

    assert "snooze" not in await show(client, conversation)


async def test_a_second_snooze_replaces_the_first(client: Client, given: Given, clock: MovableClock, app: App) -> None:
    conversation = await given.conversation()
    await snooze(client, clock, conversation, 1)
    until = await snooze(client, clock, conversation, 3, wakes=True)

    clock.move(timedelta(hours=2))
    await app.worker.run_due()
    assert (await show(client, conversation))["snooze"]["snoozedUntil"] == until

    clock.move(timedelta(hours=2))
    await app.worker.run_due()
    assert "snooze" not in await show(client, conversation)


async def test_a_late_word_of_a_snooze_that_was_replaced_wakes_nothing(
    client: Client, given: Given, clock: MovableClock
) -> None:
    conversation = await given.conversation()
    await snooze(client, clock, conversation, 1)
    first = ConversationSnoozed(conversation, (clock.now() + timedelta(hours=1)).replace(microsecond=0))
    await snooze(client, clock, conversation, 3)

    await jobs.wake(given.desk, first)

    assert "snooze" in await show(client, conversation)


async def test_an_earlier_second_snooze_holds_too(client: Client, given: Given, clock: MovableClock, app: App) -> None:
    conversation = await given.conversation()
    await snooze(client, clock, conversation, 3)
    await snooze(client, clock, conversation, 1)

    clock.move(timedelta(hours=2))
    await app.worker.run_due()

    assert "snooze" not in await show(client, conversation)


@pytest.mark.parametrize("wakes", [True, False])
async def test_a_customers_word_wakes_it_only_if_so_asked(
    client: Client, given: Given, clock: MovableClock, wakes: bool
) -> None:
    conversation = await given.conversation(status=Status.CLOSED)
    await snooze(client, clock, conversation, 1, wakes=wakes)
    facts = await watch(given)

    await given.thread(conversation, ThreadType.NOTE)
    await given.thread(conversation, ThreadType.MESSAGE)
    assert "snooze" in await show(client, conversation)
    await given.thread(conversation, ThreadType.CUSTOMER)

    body = await show(client, conversation)
    assert ("snooze" in body) == (not wakes)
    assert body["status"] == "active"
    assert ("ConversationWoken" in await facts.names()) == wakes
    assert await folder_of(client, given, conversation) == ("mytickets" if wakes else "snoozed")


async def test_imported_words_wake_nobody(client: Client, given: Given, clock: MovableClock) -> None:
    conversation = await given.conversation()
    await snooze(client, clock, conversation, 1, wakes=True)

    await given.thread(conversation, ThreadType.CUSTOMER, imported=True)

    assert "snooze" in await show(client, conversation)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.PENDING])
async def test_a_snooze_is_ended_by_hand(client: Client, given: Given, clock: MovableClock, app: App, status: Status) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    conversation = await given.conversation(status=status)
    await snooze(client, clock, conversation, 1)
    facts = await watch(given)

    async with given.client(ona) as other:
        assert (await other.delete(f"{V2}/{conversation}/snooze")).status_code == 204
        assert (await other.delete(f"{V2}/{conversation}/snooze")).status_code == 204

    assert (await show(client, conversation))["status"] == ("active" if status is Status.CLOSED else "pending")
    assert (await facts.names()).count("ConversationWoken") == 1
    if status is Status.CLOSED:
        assert (await threads(client, conversation))[0]["createdBy"]["id"] == ona
    clock.move(timedelta(hours=2))
    await app.worker.run_due()
    assert (await facts.names()).count("ConversationWoken") == 1


@pytest.mark.parametrize("end", ["delete", "wake"])
async def test_a_conversation_that_is_gone_is_not_woken(
    client: Client, given: Given, clock: MovableClock, app: App, end: str
) -> None:
    conversation = await given.conversation()
    await snooze(client, clock, conversation, 1)
    if end == "delete":
        await client.delete(f"{V2}/{conversation}")
    else:
        await client.delete(f"{V2}/{conversation}/snooze")
    facts = await watch(given)

    clock.move(timedelta(hours=2))
    assert await app.worker.run_due() == 1

    assert await facts.names() == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"snoozedUntil": None}, {"snoozedUntil": "NotNull"}),
        ({"snoozedUntil": "2020-01-01T00:00:00Z"}, {"snoozedUntil": "DateTime"}),
        ({"snoozedUntil": "2101-01-01T00:00:00Z"}, {"snoozedUntil": "DateTime"}),
        ({"snoozedUntil": "2090-01-01T00:00:00.5Z"}, {"snoozedUntil": "DateTime"}),
        ({"unsnoozeOnCustomerReply": None}, {"unsnoozeOnCustomerReply": "NotNull"}),
        ({"unsnoozeOnCustomerReply": "perhaps"}, {"unsnoozeOnCustomerReply": "Invalid"}),
    ],
)
async def test_a_mistake_names_its_place(client: Client, given: Given, more: dict[str, Any], code: dict[str, str]) -> None:
    conversation = await given.conversation()
    body = {"snoozedUntil": "2090-01-01T00:00:00Z", "unsnoozeOnCustomerReply": True} | more

    assert codes(await client.put(f"{V2}/{conversation}/snooze", json=body)) == code
