"""What is done to conversations: several at once, by the palette, and to one entry; in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from deskhand.conversations.model import Status
from deskhand.conversations.queries import one
from tests.browser.conftest import FORMS, Opening, violations
from tests.given import Given


async def statuses(given: Given, ids: list[int]) -> list[Status]:
    async with given.read() as view:
        return [(await one.get(view, each)).status for each in ids]


async def toast(page: Page, text: str) -> None:
    await expect(page.locator(".toast")).to_have_text(re.compile(text))


async def test_a_mornings_queue_by_the_keyboard_alone(given: Given, opening: Opening) -> None:
    ids = [await given.conversation(subject=each) for each in ("Fifth", "Fourth", "Third", "Second", "First")]
    page = await opening()
    key = page.keyboard.press
    await key("j")
    await key("x")
    await key("j")
    await key("j")
    await key("Shift+X")
    await expect(page.locator("#picked")).to_have_text("3 selected")
    await key("c")
    await toast(page, "3 conversations set to Closed")
    await expect(page.locator(".row")).to_have_count(2)
    await expect(page.locator(".bulk")).to_be_hidden()
    await key("z")
    await toast(page, "Taken back for 3 conversations")
    await expect(page.locator(".row")).to_have_count(5)

    await key("j")
    await key("p")  # the one that is focused
    await toast(page, "1 conversation set to Pending")
    await page.locator(".row-link").nth(1).focus()
    await key("o")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Second")
    await key("c")
    await toast(page, "Set to Closed")
    await expect(page.locator(".row")).to_have_count(4)
    await key("j")  # goes on from where the closed one was
    await expect(page.get_by_role("heading", level=1)).to_have_text("Third")
    await key("Control+k")
    await page.keyboard.type("spam")
    await expect(page.get_by_role("option", selected=True)).to_have_text(re.compile("Set to Spam"))
    await key("Enter")
    await toast(page, "1 conversation set to Spam")
    await key("j")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Fourth")
    await key("g")
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Merge #"))
    assert await statuses(given, ids) == [Status.ACTIVE, Status.ACTIVE, Status.SPAM, Status.CLOSED, Status.PENDING]


@pytest.mark.parametrize("scripts", [True, False])
async def test_from_a_search_to_closing_all_of_it_and_back(given: Given, opening: Opening, scripts: bool) -> None:
    ids = [await given.conversation(subject="Hopper") for _ in range(3)]
    page = await opening("/", scripts=scripts)
    await page.goto("/search?q=hopper")
    for box in await page.locator(".row-pick input").all():
        await box.check(force=True)
    await page.locator(".bulk").get_by_role("button", name="Close").click()
    await toast(page, "3 conversations set to Closed")
    assert set(await statuses(given, ids)) == {Status.CLOSED}
    await page.get_by_role("button", name="Undo").click()
    await toast(page, "Taken back for 3 conversations")
    assert set(await statuses(given, ids)) == {Status.ACTIVE}
    if scripts:
        for key in ("j", "x", "p"):
            await page.keyboard.press(key)
        await toast(page, "1 conversation set to Pending")
        assert "/search" in page.url
        await page.keyboard.press("z")
        await toast(page, "Taken back for 1 conversation")


async def test_keys_of_a_focused_row_and_from_page_to_page(
    given: Given, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskhand.ui.lists.SIZE", 2)
    await given.new_inbox("Wholesale")
    for each in ("Fourth", "Third", "Second", "First"):
        await given.conversation(subject=each)
    page = await opening(f"/inboxes/{given.inbox}")
    key, focused = page.keyboard.press, page.locator(".row-link:focus .row-subject")
    for each in ("First", "Second", "Third"):
        await key("j")
        await expect(focused).to_have_text(each)
    await key("k")
    await expect(focused).to_have_text("Second")
    await key("m")
    await expect(page.locator(".bulk .menu[open] .menu-title")).to_have_text("Move to")
    await key("Escape")
    await key("Escape")
    await page.locator(".row-link").nth(1).focus()
    await key("g")
    await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Merge #"))
    await page.go_back()
    await page.locator(".row-link").nth(1).focus()
    await key("n")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Second")
    await expect(page.get_by_role("radio", name="Note")).to_be_checked()
    await expect(page.locator(".composer-edit")).to_be_focused()


async def test_two_are_merged_and_an_entry_is_looked_at(given: Given, opening: Opening) -> None:
    customer = await given.customer()
    first = await given.conversation(subject="Hopper", customer=customer)
    await given.conversation(subject="Hopper, again", customer=customer)
    page = await opening()
    for box in await page.locator(".row-pick input").all():
        await box.check(force=True)
    await page.keyboard.press("g")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Make one conversation of these two?")
    assert await violations(page) == []
    await page.get_by_role("button", name="Merge").click()
    await page.wait_for_url(f"**/conversation/{first}/*")
    await toast(page, "was merged into this one")
    await expect(page.get_by_role("article")).to_have_count(2)
    await page.keyboard.press("z")
    await toast(page, "of its own again")


async def test_pictures_of_a_letter_are_shown_when_wanted(given: Given, opening: Opening) -> None:
    it = await given.conversation(text='<p style="color:red">Hi</p><img src="http://127.0.0.1:9/a.png" alt="A hopper">')
    page = await opening()
    await page.goto(f"/conversation/{it}")
    frame = page.frame_locator("iframe.letter")
    await expect(frame.get_by_text("Hi")).to_be_visible()
    async with page.expect_request("**/mail/remote/*"):
        await page.get_by_role("link", name="Show it").click()
    await expect(page.get_by_text("A picture is blocked")).to_be_hidden()


@pytest.mark.parametrize("form", [FORMS[0], FORMS[3]], ids=["light", "dark phone"])
async def test_everybody_can_use_these_too(given: Given, opening: Opening, form: tuple[str, int, int]) -> None:
    it = await given.conversation(text='<p style="color:red">Hi</p><img src="https://spy.test/a.png">')
    async with given.read() as view:
        thread = (await view.all(one.THREADS, conversation_id=it))[0].id
    await given.field("Order", "singleline")
    page = await opening(form=form)
    await page.locator(".row-pick input").first.check(force=True)
    assert await violations(page) == [], "the bar"
    await page.goto(f"/conversation/{it}")
    await page.get_by_label("Acts on this entry").click()
    assert await violations(page) == [], "an entry's menu"
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert await violations(page) == [], "the palette"
    for path in ("merge", f"threads/{thread}/edit", f"threads/{thread}/original"):
        await page.goto(f"/conversation/{it}/{path}")
        assert await violations(page) == [], path
    await page.goto(f"/palette?q=close&conversation={it}")
    assert await violations(page) == [], "the palette as a page"
