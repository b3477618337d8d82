"""Random histories: some hundred acts of customers and users through the product's own operations, over some weeks."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from typing import Protocol

from msgspec import Struct
from sqlalchemy import select

from deskhand.chats import operations as chats
from deskhand.conversations.model import ConversationType, Rating, Status, ThreadType
from deskhand.conversations.operations import changing, creating, drafts, fields, merging, snoozing, tagging, threads
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.queries import one
from deskhand.conversations.tables import conversations
from deskhand.conversations.tables import threads as thread_table
from deskhand.customers.model import CustomerRef
from deskhand.inboxes import operations as inboxes
from deskhand.inboxes import queries as inbox_queries
from deskhand.kernel.clock import Clock
from deskhand.kernel.errors import DeskError
from deskhand.kernel.permissions import Role
from deskhand.kernel.storage.statements import read
from deskhand.ratings import operations as ratings
from deskhand.workflows.operations import running
from tests.given import ORIGIN, Given
from tests.workflows.making import Workflows

STATUSES = ["active", "pending", "closed", "closed", "spam"]
TAGS = ["vip", "refund", "late"]
TYPES = [ConversationType.EMAIL, ConversationType.EMAIL, ConversationType.CHAT, ConversationType.PHONE]
WORDS = ["parcel", "Refund, please", "late  train", "Ärger mit Straße", "100 %", "order 5"]


class Row(Struct, frozen=True):
    """A thread of some conversation."""

    id: int
    conversation_id: int
    type: ThreadType
    state: str


CONVERSATIONS = read(select(conversations.c.id).order_by(conversations.c.id), int)
MERGED = read(select(conversations.c.id).where(conversations.c.merged_into.is_not(None)).order_by(conversations.c.id), int)
THREADS = read(select(*(thread_table.c[name] for name in Row.__struct_fields__)).order_by(thread_table.c.id), Row)


class Movable(Clock, Protocol):
    """A clock that tests can move."""

    def move(self, ahead: timedelta) -> None:
        """Let time pass."""
        ...


class Histories:
    """A desk to which things happen; ``grow`` lets so many more conversations begin, and much else."""

    def __init__(self, given: Given, clock: Movable, seed: int) -> None:
        self.given, self.clock, self.random = given, clock, Random(seed)
        self.inboxes: list[int] = []
        self.users: list[int] = []
        self.team = 0
        self.customers: list[CustomerRef] = []
        self.replies: dict[int, list[int]] = {}
        self.choices: dict[int, tuple[int, list[str]]] = {}
        self.workflows: dict[int, list[int]] = {}
        self.chats: list[str] = []

    async def begin(self) -> None:
        """Two inboxes, four users, one of whom works in one inbox only, a team, saved replies, workflows, a field."""
        given = self.given
        self.inboxes = [given.inbox, await given.new_inbox("Returns")]
        self.users = [given.owner] + [await given.user(first, role=Role.ADMINISTRATOR) for first in ("Ona", "Tom")]
        self.users.append(await given.user("Una"))
        await given.grant(self.inboxes[0], self.users[3])
        self.team = await given.team("Night", self.users[1:3])
        self.customers = [await given.customer(first=f"C{number}") for number in range(9)]
        for inbox in self.inboxes:
            async with given.write() as tx:
                self.replies[inbox] = [
                    await inboxes.create_saved_reply(tx, inbox, name, text="x", chat_text=None) for name in ("Hello", "Sorry")
                ]
            made = Workflows(given)
            self.workflows[inbox] = [
                await made.manual({"type": "set-status", "status": status}, mailboxId=inbox) for status in ("active", "closed")
            ]
            field = await given.field("Carrier", "dropdown", options=["Post", "Van", "Boat"], inbox=inbox)
            async with given.read() as view:
                options = next(each.options for each in await inbox_queries.fields(view, inbox) if each.id == field)
            self.choices[inbox] = (field, [str(each.id) for each in options])

    async def grow(self, number: int) -> None:
        """So many conversations begin, and between them some six times as much happens."""
        acts: list[tuple[int, Callable[[], Awaitable[object]]]] = [
            (20, self.customer_writes),
            (22, self.user_replies),
            (4, self.note),
            (6, self.draft),
            (5, self.publish),
            (4, self.history),
            (9, self.status),
            (3, self.assign),
            (4, self.tag),
            (3, self.fill),
            (2, self.move),
            (1, self.delete),
            (2, self.merge),
            (2, self.unmerge),
            (3, self.hide),
            (2, self.other_customer),
            (6, self.rate),
            (4, self.workflow),
            (2, self.snooze),
            (12, self.chat),
        ]
        weights = [weight for weight, _ in acts]
        for _ in range(number):
            await self.new()
            for _, act in self.random.choices(acts, weights, k=self.random.randrange(3, 10)):
                self.clock.move(timedelta(seconds=self.random.choice([7, 600, 2000, 9000, 40_000]) * self.random.random()))
                try:
                    await act()
                except DeskError:
                    pass  # what the desk refuses has not happened

    async def new(self) -> None:
        """A conversation begins: a customer's, a user's, or one from another desk."""
        random = self.random
        customer = random.choice(self.customers)
        type_ = random.choice(TYPES)
        kinds = [ThreadType.CUSTOMER, ThreadType.MESSAGE]
        if type_ is not ConversationType.EMAIL:
            kinds = [ThreadType(type_.value)]
        imported = random.random() < 0.15
        now = self.clock.now().replace(microsecond=0)
        said = [self.words(random.choice(kinds), customer)]
        created = now - timedelta(days=random.randrange(1, 20)) if imported else None
        moment = created
        while random.random() < 0.4:
            moment = moment + timedelta(hours=random.randrange(30)) if moment else None
            said.append(self.words(random.choice([ThreadType.CUSTOMER, ThreadType.MESSAGE, ThreadType.NOTE]), customer, moment))
        said = [each for each in said if each.created_at is None or each.created_at < now]
        async with self.given.write(random.choice(self.users[:3])) as tx:
            await creating.create(
                tx,
                creating.NewConversation(
                    inbox_id=random.choice(self.inboxes),
                    type=type_,
                    status=Status(random.choice(STATUSES)),
                    subject=f"Where is it {self.text()}",
                    customer=customer,
                    threads=said,
                    tags=random.sample(TAGS, random.randrange(3)),
                    imported=imported,
                    created_at=created,
                ),
            )

    def words(self, type_: ThreadType, customer: CustomerRef | None = None, at: object = None) -> NewThread:
        return NewThread(type=type_, text=self.text(), customer=customer, created_at=at)  # type: ignore[arg-type]

    def text(self) -> str:
        return self.random.choice(WORDS)

    async def any(self) -> int:
        async with self.given.read() as view:
            return self.random.choice((await view.all(CONVERSATIONS))[-12:] or [0])

    async def threads(self, state: str) -> list[Row]:
        """The newest threads that users wrote for customers."""
        async with self.given.read() as view:
            found = [each for each in await view.all(THREADS) if each.type is ThreadType.MESSAGE and each.state == state]
        return found[-12:]

    async def add(self, new: NewThread) -> None:
        conversation = await self.any()
        async with self.given.write(self.random.choice(self.users)) as tx:
            await threads.add(tx, conversation, new)

    async def customer_writes(self) -> None:
        customer = self.random.choice([None, None, None, self.random.choice(self.customers)])
        await self.add(self.words(self.random.choice([ThreadType.CUSTOMER, ThreadType.CUSTOMER, ThreadType.PHONE]), customer))

    async def user_replies(self) -> None:
        conversation = await self.any()
        async with self.given.write(self.random.choice(self.users)) as tx:
            inbox = (await one.locked(tx, conversation)).inbox_id
            saved = self.random.choice([0, 0, *self.replies[inbox]])
            status = self.random.choice([None, None, "closed", "pending"])
            new = NewThread(type=ThreadType.MESSAGE, text=self.text(), status=status, saved_reply_id=saved)
            await threads.add(tx, conversation, new)

    async def note(self) -> None:
        await self.add(NewThread(type=ThreadType.NOTE, text=self.text(), status=self.random.choice([None, "closed"])))

    async def draft(self) -> None:
        await self.add(NewThread(type=ThreadType.MESSAGE, text=self.text(), draft=True))

    async def publish(self) -> None:
        it = self.random.choice(await self.threads("draft") or [Row(0, 0, ThreadType.NOTE, "")])
        async with self.given.write(self.random.choice(self.users)) as tx:
            await threads.publish(tx, it.conversation_id, it.id)

    async def history(self) -> None:
        """A thread of another desk is added."""
        at = self.clock.now().replace(microsecond=0) - timedelta(hours=self.random.randrange(1, 90))
        type_ = self.random.choice([ThreadType.CUSTOMER, ThreadType.MESSAGE])
        await self.add(NewThread(type=type_, text=self.text(), imported=True, created_at=at))

    async def status(self) -> None:
        conversation = await self.any()
        async with self.given.write(self.random.choice([*self.users, None])) as tx:
            await changing.set_status(tx, conversation, Status(self.random.choice(STATUSES)))

    async def assign(self) -> None:
        conversation = await self.any()
        async with self.given.write(self.random.choice(self.users)) as tx:
            await changing.assign(tx, conversation, to=self.random.choice([*self.users, self.team, None]))

    async def tag(self) -> None:
        conversation = await self.any()
        async with self.given.write() as tx:
            await tagging.set_tags(tx, conversation, self.random.sample(TAGS, self.random.randrange(3)))

    async def fill(self) -> None:
        conversation = await self.any()
        async with self.given.write() as tx:
            field, options = self.choices[(await one.locked(tx, conversation)).inbox_id]
            await fields.set_fields(tx, conversation, [(field, self.random.choice(options))])

    async def move(self) -> None:
        conversation = await self.any()
        async with self.given.write() as tx:
            await changing.move(tx, conversation, self.random.choice(self.inboxes))

    async def delete(self) -> None:
        conversation = await self.any()
        async with self.given.write() as tx:
            await changing.delete(tx, conversation)

    async def merge(self) -> None:
        loser, survivor = await self.any(), await self.any()
        async with self.given.write() as tx:
            await merging.merge(tx, loser, into=survivor)

    async def unmerge(self) -> None:
        async with self.given.read() as view:
            merged = self.random.choice(await view.all(MERGED) or [0])
        async with self.given.write() as tx:
            await merging.unmerge(tx, merged)

    async def hide(self) -> None:
        it = self.random.choice(await self.threads("published") or [Row(0, 0, ThreadType.NOTE, "")])
        async with self.given.write() as tx:
            await drafts.hide(tx, it.conversation_id, it.id, hidden=True)

    async def other_customer(self) -> None:
        conversation = await self.any()
        async with self.given.write() as tx:
            await changing.set_customer(tx, conversation, self.random.choice(self.customers).id)

    async def rate(self) -> None:
        it = self.random.choice(await self.threads("published") or [Row(0, 0, ThreadType.NOTE, "")])
        async with self.given.write() as tx:
            link = await ratings.rating_link(tx, it.conversation_id, it.id, origin=ORIGIN, days=60)
            word = Rating(self.random.choice(["great", "great", "okay", "not_good"]))
            await ratings.rate(tx, link.rpartition("/")[2], word, self.random.choice(["", "Thanks"]), change_hours=72)

    async def workflow(self) -> None:
        """A workflow is run by hand."""
        conversation = await self.any()
        async with self.given.write(self.random.choice(self.users)) as tx:
            inbox = (await one.locked(tx, conversation)).inbox_id
            await running.run_by_hand(tx, self.random.choice(self.workflows[inbox]), [conversation])

    async def snooze(self) -> None:
        conversation = await self.any()
        async with self.given.write() as tx:
            until = tx.now + timedelta(days=self.random.randrange(9))
            await snoozing.snooze(tx, conversation, until=until, wakes_on_reply=True)

    async def chat(self) -> None:
        """Something happens in a live chat."""
        if not self.chats or self.random.random() < 0.2:
            async with self.given.write() as tx:
                self.chats.append(await chats.start(tx, self.random.choice(self.inboxes), self.random.choice(self.customers)))
            return
        chat, message = self.random.choice(self.chats[-3:]), str(uuid.UUID(int=self.random.getrandbits(128)))
        act = self.random.choice(["hear", "hear", "answer", "answer", "end"])
        async with self.given.write(self.random.choice(self.users[:3])) as tx:
            if act == "hear":
                await chats.hear(tx, chat, message, self.text())
            elif act == "answer":
                await chats.answer(tx, chat, message, self.text())
            else:
                await chats.end(tx, chat)
