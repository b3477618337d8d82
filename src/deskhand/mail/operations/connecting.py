"""Connections of inboxes to their servers: made, ended, and how they fare (email rules 2.7, 2.9)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
from msgspec import Struct, structs
from sqlalchemy import delete, update

from deskhand.kernel.errors import Invalid, Mistake, NotFound
from deskhand.kernel.outbound.addresses import BadAddress, plain_host
from deskhand.kernel.permissions import Permission
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.model import (
    Authentication,
    ConnectionFailing,
    ConnectionRecovered,
    ConnectionState,
    Direction,
    InboxConnected,
    OAuth,
    Secrets,
    Security,
    secrets_name,
)
from deskhand.mail.operations import inboxes
from deskhand.mail.queries import connecting as queries
from deskhand.mail.queries.inboxes import CONNECTION, Connection, find
from deskhand.mail.tables import mail_connections, mail_cursors

ALERT_AFTER = timedelta(minutes=15)
WORKED_EVERY = timedelta(minutes=1)
ERROR_CHARACTERS = 500
TEXT_CHARACTERS = 500

BEARER = frozenset({Authentication.OAUTHBEARER, Authentication.XOAUTH2})
GIVEN = ("host", "port", "security", "authentication", "username", "oauth", "folder")


class NewConnection(Struct, frozen=True, kw_only=True):
    """How a server is reached and signed in to. ``folder`` is what is read, of IMAP; ``oauth`` goes with bearer tokens."""

    host: str
    port: int
    security: Security
    authentication: Authentication
    username: str
    secrets: Secrets
    oauth: OAuth | None = None
    folder: str = "INBOX"


c = mail_connections.c
_this = c.id == param("connection_id")
_connection = upsert(mail_connections).values(
    {
        **{name: param(name) for name in ("inbox_id", "direction", *GIVEN, "updated_at")},
        "secrets": b"",
        "state": ConnectionState.NEW.value,
    }
)
CONNECT = write(
    _connection.on_conflict_do_update(
        index_elements=["inbox_id", "direction"],
        set_={
            **{name: _connection.excluded[name] for name in (*GIVEN, "secrets", "state", "updated_at")},
            **dict.fromkeys(("failing_since", "alerted_at", "error", "worked_at", "paused_reason", "slow_until")),
        },
    ).returning(c.id),
    int,
)
SEAL = write(update(mail_connections).where(_this).values(secrets=param("secrets")))
DISCONNECT = write(delete(mail_connections).where(c.inbox_id == param("inbox_id"), c.direction == param("direction")))
FORGET_CURSORS = write(delete(mail_cursors).where(mail_cursors.c.inbox_id == param("inbox_id")))
WORKED = write(
    update(mail_connections)
    .where(_this)
    .values(state=ConnectionState.OK.value, worked_at=param("now"), failing_since=None, alerted_at=None, error=None)
)
FAILED = write(
    update(mail_connections)
    .where(_this)
    .values({name: param(name) for name in ("state", "failing_since", "alerted_at", "error")})
)


CHECKS = {"imap.gmail.com": "mx.google.com"}
"""By the server that an inbox is read from: under which name its provider writes what it found out of senders."""


async def connect(tx: Transaction, inbox_id: int, direction: Direction, new: NewConnection) -> int:
    """Give an inbox a server for one direction, in place of the one it had; the connection's id.

    Another account or folder to read from begins at its first message: what is ours already adds nothing. What a known
    provider has found out of senders is believed from then on, unless the inbox says whom it believes.
    Raises Forbidden, NotFound for an inbox without mail, Invalid naming each field that is wrong.
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    inbox = await find(tx, inbox_id)
    if inbox is None:
        raise NotFound("the inbox has no mail yet; see 'deskhand inbox set'")
    if mistakes := _mistakes(new):
        raise Invalid.all(mistakes)
    before = await tx.first(CONNECTION, inbox_id=inbox_id, direction=direction)
    if direction is Direction.IN and before and (before.host, before.username) != (new.host, new.username):
        await tx.write(FORGET_CURSORS, inbox_id=inbox_id)
    checks = CHECKS.get(new.host.lower()) if direction is Direction.IN else None
    if checks and not inbox.options.trusted_servers:
        await inboxes.want(tx, inbox_id, structs.replace(inbox.options, trusted_servers=[checks]))

    given = {name: getattr(new, name) for name in GIVEN}
    (connection_id,) = await tx.returning(CONNECT, inbox_id=inbox_id, direction=direction, **given, updated_at=tx.instant)
    await keep_secrets(tx, connection_id, new.secrets)
    tx.record(InboxConnected(inbox_id=inbox_id, direction=direction))
    tx.mail_added = True
    return connection_id


async def disconnect(tx: Transaction, inbox_id: int, direction: Direction) -> None:
    """Forget an inbox's server for one direction, with what it was signed in to by. Raises Forbidden, NotFound."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if not await tx.write(DISCONNECT, inbox_id=inbox_id, direction=direction):
        raise NotFound("it has no such mail server")


async def keep_secrets(tx: Transaction, connection_id: int, secrets: Secrets) -> None:
    """Seal what a connection signs in with."""
    sealed = seal_of(tx.settings).seal(msgspec.json.encode(secrets).decode(), secrets_name(connection_id))
    await tx.write(SEAL, connection_id=connection_id, secrets=sealed)


async def note_working(tx: Transaction, connection: Connection) -> None:
    """A server was reached and let us in. Unknown connections do nothing: they were replaced meanwhile."""
    now = await tx.first(queries.BY_ID_LOCKED, connection_id=connection.id)
    if now is None or (now.state is ConnectionState.OK and now.worked_at and tx.instant - now.worked_at < WORKED_EVERY):
        return
    await tx.write(WORKED, connection_id=now.id, now=tx.instant)
    if now.alerted_at is not None:
        tx.record(ConnectionRecovered(inbox_id=now.inbox_id, direction=now.direction))


async def note_trouble(tx: Transaction, connection: Connection, reason: str, *, is_refused: bool) -> None:
    """A server was not reached, or with ``is_refused`` no longer takes what we sign in with.

    Who is to know is told once of each: of a refusal at once, else after a quarter of an hour.
    """
    now = await tx.first(queries.BY_ID_LOCKED, connection_id=connection.id)
    if now is None:
        return
    since = now.failing_since or tx.instant
    if is_refused:
        alerts = now.state is not ConnectionState.NEEDS_RECONNECT
    else:
        alerts = now.alerted_at is None and tx.instant - since >= ALERT_AFTER
    error = reason[:ERROR_CHARACTERS]
    await tx.write(
        FAILED,
        connection_id=now.id,
        state=ConnectionState.NEEDS_RECONNECT if is_refused else ConnectionState.FAILING,
        failing_since=since,
        alerted_at=tx.instant if alerts else now.alerted_at,
        error=error,
    )
    if alerts:
        fact = ConnectionFailing(inbox_id=now.inbox_id, direction=now.direction, reason=error, at=since, is_refused=is_refused)
        tx.record(fact)


def _mistakes(new: NewConnection) -> list[Mistake]:
    found = []
    try:
        plain_host(new.host)
    except BadAddress as error:
        found.append(Mistake("host", str(error)))
    if not 1 <= new.port <= 65535:
        found.append(Mistake("port", "must be between 1 and 65535"))
    for name in ("username", "folder"):
        text = getattr(new, name)
        if len(text) > TEXT_CHARACTERS or not text.isprintable():
            found.append(Mistake(name, f"must be printable and have at most {TEXT_CHARACTERS} characters"))
    if new.authentication is not Authentication.NONE and not new.username:
        found.append(Mistake("username", "may not be empty"))
    if (new.authentication in BEARER) != (new.oauth is not None):
        found.append(Mistake("authentication", "bearer tokens need an OAuth provider, and nothing else does"))
    if new.security is Security.NONE and new.authentication is not Authentication.NONE and not _is_here(new.host):
        found.append(Mistake("security", "a password or token is never sent unprotected, but to this machine"))
    return found


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")
