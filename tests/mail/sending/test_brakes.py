"""Mail by itself: when it goes, and each brake that alone ends a loop (email rules 7.5, 7.6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import threads
from deskhand.conversations.operations.entries import Mailed, NewThread
from deskhand.kernel.storage.statements import param, write
from deskhand.mail.model import Kind, OutgoingKind
from deskhand.mail.operations import brakes, outgoing
from deskhand.mail.queries.alerts import FLOODS
from deskhand.mail.tables import mail_received
from deskhand.users import queries as users
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.mail.post import Post
from tests.mail.sending.conftest import Mail

SENDER = "pavel.lund@mail.test"
RECEIVED = ("inbox_id", "received_at", "due", "sender", "kind", "conversation_id")
GOT = write(
    insert(mail_received).values(
        {name: param(name) for name in RECEIVED}
        | {"door": "smtp", "recipients": [], "blob": "b", "size_bytes": 1, "state": "done", "attempts": 1}
    )
)


async def begin(given: Given, *, to: str = "pavel@mail.test", inbox: int | None = None) -> int:
    """A conversation that a customer began, asking for no answer yet."""
    return await given.conversation(customer=await given.customer(to), inbox=inbox)


async def why_hushed(given: Given) -> str | None:
    """Why who writes letters gets no automatic mail."""
    async with given.write() as tx:
        return await brakes.hushed(tx, SENDER)


async def answer(given: Given, conversation_id: int) -> str | None:
    """What the desk says when asked to answer by itself: why not, or None."""
    async with given.write() as tx:
        return await outgoing.auto_reply(tx, conversation_id)


async def got(given: Given, sender: str, *, times: int = 1, kind: Kind = Kind.LETTER, of: int | None = None) -> None:
    """Mail from a sender that came in just now."""
    async with given.write() as tx:
        for _ in range(times):
            values = {"inbox_id": given.inbox, "received_at": tx.instant, "due": tx.instant, "sender": sender}
            await tx.write(GOT, **values, kind=kind, conversation_id=of)


async def test_a_new_conversation_over_the_api_is_answered_if_asked_for(given: Given, mail: Mail, client: Client) -> None:
    await mail.begin(auto_reply=True, signature="<p>Yours, {{inbox.name}}</p>")
    body = {
        "subject": "Parcel",
        "type": "email",
        "mailboxId": given.inbox,
        "status": "active",
        "customer": {"email": "pavel@mail.test", "firstName": "Pavel"},
        "threads": [{"type": "customer", "customer": {"email": "pavel@mail.test"}, "text": "Where is it?"}],
    }
    assert (await client.post("/v2/conversations", json=body)).status_code == 201
    assert await mail.queue() == []
    clock_free = body | {"customer": {"email": "ona@mail.test"}, "autoReply": True}
    clock_free["threads"] = [{"type": "customer", "customer": {"email": "ona@mail.test"}, "text": "Where is it?"}]
    assert (await client.post("/v2/conversations", json=clock_free)).status_code == 201

    sent = await mail.only()
    assert sent.kind is OutgoingKind.AUTO_REPLY
    assert [each.address for each in sent.letter.to] == ["ona@mail.test"]
    assert sent.letter.subject == "Re: Parcel"
    assert sent.letter.is_automatic
    assert sent.letter.loop_mark
    assert sent.due == sent.created_at, "nobody clicked, so there is nothing to undo"
    assert "Hello and welcome," in sent.letter.text
    imported = clock_free | {"imported": True}
    assert (await client.post("/v2/conversations", json=imported)).status_code == 201
    note = clock_free | {"threads": [{"type": "note", "text": "x"}]}
    assert (await client.post("/v2/conversations", json=note)).status_code == 201
    assert len(await mail.queue()) == 1


async def test_an_inbox_that_answers_nothing_by_itself_does_not(given: Given, mail: Mail) -> None:
    await mail.begin()
    assert await answer(given, await begin(given)) == "the inbox answers nothing by itself"


async def test_one_answer_a_conversation(given: Given, mail: Mail, clock: MovableClock) -> None:
    await mail.begin(auto_reply=True)
    it = await begin(given)
    assert await answer(given, it) is None
    clock.move(timedelta(days=2))
    assert await answer(given, it) == "the conversation has had one"


async def test_one_answer_an_hour_and_five_a_day_for_a_sender(given: Given, mail: Mail, clock: MovableClock) -> None:
    await mail.begin(auto_reply=True)
    assert await answer(given, await begin(given)) is None
    assert await answer(given, await begin(given)) == "the sender has had 1 within an hour"
    for _ in range(4):
        clock.move(timedelta(minutes=61))
        assert await answer(given, await begin(given)) is None
    clock.move(timedelta(minutes=61))
    assert await answer(given, await begin(given)) == "the sender has had 5 within a day"
    clock.move(timedelta(hours=20))
    assert await answer(given, await begin(given)) is None


async def to_our_inbox(given: Given, mail: Mail) -> int:
    return await begin(given, to="help@desk.test")


async def to_another_inbox_of_ours(given: Given, mail: Mail) -> int:
    await mail.begin(await given.new_inbox("Sales"))
    return await begin(given, to="sales+anything@desk.test")


async def to_a_user(given: Given, mail: Mail) -> int:
    async with given.read() as view:
        user = await users.get(view, given.owner)
    return await begin(given, to=user.email or "")


async def to_nobody(given: Given, mail: Mail) -> int:
    return await begin(given, to="no-reply@shop.test")


async def to_a_daemon(given: Given, mail: Mail) -> int:
    return await begin(given, to="MAILER-DAEMON@shop.test")


async def to_a_machine(given: Given, mail: Mail) -> int:
    it = await begin(given, to="robot@mail.test")
    await got(given, "robot@mail.test", kind=Kind.AUTOMATIC, of=it)
    return it


async def to_who_was_hushed(given: Given, mail: Mail) -> int:
    async with given.write() as tx:
        await brakes.hush(tx, "Pavel@mail.test", "two hard bounces")
    return await begin(given)


MACHINES = {
    to_our_inbox: "it is an address of ours",
    to_another_inbox_of_ours: "it is an address of ours",
    to_a_user: "it is an address of ours",
    to_nobody: "nobody reads that address",
    to_a_daemon: "nobody reads that address",
    to_a_machine: "a machine wrote",
    to_who_was_hushed: "the address gets no automatic mail: two hard bounces",
}


async def test_nobody_is_answered_who_might_be_a_machine(given: Given, mail: Mail) -> None:
    await mail.begin(auto_reply=True)
    assert {each: await answer(given, await each(given, mail)) for each in MACHINES} == MACHINES
    assert await mail.queue() == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"In_Reply_To": "<1.letter@mail.test>"}, {"List_Id": "<news.mail.test>"}, {"Auto_Submitted": "auto-replied"}],
    ids=["questions", "answers", "of a list", "of a machine"],
)
@pytest.mark.parametrize("auto_reply", [True, False])
async def test_who_floods_is_left_alone_for_a_day_whatever_they_write(
    given: Given, mail: Mail, clock: MovableClock, headers: dict[str, Any], auto_reply: bool
) -> None:
    await mail.begin(auto_reply=auto_reply)
    post = Post(given, clock)
    for _ in range(brakes.FLOOD):
        await post.bring(**headers)
    assert await why_hushed(given) is None, "twenty are not too many"
    await post.bring(**headers)
    assert await why_hushed(given) == FLOODS
    clock.move(timedelta(hours=23))
    assert await why_hushed(given) == FLOODS
    clock.move(timedelta(hours=2))
    assert await why_hushed(given) is None


async def test_what_a_folder_has_held_for_years_is_no_flood(given: Given, mail: Mail, clock: MovableClock) -> None:
    await mail.begin()
    post = Post(given, clock)
    for _ in range(brakes.FLOOD + 2):
        await post.bring(Date="Mon, 2 Mar 2020 10:00:00 +0000")
    assert await why_hushed(given) is None


async def test_too_many_an_hour_stop_an_inbox_and_no_other(
    given: Given, mail: Mail, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert brakes.AUTOMATIC_AN_HOUR == 100
    monkeypatch.setattr(brakes, "AUTOMATIC_AN_HOUR", 5)
    await mail.begin(auto_reply=True)
    sales = await given.new_inbox("Sales")
    await mail.begin(sales, auto_reply=True)
    for number in range(5):
        assert await answer(given, await begin(given, to=f"c{number}@mail.test")) is None
    last = await begin(given, to="last@mail.test")
    assert await answer(given, last) == "the inbox has sent 5 automatic messages within an hour"
    assert await answer(given, await begin(given, to="other@mail.test", inbox=sales)) is None
    clock.move(timedelta(minutes=61))
    assert await answer(given, last) is None


async def test_a_person_may_still_write_to_who_gets_nothing_automatic(given: Given, mail: Mail) -> None:
    await mail.begin(auto_reply=True)
    await mail.reply(await to_who_was_hushed(given, mail))
    assert (await mail.only()).kind is OutgoingKind.REPLY


async def test_an_answer_of_a_machine_is_told_to_nobody(given: Given, mail: Mail) -> None:
    await mail.begin(notifies=True)
    it = await given.conversation(assign_to=given.owner)
    async with given.write() as tx:
        automatic = Mailed(blob="b", automatic=True)
        await threads.add(tx, it, NewThread(type=ThreadType.CUSTOMER, text="I am away.", mailed=automatic))
    assert await mail.queue() == []


async def test_a_flood_does_not_shorten_what_silences_us_for_ever(given: Given, mail: Mail, clock: MovableClock) -> None:
    await mail.begin(auto_reply=True)
    for reason, for_ in (("complained", None), ("a flood", timedelta(days=1))):
        async with given.write() as tx:
            await brakes.hush(tx, "pavel@mail.test", reason, for_=for_)
    await got(given, "pavel@mail.test", times=21)
    told = "the address gets no automatic mail: complained"
    assert await answer(given, await begin(given)) == told
    clock.move(timedelta(days=2))
    assert await answer(given, await begin(given)) == told


async def test_what_silences_us_for_longer_counts(given: Given, mail: Mail, clock: MovableClock) -> None:
    await mail.begin(auto_reply=True)
    for days in (1, 3):
        async with given.write() as tx:
            await brakes.hush(tx, "pavel@mail.test", f"{days} days", for_=timedelta(days=days))
    clock.move(timedelta(days=2))
    assert await answer(given, await begin(given)) == "the address gets no automatic mail: 3 days"
