"""What whoever manages the account is told by mail: once an hour for each inbox and kind, with a count and what to do."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from deskhand.kernel.storage.statements import param, write
from deskhand.mail import jobs
from deskhand.mail.model import Door, Kind, MailHeld, Outgoing, OutgoingKind
from deskhand.mail.operations import brakes, notices, outgoing
from deskhand.mail.operations.taking import take
from deskhand.mail.queries.alerts import FLOODS
from deskhand.mail.sending.sender import MailSender
from deskhand.mail.tables import mail_received
from deskhand.users.tables import users
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.post import Post
from tests.mail.sending.conftest import Mail
from tests.mail.sending.peers import Peer
from tests.mail.sending.test_brakes import begin

IS = write(update(mail_received).values(kind=param("kind")))
HAS_ADDRESS = write(update(users).where(users.c.id == param("user_id")).values(email=param("email")))


async def held(given: Given, number: int, inbox: int | None = None) -> None:
    """So many messages come that wait for a person."""
    for _ in range(number):
        async with given.write() as tx:
            await take(tx, inbox_id=inbox or given.inbox, door=Door.PIPE, blob="b", size_bytes=1, reason="too strange")


async def told(given: Given, mail: Mail) -> list[Outgoing]:
    """The alerts so far, once everything that is due was done."""
    await given.app.worker.run_due()
    return [each.letter for each in await mail.queue() if each.kind is OutgoingKind.ALERT]


async def test_held_mail_is_told_at_once_and_what_comes_within_the_hour_when_it_is_over(
    given: Given, mail: Mail, clock: MovableClock
) -> None:
    await mail.through(2525)
    await held(given, 1)
    (first,) = await told(given, mail)
    assert first.subject == "Mail waits for a person: 1"
    assert "the inbox Help" in first.text
    assert "deskhand mail held" in first.text
    assert first.is_automatic

    await held(given, 2)
    clock.move(timedelta(minutes=55))
    assert len(await told(given, mail)) == 1
    clock.move(timedelta(minutes=6))
    assert [each.subject for each in await told(given, mail)][1:] == ["Mail waits for a person: 3"]
    clock.move(timedelta(hours=3))
    assert len(await told(given, mail)) == 2


async def test_each_inbox_is_told_of_by_itself(given: Given, mail: Mail) -> None:
    await mail.through(2525)
    await held(given, 1)
    await held(given, 1, await given.new_inbox("Sales"))
    assert ["Sales" in each.text for each in await told(given, mail)] == [False, True]


async def test_a_report_that_is_held_is_told_to_nobody(given: Given, mail: Mail) -> None:
    await mail.through(2525)
    await held(given, 1)
    async with given.write() as tx:
        await tx.write(IS, kind=Kind.BOUNCE)
    assert await told(given, mail) == []


async def test_an_inbox_that_writes_too_much_by_itself_is_told_all_the_same(
    given: Given, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brakes, "AUTOMATIC_AN_HOUR", 1)
    await mail.through(2525, auto_reply=True)
    for each in ("a@x.test", "b@x.test", "c@x.test"):
        it = await begin(given, to=each)
        async with given.write() as tx:
            await outgoing.auto_reply(tx, it)
        await given.app.worker.run_due()

    (alert,) = await told(given, mail)
    assert alert.subject == "Help writes nothing by itself for now"
    assert "1 messages by itself within an hour" in alert.text


async def test_who_floods_us_is_told(given: Given, mail: Mail, clock: MovableClock) -> None:
    await mail.through(2525)
    post = Post(given, clock)
    for _ in range(21):
        await post.bring()
    async with given.write() as tx:
        await brakes.hush(tx, "ona@mail.test", "complained about our mail")
    (alert,) = await told(given, mail)
    assert alert.subject == "Too much mail from one sender: 1"
    assert "pavel" not in alert.text


async def test_a_flood_is_told_as_long_as_it_hushes_however_late(given: Given, mail: Mail, clock: MovableClock) -> None:
    await mail.through(2525)
    async with given.write() as tx:
        await brakes.hush(tx, "ona@mail.test", FLOODS, for_=brakes.DAY)
    clock.move(timedelta(hours=5))
    assert [each.subject for each in await told(given, mail)] == ["Too much mail from one sender: 1"]

    async with given.write() as tx:
        await brakes.hush(tx, "pavel@mail.test", FLOODS, for_=brakes.DAY)
    clock.move(brakes.DAY)
    assert len(await told(given, mail)) == 1, "it is over"


async def test_two_who_tell_at_the_same_moment_tell_once(given: Given, mail: Mail) -> None:
    await mail.through(2525)
    await held(given, 1)
    event = MailHeld(received_id=1, inbox_id=given.inbox, reason="too strange")

    await asyncio.gather(*(jobs.tell_operators(given.desk, event) for _ in range(4)))

    assert len(await told(given, mail)) == 1


async def test_a_server_that_refuses_the_password_is_told_at_once_by_an_inbox_that_works(
    given: Given, mail: Mail, server: Peer, sender: MailSender
) -> None:
    server.password = "right"
    await mail.through(2525)
    await mail.connect(server.port, password="wrong")
    sales = await given.new_inbox("Sales")
    await mail.begin(sales)
    await mail.connect(2525, sales)
    await mail.leaves()
    await sender.run_due()

    (alert,) = await told(given, mail)
    assert alert.sender.name == "Sales"
    assert alert.subject == "Mail of Help is at a standstill"
    assert "535 5.7.8 who are you?" in alert.text
    assert "deskhand inbox connect" in alert.text


async def test_where_nothing_can_be_sent_no_alert_waits(given: Given, mail: Mail) -> None:
    await mail.begin()
    await held(given, 1)
    assert await told(given, mail) == []


async def test_an_alert_goes_to_no_address_of_an_inbox(given: Given, mail: Mail) -> None:
    await mail.through(2525)
    async with given.write() as tx:
        await tx.write(HAS_ADDRESS, user_id=given.owner, email="help@desk.test")
        assert await notices.alert(tx, lambda words: ("x", "y")) == 0
