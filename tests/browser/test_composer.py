"""Writing: the editor, what is kept of it and where, and what is asked before it goes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from deskhand.conversations.model import ThreadType
from deskhand.conversations.queries import one
from deskhand.customers.model import CustomerRef
from deskhand.inboxes import operations as inboxes
from tests.browser.conftest import Opening
from tests.given import Given

HOSTILE = (
    '<p onclick="alert(1)" style="position:fixed">kept</p><script>alert(2)</script><img src=x onerror=alert(3)>'
    '<img src="https://spy.test/a.png"><a href="javascript:alert(4)">link</a><iframe src="https://spy.test/"></iframe>'
    "<svg><style><img src=x onerror=alert(5)></style></svg><math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=alert(6)&gt;">'
)
BRING = """([kind, html]) => {
  const root = document.querySelector(".composer-edit");
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "plain");
  const {left, top} = root.getBoundingClientRect();
  const at = {bubbles: true, cancelable: true, clientX: left + 20, clientY: top + 15};
  const pasted = new ClipboardEvent("paste", {...at, clipboardData: data});
  root.dispatchEvent(kind === "paste" ? pasted : new DragEvent("drop", {...at, dataTransfer: data}));
}"""


async def hanna(given: Given) -> CustomerRef:
    return await given.customer("hanna@mail.test", "Hanna", "Lindqvist")


async def newest(given: Given, conversation_id: int) -> Any:
    async with given.read() as view:
        found = await view.all(one.THREADS, conversation_id=conversation_id)
    return next(each for each in found if each.type is not ThreadType.LINE_ITEM)


async def write(page: Page, key: str = "r") -> None:
    """The composer is open and its editor there."""
    await page.locator("body").press(key)
    await expect(page.locator(".composer-edit")).to_be_focused()


async def test_a_reply_is_written_with_all_there_is_and_called_back(given: Given, opening: Opening) -> None:
    it = await given.conversation(subject="Cracked hopper", customer=await hanna(given))
    await given.customer("elin@norrsken.test", "Elin", "Norrsken")
    async with given.write() as tx:
        text = "<p>Hello {%customer.firstName%}, it is under warranty, {%return.deadline,fallback=soon%}.</p>"
        await inboxes.create_saved_reply(tx, given.inbox, "Warranty: what we need", text=text, chat_text=None)
    page = await opening(f"/conversation/{it}")
    await write(page)
    keyboard = page.keyboard
    await keyboard.type("#warr")
    await expect(page.get_by_role("option", name="Warranty")).to_be_visible()
    await keyboard.press("Enter")
    await expect(page.locator(".variable").first).to_have_text("Hanna")
    await keyboard.press("Enter")
    await keyboard.press("Control+b")
    await keyboard.type("today")
    await keyboard.press("Control+b")
    await page.get_by_role("button", name="Cc, Bcc").click()
    await page.get_by_label("Cc", exact=True).press_sequentially("elin")
    await page.get_by_role("option", name="Elin Norrsken").click()
    async with page.expect_response(lambda answer: "/files" in answer.url):  # it is not there before
        await page.get_by_label("Attach files").set_input_files(
            {"name": "label.txt", "mimeType": "text/plain", "buffer": b"label"}
        )
    await expect(page.get_by_role("button", name="Remove label.txt")).to_be_visible()
    await expect(page.locator(".saved")).to_contain_text("Saved")

    await page.reload()
    other = await opening(f"/conversation/{it}")
    for each in (page, other):
        await expect(each.locator(".composer-edit b")).to_have_text("today")
        await expect(each.get_by_role("button", name="Remove elin@norrsken.test")).to_be_visible()
        await expect(each.get_by_role("button", name="Remove label.txt")).to_be_visible()
    await expect(page.locator(".composer-edit")).not_to_be_focused()  # keys go on moving between conversations
    await page.locator("body").press("r")
    await expect(page.locator(".composer-edit")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toast")).to_contain_text("Sent to Hanna Lindqvist")
    sent = await newest(given, it)
    assert (sent.type, sent.cc) == (ThreadType.MESSAGE, ["elin@norrsken.test"])
    assert re.fullmatch(r"<p>Hello Hanna, it is under warranty, soon\.</p><p><b>today</b></p>", sent.body), sent.body

    await page.locator("body").press("z")
    await expect(page.locator(".toast")).to_contain_text("Called back")
    await expect(page.locator(".composer-edit b")).to_have_text("today")
    await expect(page.get_by_role("button", name="Remove label.txt")).to_be_visible()
    assert (await newest(given, it)).type is ThreadType.CUSTOMER


async def test_a_colleague_is_mentioned_in_a_note(given: Given, opening: Opening) -> None:
    await given.grant(given.inbox, await given.user("Ona", "Bell"))
    it = await given.conversation()
    page = await opening(f"/conversation/{it}")
    await write(page, "n")
    await page.keyboard.type("Please look, @on")
    await expect(page.get_by_role("option", name="Ona Bell")).to_be_visible()
    await page.keyboard.press("Enter")
    await page.keyboard.type("today")
    await page.get_by_role("button", name="Add note").click()
    await expect(page.locator(".toast")).to_contain_text("Noted")
    said = await newest(given, it)
    assert (said.type, said.body.replace("\xa0", " ").replace("&nbsp;", " ")) == (
        ThreadType.NOTE,
        "<p>Please look, @ona today</p>",
    )
    await expect(page.locator(".thread-note mark")).to_have_text("@ona")
    await expect(page).not_to_have_url(re.compile("told="))

    await page.locator("body").press("z")
    await expect(page.locator(".toast")).to_contain_text("Taken back")
    await expect(page.locator(".composer-edit")).to_contain_text("Please look")
    await expect(page.locator(".thread-note")).to_have_count(0)
    await page.locator("body").press("r")
    await expect(page.locator(".composer-edit")).to_be_focused()
    await page.keyboard.type("#")
    await expect(page.get_by_role("link", name="Write the first one")).to_be_visible()


async def test_what_looks_wrong_is_asked_and_somebody_answered_meanwhile(given: Given, opening: Opening) -> None:
    it = await given.conversation(customer=await hanna(given))
    page = await opening(f"/conversation/{it}")
    await write(page)
    await page.keyboard.type("Hello Marek, the label is attached.")
    await expect(page.locator(".saved")).to_contain_text("Saved")
    await given.thread(it, ThreadType.MESSAGE, "I have it already.", by=given.owner)
    await page.get_by_role("button", name="Send, keep active").click()

    await expect(page.get_by_text("Not sent: Ines Okafor wrote while you did.")).to_be_visible()
    await expect(page.locator(".stop article")).to_contain_text("I have it already.")
    await expect(page.locator(".guard li")).to_have_count(2)
    await expect(page.locator(".guard")).to_contain_text("It greets Marek, and goes to Hanna Lindqvist.")
    await expect(page.locator(".composer-edit")).to_contain_text("Hello Marek")
    await page.get_by_role("button", name="Greet Hanna").click()
    await expect(page.locator(".guard li")).to_have_count(1)
    await expect(page.locator(".composer-edit")).to_contain_text("Hello Hanna")
    await page.get_by_role("button", name="Send anyway").click()
    await expect(page.locator(".toast")).to_contain_text("Sent to Hanna Lindqvist")
    assert "Hello Hanna" in (await newest(given, it)).body


@pytest.mark.parametrize("kind", ["paste", "drop"])
async def test_hostile_text_that_is_brought_in_does_nothing(given: Given, opening: Opening, kind: str) -> None:
    it = await given.conversation()
    page = await opening(f"/conversation/{it}")
    await write(page)
    await page.evaluate(BRING, [kind, HOSTILE])
    editor = page.locator(".composer-edit")
    await expect(editor).to_contain_text("kept")
    html = await editor.inner_html()
    assert not re.search(r"onclick|onerror=(?!alert\(6\)&gt;)|<script|<img|<iframe|<svg|<math|javascript:|style=", html), html
    await expect(page.locator(".saved")).to_contain_text("Saved")


async def test_two_tabs_that_write_lose_nothing(given: Given, opening: Opening) -> None:
    it = await given.conversation()
    one_tab, other = await opening(f"/conversation/{it}"), await opening(f"/conversation/{it}")
    for page in (one_tab, other):
        await write(page)
    await one_tab.keyboard.type("From the first tab")
    await expect(one_tab.locator(".saved")).to_contain_text("Saved")
    await other.keyboard.type("From the second tab")

    conflict = other.locator(".composer-conflict")
    await expect(conflict).to_contain_text("From the first tab")
    await other.get_by_role("button", name="Keep both").click()
    await expect(conflict).to_be_hidden()
    await expect(other.locator(".saved")).to_contain_text("Saved")
    await other.reload()
    await expect(other.locator(".composer-edit")).to_contain_text("From the first tab")
    await expect(other.locator(".composer-edit")).to_contain_text("From the second tab")
