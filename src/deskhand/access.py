"""From a bearer token to an actor: looked up once, then remembered for a moment. Part of the composition root."""

from __future__ import annotations

from datetime import datetime, timedelta

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
from deskhand.users.model import UserState, permissions_of
from deskhand.users.queries import User

REMEMBERED = timedelta(seconds=5)  # the longest that another process's change may go unnoticed if its word got lost
MOST = 10_000


class Known(Struct, frozen=True, gc=False):
    """An actor that was looked up, and until when that is believed."""

    actor: Actor
    until: datetime


class Visitor(Struct, frozen=True, gc=False):
    """Who has signed in with a browser, and as whom they act."""

    user: User
    actor: Actor


class Access:
    """Who stands behind a token. Forgotten whenever people, rights or tokens change, here or in another process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: dict[bytes, Known] = {}
        self._visitors: dict[str, tuple[Visitor, datetime]] = {}
        self._forgotten = 0
        desk.access_changed = self.forget

    def forget(self) -> None:
        """Look everybody up again."""
        self._forgotten += 1
        self._known.clear()
        self._visitors.clear()

    async def authenticate(self, token: bytes) -> Actor | None:
        """The actor of an access token, or None. Raises ApiDisabled for a user without the right to use the API."""
        if await self._desk.database.changed_elsewhere():
            self.forget()
        now = self._desk.clock.now()
        known = self._known.get(token)
        if known is not None and known.until > now:
            return known.actor
        before = self._forgotten
        async with self._desk.reading(system_actor()) as view:
            grant = await oauth.by_access_token(view, hashed(token.decode("latin-1")))
            actor = await actor_of(view, grant.user_id, grant.application_id) if grant else None
        if grant is None or actor is None:
            return None
        if not actor.may(Permission.USE_API):
            raise ApiDisabled("API is not enabled")
        if before == self._forgotten:  # else what was read may be older than what was to be forgotten
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[token] = Known(actor, min(now + REMEMBERED, grant.expires_at))
        return actor

    async def visitor(self, session: str) -> Visitor | None:
        """Who stands behind a session in a browser, or None."""
        if not session:
            return None
        if await self._desk.database.changed_elsewhere():
            self.forget()
        now = self._desk.clock.now()
        known = self._visitors.get(session)
        if known is not None and known[1] > now:
            return known[0]
        before = self._forgotten
        user = await entering.signed_in(self._desk, session)
        if user is None:
            return None
        async with self._desk.reading(system_actor()) as view:
            actor = await actor_of(view, user.id)
        if actor is None:
            return None
        found = Visitor(user, actor)
        if before == self._forgotten:
            if len(self._visitors) >= MOST:
                self._visitors.clear()
            self._visitors[session] = (found, now + REMEMBERED)
        return found


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
