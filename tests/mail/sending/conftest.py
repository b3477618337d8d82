"""What tests of sending share: an inbox that has mail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec import Struct
from sqlalchemy import insert, select

from deskhand.app import App
from deskhand.conversations.model import ThreadType
from deskhand.kernel.storage.statements import param, read, write
from deskhand.mail.model import Authentication, Direction, Options, OutgoingKind, Secrets, Security
from deskhand.mail.operations import connecting
from deskhand.mail.operations.connecting import NewConnection
from deskhand.mail.queries import outgoing as queries
from deskhand.mail.queries.inboxes import CONNECTION, ONE, Connection
from deskhand.mail.queries.outgoing import Delivery, Sent
from deskhand.mail.sending.sender import MailSender
from deskhand.mail.sending.smtp import Patience
from deskhand.mail.tables import mail_addresses, mail_inboxes, mail_outgoing
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending.peers import Peer, peer

HERE = ("127.0.0.0/8", "::1/128")
WINDOW = timedelta(seconds=11)
"""In which a click could be undone, and a moment."""
QUICK = Patience(connect=2, command=0.5, data=1)
ADD_INBOX = write(insert(mail_inboxes).values({name: param(name) for name in ("inbox_id", "options", "updated_at")}))
ADD_ADDRESS = write(insert(mail_addresses).values({name: param(name) for name in ("inbox_id", "address")}))
EVERY = read(select(*(mail_outgoing.c[name] for name in Sent.__struct_fields__)).order_by(mail_outgoing.c.id), Sent)


class Mail(Struct):
    """Gives inboxes mail, says what is to be sent, and looks at what is queued."""

    given: Given
    clock: MovableClock

    async def begin(self, inbox_id: int | None = None, **options: Any) -> None:
        """The inbox sends mail from now on."""
        inbox_id = inbox_id or self.given.inbox
        async with self.given.write() as tx:
            await tx.write(ADD_INBOX, inbox_id=inbox_id, options=Options(**options), updated_at=tx.instant)
            inbox = await tx.one(ONE, inbox_id=inbox_id)
            await tx.write(ADD_ADDRESS, inbox_id=inbox_id, address=inbox.email.lower())

    async def reply(self, conversation_id: int, text: str = "<p>It is on its way.</p>", **more: Any) -> int:
        """An agent's answer; the thread's id."""
        return await self.given.thread(conversation_id, ThreadType.MESSAGE, text, **more)

    async def connect(self, port: int, inbox_id: int | None = None, password: str = "", **more: Any) -> None:
        """The inbox has a server of its own, on this machine; ``more`` is of the connection."""
        async with self.given.write() as tx:
            how: dict[str, Any] = {
                "host": "127.0.0.1",
                "port": port,
                "security": Security.NONE,
                "authentication": Authentication.PASSWORD if password else Authentication.NONE,
                "username": "help" if password else "",
                "secrets": Secrets(password=password),
            }
            direction = more.pop("direction", Direction.OUT)
            new = NewConnection(**how | more)
            await connecting.connect(tx, inbox_id or self.given.inbox, direction, new)

    async def through(self, port: int, **options: Any) -> None:
        """The inbox sends mail from now on, by a server of its own on this machine."""
        await self.begin(**options)
        await self.connect(port)

    async def leaves(self, conversation_id: int | None = None, **more: Any) -> int:
        """An agent's answer whose window to undo is over, in a conversation of its own if none is named; the conversation."""
        it = conversation_id or await self.given.conversation(customer=await self.given.customer("pavel@mail.test"))
        await self.reply(it, **more)
        self.clock.move(WINDOW)
        return it

    async def connection(self, inbox_id: int | None = None) -> Connection:
        async with self.given.read() as view:
            return await view.one(CONNECTION, inbox_id=inbox_id or self.given.inbox, direction=Direction.OUT)

    async def states(self, outgoing_id: int | None = None) -> list[str]:
        """How far the only message, or that one, got with each recipient."""
        return [each.state.value for each in await self.deliveries(outgoing_id or (await self.only()).id)]

    async def queue(self) -> list[Sent]:
        """Everything of ours, oldest first."""
        async with self.given.read() as view:
            return await view.all(EVERY)

    async def only(self) -> Sent:
        """The only message; what agents are told of it does not count."""
        queue = await self.queue()
        (it,) = [each for each in queue if each.kind is not OutgoingKind.NOTIFICATION] or queue
        return it

    async def deliveries(self, outgoing_id: int) -> list[Delivery]:
        async with self.given.read() as view:
            return await queries.deliveries(view, outgoing_id)


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    """Mail servers may be on this machine."""
    return Settings(
        data=str(tmp_path / "data"), database=address, origin="https://desk.test", mail_networks=HERE, outbound_networks=HERE
    )


@pytest.fixture
async def server() -> AsyncIterator[Peer]:
    """A mail server that behaves until it is told not to."""
    async with peer() as made:
        yield made


@pytest.fixture
def sender(app: App) -> MailSender:
    """Sends when a test says so; it has no patience and no luck."""
    return MailSender(app.desk, luck=Even(), patience=QUICK)


class Even(Random):
    """Retries at their very moments."""

    def random(self) -> float:
        return 0.5


@pytest.fixture
def mail(given: Given, clock: MovableClock) -> Mail:
    return Mail(given, clock)
