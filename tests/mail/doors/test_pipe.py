"""A real mail server pipes its mail to ``deskhand mail deliver``, and keeps what is not taken."""

from __future__ import annotations

import smtplib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.commands import Account
from tests.mail.doors.conftest import letter
from tests.mail.servers import USER, Exim, exim


@pytest.fixture
def account(tmp_path: Path) -> Account:
    made = Account(tmp_path)
    made.do("inbox", "create", "Help", "--email", USER)
    return made


@pytest.fixture
def server(account: Account) -> Iterator[Exim]:
    command = f"{sys.executable} -m deskhand.cli mail deliver"
    with exim(command, {"DESKHAND_DATA": str(account.data), "DESKHAND_LOG_LEVEL": "error"}) as made:
        yield made


def send(server: Exim, number: int, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", server.port, timeout=20) as client:
        client.sendmail("pavel@mail.test", recipients, letter(number))


def until(server: Exim, words: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while words not in server.log():
        assert time.monotonic() < deadline, server.log()
        time.sleep(0.05)


def test_a_mail_server_keeps_what_cannot_be_taken_and_brings_it_later(account: Account, server: Exim) -> None:
    send(server, 1, USER, "help+c.1@desk.test")
    until(server, "Completed")
    shown = account.do("mail", "show", "1")
    assert "by pipe" in shown
    assert "<pavel@mail.test> to " in shown

    away = account.data.rename(account.data.with_name("away"))
    account.data.mkdir()
    send(server, 2, USER)
    until(server, "== help@desk.test")
    assert server.queued() == 1
    server.run_queue()
    assert server.queued() == 1, "it is tried again, and kept again"

    account.data.rmdir() if not any(account.data.iterdir()) else account.data.rename(account.data.with_name("empty"))
    away.rename(account.data)
    server.run_queue()
    assert server.queued() == 0
    assert "subject       2" in account.do("mail", "show", "3")

    send(server, 3, "nobody@desk.test")
    until(server, "=> nobody <nobody@desk.test>")
    assert "none of its recipients is an address of an inbox" in account.do("mail", "held")
