"""What may still be kept from going out: hidden and deleted words, and what an agent cancels or hurries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import changing, drafts
from deskhand.conversations.queries import one
from deskhand.customers import queries as customers
from deskhand.kernel.errors import Unmet
from deskhand.mail.model import OutgoingState
from deskhand.mail.operations import outgoing, tries
from deskhand.mail.sending.sender import MailSender
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending.conftest import WINDOW, Mail
from tests.mail.sending.peers import Peer, refused_port


async def withheld(given: Given, it: int, thread: int | None) -> None:
    """Somebody hides the thread, or deletes the conversation."""
    async with given.write(given.owner) as tx:
        if thread is None:
            await changing.delete(tx, it)
        else:
            await drafts.hide(tx, it, thread, hidden=True)


@pytest.mark.parametrize("how", ["hidden", "deleted"])
async def test_what_is_hidden_or_deleted_before_it_left_goes_to_nobody(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender, how: str
) -> None:
    await mail.through(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    thread = await mail.reply(it, cc=["a@x.test"])
    await withheld(given, it, thread if how == "hidden" else None)
    clock.move(WINDOW)
    await sender.run_due()

    assert server.got == []
    assert (await mail.only()).state is OutgoingState.ENDED
    assert await mail.states() == ["cancelled", "cancelled"]


async def test_hiding_one_reply_keeps_no_other_back(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    await mail.through(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    said = await given.thread(it, ThreadType.CUSTOMER)
    thread = await mail.reply(it)
    await mail.reply(it)
    await withheld(given, it, said)
    await withheld(given, it, thread)
    clock.move(WINDOW)
    await sender.run_due()

    assert [await mail.states(each.id) for each in await mail.queue()] == [["cancelled"], ["sent"]]


async def test_whom_it_was_offered_already_is_still_tried(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    server.to_recipient = lambda address: "451 later"
    await mail.through(server.port)
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    thread = await mail.reply(it)
    clock.move(WINDOW)
    await sender.run_due()
    await withheld(given, it, thread)

    assert await mail.states() == ["waiting"]


async def test_mail_that_waited_for_days_behind_a_paused_queue_is_not_given_up_at_its_first_tries(
    mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    await mail.begin()
    await mail.connect(server.port, password="right")
    server.password = "other"
    await mail.leaves()
    await sender.run_due()
    clock.move(timedelta(hours=73))
    server.password = "right"
    server.to_recipient = lambda address: "451 4.7.1 greylisted"
    tried: list[str] = []
    for minutes in (1, 5, 15, 30, 60, 120, 240):
        await sender.run_due()
        tried.append(*await mail.states())
        clock.move(timedelta(minutes=minutes, seconds=1))
    assert tried == ["delayed"] * 6 + ["failed"]


async def test_a_paused_queue_holds_up_no_reply_of_another_inbox(
    given: Given, mail: Mail, server: Peer, sender: MailSender
) -> None:
    await mail.through(refused_port())
    it = await given.conversation(customer=await given.customer("pavel@mail.test"))
    await mail.reply(it)
    other = await given.new_inbox("Sales")
    await mail.begin(other)
    await mail.connect(server.port, other)
    async with given.write(given.owner) as tx:
        await changing.move(tx, it, other)
    await mail.leaves(it)
    await sender.run_due()

    assert [await mail.states(each.id) for each in await mail.queue()] == [["waiting"], ["sent"]]


async def test_what_is_being_sent_cannot_be_cancelled_until_its_lease_ran_out(given: Given, mail: Mail) -> None:
    await mail.begin()
    await mail.leaves()
    async with given.write() as tx:
        it = await tries.claim(tx, given.inbox, "somebody")
    assert it is not None
    with pytest.raises(Unmet, match="being sent"):
        async with given.write(given.owner) as tx:
            await outgoing.cancel(tx, it.id)
    async with given.write() as tx:
        await tries.put_back(tx, it, "somebody", "nothing was tried")
    async with given.write(given.owner) as tx:
        await outgoing.cancel(tx, it.id)
    assert await mail.states() == ["cancelled"]


async def test_trying_all_now_cuts_no_window_to_undo(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    server.to_recipient = lambda address: "451 later"
    await mail.through(server.port)
    await mail.leaves()
    await sender.run_due()
    await mail.reply(await given.conversation(customer=await given.customer("ona@mail.test")))
    async with given.write(given.owner) as tx:
        assert await outgoing.retry_all(tx, [given.inbox]) == 1

    tried, new = await mail.queue()
    assert tried.due <= clock.now()
    assert new.due == new.created_at + timedelta(seconds=10)


async def test_a_reply_to_a_customer_without_an_address_says_that_it_was_not_mailed(given: Given, mail: Mail) -> None:
    await mail.begin()
    async with given.client(given.owner) as client:
        made = await client.post("/v2/customers", json={"firstName": "Ada"})
    async with given.read() as view:
        ada = await customers.reference(view, int(made.headers["Resource-ID"]))
    it = await given.conversation(customer=ada)
    await mail.reply(it)

    assert await mail.queue() == []
    async with given.read() as view:
        newest, reply = (await view.all(one.THREADS, conversation_id=it))[:2]
    assert (newest.type, newest.action_text) == (ThreadType.LINE_ITEM, "could not be mailed: the customer has no address")
    assert reply.type is ThreadType.MESSAGE
