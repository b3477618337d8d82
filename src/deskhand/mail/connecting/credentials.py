"""What a connection signs in with: a password, or a bearer token that still lives for a while.

A token is renewed five minutes before it ends, by one of all processes: the others wait for what it brings.
"""

from __future__ import annotations

import asyncio
import secrets as random
from datetime import timedelta

import msgspec
from msgspec import Struct

from deskhand.kernel.desk import Desk
from deskhand.kernel.log import Log
from deskhand.kernel.outbound.door import Failed
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.sealing import Unsealable
from deskhand.mail.connecting.providers import TokenRefused, TokenTrouble, ask_for_token
from deskhand.mail.model import Authentication, Secrets, secrets_name
from deskhand.mail.operations import connecting, leasing
from deskhand.mail.queries import connecting as queries
from deskhand.mail.queries.inboxes import Connection

RENEWED_BEFORE = timedelta(minutes=5)
WAITS = 60
WAIT_SECONDS = 0.5

log = Log(__name__)


class Credentials(Struct, frozen=True):
    """What to sign in with: ``username``, and either ``password`` or ``token``; both empty where nobody signs in."""

    username: str
    password: str = ""
    token: str = ""


class SignInRefused(Exception):
    """There is nothing to sign in with that would still be taken: a person must connect the inbox anew."""


class SignInTrouble(Exception):
    """Nothing to sign in with just now; later it may work."""


async def credentials(desk: Desk, connection: Connection, *, refused: str = "") -> Credentials:
    """What a connection signs in with now.

    ``refused`` is a token that the server did not take although it should live: then there is another one, once.
    Raises SignInRefused, SignInTrouble, Unavailable.
    """
    if connection.authentication is Authentication.NONE:
        return Credentials("")
    kept = secrets_of(desk, connection)
    if connection.oauth is None:
        return Credentials(connection.username, password=kept.password)
    if not _is_fresh(desk, kept, refused):
        kept = await _renewed(desk, connection, refused)
    return Credentials(connection.username, token=kept.access_token)


def sasl_xoauth2(it: Credentials) -> bytes:
    """The initial response of XOAUTH2, not yet in base64."""
    return f"user={it.username}\1auth=Bearer {it.token}\1\1".encode()


def sasl_oauthbearer(it: Credentials, host: str, port: int) -> bytes:
    """The initial response of OAUTHBEARER (RFC 7628), not yet in base64."""
    name = it.username.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\1host={host}\1port={port}\1auth=Bearer {it.token}\1\1".encode()


async def _renewed(desk: Desk, connection: Connection, refused: str) -> Secrets:
    """Another token, fetched here or by whoever is at it already."""
    name, holder = f"token:{connection.id}", random.token_hex(8)
    for _ in range(WAITS):
        async with desk.writing(system_actor()) as tx:
            is_ours = await leasing.hold(tx, name, holder)
            now = await tx.first(queries.BY_ID, connection_id=connection.id)
        if now is None:
            raise SignInTrouble("the connection was replaced meanwhile")
        kept = secrets_of(desk, now)
        try:
            if _is_fresh(desk, kept, refused):
                return kept
            if is_ours:
                return await _fetch(desk, now, kept)
        finally:
            if is_ours:
                async with desk.writing(system_actor()) as tx:
                    await leasing.release(tx, name, holder)
        await asyncio.sleep(WAIT_SECONDS)
    raise SignInTrouble("another process has been renewing the token for too long")


async def _fetch(desk: Desk, connection: Connection, kept: Secrets) -> Secrets:
    assert connection.oauth is not None
    form = {
        "grant_type": "refresh_token",
        "refresh_token": kept.refresh_token,
        "client_id": connection.oauth.client_id,
        "client_secret": kept.client_secret,
        "scope": connection.oauth.scope,
    }
    try:
        fresh = await ask_for_token(desk.outbound, connection.oauth.token_url, form, kept, desk.clock.now())
    except TokenRefused as error:
        raise SignInRefused(f"{connection.oauth.provider} gives no token: {error}") from None
    except (TokenTrouble, Failed) as error:
        raise SignInTrouble(f"no token from {connection.oauth.provider}: {error}") from None
    async with desk.writing(system_actor()) as tx:
        await connecting.keep_secrets(tx, connection.id, fresh)
    log.info("token renewed", connection=connection.id, provider=connection.oauth.provider)
    return fresh


def _is_fresh(desk: Desk, kept: Secrets, refused: str) -> bool:
    if not kept.access_token or kept.access_token == refused or kept.expires_at is None:
        return False
    return kept.expires_at - desk.clock.now() > RENEWED_BEFORE


def secrets_of(desk: Desk, connection: Connection) -> Secrets:
    """What is kept to sign in with. Raises SignInRefused when none of our keys opens it."""
    try:
        return msgspec.json.decode(desk.seal.open(connection.secrets, secrets_name(connection.id)), type=Secrets)
    except Unsealable as error:
        raise SignInRefused(str(error)) from None
