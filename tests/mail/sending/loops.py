"""The drill of loops (R22): desks with auto replies on, and machines that answer everything, write to one another.
``script/drill loops``. Each must end within five messages behind the one that began it.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from deskhand.app import make_app
from deskhand.cli.account import migrate
from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations.entries import NewThread
from deskhand.kernel.transaction import Transaction
from deskhand.mail.marks import split_plus
from deskhand.mail.model import Options
from deskhand.mail.operations import brakes, inboxes
from deskhand.mail.sending.sender import MailSender
from deskhand.settings import Settings
from deskhand.users import queries as users
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.post import Post, letter
from tests.mail.sending.peers import Got, Peer, peer

MOST = 5
EMPTY = "empty.db"
PATIENCE = 12
SECOND = "sales@desk.test"
FIRST = "help@desk.test"


class Correspondent(Protocol):
    """Somebody with an address."""

    async def receive(self, got: Got) -> None: ...


class Side:
    """A desk, with the inbox it plays with."""

    def __init__(self, given: Given, clock: MovableClock, inbox: int, sender: MailSender) -> None:
        self.given = given
        self.post = Post(given, clock)
        self.inbox = inbox
        self.sender = sender

    async def receive(self, got: Got) -> None:
        await self.post.bring(got.content, inbox=self.inbox)

    async def write(self, to: str) -> None:
        """An agent begins a conversation with somebody."""
        customer = await self.given.customer(to)
        said = [NewThread(type=ThreadType.MESSAGE, text="Hello.", customer=customer)]
        await self.given.conversation(inbox=self.inbox, customer=customer, said=said)


class Machine:
    """Answers whatever comes, at once, as if it were a person: no header says what it is."""

    def __init__(self, address: str, side: Side, took: list[str], *, threads: bool) -> None:
        self._address, self._side, self._took, self._threads = address, side, took, threads

    async def receive(self, got: Got) -> None:
        number = len(self._took)
        self._took.append(self._address)
        headers: dict[str, Any] = {"In_Reply_To": f"<{got.id}>", "References": f"<{got.id}>"} if self._threads else {}
        to = str(got.message["Reply-To"] or got.message["From"])
        subject = f"Re: {got.message['Subject']}" if self._threads else f"Ticket {number} was opened"
        raw = letter(sender=self._address, to=to, subject=subject, Message_ID=f"<{number}.robot@x.test>", **headers)
        await self._side.post.bring(raw, inbox=self._side.inbox)


@asynccontextmanager
async def side(folder: Path, clock: MovableClock, server: Peer, name: str, **options: Any) -> AsyncIterator[Side]:
    """A desk of its own whose inbox is ``name@desk.test``."""
    settings = Settings(data=str(folder), origin="https://desk.test", smtp_url=f"smtp://127.0.0.1:{server.port}")
    folder.mkdir()
    shutil.copy(folder.parent / EMPTY, folder / "deskhand.db")
    app = make_app(settings, clock, works=False)
    await app.desk.database.open()
    try:
        given = Given(app)
        await given.begin()
        inbox = given.inbox if name == "Help" else await given.new_inbox(name)
        async with given.write(given.owner) as tx:
            await inboxes.want(tx, inbox, Options(undo_seconds=0, **options))
        yield Side(given, clock, inbox, app.mail_sender)
    finally:
        await app.desk.database.close()


async def exchange(server: Peer, sides: list[Side], others: dict[str, Correspondent], took: list[str]) -> int:
    """Everybody sends and receives until nobody has anything to say, or patience ends; how many messages there were."""
    seen = 0
    while True:
        for each in sides:
            await each.sender.run_due()
        if seen == len(server.got) or seen + len(took) > PATIENCE:
            return seen + len(took)
        for got in server.got[seen:]:
            seen += 1
            for address in got.recipients:
                if split_plus(address)[0] in others:
                    await others[split_plus(address)[0]].receive(got)


async def two_desks(folder: Path, clock: MovableClock, server: Peer) -> int:
    """An agent of one writes to an inbox of the other; both answer new conversations by themselves."""
    begins = partial(side, clock=clock, server=server, auto_reply=True)
    async with begins(folder / "a", name="Help") as a, begins(folder / "b", name="Sales") as b:
        await a.write(SECOND)
        return await exchange(server, [a, b], {FIRST: a, SECOND: b}, [])


async def two_desks_with_tokens(folder: Path, clock: MovableClock, server: Peer) -> int:
    """The same, with reply tokens, notifications, and a letter that only claims to be the other's."""
    begins = partial(side, clock=clock, server=server, auto_reply=True, uses_plus=True, notifies=True)
    async with begins(folder / "a", name="Help") as a, begins(folder / "b", name="Sales") as b:
        await a.post.bring(letter(sender=SECOND, Message_ID="<1@x.test>"), inbox=a.inbox)
        return await exchange(server, [a, b], {FIRST: a, SECOND: b}, [])


async def a_machine_that_threads(folder: Path, clock: MovableClock, server: Peer) -> int:
    return await _machine(folder, clock, server, threads=True)


async def a_machine_that_begins_anew(folder: Path, clock: MovableClock, server: Peer) -> int:
    return await _machine(folder, clock, server, threads=False)


async def an_agent_whose_mailbox_answers(folder: Path, clock: MovableClock, server: Peer) -> int:
    """Notifications go to a machine that answers each of them."""
    took: list[str] = []
    async with side(folder / "a", clock, server, "Help", notifies=True, uses_plus=True) as a:
        async with a.given.read() as view:
            address = (await users.get(view, a.given.owner)).email or ""
        conversation = await a.given.conversation(assign_to=a.given.owner)
        await a.given.thread(conversation, ThreadType.CUSTOMER, by=None)
        return await exchange(server, [a], {address: Machine(address, a, took, threads=True)}, took)


async def _machine(folder: Path, clock: MovableClock, server: Peer, *, threads: bool) -> int:
    took: list[str] = []
    async with side(folder / "a", clock, server, "Help", auto_reply=True) as a:
        robot = Machine("robot@x.test", a, took, threads=threads)
        await a.post.bring(letter(sender="robot@x.test", Message_ID="<begin@x.test>"), inbox=a.inbox)
        return await exchange(server, [a], {"robot@x.test": robot}, took)


Case = Callable[[Path, MovableClock, Peer], Awaitable[int]]
CASES: tuple[Case, ...] = (
    two_desks,
    two_desks_with_tokens,
    a_machine_that_threads,
    a_machine_that_begins_anew,
    an_agent_whose_mailbox_answers,
)


async def play(case: Case, folder: Path, empty: Path) -> int:
    """How many messages one of the cases takes until it ends; ``empty`` is the file of an empty account."""
    shutil.copy(empty, folder / EMPTY)
    async with peer() as server:
        return await case(folder, MovableClock(), server)


def unbraked() -> None:
    """Take the brakes off, to see the drill turn red."""

    async def none(tx: Transaction, inbox_id: int, conversation_id: int, address: str) -> str | None:
        return None

    brakes.against_auto_reply = none


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill loops", description=__doc__)
    parser.add_argument("--fault", choices=["none", "no brakes"], default="none", help="plant a bug: it must be found")
    if parser.parse_args().fault == "no brakes":
        unbraked()
    wrong = 0
    for case in CASES:
        with tempfile.TemporaryDirectory(prefix="deskhand-loops-") as folder:
            settings = Settings(data=f"{folder}/empty")
            migrate(settings)
            number = asyncio.run(play(case, Path(folder), Path(settings.data) / "deskhand.db"))
        wrong += number > MOST
        print(f"{'wrong' if number > MOST else 'ended'}: {case.__name__.replace('_', ' ')}: {number} messages")
    print(f"{wrong} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
