"""What whoever manages the account must know of its mail, told by mail: once an hour for each inbox and kind at most, with how
much of it there is and what to do. What is told is looked up when it is told, so it is as things are then.
"""

from __future__ import annotations

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.transaction import Transaction
from deskhand.mail.model import (
    AddressHushed,
    Alert,
    AlertPostponed,
    AutomaticMailStopped,
    ConnectionFailing,
    ConnectionState,
    Direction,
    MailHeld,
)
from deskhand.mail.operations import brakes, notices
from deskhand.mail.queries import alerts as queries
from deskhand.mail.queries.inboxes import CONNECTION
from deskhand.mail.queries.outgoing import AUTOMATIC_OF_INBOX

Alarming = MailHeld | AutomaticMailStopped | AddressHushed | ConnectionFailing | AlertPostponed
DIRECTIONS = {Alert.NOTHING_COMES: Direction.IN, Alert.NOTHING_GOES: Direction.OUT}


def about(event: Alarming) -> tuple[Alert, int | None]:
    """Which alert a fact calls for, and about which inbox."""
    match event:
        case MailHeld():
            return Alert.HELD, event.inbox_id
        case AutomaticMailStopped():
            return Alert.STOPPED, event.inbox_id
        case AddressHushed():
            return Alert.FLOOD, None
        case ConnectionFailing():
            return Alert(event.direction.value), event.inbox_id
        case AlertPostponed():
            return event.alert, event.inbox_id


async def tell(tx: Transaction, alert: Alert, inbox_id: int | None) -> None:
    """Tell what there is to tell now; within an hour of the last time, later."""
    await tx.hold_count(queries.count_name(alert, inbox_id))  # of two at the same moment the second sees that it was told
    told_at = await queries.told_lately(tx, alert, inbox_id)
    if told_at is not None:
        tx.record(AlertPostponed(alert=alert, inbox_id=inbox_id, until=told_at + queries.EVERY))
        return
    inbox = await inboxes.find(tx, inbox_id) if inbox_id is not None else None
    said = await _said(tx, alert, inbox_id, inbox.name if inbox else "")
    if said is not None and await notices.alert(tx, *said):
        tx.count(queries.count_name(alert, inbox_id), 1)


async def _said(tx: Transaction, alert: Alert, inbox_id: int | None, name: str) -> tuple[str, str] | None:
    """Subject and text; None if it is over."""
    match alert:
        case Alert.HELD:
            number = await tx.one(queries.HELD_LETTERS, inbox_id=inbox_id)
            return _held(number, f"the inbox {name}" if name else "none of the inboxes") if number else None
        case Alert.STOPPED:
            number = await tx.one(AUTOMATIC_OF_INBOX, inbox_id=inbox_id, after=tx.instant - brakes.HOUR)
            return _stopped(number, name) if number >= brakes.AUTOMATIC_AN_HOUR else None
        case Alert.FLOOD:
            number = await tx.one(queries.FLOODING, now=tx.instant)
            return _flooded(number) if number else None
    return await _failing(tx, DIRECTIONS[alert], inbox_id, name)


def _held(number: int, where: str) -> tuple[str, str]:
    return f"Mail waits for a person: {number}", (
        f"Messages for {where} that could not be read or placed, and wait for a person: {number}. Nothing is lost, and nothing"
        " behind them is held up.\n\n'deskhand mail held' lists them with the reasons, 'deskhand mail show N' says who wrote;"
        " then 'deskhand mail retry N', with --as-is to have a conversation of it, or 'deskhand mail drop N'."
    )


def _stopped(number: int, name: str) -> tuple[str, str]:
    return f"{name} writes nothing by itself for now", (
        f"The inbox {name} has written {number} messages by itself within an hour, which is the most it may: auto replies and"
        " notifications are left out until there are fewer. What people write goes out as ever.\n\nIf a machine answers us,"
        " 'deskhand inbox set' with auto_reply=no ends that; the conversations that began last show who writes."
    )


def _flooded(number: int) -> tuple[str, str]:
    return f"Too much mail from one sender: {number}", (
        f"Senders who wrote more than {brakes.FLOOD} messages within ten minutes, in the last day: {number}. Their mail"
        " comes in as ever, but nothing is written to them by itself for a day.\n\n'deskhand mail hushed' lists them,"
        " 'deskhand mail unhush ADDRESS' lets them have automatic mail again."
    )


async def _failing(tx: Transaction, direction: Direction, inbox_id: int | None, name: str) -> tuple[str, str] | None:
    it = await tx.first(CONNECTION, inbox_id=inbox_id, direction=direction)
    if it is None or it.failing_since is None:
        return None
    way = "come in" if direction is Direction.IN else "go out"
    refused = it.state is ConnectionState.NEEDS_RECONNECT
    todo = "Sign in anew with 'deskhand inbox connect'" if refused else "'deskhand inbox test' says more"
    return f"Mail of {name} is at a standstill", (
        f"No mail can {way} for the inbox {name} since {it.failing_since:%Y-%m-%d %H:%M} UTC. Its server {it.host}"
        f" says: {it.error or 'nothing'}\n\nNothing is lost: it is tried on. {todo}."
    )
