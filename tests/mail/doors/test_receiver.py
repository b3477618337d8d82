"""Mail is taken by SMTP for addresses of inboxes, and only when it is durable; what follows from a mistake is told."""

from __future__ import annotations

import smtplib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deskhand.kernel.blobs import FolderBlobs
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Unavailable
from deskhand.mail.doors.receiver import Receiver
from deskhand.mail.model import Door, Options, ReceivedState
from deskhand.mail.operations import inboxes
from tests.given import Given
from tests.mail.doors.conftest import Rows, letter
from tests.mail.talk import talking


@pytest.fixture
async def receiver(desk: Desk, given: Given) -> AsyncIterator[Receiver]:
    async with given.write() as tx:
        await inboxes.want(tx, given.inbox, Options())
        await inboxes.add_alias(tx, given.inbox, "support@desk.test")
    made = Receiver(desk, "127.0.0.1", 0)
    await made.open()
    yield made
    await made.close()


async def test_a_message_for_two_inboxes_is_taken_once_for_each(
    desk: Desk, given: Given, receiver: Receiver, rows: Rows
) -> None:
    other = await given.new_inbox("Sales")
    async with given.write() as tx:
        await inboxes.want(tx, other, Options())

    async with talking(receiver.port) as it:
        assert await it.hear() == "220 desk.test Deskhand"
        await it.envelope("Help@desk.test", "support@desk.test", "sales+c.7.abcdefghijklmnop@desk.test", "help+x@desk.test")
        said = await it.say(letter(1) + b".\r\n")
        assert said.startswith("250 2.0.0 OK")
        assert await it.say("QUIT") == "221 Bye"

    one, two = await rows()
    assert said.split()[-2:] == [str(one.id), str(two.id)]
    assert (one.inbox_id, one.recipients) == (given.inbox, ["Help@desk.test", "support@desk.test", "help+x@desk.test"])
    assert (two.inbox_id, two.recipients) == (other, ["sales+c.7.abcdefghijklmnop@desk.test"])
    assert one.blob == two.blob
    assert await desk.blobs.get(one.blob) == letter(1)
    assert (one.door, one.envelope_from, one.peer) == (Door.SMTP, "pavel@mail.test", "127.0.0.1 client.test")
    assert {one.state, two.state} == {ReceivedState.WAITING}


async def test_an_address_of_nobody_here_is_refused_at_once(receiver: Receiver, rows: Rows) -> None:
    async with talking(receiver.port) as it:
        await it.hear()
        await it.say("EHLO client.test")
        await it.say("MAIL FROM:<pavel@mail.test>")
        for address in ("nobody@desk.test", "help@elsewhere.test", "nobody+help@desk.test", "help", "postmaster@desk.test"):
            assert (await it.say(f"RCPT TO:<{address}>")).startswith("55"), address
        assert (await it.say("DATA")).startswith("503")

    assert await rows() == []


async def test_the_null_sender_is_taken_and_told_apart_from_none(receiver: Receiver, rows: Rows) -> None:
    async with talking(receiver.port) as it:
        await it.hear()
        await it.envelope("help@desk.test", sender="")
        assert (await it.say(letter(1) + b".\r\n")).startswith("250")
        await it.envelope("help@desk.test", sender="zoë@mail.test")
        assert (await it.say(letter(2) + b".\r\n")).startswith("250")

    assert [each.envelope_from for each in await rows()] == ["", "zoë@mail.test"]


async def test_what_cannot_be_stored_is_not_taken(
    desk: Desk, receiver: Receiver, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(self: FolderBlobs, content: bytes) -> str:
        raise Unavailable("cannot keep files: No space left on device")

    async with talking(receiver.port) as it:
        await it.hear()
        await it.envelope("help@desk.test")
        monkeypatch.setattr(FolderBlobs, "put", full)
        assert (await it.say(letter(1) + b".\r\n")).startswith("451 4.3.0")
        monkeypatch.undo()
        await it.envelope("help@desk.test")
        monkeypatch.setattr(desk, "writing", lambda actor: 1 / 0)
        assert (await it.say(letter(1) + b".\r\n")).startswith("451 4.3.0")
        monkeypatch.undo()
        assert await rows() == []
        await it.envelope("help@desk.test")
        assert (await it.say(letter(1) + b".\r\n")).startswith("250")

    assert len(await rows()) == 1


async def test_a_client_of_the_standard_library_is_served(receiver: Receiver, rows: Rows, tmp_path: Path) -> None:
    import asyncio

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", receiver.port, local_hostname="pc.test", timeout=10) as client:
            client.sendmail("a@mail.test", ["help@desk.test"], letter(1, "..dots\r\n.\r\n..\r\nend"))

    await asyncio.to_thread(send)

    assert len(await rows()) == 1
