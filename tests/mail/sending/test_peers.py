"""Servers that behave badly, order, rate, routes, and one inbox that must not wait for another's server (R8)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import select, update

from deskhand.app import App, make_app
from deskhand.conversations.model import ThreadType
from deskhand.kernel.storage.statements import database_now, param, read, write
from deskhand.mail.connecting.keys import new_key
from deskhand.mail.model import IdKind
from deskhand.mail.operations import inboxes, outgoing, tries
from deskhand.mail.queries.outgoing import Known
from deskhand.mail.sending import sender as sending
from deskhand.mail.sending.routes import NOWHERE
from deskhand.mail.sending.sender import MailSender, providers_id
from deskhand.mail.sending.smtp import Patience
from deskhand.mail.tables import mail_ids, mail_outgoing
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending import bad_peers
from tests.mail.sending.bad_peers import play
from tests.mail.sending.conftest import QUICK, Mail
from tests.mail.sending.peers import Peer, a_byte_a_second, bare, peer, says_nothing

IDS = read(select(mail_ids.c.message_id, mail_ids.c.kind).where(mail_ids.c.conversation_id == param("conversation_id")), Known)
EXPIRE = write(update(mail_outgoing).values(leased_until=database_now(-1)))


async def test_a_bad_server_of_one_inbox_delays_no_other(tmp_path: Path, sqlite_template: Path) -> None:
    """The short form of ``script/drill bad-peers``."""
    assert await play(tmp_path, sqlite_template, letters=3, patience=QUICK) == []


async def test_inboxes_that_wait_for_one_another_turn_that_red(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "AT_ONCE", 1)
    monkeypatch.setattr(bad_peers, "LATE_SECONDS", 0.4)
    wrong = await play(tmp_path, sqlite_template, letters=1, patience=QUICK, hours=0)
    assert any("late" in each for each in wrong)


@pytest.mark.parametrize("talk", [says_nothing, a_byte_a_second])
async def test_a_server_that_does_not_get_to_the_point_is_left(mail: Mail, sender: MailSender, talk: object) -> None:
    async with bare(talk) as port:  # type: ignore[arg-type]
        await mail.through(port)
        await mail.leaves()
        async with asyncio.timeout(60):
            assert await sender.run_due() == 1
    assert await mail.states() == ["waiting"]


async def test_messages_of_a_conversation_keep_their_order_until_one_is_delayed(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    server.to_recipient = lambda address: "451 later" if address == "slow@x.test" else "250 OK"
    await mail.through(server.port)
    it = await given.conversation()
    await mail.reply(it, "first", cc=["slow@x.test"])
    await mail.reply(it, "second", cc=[])
    await mail.leaves(text="another")
    await sender.run_due()
    assert [each.message["Subject"] is not None for each in server.got] == [True, True]
    assert b"second" not in b"".join(each.content for each in server.got)

    clock.move(timedelta(minutes=16))
    await sender.run_due()
    assert b"second" in b"".join(each.content for each in server.got)


async def test_five_recipients_a_transaction_and_each_is_noted_before_the_next(
    mail: Mail, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port)
    await mail.leaves(cc=[f"c{number}@x.test" for number in range(11)])
    await sender.run_due()
    assert [len(each.recipients) for each in server.got] == [5, 5, 2]
    assert len({each.content for each in server.got}) == 1
    assert set(await mail.states()) == {"sent"}


async def test_where_tokens_work_each_recipient_has_a_return_address_of_their_own(
    mail: Mail, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port, uses_plus=True)
    await mail.leaves(cc=["a@x.test"])
    await sender.run_due()
    ids = [each.id for each in await mail.deliveries((await mail.only()).id)]
    assert [".".join((each.sender or "").split(".")[:2]) for each in server.got] == [f"help+b.{each}" for each in ids]


async def test_an_inbox_sends_no_more_a_minute_than_it_wants(
    mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port, messages_per_minute=2)
    for _ in range(5):
        await mail.leaves()
    numbers = []
    for _ in range(3):
        numbers.append(await sender.run_due())
        clock.move(timedelta(seconds=61))
    assert numbers == [2, 2, 1]


async def test_without_a_server_mail_waits_and_says_what_to_do(mail: Mail, sender: MailSender) -> None:
    await mail.begin()
    await mail.leaves()
    await sender.run_due()
    (delivery,) = await mail.deliveries((await mail.only()).id)
    assert (delivery.state.value, delivery.attempts, delivery.words) == ("waiting", 0, NOWHERE)


async def test_the_machines_own_server_is_used_by_inboxes_without_one(
    mail: Mail, clock: MovableClock, server: Peer, settings: Settings
) -> None:
    await mail.begin()
    await mail.leaves()
    made: App = make_app(structs.replace(settings, smtp_url=f"smtp://127.0.0.1:{server.port}"), clock, works=False)
    await made.desk.database.open()
    try:
        assert await MailSender(made.desk, patience=QUICK).run_due() == 1
    finally:
        await made.desk.database.close()
    assert await mail.states() == ["sent"]


async def test_a_server_without_smtputf8_fails_only_who_needs_it(mail: Mail, server: Peer, sender: MailSender) -> None:
    await mail.through(server.port)
    await mail.leaves(cc=["пётр@x.test", "ona@müller.test"])
    await sender.run_due()
    assert await mail.states() == ["sent", "failed", "sent"]
    assert server.got[0].recipients[1] == "ona@xn--mller-kva.test"
    async with peer(utf8=True) as other:
        await mail.connect(other.port)
        await mail.leaves(cc=["пётр@x.test"])
        await sender.run_due()
        assert other.got[-1].recipients[-1] == "пётр@x.test"
        assert "пётр@x.test".encode() in other.got[-1].content


async def test_mail_is_signed_where_the_inbox_has_a_key(given: Given, mail: Mail, server: Peer, sender: MailSender) -> None:
    await mail.through(server.port)
    async with given.write(given.owner) as tx:
        await inboxes.keep_key(tx, given.inbox, selector="d1", secret=await asyncio.to_thread(new_key))
    await mail.leaves()
    await sender.run_due()
    assert "d=desk.test;" in str(server.got[0].message["DKIM-Signature"])


async def test_what_a_provider_calls_our_mail_is_remembered(given: Given, mail: Mail, server: Peer, sender: MailSender) -> None:
    server.to_data = lambda got: "250 2.6.0 <AM0PR01@eurprd01.prod.outlook.test> [InternalId=1] Queued mail for delivery"
    await mail.through(server.port)
    it = await mail.leaves()
    await sender.run_due()
    async with given.read() as view:
        known = await view.all(IDS, conversation_id=it)
    assert sorted((each.kind, each.message_id.partition("@")[2]) for each in known) == [
        (IdKind.ALIAS, "eurprd01.prod.outlook.test"),
        (IdKind.OURS, "desk.test"),
    ]


@pytest.mark.parametrize(
    ("words", "host", "found"),
    [
        ("250 2.0.0 Ok: queued as 4F2A", "mx.test", None),
        ("250 2.0.0 OK 1712 a1-2.34 - gsmtp", "smtp.gmail.com", None),
        ("250 2.6.0 <a@b.test> Queued", "x.test", "a@b.test"),
        (f"250 Ok {'0' * 60}", "email-smtp.us-east-1.amazonaws.com", f"{'0' * 60}@email.amazonses.com"),
        (f"250 Ok {'0' * 60}", "email-smtp.eu-west-1.amazonaws.com", f"{'0' * 60}@eu-west-1.amazonses.com"),
        (f"250 Ok {'0' * 60}", "mx.test", None),
    ],
)
def test_providers_ids(words: str, host: str, found: str | None) -> None:
    assert providers_id(words, host) == found


async def test_a_lease_that_ran_out_is_taken_over_and_what_was_sent_stays_sent(
    given: Given, mail: Mail, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port)
    await mail.leaves()
    killed = MailSender(given.desk, patience=Patience())
    async with given.read() as view:
        (inbox,) = await view.all(tries.DUE, now=view.instant)
    assert await killed._claim(inbox) is not None
    assert await sender.run_due() == 0
    async with given.write() as tx:
        await tx.write(EXPIRE)
    assert await sender.run_due() == 1


async def test_cancelled_mail_goes_nowhere(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    server.to_recipient = lambda address: "451 later"
    await mail.through(server.port)
    await mail.leaves()
    await sender.run_due()
    sent = await mail.only()
    async with given.write(given.owner) as tx:
        await outgoing.cancel(tx, sent.id)
    clock.move(timedelta(days=1))
    assert await sender.run_due() == 0
    assert await mail.states() == ["cancelled"]


async def test_a_failed_message_is_sent_again_when_somebody_says_so(
    given: Given, mail: Mail, server: Peer, sender: MailSender
) -> None:
    server.to_recipient = lambda address: "550 no"
    await mail.through(server.port)
    await given.thread(await given.conversation(), ThreadType.MESSAGE, by=None)
    await sender.run_due()
    assert await mail.states() == ["failed"]
    server.to_recipient = lambda address: "250 OK"
    sent = await mail.only()
    async with given.write(given.owner) as tx:
        await outgoing.retry(tx, sent.id)
    await sender.run_due()
    assert await mail.states() == ["sent"]
    assert server.got[0].id == sent.message_id
