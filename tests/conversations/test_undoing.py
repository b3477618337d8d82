"""Undoing a change of status leaves the conversation, and what reports count, as if it had not happened."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadStatus, ThreadType
from deskhand.conversations.operations import changing, fields, followers, merging, owning
from deskhand.conversations.queries import one
from deskhand.conversations.queries.followers import OF_CONVERSATION
from deskhand.reports import keeping
from tests.conftest import MovableClock
from tests.given import Given
from tests.reports.test_catching_up import facts

MINUTE = timedelta(minutes=1)


async def state(given: Given, it: int) -> Any:
    async with given.read() as view:
        found = await one.get(view, it)
    return found.status, found.closed_at, found.closed_by, found.waiting_since, found.folder_id, found.preview


async def turn(given: Given, clock: MovableClock, it: int, status: Status, *, back: bool = False) -> None:
    clock.move(MINUTE)
    async with given.write(given.owner) as tx:
        await (changing.take_back_status if back else changing.set_status)(tx, it, status)


@pytest.mark.parametrize("first", [Status.ACTIVE, Status.PENDING, Status.CLOSED])
@pytest.mark.parametrize("then", list(Status))
async def test_all_that_a_change_of_status_took_comes_back(
    given: Given, clock: MovableClock, first: Status, then: Status
) -> None:
    it = await given.conversation()
    await turn(given, clock, it, first)
    await keeping.catch_up(given.desk, office=True)
    before, counted = await state(given, it), await facts(given)

    await turn(given, clock, it, then)
    await turn(given, clock, it, first, back=True)
    await keeping.catch_up(given.desk, office=True)
    assert await state(given, it) == before
    assert await facts(given) == counted


async def test_the_timeline_keeps_both_and_neither_turns_anything(given: Given, clock: MovableClock) -> None:
    it = await given.conversation()
    await turn(given, clock, it, Status.CLOSED)
    await turn(given, clock, it, Status.ACTIVE, back=True)
    async with given.read() as view:
        lines = [each for each in await view.all(one.THREADS, conversation_id=it) if each.type is ThreadType.LINE_ITEM]
    assert [(each.action_text, each.status) for each in lines] == [
        ("set the status to Active", ThreadStatus.NO_CHANGE),
        ("set the status to Closed", ThreadStatus.NO_CHANGE),
    ]


async def test_after_something_newer_it_only_gets_its_status(given: Given, clock: MovableClock) -> None:
    it = await given.conversation()
    await turn(given, clock, it, Status.CLOSED)
    closed_at = (await state(given, it))[1]
    await given.thread(it, ThreadType.NOTE, "Why?")
    await turn(given, clock, it, Status.ACTIVE, back=True)
    status, now_closed, _, waiting_since, *_ = await state(given, it)
    assert (status, now_closed, waiting_since) == (Status.ACTIVE, None, closed_at)


async def test_what_was_merged_has_its_followers_and_its_place_in_the_queue_again(given: Given) -> None:
    ona, ben = await given.user("Ona", "Bell"), await given.user("Ben", "Ruiz")
    for each in (ona, ben):
        await given.grant(given.inbox, each)
    first, second, third = [await given.conversation() for _ in range(3)]
    for user, it in ((ona, first), (ben, first), (ben, second), (ona, third)):
        async with given.write(user) as tx:
            await followers.follow(tx, it)
    async with given.write() as tx:
        await tx.write(owning.WAIT, conversation_id=first)
    for gone, into in ((first, second), (second, third)):
        async with given.write(given.owner) as tx:
            await merging.merge(tx, gone, into=into)
            await tx.write(owning.LEAVE, conversation_id=gone)

    for it in (first, second):
        async with given.write(given.owner) as tx:
            await merging.unmerge(tx, it)
    async with given.read() as view:
        found = [
            {each.user_id for each in await view.all(OF_CONVERSATION, conversation_id=it)} for it in (first, second, third)
        ]
        assert found == [{ona, ben}, {ben}, {ona}]
        assert await view.first(owning.WAITS, conversation_id=first) == first
        assert await view.first(owning.WAITS, conversation_id=second) is None


async def test_what_was_moved_by_mistake_has_its_fields_and_its_owner_again(given: Given) -> None:
    ona = await given.user("Ona", "Bell")
    await given.grant(given.inbox, ona)
    order, units = await given.field("Order", "singleline"), await given.field("Units", "number")
    other, it = await given.new_inbox("Other"), await given.conversation()
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=ona)
        await fields.set_fields(tx, it, [(order, "K-1"), (units, "3")])
    for _ in range(2):
        async with given.write(given.owner) as tx:
            await changing.move(tx, it, other)
        async with given.read() as view:
            assert await view.all(one.FIELDS, ids=[it]) == []
        async with given.write(given.owner) as tx:
            await changing.take_back_move(tx, it, given.inbox)
        async with given.read() as view:
            found = await one.get(view, it)
            kept = {each.id: each.value for each in await view.all(one.FIELDS, ids=[it])}
        assert (found.inbox_id, found.assignee_id, kept) == (given.inbox, ona, {order: "K-1", units: "3"})
