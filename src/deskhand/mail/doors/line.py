"""One SMTP connection: how many there may be, how long each lasts, and what is refused before TLS."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.smtp import SMTP

CONNECTIONS = 20
CONNECTIONS_AN_ADDRESS = 5
WHOLE_SECONDS = 3600.0
PATIENCE_SECONDS = 10.0


class Room:
    """Who is in: so many connections, so many of one address; and how many messages are being stored."""

    def __init__(self) -> None:
        self.lines: set[Line] = set()
        self._addresses: Counter[str] = Counter()
        self._working = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    def enter(self, line: Line, address: str) -> bool:
        """Let one in, if there is room."""
        if len(self.lines) >= CONNECTIONS or self._addresses[address] >= CONNECTIONS_AN_ADDRESS:
            return False
        self.lines.add(line)
        self._addresses[address] += 1
        return True

    def leave(self, line: Line, address: str) -> None:
        """Make room."""
        if line in self.lines:
            self.lines.discard(line)
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    @contextmanager
    def working(self) -> Iterator[None]:
        """While a message is being stored."""
        self._working += 1
        self._is_idle.clear()
        try:
            yield
        finally:
            self._working -= 1
            if not self._working:
                self._is_idle.set()

    async def empty(self) -> None:
        """Wait until nothing is being stored, then send everybody away."""
        try:
            await asyncio.wait_for(self._is_idle.wait(), PATIENCE_SECONDS)
        except TimeoutError:
            pass
        await asyncio.sleep(0)  # their answers leave first
        for line in list(self.lines):
            line.hang_up()


class Certificate:
    """What STARTTLS shows, read anew when its file has changed; without a file there is no STARTTLS."""

    def __init__(self, certificate: str, key: str) -> None:
        self._files = (certificate, key or certificate)
        self.is_given = bool(certificate)
        self._read: tuple[tuple[float, ...], ssl.SSLContext] | None = None

    def context(self) -> ssl.SSLContext | None:
        """Raises OSError, of which SSLError is one, when it cannot be read the first time."""
        if not self.is_given:
            return None
        try:
            changed = tuple(os.stat(each).st_mtime for each in self._files)
            if self._read is None or self._read[0] != changed:
                made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
                made.load_cert_chain(*self._files)
                self._read = (changed, made)
        except OSError:
            if self._read is None:
                raise
        return self._read[1] if self._read else None


class Line(SMTP):
    """aiosmtpd's, with room for so many, an idle time that counts bytes, and an end."""

    def __init__(self, handler: Any, *, room: Room, **more: Any) -> None:
        super().__init__(handler, **more)
        self._room = room
        self._address = ""
        self._is_in = False
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # uvloop's are none of asyncio's
        if not self._is_in:
            self._address = str((transport.get_extra_info("peername") or ("",))[0])
            self._is_in = self._room.enter(self, self._address)
            if not self._is_in:
                transport.write(b"421 4.7.0 Too many connections, try again later\r\n")
                transport.close()
                return
            self._end = self.loop.call_later(WHOLE_SECONDS, self.hang_up)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._is_in:
            self._reset_timeout()
            super().data_received(data)

    def eof_received(self) -> bool | None:
        return super().eof_received() if self._is_in else False

    def connection_lost(self, error: Exception | None) -> None:
        if not self._is_in:
            return
        self._room.leave(self, self._address)
        if self._end is not None:
            self._end.cancel()
        super().connection_lost(error)

    def hang_up(self) -> None:
        """End the connection now."""
        if self.transport is not None:
            self.transport.close()

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        """Nothing may have been sent behind the command: it would pass for what is said under protection (RFC 3207)."""
        if self._reader._buffer:  # type: ignore[attr-defined]
            await self.push("554 5.5.1 Nothing may follow STARTTLS before its answer")
            self.hang_up()
            return
        await super().smtp_STARTTLS(arg)
