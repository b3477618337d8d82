"""Doors, states, why a message belongs where it does, what an inbox wants, and a message of ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class Door(StrEnum):
    """How a message came in."""

    IMAP = "imap"
    PIPE = "pipe"
    SMTP = "smtp"


class ReceivedState(StrEnum):
    """``waiting`` is durable and not yet looked at; ``held`` waits for a person."""

    WAITING = "waiting"
    DONE = "done"
    HELD = "held"


class Kind(StrEnum):
    """What a message turned out to be."""

    LETTER = "letter"
    AGENT = "agent"
    AUTOMATIC = "automatic"
    BULK = "bulk"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    RECEIPT = "receipt"
    DUPLICATE = "duplicate"
    DROPPED = "dropped"
    """A person let it go."""
    ERASED = "erased"
    """It went with its conversation: only that it was here is known."""


class Rule(StrEnum):
    """Which evidence placed a message (email rules 4), in the order in which it is tried."""

    REPORT = "report"
    TOKEN = "token"  # noqa: S105 - a word
    OUR_ID = "our-id"
    KNOWN_ID = "known-id"
    REFERENCE = "reference"
    ALIAS = "alias"
    HIDDEN = "hidden"
    SUBJECT = "subject"
    NONE = "none"


class IdKind(StrEnum):
    """How a Message-ID came to belong to a conversation."""

    LETTER = "letter"
    OURS = "ours"
    ALIAS = "alias"
    """The provider gave it to mail of ours."""
    NAMED = "named"
    """Known mail named it among its References."""


class OutgoingKind(StrEnum):
    """Why we write."""

    REPLY = "reply"
    FORWARD = "forward"
    AUTO_REPLY = "auto-reply"
    NOTIFICATION = "notification"
    INVITATION = "invitation"
    ALERT = "alert"


AUTOMATIC = frozenset({OutgoingKind.AUTO_REPLY, OutgoingKind.NOTIFICATION, OutgoingKind.INVITATION, OutgoingKind.ALERT})


class OutgoingState(StrEnum):
    """``delayed``: something was tried and is not through after a while; those behind it no longer wait for it."""

    WAITING = "waiting"
    DELAYED = "delayed"
    ENDED = "ended"


class DeliveryState(StrEnum):
    """How far a message got with one recipient. ``sent``: their server or the next took it; ``delivered``: a report says so."""

    WAITING = "waiting"
    DELAYED = "delayed"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """Where a recipient stands."""

    TO = "to"
    CC = "cc"
    BCC = "bcc"


class Direction(StrEnum):
    """Which way a connection goes: ``in`` is IMAP, ``out`` is SMTP."""

    IN = "in"
    OUT = "out"


class Alert(StrEnum):
    """What those who manage the account are told by mail, at most once an hour for each inbox; a flood is of none."""

    HELD = "held"
    STOPPED = "stopped"
    FLOOD = "flood"
    NOTHING_COMES = "in"
    NOTHING_GOES = "out"


class Security(StrEnum):
    """How a connection is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Authentication(StrEnum):
    """How we sign in."""

    NONE = "none"
    PASSWORD = "password"  # noqa: S105 - a word
    OAUTHBEARER = "oauthbearer"
    XOAUTH2 = "xoauth2"


class ConnectionState(StrEnum):
    """``needs-reconnect``: the other side no longer takes what we sign in with; it is still tried now and then."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"
    NEEDS_RECONNECT = "needs-reconnect"


class SenderName(StrEnum):
    """Whose name stands before an inbox's address."""

    AGENT = "agent"
    AGENT_AND_INBOX = "agent-and-inbox"
    INBOX = "inbox"


class OAuth(Struct, frozen=True):
    """Where tokens of a connection come from. Secrets are sealed beside it."""

    provider: str
    client_id: str
    token_url: str
    scope: str


class Secrets(Struct, frozen=True, omit_defaults=True):
    """What a connection signs in with; only ever stored sealed, as JSON. ``expires_at`` is UTC."""

    password: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    access_token: str = ""
    expires_at: datetime | None = None


class Template(Struct, frozen=True):
    """What a kind of mail says, with ``{{variables}}``; ``text`` is made of ``html`` when it is empty."""

    subject: str = ""
    html: str = ""
    text: str = ""


class Options(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an inbox wants of its mail. Email rules 4 to 8."""

    sender_name: SenderName = SenderName.AGENT_AND_INBOX
    signature: str = ""
    """HTML below each reply, with variables."""
    templates: dict[str, Template] = {}
    """By kind of outgoing mail; what is missing is ours."""
    auto_reply: bool = False
    """Whether a new conversation is answered at once."""
    notifies: bool = False
    """Whether an owner is mailed about what others do in their conversation."""
    asks_rating: bool = False
    tracks_opens: bool = False
    undo_seconds: int = 10
    messages_per_minute: int = 60
    uses_plus: bool = False
    """Whether mail to ``address+anything`` reaches this inbox: replies then carry tokens, envelopes VERP."""
    new_after_closed_days: int | None = None
    """After so long a closed conversation is not reopened: a new one begins, linked."""
    new_after_silent_days: int | None = 30
    """After so long with another subject a new one begins, linked."""
    subject_tags: bool = False
    reply_to_is_customer: bool = False
    """A contact form writes in its own name: who it writes for stands in Reply-To."""
    shows_pictures: bool = False
    """Whether pictures of other hosts are shown at once, through us, unless the letter is suspect."""
    trusted_servers: list[str] = []
    """Whose Authentication-Results are believed."""
    trusted_relays: list[str] = []
    """Addresses of servers that may bring mail in this inbox's own name."""
    sent_folder: str = ""
    """Where a copy of sent mail goes on the IMAP server; empty for none."""
    moves_to: str = ""
    """The folder where mail goes once it is ours; empty to leave it."""
    links_above_bytes: int | None = None
    """Attachments above are sent as links."""


class Party(Struct, frozen=True):
    """Somebody in a header; ``name`` may be empty."""

    name: str
    address: str


class OutFile(Struct, frozen=True, omit_defaults=True):
    """A file of an outgoing message; with ``content_id`` it is a picture of the body."""

    filename: str
    mime_type: str
    size_bytes: int
    blob: str
    content_id: str = ""


class Outgoing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message as it was when somebody clicked: nothing in it changes any more. ``html`` is clean; ids have no ``<>``.

    ``bcc`` is only for the envelope. ``user_id`` is the agent who is told of a failure,
    ``about_id`` the entry that a notice tells of, if that can be called back.
    """

    sender: Party
    to: list[Party]
    cc: list[Party] = []
    bcc: list[Party] = []
    reply_to: Party | None = None
    subject: str
    html: str
    text: str
    message_id: str
    in_reply_to: str = ""
    references: list[str] = []
    files: list[OutFile] = []
    is_automatic: bool = False
    loop_mark: str = ""
    unsubscribe_url: str = ""
    user_id: int | None = None
    about_id: int = 0


HEADER_ONLY = "only its header was fetched"
"""Part of the reason for which a message is held whose body is not here."""

DELAY_SHOWN_AFTER, GIVES_UP_AFTER = timedelta(minutes=15), timedelta(hours=72)


def secrets_name(connection_id: int) -> str:
    """What a connection's sealed secrets are about."""
    return f"mail_connections:{connection_id}:secrets"


def key_name(key_id: int) -> str:
    """What a sealed DKIM key is about."""
    return f"mail_keys:{key_id}:secret"
