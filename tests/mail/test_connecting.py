"""What connections sign in with, and how they fare."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Forbidden, Invalid, NotFound
from deskhand.kernel.permissions import Role
from deskhand.mail.connecting.credentials import SignInRefused, SignInTrouble, credentials
from deskhand.mail.model import (
    Authentication,
    ConnectionFailing,
    ConnectionRecovered,
    ConnectionState,
    Direction,
    OAuth,
    Options,
    Secrets,
    Security,
)
from deskhand.mail.operations import connecting, inboxes, leasing
from deskhand.mail.operations.connecting import NewConnection
from deskhand.mail.queries import connecting as queries
from deskhand.mail.queries.inboxes import Connection, find
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.tokens import Tokens

PASSWORD = NewConnection(
    host="imap.example.com",
    port=993,
    security=Security.TLS,
    authentication=Authentication.PASSWORD,
    username="help@desk.test",
    secrets=Secrets(password="tr0ut lake"),
)


async def connected(given: Given, new: NewConnection = PASSWORD, direction: Direction = Direction.IN) -> Connection:
    async with given.write() as tx:
        await inboxes.want(tx, given.inbox, Options())
        await connecting.connect(tx, given.inbox, direction, new)
    return await now(given, direction)


async def now(given: Given, direction: Direction = Direction.IN) -> Connection:
    async with given.read() as view:
        return await queries.get(view, given.inbox, direction)


def bearing(tokens: Tokens, **kept: object) -> NewConnection:
    oauth = OAuth("google", "app", tokens.url, "https://mail.google.com/")
    secrets = Secrets(refresh_token="once", client_secret="hush", **kept)  # type: ignore[arg-type]
    return msgspec.structs.replace(PASSWORD, authentication=Authentication.XOAUTH2, oauth=oauth, secrets=secrets)


async def test_a_password_comes_back_and_is_sealed_meanwhile(given: Given, desk: Desk) -> None:
    it = await connected(given)

    assert b"tr0ut" not in it.secrets
    assert (await credentials(desk, it)).password == "tr0ut lake"
    assert it.state is ConnectionState.NEW


async def test_a_token_that_lives_is_not_renewed(given: Given, desk: Desk, tokens: Tokens) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=6)

    it = await connected(given, bearing(tokens, access_token="still", expires_at=soon))

    assert (await credentials(desk, it)).token == "still"
    assert tokens.asked == []


async def test_a_token_is_renewed_five_minutes_before_its_end(
    given: Given, desk: Desk, tokens: Tokens, clock: MovableClock
) -> None:
    it = await connected(given, bearing(tokens))
    assert (await credentials(desk, it)).token == "token-1"
    assert tokens.asked[0] == {
        "path": "/token",
        "grant_type": "refresh_token",
        "refresh_token": "once",
        "client_id": "app",
        "client_secret": "hush",
        "scope": "https://mail.google.com/",
    }

    assert (await credentials(desk, await now(given))).token == "token-1"
    clock.move(timedelta(minutes=56))

    assert (await credentials(desk, await now(given))).token == "token-2"
    assert tokens.asked[1]["refresh_token"] == "next-token-1"


async def test_of_many_who_need_a_token_one_fetches_it(given: Given, desk: Desk, tokens: Tokens) -> None:
    it = await connected(given, bearing(tokens))

    found = await asyncio.gather(*(credentials(desk, it) for _ in range(5)))

    assert {each.token for each in found} == {"token-1"}
    assert len(tokens.asked) == 1


async def test_a_token_that_was_refused_is_renewed_once(given: Given, desk: Desk, tokens: Tokens) -> None:
    it = await connected(given, bearing(tokens))
    await credentials(desk, it)

    again = await credentials(desk, await now(given), refused="token-1")
    other = await credentials(desk, await now(given), refused="token-1")

    assert (again.token, other.token) == ("token-2", "token-2")
    assert len(tokens.asked) == 2


async def test_a_provider_that_gives_none_wants_a_person(given: Given, desk: Desk, tokens: Tokens) -> None:
    it = await connected(given, bearing(tokens))
    tokens.error = "invalid_grant"

    with pytest.raises(SignInRefused, match="invalid_grant: Token has been revoked"):
        await credentials(desk, it)


async def test_a_provider_in_trouble_is_worth_another_try(given: Given, desk: Desk, tokens: Tokens) -> None:
    it = await connected(given, bearing(tokens))
    for tokens.status, tokens.body in [(500, b"oops"), (503, b"{}"), (200, b"{}"), (200, b"\xff"), (302, b"{}")]:
        with pytest.raises(SignInTrouble):
            await credentials(desk, it)


async def test_an_odd_life_of_a_token_hurts_nobody(given: Given, desk: Desk, tokens: Tokens) -> None:
    it = await connected(given, bearing(tokens))
    for life in (0, -5, "3600", 1e300, "soon"):
        tokens.life_seconds = life
        before = await now(given)
        assert (await credentials(desk, it, refused=(await credentials(desk, before)).token)).token.startswith("token-")


async def test_a_failing_server_is_told_once_after_a_quarter_of_an_hour_and_when_it_is_back(
    given: Given, clock: MovableClock
) -> None:
    it = await connected(given)

    async def fail() -> list[type]:
        async with given.write() as tx:
            await connecting.note_trouble(tx, it, "cannot connect", is_refused=False)
        return [type(each) for each in tx.recorded]

    assert await fail() == []
    assert (await now(given)).state is ConnectionState.FAILING
    clock.move(timedelta(minutes=14))
    assert await fail() == []
    clock.move(timedelta(minutes=2))
    assert await fail() == [ConnectionFailing]
    assert await fail() == []
    async with given.write() as tx:
        await connecting.note_working(tx, it)
    assert [type(each) for each in tx.recorded] == [ConnectionRecovered]
    after = await now(given)
    assert (after.state, after.failing_since, after.error) == (ConnectionState.OK, None, None)


async def test_a_server_that_refuses_us_is_told_at_once(given: Given) -> None:
    it = await connected(given)

    async with given.write() as tx:
        await connecting.note_trouble(tx, it, "AUTHENTICATIONFAILED " + "x" * 900, is_refused=True)

    (told,) = tx.recorded
    assert isinstance(told, ConnectionFailing)
    after = await now(given)
    assert after.state is ConnectionState.NEEDS_RECONNECT
    assert len(after.error or "") == 500


async def test_a_server_that_refuses_us_after_it_had_failed_is_told_at_once_too(given: Given, clock: MovableClock) -> None:
    it = await connected(given)

    async def trouble(*, is_refused: bool) -> list[bool]:
        async with given.write() as tx:
            await connecting.note_trouble(tx, it, "no", is_refused=is_refused)
        return [each.is_refused for each in tx.recorded if isinstance(each, ConnectionFailing)]

    assert await trouble(is_refused=False) == []
    clock.move(timedelta(minutes=16))
    assert await trouble(is_refused=False) == [False]
    assert await trouble(is_refused=True) == [True]
    assert await trouble(is_refused=True) == []


async def test_connecting_anew_forgets_how_it_went(given: Given) -> None:
    it = await connected(given)
    async with given.write() as tx:
        await connecting.note_trouble(tx, it, "no", is_refused=True)

    again = await connected(given)

    assert (again.id, again.state, again.error) == (it.id, ConnectionState.NEW, None)


async def test_what_a_known_provider_finds_out_of_senders_is_believed(given: Given) -> None:
    gmail = msgspec.structs.replace(PASSWORD, host="IMAP.gmail.com")
    believed = []
    for new, direction in ((PASSWORD, Direction.IN), (gmail, Direction.OUT), (gmail, Direction.IN)):
        await connected(given, new, direction)
        believed.append(await trusted(given))
    assert believed == [[], [], ["mx.google.com"]]
    async with given.write() as tx:
        await inboxes.want(tx, given.inbox, Options(trusted_servers=["mx.desk.test"]))
        await connecting.connect(tx, given.inbox, Direction.IN, gmail)
    assert await trusted(given) == ["mx.desk.test"]


async def trusted(given: Given) -> list[str]:
    async with given.read() as view:
        inbox = await find(view, given.inbox)
    assert inbox
    return inbox.options.trusted_servers


WRONG: list[tuple[dict[str, object], str]] = [
    ({"host": "a b"}, "host"),
    ({"host": ""}, "host"),
    ({"port": 0}, "port"),
    ({"port": 70000}, "port"),
    ({"username": ""}, "username"),
    ({"username": "a\r\nb"}, "username"),
    ({"username": "a" * 501}, "username"),
    ({"folder": "\0"}, "folder"),
    ({"authentication": Authentication.XOAUTH2}, "authentication"),
    ({"oauth": OAuth("google", "a", "b", "c")}, "authentication"),
    ({"security": Security.NONE}, "security"),
]


async def test_what_cannot_be_connected_to_is_named(given: Given) -> None:
    for wrong, path in WRONG:
        with pytest.raises(Invalid) as refused:
            await connected(given, msgspec.structs.replace(PASSWORD, **wrong))
        assert [each.path for each in refused.value.mistakes] == [path], wrong


async def test_an_inbox_without_mail_has_no_servers(given: Given) -> None:
    async with given.write() as tx:
        with pytest.raises(NotFound):
            await connecting.connect(tx, given.inbox, Direction.IN, PASSWORD)
        with pytest.raises(NotFound):
            await connecting.disconnect(tx, given.inbox, Direction.OUT)


async def test_only_who_manages_the_account_connects(given: Given) -> None:
    await connected(given)
    somebody = await given.user(role=Role.USER)

    async with given.write(somebody) as tx:
        with pytest.raises(Forbidden):
            await connecting.connect(tx, given.inbox, Direction.IN, PASSWORD)
        with pytest.raises(Forbidden):
            await connecting.disconnect(tx, given.inbox, Direction.IN)


async def test_a_lease_is_one_holders_until_it_is_given_back(given: Given) -> None:
    async with given.write() as tx:
        assert await leasing.hold(tx, "imap:1", "a")
        assert await leasing.hold(tx, "imap:1", "a")
        assert not await leasing.hold(tx, "imap:1", "b")
        await leasing.release(tx, "imap:1", "b")
        assert not await leasing.hold(tx, "imap:1", "b")
        await leasing.release(tx, "imap:1", "a")
        assert await leasing.hold(tx, "imap:1", "b")
