"""Trying a server out: is it reached, does it let us in, and what to do when not."""

from __future__ import annotations

from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.mail.connecting.credentials import SignInRefused, SignInTrouble
from deskhand.mail.doors.fetching import Fetching, LineTrouble, Trials
from deskhand.mail.model import Direction
from deskhand.mail.operations import connecting
from deskhand.mail.queries.inboxes import Connection
from deskhand.mail.sending.routes import route_of
from deskhand.mail.sending.smtp import Away, NotLetIn, Patience, open_line

REACH = (
    "Check host, port and --security, and that the host is named as in its certificate. "
    "Servers in private networks need DESKHAND_MAIL_NETWORKS."
)
SIGN_IN = "Check user name and password (many providers want an app password), then run 'deskhand inbox connect' again."


async def try_out(desk: Desk, it: Connection) -> tuple[str, str]:
    """What is wrong with a connection and what to do about it; or nothing, and what was seen. It is noted, too."""
    try:
        seen = await (_imap(desk, it) if it.direction is Direction.IN else _smtp(desk, it))
    except (LineTrouble, SignInRefused, SignInTrouble, NotLetIn, Away) as error:
        is_refused = isinstance(error, SignInRefused | NotLetIn) or (isinstance(error, LineTrouble) and error.is_refused)
        async with desk.writing(system_actor()) as tx:
            await connecting.note_trouble(tx, it, str(error), is_refused=is_refused)
        return str(error), SIGN_IN if is_refused else REACH
    async with desk.writing(system_actor()) as tx:
        await connecting.note_working(tx, it)
    return "", seen


async def _imap(desk: Desk, it: Connection) -> str:
    fetching = Fetching(desk, it, Trials())
    try:
        await fetching.open()
        folder = await fetching.folder()
    finally:
        await fetching.close()
    return f"signed in, {folder.count} messages in {it.folder}"


async def _smtp(desk: Desk, it: Connection) -> str:
    route = route_of(desk, it)
    if route is None:
        raise Away("there is no way to this server")
    line = await open_line(desk, route, Patience())
    await line.end()
    return "signed in"
