"""Taking one message that a mail server hands over by itself."""

from __future__ import annotations

import re

from msgspec import Struct

from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.doors.addressing import recipients
from deskhand.mail.model import Door
from deskhand.mail.operations.taking import take
from deskhand.mail.queries import inboxes as queries

MBOX_LINE = re.compile(rb"\A>?From [^\r\n]*\r?\n")


class Envelope(Struct, frozen=True):
    """What the mail server says of a message: for which inbox, or for whom, and who sent it; None where it says nothing.

    ``told`` is for whom it says in passing: believed if it is known here.
    """

    inbox_id: int | None = None
    recipients: tuple[str, ...] = ()
    sender: str | None = None
    told: tuple[str, ...] = ()


class Unknown(Exception):
    """None of the recipients is an address of an inbox."""


async def deliver(desk: Desk, content: bytes, envelope: Envelope) -> list[int]:
    """Make a message ours, once for each inbox that it is for; the numbers. Durable on return.

    Raises Unknown when its envelope names nobody here; without an envelope it is held then. Raises Unavailable, Collision.
    """
    content = MBOX_LINE.sub(b"", content, count=1)
    blob = await desk.blobs.put(content)
    async with desk.writing(system_actor()) as tx:
        if envelope.inbox_id is not None:
            wanted: dict[int | None, tuple[str, ...]] = {envelope.inbox_id: envelope.recipients}
        else:
            wanted = await _owners(tx, envelope, content)
        return [
            await take(
                tx,
                inbox_id=inbox_id,
                door=Door.PIPE,
                blob=blob,
                size_bytes=len(content),
                envelope_from=envelope.sender,
                recipients=addresses,
            )
            for inbox_id, addresses in wanted.items()
        ]


async def _owners(view: Snapshot, envelope: Envelope, content: bytes) -> dict[int | None, tuple[str, ...]]:
    """The inboxes a message is for, each with the recipients that are its own."""
    named = envelope.recipients
    for group in [list(named)] if named else [list(envelope.told), *recipients(content)]:
        found = await queries.owners(view, [each for each in group if each.isprintable()])
        if found:
            return {inbox_id: tuple(each for each in found if found[each] == inbox_id) for inbox_id in found.values()}
    if named:
        raise Unknown("none of the recipients is an address of an inbox")
    return {None: ()}
