"""A client of SMTP that says just what it is told, byte by byte."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Talk:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def hear(self) -> str:
        """One answer, all its lines."""
        lines = []
        while True:
            line = (await asyncio.wait_for(self.reader.readline(), 10)).decode()
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                return "\n".join(lines)

    async def say(self, line: str | bytes) -> str:
        """Send a line as it is, with its end; the answer."""
        await self.send(line if isinstance(line, bytes) else line.encode() + b"\r\n")
        return await self.hear()

    async def send(self, content: bytes) -> None:
        self.writer.write(content)
        await self.writer.drain()

    async def envelope(self, *recipients: str, sender: str = "pavel@mail.test") -> None:
        """All that comes before the message."""
        assert (await self.say("EHLO client.test")).startswith("250")
        assert (await self.say(f"MAIL FROM:<{sender}>")).startswith("250")
        for each in recipients:
            assert (await self.say(f"RCPT TO:<{each}>")).startswith("250")
        assert (await self.say("DATA")).startswith("354")

    async def start_tls(self) -> None:
        """Go on under protection, whoever it is."""
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        await self.writer.start_tls(trust)


@asynccontextmanager
async def talking(port: int, source: str = "127.0.0.1") -> AsyncIterator[Talk]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        yield Talk(reader, writer)
    finally:
        writer.close()
        try:
            await writer.wait_closed()
        except (OSError, ssl.SSLError):
            pass
