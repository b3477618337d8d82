"""Mail servers that behave, and some that do not: aiosmtpd with answers of a test's choice, and bare sockets for the rest."""

from __future__ import annotations

import asyncio
import base64
import socket
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"
Said = Callable[[str], str]


class Got:
    """A message that was taken."""

    def __init__(self, envelope: Envelope) -> None:
        assert envelope.content is not None
        self.sender = envelope.mail_from
        self.recipients = list(envelope.rcpt_tos)
        self.options = list(envelope.mail_options)
        self.content: bytes = envelope.content if isinstance(envelope.content, bytes) else envelope.content.encode()

    @property
    def message(self) -> Message:
        return message_from_bytes(self.content)

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"]).strip("<>")


class Peer:
    """A server whose answers can be changed: to a recipient, and to the whole message."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.tried = 0
        self.port = 0
        self.password = ""
        self.tokens: set[str] = set()
        """Bearer tokens that are taken."""
        self.signed_in: list[str] = []
        self.to_sender: Said = lambda address: OK
        self.to_recipient: Said = lambda address: OK
        self.to_data: Callable[[Got], str] = lambda got: OK
        self.closes_after_data = False

    @property
    def ids(self) -> list[str]:
        return [each.id for each in self.got]

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        self.tried += 1
        answer = self.to_sender(address)
        if answer.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802
        answer = self.to_recipient(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        got = Got(envelope)
        answer = self.to_data(got)
        if answer.startswith("2"):
            self.got.append(got)
        if self.closes_after_data:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password.decode() == self.password
        return AuthResult(success=good, handled=False, message=None if good else "535 5.7.8 who are you?")

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._bear(server, args, "XOAUTH2", b"")

    async def auth_OAUTHBEARER(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._bear(server, args, "OAUTHBEARER", b"\1")

    async def _bear(self, server: SMTP, args: list[str], name: str, last: bytes) -> AuthResult:
        """A token as Google and Microsoft hear it: one that is bad is told in a challenge, whose answer is waited for."""
        said = base64.b64decode(args[1]).decode()
        if any(f"auth=Bearer {each}\1" in said for each in self.tokens):
            self.signed_in.append(name)
            return AuthResult(success=True)
        answer = await server.challenge_auth(b'{"status":"401"}')
        assert answer == last
        return AuthResult(success=False, handled=False, message="535 5.7.8 bad token")


@asynccontextmanager
async def peer(**more: Any) -> AsyncIterator[Peer]:
    """A server on this machine, for as long as the block lasts. ``more`` is for aiosmtpd."""
    made = Peer()

    def serve() -> SMTP:
        asks: dict[str, Any] = {
            "authenticator": made.authenticate,
            "auth_required": bool(made.password or made.tokens),
            "auth_require_tls": False,
        }
        if context := more.get("context"):
            asks |= {"tls_context": context, "require_starttls": True}
        with warnings.catch_warnings(action="ignore"):  # that it asks for passwords on an open line
            return SMTP(made, hostname="peer.test", enable_SMTPUTF8=more.get("utf8", False), **asks)

    server = await asyncio.get_running_loop().create_server(serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()


@asynccontextmanager
async def bare(talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> AsyncIterator[int]:
    """A server that does what ``talk`` does with each connection; its port."""
    talking: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            talking.discard(task)
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for each in talking:
            each.cancel()


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Takes the connection and is silent."""
    await asyncio.sleep(3600)


async def a_byte_a_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers, but never gets to the end of it."""
    for each in b"220 peer.test at your service, presently":
        writer.write(bytes([each]))
        await writer.drain()
        await asyncio.sleep(1)


def refused_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])
