"""One IMAP connection, blocking: to be used from one thread at a time. It reads and never changes what it reads.

Nothing sets ``\\Seen``: folders are examined, or selected where messages are to be moved, and bodies are peeked at.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from contextlib import suppress
from datetime import datetime
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from msgspec import Struct

from deskhand.mail.connecting.credentials import Credentials, sasl_oauthbearer, sasl_xoauth2
from deskhand.mail.model import Authentication, Security

SECONDS = 60.0  # without a byte from the server
SIZES_AT_ONCE = 500
SPARE_BYTES = 16 * 2**20  # a server may count lines otherwise than it sends them

BUSY = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]|too many|try again|temporar", re.IGNORECASE)
WHOLE, HEADER = b"BODY[]", b"BODY[HEADER]"

Trouble = (imaplib.IMAP4.error, OSError, ValueError, EOFError)
"""What a server or a line raises."""


class NotLetIn(Exception):
    """The server does not take what we sign in with."""


class Folder(Struct, frozen=True):
    """A folder as the server tells it. ``next_uid`` is the first number that no message has yet; 0 if it keeps that secret."""

    uidvalidity: int
    next_uid: int
    count: int


class Session:
    """Made of a connected socket, which it owns. ``host`` is the name that the certificate is checked against."""

    def __init__(self, made: socket.socket, host: str, port: int, security: Security, *, limit_bytes: int) -> None:
        self._made, self._host, self._port, self._security = made, host, port, security
        self._most_bytes = limit_bytes + SPARE_BYTES
        made.settimeout(SECONDS)
        if security is Security.TLS:
            self._made = _trust().wrap_socket(made, server_hostname=host, do_handshake_on_connect=False)

    def open(self) -> None:
        """Hear who is there, over a line that nobody else hears."""
        if isinstance(self._made, ssl.SSLSocket):
            self._made.do_handshake()
        self._client = _Client(self._made, self._host, self._most_bytes)
        if self._security is Security.STARTTLS:
            self._client.starttls(_trust())

    def sign_in(self, it: Credentials, authentication: Authentication) -> None:
        """Raises NotLetIn with the server's words, or what ``Trouble`` names."""
        client = self._client
        try:
            match authentication:
                case Authentication.XOAUTH2:
                    client.sasl_login("XOAUTH2", _once(sasl_xoauth2(it)))
                case Authentication.OAUTHBEARER:
                    client.sasl_login("OAUTHBEARER", _once(sasl_oauthbearer(it, self._host, self._port), b"\1"))
                case Authentication.PASSWORD if client.has_capability("AUTH=PLAIN"):
                    client.sasl_login("PLAIN", _once(f"\0{it.username}\0{it.password}".encode()))
                case Authentication.PASSWORD:
                    client.login(it.username, it.password)
                case Authentication.NONE:
                    pass
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            if BUSY.search(str(error)):
                raise
            raise NotLetIn(_words(error)) from None

    def select(self, folder: str, *, for_moving: bool) -> Folder:
        """Look at a folder anew."""
        told = self._client.select_folder(folder, readonly=not for_moving)
        return Folder(int(told[b"UIDVALIDITY"]), int(told.get(b"UIDNEXT", 0)), int(told.get(b"EXISTS", 0)))

    def uids(self, first: int, last: int) -> list[int]:
        """The messages whose numbers are in a range, in order; 0 as ``last`` means to the end."""
        found = self._client.search(["UID", f"{first}:{last or '*'}"])
        return sorted(uid for uid in found if uid >= first)  # "*" is the last message, even one before the first

    def named(self, message_id: str) -> list[int]:
        """The messages with an id (without ``<>``), in order."""
        return sorted(self._client.search(["HEADER", "Message-ID", message_id]))

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """How long messages are, in bytes; those that are gone are missing."""
        found: dict[int, int] = {}
        for start in range(0, len(uids), SIZES_AT_ONCE):
            got = self._client.fetch(uids[start : start + SIZES_AT_ONCE], ["RFC822.SIZE"])
            found |= {uid: int(it.get(b"RFC822.SIZE", 0)) for uid, it in got.items()}
        return found

    def bodies(self, uids: list[int]) -> dict[int, bytes]:
        """Messages, whole; those that are gone, or that the server does not give, are missing."""
        return self._bytes(uids, WHOLE)

    def header(self, uid: int) -> bytes:
        """The header of a message, empty if the server does not give it."""
        return self._bytes([uid], HEADER).get(uid, b"")

    def move(self, uids: list[int], folder: str) -> None:
        """Put messages into another folder, which is made if it is not there."""
        client = self._client
        if not client.folder_exists(folder):
            client.create_folder(folder)
        if client.has_capability("MOVE"):
            client.move(uids, folder)
            return
        client.copy(uids, folder)
        client.add_flags(uids, [rb"\Deleted"], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge(uids)

    def keep(self, folder: str, message: bytes, message_id: str, at: datetime) -> None:
        """Lay a message into a folder, as read, unless it is there already; ``at`` is UTC."""
        client = self._client
        if not client.folder_exists(folder):
            client.create_folder(folder)
        client.select_folder(folder, readonly=True)
        if not client.search(["HEADER", "Message-ID", message_id]):
            client.append(folder, message, flags=[rb"\Seen"], msg_time=at)

    @property
    def idles(self) -> bool:
        """Whether the server tells by itself when something comes."""
        return bool(self._client.has_capability("IDLE"))

    def idle(self, seconds: float) -> None:
        """Wait until something happens in the folder, or so long."""
        self._client.idle()
        self._client.idle_check(timeout=seconds)
        self._client.idle_done()

    def close(self) -> None:
        """Sign out and hang up, whatever the server says."""
        with suppress(AttributeError, *Trouble):
            self._client.socket().settimeout(2)
            self._client.logout()
        with suppress(AttributeError, *Trouble):
            self._client.shutdown()
        self._made.close()

    def cut(self) -> None:
        """Hang up at once, also while another thread waits for the server: it wakes with an error."""
        made = self._client.socket() if hasattr(self, "_client") else self._made
        with suppress(OSError):
            socket.socket.shutdown(made, socket.SHUT_RDWR)  # not TLS's own, which the other thread would stumble over

    def _bytes(self, uids: list[int], part: bytes) -> dict[int, bytes]:
        got = self._client.fetch(uids, [part.replace(b"BODY", b"BODY.PEEK").decode()])
        return {uid: it[part] for uid, it in got.items() if isinstance(it.get(part), bytes)}


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class _Client(IMAPClient):  # type: ignore[misc]
    """Speaks over a socket that is connected already."""

    def __init__(self, made: socket.socket, host: str, most_bytes: int) -> None:
        self._made, self._most_bytes = made, most_bytes
        super().__init__(host, ssl=isinstance(made, ssl.SSLSocket), timeout=SocketTimeout(SECONDS, SECONDS))
        self._imap.debug = 0  # else each line is put together for a log that nobody keeps

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802
        return _Line(self._made, self.host, self._most_bytes)


class _Line(imaplib.IMAP4):
    def __init__(self, made: socket.socket, host: str, most_bytes: int) -> None:
        self._given, self._most_bytes = made, most_bytes
        super().__init__(host)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return self._given

    def read(self, size: int) -> bytes:
        if size > self._most_bytes:
            raise self.abort(f"the server announces {size} bytes at once")
        return super().read(size)


def _once(response: bytes, then: bytes = b"") -> Any:
    """A client of SASL that says one thing; whatever the server asks after that is an error of its, to be acknowledged."""
    left = [response]
    return lambda challenge: left.pop() if left else then


def _words(error: Exception) -> str:
    """The server's words, without the bytes' quotes of the library."""
    return re.sub(r"^b(['\"])(.*)\1$", r"\2", str(error), flags=re.DOTALL)[:300]
