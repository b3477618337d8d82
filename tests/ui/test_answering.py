"""Answering by the plain form, as a browser without scripts does it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadState, ThreadType, Writing
from deskhand.conversations.operations import attachments, drafts, writings
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.writings import Typed
from deskhand.conversations.queries import one
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.records import Attachment, Thread
from deskhand.conversations.queries.writings import Place
from deskhand.mail.model import Options
from deskhand.mail.operations import inboxes as inbox_mail
from tests.given import Given
from tests.ui.conftest import Browser
from tests.ui.reading import undone

MB = 1024 * 1024
FILE = ("label.txt", b"label", "text/plain")


async def said(given: Given, conversation_id: int) -> list[Thread]:
    async with given.read() as view:
        found = await view.all(one.THREADS, conversation_id=conversation_id)
    return [each for each in found if each.type is not ThreadType.LINE_ITEM]


async def files(given: Given, it: Thread) -> list[Attachment]:
    async with given.read() as view:
        return (await one.attachments_of(view, [it])).get(it.id, [])


async def writing(given: Given, conversation_id: int, kind: Writing = Writing.REPLY) -> Any:
    async with given.read(given.owner) as view:
        return await queries.find(view, Place(kind, conversation_id=conversation_id))


async def hanna(given: Given, **more: Any) -> int:
    return await given.conversation(customer=await given.customer("hanna@mail.test", "Hanna", "Lindqvist"), **more)


async def page_of(browser: Browser, answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    found = await browser.get(answer.headers["location"], follow_redirects=True)
    assert found.status_code == 200
    return unescape(found.text)


async def test_a_form_with_files_and_recipients_is_sent(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    form = {"kind": "reply", "text": "See the attached label.", "to": "Hanna <hanna@mail.test>", "cc": "a@x.test; b@x.test"}
    form |= {"bcc": "c@x.test", "status": "closed", "assign": str(given.owner)}
    await ines.post(f"/conversation/{it}/answer", data=form, files=[("files", FILE), ("files", ("", b""))])

    sent = (await said(given, it))[0]
    assert (sent.type, sent.to, sent.cc, sent.bcc) == (
        ThreadType.MESSAGE,
        ["hanna@mail.test"],
        ["a@x.test", "b@x.test"],
        ["c@x.test"],
    )
    assert [(each.filename, each.mime_type, each.size_bytes) for each in await files(given, sent)] == [
        ("label.txt", "text/plain", 5)
    ]
    async with given.read() as view:
        now = await one.get(view, it)
    assert (now.status, now.assignee_id) == (Status.CLOSED, given.owner)


async def test_variables_are_filled_in(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    text = "Hello {%customer.firstName%}, {%customer.organization,fallback=dear%} <{%user.firstName%}> of {%mailbox.name%}"
    await ines.post(f"/conversation/{it}/answer", data={"kind": "reply", "text": text})
    assert (await said(given, it))[0].body == "Hello Hanna, dear &lt;Ines&gt; of Help"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("It is attached.", "You write “attached”, but there is no file."),
        ("Use it before {%return.deadline%}", "{%return.deadline%} has no value here."),
        ("Hello Marek,", "It greets Marek, and goes to Hanna Lindqvist."),
    ],
)
async def test_what_looks_wrong_is_asked_once_and_goes_then(given: Given, ines: Browser, text: str, asked: str) -> None:
    it = await hanna(given)
    form = {"kind": "reply", "text": text, "later": "2090-01-01T09:00", "status": "closed", "assign": str(given.owner)}
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))

    assert asked in page
    assert len(await said(given, it)) == 1
    assert f">{text}</textarea>" in page
    composer = page.partition("<desk-composer")[2]
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', composer)
    again: dict[str, Any] = {"kind": "reply", "text": text} | {name: value for name, value in hidden if name != "back"}
    assert again["later"] == "2090-01-01T09:00"
    again["sure"] = [value for name, value in hidden if name == "sure"]
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=again))
    assert "Goes out 1 January 2090" in page
    waiting = (await said(given, it))[0]
    assert (waiting.state, waiting.unschedules_on_reply) == (ThreadState.DRAFT, True)
    assert waiting.scheduled_for is not None
    assert (waiting.after_status, waiting.after_assignee_id) == ("closed", given.owner)


async def test_who_answered_meanwhile_is_shown_and_nothing_lost(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    async with given.write(given.owner) as tx:
        kept = await writings.keep(tx, Place(Writing.REPLY, conversation_id=it), Typed(body="<p>Mine</p>"), version=None)
    ona = await given.user("Ona", "Bell")
    await given.grant(given.inbox, ona)
    await given.thread(it, ThreadType.MESSAGE, "The courier has it.", by=ona)
    form = {"kind": "reply", "text": "Mine", "version_reply": str(kept.version)}
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))
    assert "Not sent: Ona Bell wrote while you did." in page
    assert page.count("The courier has it.") >= 2
    assert (await writing(given, it)).body == "<p>Mine</p>"

    keys = [value for name, value in re.findall(r'name="(sure)" value="([^"]*)"', page)]
    version = (await writing(given, it)).version
    await given.thread(it, ThreadType.CUSTOMER, "One more thing.")
    again: dict[str, Any] = {"kind": "reply", "text": "Mine", "version_reply": str(version), "sure": keys}
    assert "One more thing." in await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=again))
    assert await writing(given, it) is not None


async def test_what_one_said_oneself_meanwhile_is_no_news(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    async with given.write(given.owner) as tx:
        kept = await writings.keep(tx, Place(Writing.REPLY, conversation_id=it), Typed(body="<p>Mine</p>"), version=None)
    await given.thread(it, ThreadType.NOTE, "Asked the depot.", by=given.owner)
    form = {"kind": "reply", "text": "Mine", "version_reply": str(kept.version)}
    assert "Sent to Hanna Lindqvist" in await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))


async def test_somebody_who_gets_copies_is_not_left_out_unasked(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    await given.thread(it, ThreadType.MESSAGE, "First.", by=given.owner, cc=["elin@x.test"])
    form = {"kind": "reply", "text": "Second.", "to": "hanna@mail.test", "cc": ""}
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))
    assert "elin@x.test gets the mail of this conversation, and would not get this." in page


async def test_what_cannot_be_sent_is_kept_and_said_in_place(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    form = {"kind": "forward", "text": "Yours?", "forward_to": "nobody", "sure": "all"}
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))
    assert "“nobody” is no address." in page
    assert "Send anyway" not in page
    assert (await writing(given, it, Writing.FORWARD)).to == ["nobody"]


async def test_a_draft_that_was_saved_elsewhere_meanwhile_is_not_lost(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    async with given.write(given.owner) as tx:
        kept = await writings.keep(
            tx, Place(Writing.NOTE, conversation_id=it), Typed(body="<p>From my phone</p>"), version=None
        )
    answer = await ines.post(f"/conversation/{it}/answer", data={"kind": "note", "text": "From here", "version_note": ""})
    assert answer.status_code == 409
    assert "From my phone" in answer.text
    assert ">From here</textarea>" in answer.text
    assert f'name="version_note" value="{kept.version}"' in answer.text
    assert len(await said(given, it)) == 1


async def test_a_draft_is_kept_with_what_was_formatted_elsewhere(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    place = Place(Writing.REPLY, conversation_id=it)
    async with given.write(given.owner) as tx:
        kept = await writings.keep(tx, place, Typed(body="<p>A <b>bold</b> word</p>"), version=None)
    form = {"kind": "reply", "text": "A bold word", "version_reply": str(kept.version), "do": "keep"}
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))
    assert "Kept as a draft" in page
    assert (await writing(given, it)).body == "<p>A <b>bold</b> word</p>"


async def test_a_reply_is_called_back_with_all_it_changed(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    form = {"kind": "reply", "text": "Too early.", "status": "closed", "cc": "a@x.test"}
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form, files=[("files", FILE)]))
    assert "Sent to Hanna Lindqvist" in page
    assert 'data-seconds="10"' in page
    undo = re.search(r'action="([^"]+unsend)">(.*?)</form>', page, re.DOTALL)
    assert undo
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', undo[2]))
    page = await page_of(ines, await ines.post(undo[1], data=fields))

    assert "Called back" in page
    assert ">Too early.</textarea>" in page
    assert "label.txt" in page
    assert [each.type for each in await said(given, it)] == [ThreadType.CUSTOMER]
    draft = await writing(given, it)
    assert (draft.body, draft.cc, draft.to) == ("Too early.", ["a@x.test"], ["hanna@mail.test"])
    async with given.read() as view:
        now = await one.get(view, it)
    assert (now.status, now.thread_count) == (Status.ACTIVE, 1)


async def test_what_is_written_meanwhile_stands_below_what_is_called_back(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    await ines.post(f"/conversation/{it}/answer", data={"kind": "reply", "text": "First"})
    thread_id = (await said(given, it))[0].id
    await ines.post(f"/conversation/{it}/answer", data={"kind": "reply", "text": "Second", "do": "keep"})
    assert (await ines.post(f"/conversation/{it}/unsend", data={"thread": str(thread_id)})).status_code == 303
    assert (await writing(given, it)).body == "First<hr>Second"


async def test_what_somebody_else_said_is_not_called_back(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    ona = await given.user("Ona", "Bell")
    await given.grant(given.inbox, ona)
    theirs = await given.thread(it, ThreadType.MESSAGE, "Theirs", by=ona)
    answer = await ines.post(f"/conversation/{it}/unsend", data={"thread": str(theirs)})
    assert answer.status_code == 409
    assert (await said(given, it))[0].state is ThreadState.PUBLISHED


async def test_a_forward_takes_the_files_of_what_it_quotes(given: Given, ines: Browser) -> None:
    it = await hanna(given, text="Look at this.")
    blob = await given.desk.blobs.put(b"photo")
    async with given.write() as tx:
        thread_id = (await tx.all(one.THREADS, conversation_id=it))[0].id
        await attachments.attach(tx, it, thread_id, NewFile("photo.png", "image/png", 5, 1, 1, blob))
    form = {"kind": "forward", "text": "Yours?", "forward_to": "lab@x.test", "with_files": "yes"}
    assert "Forwarded to lab@x.test" in await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))
    child = (await said(given, (await said(given, it))[0].linked_conversation_id or 0))[0]
    assert "Look at this." in (child.body or "")
    assert [each.filename for each in await files(given, child)] == ["photo.png"]


async def test_an_answer_can_be_snoozed_with(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    await ines.post(f"/conversation/{it}/answer", data={"kind": "reply", "text": "Soon.", "snooze": "2090-01-01T09:00"})
    async with given.read() as view:
        assert (await one.get(view, it)).snoozed_until is not None


async def test_a_conversation_is_begun(given: Given, ines: Browser) -> None:
    other = await given.new_inbox("Other")
    page = unescape((await ines.get("/conversation/new", params={"inbox": other})).text)
    assert f'action="/inboxes/{other}/begin"' in page
    form = {"to": "new@mail.test", "subject": "", "text": "Your order is ready."}
    page = await page_of(ines, await ines.post(f"/inboxes/{other}/begin", data=form))
    assert "There is no subject yet." in page
    version = re.search(r'name="version_conversation" value="(\d+)"', page)
    assert version
    form |= {"subject": "Your order", "version_conversation": version[1]}
    page = await page_of(ines, await ines.post(f"/inboxes/{other}/begin", data=form))
    assert "Sent to new@mail.test" in page
    assert "Your order is ready." in page


async def test_beside_a_file_that_is_too_large_nothing_is_lost_and_nothing_sent(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    files = [("files", ("large.bin", b"x" * (10 * MB + 1))), ("files", ("small.txt", b"small"))]
    answer = await ines.post(f"/conversation/{it}/answer", data={"kind": "note", "text": "See"}, files=files)
    page = await page_of(ines, answer)
    assert "Not sent: large.bin may have 10 MB at most. What you typed is kept as your draft." in page
    assert 'name="text" data-label="Your answer">See</textarea>' in page
    assert 'value="note" aria-keyshortcuts="n" checked' in page
    assert "small.txt" in page
    assert len(await said(given, it)) == 1

    answer = await ines.post(f"/inboxes/{given.inbox}/begin", data={"to": "a@x.test", "text": "New"}, files=files)
    assert ">New</textarea>" in await page_of(ines, answer)


async def test_of_files_that_are_too_many_together_some_are_left_out(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    files = [("files", (f"{name}.bin", b"x" * 9 * MB)) for name in "abcd"]
    answer = await ines.post(f"/conversation/{it}/answer", data={"kind": "note", "text": "See"}, files=files)
    page = await page_of(ines, answer)
    assert "Not sent: d.bin may have" in page
    assert "c.bin" in page


async def test_a_file_alone_that_is_too_large_is_refused(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    files = [("file", ("large.bin", b"x" * (10 * MB + 1)))]
    answer = await ines.post(f"/conversation/{it}/writing/files", files=files, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["message"]) == (413, "A file may have 10 MB at most")
    assert "This is too large" in (await ines.post("/me/photo", files=files)).text


async def test_a_forward_quotes_all_that_was_said_or_only_one_entry(given: Given, ines: Browser) -> None:
    it = await hanna(given, text="It cracked.")
    reply = await given.thread(it, ThreadType.MESSAGE, "Which one?", by=given.owner)
    note = await given.thread(it, ThreadType.NOTE, "Again!", by=given.owner)
    hidden = await given.thread(it, ThreadType.CUSTOMER, "My card number is 4")
    async with given.write(given.owner) as tx:
        await drafts.hide(tx, it, hidden, hidden=True)
    page = await page_of(ines, await ines.get(f"/conversation/{it}"))
    assert f'<option value="{reply}"' in page
    assert f'<option value="{note}"' not in page
    assert f"?write=forward&only={reply}#answer" in page
    assert f'<option value="{reply}" selected' in unescape((await ines.get(f"/conversation/{it}/1?only={reply}")).text)

    form = {"kind": "forward", "text": "Yours?", "forward_to": "lab@x.test"}
    for only, quotes in (("", ["Which one?", "It cracked."]), (str(reply), ["Which one?"])):
        await ines.post(f"/conversation/{it}/answer", data=form | {"only": only})
        forwarded = (await said(given, it))[0]
        assert re.findall("<blockquote>(.*?)</blockquote>", forwarded.body or "") == quotes
        assert (forwarded.body or "")[: forwarded.quoted_at] == "Yours?"
    for each in (note, hidden, 999):
        assert (await ines.post(f"/conversation/{it}/answer", data=form | {"only": str(each)})).status_code == 400


@pytest.mark.parametrize("kind", ["note", "forward", "conversation"])
async def test_a_moment_long_it_is_called_back_and_may_be_hurried(given: Given, ines: Browser, kind: str) -> None:
    async with given.write() as tx:
        await inbox_mail.want(tx, given.inbox, Options())
    it = await hanna(given)
    form = {"kind": kind, "text": "Too early.", "subject": "Hello", "to": "a@x.test", "forward_to": "a@x.test"}
    to = f"/inboxes/{given.inbox}/begin" if kind == "conversation" else f"/conversation/{it}/answer"
    page = await page_of(ines, await ines.post(to, data=form))
    assert 'data-seconds="10"' in page
    assert ("Send now" in page) is (kind != "note")
    page = unescape(await undone(ines, page))
    assert ">Too early.</textarea>" in page
    assert "Send now" not in page
    async with given.read() as view:
        assert len(await view.all(one.THREADS, conversation_id=it)) == 1
        assert await view.first(one.GET, conversation_id=it + 1) is None

    if kind == "conversation":
        return
    version = re.search(rf'name="version_{kind}" value="(\d+)"', page)
    assert version
    page = await page_of(ines, await ines.post(to, data=form | {f"version_{kind}": version[1]}))
    if kind == "forward":
        hurry = re.search(r'action="([^"]+/send-now)">.*?name="thread" value="(\d+)"', page)
        assert hurry
        assert "It is on its way" in await page_of(ines, await ines.post(hurry[1], data={"thread": hurry[2]}))
        assert (await ines.post(f"/conversation/{it}/unsend", data={"thread": hurry[2]})).status_code == 409
