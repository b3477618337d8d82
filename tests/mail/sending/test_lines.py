"""A line that carries several messages: what went wrong with one is no matter of the next."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from deskhand.kernel.storage.statements import param, write
from deskhand.mail.sending.sender import MailSender
from deskhand.mail.tables import mail_deliveries
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending.conftest import Mail
from tests.mail.sending.peers import Peer, bare

WINDOW = timedelta(seconds=11)
SPOIL = write(
    update(mail_deliveries).where(mail_deliveries.c.address == param("old")).values(address="x@" + "ä" * 63 + ".test")
)


def strict(*, at_data: str, resets: bool = True) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """A server that takes no MAIL while one is pending, and says ``at_data`` to the first DATA of each line."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 strict\r\n")
        pending = False
        at_next_data = at_data
        while line := await reader.readline():
            answer = "250 OK"
            match line[:4].upper():
                case b"MAIL":
                    answer = "503 5.5.1 nested MAIL command" if pending else answer
                    pending = True
                case b"DATA":
                    answer, at_next_data = at_next_data, "354 go on"
                case b"RSET":
                    pending = pending and not resets
                case b"QUIT":
                    break
            if answer.startswith("354"):
                writer.write(b"354 go on\r\n")
                while (await reader.readline()) != b".\r\n":
                    pass
                pending, answer = False, "250 taken"
            writer.write(answer.encode() + b"\r\n")

    return talk


async def two(given: Given, mail: Mail, clock: MovableClock, port: int) -> None:
    """Two replies in conversations of their own, whose windows to undo are over."""
    await mail.begin()
    await mail.connect(port)
    for address in ("first@mail.test", "second@mail.test"):
        await mail.reply(await given.conversation(customer=await given.customer(address)), cc=[])
    clock.move(WINDOW)


@pytest.mark.parametrize(("resets", "second"), [(True, "250"), (False, "503")])
async def test_a_message_refused_before_its_data_spoils_none_behind_it(
    given: Given, mail: Mail, clock: MovableClock, sender: MailSender, resets: bool, second: str
) -> None:
    async with bare(strict(at_data="450 4.7.1 slow down", resets=resets)) as port:
        await two(given, mail, clock, port)
        await sender.run_due()
    got = [each for it in (await mail.queue())[:2] for each in await mail.deliveries(it.id)]
    assert [each.code for each in got] == ["450", second]
    assert [each.state.value for each in got] == ["waiting", "sent" if resets else "waiting"]


async def test_an_address_that_cannot_be_written_spoils_none_behind_it(
    given: Given, mail: Mail, clock: MovableClock, sender: MailSender
) -> None:
    async with bare(strict(at_data="354 go on")) as port:
        await two(given, mail, clock, port)
        async with given.write() as tx:
            await tx.write(SPOIL, old="first@mail.test")
        await sender.run_due()
    assert [await mail.states(each.id) for each in (await mail.queue())[:2]] == [["failed"], ["sent"]]


@pytest.mark.parametrize("role", ["cc", "bcc"])
async def test_a_domain_that_has_no_ascii_form_fails_at_once_and_alone(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender, role: str
) -> None:
    await mail.begin()
    await mail.connect(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    more: dict[str, Any] = {role: ["x@" + "ä" * 63 + ".test"]}
    await mail.reply(it, **more)
    assert await mail.states() == ["waiting", "failed"]
    clock.move(WINDOW)
    await sender.run_due()

    assert await mail.states() == ["sent", "failed"]
    assert ["pavel@mail.test"] in [each.recipients for each in server.got]
