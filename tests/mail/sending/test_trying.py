"""What servers answer, and what becomes of it for each recipient (email rules 8.8, 8.9)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import select

from deskhand.conversations.model import ThreadType
from deskhand.conversations.queries import one
from deskhand.kernel import tables
from deskhand.kernel.desk import Desk
from deskhand.kernel.storage.statements import param, read
from deskhand.mail.model import DeliveryFailed, OutgoingState
from deskhand.mail.operations import outgoing
from deskhand.mail.queries import outgoing as queries
from deskhand.mail.queries.outgoing import Sent
from deskhand.mail.sending import sender as sending
from deskhand.mail.sending.letters import bytes_of
from deskhand.mail.sending.sender import MailSender
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending.conftest import WINDOW, Mail
from tests.mail.sending.peers import Peer, refused_port

FACTS = read(select(tables.events.c.body).where(tables.events.c.type == param("kind")).order_by(tables.events.c.id), bytes)


async def test_a_reply_reaches_a_server_once_and_says_so(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"), subject="Parcel")
    await mail.reply(it, cc=["a@x.test"], bcc=["b@x.test"])
    assert await sender.run_due() == 0, "it can still be undone"
    clock.move(WINDOW)
    assert await sender.run_due() == 1
    assert await sender.run_due() == 0

    (got,) = server.got
    assert got.recipients == ["pavel@mail.test", "a@x.test", "b@x.test"]
    assert got.sender == "help@desk.test"
    assert b"b@x.test" not in got.content
    assert got.message["Subject"] == "Re: Parcel"
    sent = await mail.only()
    assert got.id == sent.message_id
    assert sent.state is OutgoingState.ENDED
    assert [(each.state.value, each.words) for each in await mail.deliveries(sent.id)] == [("sent", "250 OK")] * 3


async def test_a_temporary_no_is_tried_again_at_its_moments_with_the_same_bytes(
    mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    server.to_recipient = lambda address: "451 4.7.1 greylisted"
    await mail.through(server.port)
    await mail.leaves()
    assert await sender.run_due() == 1
    assert await mail.states() == ["waiting"]
    for minutes in (1, 5, 15, 30):
        clock.move(timedelta(minutes=minutes, seconds=-5))
        assert await sender.run_due() == 0
        clock.move(timedelta(seconds=6))
        assert await sender.run_due() == 1
    assert await mail.states() == ["delayed"]
    (delivery,) = await mail.deliveries((await mail.only()).id)
    assert (delivery.code, delivery.words, delivery.attempts) == ("451", "451 4.7.1 greylisted", 5)

    server.to_recipient = lambda address: "250 OK"
    clock.move(timedelta(minutes=61))
    assert await sender.run_due() == 1
    assert await mail.states() == ["sent"]
    assert len(server.got) == 1


async def test_after_three_days_it_is_given_up(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    server.to_data = lambda got: "452 4.2.2 full"
    await mail.through(server.port)
    await mail.leaves()
    tried = 0
    for _ in range(100):
        tried += await sender.run_due()
        clock.move(timedelta(hours=1))
        if await mail.states() == ["failed"]:
            break
    (delivery,) = await mail.deliveries((await mail.only()).id)
    assert (delivery.state.value, delivery.words) == ("failed", "given up after 3 days; last: 452 4.2.2 full")
    assert tried == 24 + 1, "24 looks an hour apart at growing delays, and the notice to the agent"


async def test_a_no_for_one_of_three_fails_that_one_alone_and_is_told(
    given: Given, mail: Mail, server: Peer, sender: MailSender
) -> None:
    server.to_recipient = lambda address: "550 5.1.1 no such user" if address == "a@x.test" else "250 OK"
    await mail.through(server.port)
    it = await mail.leaves(cc=["a@x.test", "b@x.test"])
    await sender.run_due()

    assert await mail.states() == ["sent", "failed", "sent"]
    assert server.got[0].recipients == ["pavel@mail.test", "b@x.test"]
    async with given.read() as view:
        newest = (await view.all(one.THREADS, conversation_id=it))[0]
    assert newest.type is ThreadType.LINE_ITEM
    assert newest.action_text == "could not send a reply to a@x.test: 550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("words", "is_hushed"),
    [
        ("550 5.1.1 no such user", True),
        ("550 No such user here", True),
        ("550 5.7.1 no such user, says our policy", False),
        ("550-Verification failed for <help@desk.test>\r\n550-No Such User Here\r\n550 Sender verify failed", False),
        ("550 Client host not found, no PTR record", False),
        ("550 We do not accept mail from dynamic addresses", False),
        ("550 Your host name is unknown: unknown host", False),
        ("550 5.1.0 Unknown domain desk.test in MAIL FROM", False),
        ("550 Your IP is not listed in our whitelist", False),
        ("550 5.1.1 Sender <help@desk.test> does not exist", False),
        ("552 5.2.2 mailbox full", False),
        ("451 4.1.1 no such user yet", False),
    ],
)
async def test_two_refusals_that_say_that_nobody_is_there_end_automatic_mail(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender, words: str, is_hushed: bool
) -> None:
    server.to_recipient = lambda address: words if address == "a@x.test" else "250 OK"
    await mail.through(server.port)
    it = await mail.leaves(cc=["a@x.test"])
    await sender.run_due()
    async with given.read() as view:
        assert await queries.hushed(view, 9) == [], "once is not enough"
    clock.move(timedelta(days=1))
    await mail.leaves(it, cc=["a@x.test"])
    await sender.run_due()

    async with given.read() as view:
        assert [each.address for each in await queries.hushed(view, 9)] == (["a@x.test"] if is_hushed else [])


async def test_a_no_to_the_message_fails_all_and_the_agent_is_told_once(
    given: Given, mail: Mail, server: Peer, sender: MailSender
) -> None:
    server.to_data = lambda got: "554 5.7.1 spam"
    await mail.through(server.port)
    await mail.leaves(cc=["a@x.test"])
    await sender.run_due()

    assert await mail.states() == ["failed", "failed"]
    told = await given_events(given, DeliveryFailed)
    assert [each.user_id for each in told][:2] == [given.owner, None]


async def test_a_wrong_password_pauses_the_queue_and_fails_nothing(
    mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    server.password = "right"
    await mail.begin()
    await mail.connect(server.port, password="wrong")
    await mail.leaves()
    await sender.run_due()

    assert await mail.states() == ["waiting"]
    paused = await mail.connection()
    assert paused.paused_reason == "535 5.7.8 who are you?"
    assert paused.state == "needs-reconnect"
    assert (await mail.only()).attempts == 0
    clock.move(timedelta(minutes=14))
    assert await sender.run_due() == 0
    clock.move(timedelta(minutes=2))
    assert await sender.run_due() == 1, "it is tried each quarter of an hour"
    assert server.got == []

    await mail.connect(server.port, password="right")
    assert await sender.run_due() == 1
    assert await mail.states() == ["sent"]
    assert (await mail.connection()).paused_reason is None


async def test_a_line_lost_behind_the_data_is_tried_once_more_and_never_again(
    mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    server.closes_after_data = True
    await mail.through(server.port)
    await mail.leaves()
    for _ in range(10):
        await sender.run_due()
        clock.move(timedelta(minutes=20))

    assert Counter(server.ids)[(await mail.only()).message_id] == 2
    (delivery,) = await mail.deliveries((await mail.only()).id)
    assert delivery.state == "failed"
    assert delivery.words is not None
    assert delivery.words.startswith("it may have arrived")
    assert (await mail.only()).unknown == 2


async def test_a_doubt_is_not_forgotten_over_another_no(
    mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port)
    await mail.leaves()
    answers = ["250 OK"]
    server.to_recipient = lambda address: answers[-1]
    for closes, answer in ((True, "250 OK"), (False, "451 later"), (True, "250 OK"), (False, "250 OK")):
        server.closes_after_data = closes
        answers.append(answer)
        await sender.run_due()
        clock.move(timedelta(minutes=20))
    assert Counter(server.ids)[(await mail.only()).message_id] == 2
    assert await mail.states() == ["failed"]


async def test_a_message_that_makes_us_stumble_holds_up_nobody(
    mail: Mail, server: Peer, sender: MailSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(desk: Desk, it: Sent, *, utf8: bool) -> bytes:
        if it.id == 1:
            raise RuntimeError("a bug")
        return await bytes_of(desk, it, utf8=utf8)

    monkeypatch.setattr(sending, "bytes_of", stumble)
    await mail.through(server.port)
    await mail.leaves()
    await mail.leaves()
    await sender.run_due()
    await sender.run_due()
    assert await mail.states(1) == ["waiting"]
    assert await mail.states(2) == ["sent"]


async def test_a_host_that_is_away_is_left_alone_for_a_minute_until_somebody_says_now(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    await mail.through(refused_port())
    it = await given.conversation()
    await mail.reply(it)
    other = await given.conversation()
    await mail.reply(other)
    clock.move(WINDOW)
    assert await sender.run_due() == 1, "the other waits: the host is away"
    assert (await mail.connection()).slow_until is not None
    clock.move(timedelta(minutes=2))
    assert await sender.run_due() == 1

    await mail.connect(server.port)
    async with given.write(given.owner) as tx:
        assert await outgoing.retry_all(tx, [given.inbox]) >= 1
    assert await sender.run_due() == 2
    assert len(server.got) == 2


async def given_events(given: Given, kind: type) -> list[DeliveryFailed]:
    """The facts of a kind, oldest first."""
    async with given.read() as view:
        return [msgspec.json.decode(each, type=kind) for each in await view.all(FACTS, kind=kind.__name__)]
