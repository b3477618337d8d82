"""Bringing back what was deleted: as it was, and counted again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deskhand.conversations.model import ConversationState, ThreadType
from deskhand.conversations.operations import changing, schedule, snoozing, tagging
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation
from deskhand.kernel.errors import Forbidden, NotFound, Unmet
from deskhand.kernel.permissions import Role
from tests.conftest import MovableClock
from tests.conversations.test_counts import compare
from tests.given import Client, Given

OURS = "/deskhand/v1/conversations"


async def delete(given: Given, it: int) -> None:
    async with given.write(given.owner) as tx:
        await changing.delete(tx, it)


async def restore(given: Given, it: int) -> None:
    async with given.write(given.owner) as tx:
        await changing.restore(tx, it)


async def now(given: Given, it: int) -> Conversation:
    async with given.read() as view:
        return await one.get(view, it)


async def test_a_deleted_conversation_comes_back_as_it_was(given: Given) -> None:
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        await tagging.set_tags(tx, it, ["vip"])
        await changing.assign(tx, it, to=given.owner)
    before = await now(given, it)
    await delete(given, it)
    with pytest.raises(NotFound):
        await now(given, it)

    await restore(given, it)
    after = await now(given, it)
    assert (after.state, after.status, after.folder_id, after.assignee_id) == (
        before.state,
        before.status,
        before.folder_id,
        before.assignee_id,
    )
    await compare(given)


async def test_a_draft_comes_back_as_a_draft(given: Given) -> None:
    customer = await given.customer()
    said = NewThread(type=ThreadType.MESSAGE, text="Hello.", customer=customer, draft=True)
    it = await given.conversation(customer=customer, said=[said])
    assert (await now(given, it)).state is ConversationState.DRAFT
    await delete(given, it)
    await restore(given, it)
    assert (await now(given, it)).state is ConversationState.DRAFT


async def test_what_was_due_meanwhile_is_not_sent_and_a_snooze_that_is_over_ends(given: Given, clock: MovableClock) -> None:
    it = await given.conversation()
    draft = await given.thread(it, ThreadType.MESSAGE, user_id=given.owner, draft=True)
    later = clock.now() + timedelta(hours=1)
    async with given.write(given.owner) as tx:
        await schedule.schedule(tx, it, draft, at=later, unschedules_on_reply=False)
        await snoozing.snooze(tx, it, until=later, wakes_on_reply=False)
    await delete(given, it)
    clock.move(timedelta(hours=2))

    await restore(given, it)
    after = await now(given, it)
    assert (after.scheduled_for, after.snoozed_until) == (None, None)


async def test_only_what_is_deleted_comes_back_and_only_by_who_may_delete(given: Given, client: Client) -> None:
    it = await given.conversation()
    assert (await client.post(f"{OURS}/{it}/restore")).status_code == 412
    with pytest.raises(Unmet):
        await restore(given, it)
    await delete(given, it)
    agent = await given.user("In", role=Role.USER)
    await given.grant(given.inbox, agent)
    with pytest.raises(Forbidden):
        async with given.write(agent) as tx:
            await changing.restore(tx, it)
    outsider = await given.user("Out")
    with pytest.raises(NotFound):
        async with given.write(outsider) as tx:
            await changing.restore(tx, it)

    assert (await client.post(f"{OURS}/{it}/restore")).status_code == 204
    assert (await client.get(f"/v2/conversations/{it}")).status_code == 200
