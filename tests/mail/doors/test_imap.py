"""Mail is fetched from IMAP servers once each, whatever happens; against a real Dovecot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound, Unmet
from deskhand.mail.doors.imap import Fetcher
from deskhand.mail.doors.rest import fetch_rest
from deskhand.mail.model import Door, Options, ReceivedState
from deskhand.mail.operations.taking import take
from deskhand.mail.processing import Processor
from deskhand.mail.queries import cursors
from tests.given import Given
from tests.mail.doors.conftest import Connect, Rows, letter
from tests.mail.post import Here
from tests.mail.servers import Dovecot, dovecot


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as made:
        yield made


@asynccontextmanager
async def fetching(desk: Desk) -> AsyncIterator[Fetcher]:
    """The loop at work."""
    fetcher = Fetcher(desk)
    running = asyncio.create_task(fetcher.run())
    try:
        yield fetcher
    finally:
        fetcher.stop()
        await asyncio.wait_for(running, 10)


async def until(rows: Rows, number: int, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while len(await rows()) < number:
            await asyncio.sleep(0.02)


async def test_what_is_new_is_fetched_once_and_stays_unread_on_the_server(
    desk: Desk, given: Given, server: Dovecot, connect: Connect, rows: Rows
) -> None:
    await connect(server.port)
    server.deliver(*(letter(number) for number in range(3)))

    assert await Fetcher(desk).run_due() == 3
    assert await Fetcher(desk).run_due() == 0
    server.deliver(letter(3))
    assert await Fetcher(desk).run_due() == 1

    found = await rows()
    assert [await desk.blobs.get(each.blob) for each in found] == [letter(number) for number in range(4)]
    assert {(each.door, each.inbox_id, each.state) for each in found} == {(Door.IMAP, given.inbox, ReceivedState.WAITING)}
    assert [each.recipients for each in found] == [[]] * 4
    assert not any("S" in name.partition(":2,")[2] for name in server.names())
    async with given.read() as view:
        (cursor,) = await view.all(cursors.EVERY)
    assert (cursor.last_uid, cursor.server_count, cursor.server_next_uid, cursor.gap) == (4, 4, 5, 0)


async def test_under_new_numbers_everything_is_looked_at_again(
    desk: Desk, server: Dovecot, connect: Connect, rows: Rows
) -> None:
    await connect(server.port)
    server.deliver(letter(1), letter(2))
    await Fetcher(desk).run_due()
    server.stop()
    await asyncio.sleep(1)  # numbers are made of seconds
    server.forget_numbers()
    server.start()
    server.deliver(letter(3))

    assert await Fetcher(desk).run_due() == 3

    assert len(await rows()) == 5, "what came twice is found by its content when it is read"


async def test_what_was_erased_before_anybody_read_it_does_not_come_back_when_a_folder_is_read_anew(
    desk: Desk, given: Given, server: Dovecot, connect: Connect, rows: Rows
) -> None:
    desk.settings = msgspec.structs.replace(desk.settings, mail_limit_mb=1)
    await connect(server.port)
    server.deliver(letter(1), letter(2, "x\r\n" * 400_000))
    await Fetcher(desk).run_due()
    pavel = await given.customer("pavel@mail.test")
    async with given.client(given.owner) as client:
        await client.delete(f"/v2/customers/{pavel.id}")
    server.stop()
    await asyncio.sleep(1)
    server.forget_numbers()
    server.start()
    server.deliver(letter(3))

    assert await Fetcher(desk).run_due() == 3

    assert [each.blob == "" for each in await rows()] == [True, True, False]


async def test_mail_over_the_limit_is_held_with_its_header(desk: Desk, server: Dovecot, connect: Connect, rows: Rows) -> None:
    desk.settings = msgspec.structs.replace(desk.settings, mail_limit_mb=1)
    await connect(server.port)
    server.deliver(letter(1), letter(2, "x\r\n" * 400_000), letter(3))

    assert await Fetcher(desk).run_due() == 3

    first, held, third = await rows()
    assert (first.state, third.state) == (ReceivedState.WAITING, ReceivedState.WAITING)
    assert held.state is ReceivedState.HELD
    assert "1.1 MB are more than DESKHAND_MAIL_LIMIT_MB" in (held.reason or "")
    assert (await desk.blobs.get(held.blob)).endswith(b"Subject: 2\r\n\r\n")


@pytest.mark.parametrize("moves_to", ["", "Done"], ids=["left", "moved"])
async def test_the_rest_of_what_was_too_long_is_fetched_when_somebody_wants_it(
    desk: Desk, server: Dovecot, connect: Connect, rows: Rows, moves_to: str
) -> None:
    desk.settings = msgspec.structs.replace(desk.settings, mail_limit_mb=1)
    await connect(server.port, options=Options(moves_to=moves_to))
    long = letter(2, "x\r\n" * 400_000)
    server.deliver(letter(1), long)
    await Fetcher(desk).run_due()
    taken, held = await rows()

    with pytest.raises(Unmet, match=r"it has 1\.1 MB, more than the 1 MB"):
        await fetch_rest(desk, held.id, most_mb=1)
    with pytest.raises(NotFound):
        await fetch_rest(desk, taken.id, most_mb=2)
    assert await fetch_rest(desk, held.id, most_mb=2) == len(long)

    whole = (await rows())[1]
    assert (whole.state, whole.reason, await desk.blobs.get(whole.blob)) == (ReceivedState.WAITING, None, long)
    processor = Processor(desk, pool=Here(desk.settings.blob_folder))
    await processor.run_due()
    assert [each.state for each in await rows()] == [ReceivedState.DONE, ReceivedState.DONE]


async def test_what_is_gone_or_another_message_by_now_is_not_fetched(
    desk: Desk, server: Dovecot, connect: Connect, rows: Rows
) -> None:
    desk.settings = msgspec.structs.replace(desk.settings, mail_limit_mb=1)
    await connect(server.port)
    server.deliver(letter(2, "x\r\n" * 400_000))
    await Fetcher(desk).run_due()
    server.stop()
    for each in server.names():
        next(server.inbox.glob(f"*/{each}")).unlink()
    await asyncio.sleep(1)
    server.forget_numbers()
    server.start()
    server.deliver(letter(3))
    (held,) = await rows()
    with pytest.raises(Unmet, match="no longer on the server"):
        await fetch_rest(desk, held.id, most_mb=2)
    server.stop()
    with pytest.raises(Unmet, match="could not give it"):
        await fetch_rest(desk, held.id, most_mb=2)


async def held_without_header(desk: Desk, given: Given, reason: str) -> int:
    blob = await desk.blobs.put(b"")
    async with given.write() as tx:
        return await take(tx, inbox_id=given.inbox, door=Door.IMAP, blob=blob, size_bytes=0, reason=reason)


async def test_of_a_message_without_header_the_number_is_believed_while_the_folder_is_numbered_as_it_was(
    desk: Desk, given: Given, server: Dovecot, connect: Connect, rows: Rows
) -> None:
    await connect(server.port, options=Options(moves_to="Done"))
    server.deliver(letter(1))
    await Fetcher(desk).run_due()
    server.deliver(letter(2))
    async with given.read() as view:
        cursor = await view.one(cursors.ONE, inbox_id=given.inbox, folder="INBOX")
    refused = [
        await held_without_header(desk, given, f"could not be fetched; on the server it is message {where} of INBOX")
        for where in ("2", f"{cursor.uidvalidity - 1}/2", f"{cursor.uidvalidity}/1", f"{cursor.uidvalidity}/0")
    ]
    known = await held_without_header(
        desk, given, f"could not be fetched; on the server it is message {cursor.uidvalidity}/2 of INBOX"
    )

    for each in refused:
        with pytest.raises(Unmet, match="or nothing shows which it is"):
            await fetch_rest(desk, each, most_mb=2)
    assert await fetch_rest(desk, known, most_mb=2) == len(letter(2))


async def test_fetched_mail_is_moved_when_the_inbox_wants_it(desk: Desk, server: Dovecot, connect: Connect, rows: Rows) -> None:
    await connect(server.port, options=Options(moves_to="Done"))
    server.deliver(letter(1), letter(2))

    assert await Fetcher(desk).run_due() == 2
    server.deliver(letter(3))
    assert await Fetcher(desk).run_due() == 1

    assert server.names() == []
    assert len(server.names(".Done")) == 3
    assert len(await rows()) == 3


async def test_two_who_fetch_at_the_same_moment_take_nothing_twice(
    desk: Desk, server: Dovecot, connect: Connect, rows: Rows
) -> None:
    await connect(server.port)
    server.deliver(*(letter(number) for number in range(120)))

    await asyncio.gather(*(Fetcher(desk).run_due() for _ in range(3)))
    await Fetcher(desk).run_due()

    found = [each.blob for each in await rows()]
    assert len(found) == len(set(found)) == 120


async def test_new_mail_is_told_by_the_server_and_one_process_listens(
    desk: Desk, server: Dovecot, connect: Connect, rows: Rows
) -> None:
    await connect(server.port)
    async with fetching(desk), fetching(desk):
        server.deliver(letter(1))
        await until(rows, 1)
        await asyncio.sleep(0.2)
        server.deliver(letter(2))
        await until(rows, 2, seconds=5)  # far less than the minute of a poll

        log = (server.folder / "log").read_text()
        assert log.count("Login: user=") == 1


async def test_mail_that_came_during_an_outage_is_caught_up(
    desk: Desk, server: Dovecot, connect: Connect, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskhand.mail.doors.imap.FIRST_DELAY_SECONDS", 0.1)
    await connect(server.port)
    async with fetching(desk):
        server.deliver(letter(0))
        await until(rows, 1)
        server.stop()
        server.deliver(*(letter(number) for number in range(1, 300)))
        server.start()
        await until(rows, 300)

    found = [each.blob for each in await rows()]
    assert len(found) == len(set(found)) == 300
