"""Servers of providers that take a password (most want one made for this, an app password), as they document them."""

from __future__ import annotations

from msgspec import Struct

from deskhand.mail.connecting.providers import Server
from deskhand.mail.model import Security


class Preset(Struct, frozen=True):
    """A provider's servers; ``wants_app_password``: its usual password is refused."""

    name: str
    title: str
    imap: Server
    smtp: Server
    wants_app_password: bool = True


def _tls(host: str, port: int) -> Server:
    return Server(host, port, Security.TLS)


PRESETS = (
    Preset("gmail", "Gmail", _tls("imap.gmail.com", 993), _tls("smtp.gmail.com", 465)),
    Preset("fastmail", "Fastmail", _tls("imap.fastmail.com", 993), _tls("smtp.fastmail.com", 465)),
    Preset("icloud", "iCloud", _tls("imap.mail.me.com", 993), Server("smtp.mail.me.com", 587, Security.STARTTLS)),
    Preset("yahoo", "Yahoo", _tls("imap.mail.yahoo.com", 993), _tls("smtp.mail.yahoo.com", 465)),
    Preset("zoho", "Zoho", _tls("imap.zoho.com", 993), _tls("smtp.zoho.com", 465)),
    Preset("ionos", "IONOS", _tls("imap.ionos.com", 993), _tls("smtp.ionos.com", 465), wants_app_password=False),
)
