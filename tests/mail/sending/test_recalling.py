"""A reply is called back into the composer before it leaves, and said anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from deskhand.conversations.model import ThreadState, ThreadType, Writing
from deskhand.conversations.operations import schedule, sending
from deskhand.conversations.queries import one, writings
from deskhand.conversations.queries.writings import Place
from deskhand.kernel.errors import Unmet
from deskhand.kernel.storage.statements import read
from deskhand.mail.operations import outgoing
from deskhand.mail.sending.sender import MailSender
from deskhand.mail.tables import mail_ids
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending.conftest import WINDOW, Mail
from tests.mail.sending.peers import Peer

IDS = read(select(mail_ids.c.message_id), str)


async def test_what_is_called_back_never_was_and_is_sent_once_when_it_is_said_again(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    thread = await mail.reply(it, cc=["a@x.test"])
    async with given.write(given.owner) as tx:
        await outgoing.recall(tx, it, thread)
    place = Place(Writing.REPLY, conversation_id=it)
    async with given.read(given.owner) as view:
        written = await writings.get(view, place)
        assert (written.body, written.cc) == ("<p>It is on its way.</p>", ["a@x.test"])
        assert await view.all(IDS) == []
        assert [each.type for each in await view.all(one.THREADS, conversation_id=it)] == [ThreadType.CUSTOMER]
    clock.move(WINDOW)
    await sender.run_due()
    assert server.got == []

    async with given.write(given.owner) as tx:
        await sending.send(tx, place, version=written.version, answers_newest=True)
    clock.move(WINDOW)
    await sender.run_due()
    assert len(server.got) == 1


async def test_what_has_left_is_not_called_back(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    thread = await mail.reply(it)
    clock.move(WINDOW)
    await sender.run_due()
    with pytest.raises(Unmet):
        async with given.write(given.owner) as tx:
            await outgoing.recall(tx, it, thread)
    assert len(server.got) == 1


async def test_where_nothing_is_mailed_it_is_called_back_for_a_moment(given: Given, clock: MovableClock) -> None:
    it = await given.conversation()
    thread = await given.thread(it, ThreadType.MESSAGE)
    clock.move(timedelta(minutes=1))
    with pytest.raises(Unmet):
        async with given.write(given.owner) as tx:
            await outgoing.recall(tx, it, thread)


async def test_what_waits_for_its_moment_is_gone_on_with(given: Given) -> None:
    it = await given.conversation()
    thread = await given.thread(it, ThreadType.MESSAGE, draft=True)
    async with given.write(given.owner) as tx:
        await schedule.schedule(tx, it, thread, at=tx.now + timedelta(days=1), unschedules_on_reply=True)
    async with given.write(given.owner) as tx:
        await outgoing.recall(tx, it, thread)
    async with given.read(given.owner) as view:
        assert (await one.get(view, it)).scheduled_for is None
        assert all(each.state is ThreadState.PUBLISHED for each in await view.all(one.THREADS, conversation_id=it))
        assert (await writings.get(view, Place(Writing.REPLY, conversation_id=it))).body == "More."
