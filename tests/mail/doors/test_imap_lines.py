"""Signing in to IMAP servers, and lines that break: what does not depend on the database, so on one only."""

from __future__ import annotations

import asyncio
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from deskhand.kernel.desk import Desk
from deskhand.mail.doors import fetching as fetching_module
from deskhand.mail.doors import imap
from deskhand.mail.doors.fetching import BATCH_BYTES, batches
from deskhand.mail.doors.imap import Fetcher
from deskhand.mail.model import Authentication, ConnectionState, Direction, ReceivedState, Secrets, Security
from deskhand.mail.queries import connecting
from deskhand.mail.queries.inboxes import Connection
from tests.given import Given
from tests.mail.doors.conftest import Connect, Rows, bearer, letter
from tests.mail.doors.test_imap import fetching, until
from tests.mail.proxy import Proxy, passing
from tests.mail.servers import Dovecot, dovecot
from tests.mail.tokens import Tokens

BOTH = [Authentication.XOAUTH2, Authentication.OAUTHBEARER]


@pytest.fixture
def address(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "deskhand.db")
    return f"sqlite:///{tmp_path / 'deskhand.db'}"


@pytest.fixture
def server(tokens: Tokens) -> Iterator[Dovecot]:
    with dovecot(token_port=tokens.port) as made:
        yield made


@pytest.fixture
def line(server: Dovecot) -> Iterator[Proxy]:
    with passing(server.port) as made:
        yield made


async def state(given: Given) -> Connection:
    async with given.read() as view:
        return await connecting.get(view, given.inbox, Direction.IN)


@pytest.mark.parametrize("authentication", BOTH)
async def test_a_token_that_the_server_refuses_is_renewed_once(
    desk: Desk, given: Given, server: Dovecot, tokens: Tokens, connect: Connect, authentication: Authentication
) -> None:
    await connect(server.port, **bearer(authentication, tokens.url))
    server.deliver(letter(1))
    assert await Fetcher(desk).run_due() == 1
    tokens.alive.clear()
    server.deliver(letter(2))

    assert await Fetcher(desk).run_due() == 1

    assert len(tokens.asked) == 2
    assert (await state(given)).state is ConnectionState.OK


@pytest.mark.parametrize("authentication", BOTH)
async def test_who_is_not_let_in_with_a_new_token_either_needs_a_person(
    desk: Desk, given: Given, server: Dovecot, tokens: Tokens, connect: Connect, authentication: Authentication
) -> None:
    tokens.body = b'{"access_token": "worthless", "expires_in": 3600}'
    await connect(server.port, **bearer(authentication, tokens.url))

    assert await Fetcher(desk).run_due() == 0

    it = await state(given)
    assert it.state is ConnectionState.NEEDS_RECONNECT
    assert "does not let us in" in (it.error or "")
    assert len(tokens.asked) == 2
    assert "auth failed" in (server.folder / "log").read_text()


async def test_a_wrong_password_needs_a_person_and_is_tried_no_second_time(
    desk: Desk, given: Given, line: Proxy, connect: Connect
) -> None:
    await connect(line.port, secrets=Secrets(password="wrong"))

    assert await Fetcher(desk).run_due() == 0

    assert (await state(given)).state is ConnectionState.NEEDS_RECONNECT
    assert line.connections == 1


async def test_who_is_not_let_in_tries_again_by_and_by_and_at_once_when_connected_anew(
    desk: Desk, given: Given, line: Proxy, connect: Connect, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(imap, "REFUSED_DELAY_SECONDS", 0.3)
    monkeypatch.setattr(imap, "LOOK_SECONDS", 0.2)
    await connect(line.port, secrets=Secrets(password="s3cr3t"))

    async with fetching(desk), asyncio.timeout(10):
        while line.connections < 3:
            await asyncio.sleep(0.05)
        monkeypatch.setattr(imap, "REFUSED_DELAY_SECONDS", 900)
        await asyncio.sleep(0.5)
        await connect(line.port)
        while (await state(given)).state is not ConnectionState.OK:
            await asyncio.sleep(0.05)

    assert "s3cr3t" not in "".join(capfd.readouterr())


async def test_a_line_is_protected_and_the_certificate_is_the_names(
    desk: Desk, given: Given, server: Dovecot, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.deliver(letter(1))
    await connect(server.tls_port, host="localhost", security=Security.TLS)
    await Fetcher(desk).run_due()
    assert "certificate" in ((await state(given)).error or "").lower(), "nobody vouches for it"

    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    assert await Fetcher(desk).run_due() == 1
    await connect(server.port, host="localhost", security=Security.STARTTLS)
    server.deliver(letter(2))
    assert await Fetcher(desk).run_due() == 1
    await connect(server.tls_port, host="127.0.0.1", security=Security.TLS)
    await Fetcher(desk).run_due()
    assert "certificate" in ((await state(given)).error or "").lower(), "it is another name's"


async def test_a_line_cut_in_the_middle_of_messages_loses_and_doubles_nothing(
    desk: Desk, server: Dovecot, line: Proxy, connect: Connect, rows: Rows
) -> None:
    await connect(line.port)
    server.deliver(*(letter(number, "y" * 60 + "\r\n") for number in range(150)))
    fetcher = Fetcher(desk)
    for place in (100, 2_000, 9_000, 20_000):
        line.cut_after = place
        await fetcher.run_due()

    await fetcher.run_due()

    assert line.cuts == 4
    found = [each.blob for each in await rows()]
    assert len(found) == len(set(found)) == 150


async def test_a_message_that_breaks_the_line_each_time_is_passed_and_the_rest_is_fetched(
    desk: Desk, server: Dovecot, line: Proxy, connect: Connect, rows: Rows
) -> None:
    await connect(line.port)
    server.deliver(letter(1), letter(2, "POISON"), letter(3))
    line.poison = b"POISON"
    fetcher = Fetcher(desk)

    for _ in range(fetching_module.MOST_BREAKS + 2):
        await fetcher.run_due()

    first, held, third = await rows()
    assert (first.reason, third.reason) == (None, None)
    assert held.state is ReceivedState.HELD
    said = r"could not be fetched, the line broke 5 times; on the server it is message \d+/2 of INBOX"
    assert re.fullmatch(said, held.reason or "")


async def test_a_server_that_answers_nothing_keeps_no_other_inbox_waiting(
    desk: Desk, given: Given, server: Dovecot, line: Proxy, connect: Connect, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching_module, "COMMAND_SECONDS", 2.0)
    line.silent = True
    await connect(line.port)
    await connect(server.port, await given.new_inbox("Other"))
    server.deliver(letter(1))

    async with fetching(desk):
        await until(rows, 1, seconds=3)
        assert (await rows())[0].inbox_id != given.inbox


async def test_a_step_that_takes_too_long_ends(
    desk: Desk, given: Given, line: Proxy, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COMMAND_SECONDS", "BATCH_SECONDS"):
        monkeypatch.setattr(fetching_module, name, 0.3)
    line.bytes_per_second = 50
    await connect(line.port)

    await Fetcher(desk).run_due()

    it = await state(given)
    assert (it.state, it.error) == (ConnectionState.FAILING, "the server is too slow: not done in 0 s")


async def test_a_server_in_a_private_network_is_not_asked(desk: Desk, given: Given, line: Proxy, connect: Connect) -> None:
    desk.settings = msgspec.structs.replace(desk.settings, mail_networks=())
    await connect(line.port)

    await Fetcher(desk).run_due()

    assert "not a public address" in ((await state(given)).error or "")
    assert line.connections == 0


def test_messages_come_in_portions_of_fifty_or_twenty_megabytes() -> None:
    small = list(range(1, 121))
    assert [len(each) for each in batches(small, {})] == [50, 50, 20]
    big = dict.fromkeys(small, BATCH_BYTES // 2)
    assert [len(each) for each in batches(small[:5], big)] == [2, 2, 1]
    assert [len(each) for each in batches(small[:3], dict.fromkeys(small, BATCH_BYTES * 2))] == [1, 1, 1]
    assert list(batches(small[:4], {}, careful_until=2)) == [[1], [2], [3, 4]]
    assert list(batches([], {})) == []


def test_after_failures_it_is_tried_again_from_five_seconds_to_a_quarter_of_an_hour_for_ever(desk: Desk) -> None:
    unlucky = Fetcher(desk, luck=random.Random(1))
    delays = [unlucky.delay_seconds(number) for number in range(1, 5000)]

    assert delays[0] == 5
    assert all(5 <= each <= 900 for each in delays)
    assert max(delays[:4]) <= 40
    assert min(delays[20:]) >= 450
    assert len({round(each) for each in delays[20:60]}) > 20, "many do not come at the same moment"
