"""A report tells what is there now, after whatever was done; and what was kept is what would be made anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing, erasing, merging
from deskhand.inboxes import operations as inboxes
from deskhand.inboxes.hours import OfficeHours
from deskhand.kernel.storage.statements import read
from deskhand.reports import keeping, operations
from deskhand.reports.model.facts import Fact
from deskhand.reports.operations import PROGRESS
from deskhand.reports.tables import report_facts
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.reports.asking import report

FACTS = read(
    select(*(report_facts.c[name] for name in Fact.__struct_fields__)).order_by(
        report_facts.c.kind, report_facts.c.at, report_facts.c.id
    ),
    Fact,
)


async def facts(given: Given) -> list[Fact]:
    async with given.read() as view:
        return await view.all(FACTS)


async def talk(given: Given, clock: MovableClock) -> int:
    """A conversation that was answered and closed."""
    conversation = await given.conversation()
    clock.move(timedelta(minutes=10))
    await given.thread(conversation, ThreadType.MESSAGE)
    clock.move(timedelta(minutes=10))
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, conversation, Status.CLOSED)
    return conversation


async def test_what_was_kept_is_what_would_be_made_anew(given: Given, client: Client, clock: MovableClock) -> None:
    first, second, third, fourth = [await talk(given, clock) for _ in range(4)]
    async with given.write(given.owner) as tx:
        await merging.merge(tx, fourth, into=second)
    await keeping.catch_up(given.desk, office=True)
    async with given.write(given.owner) as tx:
        await merging.merge(tx, first, into=second)
        await merging.unmerge(tx, fourth)
    await client.delete(f"/v2/conversations/{third}")
    await talk(given, clock)

    await keeping.catch_up(given.desk, office=True)
    kept = await facts(given)
    await keeping.rebuild(given.desk)

    assert kept
    assert await facts(given) == kept


async def test_each_operation_is_seen_at_once(given: Given, client: Client, clock: MovableClock) -> None:
    conversation = await given.conversation()
    other = await given.new_inbox("Other")

    async def seen(**query: Any) -> dict[str, Any]:
        now = clock.now()
        company = (await report(client, "company", now, **query))["current"]
        found: dict[str, Any] = company | (await report(client, "conversations", now, **query))["current"]
        return found

    assert (await seen())["newConversations"] == 1
    await given.thread(conversation, ThreadType.MESSAGE)
    assert (await seen())["totalReplies"] == 1
    await given.thread(conversation, ThreadType.MESSAGE, draft=True)
    assert (await seen())["totalReplies"] == 1
    patches: list[tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]] = [
        ({"op": "replace", "path": "/status", "value": "closed"}, lambda it: it["closed"] == 1),
        ({"op": "move", "path": "/mailboxId", "value": other}, lambda it: it["totalConversations"] == 1),
        ({"op": "replace", "path": "/status", "value": "spam"}, lambda it: it["totalConversations"] == 0),
        ({"op": "replace", "path": "/status", "value": "active"}, lambda it: it["totalReplies"] == 1),
    ]
    for patch, holds in patches:
        got = await client.patch(f"/v2/conversations/{conversation}", json=patch)
        assert got.status_code == 204, got.text
        assert holds(await seen()), patch
    assert (await seen(mailboxes=other))["totalReplies"] == 1
    assert (await client.delete(f"/v2/conversations/{conversation}")).status_code == 204
    assert (await seen())["totalConversations"] == 0


async def test_an_erased_customer_leaves_no_fact(given: Given, client: Client, clock: MovableClock) -> None:
    customer = await given.customer()
    await given.conversation(customer=customer)
    await keeping.catch_up(given.desk, office=False)
    assert await facts(given)

    async with given.write(given.owner) as tx:
        await erasing.erase_customer(tx, customer.id)

    assert await facts(given) == []


async def test_an_old_account_is_walked(given: Given, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await given.conversation()
    async with given.write() as tx:
        await operations.begin_again(tx, await _last(given))
    monkeypatch.setattr(operations, "MOST_CONVERSATIONS", 2)

    found = await report(client, "conversations", given.desk.clock.now())

    assert found["current"]["totalConversations"] == 3


async def test_office_hours_count_anew_when_they_change(
    given: Given, client: Client, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock.now()
    monkeypatch.setattr(clock, "now", lambda: began + clock.ahead)  # how long the test takes is no answering time
    await talk(given, clock)

    async def times(**query: Any) -> list[Any]:
        found = (await report(client, "productivity", clock.now(), **query))["current"]
        return [found["responseTime"], found["resolutionTime"]]

    assert await times(officeHours=1) == await times() == [600, 1200.0]
    async with given.write(given.owner) as tx:
        await inboxes.set_office_hours(tx, None, OfficeHours("UTC", (((0, 1440),),) * 7))
        await inboxes.set_office_hours(tx, given.inbox, OfficeHours("UTC", _never(clock)))
    assert await times() == [600, 1200.0]
    assert await times(officeHours="true") == [0, 0.0]
    async with given.write(given.owner) as tx:
        await inboxes.remove_office_hours(tx, given.inbox)
    assert await times(officeHours=1) == [600, 1200.0]


async def test_only_reports_in_office_hours_wait_for_them(
    given: Given, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await given.conversation()
    now = given.desk.clock.now()
    await report(client, "productivity", now)
    async with given.write(given.owner) as tx:
        await inboxes.set_office_hours(tx, None, OfficeHours("UTC", (((0, 1440),),) * 7))
    await report(client, "productivity", now)
    async with given.read() as view:
        assert (await view.one(PROGRESS)).office_walked_id == 0
    monkeypatch.setattr(keeping, "PATIENCE_SECONDS", -1.0)

    await report(client, "productivity", now)
    got = await client.get("/v2/reports/productivity?start=2026-01-01T00:00:00Z&end=2026-02-01T00:00:00Z&officeHours=1")

    assert got.status_code == 503


async def test_days_are_those_of_the_company(given: Given, client: Client, clock: MovableClock) -> None:
    await given.conversation()
    now = clock.now()
    (utc,) = await report(client, "conversations/busy-times", now)
    async with given.write(given.owner) as tx:
        await inboxes.set_office_hours(tx, None, OfficeHours("Asia/Kolkata", ((),) * 7))
    (there,) = await report(client, "conversations/busy-times", now)

    wall = now + timedelta(hours=5, minutes=30)
    assert (utc["day"], utc["hour"]) == (now.isoweekday(), now.hour)
    assert (there["day"], there["hour"]) == (wall.isoweekday(), wall.hour)


def _never(clock: MovableClock) -> tuple[Any, ...]:
    """Hours of another day than these."""
    far = (clock.now().weekday() + 3) % 7
    return tuple(((540, 600),) if day == far else () for day in range(7))


async def _last(given: Given) -> int:
    return await given.desk.database.settled_event()
