"""The bytes of a queued message: the same whoever asks, and whenever."""

from __future__ import annotations

import asyncio

from deskhand.kernel.desk import Desk
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.sealing import Unsealable
from deskhand.mail.composing.headers import Unwritable
from deskhand.mail.composing.letter import ascii_address, compose
from deskhand.mail.composing.signing import NoKey, signed
from deskhand.mail.model import key_name
from deskhand.mail.queries.inboxes import KEY
from deskhand.mail.queries.outgoing import Sent

log = Log(__name__)


async def bytes_of(desk: Desk, it: Sent, *, utf8: bool) -> bytes:
    """A message composed, and signed where its inbox has a key. Raises Unwritable, NotFound for a file that is gone,
    Unavailable."""
    files = {each.blob: await desk.blobs.get(each.blob) for each in it.letter.files}
    async with desk.reading(system_actor()) as view:
        key = await view.first(KEY, inbox_id=it.inbox_id)
    secret = ""
    if key is not None:
        try:
            secret = desk.seal.open(key.secret, key_name(key.id))
        except Unsealable as error:
            log.error("mail leaves without its signature", inbox=it.inbox_id, reason=str(error))

    def made() -> bytes:
        message = compose(it.letter, files, it.created_at, utf8=utf8)
        if key is None or not secret:
            return message
        domain = ascii_address(f"any@{key.domain}").rpartition("@")[2]
        return signed(message, secret, domain, key.selector, it.created_at)

    try:
        return await asyncio.to_thread(made)
    except NoKey as error:
        raise Unwritable(f"it cannot be signed: {error}") from None
