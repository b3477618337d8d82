"""Every act leaves a line in the timeline, and so does taking it back; those that the vendor has no line items for are in no
answer of its API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from deskhand.conversations.model import Untold
from deskhand.conversations.operations import changing, fields, snoozing, tagging
from deskhand.conversations.operations.merging import merge
from deskhand.conversations.queries import one
from deskhand.kernel.transaction import Transaction
from tests.conftest import MovableClock
from tests.given import Given

Acts = Callable[[Transaction, int], Awaitable[None]]


async def lines(given: Given, it: int) -> list[str]:
    async with given.read() as view:
        found = (await view.all(one.THREADS, conversation_id=it))[::-1]
    return [each.action_text for each in found if each.action_text]


async def in_the_api(client: httpx.AsyncClient, it: int) -> int:
    listed = (await client.get(f"/v2/conversations/{it}/threads")).json()
    embedded = (await client.get(f"/v2/conversations/{it}?embed=threads")).json()
    assert listed["page"]["totalElements"] == len(listed["_embedded"]["threads"]) == len(embedded["_embedded"]["threads"])
    return len(listed["_embedded"]["threads"])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([], ["vip"], "added the tag vip"),
        ([], ["vip", "eu"], "added the tags vip, eu"),
        (["vip", "eu"], ["eu"], "removed the tag vip"),
        (["vip"], ["eu"], "changed the tags: added eu, removed vip"),
        ([], [f"t{each}" for each in range(12)], "added the tags t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, …"),
    ],
)
async def test_tags_of_one_act_are_one_line(given: Given, before: list[str], after: list[str], told: str) -> None:
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        await tagging.set_tags(tx, it, before)
        await tagging.set_tags(tx, it, after)
        await tagging.set_tags(tx, it, after)
    assert (await lines(given, it))[-1] == told
    assert len(await lines(given, it)) == (2 if before else 1)


async def test_acts_and_their_undo_leave_lines_that_the_api_does_not_have(given: Given, client: httpx.AsyncClient) -> None:
    order, units = await given.field("Order", "singleline"), await given.field("Units", "number")
    it = await given.conversation(subject="Hopper")
    before = await in_the_api(client, it)
    async with given.write(given.owner) as tx:
        await fields.set_fields(tx, it, [(order, "K-1"), (units, "3")])
        await fields.set_fields(tx, it, [(order, "K-1")])
        await changing.set_subject(tx, it, "Grinder")
        await snoozing.snooze(tx, it, until=tx.now + timedelta(days=1), wakes_on_reply=True)
        await snoozing.wake(tx, it)

    assert await lines(given, it) == [
        "changed the fields Order, Units",
        "changed the field Units",
        "changed the subject from “Hopper” to “Grinder”",
        "snoozed the conversation",
        "ended the snooze",
    ]
    assert await in_the_api(client, it) == before
    other = await given.conversation()
    async with given.write(given.owner) as tx:
        await merge(tx, it, into=other)
    assert await in_the_api(client, other) == before + 2  # what was said there, and that it was merged


async def test_a_snooze_that_is_over_says_so(given: Given, clock: MovableClock) -> None:
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        until = tx.now + timedelta(days=1)
        await snoozing.snooze(tx, it, until=until, wakes_on_reply=True)
    async with given.write() as tx:
        await snoozing.wake_when_due(tx, it, until)
    async with given.read() as view:
        woken = (await view.all(one.THREADS, conversation_id=it))[0]
    assert (woken.action_type, woken.created_by_user_id) == (Untold.WOKEN, None)
