"""Passwords: argon2id, hashed and checked in a thread."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import update

from deskhand.kernel.errors import Code, Invalid
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries
from deskhand.users.model import PasswordChanged, UserState
from deskhand.users.operations.links import END_LINKS
from deskhand.users.operations.sessions import END_SESSIONS
from deskhand.users.tables import users

# 19 MiB, two passes: OWASP's floor for argon2id, 30 ms on two small cores.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Of a random password that nobody kept: making one at each start would take as long as a sign-in.
NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$ozF/ie98yxdPjYmgyIqKlQ$K0yD/+4ih3STniAVxE4g7b+tf4MGSBFTvrU48yjRNNo"
AT_ONCE = asyncio.Semaphore(4)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1024

SET_PASSWORD = write(
    update(users)
    .where(users.c.id == param("user_id"))
    .values(password_hash=param("password_hash"), updated_at=param("now"), state=UserState.ACTIVE.value)
)
STRENGTHEN = write(update(users).where(users.c.id == param("user_id")).values(password_hash=param("password_hash")))


async def hashed(password: str) -> str:
    """The argon2id hash, made in a thread. Raises Invalid("password") below 10 characters and above 1,024."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        told = f"must have at least {SHORTEST_PASSWORD} characters"
        if len(password) > LONGEST_PASSWORD:
            told = f"must have at most {LONGEST_PASSWORD} characters"
        raise Invalid("password", told, code=Code.SIZE)
    async with AT_ONCE:
        return await asyncio.to_thread(HASHER.hash, password)


async def set_password(tx: Transaction, user_id: int, password_hash: str) -> None:
    """Give a user another password; every session and link of theirs ends. Raises NotFound."""
    await queries.get(tx, user_id)
    await tx.write(SET_PASSWORD, user_id=user_id, password_hash=password_hash, now=tx.now)
    await tx.write(END_SESSIONS, user_id=user_id)
    await tx.write(END_LINKS, user_id=user_id)
    tx.access_changed = True
    tx.record(PasswordChanged(user_id=user_id))


async def is_password_of(user: queries.User | None, password: str) -> bool:
    """Whether the password is theirs. For an unknown user it takes as long and is False."""
    kept = user.password_hash if user and user.password_hash else NOBODYS_HASH
    async with AT_ONCE:
        fits = await asyncio.to_thread(_verify, kept, password)
    return fits and user is not None and user.password_hash is not None and user.state == UserState.ACTIVE


def is_outdated(user: queries.User) -> bool:
    """Whether the password was hashed with weaker settings than today's."""
    return user.password_hash is not None and HASHER.check_needs_rehash(user.password_hash)


async def strengthen(tx: Transaction, user_id: int, password_hash: str) -> None:
    """Keep the same password under today's settings; sessions go on."""
    await tx.write(STRENGTHEN, user_id=user_id, password_hash=password_hash)


def _verify(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
