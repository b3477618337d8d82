"""What is said on a line of SMTP: limits, smuggling, protection; what does not depend on the database, so on one only."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec
import pytest

from deskhand.kernel.desk import Desk
from deskhand.mail.doors import line, receiver
from deskhand.mail.doors.receiver import Receiver
from deskhand.settings import Settings, SettingsError, from_environment
from tests.mail.doors.conftest import Rows, letter
from tests.mail.doors.test_imap_lines import address as address  # on SQLite only
from tests.mail.doors.test_receiver import receiver as the_receiver
from tests.mail.servers import certify
from tests.mail.talk import Talk, talking

door = the_receiver
ENDINGS = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\n", b"\r\n.\r", b"\n.\r", b"\r\n\0.\r\n"]


async def greeted(it: Talk) -> None:
    await it.hear()
    await it.say("EHLO client.test")


async def test_nothing_but_the_one_ending_ends_a_message(door: Receiver, desk: Desk, rows: Rows) -> None:
    smuggled = b"MAIL FROM:<evil@mail.test>\r\nRCPT TO:<help@desk.test>\r\nDATA\r\nSubject: evil\r\n\r\nx"
    async with talking(door.port) as it:
        await it.hear()
        for ending in ENDINGS:
            await it.envelope("help@desk.test")
            said = await it.say(b"Subject: 1\r\n\r\nhello" + ending + smuggled + b"\r\n.\r\n")
            assert said.startswith("250"), ending
        assert await it.say("QUIT") == "221 Bye"

    found = await rows()
    assert len(found) == len(ENDINGS)
    for one in found:
        assert b"Subject: evil" in await desk.blobs.get(one.blob), "it is a part of the one message"


async def test_limits_are_told_and_hold(desk: Desk, door: Receiver, rows: Rows) -> None:
    desk.settings = msgspec.structs.replace(desk.settings, mail_limit_mb=1)
    async with talking(door.port) as it:
        await it.hear()
        said = await it.say("EHLO client.test")
        assert {"250-SIZE 1048576", "250-8BITMIME", "250-SMTPUTF8"} <= set(said.split("\n"))
        assert "AUTH" not in said
        assert "STARTTLS" not in said
        assert (await it.say("MAIL FROM:<a@mail.test> SIZE=1048577")).startswith("552")
        await it.envelope("help@desk.test")
        assert (await it.say(letter(1, "x\r\n" * 400_000) + b".\r\n")).startswith("552")
        await it.envelope("help@desk.test")
        assert (await it.say(letter(1, "y" * 1001) + b".\r\n")).startswith("500")
        await it.envelope("help@desk.test")
        assert (await it.say(letter(1, "y" * 998) + b".\r\n")).startswith("250")
        await it.envelope("help@desk.test")
        assert (await it.say(b"Received: from x\r\n" * 50 + letter(1) + b".\r\n")).startswith("250")
        await it.envelope("help@desk.test")
        assert (await it.say(b"RECEIVED : from x\r\n" * 51 + letter(1) + b".\r\n")).startswith("554")
        await it.envelope("help@desk.test")
        assert (await it.say(b"X: 1\r\n\r\n" + b"Received: quoted\r\n" * 60 + b".\r\n")).startswith("250")

    assert len(await rows()) == 3


async def test_nul_is_left_out_and_odd_names_do_no_harm(door: Receiver, desk: Desk, rows: Rows) -> None:
    async with talking(door.port) as it:
        await it.hear()
        assert (await it.say(b"EHLO a\0b\x01c\xff\r\n")).startswith("250")
        assert (await it.say(b"MAIL FROM:<a\xff@mail.test>\r\n")).startswith("553")
        assert (await it.say(b"MAIL FROM:<" + b"a" * 400 + b"@mail.test>\r\n")).startswith("55")
        assert (await it.say("MAIL FROM:<a@mail.test>")).startswith("250")
        assert (await it.say(b"RCPT TO:<help\xff@desk.test>\r\n")).startswith("55")
        assert (await it.say(b"RCPT TO:<help\0@desk.test>\r\n")).startswith("55")
        assert (await it.say("VRFY help@desk.test")).startswith("252")
        assert (await it.say("RCPT TO:<help@desk.test>")).startswith("250")
        assert (await it.say("DATA")).startswith("354")
        assert (await it.say(b"Subject: a\0b\r\n\r\n\0\0hello\r\n.\r\n")).startswith("250")

    (one,) = await rows()
    assert one.peer == "127.0.0.1 abc"
    assert await desk.blobs.get(one.blob) == b"Subject: ab\r\n\r\nhello\r\n"


async def test_so_many_recipients_and_no_more(door: Receiver, rows: Rows) -> None:
    async with talking(door.port) as it:
        await greeted(it)
        await it.say("MAIL FROM:<a@mail.test>")
        for number in range(receiver.MOST_RECIPIENTS):
            assert (await it.say(f"RCPT TO:<help+{number}@desk.test>")).startswith("250")
        assert (await it.say("RCPT TO:<help@desk.test>")).startswith("452")


async def test_five_connections_of_an_address_and_twenty_in_all(door: Receiver) -> None:
    async with asyncio.timeout(20):
        lines = []
        for number in range(20):
            entered = talking(door.port, f"127.0.0.{2 + number // 5}")
            lines.append(entered)
            assert (await (await entered.__aenter__()).hear()).startswith("220")
        for source in ("127.0.0.2", "127.0.0.99"):
            async with talking(door.port, source) as it:
                assert await it.hear() == "421 4.7.0 Too many connections, try again later"
        await lines.pop(0).__aexit__(None, None, None)
        await asyncio.sleep(0.1)
        async with talking(door.port, "127.0.0.99") as it:
            assert (await it.hear()).startswith("220")
        for each in lines:
            await each.__aexit__(None, None, None)


async def test_who_says_nothing_is_sent_away_and_who_says_something_is_not(
    door: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "IDLE_SECONDS", 0.3)
    async with talking(door.port) as it, talking(door.port) as silent:
        await it.hear()
        await it.envelope("help@desk.test")
        for _ in range(6):
            await it.send(b"x\r\n")
            await asyncio.sleep(0.1)
        assert (await it.say(b".\r\n")).startswith("250")
        await silent.hear()
        assert await silent.reader.read() == b""


async def test_nobody_stays_for_ever(door: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "WHOLE_SECONDS", 0.3)
    async with talking(door.port) as it:
        await it.hear()
        await it.envelope("help@desk.test")
        with pytest.raises(OSError):
            for _ in range(100):
                await it.send(b"x\r\n")
                await asyncio.sleep(0.02)


@pytest.fixture
def certificate(desk: Desk, tmp_path: Path) -> None:
    """A certificate and its key in one file each, given by settings before the receiver is made."""
    made = tmp_path / "cert.pem", tmp_path / "key.pem"
    certify(*made)
    desk.settings = msgspec.structs.replace(desk.settings, smtp_certificate=str(made[0]), smtp_key=str(made[1]))


async def test_a_line_goes_on_under_protection_and_begins_anew(certificate: None, door: Receiver, rows: Rows) -> None:
    async with talking(door.port) as it:
        await it.hear()
        assert "250-STARTTLS" in await it.say("EHLO client.test")
        await it.say("MAIL FROM:<before@mail.test>")
        assert (await it.say("STARTTLS")).startswith("220")
        await it.start_tls()
        assert (await it.say("RCPT TO:<help@desk.test>")).startswith("503"), "what was said before does not count"
        said = await it.say("EHLO client.test")
        assert "STARTTLS" not in said
        assert "AUTH" not in said
        await it.envelope("help@desk.test")
        assert (await it.say(letter(1) + b".\r\n")).startswith("250")

    (one,) = await rows()
    assert one.envelope_from == "pavel@mail.test"


@pytest.mark.parametrize("behind", [b"RSET\r\n", b"EHLO x\r\nMAIL FROM:<evil@mail.test>\r\n", b"x"])
async def test_what_is_sent_behind_starttls_ends_the_connection(certificate: None, door: Receiver, behind: bytes) -> None:
    async with talking(door.port) as it:
        await greeted(it)
        assert (await it.say(b"STARTTLS\r\n" + behind)).startswith("554")
        assert await it.reader.read() == b""


async def test_plain_text_instead_of_a_handshake_is_not_obeyed(certificate: None, door: Receiver, rows: Rows) -> None:
    async with talking(door.port) as it:
        await greeted(it)
        assert (await it.say("STARTTLS")).startswith("220")
        await it.send(b"EHLO x\r\nMAIL FROM:<evil@mail.test>\r\n")
        assert b"250" not in await it.reader.read()


async def test_a_certificate_that_is_not_there_is_told_when_it_begins(desk: Desk) -> None:
    desk.settings = msgspec.structs.replace(desk.settings, smtp_certificate="/nowhere/cert.pem")

    with pytest.raises(OSError, match="nowhere"):
        await Receiver(desk, "127.0.0.1", 0).open()


def test_where_to_listen_is_an_address_and_a_port() -> None:
    assert from_environment({"DESKHAND_SMTP_LISTEN": "0.0.0.0:25"}).smtp_address == ("0.0.0.0", 25)
    assert from_environment({"DESKHAND_SMTP_LISTEN": "[::]:2525"}).smtp_address == ("::", 2525)
    assert Settings().smtp_address is None
    for wrong in ("25", ":25", "localhost", "localhost:smtp", "localhost:70000"):
        with pytest.raises(SettingsError, match="DESKHAND_SMTP_LISTEN"):
            from_environment({"DESKHAND_SMTP_LISTEN": wrong})
