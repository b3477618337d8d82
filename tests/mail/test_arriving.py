"""A letter becomes part of a conversation."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from msgspec import Struct
from sqlalchemy import select

from deskhand.conversations.model import ConversationType, Status, ThreadType, Via
from deskhand.conversations.queries import one
from deskhand.kernel.errors import NotFound, Unavailable, Unmet
from deskhand.kernel.storage.statements import read
from deskhand.mail.analysing.digest import digest
from deskhand.mail.analysing.model import Asked
from deskhand.mail.model import HEADER_ONLY, Door, Kind, Outgoing, Party, ReceivedState, Rule
from deskhand.mail.operations import claiming, holding
from deskhand.mail.operations.noting import LOCK, Received, hold
from deskhand.mail.processing import AT_ONCE, Processor
from deskhand.mail.queries import held as queries
from deskhand.mail.tables import mail_outgoing
from tests.mail.corpus import cases
from tests.mail.post import ADDRESS, Here, Post, Seen, letter, words


class Frozen(Struct):
    """A reply as it leaves."""

    letter: Outgoing


LETTERS = read(select(mail_outgoing.c.letter).where(mail_outgoing.c.kind == "reply").order_by(mail_outgoing.c.id), Frozen)


async def test_a_letter_begins_a_conversation(post: Post) -> None:
    seen = await post.bring()

    assert (seen.state, seen.kind, seen.rule) == (ReceivedState.DONE, Kind.LETTER, Rule.NONE)
    conversation, thread = await post.conversation(seen), await post.thread(seen)
    assert conversation.subject == "Parcel never left the depot"
    assert (conversation.type, conversation.status) == (ConversationType.EMAIL, Status.ACTIVE)
    assert (conversation.source_type, conversation.source_via) == ("email", Via.CUSTOMER)
    assert (conversation.customer_first, conversation.customer_last) == ("Pavel", "Lund")
    assert conversation.customer_email == "pavel.lund@mail.test"
    assert (thread.type, thread.source_type) == (ThreadType.CUSTOMER, "email")
    assert words(thread.body) == "Hello, the tracking page has not moved."
    assert thread.to == ["help@desk.test"]


async def test_the_original_is_one_call_away(post: Post) -> None:
    raw = letter(Message_ID="<a@mail.test>")
    seen = await post.bring(raw)

    async with post.given.client(post.given.owner) as client:
        path = f"/v2/conversations/{seen.conversation_id}/threads/{seen.thread_id}/original-source"
        assert (await client.get(path, headers={"Accept": "message/rfc822"})).content == raw


async def test_the_same_letter_twice_is_one(post: Post) -> None:
    first = await post.bring(letter(Message_ID="<a@mail.test>"))
    again = await post.bring(letter(Message_ID="<a@mail.test>", Received="from another way"))

    assert again.kind is Kind.DUPLICATE
    assert (again.conversation_id, again.thread_id) == (first.conversation_id, first.thread_id)
    assert len(await post.threads(first)) == 1


async def test_an_id_used_again_for_something_else_is_another_letter(post: Post) -> None:
    first = await post.bring(letter(Message_ID="<a@mail.test>"))
    other = await post.bring(letter(Message_ID="<a@mail.test>", text="And another thing.\n"))

    assert other.kind is Kind.LETTER
    assert other.thread_id != first.thread_id


async def test_a_letter_without_an_id_comes_once(post: Post) -> None:
    raw = letter()
    first = await post.bring(raw)
    again = await post.bring(raw)

    assert (first.kind, again.kind) == (Kind.LETTER, Kind.DUPLICATE)


async def test_one_letter_to_two_inboxes_is_two_conversations(post: Post) -> None:
    sales = await post.given.new_inbox("Sales")
    await post.connect(sales, "sales@desk.test")
    raw = letter(Message_ID="<a@mail.test>", to="help@desk.test, sales@desk.test")

    one, two = await post.bring(raw), await post.bring(raw, inbox=sales)

    assert one.conversation_id != two.conversation_id
    assert (one.kind, two.kind) == (Kind.LETTER, Kind.LETTER)


async def test_pictures_of_the_text_are_shown_from_here(post: Post) -> None:
    raw = (
        b"From: a@b.test\nTo: help@desk.test\nMessage-ID: <p@b.test>\nSubject: Look\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/related; boundary="r"\n\n--r\nContent-Type: text/html\n\n'
        b'<html><head><style>p{}</style></head><body class="x"><p>See <img src="cid:pic@x"></p></body></html>\n'
        b"--r\nContent-Type: image/png; name=pic.png\nContent-ID: <pic@x>\nContent-Transfer-Encoding: base64\n\n"
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==\n--r--\n"
    )
    seen = await post.bring(raw)

    async with post.given.client(post.given.owner) as client:
        (thread,) = (await client.get(f"/v2/conversations/{seen.conversation_id}/threads")).json()["_embedded"]["threads"]
        (file,) = thread["_embedded"]["attachments"]
        web = file["_links"]["web"]["href"]
        assert thread["body"].strip() == f'<p>See <img src="{web}"></p>'
        assert (file["width"], file["height"], file["mimeType"]) == (1, 1, "image/png")
        assert (await client.get(web)).content[:4] == b"\x89PNG"


async def test_an_erased_conversation_leaves_no_mail_behind(post: Post) -> None:
    raw = letter(Message_ID="<a@mail.test>")
    seen = await post.bring(raw)
    again = await post.bring(raw + b"\n")
    sales = await post.given.new_inbox("Sales")
    await post.connect(sales, "sales@desk.test")
    held = await post.bring(letter(sender="") + raw, inbox=sales)
    conversation = await post.conversation(seen)
    async with post.given.client(post.given.owner) as client:
        assert (await client.delete(f"/v2/customers/{conversation.customer_id}")).status_code == 204
    post.clock.move(timedelta(days=3))
    await post.given.app.worker.run_due()

    for each, content in ((seen, raw), (again, raw + b"\n")):
        assert (await post.seen(each.id)).conversation_id is None
        with pytest.raises(NotFound):
            await post.desk.blobs.get(hashlib.sha256(content).hexdigest())
    assert (await post.seen(held.id)).id == held.id
    back = await post.bring(raw)
    assert (back.kind, back.conversation_id) == (Kind.DUPLICATE, None), "a folder that is read anew does not bring it back"
    async with post.given.read() as view:
        told = await queries.find(view, back.id)
    assert (told.sender, told.subject, told.blob) == (None, None, ""), "nor who wrote it about what"


async def test_an_erased_customer_leaves_no_held_mail_behind(post: Post) -> None:
    sent = await post.bring(sender="a@x.test")
    raw = letter(Message_ID="<a@mail.test>", sender="A@x.test", subject="My secret")
    held, twice = await post.take(raw), await post.take(raw + b"\n")
    other = await post.take(letter(sender="b@x.test"), reason="somebody is to look")
    async with post.given.write() as tx:
        for each in (held, twice):
            await hold(tx, await tx.one(LOCK, ids=[each]), "somebody is to look", digest(raw, Asked(blob=""), str))
    unread = await post.take(letter(subject="Unread", sender="A@x.test"), reason="only its header")
    async with post.given.client(post.given.owner) as client:
        await client.delete(f"/v2/customers/{(await post.conversation(sent)).customer_id}")
    post.clock.move(timedelta(days=3))
    await post.given.app.worker.run_due()

    async with post.given.read() as view:
        gone = [await queries.find(view, each) for each in (held, twice, unread)]
        assert (await queries.find(view, other)).state is ReceivedState.HELD
    assert {(each.state, each.sender, each.subject, each.envelope_from, each.reason, each.blob) for each in gone} == {
        (ReceivedState.DONE, None, None, None, None, "")
    }
    with pytest.raises(NotFound):
        await post.desk.blobs.get(hashlib.sha256(raw).hexdigest())
    back = await post.bring(raw)
    assert (back.kind, back.conversation_id) == (Kind.DUPLICATE, None)


async def test_a_file_that_is_still_a_message_elsewhere_stays(post: Post) -> None:
    raw = letter(Message_ID="<a@mail.test>", sender="a@x.test", Reply_To="b@x.test")
    seen = await post.bring(raw)
    sales = await post.given.new_inbox("Sales")
    await post.connect(sales, "sales@desk.test", reply_to_is_customer=True)
    elsewhere = await post.bring(raw, inbox=sales)
    conversation = await post.conversation(seen)
    async with post.given.client(post.given.owner) as client:
        await client.delete(f"/v2/customers/{conversation.customer_id}")
    post.clock.move(timedelta(days=3))
    await post.given.app.worker.run_due()

    assert (await post.conversation(await post.seen(elsewhere.id))).customer_email == "b@x.test"
    assert await post.desk.blobs.get(hashlib.sha256(raw).hexdigest()) == raw


async def test_what_is_held_can_be_let_go_or_taken_as_it_is(post: Post) -> None:
    held = [await post.bring(letter(sender="", Message_ID="<a@mail.test>")) for _ in range(3)]
    assert [each.state for each in held] == [ReceivedState.HELD] * 3
    async with post.given.write() as tx:
        await holding.drop(tx, held[0].id)
        await holding.drop(tx, held[1].id)
        await holding.retry(tx, held[2].id, as_is=True)
    await post.look()

    dropped, taken = await post.seen(held[0].id), await post.seen(held[2].id)
    assert (dropped.kind, dropped.conversation_id) == (Kind.DROPPED, None)
    assert (taken.state, (await post.conversation(taken)).customer_first) == (ReceivedState.DONE, "Unknown sender")
    assert words((await post.thread(taken)).body) == "Hello, the tracking page has not moved."


async def test_what_nobody_can_read_is_taken_as_a_file(post: Post) -> None:
    raw = letter(Message_ID="<a@mail.test>")
    received_id = await post.take(raw, envelope_from="eve@mail.test")
    blob = post.desk.settings.blob_folder / hashlib.sha256(raw).hexdigest()[:2] / hashlib.sha256(raw).hexdigest()[2:]
    blob.rename(blob.with_suffix(".away"))
    await post.look()
    assert (await post.seen(received_id)).state is ReceivedState.HELD

    async with post.given.write() as tx:
        await holding.retry(tx, received_id, as_is=True)
    await post.look()

    seen = await post.seen(received_id)
    assert (await post.conversation(seen)).customer_email == "eve@mail.test"
    assert "could not be read" in words((await post.thread(seen)).body)


async def test_what_is_too_long_for_an_index_holds_up_nobody(post: Post) -> None:
    noise = "".join(hashlib.sha256(str(number).encode()).hexdigest() for number in range(150))
    long = await post.take(letter(sender=f"{noise}@x.test", Message_ID="<long@x.test>"))
    ids = await post.take(letter(Message_ID=f"<{noise[:800]}@x.test>", References=f"<{'見' * 800}@x.test>"))
    fine = await post.take(letter(Message_ID="<fine@mail.test>"))
    await post.look()
    assert [(await post.seen(each)).state for each in (long, ids, fine)] == [
        ReceivedState.HELD,
        ReceivedState.DONE,
        ReceivedState.DONE,
    ]


async def test_what_somebody_else_has_placed_is_not_held(post: Post) -> None:
    seen = await post.bring()
    async with post.given.write() as tx:
        received = Received(seen.id, post.given.inbox, Door.IMAP, None, [], None, "", 0, tx.instant, 1)
        await hold(tx, received, "it takes too long")
    assert (await post.seen(seen.id)).state is ReceivedState.DONE


async def test_a_contact_form_writes_for_somebody(post: Post) -> None:
    form: dict[str, Any] = {"sender": "Shop <form@shop.test>", "Reply_To": "Mia Kern <mia@mail.test>"}
    plain = await post.bring(**form)
    conversation = await post.conversation(plain)
    assert (conversation.customer_email, conversation.cc) == ("form@shop.test", [])
    await post.want(reply_to_is_customer=True)
    wanted = await post.conversation(await post.bring(**form))
    assert (wanted.customer_email, wanted.customer_first) == ("mia@mail.test", "Mia")


async def replied(post: Post, it: Seen, **more: Any) -> list[Party]:
    """Whom a reply of an agent is mailed to."""
    async with post.given.client(post.given.owner) as client:
        body = {"text": "Here it is.", "customer": {"email": "pavel.lund@mail.test"}} | more
        assert (await client.post(f"/v2/conversations/{it.conversation_id}/reply", json=body)).status_code == 201
    async with post.given.read() as view:
        letters = await view.all(LETTERS)
    return [*letters[-1].letter.to, *letters[-1].letter.cc]


async def test_answers_go_where_they_were_asked_for_and_to_nobody_else(post: Post) -> None:
    first = await post.bring(Reply_To="Mia <mia@shop.test>", Cc="boss@mail.test")
    lines = [each.action_text for each in await post.threads(first) if each.type is ThreadType.LINE_ITEM]
    assert lines == ["noticed that pavel.lund@mail.test asks for answers to mia@shop.test: replies go there"]
    assert (await post.conversation(first)).customer_email == "pavel.lund@mail.test"
    told = await replied(post, first, cc=["boss@mail.test"])
    assert [(each.name, each.address) for each in told] == [("Pavel Lund", "mia@shop.test"), ("", "boss@mail.test")]

    same: dict[str, Any] = {"In_Reply_To": "<1.letter@mail.test>", "subject": "Re: Parcel never left the depot"}
    await post.bring(sender="mia@shop.test", **same)
    await post.bring(Reply_To="mia@shop.test", **same)
    assert sum(each.type is ThreadType.LINE_ITEM for each in await post.threads(first)) == 1, "no stranger, and told once"
    await post.bring(**same)
    assert [each.address for each in await replied(post, first)] == ["pavel.lund@mail.test"], "the last letter counts"


@pytest.mark.parametrize(
    "of",
    [
        {"Reply_To": ADDRESS},
        {"Reply_To": "mia"},
        {"Reply_To": "x@evil.test", "Authentication_Results": "mx.desk.test; dmarc=fail (p=none) header.from=mail.test"},
    ],
    ids=["ours", "no address", "forged"],
)
async def test_answers_go_to_who_wrote_where_that_cannot_be(post: Post, of: dict[str, Any]) -> None:
    await post.want(trusted_servers=["mx.desk.test"])
    assert [each.address for each in await replied(post, await post.bring(**of))] == ["pavel.lund@mail.test"]


@pytest.mark.parametrize("is_proved", [False, True])
async def test_another_address_of_the_same_domain_is_told_unless_the_domain_vouches_for_it(post: Post, is_proved: bool) -> None:
    await post.want(trusted_servers=["mx.desk.test"] if is_proved else [])
    told = "mx.desk.test; dkim=pass header.d=mail.test; dmarc=pass header.from=mail.test"
    seen = await post.bring(Reply_To="mallory@mail.test", Authentication_Results=told)
    lines = [each.action_text for each in await post.threads(seen) if each.type is ThreadType.LINE_ITEM]
    asked = "noticed that pavel.lund@mail.test asks for answers to mallory@mail.test: replies go there"
    assert lines == ([] if is_proved else [asked])


async def test_a_stranger_does_not_turn_answers_away(post: Post) -> None:
    first = await post.bring()
    await post.bring(sender="eve@x.test", Reply_To="eve@y.test", In_Reply_To="<1.letter@mail.test>")
    assert [each.address for each in await replied(post, first)] == ["pavel.lund@mail.test"]


@pytest.mark.parametrize(
    ("of", "answers"),
    [
        ({}, True),
        ({"Date": "Sat, 24 Jan 2015 10:00:00 +0000"}, False),
        ({"Authentication_Results": "mx.desk.test; dmarc=fail (p=quarantine) header.from=mail.test"}, False),
        ({"Precedence": "bulk"}, False),
    ],
    ids=["a letter", "of years ago", "forged", "bulk"],
)
async def test_who_is_answered_at_once(post: Post, of: dict[str, Any], answers: bool) -> None:
    await post.want(auto_reply=True, trusted_servers=["mx.desk.test"])
    now = format_datetime(post.clock.now())
    seen = await post.bring(**{"Date": now} | of)
    async with post.given.read() as view:
        found = await view.all(read(select(mail_outgoing.c.id).where(mail_outgoing.c.kind == "auto-reply"), int))
    assert (len(found) == 1) is answers, seen


async def test_a_header_alone_is_not_looked_at_as_if_it_were_all(post: Post) -> None:
    held = await post.take(letter(text=""), reason=f"60.0 MB are more than the limit: {HEADER_ONLY}")
    async with post.given.write() as tx:
        assert await holding.retry_all(tx) == []
        with pytest.raises(Unmet, match="header"):
            await holding.retry(tx, held)
        await holding.retry(tx, held, as_is=True)


async def test_a_database_that_is_away_for_a_moment_leaves_no_inbox_behind(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    received_id = await post.take(letter())

    async def away(*_: object) -> None:
        raise Unavailable("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(claiming, "share", away)
        with pytest.raises(Unavailable):
            await post.processor.run_due()
    other = Processor(post.desk, pool=Here(post.desk.settings.blob_folder))
    await other.run_due()

    assert (await post.seen(received_id)).state is ReceivedState.DONE


async def test_more_than_a_share_is_placed_in_order(post: Post) -> None:
    looking = Processor(post.desk, pool=Here(post.desk.settings.blob_folder))
    first: dict[str, Any] = {"Message_ID": "<0@mail.test>"}
    answers: list[dict[str, Any]] = [
        {"Message_ID": f"<{each}@mail.test>", "In_Reply_To": f"<{each - 1}@mail.test>"} for each in range(1, AT_ONCE + 3)
    ]
    ids = [await post.take(letter(**each)) for each in (first, *answers)]

    assert await looking.run_due() == len(ids)

    placed = [await post.seen(each) for each in ids]
    assert {each.conversation_id for each in placed} == {placed[0].conversation_id}
    threads = [each.thread_id or 0 for each in placed]
    assert threads == sorted(threads)


async def test_what_outlook_wrapped_is_attached_beside_the_wrapping(post: Post) -> None:
    (case,) = (each for each in cases() if each.id == "tnef/tnefparse/two-files.tnef")
    seen = await post.bring(letter(files={"winmail.dat": case.raw}))  # sent as bytes of no type
    thread = await post.thread(seen)
    async with post.given.read() as view:
        files = (await one.attachments_of(view, [thread]))[thread.id]
    assert [each.filename for each in files] == ["winmail.dat", "AUTHORS", "README"]
