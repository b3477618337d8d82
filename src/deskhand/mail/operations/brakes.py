"""What keeps us from writing to machines that write to us (email rules 7.6): each of these alone ends a loop.

They are looked at in the transaction that would queue the mail, so that two at once cannot both find room.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, or_

from deskhand.kernel.errors import NotFound
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.marks import split_plus
from deskhand.mail.model import AddressHushed, Alert, AutomaticMailStopped, Kind
from deskhand.mail.operations.queueing import is_mailable
from deskhand.mail.queries import alerts
from deskhand.mail.queries import outgoing as queries
from deskhand.mail.queries.inboxes import owners
from deskhand.mail.tables import mail_hushed
from deskhand.users import queries as users

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AUTO_REPLIES_AN_HOUR, AUTO_REPLIES_A_DAY = 1, 5
AUTOMATIC_AN_HOUR = 100  # of one inbox
FLOOD, FLOOD_TIME = 20, timedelta(minutes=10)  # more than so many messages from one sender
HARD_BOUNCES, HARD_BOUNCES_TIME, HARD_BOUNCES_HUSH = 2, timedelta(days=7), timedelta(days=90)
MACHINES = frozenset({Kind.AUTOMATIC, Kind.BULK, Kind.BOUNCE, Kind.COMPLAINT, Kind.RECEIPT})
NO_REPLY = re.compile(
    r"(?:no|not|don'?t|do[-_.]?not)[-_.]?(?:answer|reply)|mailer-daemon|postmaster|bounces?|abuse", re.IGNORECASE
)

log = Log(__name__)

_hush = upsert(mail_hushed).values({name: param(name) for name in ("address", "until", "reason", "at")})
# Who is hushed for longer stays so.
HUSH = write(
    _hush.on_conflict_do_update(
        index_elements=["address"],
        set_={name: _hush.excluded[name] for name in ("until", "reason", "at")},
        where=or_(_hush.excluded.until.is_(None), mail_hushed.c.until < _hush.excluded.until),
    )
)
UNHUSH = write(delete(mail_hushed).where(mail_hushed.c.address == param("address")))
UNSUBSCRIBED = "they unsubscribed"
"""The reason of a user who wants no notifications; what they must know reaches them all the same."""


async def hush(tx: Transaction, address: str, reason: str, *, for_: timedelta | None = None) -> None:
    """Send an address no automatic mail, for a while or for ever; a person may still write there."""
    until = tx.instant + for_ if for_ else None
    if not await tx.write(HUSH, address=address.lower(), until=until, reason=reason, at=tx.instant):
        return
    tx.record(AddressHushed(address=address.lower(), reason=reason))
    log.warning("an address gets no automatic mail", reason=reason)


async def note_hard_bounce(tx: Transaction, address: str) -> None:
    """Nobody is at an address, as a delivery just noted says: the second time within a week it gets no automatic mail."""
    hard = await tx.one(queries.HARD, address=address, since=tx.instant - HARD_BOUNCES_TIME)
    if hard >= HARD_BOUNCES:
        await hush(tx, address, f"{hard} messages came back within a week", for_=HARD_BOUNCES_HUSH)


async def flooding(tx: Transaction, senders: Collection[str]) -> set[str]:
    """Those of senders (in lower case) who with one message more have written too many within ten minutes."""
    return set(await tx.all(queries.FLOODING, senders=senders, after=tx.instant - FLOOD_TIME, least=FLOOD))


async def note_flood(tx: Transaction, sender: str) -> None:
    """A sender wrote too many messages, whatever became of them: none of ours goes there by itself for a day."""
    if await hushed(tx, sender) is None:
        await hush(tx, sender, alerts.FLOODS, for_=DAY)


async def unhush(tx: Transaction, address: str) -> None:
    """Let an address have automatic mail again. Raises Forbidden, NotFound if it may have it."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if not await tx.write(UNHUSH, address=address.lower()):
        raise NotFound(f"{address} is not kept from automatic mail")
    log.info("an address gets automatic mail again")


async def hushed(tx: Transaction, address: str) -> str | None:
    """Why an address gets no automatic mail now, or None."""
    return await tx.first(queries.HUSHED, address=address.lower(), now=tx.instant)


async def against_automatic(
    tx: Transaction, inbox_id: int, address: str, *, despite: str = "", is_alert: bool = False
) -> str | None:
    """Why an inbox writes nothing by itself to an address, or None if it may. ``despite`` is a reason that does not count;
    alerts, which have a limit of their own, may tell of an inbox that was stopped."""
    if not is_mailable(address):
        return "it is no address"
    reason = await hushed(tx, address)
    if reason and reason != despite:
        return f"the address gets no automatic mail: {reason}"
    if is_alert:
        return None
    number = await tx.one(queries.AUTOMATIC_OF_INBOX, inbox_id=inbox_id, after=tx.instant - HOUR)
    if number >= AUTOMATIC_AN_HOUR:
        log.error("an inbox writes too much by itself and was stopped for now", inbox=inbox_id, last_hour=number)
        if await alerts.told_lately(tx, Alert.STOPPED, inbox_id) is None:
            tx.record(AutomaticMailStopped(inbox_id=inbox_id))
        return f"the inbox has sent {number} automatic messages within an hour"
    return None


async def against_auto_reply(tx: Transaction, inbox_id: int, conversation_id: int, address: str) -> str | None:
    """Why a sender gets no auto reply, or None."""
    if reason := await hushed(tx, address):
        return f"the address gets no automatic mail: {reason}"
    if NO_REPLY.match(address.rpartition("@")[0]):
        return "nobody reads that address"
    if await owners(tx, [address]) or await users.by_email(tx, split_plus(address)[0]):
        return "it is an address of ours"
    if (await tx.first(queries.LATEST_KIND, conversation_id=conversation_id) or Kind.LETTER) in MACHINES:
        return "a machine wrote"
    if await tx.one(queries.AUTO_REPLIED, conversation_id=conversation_id):
        return "the conversation has had one"
    for most, time, told in ((AUTO_REPLIES_AN_HOUR, HOUR, "an hour"), (AUTO_REPLIES_A_DAY, DAY, "a day")):
        if await tx.one(queries.AUTO_REPLIES_TO, address=address, after=tx.instant - time) >= most:
            return f"the sender has had {most} within {told}"
    return await against_automatic(tx, inbox_id, address)
