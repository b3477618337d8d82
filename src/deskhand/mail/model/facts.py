"""What happened to mail."""

from __future__ import annotations

from datetime import datetime

from deskhand.kernel.events import Event
from deskhand.mail.model.states import Alert, Direction


class MailReceived(Event, frozen=True):
    """A message is ours, durably; nobody has looked at it yet."""

    received_id: int


class MailHeld(Event, frozen=True):
    """A message waits for a person."""

    received_id: int
    inbox_id: int | None
    reason: str


class MailReleased(Event, frozen=True):
    """A person let a held message go, tries again, or took it back."""

    received_id: int


class MailForgotten(Event, frozen=True):
    """Messages went with their conversation, or are here in another form; ``blobs`` are their keys."""

    blobs: tuple[str, ...]
    at: datetime


class MailQueued(Event, frozen=True):
    """A message of ours will be sent."""

    outgoing_id: int
    conversation_id: int | None
    thread_id: int | None


class MailCancelled(Event, frozen=True):
    """A message of ours was called back before it was sent."""

    outgoing_id: int
    conversation_id: int | None


class MailSent(Event, frozen=True):
    """A server took a message of ours for all its recipients that were left; ``copied``: the IMAP server is to get a copy."""

    outgoing_id: int
    conversation_id: int | None
    thread_id: int | None
    copied: bool = False


class DeliveryFailed(Event, frozen=True):
    """A message of ours will not reach a recipient."""

    delivery_id: int
    outgoing_id: int
    conversation_id: int | None
    thread_id: int | None
    user_id: int | None


class ReceiptCame(Event, frozen=True):
    """The program of a recipient says what became of a message there, such as ``displayed`` (RFC 8098); nothing follows."""

    delivery_id: int
    conversation_id: int | None
    thread_id: int | None
    disposition: str


class ReplyOpened(Event, frozen=True):
    """A customer opened a reply."""

    conversation_id: int
    thread_id: int


class AddressHushed(Event, frozen=True):
    """No more automatic mail goes to an address."""

    address: str
    reason: str


class AutomaticMailStopped(Event, frozen=True):
    """An inbox wrote so much by itself within an hour that it writes nothing for now."""

    inbox_id: int


class AlertPostponed(Event, frozen=True):
    """Of the same was told within the hour: what came since is told at a moment (UTC)."""

    alert: Alert
    inbox_id: int | None
    until: datetime


class InboxConnected(Event, frozen=True):
    """An inbox has a mail server, or another."""

    inbox_id: int
    direction: Direction


class ConnectionFailing(Event, frozen=True):
    """A mail server has not been reached since a moment (UTC), or no longer lets us in (``is_refused``)."""

    inbox_id: int
    direction: Direction
    reason: str
    at: datetime
    is_refused: bool = False


class ConnectionRecovered(Event, frozen=True):
    """It is reached again."""

    inbox_id: int
    direction: Direction


class InboxMailChanged(Event, frozen=True):
    """An inbox wants its mail another way, or has other addresses."""

    inbox_id: int
