"""What whoever manages the account must know of its mail, told by mail: once an hour for each inbox and kind at most, with how
much of it there is and what to do. What is told is looked up when it is told, so it is as things are then.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.transaction import Transaction
from deskhand.kernel.words import Words
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
from deskhand.mail.operations.notices import Said
from deskhand.mail.queries import alerts as queries
from deskhand.mail.queries.inboxes import CONNECTION, Connection
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
    if said is not None and await notices.alert(tx, said):
        tx.count(queries.count_name(alert, inbox_id), 1)


async def _said(tx: Transaction, alert: Alert, inbox_id: int | None, name: str) -> Said | None:
    """What to say; None if it is over."""
    match alert:
        case Alert.HELD:
            number = await tx.one(queries.HELD_LETTERS, inbox_id=inbox_id)
            return partial(_held, number, name) if number else None
        case Alert.STOPPED:
            number = await tx.one(AUTOMATIC_OF_INBOX, inbox_id=inbox_id, after=tx.instant - brakes.HOUR)
            return partial(_stopped, number, name) if number >= brakes.AUTOMATIC_AN_HOUR else None
        case Alert.FLOOD:
            number = await tx.one(queries.FLOODING, now=tx.instant)
            return partial(_flooded, number) if number else None
    it = await tx.first(CONNECTION, inbox_id=inbox_id, direction=DIRECTIONS[alert])
    return partial(_failing, it, it.failing_since, name) if it is not None and it.failing_since is not None else None


def _held(number: int, name: str, words: Words) -> tuple[str, str]:
    if name:
        told = words.text(
            "Messages for the inbox %(name)s that could not be read or placed, and wait for a person: %(number)s.",
            name=name,
            number=words.number(number),
        )
    else:
        told = words.text(
            "Messages for none of the inboxes that could not be read or placed, and wait for a person: %(number)s.",
            number=words.number(number),
        )
    todo = words.text(
        "Nothing is lost, and nothing behind them is held up.\n\n'deskhand mail held' lists them with the reasons,"
        " 'deskhand mail show N' says who wrote; then 'deskhand mail retry N', with --as-is to have a conversation of it, or"
        " 'deskhand mail drop N'."
    )
    return words.text("Mail waits for a person: %(number)s", number=words.number(number)), f"{told} {todo}"


def _stopped(number: int, name: str, words: Words) -> tuple[str, str]:
    return words.text("%(name)s writes nothing by itself for now", name=name), words.text(
        "The inbox %(name)s has written %(number)s messages by itself within an hour, which is the most it may: auto replies"
        " and notifications are left out until there are fewer. What people write goes out as ever.\n\nIf a machine answers us,"
        " 'deskhand inbox set' with auto_reply=no ends that; the conversations that began last show who writes.",
        name=name,
        number=words.number(number),
    )


def _flooded(number: int, words: Words) -> tuple[str, str]:
    return words.text("Too much mail from one sender: %(number)s", number=words.number(number)), words.text(
        "Senders who wrote more than %(most)s messages within ten minutes, in the last day: %(number)s. Their mail comes in as"
        " ever, but nothing is written to them by itself for a day.\n\n'deskhand mail hushed' lists them, 'deskhand mail unhush"
        " ADDRESS' lets them have automatic mail again.",
        most=words.number(brakes.FLOOD),
        number=words.number(number),
    )


def _failing(it: Connection, since: datetime, name: str, words: Words) -> tuple[str, str]:
    values = {"name": name, "since": words.exact(since), "host": it.host, "error": it.error or words.text("nothing")}
    if it.direction is Direction.IN:
        told = words.text(
            "No mail can come in for the inbox %(name)s since %(since)s. Its server %(host)s says: %(error)s", **values
        )
    else:
        told = words.text(
            "No mail can go out for the inbox %(name)s since %(since)s. Its server %(host)s says: %(error)s", **values
        )
    todo = (
        words.text("Nothing is lost: it is tried on. Sign in anew with 'deskhand inbox connect'.")
        if it.state is ConnectionState.NEEDS_RECONNECT
        else words.text("Nothing is lost: it is tried on. 'deskhand inbox test' says more.")
    )
    return words.text("Mail of %(name)s is at a standstill", name=name), f"{told}\n\n{todo}"
