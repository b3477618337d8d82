"""Taking mail by SMTP: for addresses of inboxes only, and with a 250 only when a message is durable. Email rules 2.10.

The bytes are kept as they were sent, without a line of ours: who brought them stands beside them.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.mail.doors.addressing import MOST_HOPS, hops
from deskhand.mail.doors.line import Certificate, Line, Room
from deskhand.mail.model import Door
from deskhand.mail.operations.taking import take
from deskhand.mail.queries import inboxes as queries

IDLE_SECONDS = 60.0
MOST_RECIPIENTS = 100
MOST_COMMANDS = {"MAIL": 1000, "RCPT": 5000, "DATA": 1000, "BDAT": 1, "RSET": 1000, "NOOP": 50, "*": 20}
AGAIN_SECONDS = 10.0
LONGEST_ADDRESS = 320
LONGEST_NAME = 255
MEGABYTE = 2**20

log = Log(__name__)


class Receiver:
    """Listens for mail until it is stopped. Raises OSError from ``open`` where it may not listen."""

    def __init__(self, desk: Desk, host: str, port: int) -> None:
        self._desk = desk
        self._host, self._port = host, port
        settings = desk.settings
        self._certificate = Certificate(settings.smtp_certificate, settings.smtp_key)
        self._name = settings.origin.partition("://")[2].partition(":")[0] or socket.gethostname()
        self._room = Room()
        self._server: asyncio.Server | None = None
        self._stopped = asyncio.Event()

    @property
    def port(self) -> int:
        """Where it listens; what was given, unless that was 0."""
        return int(self._server.sockets[0].getsockname()[1]) if self._server else self._port

    async def open(self) -> None:
        """Begin to listen. Raises OSError, also for a certificate that cannot be read."""
        self._certificate.context()
        several = self._desk.settings.workers > 1
        self._server = await asyncio.get_running_loop().create_server(
            self._line, self._host, self._port, reuse_port=several or None
        )
        log.info("listening for mail", host=self._host, port=self.port, starttls=self._certificate.is_given)

    async def run(self) -> None:
        """Listen until ``stop``, and try again where that does not work."""
        while not self._stopped.is_set():
            if self._server is None:
                try:
                    await self.open()
                except OSError as error:
                    log.error("cannot listen for mail", host=self._host, port=self._port, reason=str(error))
            try:
                await asyncio.wait_for(self._stopped.wait(), None if self._server else AGAIN_SECONDS)
            except TimeoutError:
                pass
        await self.close()

    def stop(self) -> None:
        """Listen no more; ``run`` returns when no message is being taken any more."""
        self._stopped.set()

    async def close(self) -> None:
        """Take no new connection; those that are get their answer, and end."""
        if self._server is not None:
            self._server.close()
        await self._room.empty()

    def _line(self) -> SMTP:
        settings = self._desk.settings
        return Line(
            _Hooks(self._desk, self._room),
            room=self._room,
            data_size_limit=settings.mail_limit_mb * MEGABYTE,
            enable_SMTPUTF8=True,
            hostname=self._name,
            ident="Deskhand",
            tls_context=self._certificate.context(),
            timeout=IDLE_SECONDS,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            command_call_limit=MOST_COMMANDS,
            loop=asyncio.get_running_loop(),
        )


class _Hooks:
    """What aiosmtpd asks at each step; the answers are what the other side is told."""

    def __init__(self, desk: Desk, room: Room) -> None:
        self._desk = desk
        self._room = room

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [each for each in responses if not each.startswith("250-AUTH")]

    async def handle_VRFY(self, *_: object) -> str:  # noqa: N802
        return "252 2.5.1 Send it and you will see"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not _is_text(address, LONGEST_ADDRESS):
            return "553 5.1.7 That is no address"
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not _is_text(address, LONGEST_ADDRESS):
            return "553 5.1.3 That is no address"
        try:
            async with self._desk.reading(system_actor()) as view:
                inbox_id = (await queries.owners(view, [address])).get(address)
        except DeskError as error:
            return self._not_now(error)
        if inbox_id is None:
            return "550 5.1.1 No such address here"
        envelope.rcpt_tos.append(address)
        owners(envelope)[address] = inbox_id
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        content = content.replace(b"\0", b"")
        if hops(content) > MOST_HOPS:
            return "554 5.4.6 It has been through too many servers: a loop"
        with self._room.working():
            try:
                taken = await self._take(session, envelope, content)
            except (DeskError, OSError) as error:
                return self._not_now(error)
        log.info("mail received", peer=_peer(session), messages=taken, bytes=len(content))
        return f"250 2.0.0 OK, it is ours: {' '.join(map(str, taken))}"

    async def handle_exception(self, error: Exception) -> str:
        log.error("receiving mail failed", error=error)
        return "451 4.3.0 Something is wrong here, try again later"

    async def _take(self, session: Session, envelope: Envelope, content: bytes) -> list[int]:
        by_inbox: dict[int, list[str]] = {}
        for address, inbox_id in owners(envelope).items():
            by_inbox.setdefault(inbox_id, []).append(address)
        blob = await self._desk.blobs.put(content)
        async with self._desk.writing(system_actor()) as tx:
            return [
                await take(
                    tx,
                    inbox_id=inbox_id,
                    door=Door.SMTP,
                    blob=blob,
                    size_bytes=len(content),
                    envelope_from="" if envelope.mail_from == "<>" else envelope.mail_from,
                    recipients=tuple(addresses),
                    peer=_peer(session),
                )
                for inbox_id, addresses in by_inbox.items()
            ]

    def _not_now(self, error: Exception) -> str:
        log.warning("mail could not be taken", reason=str(error))
        return "451 4.3.0 It cannot be stored just now, try again later"


def owners(envelope: Envelope) -> dict[str, int]:
    """Whose the recipients of an envelope are."""
    found: dict[str, int] = envelope.__dict__.setdefault("owners", {})
    return found


def _is_text(address: str, most: int) -> bool:
    """Whether a database can keep it: no surrogates of bytes that are no UTF-8, nothing unseen."""
    return len(address) <= most and address.isprintable()


def _peer(session: Session) -> str:
    name = "".join(each for each in session.host_name or "" if each.isprintable())[:LONGEST_NAME]
    address: Any = session.peer or ("",)
    return f"{address[0]} {name}".strip()
