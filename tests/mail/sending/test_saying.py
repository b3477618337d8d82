"""What is said becomes mail: which threads, for whom, with what in it, frozen as it was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deskhand.conversations.model import ThreadState, ThreadType
from deskhand.conversations.operations import forwarding, threads
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.queries import one
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.errors import Unmet
from deskhand.mail.model import DeliveryState, OutgoingKind, OutgoingState, Role, Template
from deskhand.mail.operations import outgoing
from deskhand.mail.rules.replies import MARKER
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.mail.sending.conftest import Mail


async def test_a_reply_over_the_api_is_mailed_and_its_recipients_are_frozen(given: Given, mail: Mail, client: Client) -> None:
    await mail.begin()
    customer = await given.customer("pavel@mail.test")
    it = await given.conversation(customer=customer, subject="AW: Re: Parcel", text="<p>Where is it?</p>")

    said = {"text": "<p>In <b>Lund</b>.</p>", "customer": {"id": customer.id}, "cc": ["a@x.test", "help@desk.test"]}
    got = await client.post(f"/v2/conversations/{it}/reply", json=said | {"bcc": ["b@x.test", "A@x.test"]})
    assert got.status_code == 201, got.text

    sent = await mail.only()
    letter = sent.letter
    assert (sent.kind, sent.state, sent.conversation_id) == (OutgoingKind.REPLY, OutgoingState.WAITING, it)
    assert sent.due - sent.created_at == timedelta(seconds=10)
    assert [(each.role, each.address) for each in await mail.deliveries(sent.id)] == [
        (Role.TO, "pavel@mail.test"),
        (Role.CC, "a@x.test"),
        (Role.BCC, "b@x.test"),
    ]
    assert letter.to[0].name == "Pavel Lund"
    assert letter.subject == "Re: Parcel"
    assert letter.sender.name == "Ines Okafor (Help)"
    assert letter.message_id == sent.message_id
    assert letter.message_id.startswith(f"t.{sent.thread_id}.")
    assert letter.text.startswith(f"{MARKER}\n\nIn Lund.\n")
    assert letter.text.endswith("> Where is it?")
    assert "<b>Lund</b>" in letter.html
    assert f"deskhand-ref:{it}." in letter.html


async def test_what_is_not_said_to_customers_is_not_mailed(given: Given, mail: Mail) -> None:
    await mail.begin()
    it = await given.conversation(subject="x")
    await given.thread(it, ThreadType.NOTE)
    await given.thread(it, ThreadType.CUSTOMER)
    await given.thread(it, ThreadType.MESSAGE, draft=True)
    await given.thread(it, ThreadType.MESSAGE, imported=True)
    await given.conversation(said=[NewThread(type=ThreadType.MESSAGE, text="Old.")], imported=True)
    await given.conversation(said=[NewThread(type=ThreadType.MESSAGE, text="Old.", imported=True)])

    assert await mail.queue() == []


async def test_an_inbox_without_mail_sends_none(given: Given, mail: Mail) -> None:
    await mail.begin(await given.new_inbox("Sales"))
    await mail.reply(await given.conversation())

    assert await mail.queue() == []


async def test_a_conversation_that_begins_with_our_word_is_mailed_without_re(given: Given, mail: Mail) -> None:
    await mail.begin()
    await given.conversation(subject="Your order", said=[NewThread(type=ThreadType.MESSAGE, text="It is ready.")])

    assert (await mail.only()).letter.subject == "Your order"


async def test_a_forwarded_text_goes_to_whom_it_was_forwarded(given: Given, mail: Mail) -> None:
    await mail.begin()
    it = await given.conversation(subject="Parcel")
    async with given.write(given.owner) as tx:
        await forwarding.forward(tx, it, to="depot@x.test", text="<p>Yours?</p>")

    sent = await mail.only()
    assert sent.kind is OutgoingKind.FORWARD
    assert [each.address for each in sent.letter.to] == ["depot@x.test"]
    assert sent.letter.subject == "Fwd: Parcel"


async def test_a_scheduled_reply_is_mailed_when_due_without_a_window_to_undo(
    given: Given, mail: Mail, client: Client, clock: MovableClock
) -> None:
    await mail.begin()
    it = await given.conversation()
    thread = await given.thread(it, ThreadType.MESSAGE, draft=True)
    when = (clock.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    got = await client.put(
        f"/v2/conversations/{it}/threads/{thread}/schedule", json={"scheduledFor": when, "unscheduleOnCustomerReply": False}
    )
    assert got.status_code in (200, 201, 204), got.text
    assert await mail.queue() == []

    clock.move(timedelta(hours=3))
    await given.app.worker.run_due()

    sent = await mail.only()
    assert sent.thread_id == thread
    assert sent.due == sent.created_at


async def test_threading_headers_name_the_customers_message_and_the_way_there(given: Given, mail: Mail) -> None:
    await mail.begin(subject_tags=True, uses_plus=True)
    it = await given.conversation(subject="Parcel")
    first = await mail.reply(it)
    second = await mail.reply(it)

    one_, two = (each.letter for each in await mail.queue())
    assert one_.references == []
    assert two.in_reply_to == one_.message_id
    assert two.references == [one_.message_id]
    assert first < second
    assert two.subject == f"Re: Parcel [#{it}]"
    assert two.reply_to is not None
    assert two.reply_to.address.startswith(f"help+c.{it}.")


async def test_undo_makes_a_draft_again_and_the_same_reply_may_be_said_once_more(
    given: Given, mail: Mail, clock: MovableClock
) -> None:
    await mail.begin()
    it = await given.conversation(text="Where is it?")
    thread = await mail.reply(it)
    before = await mail.only()

    async with given.write(given.owner) as tx:
        await outgoing.undo(tx, before.id)

    assert (await mail.only()).state is OutgoingState.ENDED
    assert [each.state for each in await mail.deliveries(before.id)] == [DeliveryState.CANCELLED]
    async with given.read() as view:
        held = await one.get(view, it)
        assert (await one.thread(view, it, thread)).state is ThreadState.DRAFT
    assert (held.thread_count, held.latest_reply_from, held.preview) == (1, "customer", "Where is it?")

    async with given.write(given.owner) as tx:
        await threads.publish(tx, it, thread)
    again = await mail.only()
    assert again.id > before.id
    assert again.message_id == before.message_id

    clock.move(timedelta(seconds=11))
    with pytest.raises(Unmet):
        async with given.write(given.owner) as tx:
            await outgoing.undo(tx, again.id)


async def test_signature_and_template_are_filled_in_and_nothing_in_a_value_is_read_again(given: Given, mail: Mail) -> None:
    template = Template("", "<h1>{{customer.firstName, fallback=you}}</h1>{{message}}{{signature}}")
    await mail.begin(signature="<p>Yours, {{user.firstName}} of {{inbox.name}}</p>", templates={"reply": template})
    customer = await given.customer("pavel@mail.test", first="{{user.lastName}}<b>")
    await mail.reply(await given.conversation(customer=customer))

    letter = (await mail.only()).letter
    assert "<h1>{{user.lastName}}&lt;b&gt;</h1>" in letter.html
    assert "Yours, Ines of Help" in letter.html
    assert "\n-- \nYours, Ines of Help" in letter.text


async def test_an_address_that_is_none_fails_at_once_and_alone(given: Given, mail: Mail) -> None:
    await mail.begin()
    it = await given.conversation()
    await mail.reply(it, cc=["not an address"])

    sent = await mail.only()
    assert [each.state for each in await mail.deliveries(sent.id)] == [DeliveryState.WAITING, DeliveryState.FAILED]
    async with given.read() as view:
        newest = (await view.all(one.THREADS, conversation_id=it))[0]
    assert newest.action_text == "could not send a reply to not an address: not an address that mail can go to"


async def test_an_inbox_whose_domain_is_no_ascii_has_ids_that_are(given: Given, mail: Mail) -> None:
    async with given.write() as tx:
        inbox = await inboxes.create(tx, "Büro", "help@büro.test")
    await mail.begin(inbox)
    await mail.reply(await given.conversation(inbox=inbox))
    assert (await mail.only()).message_id.endswith("@xn--bro-hoa.test")
