"""By which server an inbox's mail leaves: its own, else the machine's."""

from __future__ import annotations

import socket
from functools import cache
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from deskhand.kernel.desk import Desk
from deskhand.kernel.outbound.addresses import Rules, networks
from deskhand.kernel.outbound.door import Outbound
from deskhand.mail.connecting.credentials import Credentials
from deskhand.mail.model import Authentication, Security
from deskhand.mail.queries.inboxes import Connection
from deskhand.settings import Settings

SCHEMES = {"smtp": (25, Security.NONE), "smtp+starttls": (587, Security.STARTTLS), "smtps": (465, Security.TLS)}
NOWHERE = (
    "there is no server to send by: give the inbox one with 'deskhand inbox connect', or the machine with DESKHAND_SMTP_URL"
)


class Route(Struct, frozen=True):
    """A server that takes mail. ``connection`` is the inbox's own; the machine's has ``credentials`` instead."""

    host: str
    port: int
    security: Security
    authentication: Authentication
    hosts: Outbound
    our_name: str
    connection: Connection | None = None
    credentials: Credentials = Credentials("")

    @property
    def name(self) -> str:
        """What is slowed down together."""
        return f"{self.host}:{self.port}"


def route_of(desk: Desk, connection: Connection | None) -> Route | None:
    """The way out of an inbox with that connection, or None when there is none."""
    if connection is None:
        return machines(desk.settings)
    return Route(
        connection.host,
        connection.port,
        connection.security,
        connection.authentication,
        desk.mail_hosts,
        our_name(desk.settings),
        connection,
    )


@cache
def machines(settings: Settings) -> Route | None:
    """The machine's own server, if the settings name one. The operator named it, so it may be anywhere."""
    if not settings.smtp_url:
        return None
    parts = urlsplit(settings.smtp_url)
    port, security = SCHEMES[parts.scheme]
    signs_in = Authentication.PASSWORD if parts.username else Authentication.NONE
    return Route(
        parts.hostname or "localhost",
        parts.port or port,
        security,
        signs_in,
        Outbound(Rules(networks(("0.0.0.0/0", "::/0")))),
        our_name(settings),
        credentials=Credentials(unquote(parts.username or ""), unquote(parts.password or "")),
    )


def our_name(settings: Settings) -> str:
    """What we call ourselves to servers: the name people know the desk by, else the machine's."""
    host = urlsplit(settings.web_origin or settings.origin).hostname
    if host:
        return host
    name = socket.gethostname()
    return name if name.isascii() and "." in name else "localhost.localdomain"
