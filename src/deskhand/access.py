"""From a bearer token or session to an actor: looked up once, then remembered for a moment. Part of the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from msgspec import Struct

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.desk import Desk
from deskhand.kernel.http.refusals import ApiDisabled
from deskhand.kernel.permissions import SEE_EVERY_INBOX, Actor, ActorKind, Permission, Role, system_actor
from deskhand.kernel.transaction import Snapshot
from deskhand.oauth import queries as oauth
from deskhand.oauth.operations import hashed
from deskhand.users import entering
from deskhand.users import queries as users
from deskhand.users.model import Account, Presence, UserState, permissions_of
from deskhand.users.queries import User

K = TypeVar("K")
T = TypeVar("T")

REMEMBERED = timedelta(seconds=5)  # the longest that another process's change may go unnoticed if its word got lost
MOST = 10_000


class Known(Struct, Generic[T], frozen=True, gc=False):
    """Who was looked up, and until when that is believed."""

    who: T
    until: datetime


class Visitor(Struct, frozen=True, gc=False):
    """Who has signed in with a browser, and as whom they act; how the account is called, and whether they are away."""

    user: User
    actor: Actor
    account: Account
    is_away: bool


class Access:
    """Who stands behind a token or session. Forgotten whenever people, rights or tokens change, here or in another process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._actors: dict[bytes, Known[Actor]] = {}
        self._visitors: dict[str, Known[Visitor]] = {}
        self._forgotten = 0
        desk.access_changed = self.forget

    def forget(self) -> None:
        """Look everybody up again."""
        self._forgotten += 1
        self._actors.clear()
        self._visitors.clear()

    async def authenticate(self, token: bytes) -> Actor | None:
        """The actor of an access token, or None. Raises ApiDisabled for a user without the right to use the API."""
        return await self._who(self._actors, token, self._by_token)

    async def visitor(self, session: str) -> Visitor | None:
        """Who stands behind a session in a browser, or None."""
        if not session:
            return None
        return await self._who(self._visitors, session, self._by_session)

    async def _who(self, known: dict[K, Known[T]], key: K, look_up: Callable[[K], Awaitable[Known[T] | None]]) -> T | None:
        """Whoever is remembered for a key, else looked up."""
        if await self._desk.database.changed_elsewhere():
            self.forget()
        remembered = known.get(key)
        if remembered is not None and remembered.until > self._desk.clock.now():
            return remembered.who
        before = self._forgotten
        found = await look_up(key)
        if found is None:
            return None
        if before == self._forgotten:  # else what was read may be older than what was to be forgotten
            if len(known) >= MOST:
                known.clear()
            known[key] = found
        return found.who

    async def _by_token(self, token: bytes) -> Known[Actor] | None:
        until = self._desk.clock.now() + REMEMBERED
        async with self._desk.reading(system_actor()) as view:
            grant = await oauth.by_access_token(view, hashed(token.decode("latin-1")))
            actor = await actor_of(view, grant.user_id, grant.application_id) if grant else None
        if grant is None or actor is None:
            return None
        if not actor.may(Permission.USE_API):
            raise ApiDisabled("API is not enabled")
        return Known(actor, min(until, grant.expires_at))

    async def _by_session(self, session: str) -> Known[Visitor] | None:
        until = self._desk.clock.now() + REMEMBERED
        user = await entering.signed_in(self._desk, session)
        if user is None:
            return None
        async with self._desk.reading(system_actor()) as view:
            actor = await actor_of(view, user.id)
            account, status = await users.account(view), await users.status(view, user.id)
        return None if actor is None else Known(Visitor(user, actor, account, status.status is Presence.AWAY), until)


async def actor_of(view: Snapshot, user_id: int, application_id: int | None = None) -> Actor | None:
    """The actor that a user is, with the rights and inboxes they have now; None unless they are active."""
    user = await users.find(view, user_id)
    if user is None or user.state != UserState.ACTIVE:
        return None
    role = Role(user.role)
    return Actor(
        ActorKind.USER,
        user.id,
        permissions_of(role, user.granted),
        tuple(await inboxes.open_to(view, user.id, role)),
        has_every_inbox=role in SEE_EVERY_INBOX,
        application_id=application_id,
    )
