"""What an inbox wants of its mail, its addresses and key, what is held for it; through operations, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unmet
from deskhand.kernel.permissions import Role
from deskhand.mail.connecting.keys import new_key
from deskhand.mail.model import Direction, Door, InboxMailChanged, MailReleased, Options, ReceivedState, key_name
from deskhand.mail.operations import connecting, holding, inboxes
from deskhand.mail.operations.taking import take
from deskhand.mail.queries import connecting as connection_queries
from deskhand.mail.queries import held
from deskhand.mail.queries import inboxes as queries
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.mail.test_connecting import PASSWORD

WRONG = [
    (Options(undo_seconds=-1), "undoSeconds"),
    (Options(messages_per_minute=0), "messagesPerMinute"),
    (Options(new_after_closed_days=5000), "newAfterClosedDays"),
    (Options(new_after_silent_days=-2), "newAfterSilentDays"),
    (Options(moves_to="a\r\nb"), "movesTo"),
    (Options(sent_folder="a" * 501), "sentFolder"),
    (Options(signature="{{nothing.here}}"), "signature"),
]


async def test_an_inbox_gets_mail_with_its_own_address(given: Given) -> None:
    async with given.write(given.owner) as tx:
        await inboxes.want(tx, given.inbox, Options(undo_seconds=5))
    assert [type(each) for each in tx.recorded] == [InboxMailChanged]

    async with given.write() as tx:
        await inboxes.want(tx, given.inbox, Options(undo_seconds=6))
        found = await queries.find(tx, given.inbox)
        assert found is not None
        assert found.options.undo_seconds == 6
        assert await tx.all(queries.ADDRESSES, inbox_id=given.inbox) == ["help@desk.test"]
        for options, path in WRONG:
            with pytest.raises(Invalid) as refused:
                await inboxes.want(tx, given.inbox, options)
            assert [each.path for each in refused.value.mistakes] == [path]
        with pytest.raises(NotFound):
            await inboxes.want(tx, 99, Options())


async def test_an_address_is_one_inboxes(given: Given) -> None:
    other = await given.new_inbox("Sales")
    async with given.write() as tx:
        with pytest.raises(NotFound):
            await inboxes.add_alias(tx, given.inbox, "a@desk.test")
        await inboxes.want(tx, given.inbox, Options())
        await inboxes.add_alias(tx, given.inbox, "Shared@Desk.test")
        await inboxes.add_alias(tx, given.inbox, "shared@desk.test")
        await inboxes.want(tx, other, Options())
        for address in ("shared@desk.test", "help@desk.test"):
            with pytest.raises(Conflict, match=f"{address} is an address of the inbox Help"):
                await inboxes.add_alias(tx, other, address)
        with pytest.raises(NotFound):
            await inboxes.remove_alias(tx, other, "shared@desk.test")
        await inboxes.remove_alias(tx, given.inbox, "SHARED@desk.test")
        await inboxes.add_alias(tx, other, "shared@desk.test")
        found = await queries.owners(tx, ["shared+x@desk.test", "help@desk.test", "none@desk.test"])
    assert found == {"shared+x@desk.test": other, "help@desk.test": given.inbox}


async def test_a_key_is_sealed(given: Given, desk: Desk) -> None:
    pem = new_key()
    async with given.write() as tx:
        await inboxes.want(tx, given.inbox, Options())
        await inboxes.keep_key(tx, given.inbox, selector="one", secret="old")
        await inboxes.keep_key(tx, given.inbox, selector="Two", secret=pem)
        kept = await tx.one(queries.KEY, inbox_id=given.inbox)
        with pytest.raises(Invalid):
            await inboxes.keep_key(tx, given.inbox, selector="a.b", secret=pem)
    assert (kept.domain, kept.selector) == ("desk.test", "two")
    assert b"PRIVATE" not in kept.secret
    assert desk.seal.open(kept.secret, key_name(kept.id)) == pem


async def test_only_who_manages_the_account_may(given: Given) -> None:
    async with given.write() as tx:
        await inboxes.want(tx, given.inbox, Options())
        received = await take(tx, inbox_id=given.inbox, door=Door.PIPE, blob="0" * 64, size_bytes=1, reason="why")
    async with given.write(await given.user(role=Role.USER)) as tx:
        for deed in (
            inboxes.want(tx, given.inbox, Options()),
            inboxes.add_alias(tx, given.inbox, "a@desk.test"),
            inboxes.remove_alias(tx, given.inbox, "a@desk.test"),
            inboxes.keep_key(tx, given.inbox, selector="a", secret="x"),
            holding.retry(tx, received),
            holding.retry_all(tx),
            holding.drop(tx, received),
        ):
            with pytest.raises(Forbidden):
                await deed


async def test_held_mail_is_looked_at_again_or_let_go(given: Given) -> None:
    async with given.write() as tx:
        nobodys = await take(tx, inbox_id=None, door=Door.PIPE, blob="0" * 64, size_bytes=1)
        first = await take(tx, inbox_id=given.inbox, door=Door.PIPE, blob="0" * 64, size_bytes=1, reason="why")
        second = await take(tx, inbox_id=given.inbox, door=Door.PIPE, blob="0" * 64, size_bytes=1, reason="why")
    async with given.write() as tx:
        assert await holding.retry_all(tx) == [first, second]
        assert await holding.retry_all(tx) == []
        with pytest.raises(Unmet):
            await holding.retry(tx, nobodys)
        with pytest.raises(NotFound):
            await holding.retry(tx, nobodys, inbox_id=99)
        with pytest.raises(NotFound):
            await holding.drop(tx, first)
        await holding.drop(tx, nobodys)
        assert await held.page(tx) == []
        assert (await held.find(tx, first)).state is ReceivedState.WAITING
        assert (await held.find(tx, nobodys)).state is ReceivedState.DONE
    assert [type(each) for each in tx.recorded] == [MailReleased] * 3


async def test_an_operator_sees_what_fails_and_what_waits(given: Given, client: Client, clock: MovableClock) -> None:
    async with given.write() as tx:
        await inboxes.want(tx, given.inbox, Options())
        await connecting.connect(tx, given.inbox, Direction.IN, PASSWORD)
        it = await connection_queries.get(tx, given.inbox, Direction.IN)
        await connecting.note_trouble(tx, it, "imap.secret.test is away", is_refused=False)
        await take(tx, inbox_id=given.inbox, door=Door.PIPE, blob="0" * 64, size_bytes=1, reason="why")

    ready = await client.get("/ready")
    assert ready.status_code == 200
    assert ready.json()["mail"].startswith(f"ok, imap of inbox {given.inbox} fails since 20")
    assert ready.json()["mail"].endswith("; 1 held: see 'deskhand mail held'")
    told = (await client.get("/metrics")).text
    assert "deskhand_mail_held 1.0\n" in told
    assert f'deskhand_mail_failing{{direction="in",inbox="{given.inbox}"}} 1.0\n' in told
    assert "secret" not in told + ready.text

    async with given.write() as tx:
        await take(tx, inbox_id=given.inbox, door=Door.PIPE, blob="0" * 64, size_bytes=1)
    clock.move(timedelta(minutes=6))
    late = await client.get("/ready")
    assert late.status_code == 503
    assert late.json()["mail"] == "1 messages were not looked at: is a worker running?"
