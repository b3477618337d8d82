"""Who speaks: customers, strangers, those who work here, machines, and those who only say so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from sqlalchemy import select

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing
from deskhand.kernel.storage.statements import read
from deskhand.mail.marks import plus
from deskhand.mail.model import Door, Kind, ReceivedState, Rule
from deskhand.mail.queries.letters import ASKED
from deskhand.mail.tables import mail_deliveries, mail_outgoing
from tests.mail.post import ADDRESS, Post, Seen, letter, words

PASS = "mx.desk.test; dmarc=pass header.from=desk.test; dkim=pass header.d=desk.test"
TOLD = read(
    select(mail_deliveries.c.address)
    .join_from(mail_deliveries, mail_outgoing, mail_outgoing.c.id == mail_deliveries.c.outgoing_id)
    .where(mail_outgoing.c.kind == "notification"),
    str,
)
FAIL = "mx.desk.test; dmarc=fail (p=reject) header.from=desk.test; dkim=none"


@pytest.fixture
async def agent(post: Post) -> int:
    """Somebody who works in an inbox that believes its server."""
    agent = await post.given.user("Ona", "Bell")
    await post.given.grant(post.given.inbox, agent)
    await post.want(trusted_servers=["mx.desk.test"])
    return agent


async def email(post: Post, user_id: int) -> str:
    async with post.given.client(post.given.owner) as client:
        return str((await client.get(f"/v2/users/{user_id}")).json()["email"])


async def answered(post: Post, first: Seen, agent: int, **of: Any) -> Seen:
    """The agent answers what was mailed to them."""
    token = post.marks.user_token(post.given.inbox, agent, first.conversation_id or 0)
    given: dict[str, Any] = {
        "sender": f"Ona Bell <{await email(post, agent)}>",
        "to": plus(ADDRESS, token),
        "text": "We look into it.\n\nOn Mon, 23 Nov 2026 at 10:00, Help <help@desk.test> wrote:\n> the question\n",
        "Date": format_datetime(post.clock.now()),
        "Authentication_Results": PASS,
    }
    return await post.bring(**given | of)


async def test_an_agent_answers_by_mail(post: Post, agent: int) -> None:
    first = await post.bring()
    seen = await answered(post, first, agent)

    thread = await post.thread(seen)
    assert (seen.kind, thread.type, thread.created_by_user_id) == (Kind.AGENT, ThreadType.MESSAGE, agent)
    assert words(thread.body) == "We look into it.", "what they quote stays with us"
    assert thread.to == ["pavel.lund@mail.test"]


@pytest.mark.parametrize(
    "lacking",
    [
        {"Authentication_Results": ""},
        {"Authentication_Results": FAIL},
        {"Authentication_Results": PASS.replace("mx.desk.test", "mx.elsewhere.test")},
        {"Date": format_datetime(datetime(2026, 1, 1, tzinfo=UTC))},
        {"Auto_Submitted": "auto-replied"},
    ],
    ids=["nobody looked", "dmarc failed", "a server we do not trust", "too old", "automatic"],
)
async def test_without_proof_it_is_a_note(post: Post, agent: int, lacking: dict[str, str]) -> None:
    first = await post.bring()
    seen = await answered(post, first, agent, **lacking)

    if lacking.get("Authentication_Results") == FAIL:
        assert (await post.conversation(seen)).status is Status.SPAM, "their own domain wants it refused"
        return
    thread = await post.thread(seen)
    assert (seen.conversation_id, thread.type) == (first.conversation_id, ThreadType.NOTE)
    assert "could not verify" in words(thread.body)
    async with post.given.read() as view:
        told = [] if "Auto_Submitted" in lacking else [await email(post, agent)]
        assert await view.all(TOLD) == told


NOTIFIED = """-- reply above this line --
Kim added a note:
INTERNAL: he is a crook
"""


@pytest.mark.parametrize(
    "text",
    [NOTIFIED, f"On Mon, 23 Nov 2026 at 10:00, Help <help@desk.test> wrote:\n> {NOTIFIED}", f"{NOTIFIED}\nWe look into it."],
)
async def test_only_an_agents_own_words_go_out(post: Post, agent: int, text: str) -> None:
    first = await post.bring()
    seen = await answered(post, first, agent, text=text)
    assert (await post.thread(seen)).type is ThreadType.NOTE


async def test_who_no_longer_works_there_speaks_no_more(post: Post, agent: int) -> None:
    first = await post.bring()
    elsewhere = await post.given.new_inbox("Elsewhere")
    async with post.given.write() as tx:
        await changing.move(tx, first.conversation_id or 0, elsewhere)
    seen = await answered(post, first, agent)
    assert (await post.thread(seen)).type is ThreadType.CUSTOMER


async def test_a_forger_puts_nobody_in_copy(post: Post) -> None:
    await post.want(trusted_servers=["mx.desk.test"])
    first = await post.bring(Message_ID="<first@mail.test>")
    fail = "mx.desk.test; dmarc=fail (p=quarantine) header.from=mail.test"
    seen = await post.bring(In_Reply_To="<first@mail.test>", Cc="evil@x.test", Authentication_Results=fail)
    assert (seen.conversation_id, (await post.conversation(first)).cc) == (first.conversation_id, [])


async def test_anothers_token_does_not_let_one_speak(post: Post, agent: int) -> None:
    other = await post.given.user("Kim", "Lee")
    first = await post.bring()
    token = post.marks.user_token(post.given.inbox, other, first.conversation_id or 0)
    seen = await answered(post, first, agent, to=plus(ADDRESS, token))
    assert (await post.thread(seen)).type is ThreadType.NOTE


async def test_a_customers_token_does_not_make_an_agent_speak(post: Post, agent: int) -> None:
    first = await post.bring()
    token = post.marks.reply_token(post.given.inbox, first.conversation_id or 0)
    seen = await answered(post, first, agent, to=plus(ADDRESS, token))
    assert (await post.thread(seen)).type is ThreadType.NOTE


async def test_a_token_of_an_agent_does_not_make_a_customer_one(post: Post, agent: int) -> None:
    first = await post.bring()
    seen = await answered(post, first, agent, sender="pavel.lund@mail.test")
    assert (await post.thread(seen)).type is ThreadType.CUSTOMER


async def test_who_works_here_may_ask_like_anybody(post: Post, agent: int) -> None:
    seen = await post.bring(sender=await email(post, agent), Authentication_Results=PASS)
    thread = await post.thread(seen)
    assert thread.type is ThreadType.CUSTOMER
    again = await post.bring(sender=await email(post, agent), In_Reply_To="<1.letter@mail.test>", Authentication_Results=PASS)
    assert (again.conversation_id, (await post.thread(again)).type) == (seen.conversation_id, ThreadType.CUSTOMER)


FORWARD = """Please have a look.

---------- Forwarded message ---------
From: Mia Kern <mia@shop.test>
Date: Mon, 23 Nov 2026 at 10:00
Subject: Broken lamp
To: Ona Bell <ona@desk.test>

The lamp came broken.
"""


async def test_what_an_agent_sends_on_is_its_writers(post: Post, agent: int) -> None:
    own: dict[str, Any] = {"sender": await email(post, agent), "Reply_To": "ona.private@home.test"}
    seen = await post.bring(subject="Fwd: Broken lamp", text=FORWARD, Authentication_Results=PASS, **own)

    conversation = await post.conversation(seen)
    assert (conversation.customer_email, conversation.subject) == ("mia@shop.test", "Broken lamp")
    notes = [each for each in await post.threads(seen) if each.type is ThreadType.NOTE]
    assert [(words(each.body), each.created_by_user_id) for each in notes] == [("Please have a look.", agent)]
    assert words((await post.thread(seen)).body) == "The lamp came broken."
    async with post.given.read() as view:
        asked = await view.first(ASKED, conversation_id=conversation.id)
    assert asked is None or "ona" not in (asked.reply_to or ""), "where the agent wants answers is nothing to the customer"


async def test_what_anybody_else_sends_on_is_theirs(post: Post, agent: int) -> None:
    unproved = await post.bring(sender=await email(post, agent), subject="Fwd: Broken lamp", text=FORWARD)
    proved: dict[str, Any] = {"sender": await email(post, agent), "text": FORWARD, "Authentication_Results": PASS}
    old = await post.bring(subject="Fwd: Broken lamp", Date="Mon, 2 Mar 2026 10:00:00 +0000", **proved)
    machine = await post.bring(subject="Fwd: Broken lamp", Auto_Submitted="auto-forwarded", **proved)
    customer = await post.bring(subject="Fwd: Broken lamp", text=FORWARD)
    for each in (unproved, old, machine):
        assert (await post.conversation(each)).customer_email == await email(post, agent)
    assert (await post.conversation(customer)).customer_email == "pavel.lund@mail.test"


async def test_in_our_own_name_without_proof_is_spam(post: Post) -> None:
    seen = await post.bring(sender=ADDRESS)
    assert (await post.conversation(seen)).status is Status.SPAM


async def test_in_our_own_name_from_a_relay_of_ours(post: Post) -> None:
    await post.want(trusted_relays=["192.0.2.1"])
    seen = await post.bring(sender=ADDRESS, envelope={"door": Door.SMTP, "peer": "192.0.2.1 relay"})
    forged = await post.bring(sender=ADDRESS, envelope={"door": Door.SMTP, "peer": "192.0.2.2 relay"})
    assert (await post.conversation(seen)).status is Status.ACTIVE
    assert (await post.conversation(forged)).status is Status.SPAM


@pytest.mark.parametrize(
    "claim", ["", "a@x.test, b@x.test", "no address", "<>", "a@b@c", '"a@x.test" <b@y.test>, <c@z.test>', "undisclosed:;"]
)
async def test_from_that_is_not_one_address_waits_for_a_person(post: Post, claim: str) -> None:
    seen = await post.bring(sender=claim)
    assert (seen.state, seen.conversation_id) == (ReceivedState.HELD, None)
    assert "From" in (seen.reason or "")


async def test_one_that_is_held_holds_up_nobody(post: Post) -> None:
    held = await post.take(letter(sender=""))
    fine = await post.take(letter(Message_ID="<fine@mail.test>"))
    await post.look()
    assert (await post.seen(held)).state is ReceivedState.HELD
    assert (await post.seen(fine)).state is ReceivedState.DONE


async def test_an_automatic_answer_wakes_nobody(post: Post) -> None:
    first = await post.bring(Message_ID="<first@mail.test>")
    async with post.given.client(post.given.owner) as client:
        path = f"/v2/conversations/{first.conversation_id}"
        await client.patch(path, json={"op": "replace", "path": "/status", "value": "closed"})
    before = await post.conversation(first)
    post.clock.move(timedelta(hours=1))

    seen = await post.bring(In_Reply_To="<first@mail.test>", Auto_Submitted="auto-replied", text="I am away.\n")

    after = await post.conversation(first)
    assert (seen.kind, seen.conversation_id) == (Kind.AUTOMATIC, first.conversation_id)
    assert (after.status, after.waiting_since, after.preview) == (Status.CLOSED, before.waiting_since, before.preview)
    assert words((await post.thread(seen)).body) == "I am away."


async def test_auto_submitted_no_is_a_person(post: Post) -> None:
    await post.bring(Message_ID="<first@mail.test>")
    seen = await post.bring(In_Reply_To="<first@mail.test>", Auto_Submitted="no; by hand")
    assert (seen.kind, seen.rule) == (Kind.LETTER, Rule.KNOWN_ID)


async def test_nothing_is_dropped_for_being_automatic(post: Post) -> None:
    seen = await post.bring(List_Id="<news.shop.test>", Precedence="bulk")
    assert (seen.kind, (await post.conversation(seen)).status) == (Kind.BULK, Status.ACTIVE)


async def test_a_domain_that_wants_forgeries_refused(post: Post) -> None:
    await post.want(trusted_servers=["mx.desk.test"])
    fail = "mx.desk.test; dmarc=fail (p=reject dis=none) header.from=mail.test; spf=fail smtp.mailfrom=mail.test"
    seen = await post.bring(Authentication_Results=fail)
    believed = await post.bring(Authentication_Results=fail.replace("mx.desk.test", "mx.evil.test"))
    assert (await post.conversation(seen)).status is Status.SPAM
    assert (await post.conversation(believed)).status is Status.ACTIVE


async def test_names_as_people_write_them(post: Post) -> None:
    turned = await post.bring(sender='"Lund, Pavel" <p1@mail.test>')
    plain = await post.bring(sender="p2@mail.test")
    encoded = await post.bring(sender="=?utf-8?q?Zo=C3=AB?= van der Berg <p3@mail.test>")
    names = [
        (it.customer_first, it.customer_last) for it in [await post.conversation(each) for each in (turned, plain, encoded)]
    ]
    assert names == [("Pavel", "Lund"), (None, None), ("Zoë", "van der Berg")]


async def test_a_domain_in_another_script_is_kept_in_ascii(post: Post) -> None:
    seen = await post.bring(sender="Jürgen <j@bücher.test>")
    assert (await post.conversation(seen)).customer_email == "j@xn--bcher-kva.test"
