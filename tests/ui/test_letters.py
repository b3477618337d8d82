"""What is done to one entry: changed, hidden, looked at as it came; its pictures, whom it reached, whether it is
what it says."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import insert, update

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import schedule
from deskhand.conversations.queries import one
from deskhand.conversations.tables import threads
from deskhand.customers.operations import pictures
from deskhand.kernel.html import clean, with_remote_pictures
from deskhand.kernel.storage.statements import param, write
from deskhand.mail.model import DeliveryState, Door, Outgoing, OutgoingKind, Party, ReceivedState
from deskhand.mail.operations import queueing
from deskhand.mail.rules.verdict import Policy, Result, Verdict
from deskhand.mail.tables import mail_deliveries, mail_received
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.post import Post, letter
from tests.ui.conftest import Browser
from tests.ui.reading import undone
from tests.ui.test_pages import open_page

SOURCE = write(update(threads).where(threads.c.id == param("thread_id")).values(source_blob=param("blob")))
_to = mail_deliveries.c.address == param("address")
GOT = write(
    update(mail_deliveries).where(_to).values({name: param(name) for name in ("state", "code", "words")} | {"attempts": 1})
)
LETTER = (
    b"From: =?utf-8?q?Hanna?= <hanna@mail.test>\r\nSubject: <script>alert(1)</script>\r\n"
    b"X-Broken\xff: \xff\r\n\r\nHello <b>you</b>\0.\r\n"
)


PICTURE = '<p style="color:red">Hi</p><img src="https://spy.test/a.png">'


async def newest(given: Given, it: int) -> Any:
    async with given.read() as view:
        return (await view.all(one.THREADS, conversation_id=it))[0]


async def act(browser: Browser, it: int, thread_id: int, name: str, **fields: str) -> str:
    found = await browser.post(f"/conversation/{it}/threads/{thread_id}/{name}", data=fields, follow_redirects=True)
    assert found.status_code == 200, found.text
    return found.text


async def test_an_entry_is_changed_as_text_or_as_html_and_back(given: Given, ines: Browser) -> None:
    it = await given.conversation(text="My card is 4111.<br>\nBye")
    entry = await newest(given, it)
    form = (await ines.get(f"/conversation/{it}/threads/{entry.id}/edit")).text
    assert "My card is 4111.\n" in form
    assert 'name="is_html"' not in form
    page = await act(ines, it, entry.id, "edit", text="My card is <x>.\nBye")
    assert (await newest(given, it)).body == "My card is &lt;x&gt;.<br>\nBye"
    await undone(ines, page)
    assert (await newest(given, it)).body == "My card is 4111.<br>\nBye"

    await act(ines, it, entry.id, "edit", text='<p style="color:red">Hi</p>', is_html="yes")
    assert 'name="is_html"' in (await ines.get(f"/conversation/{it}/threads/{entry.id}/edit")).text
    empty = await ines.post(f"/conversation/{it}/threads/{entry.id}/edit", data={"text": " "})
    assert empty.status_code == 400
    assert "may not be empty" in empty.text


async def test_two_who_change_an_entry_lose_nothing(given: Given, ines: Browser) -> None:
    it = await given.conversation(text="My card is 4111.")
    entry = await newest(given, it)
    place = f"/conversation/{it}/threads/{entry.id}/edit"
    shown = re.search(r'name="version" value="([^"]+)"', (await ines.get(place)).text)
    assert shown
    page = await act(ines, it, entry.id, "edit", text="From the first.", version=shown[1])
    late = await ines.post(place, data={"text": "From the second.", "version": shown[1]})
    assert late.status_code == 409
    assert "From the second." in late.text
    assert "Now saved: From the first." in late.text
    await act(ines, it, entry.id, "edit", text="From the third.")
    (back,) = (each for each in re.findall(r"<form.*?</form>", page, re.DOTALL) if 'aria-keyshortcuts="z"' in each)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', unescape(back)))
    assert (await ines.post(place, data=fields)).status_code == 409
    assert (await newest(given, it)).body == "From the third."


async def test_an_entry_is_hidden_and_shown_again(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    entry = await newest(given, it)
    page = await act(ines, it, entry.id, "hide", hide="yes")
    assert "hidden from the customer" in page
    assert "hidden from the customer" not in await undone(ines, page)


async def test_what_was_to_go_out_later_goes_now_or_not_at_all(given: Given, ines: Browser, clock: MovableClock) -> None:
    it = await given.conversation()
    draft = await given.thread(it, ThreadType.MESSAGE, user_id=given.owner, draft=True)
    at = clock.now() + timedelta(days=1)
    async with given.write(given.owner) as tx:
        await schedule.schedule(tx, it, draft, at=at, unschedules_on_reply=False)
    page = await open_page(ines, it)
    assert "Send now" in page
    page = await act(ines, it, draft, "unschedule")
    assert (await newest(given, it)).scheduled_for is None
    await undone(ines, page)
    assert (await newest(given, it)).scheduled_for is not None
    await act(ines, it, draft, "send")
    async with given.read() as view:
        assert (await one.thread(view, it, draft)).state == "published"


async def test_a_letter_is_shown_as_it_came(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    entry = await newest(given, it)
    assert "There is no original" in (await ines.get(f"/conversation/{it}/threads/{entry.id}/original")).text
    blob = await given.desk.blobs.put(LETTER)
    async with given.write() as tx:
        await tx.write(SOURCE, thread_id=entry.id, blob=blob)
    assert "Show the original" in await open_page(ines, it)
    page = (await ines.get(f"/conversation/{it}/threads/{entry.id}/original")).text
    assert "<script>alert" not in page
    assert "hanna@mail.test" in page
    whole = await ines.get(f"/conversation/{it}/threads/{entry.id}/original?download")
    assert (whole.content, whole.headers["content-type"]) == (LETTER, "message/rfc822")
    assert whole.headers["content-disposition"].startswith("attachment")


async def test_how_a_letter_came_is_told_beside_it(given: Given, clock: MovableClock, ines: Browser) -> None:
    post = Post(given, clock)
    await post.begin()
    first = await post.bring(Message_ID="<first@mail.test>")
    answer = letter(In_Reply_To="<first@mail.test>", Date="Mon, 2 Mar 1999 10:00:00 +0000")
    answer = answer.replace(b"MIME-Version", b"".join(b"X-%d: y\n" % each for each in range(1200)) + b"MIME-Version", 1)
    second = await post.bring(answer, envelope={"door": Door.SMTP, "peer": "192.0.2.1 mx.mail.test"})

    told = [
        await ines.get(f"/conversation/{each.conversation_id}/threads/{each.thread_id}/original") for each in (first, second)
    ]
    pages = [" ".join(unescape(each.text).split()) for each in told]
    assert "<dt>Written, as it says</dt>" in pages[0]
    assert "it names no conversation" in pages[0]
    assert "Not all was read" not in pages[0]
    assert "<dt>Written, as it says</dt>" not in pages[1], "nobody wrote to us in 1999"
    assert "by SMTP, 192.0.2.1 mx.mail.test" in pages[1]
    assert "it answers a letter that is known here" in pages[1]
    assert "<dt>Not all was read</dt><dd>it has too many headers</dd>" in pages[1]
    conversation = await open_page(ines, first.conversation_id or 0)
    assert conversation.count("Not all of this letter could be read") == 1


async def test_pictures_of_other_hosts_come_only_when_wanted_and_through_us(given: Given, ines: Browser) -> None:
    html = '<p style="color:red">Hi</p><img src="https://spy.test/a.png"><img src="https://spy.test/b.png">'
    it = await given.conversation(text=html)
    page = unescape(await open_page(ines, it))
    assert "2 pictures are blocked." in page
    link = re.search(r'data-pictures href="([^"]*)" target="(letter-\d+)"', page)
    assert link
    assert f'name="{link[2]}"' in page
    letter = (await ines.get(link[1])).text
    assert "spy.test" not in letter
    assert letter.count('src="/mail/remote/') == 2
    assert "/mail/remote/" not in (await ines.get(link[1].partition("?")[0])).text


async def test_an_inbox_can_want_them_at_once(given: Given, clock: MovableClock, ines: Browser) -> None:
    html = '<p style="color:red">Hi</p><img src="https://spy.test/a.png">'
    post = Post(given, clock)
    await post.begin()
    seen = await post.bring(html=html)
    assert seen.conversation_id
    assert "A picture is blocked." in await open_page(ines, seen.conversation_id)
    await post.want(shows_pictures=True)
    page = unescape(await open_page(ines, seen.conversation_id))
    assert "A picture is blocked." not in page
    frame = re.search(r'src="(/conversation/[^"]*/body\?pictures[^"]*)"', page)
    assert frame
    assert 'src="/mail/remote/' in (await ines.get(frame[1])).text


async def test_a_long_letter_begins_folded_and_shows_all(given: Given, ines: Browser) -> None:
    it = await given.conversation(
        text='<p style="color:red">A line.</p>' * 90 + '<img height="220" src="https://x.test/a.png">'
    )
    short = await given.conversation(text='<p style="color:red">A line.</p>')
    page = await open_page(ines, it)
    assert 'class="letter letter-40"' in page
    found = re.search(r'data-lines="(\d+)" href="([^"]*)" target="_blank"', unescape(page))
    assert found
    assert int(found[1]) >= 100
    assert "A line." in (await ines.get(found[2])).text
    assert "data-lines" not in await open_page(ines, short)


async def test_pictures_of_a_sender_are_remembered_and_that_is_taken_back(given: Given, ines: Browser) -> None:
    pavel = await given.customer("pavel@mail.test")
    it = await given.conversation(text=PICTURE, customer=pavel)
    page = unescape(await open_page(ines, it))
    assert "Always show those of Pavel Lund" in page
    back = re.search(r'name="back" value="(/conversation/[^"]*)"[^>]*><button[^>]*>Always show', page)
    assert back
    page = (await ines.post(f"/customers/{pavel.id}/pictures", data={"back": back[1]}, follow_redirects=True)).text
    assert "is blocked" not in page
    assert f"/conversation/{it}/threads/{(await newest(given, it)).id}/body?pictures" in unescape(page)
    assert "Block them again" in (await ines.get(f"/customers/{pavel.id}")).text
    assert "A picture is blocked." in await open_page(ines, await given.conversation(text=PICTURE))
    await undone(ines, page)
    assert "A picture is blocked." in await open_page(ines, it)


@pytest.mark.parametrize("size", ['width="1"', 'height="0"', 'style="width: 1px; height: 1px"', 'width="1" height="1"'])
def test_what_only_tells_that_it_was_fetched_never_comes(size: str) -> None:
    for html in (f'<img src="https://spy.test/a.gif" {size}>', f'<img {size} src="https://spy.test/a.gif">'):
        shown, blocked = with_remote_pictures(clean(html), lambda url: "/here")
        assert ("/here" in shown, blocked) == (False, 0)
    shown, blocked = with_remote_pictures(clean('<img src="https://x.test/a.gif" width="100">'), lambda url: "/here")
    assert ("/here" in shown, blocked) == (True, 1)


async def test_how_far_a_reply_got_is_told_for_each_recipient(given: Given, clock: MovableClock, ines: Browser) -> None:
    it = await given.conversation()
    said = await given.thread(it, ThreadType.MESSAGE, user_id=given.owner)
    to = [Party("", "a@x.test"), Party("", "b@y.test")]
    sender = Party("", "us@desk.test")
    letter = Outgoing(sender=sender, to=to, subject="Re", html="Hi", text="Hi", message_id="m@desk.test")
    async with given.write() as tx:
        await queueing.add(tx, given.inbox, OutgoingKind.REPLY, letter, conversation_id=it, thread_id=said)
    assert "not sent yet" in await open_page(ines, it)
    clock.move(timedelta(minutes=16))
    late = await open_page(ines, it)
    assert "not sent yet" not in late
    assert "delayed, it is tried again" in late
    assert "Try again" not in late
    async with given.write() as tx:
        await tx.write(GOT, address="a@x.test", state=DeliveryState.SENT, code="250", words="queued as 7")
        await tx.write(GOT, address="b@y.test", state=DeliveryState.FAILED, code="550", words="No <such> user")
    page = unescape(await open_page(ines, it))
    assert "It did not reach one recipient" in page
    assert "taken by their mail server" in page
    assert "550 No <such> user" in page
    assert "Try again" in page
    tried = await ines.post(f"/conversation/{it}/send-now", data={"thread": str(said)}, follow_redirects=True)
    assert "It is on its way" in tried.text
    assert "It did not reach" not in await open_page(ines, it)


async def test_a_letter_that_is_not_from_where_it_says_is_told_so(given: Given, ines: Browser) -> None:
    it = await given.conversation(text=PICTURE)
    entry = await newest(given, it)
    blob = await given.desk.blobs.put(LETTER)
    verdict = Verdict(from_domain="bank.test", dmarc=Result.FAIL, policy=Policy.REJECT)
    columns = {
        "inbox_id": given.inbox,
        "door": Door.SMTP,
        "recipients": [],
        "blob": blob,
        "size_bytes": len(LETTER),
        "received_at": given.desk.clock.now(),
        "state": ReceivedState.DONE,
        "due": given.desk.clock.now(),
        "attempts": 0,
        "verdict": verdict,
    }
    async with given.write() as tx:
        await tx.write(SOURCE, thread_id=entry.id, blob=blob)
        await tx.write(
            write(insert(mail_received).values({name: param(name, mail_received.c[name].type) for name in columns})), **columns
        )
    async with given.write(given.owner) as tx:
        await pictures.allow(tx, entry.created_by_customer_id)
    page = await open_page(ines, it)
    assert "This may not be from bank.test" in page
    assert "A picture is blocked." in page
    assert "Always show those" not in page
