"""Inboxes as mail sees them: what they want, which addresses are theirs, how they reach their servers."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import select

from deskhand.inboxes.tables import inboxes
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.marks import split_plus
from deskhand.mail.model import Authentication, ConnectionState, Direction, OAuth, Options, Security
from deskhand.mail.tables import mail_addresses, mail_connections, mail_inboxes, mail_keys


class MailInbox(Struct, frozen=True):
    """An inbox that has mail; ``email`` is the address it writes from."""

    id: int
    name: str
    email: str
    options: Options

    @property
    def domain(self) -> str:
        """The domain of its address, in lower case."""
        return self.email.rpartition("@")[2].lower()


class Connection(Struct, frozen=True):
    """An inbox's server for one direction. ``secrets`` are sealed; ``folder`` is of IMAP; instants are UTC."""

    id: int
    inbox_id: int
    direction: Direction
    host: str
    port: int
    security: Security
    authentication: Authentication
    username: str
    secrets: bytes
    oauth: OAuth | None
    folder: str
    state: ConnectionState
    failing_since: datetime | None
    alerted_at: datetime | None
    error: str | None
    worked_at: datetime | None
    paused_reason: str | None
    slow_until: datetime | None


class Key(Struct, frozen=True):
    """A DKIM key; ``secret`` is sealed PEM."""

    id: int
    domain: str
    selector: str
    secret: bytes


class Owned(Struct, frozen=True):
    """An address and whose it is."""

    address: str
    inbox_id: int


_mail_inbox = select(inboxes.c.id, inboxes.c.name, inboxes.c.email, mail_inboxes.c.options).join_from(
    mail_inboxes, inboxes, inboxes.c.id == mail_inboxes.c.inbox_id
)
ONE = read(_mail_inbox.where(mail_inboxes.c.inbox_id == param("inbox_id")), MailInbox)
ALL = read(_mail_inbox.order_by(inboxes.c.id), MailInbox)
OWNED = read(
    select(mail_addresses.c.address, mail_addresses.c.inbox_id).where(any_of(mail_addresses.c.address, "addresses")), Owned
)
ADDRESSES = read(
    select(mail_addresses.c.address).where(mail_addresses.c.inbox_id == param("inbox_id")).order_by(mail_addresses.c.address),
    str,
)
_connection = select(*(mail_connections.c[name] for name in Connection.__struct_fields__))
CONNECTION = read(
    _connection.where(mail_connections.c.inbox_id == param("inbox_id"), mail_connections.c.direction == param("direction")),
    Connection,
)
CONNECTIONS = read(
    _connection.where(mail_connections.c.direction == param("direction")).order_by(mail_connections.c.inbox_id), Connection
)
KEY = read(select(*(mail_keys.c[name] for name in Key.__struct_fields__)).where(mail_keys.c.inbox_id == param("inbox_id")), Key)


async def find(view: Snapshot, inbox_id: int) -> MailInbox | None:
    """An inbox with mail, or None."""
    return await view.first(ONE, inbox_id=inbox_id)


async def owners(view: Snapshot, addresses: list[str]) -> dict[str, int]:
    """Whose addresses these are: each that belongs to an inbox, as it was given, with the inbox. What stands behind a ``+``
    does not count, unless the whole is an address of its own."""
    keys = {each: (each.lower(), split_plus(each)[0]) for each in addresses}
    found = {
        it.address: it.inbox_id for it in await view.all(OWNED, addresses=sorted({key for two in keys.values() for key in two}))
    }
    return {each: found.get(whole) or found[plain] for each, (whole, plain) in keys.items() if whole in found or plain in found}
