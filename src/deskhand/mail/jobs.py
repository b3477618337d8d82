"""What follows from mail later, by itself."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound
from deskhand.kernel.log import Log
from deskhand.kernel.outbound.door import Failed
from deskhand.kernel.permissions import system_actor
from deskhand.mail.composing.headers import Unwritable
from deskhand.mail.composing.letter import needs_utf8
from deskhand.mail.connecting.credentials import SignInRefused, SignInTrouble, credentials
from deskhand.mail.doors.session import NotLetIn, Session, Trouble
from deskhand.mail.model import Direction, MailSent
from deskhand.mail.operations import alerts, notices
from deskhand.mail.operations.alerts import Alarming
from deskhand.mail.queries.inboxes import CONNECTION, find
from deskhand.mail.queries.outgoing import SENT
from deskhand.mail.sending.letters import bytes_of
from deskhand.users.model import PasswordLinkAsked

TOLD_AFTER = timedelta(hours=1)
CONNECT_SECONDS = 30.0

log = Log(__name__)


async def tell_operators(desk: Desk, event: Alarming) -> None:
    """Those who manage the account are told what they must know of its mail."""
    async with desk.writing(system_actor()) as tx:
        await alerts.tell(tx, *alerts.about(event))


async def send_link(desk: Desk, event: PasswordLinkAsked) -> None:
    """Somebody forgot their password. Later, so that nobody can tell from the time it took whether there is such a user."""
    async with desk.writing(system_actor()) as tx:
        await notices.send_link(tx, event)


async def keep_copy(desk: Desk, event: MailSent) -> None:
    """A copy of what an agent wrote goes to the inbox's IMAP server. It is a courtesy: where that fails it is only logged."""
    async with desk.reading(system_actor()) as view:
        it = await view.first(SENT, outgoing_id=event.outgoing_id)
        if it is None:
            return
        inbox = await find(view, it.inbox_id)
        connection = await view.first(CONNECTION, inbox_id=it.inbox_id, direction=Direction.IN)
    if inbox is None or connection is None or not inbox.options.sent_folder:
        return
    try:
        message = await bytes_of(desk, it, utf8=any(needs_utf8(each.address) for each in (*it.letter.to, *it.letter.cc)))
        signs_in = await credentials(desk, connection)
        made = await desk.mail_hosts.connect(connection.host, connection.port, seconds=CONNECT_SECONDS)
        session = Session(made, connection.host, connection.port, connection.security, limit_bytes=0)

        def keep() -> None:
            try:
                session.open()
                session.sign_in(signs_in, connection.authentication)
                session.keep(inbox.options.sent_folder, message, it.message_id, it.created_at)
            finally:
                session.close()

        await asyncio.to_thread(keep)
    except (Failed, NotFound, NotLetIn, SignInRefused, SignInTrouble, Unwritable, *Trouble) as error:
        log.warning("no copy of sent mail could be kept", inbox=it.inbox_id, outgoing=it.id, reason=str(error)[:200])
