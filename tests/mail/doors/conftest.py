"""Inboxes with servers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from deskhand.kernel.storage.statements import read
from deskhand.mail.model import (
    Authentication,
    Direction,
    Door,
    OAuth,
    Options,
    ReceivedState,
    Secrets,
    Security,
)
from deskhand.mail.operations import connecting, inboxes
from deskhand.mail.operations.connecting import NewConnection
from deskhand.mail.tables import mail_received
from tests.given import Given
from tests.mail.servers import PASSWORD, USER


class Row(msgspec.Struct, frozen=True):
    """A message that is ours."""

    id: int
    inbox_id: int | None
    door: Door
    envelope_from: str | None
    recipients: list[str]
    peer: str | None
    blob: str
    size_bytes: int
    state: ReceivedState
    reason: str | None


ROWS = read(select(*(mail_received.c[name] for name in Row.__struct_fields__)).order_by(mail_received.c.id), Row)
Rows = Callable[[], Awaitable[list[Row]]]
Connect = Callable[..., Awaitable[int]]


@pytest.fixture
def rows(given: Given) -> Rows:
    """Everything that was taken."""

    async def look() -> list[Row]:
        async with given.read() as view:
            return await view.all(ROWS)

    return look


@pytest.fixture
def connect(given: Given) -> Connect:
    """Give an inbox an IMAP server on this machine."""

    async def make(port: int, inbox: int | None = None, *, options: Options | None = None, **more: Any) -> int:
        inbox_id = inbox or given.inbox
        how: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": port,
            "security": Security.NONE,
            "authentication": Authentication.PASSWORD,
            "username": USER,
            "secrets": Secrets(password=PASSWORD),
        }
        async with given.write() as tx:
            await inboxes.want(tx, inbox_id, options or Options())
            return await connecting.connect(tx, inbox_id, Direction.IN, NewConnection(**(how | more)))

    return make


def bearer(authentication: Authentication, url: str, **kept: Any) -> dict[str, Any]:
    """How to sign in with tokens of a provider."""
    return {
        "authentication": authentication,
        "oauth": OAuth("google", "app", url, "mail"),
        "secrets": Secrets(refresh_token="once", **kept),
    }


def letter(number: int, text: str = "Where is it?") -> bytes:
    return f"From: pavel@mail.test\r\nMessage-ID: <{number}@mail.test>\r\nSubject: {number}\r\n\r\n{text}\r\n".encode()
