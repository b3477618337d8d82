"""Sessions in browsers: which there are, ending them, and what ends with the password (security D2 16, 19, 20)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Forbidden, Invalid, NotFound, TooMany
from deskhand.kernel.permissions import Role
from deskhand.kernel.storage.statements import read
from deskhand.users import entering, operations, queries
from deskhand.users.model import SignedIn, SignInFailed, token_hash
from deskhand.users.operations import NewUser
from deskhand.users.tables import sessions
from tests.conftest import MovableClock
from tests.given import Given
from tests.users.facts import facts

HOME, WORK = "192.0.2.1", "198.51.100.7"
EMAIL, PASSWORD = "ona@desk.test", "correct horse battery"
COUNT = read(select(func.count()).select_from(sessions), int)


@pytest.fixture
async def ona(given: Given) -> int:
    password_hash = await operations.hashed(PASSWORD)
    async with given.write() as tx:
        new = NewUser(first_name="Ona", last_name="Bell", email=EMAIL, role=Role.USER, password_hash=password_hash)
        return await operations.create(tx, new)


async def begun(desk: Desk, address: str = HOME) -> str:
    token = await entering.sign_in(desk, EMAIL, PASSWORD, address)
    assert token is not None
    return token


async def test_one_sees_where_one_is_signed_in_and_ends_one_of_them(given: Given, ona: int, clock: MovableClock) -> None:
    old = await begun(given.desk, HOME)
    clock.move(timedelta(minutes=10))
    new = await begun(given.desk, WORK)
    async with given.read(ona) as view:
        listed = await queries.sessions_of(view, ona)
        this = await view.one(queries.SESSION, hash=token_hash(new))
    assert [each.address for each in listed] == [WORK, HOME]
    assert listed[0].name == this.name
    assert listed[1].used_at < listed[0].used_at

    async with given.write(ona) as tx:
        await operations.end_session(tx, listed[1].name)

    assert await entering.signed_in(given.desk, old) is None
    assert await entering.signed_in(given.desk, new) is not None


async def test_a_session_of_somebody_else_is_not_there(given: Given, ona: int) -> None:
    await begun(given.desk)
    async with given.read(ona) as view:
        (theirs,) = await queries.sessions_of(view, ona)

    with pytest.raises(NotFound):
        async with given.write(given.owner) as tx:
            await operations.end_session(tx, theirs.name)


async def test_all_the_others_end_at_once(given: Given, ona: int) -> None:
    others = [await begun(given.desk, WORK) for _ in range(2)]
    this = await begun(given.desk)

    async with given.write(ona) as tx:
        assert await operations.end_other_sessions(tx, this) == 2

    assert [await entering.signed_in(given.desk, each) for each in others] == [None, None]
    assert await entering.signed_in(given.desk, this) is not None


@pytest.mark.parametrize(("step", "steps"), [(timedelta(hours=13), 1), (timedelta(hours=11), 66)])
async def test_a_session_ends_idle_and_old_and_leaves_the_list(
    given: Given, ona: int, clock: MovableClock, step: timedelta, steps: int
) -> None:
    token = await begun(given.desk)
    for _ in range(steps):
        clock.move(step)
        user = await entering.signed_in(given.desk, token)

    assert user is None
    async with given.read() as view:
        assert await queries.sessions_of(view, ona) == []
    await begun(given.desk)
    async with given.read() as view:
        assert await view.one(COUNT) == 1


async def test_another_password_ends_every_session_and_begins_one(given: Given, ona: int) -> None:
    before = await begun(given.desk)
    async with given.read(ona) as view:
        actor = view.actor

    token = await entering.change_password(given.desk, actor, PASSWORD, "battery staple horse", HOME)

    assert await entering.signed_in(given.desk, before) is None
    user = await entering.signed_in(given.desk, token)
    assert user is not None
    assert user.id == ona
    assert await entering.sign_in(given.desk, EMAIL, PASSWORD, HOME) is None


async def test_who_sits_down_at_an_open_browser_cannot_change_the_password(given: Given, ona: int) -> None:
    async with given.read(ona) as view:
        actor = view.actor
    for _ in range(5):
        with pytest.raises(Forbidden):
            await entering.change_password(given.desk, actor, "guess", "battery staple horse", HOME)

    with pytest.raises(TooMany):
        await entering.change_password(given.desk, actor, PASSWORD, "battery staple horse", HOME)


@pytest.mark.parametrize("new", ["short", "x" * 1025])
async def test_a_password_has_a_length(given: Given, ona: int, new: str) -> None:
    async with given.read(ona) as view:
        actor = view.actor
    with pytest.raises(Invalid):
        await entering.change_password(given.desk, actor, PASSWORD, new, HOME)
    assert await entering.sign_in(given.desk, EMAIL, PASSWORD, HOME) is not None


async def test_coming_in_and_failing_to_are_facts_without_what_was_typed(given: Given, ona: int) -> None:
    await begun(given.desk)
    await entering.sign_in(given.desk, EMAIL, "wrong", WORK)
    await entering.sign_in(given.desk, "my secret, in the wrong field", "wrong", WORK)

    assert await facts(given, "SignedIn", "SignInFailed") == [
        SignedIn(user_id=ona, address=HOME),
        SignInFailed(user_id=ona, address=WORK),
        SignInFailed(user_id=None, address=WORK),
    ]
