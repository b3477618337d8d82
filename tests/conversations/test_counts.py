"""Whatever happens, every kept count is what counting would give, and each conversation lies where it belongs."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import ConversationState, ConversationType, Status, ThreadType, Untold, home_folder
from deskhand.conversations.operations import (
    attachments,
    changing,
    creating,
    drafts,
    erasing,
    merging,
    schedule,
    snoozing,
    tagging,
    threads,
)
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.entries import NewThread
from deskhand.customers import operations as customers
from deskhand.customers.model import CustomerRef
from deskhand.kernel.errors import DeskError
from deskhand.kernel.permissions import Role
from deskhand.kernel.transaction import Transaction
from tests.conftest import MovableClock
from tests.given import Given

ACTS = 150
TAGS = ("eu", "gift", "late", "vip")
OFTEN = {"create": 8, "delete": 1, "merge": 2, "erase": 0.5, "join": 1}
FILE = NewFile("a.txt", "text/plain", 2, 0, 0, "00" * 32)

Act = Callable[[Transaction], Awaitable[Any]]


class Desk:
    """A desk where somebody does one thing after another, of which the desk refuses some."""

    def __init__(self, given: Given, clock: MovableClock, luck: random.Random) -> None:
        self.given, self.clock, self.luck = given, clock, luck
        self.inboxes: list[int] = []
        self.owners: list[int | None] = []
        self.customers: list[CustomerRef] = []
        self.erased: CustomerRef | None = None
        self.conversations: list[int] = []
        self.done: dict[str, int] = defaultdict(int)

    async def begin(self) -> None:
        given = self.given
        self.inboxes = [given.inbox, await given.new_inbox("Returns", assigns_replier=False)]
        team = await given.team("Tier Two", [given.owner])
        for inbox in self.inboxes:
            await given.grant(inbox, team)
        self.owners = [given.owner, await given.user(role=Role.ADMINISTRATOR), team, None]
        self.customers = [await given.customer() for _ in range(4)]

    async def act(self) -> None:
        async with self.given.read() as view:
            living = "SELECT id FROM conversations WHERE state <> 'deleted' ORDER BY id"
            self.conversations = [row[0] for row in await rows(view, living)]
        deeds = self._deeds()
        (name,) = self.luck.choices(list(deeds), [OFTEN.get(each, 4) for each in deeds])
        deed = deeds[name]
        if self.luck.random() < 0.1:
            self.clock.move(timedelta(hours=1))
            await self.given.app.worker.run_due()
        self.erased = None
        with suppress(DeskError):
            async with self.given.write(self.given.owner) as tx:
                await deed(tx)
            self.done[name] += 1
            self.customers = [await self.given.customer() if each is self.erased else each for each in self.customers]

    def _deeds(self) -> dict[str, Act]:
        luck = self.luck
        one, other = (luck.choice(self.conversations or [0]) for _ in range(2))
        hours = timedelta(hours=luck.choice([1, 2, 30]))
        until = (self.clock.now() + hours).replace(microsecond=0)
        kind = luck.choice([ThreadType.NOTE, ThreadType.CUSTOMER, ThreadType.MESSAGE, ThreadType.PHONE])

        async def published(tx: Transaction) -> None:
            await threads.publish(tx, one, await self._thread(tx, one, "draft"))

        async def scheduled(tx: Transaction) -> None:
            thread = await self._thread(tx, one, "draft")
            await schedule.schedule(tx, one, thread, at=until, unschedules_on_reply=luck.random() < 0.5)

        async def hidden(tx: Transaction) -> None:
            await drafts.hide(tx, one, await self._thread(tx, one, "published"), hidden=True)

        async def filed(tx: Transaction) -> None:
            await attachments.attach(tx, one, await self._thread(tx, one, "published"), FILE)

        return {
            "create": self._create,
            "say": lambda tx: threads.add(tx, one, self._said(kind)),
            "draft": lambda tx: threads.add(tx, one, self._said(ThreadType.MESSAGE, draft=True)),
            "import": lambda tx: threads.add(tx, one, self._said(kind, imported=True)),
            "publish": published,
            "schedule": scheduled,
            "hide": hidden,
            "attach": filed,
            "status": lambda tx: changing.set_status(tx, one, luck.choice(list(Status))),
            "assign": lambda tx: changing.assign(tx, one, to=luck.choice(self.owners)),
            "move": lambda tx: changing.move(tx, one, luck.choice(self.inboxes)),
            "customer": lambda tx: changing.set_customer(tx, one, luck.choice(self.customers).id),
            "snooze": lambda tx: snoozing.snooze(tx, one, until=until, wakes_on_reply=luck.random() < 0.5),
            "wake": lambda tx: snoozing.wake(tx, one),
            "tag": lambda tx: tagging.set_tags(tx, one, luck.sample(TAGS, luck.randrange(4))),
            "delete": lambda tx: changing.delete(tx, one),
            "merge": lambda tx: merging.merge(tx, one, into=other),
            "unmerge": self._unmerge,
            "erase": self._erase,
            "join": self._join,
        }

    async def _create(self, tx: Transaction) -> None:
        luck = self.luck
        is_draft = luck.random() < 0.3
        draft, said = self._said(ThreadType.MESSAGE, draft=True), self._said(ThreadType.CUSTOMER)
        new = creating.NewConversation(
            inbox_id=luck.choice(self.inboxes),
            type=ConversationType.EMAIL,
            status=luck.choice(list(Status)),
            subject="Hello",
            customer=luck.choice(self.customers),
            threads=[draft] if is_draft else [said, self._said(ThreadType.NOTE)],
            assign_to=luck.choice(self.owners),
            tags=luck.sample(TAGS, luck.randrange(3)),
        )
        await creating.create(tx, new)

    async def _erase(self, tx: Transaction) -> None:
        self.erased = self.luck.choice(self.customers)
        await erasing.erase_customer(tx, self.erased.id, at_most=None)

    async def _unmerge(self, tx: Transaction) -> None:
        merged = [row[0] for row in await rows(tx, "SELECT id FROM conversations WHERE merged_into IS NOT NULL ORDER BY id")]
        await merging.unmerge(tx, self.luck.choice(merged or [0]))

    async def _join(self, tx: Transaction) -> None:
        self.erased, into = self.luck.sample(self.customers, 2)
        await customers.merge(tx, self.erased.id, into=into.id)

    def _said(self, type_: ThreadType, **more: Any) -> NewThread:
        return NewThread(type=type_, text="Hello", customer=self.luck.choice(self.customers), **more)

    async def _thread(self, tx: Transaction, conversation_id: int, state: str) -> int:
        sql = f"SELECT id FROM threads WHERE conversation_id = {conversation_id} AND state = '{state}' ORDER BY id"
        found: list[int] = [row[0] for row in await rows(tx, sql)]
        return self.luck.choice(found or [0])


async def rows(view: Any, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await view._session.rows(sql, ())]


async def counted(view: Any, sql: str) -> dict[Any, int]:
    """Count by key, without what is nothing."""
    return {tuple(key): count for *key, count in await rows(view, sql) if count}


async def compare(given: Given) -> None:
    """Every kept number beside the same counted."""
    async with given.read() as view:
        totals = await counted(view, "SELECT name, SUM(total) FROM counts GROUP BY name")
        kept = {name: total for (name,), total in totals.items()}
        shelves = await counted(view, "SELECT inbox_id, shelf, COUNT(*) FROM conversations GROUP BY inbox_id, shelf")
        folders = await counted(view, "SELECT folder_id, status, COUNT(*) FROM conversations GROUP BY folder_id, status")
        tags = await counted(
            view,
            "SELECT tag_id, COUNT(*) FROM conversation_tags JOIN conversations ON id = conversation_id "
            "WHERE state <> 'deleted' GROUP BY tag_id",
        )
        people = await counted(view, "SELECT 'customers', COUNT(*) FROM customers")
        assert kept == {
            **{f"shelf:{inbox}:{shelf}": count for (inbox, shelf), count in shelves.items()},
            **{f"folder:{folder}:{status}": count for (folder, status), count in folders.items()},
            **{f"tag:{tag}": count for (tag,), count in tags.items()},
            **{name: count for (name,), count in people.items()},
        }
        living = "FROM conversations WHERE state <> 'deleted' GROUP BY customer_id"
        by_customer = await counted(view, f"SELECT customer_id, COUNT(*) {living}")
        assert await counted(view, "SELECT id, conversation_count FROM customers") == by_customer
        by_inbox = await counted(view, f"SELECT inbox_id, customer_id, COUNT(*) {living}, inbox_id")
        assert await counted(view, "SELECT inbox_id, customer_id, conversations FROM customer_inboxes") == by_inbox
        await compare_threads(view)
        await compare_places(view)


async def compare_threads(view: Any) -> None:
    told = f"action_type NOT IN ({', '.join(repr(each.value) for each in Untold)})"
    totals = await counted(view, f"SELECT conversation_id, COUNT(*) FROM threads WHERE {told} GROUP BY conversation_id")
    assert await counted(view, "SELECT id, thread_total FROM conversations") == totals
    heard = (
        "SELECT conversation_id, COUNT(*) FROM threads WHERE state = 'published' "
        "AND type NOT IN ('note', 'lineitem') GROUP BY conversation_id"
    )
    assert await counted(view, "SELECT id, thread_count FROM conversations") == await counted(view, heard)
    sends = "SELECT conversation_id, MIN(scheduled_for) FROM threads WHERE state = 'draft' GROUP BY conversation_id"
    assert await counted(view, "SELECT id, scheduled_for FROM conversations") == await counted(view, sends)
    filed = await rows(view, "SELECT DISTINCT conversation_id FROM attachments ORDER BY conversation_id")
    assert await rows(view, "SELECT id FROM conversations WHERE has_attachments ORDER BY id") == filed


async def compare_places(view: Any) -> None:
    found = await rows(
        view,
        "SELECT c.state, c.status, c.assignee_id, c.snoozed_until, c.scheduled_for, c.inbox_id, u.type, "
        "f.type, f.user_id, f.inbox_id FROM conversations c JOIN folders f ON f.id = c.folder_id "
        "LEFT JOIN users u ON u.id = c.assignee_id",
    )
    for state, status, owner, snoozed, scheduled, inbox, owner_type, folder_type, folder_owner, folder_inbox in found:
        expected = home_folder(
            state=ConversationState(state),
            status=Status(status),
            assignee_id=owner,
            assigned_to_team=owner_type == "team",
            snoozed=snoozed is not None,
            scheduled=scheduled is not None,
        )
        assert (folder_type, folder_owner, folder_inbox) == (*expected, inbox)


@pytest.mark.parametrize("seed", range(5))
async def test_counts_are_right_whatever_was_done(given: Given, clock: MovableClock, seed: int) -> None:
    desk = Desk(given, clock, random.Random(seed))
    await desk.begin()

    for position in range(ACTS):
        await desk.act()
        if position % 10 == 0:
            await compare(given)

    await compare(given)
    assert len(desk.done) >= 13, f"too little happened: {dict(desk.done)}"
