"""Granting access: three grants, opaque tokens, everything random kept as its hash (contract 00 §2)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from msgspec import Struct
from sqlalchemy import delete, insert, update

from deskhand.kernel.errors import Code, Conflict, Forbidden, Invalid, NotFound
from deskhand.kernel.permissions import Permission, Role
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.oauth import queries
from deskhand.oauth.model import (
    CODE_LIFE,
    LONGEST_NAME,
    ApplicationCreated,
    ApplicationDeleted,
    TokenGranted,
    TokensRevoked,
    is_redirect_url,
)
from deskhand.oauth.queries import Application
from deskhand.oauth.tables import applications, codes, grants
from deskhand.users import queries as users
from deskhand.users.model import UserDeleted
from deskhand.users.queries import User

ADD_APPLICATION = write(
    insert(applications)
    .values({name: param(name) for name in ("client_id", "secret_hash", "name", "redirect_url", "user_id", "created_at")})
    .returning(applications.c.id)
)
REMOVE = write(delete(applications).where(applications.c.id == param("application_id")))
ADD_CODE = write(insert(codes).values({name: param(name) for name in ("hash", "application_id", "user_id", "expires_at")}))
USE_CODE = write(update(codes).where(codes.c.hash == param("hash")).values(used_at=param("now")))
ADD_GRANT = write(
    insert(grants).values(
        {
            name: param(name)
            for name in (
                "application_id",
                "user_id",
                "code_hash",
                "refresh_hash",
                "access_hash",
                "expires_at",
                "created_at",
            )
        }
    )
)
ROTATE = write(
    update(grants)
    .where(grants.c.id == param("grant_id"))
    .values(access_hash=param("access_hash"), refresh_hash=param("refresh_hash"), expires_at=param("expires_at"))
)
REVOKE_OF_CODE = write(delete(grants).where(grants.c.code_hash == param("hash")))
END_GRANTS = write(delete(grants).where(grants.c.user_id == param("user_id")))
END_CODES = write(delete(codes).where(codes.c.user_id == param("user_id")))
FORGET_EXPIRED = write(delete(grants).where(grants.c.refresh_hash.is_(None), grants.c.expires_at < param("before")))
FORGET_CODES = write(delete(codes).where(codes.c.expires_at < param("before")))
KEPT = timedelta(days=1)  # expired ones stay that long, so that a late second use of a code is still noticed


class Tokens(Struct, frozen=True):
    """What an application gets; ``seconds`` is the access token's life."""

    access: str
    refresh: str | None
    seconds: int


async def register(
    tx: Transaction,
    name: str,
    user_id: int,
    *,
    redirect_url: str | None = None,
    client_id: str | None = None,
    secret: str | None = None,
) -> tuple[str, str]:
    """Register an application of a user; its id and secret, which is kept nowhere.

    Raises Forbidden, NotFound, Conflict, Invalid("name"), Invalid("redirect_url") unless that is a whole http or https address.
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise Invalid("name", f"size must be between 1 and {LONGEST_NAME}", code=Code.SIZE, rejected=name[:300])
    if redirect_url is not None and not is_redirect_url(redirect_url):
        raise Invalid("redirect_url", "must be a whole http or https address without a fragment", rejected=redirect_url)
    await _may_act_as(tx, await users.get(tx, user_id))
    client_id = client_id or secrets.token_hex(16)
    secret = secret or secrets.token_hex(16)  # never begins with a dash, which command lines take for an option
    if await queries.application(tx, client_id) is not None:
        raise Conflict("The application id is taken")
    application_id = await tx.insert(
        ADD_APPLICATION,
        client_id=client_id,
        secret_hash=hashed(secret),
        name=name,
        redirect_url=redirect_url,
        user_id=user_id,
        created_at=tx.now,
    )
    tx.record(ApplicationCreated(application_id=application_id))
    return client_id, secret


async def remove(tx: Transaction, application_id: int) -> None:
    """Let an application ask no more: it is gone, and so are its tokens and codes. Raises Forbidden, NotFound."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if not await tx.write(REMOVE, application_id=application_id):
        raise NotFound("Not found")
    tx.access_changed = True
    tx.record(ApplicationDeleted(application_id=application_id))


async def authenticated(view: Snapshot, client_id: str, secret: str) -> Application | None:
    """The application whose id and secret these are; in the same time whether it exists or not."""
    found = await queries.application(view, client_id)
    kept = found.secret_hash if found else hashed("")
    return found if hmac.compare_digest(kept, hashed(secret)) and found else None


async def grant_to_owner(tx: Transaction, application: Application, seconds: int) -> Tokens:
    """The client-credentials grant: a further access token that acts as the application's user."""
    return await _grant(tx, application, application.user_id, seconds, refreshable=False)


async def issue_code(tx: Transaction, application: Application, user_id: int) -> str:
    """An authorization code that a user consented to; good for 10 minutes and once."""
    code = secrets.token_urlsafe(32)
    await tx.write(FORGET_CODES, before=tx.now - KEPT)
    await tx.write(
        ADD_CODE,
        hash=hashed(code),
        application_id=application.id,
        user_id=user_id,
        expires_at=tx.now + CODE_LIFE,
    )
    return code


async def redeem_code(tx: Transaction, application: Application, code: str, seconds: int) -> Tokens | None:
    """The authorization-code grant; None for a code that is unknown, expired or another application's.

    A code used twice may have been stolen, so the tokens of its first use end too (RFC 6749, 4.1.2).
    """
    hash_ = hashed(code)
    found = await tx.first(queries.CODE, hash=hash_)
    if found is None or found.application_id != application.id:
        return None
    if found.used_at is not None:  # also long after it expired
        await tx.write(REVOKE_OF_CODE, hash=hash_)
        tx.access_changed = True
        tx.record(TokensRevoked(application_id=application.id))
        return None
    if found.expires_at <= tx.now or await users.find(tx, found.user_id) is None:
        return None
    await tx.write(USE_CODE, hash=hash_, now=tx.now)
    return await _grant(tx, application, found.user_id, seconds, refreshable=True, code_hash=hash_)


async def refresh(tx: Transaction, application: Application, token: str, seconds: int) -> Tokens | None:
    """The refresh grant: both tokens are replaced and the old ones end at once; None for a dead refresh token."""
    found = await tx.first(queries.BY_REFRESH, hash=hashed(token))
    if found is None or found.application_id != application.id or await users.find(tx, found.user_id) is None:
        return None
    tokens = Tokens(secrets.token_hex(16), secrets.token_hex(16), seconds)
    await tx.write(
        ROTATE,
        grant_id=found.id,
        access_hash=hashed(tokens.access),
        refresh_hash=hashed(tokens.refresh or ""),
        expires_at=tx.now + timedelta(seconds=seconds),
    )
    tx.access_changed = True
    tx.record(TokenGranted(application_id=application.id, user_id=found.user_id))
    return tokens


async def end_tokens(tx: Transaction, event: UserDeleted) -> None:
    """Nothing acts as somebody who no longer works here: their tokens and codes end, those of refreshing too."""
    await tx.write(END_GRANTS, user_id=event.user_id)
    await tx.write(END_CODES, user_id=event.user_id)


def hashed(secret: str) -> bytes:
    """What is kept of a token, code or secret: they are random and long, so a plain SHA-256 suffices."""
    return hashlib.sha256(secret.encode()).digest()


async def _grant(
    tx: Transaction,
    application: Application,
    user_id: int,
    seconds: int,
    *,
    refreshable: bool,
    code_hash: bytes | None = None,
) -> Tokens:
    tokens = Tokens(secrets.token_hex(16), secrets.token_hex(16) if refreshable else None, seconds)
    await tx.write(FORGET_EXPIRED, before=tx.now - KEPT)
    await tx.write(
        ADD_GRANT,
        application_id=application.id,
        user_id=user_id,
        code_hash=code_hash,
        refresh_hash=hashed(tokens.refresh) if tokens.refresh else None,
        access_hash=hashed(tokens.access),
        expires_at=tx.now + timedelta(seconds=seconds),
        created_at=tx.now,
    )
    tx.record(TokenGranted(application_id=application.id, user_id=user_id))
    return tokens


async def _may_act_as(tx: Transaction, user: User) -> None:
    """Raises Forbidden where an administrator would act as an owner."""
    if user.role != Role.OWNER or tx.actor.user_id in (0, user.id):
        return
    if (await users.get(tx, tx.actor.user_id)).role != Role.OWNER:
        raise Forbidden("Only an owner may let an application act as an owner")
