"""What tests of sending share: an inbox that has mail."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import Struct
from sqlalchemy import insert, select

from deskhand.conversations.model import ThreadType
from deskhand.kernel.storage.statements import param, read, write
from deskhand.mail.model import Options
from deskhand.mail.queries import outgoing as queries
from deskhand.mail.queries.inboxes import ONE
from deskhand.mail.queries.outgoing import Delivery, Sent
from deskhand.mail.tables import mail_addresses, mail_inboxes, mail_outgoing
from tests.given import Given

ADD_INBOX = write(insert(mail_inboxes).values({name: param(name) for name in ("inbox_id", "options", "updated_at")}))
ADD_ADDRESS = write(insert(mail_addresses).values({name: param(name) for name in ("inbox_id", "address")}))
EVERY = read(select(*(mail_outgoing.c[name] for name in Sent.__struct_fields__)).order_by(mail_outgoing.c.id), Sent)


class Mail(Struct):
    """Gives inboxes mail, and looks at what is queued."""

    given: Given

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

    async def queue(self) -> list[Sent]:
        """Everything of ours, oldest first."""
        async with self.given.read() as view:
            return await view.all(EVERY)

    async def only(self) -> Sent:
        (it,) = await self.queue()
        return it

    async def deliveries(self, outgoing_id: int) -> list[Delivery]:
        async with self.given.read() as view:
            return await queries.deliveries(view, outgoing_id)


@pytest.fixture
def mail(given: Given) -> Mail:
    return Mail(given)
