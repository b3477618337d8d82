"""Links by which somebody chooses a password: random, kept as their hash, used once, ended by a newer one of their kind."""

from __future__ import annotations

import secrets

from sqlalchemy import delete

from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.users import queries
from deskhand.users.model import LINK_LIFE, LinkKind, PasswordLinkAsked, UserState, token_hash
from deskhand.users.tables import user_links

_link = upsert(user_links).values({name: param(name) for name in ("user_id", "kind", "hash", "expires_at")})
SET_LINK = write(
    _link.on_conflict_do_update(
        index_elements=["user_id", "kind"], set_={name: _link.excluded[name] for name in ("hash", "expires_at")}
    )
)
USE_LINK = write(
    delete(user_links)
    .where(user_links.c.hash == param("hash"), user_links.c.kind == param("kind"), user_links.c.expires_at > param("now"))
    .returning(user_links.c.user_id),
    int,
)
END_LINKS = write(delete(user_links).where(user_links.c.user_id == param("user_id")))


async def ask_for_link(tx: Transaction, user_id: int | None, address: str) -> None:
    """Note that somebody at a network address forgot a password. Also for nobody (None): both must take as long."""
    tx.record(PasswordLinkAsked(user_id=user_id, address=address))


async def make_link(tx: Transaction, user_id: int, kind: LinkKind) -> str:
    """The token of a new link, which is kept nowhere; the one before no longer works. Raises NotFound."""
    await queries.get(tx, user_id)
    token = secrets.token_urlsafe(32)
    await tx.write(SET_LINK, user_id=user_id, kind=kind, hash=token_hash(token), expires_at=tx.now + LINK_LIFE[kind])
    return token


async def link_user(view: Snapshot, kind: LinkKind, token: str) -> queries.User:
    """Whose link it is; looking does not use it. Raises NotFound for one that is unknown, used, too old or replaced."""
    user = await view.first(queries.BY_LINK, hash=token_hash(token), kind=kind, now=view.now)
    if user is None or user.state == UserState.DISABLED:
        raise NotFound("Not found")
    return user


async def use_link(tx: Transaction, kind: LinkKind, token: str) -> int:
    """Use a link up, whose it was may do what it is for; their id. Of two at once one gets through. Raises NotFound."""
    found = await tx.returning(USE_LINK, hash=token_hash(token), kind=kind, now=tx.now)
    if not found:
        raise NotFound("Not found")
    return found[0]
