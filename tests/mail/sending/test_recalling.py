"""A reply is called back into the composer before it leaves, and said anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from deskhand.conversations.model import ThreadState, ThreadType, Writing
from deskhand.conversations.operations import attachments, forwarding, schedule, sending, writings
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.writings import Typed
from deskhand.conversations.queries import followers, one
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.writings import Place
from deskhand.conversations.tables import conversations
from deskhand.kernel.errors import Unmet
from deskhand.kernel.storage.statements import read
from deskhand.mail.model import OutgoingState
from deskhand.mail.operations import outgoing
from deskhand.mail.sending.sender import MailSender
from deskhand.mail.tables import mail_ids
from deskhand.notifications import queries as notifications
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.mail.sending.conftest import WINDOW, Mail
from tests.mail.sending.peers import Peer

CONVERSATIONS = read(select(conversations.c.id).order_by(conversations.c.id), int)
STATE = ("status", "assignee_id", "waiting_since", "closed_at", "closed_by", "cc", "preview", "thread_count", "thread_total")
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
        written = await queries.get(view, place)
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
        assert (await queries.get(view, Place(Writing.REPLY, conversation_id=it))).body == "More."


@pytest.mark.parametrize(("kind", "days"), [(Writing.FORWARD, 0), (Writing.CONVERSATION, 0), (Writing.CONVERSATION, 2)])
async def test_a_forward_or_a_new_conversation_that_is_called_back_leaves_nothing_behind(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender, kind: Writing, days: int
) -> None:
    await mail.through(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    place = Place(kind, it) if kind is Writing.FORWARD else Place(kind, inbox_id=given.inbox)
    blob, quoted = [await given.desk.blobs.put(each) for each in (b"mine", b"theirs")]
    async with given.write() as tx:
        first = (await tx.all(one.THREADS, conversation_id=it))[0].id
        await attachments.attach(tx, it, first, NewFile("theirs.txt", "text/plain", 6, 0, 0, quoted))
    before = await ids(given), await state(given, it)
    async with given.write(given.owner) as tx:
        await writings.keep(
            tx, place, Typed(body="<p>Yours?</p>", subject="Hello", to=["lab@x.test"], cc=["b@x.test"]), version=None
        )
        await writings.attach(tx, place, NewFile("mine.txt", "text/plain", 4, 0, 0, blob))
    clock.move(timedelta(minutes=1))
    async with given.write(given.owner) as tx:
        version = (await queries.get(tx, place)).version
        later = tx.now + timedelta(days=days) if days else None
        quotes = kind is Writing.FORWARD
        sent = await sending.send(tx, place, version=version, answers_newest=False, later=later, with_files=quotes)

    async with given.write(given.owner) as tx:
        written = await outgoing.recall(tx, it if kind is Writing.FORWARD else sent.conversation_id, sent.entry_id)
        names = [each.filename for each in await queries.files(tx, [written.id])]
    assert (written.kind, written.body, written.to, written.cc, names) == (
        kind,
        "<p>Yours?</p>",
        ["lab@x.test"],
        ["b@x.test"],
        ["mine.txt"],
    )
    assert written.subject == ("" if kind is Writing.FORWARD else "Hello")
    assert (await ids(given), await state(given, it)) == before
    clock.move(WINDOW)
    await sender.run_due()
    assert server.got == []


async def test_a_forward_is_not_called_back_once_somebody_said_more_where_it_led(given: Given, mail: Mail) -> None:
    await mail.begin()
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        done = await forwarding.forward(tx, it, to="depot@x.test", text="<p>Yours?</p>")
    await given.thread(done.conversation_id, ThreadType.NOTE, "Ring them.")
    with pytest.raises(Unmet):
        async with given.write(given.owner) as tx:
            await outgoing.recall(tx, it, done.entry_id)


async def test_of_a_note_that_is_called_back_nobody_hears(given: Given, mail: Mail, clock: MovableClock) -> None:
    await mail.begin(notifies=True)
    ona = await given.user("Ona", "Bell")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    before = await state(given, it)
    clock.move(timedelta(minutes=1))
    thread = await given.thread(it, ThreadType.NOTE, "Can you, @ona?", status="pending")
    assert (await mail.only()).due > clock.now()
    async with given.write(given.owner) as tx:
        written = await outgoing.recall(tx, it, thread)
    assert (written.kind, written.body) == (Writing.NOTE, "Can you, @ona?")
    assert [each.state for each in await mail.queue()] == [OutgoingState.ENDED]
    async with given.read(ona) as view:
        assert await followers.of_conversation(view, it, given.inbox) == []
        assert await notifications.page(view, 10) == []
    assert await state(given, it) == before

    late = await given.thread(it, ThreadType.NOTE, "Never mind.")
    clock.move(timedelta(minutes=1))
    with pytest.raises(Unmet):
        async with given.write(given.owner) as tx:
            await outgoing.recall(tx, it, late)


async def test_what_a_reply_changed_is_as_before(given: Given, mail: Mail, client: Client, clock: MovableClock) -> None:
    await mail.begin()
    it = await given.conversation()
    before = await state(given, it)
    clock.move(timedelta(minutes=1))
    thread = await mail.reply(it, status="closed", assign_to=given.owner, cc=["a@x.test"])
    recall = f"/deskhand/v1/conversations/{it}/threads/{thread}/recall"
    assert (await client.post(recall)).status_code == 204
    assert await state(given, it) == before
    assert (await client.post(recall)).status_code == 404


async def test_who_does_not_want_to_wait_sends_it_now(given: Given, mail: Mail, server: Peer, sender: MailSender) -> None:
    await mail.through(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    thread = await mail.reply(it)
    await sender.run_due()
    assert server.got == []
    async with given.write(given.owner) as tx:
        await outgoing.hurry(tx, it, thread)
    await sender.run_due()
    assert len(server.got) == 1


async def ids(given: Given) -> list[int]:
    async with given.read() as view:
        return await view.all(CONVERSATIONS)


async def state(given: Given, it: int) -> Any:
    async with given.read() as view:
        found = await one.get(view, it)
        said = [each.id for each in await view.all(one.THREADS, conversation_id=it)]
    return said, [getattr(found, name) for name in STATE]
