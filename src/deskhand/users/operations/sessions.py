"""Sessions in browsers: a random token, kept as its SHA-256; they end idle, old, one by one and with the password."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, insert, or_, update

from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.users import queries
from deskhand.users.model import (
    SESSION_IDLE,
    SESSION_NOTED,
    SESSION_WHOLE,
    SessionEnded,
    SignedIn,
    SignInFailed,
    UserState,
    token_hash,
)
from deskhand.users.tables import sessions

ADD_SESSION = write(
    insert(sessions).values({name: param(name) for name in ("hash", "user_id", "created_at", "used_at", "address")})
)
USE_SESSION = write(update(sessions).where(sessions.c.hash == param("hash")).values(used_at=param("now")))
END_SESSION = write(delete(sessions).where(sessions.c.hash == param("hash")))
_of_user = sessions.c.user_id == param("user_id")
END_SESSIONS = write(delete(sessions).where(_of_user))
END_OTHERS = write(delete(sessions).where(_of_user, sessions.c.hash != param("hash")))
FORGET_ENDED = write(
    delete(sessions).where(
        _of_user, or_(sessions.c.used_at < param("used_after"), sessions.c.created_at < param("begun_after"))
    )
)


async def sign_in(tx: Transaction, user_id: int, address: str) -> str:
    """Begin a session of a user who proved to be one; its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    await tx.write(FORGET_ENDED, user_id=user_id, used_after=tx.now - SESSION_IDLE, begun_after=tx.now - SESSION_WHOLE)
    await tx.write(ADD_SESSION, hash=token_hash(token), user_id=user_id, created_at=tx.now, used_at=tx.now, address=address)
    tx.record(SignedIn(user_id=user_id, address=address))
    return token


async def refuse_sign_in(tx: Transaction, user_id: int | None, address: str) -> None:
    """Note that somebody tried to sign in and did not prove to be who they said; ``user_id`` is None for nobody we know.
    What they wrote is kept nowhere: it may be a password in the wrong field."""
    tx.record(SignInFailed(user_id=user_id, address=address))


async def sign_out(tx: Transaction, token: str) -> None:
    """End a session."""
    await tx.write(END_SESSION, hash=token_hash(token))
    tx.access_changed = True


async def end_session(tx: Transaction, name: str) -> None:
    """End a session of the actor's, by its name in ``queries.sessions_of``. Raises NotFound."""
    for each in await queries.sessions_of(tx, tx.actor.user_id):
        if each.name == name:
            await tx.write(END_SESSION, hash=each.hash)
            tx.access_changed = True
            tx.record(SessionEnded(user_id=tx.actor.user_id))
            return
    raise NotFound("Not found")


async def end_other_sessions(tx: Transaction, token: str) -> int:
    """End every session of the actor's but the one of this token; how many that were."""
    ended = await tx.write(END_OTHERS, user_id=tx.actor.user_id, hash=token_hash(token))
    if ended:
        tx.access_changed = True
        tx.record(SessionEnded(user_id=tx.actor.user_id))
    return ended


async def session_rested(view: Snapshot, token: str) -> bool:
    """Whether a session was not noted as used for a while; each use need not be."""
    session = await view.first(queries.SESSION, hash=token_hash(token))
    return session is not None and view.now - session.used_at > SESSION_NOTED


async def use_session(tx: Transaction, token: str) -> None:
    """Note that a session is in use, which keeps it from ending idle."""
    await tx.write(USE_SESSION, hash=token_hash(token), now=tx.now)


async def session_user(view: Snapshot, token: str) -> queries.User | None:
    """The user of a session that is neither idle for 12 hours nor older than 30 days."""
    session = await view.first(queries.SESSION, hash=token_hash(token))
    if session is None or session.has_ended(view.now):
        return None
    user = await queries.find(view, session.user_id)
    return user if user and user.state == UserState.ACTIVE else None
