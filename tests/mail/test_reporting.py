"""What machines tell of mail of ours: it came back, it waits, it arrived, nobody wants it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from msgspec import Struct
from sqlalchemy import select, update

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing
from deskhand.kernel.storage.statements import param, read, write
from deskhand.kernel.tables import events
from deskhand.mail.marks import plus
from deskhand.mail.model import DeliveryState, Kind, ReceivedState, Rule
from deskhand.mail.tables import mail_deliveries, mail_hushed, mail_outgoing
from tests.mail.post import ADDRESS, Post, Seen, letter

DAEMON = "Mail Delivery System <mailer-daemon@mx.test>"


class Delivery(Struct, frozen=True):
    """A delivery of a reply, and the id of its message."""

    id: int
    address: str
    state: DeliveryState
    is_hard: bool
    words: str | None
    message_id: str


DELIVERIES = read(
    select(
        mail_deliveries.c.id,
        mail_deliveries.c.address,
        mail_deliveries.c.state,
        mail_deliveries.c.is_hard,
        mail_deliveries.c.words,
        mail_outgoing.c.message_id,
    )
    .join_from(mail_deliveries, mail_outgoing, mail_outgoing.c.id == mail_deliveries.c.outgoing_id)
    .where(mail_outgoing.c.conversation_id == param("conversation_id"), mail_outgoing.c.kind == "reply")
    .order_by(mail_deliveries.c.id),
    Delivery,
)
SENT = write(update(mail_deliveries).values(state=DeliveryState.SENT.value, attempts=1))
FACTS = read(select(events.c.body).where(events.c.type == param("kind")), bytes)
HUSHED = read(select(mail_hushed.c.address), str)


async def deliveries(post: Post, conversation_id: int) -> list[Delivery]:
    async with post.given.read() as view:
        return await view.all(DELIVERIES, conversation_id=conversation_id)


async def replied(
    post: Post, *, cc: list[str] | None = None, sender: str = "pavel.lund@mail.test", sent: bool = True
) -> tuple[int, list[Delivery]]:
    """A conversation that was answered and closed; the answer has left."""
    first = await post.bring(sender=sender)
    conversation_id = first.conversation_id or 0
    async with post.given.client(post.given.owner) as client:
        body = {"text": "Here it is.", "customer": {"email": sender}, "cc": cc or [], "status": "closed"}
        assert (await client.post(f"/v2/conversations/{conversation_id}/reply", json=body)).status_code == 201
    if sent:
        async with post.given.write() as tx:
            await tx.write(SENT)
    return conversation_id, await deliveries(post, conversation_id)


def report(
    *, message_id: str, address: str, action: str = "failed", status: str = "5.1.1", diagnostic: str = "550 5.1.1 no such user"
) -> str:
    """The parts of a delivery status notification (RFC 3464)."""
    return (
        f"--r\nContent-Type: text/plain\n\nYour message to {address} had a problem.\n"
        "--r\nContent-Type: message/delivery-status\n\n"
        f"Reporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; {address}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: smtp; {diagnostic}\n"
        f"\n--r\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{message_id}>\nSubject: Re: Parcel\n\n--r--\n"
    )


def complaint(it: Delivery, *, more: str = "", of: str = "abuse", is_named: bool = True) -> str:
    """The parts of an abuse report (RFC 5965)."""
    more += f"Original-Rcpt-To: {it.address}\n" if is_named else ""
    return (
        "--r\nContent-Type: text/plain\n\nThis is an email abuse report.\n"
        f"--r\nContent-Type: message/feedback-report\n\nFeedback-Type: {of}\nUser-Agent: T/1\nVersion: 1\n"
        f"{more}\n--r\nContent-Type: message/rfc822\n\n"
        f"From: help@desk.test\nTo: {it.address}\nMessage-ID: <{it.message_id}>\nSubject: Re: Parcel\n\nHi\n--r--\n"
    )


async def reported(post: Post, *, to: str = ADDRESS, kind: str = "delivery-status", parts: str) -> Seen:
    headers = (
        f"From: {DAEMON}\nTo: {to}\nSubject: Delivery Status Notification\nMIME-Version: 1.0\nAuto-Submitted: auto-replied\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="r"\n\n'
    )
    return await post.bring((headers + parts).encode(), envelope={"envelope_from": ""})


async def test_what_came_back_is_noted_and_the_conversation_opened(post: Post) -> None:
    conversation_id, (it,) = await replied(post)

    seen = await reported(post, parts=report(message_id=it.message_id, address=it.address))

    (after,) = await deliveries(post, conversation_id)
    assert (seen.state, seen.kind, seen.rule, seen.conversation_id) == (
        ReceivedState.DONE,
        Kind.BOUNCE,
        Rule.REPORT,
        conversation_id,
    )
    assert (after.state, after.is_hard) == (DeliveryState.FAILED, True)
    assert "no such user" in (after.words or "")
    assert (await post.conversation(seen)).status is Status.ACTIVE
    lines = [each.action_text for each in await post.threads(seen) if each.type is ThreadType.LINE_ITEM]
    assert any("no such user" in (each or "") for each in lines)


async def test_it_is_told_once(post: Post) -> None:
    conversation_id, (it,) = await replied(post)
    await reported(post, parts=report(message_id=it.message_id, address=it.address))
    async with post.given.client(post.given.owner) as client:
        await client.patch(f"/v2/conversations/{conversation_id}", json={"op": "replace", "path": "/status", "value": "closed"})
    again = await reported(post, parts=report(message_id=it.message_id, address=it.address, diagnostic="550 still"))
    assert (await post.conversation(again)).status is Status.CLOSED


async def test_by_the_address_that_only_this_delivery_had(post: Post) -> None:
    await post.want(uses_plus=True)
    conversation_id, (one, two) = await replied(post, cc=["boss@mail.test"])
    address = plus(ADDRESS, post.marks.envelope_token(post.given.inbox, two.id))

    await reported(post, to=address, parts=report(message_id="lost@elsewhere.test", address="forwarded@else.test"))

    states = {each.address: each.state for each in await deliveries(post, conversation_id)}
    assert states == {one.address: DeliveryState.SENT, two.address: DeliveryState.FAILED}


async def test_of_several_recipients_the_one_that_is_named(post: Post) -> None:
    conversation_id, (one, two) = await replied(post, cc=["boss@mail.test"])
    await reported(post, parts=report(message_id=one.message_id, address="BOSS@mail.test"))
    states = {each.address: each.state for each in await deliveries(post, conversation_id)}
    assert states == {one.address: DeliveryState.SENT, two.address: DeliveryState.FAILED}


async def test_a_message_that_fails_for_several_opens_its_conversation_once(post: Post) -> None:
    conversation_id, (one, two) = await replied(post, cc=["boss@mail.test"])
    seen = await reported(post, parts=report(message_id=one.message_id, address=one.address))
    assert (await post.conversation(seen)).status is Status.ACTIVE
    async with post.given.write(post.given.owner) as tx:
        await changing.set_status(tx, conversation_id, Status.CLOSED)
    seen = await reported(post, parts=report(message_id=one.message_id, address=two.address, diagnostic="550 5.1.1 gone"))
    assert (await post.conversation(seen)).status is Status.CLOSED
    assert {each.state for each in await deliveries(post, conversation_id)} == {DeliveryState.FAILED}


@pytest.mark.parametrize(
    ("action", "status", "state"),
    [("delayed", "4.4.7", DeliveryState.SENT), ("delivered", "2.0.0", DeliveryState.DELIVERED)],
)
async def test_other_news(post: Post, action: str, status: str, state: DeliveryState) -> None:
    conversation_id, (it,) = await replied(post)
    seen = await reported(
        post, parts=report(message_id=it.message_id, address=it.address, action=action, status=status, diagnostic="250 fine")
    )
    (after,) = await deliveries(post, conversation_id)
    assert (after.state, seen.kind) == (state, Kind.BOUNCE)
    assert (await post.conversation(seen)).status is Status.CLOSED


async def test_a_report_about_nothing_we_know_waits_for_a_person(post: Post) -> None:
    seen = await reported(post, parts=report(message_id="a@elsewhere.test", address="b@else.test"))
    assert (seen.state, seen.kind, seen.conversation_id) == (ReceivedState.HELD, Kind.BOUNCE, None)


async def test_a_forged_address_places_nothing(post: Post) -> None:
    await post.want(uses_plus=True)
    conversation_id, (it,) = await replied(post)
    address = plus(ADDRESS, f"b.{it.id}.aaaaaaaaaaaaaaaa")
    seen = await reported(post, to=address, parts=report(message_id="x@else.test", address=it.address))
    (after,) = await deliveries(post, conversation_id)
    assert (seen.state, after.state) == (ReceivedState.HELD, DeliveryState.SENT)


async def told(post: Post, it: Seen) -> list[str]:
    return [each.action_text or "" for each in await post.threads(it) if each.type is ThreadType.LINE_ITEM]


async def test_where_return_addresses_prove_a_report_without_one_is_only_told(post: Post) -> None:
    await post.want(uses_plus=True)
    conversation_id, (it,) = await replied(post)

    for number in range(2):
        seen = await reported(post, parts=report(message_id=it.message_id, address=it.address, diagnostic=f"550 {number}"))

    (after,) = await deliveries(post, conversation_id)
    assert (seen.kind, seen.conversation_id, after.state) == (Kind.BOUNCE, conversation_id, DeliveryState.SENT)
    assert seen.reason == "could not be verified"
    assert (await post.conversation(seen)).status is Status.CLOSED
    assert len([each for each in await told(post, seen) if "could not be verified" in each and it.address in each]) == 1


async def test_a_report_without_a_proof_is_one_line_however_much_it_reports(post: Post) -> None:
    await post.want(uses_plus=True)
    _, (it,) = await replied(post)
    block = f"\nFinal-Recipient: rfc822; {it.address}\nAction: failed\nStatus: 5.1.1\n"
    parts = report(message_id=it.message_id, address=it.address).replace("Reporting-MTA: dns; mx.test\n", f"\\g{block * 9}", 1)

    seen = await reported(post, parts=parts.replace("\\g", "Reporting-MTA: dns; mx.test\n"))

    assert len([each for each in await told(post, seen) if "could not be verified" in each]) == 1


async def test_there_a_complaint_counts_by_the_address_that_the_mail_came_from(post: Post) -> None:
    await post.want(uses_plus=True)
    _, (it,) = await replied(post)
    ours = plus(ADDRESS, post.marks.envelope_token(post.given.inbox, it.id))

    await reported(post, kind="feedback-report", parts=complaint(it))
    async with post.given.read() as view:
        assert await view.all(HUSHED) == []
    await reported(post, kind="feedback-report", parts=complaint(it, more=f"Original-Mail-From: <{ours}>\n"))
    async with post.given.read() as view:
        assert await view.all(HUSHED) == [it.address]


async def test_what_came_back_to_another_address_counts_by_its_return_path(post: Post) -> None:
    await post.want(uses_plus=True)
    conversation_id, (it,) = await replied(post)
    ours = plus(ADDRESS, post.marks.envelope_token(post.given.inbox, it.id))
    parts = report(message_id=it.message_id, address=it.address).replace("\nMessage-ID", f"\nReturn-Path: <{ours}>\nMessage-ID")
    await reported(post, parts=parts)
    (after,) = await deliveries(post, conversation_id)
    assert after.state is DeliveryState.FAILED


async def test_two_hard_bounces_in_a_week_end_automatic_mail(post: Post) -> None:
    for _ in range(2):
        async with post.given.read() as view:
            assert await view.all(HUSHED) == []
        _, (it,) = await replied(post)
        await reported(post, parts=report(message_id=it.message_id, address=it.address))
        post.clock.move(timedelta(days=1))
    async with post.given.read() as view:
        assert await view.all(HUSHED) == ["pavel.lund@mail.test"]


@pytest.mark.parametrize("is_named", [True, False], ids=["by name", "name withheld"])
async def test_a_complaint_ends_automatic_mail(post: Post, is_named: bool) -> None:
    _, (it,) = await replied(post)
    seen = await reported(post, kind="feedback-report", parts=complaint(it, is_named=is_named))
    assert (seen.kind, seen.state) == (Kind.COMPLAINT, ReceivedState.DONE)
    async with post.given.read() as view:
        assert await view.all(HUSHED) == [it.address]


@pytest.mark.parametrize("of", ["not-spam", "Auth-Failure"])
async def test_a_report_of_another_kind_is_no_complaint(post: Post, of: str) -> None:
    _, (it,) = await replied(post)
    seen = await reported(post, kind="feedback-report", parts=complaint(it, of=of))
    assert seen.state is ReceivedState.DONE
    async with post.given.read() as view:
        assert await view.all(HUSHED) == []


async def test_a_complaint_of_one_of_several_that_names_nobody_waits_for_a_person(post: Post) -> None:
    _, (it, _) = await replied(post, cc=["ona@mail.test"])
    seen = await reported(post, kind="feedback-report", parts=complaint(it, is_named=False))
    assert (seen.state, seen.kind) == (ReceivedState.HELD, Kind.COMPLAINT)
    async with post.given.read() as view:
        assert await view.all(HUSHED) == []


async def test_a_receipt_is_an_event_and_no_more(post: Post) -> None:
    conversation_id, (it,) = await replied(post)
    parts = (
        "--r\nContent-Type: text/plain\n\nIt was displayed.\n--r\nContent-Type: message/disposition-notification\n\n"
        f"Final-Recipient: rfc822; {it.address}\nOriginal-Message-ID: <{it.message_id}>\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n\n--r--\n"
    )
    seen = await reported(post, kind="disposition-notification", parts=parts)
    assert (seen.kind, seen.state, seen.conversation_id) == (Kind.RECEIPT, ReceivedState.DONE, conversation_id)
    async with post.given.read() as view:
        (told,) = await view.all(FACTS, kind="ReceiptCame")
    fact = msgspec.json.decode(told)
    assert (fact["delivery_id"], fact["disposition"]) == (it.id, "displayed")
    (after,) = await deliveries(post, conversation_id)
    assert (after.state, (await post.conversation(seen)).status) == (DeliveryState.SENT, Status.CLOSED)


async def test_an_answer_that_talks_of_bounces_is_a_letter(post: Post) -> None:
    seen = await post.bring(letter(subject="Undelivered parcel", text="The delivery failed: user unknown at this door.\n"))
    assert seen.kind is Kind.LETTER


async def test_a_delay_elsewhere_is_told_and_sends_nothing_again(post: Post) -> None:
    conversation_id, (it,) = await replied(post)
    parts = report(message_id=it.message_id, address=it.address, action="delayed", status="4.4.7", diagnostic="451 busy")
    await reported(post, parts=parts)
    (after,) = await deliveries(post, conversation_id)
    assert (after.state, "busy" in (after.words or "")) == (DeliveryState.SENT, True)


async def test_nobody_can_report_what_has_not_left_yet(post: Post) -> None:
    conversation_id, (it,) = await replied(post, sent=False)
    await reported(post, parts=report(message_id=it.message_id, address=it.address))
    (after,) = await deliveries(post, conversation_id)
    assert after.state is DeliveryState.WAITING
