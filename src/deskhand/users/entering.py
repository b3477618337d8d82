"""Coming in by a browser, for every page where somebody can: what takes a password, a session or a link that was mailed.

Tries are counted by account and network address (D2 19), and nobody learns from an answer, or from how long it took,
whether there is such a user. ``address`` is the network address of whoever asks.
"""

from __future__ import annotations

from deskhand.kernel.desk import Desk
from deskhand.kernel.emails import LONGEST_EMAIL
from deskhand.kernel.errors import Forbidden, TooMany
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import Actor, system_actor
from deskhand.kernel.words import Words
from deskhand.users import operations, queries
from deskhand.users.model import LinkKind, UserState
from deskhand.users.queries import User
from deskhand.users.throttle import PER_ACCOUNT, PER_HOST, throttle_of

log = Log(__name__)


async def sign_in(desk: Desk, email: str, password: str, address: str) -> str | None:
    """Begin a session; its token, or None when email and password do not belong together. Raises TooMany."""
    email = _plain(email)
    async with desk.reading(system_actor()) as view:
        user = await queries.by_email(view, email)
        known = user is not None and await queries.has_session_from(view, user.id, address)
    # Whoever works at this address is counted apart: no stranger can lock them out.
    account = f"account {email.lower()} at {address}" if known else f"account {email.lower()}"
    limits = {account: PER_ACCOUNT, f"host {address}": PER_HOST}
    _brake(desk, limits)
    if not await operations.is_password_of(user, password):
        throttle_of(desk).failed(limits, desk.clock.now())
        async with desk.writing(system_actor(), address=address) as tx:
            await operations.refuse_sign_in(tx, user.id if user else None, address)
        return None
    assert user is not None
    throttle_of(desk).forgive(account)
    stronger = await operations.hashed(password) if operations.is_outdated(user) else None
    async with desk.writing(system_actor(), address=address) as tx:
        session = await operations.sign_in(tx, user.id, address)
        if stronger is not None:
            await operations.strengthen(tx, user.id, stronger)
    log.info("signed in", user=user.id)
    return session


async def signed_in(desk: Desk, token: str) -> User | None:
    """The user of a session, which is noted as used; None without one."""
    async with desk.reading(system_actor()) as view:
        user = await operations.session_user(view, token)
        rested = user is not None and await operations.session_rested(view, token)
    if rested:
        async with desk.writing(system_actor()) as tx:
            await operations.use_session(tx, token)
    return user


def too_many(words: Words, error: TooMany) -> str:
    """What is said to whoever tried too often."""
    return words.plural(
        "Too many tries. Please wait %(count)s minute and try again.",
        "Too many tries. Please wait %(count)s minutes and try again.",
        -(-error.retry_seconds // 60),
    )


async def forgot(desk: Desk, email: str, address: str) -> None:
    """Mail a link by which a forgotten password can be replaced, if there is such a user. Raises TooMany."""
    email = _plain(email)
    limits = {f"forgot {email.lower()}": PER_ACCOUNT, f"forgot at {address}": PER_HOST}
    _brake(desk, limits)
    throttle_of(desk).failed(limits, desk.clock.now())
    async with desk.writing(system_actor(), address=address) as tx:
        user = await queries.by_email(tx, email)
        await operations.ask_for_link(tx, user.id if user else None, address)


async def choose_password(desk: Desk, kind: LinkKind, token: str, password: str, address: str) -> str:
    """Use a link: the password is theirs, every session ends and one begins; its token.

    Raises NotFound for a link that does not work (any more); Invalid("password"), after which it still does; TooMany.
    """
    limits = {f"links at {address}": PER_HOST}
    _brake(desk, limits)
    throttle_of(desk).failed(limits, desk.clock.now())  # hashing is dear, so good ones count as well
    async with desk.reading(system_actor()) as view:
        await operations.link_user(view, kind, token)
    password_hash = await operations.hashed(password)
    async with desk.writing(system_actor(), address=address) as tx:
        user_id = await operations.use_link(tx, kind, token)
        await operations.set_password(tx, user_id, password_hash)
        return await operations.sign_in(tx, user_id, address)


async def change_password(desk: Desk, actor: Actor, old: str, new: str, address: str) -> str:
    """Give oneself another password: every session ends and one begins; its token.

    Raises Forbidden when the old one is wrong, Invalid("password"), TooMany.
    """
    limits = {f"password of {actor.user_id}": PER_ACCOUNT}
    _brake(desk, limits)
    async with desk.reading(actor) as view:
        user = await queries.get(view, actor.user_id)
    if user.state != UserState.ACTIVE or not await operations.is_password_of(user, old):
        throttle_of(desk).failed(limits, desk.clock.now())
        raise Forbidden("That is not your password")
    password_hash = await operations.hashed(new)
    async with desk.writing(actor, address=address) as tx:
        await operations.set_password(tx, user.id, password_hash)
        return await operations.sign_in(tx, user.id, address)


def _plain(email: str) -> str:
    """As it may be looked for and counted: nothing longer than an address can be, and without NUL, which no database takes."""
    return email.replace("\0", "").strip()[:LONGEST_EMAIL]


def _brake(desk: Desk, limits: dict[str, int]) -> None:
    if wait := throttle_of(desk).wait_seconds(limits, desk.clock.now()):
        raise TooMany(wait)
