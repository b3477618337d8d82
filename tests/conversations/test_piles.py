"""Folders as lists, of one inbox or of all: what is in them, in their order, and of large ones what was looked through."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import FolderType, LatestReply, Status, ThreadType
from deskhand.conversations.operations import changing, merging, seeing, tagging
from deskhand.conversations.queries import lists, one, piles
from deskhand.conversations.queries.lists import SortField, Sorting
from deskhand.conversations.queries.piles import Test as Those
from deskhand.kernel.transaction import Snapshot
from tests.conftest import MovableClock
from tests.given import Given

NEWEST = Sorting(SortField.CREATED_AT)
KEYS = {SortField.CREATED_AT: "created_at", SortField.WAITING_SINCE: "waiting_since"}


async def listed(view: Snapshot, kind: FolderType, those: Those = piles.EVERYTHING, sorting: Sorting = NEWEST) -> list[int]:
    found = await piles.of_kind(view, kind, list(view.actor.inbox_ids))
    ids: list[int] = []
    for number in range(1, 99):
        page = await piles.page(view, found, those, sorting, number, 3)
        if not page.conversations:
            return ids
        ids += [each.id for each in page.conversations]
        assert page.total >= len(ids)
    return ids


@pytest.mark.parametrize("looked_through", [4, 2000], ids=["large", "small"])
async def test_a_kind_of_folder_of_all_inboxes_is_one_list(
    given: Given, clock: MovableClock, monkeypatch: pytest.MonkeyPatch, looked_through: int
) -> None:
    monkeypatch.setattr(piles, "LOOKED_THROUGH", looked_through)
    chance, other = random.Random(5), await given.new_inbox("Other")
    made: list[int] = []
    for _ in range(14):
        clock.move(timedelta(minutes=chance.randint(0, 2)))
        status = chance.choice([Status.ACTIVE, Status.CLOSED])
        made.append(await given.conversation(inbox=chance.choice([given.inbox, other]), status=status))
    clock.move(timedelta(minutes=1))
    for each in chance.sample(made, 4):
        await given.thread(each, ThreadType.MESSAGE)
    async with given.read(given.owner) as view:
        everything = await lists.rows(view, made)
        for kind, status in ((FolderType.OPEN, Status.ACTIVE), (FolderType.CLOSED, Status.CLOSED)):
            those = [each for each in everything if each.status is status and each.assignee_id is None]
            for field, key in KEYS.items():
                for ascending in (True, False):
                    wanted = [it.id for it in sorted(those, key=_by(key), reverse=not ascending)]
                    assert await listed(view, kind, sorting=Sorting(field, ascending=ascending)) == wanted


def _by(key: str) -> Any:
    return lambda it: (getattr(it, key), it.id)


async def test_of_a_large_pile_the_first_are_looked_through_for_who_waits(
    given: Given, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(piles, "LOOKED_THROUGH", 3)
    made = []
    for _ in range(5):
        clock.move(timedelta(minutes=1))
        made.append(await given.conversation())
    await given.thread(made[3], ThreadType.MESSAGE)
    async with given.read(given.owner) as view:
        (folder,) = await piles.of_kind(view, FolderType.OPEN, [given.inbox])
        pile = await piles.of_folder(view, folder)
        page = await piles.page(view, pile, Those(waits=True), NEWEST, 1, 50)
        assert all(each.latest_reply_from is LatestReply.CUSTOMER for each in page.conversations)
        assert {each.id for each in page.conversations} < set(made)
        assert not page.is_all
        monkeypatch.setattr(piles, "LOOKED_THROUGH", 2000)
        whole = await piles.page(view, pile, Those(waits=True), NEWEST, 1, 50)
        assert whole.is_all
        assert whole.total > page.total


async def test_what_has_a_tag_and_what_is_unread(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    agent, made = await given.user("In"), [await given.conversation() for _ in range(4)]
    await given.grant(given.inbox, agent)
    async with given.write(given.owner) as tx:
        await tagging.change_tags(tx, made[0], add=["vip"], remove=[])
        await tagging.change_tags(tx, made[2], add=["vip"], remove=[])
    async with given.write(agent) as tx:
        await seeing.see(tx, made[2])
    async with given.read(agent) as view:
        tag_id = (await view.all(one.TAGS, ids=[made[0]]))[0].id
        tagged = Those(tag_id=tag_id)
        assert await listed(view, FolderType.OPEN, tagged) == [made[2], made[0]]
        monkeypatch.setattr(piles, "LOOKED_THROUGH", 2)  # the pile is large now, the tag is not
        assert await listed(view, FolderType.OPEN, tagged) == [made[2], made[0]]
        assert await listed(view, FolderType.OPEN, Those(is_unread=True)) == [made[3], made[1], made[0]]
        assert await listed(view, FolderType.OPEN, Those(is_unread=True, tag_id=tag_id)) == [made[0]]
        found = await piles.active(view, [FolderType.OPEN, FolderType.MINE], [given.inbox])
        assert found == {FolderType.OPEN: 4, FolderType.MINE: 0}


async def test_what_was_deleted_is_listed_and_what_was_merged_away_is_not(given: Given) -> None:
    kept, deleted, merged = [await given.conversation() for _ in range(3)]
    async with given.write(given.owner) as tx:
        await changing.delete(tx, deleted)
        await merging.merge(tx, merged, into=kept)
    async with given.read(given.owner) as view:
        assert await listed(view, FolderType.DELETED) == [deleted]


async def test_mine_is_the_actors_and_assigned_everybodys(given: Given) -> None:
    agent, other = await given.user("In"), await given.new_inbox("Other")
    team = await given.team("Returns", [agent])
    for inbox in (given.inbox, other):
        await given.grant(inbox, agent)
    await given.grant(given.inbox, team)
    mine, theirs, teams, far = [await given.conversation(inbox=each) for each in (given.inbox, given.inbox, given.inbox, other)]
    async with given.write(given.owner) as tx:
        for each, owner in ((mine, agent), (theirs, given.owner), (far, agent)):
            await changing.assign(tx, each, to=owner)
        await changing.assign(tx, teams, to=team)
    async with given.read(agent) as view:
        assert await listed(view, FolderType.MINE) == [far, mine]
        assert await listed(view, FolderType.ASSIGNED) == [far, teams, theirs, mine]
