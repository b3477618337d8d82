"""Mail to those who work here, and what links in mail lead to."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import changing, followers
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.queries import one
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.errors import Invalid
from deskhand.kernel.permissions import Role
from deskhand.mail.marks import Marks, split_plus
from deskhand.mail.model import Options, OutgoingKind
from deskhand.mail.operations import brakes, links, notices
from deskhand.mail.operations import inboxes as inbox_mail
from deskhand.mail.sending.sender import MailSender
from deskhand.users import queries as users
from deskhand.users.operations import NewUser
from deskhand.webhooks.model import EventName, PayloadVersion
from deskhand.webhooks.operations import hooks
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.mail.sending.conftest import Mail
from tests.mail.sending.peers import Peer, refused_port

HOOK = hooks.NewWebhook(
    url="https://hooks.shop.test/desk",
    events=[EventName.CREATED],
    secret="tr0ut-lake-88",
    notification=False,
    payload_version=PayloadVersion.V2,
    label=None,
    inbox_ids=[],
    api_origin="https://desk.test",
    web_origin="https://desk.test",
)


async def test_an_owner_is_told_what_others_do_but_not_what_they_do_themselves(given: Given, mail: Mail) -> None:
    await mail.begin(notifies=True, uses_plus=True)
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation(text="<p>Where is it?</p>")
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=ona)
    await given.thread(it, ThreadType.CUSTOMER, "<p>Any <b>news</b>?</p>")
    await given.thread(it, ThreadType.NOTE, "A friend of mine.")
    await given.thread(it, ThreadType.NOTE, "I know.", by=ona)

    told = [each for each in await mail.queue() if each.kind is OutgoingKind.NOTIFICATION]
    assert ["yours now" in each.letter.text or each.letter.text.split("\n")[2] for each in told] == [
        True,
        "Pavel Lund wrote:",
        "Ines Okafor added a note:",
    ]
    letter = told[1].letter
    assert letter.is_automatic
    assert letter.unsubscribe_url.startswith("https://desk.test/mail/unsubscribe/")
    assert letter.reply_to is not None
    token = Marks(given.desk.seal).read_token(given.inbox, split_plus(letter.reply_to.address)[1])
    assert token is not None
    assert (token.user_id, token.conversation_id) == (ona, it)


async def test_followers_are_told_what_is_said_and_who_owns_it_now(given: Given, mail: Mail) -> None:
    await mail.begin(notifies=True)
    ona, per = await given.user("Ona"), await given.user("Per")
    for each in (ona, per):
        await given.grant(given.inbox, each)
    it = await given.conversation()
    async with given.write(ona) as tx:
        await followers.follow(tx, it)
    await given.thread(it, ThreadType.CUSTOMER, "Any news?", by=None)
    await given.thread(it, ThreadType.NOTE, "@per, please look.", by=ona)
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=ona)
    await given.thread(it, ThreadType.CUSTOMER, "Hello?", by=None)

    told = [each.letter for each in await mail.queue() if each.kind is OutgoingKind.NOTIFICATION]
    assert [(each.to[0].name.split()[0], each.text.split("\n")[2]) for each in told] == [
        ("Ona", "Pavel Lund wrote:"),
        ("Per", "Ona Bell added a note:"),
        ("Ona", "A conversation is yours now."),
        ("Per", "A conversation that you follow has another owner."),
        ("Ona", "Pavel Lund wrote:"),
        ("Per", "Pavel Lund wrote:"),
    ], "the owner first, and who both owns and follows once"


async def test_who_is_said_to_have_written_a_note_is_not_told_of_it(given: Given, mail: Mail) -> None:
    await mail.begin(notifies=True)
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    async with given.write(ona) as tx:
        await followers.follow(tx, it)
    await given.thread(it, ThreadType.NOTE, "Hers.", user_id=ona)

    assert await mail.queue() == []


async def test_a_follower_who_may_no_longer_work_in_the_inbox_is_told_nothing(given: Given, mail: Mail) -> None:
    await mail.begin(notifies=True)
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    async with given.write(ona) as tx:
        await followers.follow(tx, it)
    async with given.write() as tx:
        await inboxes.revoke(tx, given.inbox, ona)
    await given.thread(it, ThreadType.CUSTOMER, "Top secret.", by=None)

    assert await mail.queue() == []


async def test_one_click_ends_notifications_and_looking_at_the_link_does_not(given: Given, mail: Mail, client: Client) -> None:
    await mail.begin(notifies=True)
    it = await given.conversation(assign_to=given.owner)
    await given.thread(it, ThreadType.CUSTOMER, by=None)
    url = (await mail.only()).letter.unsubscribe_url
    assert (await client.get(url)).status_code == 200
    await given.thread(it, ThreadType.CUSTOMER, by=None)
    assert len(await mail.queue()) == 2

    got = await client.post(url, content="List-Unsubscribe=One-Click")
    assert got.status_code == 200
    await given.thread(it, ThreadType.CUSTOMER, by=None)
    assert len(await mail.queue()) == 2
    assert (await client.post(url[:-1])).status_code == 404


async def test_a_failure_is_told_to_the_agent(mail: Mail, server: Peer, sender: MailSender) -> None:
    server.to_recipient = lambda address: "550 5.1.1 unknown" if address.endswith("mail.test") else "250 OK"
    await mail.through(server.port)
    await mail.leaves(cc=["b@mail.test"])
    await sender.run_due()

    (got,) = server.got
    assert "could not be delivered to" in got.content.decode()
    assert got.sender == "<>", "nothing comes back of what is automatic"
    assert got.message["Auto-Submitted"] == "auto-generated"
    assert got.message["X-Auto-Response-Suppress"] == "All"


async def test_an_invitation_is_mailed(given: Given, mail: Mail) -> None:
    await mail.begin()
    async with given.write(given.owner) as tx:
        new = NewUser(first_name="Ona", last_name="Bell", email="ona@desk.test", role=Role.USER)
        await inboxes.invite(tx, new, [], sends_mail=True)

    sent = await mail.only()
    assert sent.kind is OutgoingKind.INVITATION
    assert sent.letter.to[0].address == "ona@desk.test"
    assert "Ines Okafor invites you to answer the mail of Help together, at https://desk.test." in sent.letter.text


async def test_a_server_that_fails_for_an_hour_is_told_by_another_way(
    given: Given, mail: Mail, clock: MovableClock, server: Peer, sender: MailSender
) -> None:
    sales = await given.new_inbox("Sales")
    await mail.through(refused_port())
    await mail.begin(sales)
    await mail.connect(server.port, sales)
    await mail.reply(await given.conversation())
    for _ in range(8):
        clock.move(timedelta(minutes=10))
        await sender.run_due()
        await given.app.worker.run_due()
    await sender.run_due()

    (got,) = server.got
    assert got.message["From"] == "Sales <sales@desk.test>"
    assert got.message["Subject"] == "Mail of Help is at a standstill"


async def test_the_first_fetch_of_the_picture_is_when_a_reply_was_opened(
    given: Given, mail: Mail, client: Client, clock: MovableClock
) -> None:
    await mail.begin(tracks_opens=True)
    it = await given.conversation()
    thread = await mail.reply(it)
    found = re.search(r'src="https://desk.test(/mail/open/[^"]+)"', (await mail.only()).letter.html)
    assert found is not None

    for _ in range(2):
        got = await client.get(found[1])
        assert (got.status_code, got.headers["content-type"]) == (200, "image/gif")
        clock.move(timedelta(hours=1))
    assert (await client.get("/mail/open/1.1.aaaaaaaaaaaaaaaa.gif")).status_code == 200
    told = (await client.get(f"/v2/conversations/{it}/threads")).json()["_embedded"]["threads"]
    (opened,) = [each["openedAt"] for each in told if each["id"] == thread]
    async with given.read() as view:
        at = (await one.thread(view, it, thread)).opened_at
    assert at is not None
    assert opened == at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert clock.now() - at > timedelta(hours=1, minutes=59)


async def test_a_large_file_is_a_link_that_ends(given: Given, mail: Mail, client: Client, clock: MovableClock) -> None:
    await mail.begin(links_above_bytes=100)
    blobs = [await given.desk.blobs.put(content) for content in (b"x" * 101, b"small")]
    files = [
        NewFile(f"{number}.txt", "text/plain", size, 0, 0, blob)
        for number, size, blob in zip((1, 2), (101, 5), blobs, strict=True)
    ]
    it = await given.conversation()
    await mail.reply(it, files=files)

    letter = (await mail.only()).letter
    assert [each.filename for each in letter.files] == ["2.txt"]
    found = re.search(r"1\.txt: https://desk\.test(/mail/files/\S+)", letter.text)
    assert found is not None
    got = await client.get(found[1])
    assert (got.status_code, got.content) == (200, b"x" * 101)
    assert got.headers["x-robots-tag"].startswith("noindex")
    assert (await client.get(found[1][:-2])).status_code == 404
    assert (await client.get(found[1].replace(f"/{it}.", "/9."))).status_code == 404
    clock.move(timedelta(days=31))
    assert (await client.get(found[1])).status_code == 404


async def test_replies_ask_for_a_rating_where_the_inbox_wants_that(given: Given, mail: Mail, client: Client) -> None:
    await mail.begin(asks_rating=True)
    await mail.reply(await given.conversation())
    found = re.search(r"Not good: https://desk\.test(/rate/\S+)", (await mail.only()).letter.text)
    assert found is not None
    assert (await client.get(found[1])).status_code == 200


def test_tokens_are_nobody_elses(given: Given) -> None:
    settings = given.desk.settings
    token = links.picture(settings, 1, 2).rpartition("/")[2].removesuffix(".gif")
    assert links.read_picture(settings, token) == (1, 2)
    assert links.read_unsubscribe(settings, token) is None
    assert links.read_picture(settings, token.replace("1.2", "1.3")) is None


async def test_those_who_manage_are_told_of_a_webhook_that_was_switched_off(given: Given, mail: Mail) -> None:
    await mail.through(2525)
    async with given.write(given.owner) as tx:
        rules = given.desk.outbound.rules
        hook = await hooks.create(tx, HOOK, given.desk.seal, rules)
    async with given.write() as tx:
        await hooks.disable(tx, hook, "its receiver answered 410 Gone")

    sent = await mail.only()
    assert sent.kind is OutgoingKind.ALERT
    assert sent.letter.subject == "A webhook was switched off"
    assert "https://hooks.shop.test/desk is switched off: its receiver answered 410 Gone" in sent.letter.text


async def test_templates_with_unknown_variables_are_not_saved(given: Given) -> None:
    with pytest.raises(Invalid) as refused:
        async with given.write(given.owner) as tx:
            await inbox_mail.want(tx, given.inbox, Options(signature="{{user.password}}"))
    assert [each.path for each in refused.value.mistakes] == ["signature"]


async def test_whoever_ends_notifications_still_hears_what_an_operator_must_know(given: Given, mail: Mail) -> None:
    await mail.through(2525, notifies=True)
    async with given.write() as tx:
        await notices.unsubscribe(tx, given.owner)
        assert await notices.alert(tx, lambda words: ("A mail server fails", "It does.")) == 1
    assert (await mail.only()).letter.unsubscribe_url == ""
    async with given.read() as view:
        owner = await users.get(view, given.owner)
    async with given.write() as tx:
        await brakes.hush(tx, owner.email or "", "complained")
        await notices.unsubscribe(tx, given.owner)
        assert await notices.alert(tx, lambda words: ("A mail server fails", "It does.")) == 0


async def test_who_may_no_longer_work_in_the_inbox_is_told_nothing(given: Given, mail: Mail) -> None:
    await mail.begin(notifies=True)
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=ona)
    before = len(await mail.queue())
    async with given.write() as tx:
        await inboxes.revoke(tx, given.inbox, ona)
    await given.thread(it, ThreadType.CUSTOMER, "Top secret.")
    await given.thread(it, ThreadType.NOTE, "Top secret.")

    assert len(await mail.queue()) == before == 1
