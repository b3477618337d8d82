"""What people do with the pages, in a real browser, as they would: by what they read on them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import fields
from deskhand.conversations.queries import one
from deskhand.ratings import operations as ratings
from tests.browser.conftest import FORMS, Opening, violations
from tests.given import Given

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)><svg/onload=alert(3)>"
LETTERS = [
    HOSTILE,
    '<p style="background:url(https://spy.test/a.png)">x</p><img src="https://spy.test/b.gif">'
    '<link rel=stylesheet href="//spy.test/c.css">',
    '<iframe src="https://spy.test/"></iframe><form action="https://spy.test/"><input autofocus onfocus=alert(4)></form>',
    '<a href="javascript:alert(5)">x</a><math><mtext><table><mglyph><style><img src=x onerror=alert(6)></style></mglyph>'
    "</table></mtext></math>",
    '<div style="position:fixed;inset:0">covers</div><meta http-equiv="refresh" content="0;url=https://spy.test/">',
]


@pytest.mark.parametrize("scripts", [True, False])
async def test_a_letter_is_read_answered_and_closed(given: Given, opening: Opening, scripts: bool) -> None:
    it = await given.conversation(subject="Cracked hopper", text="The hopper has a crack.")
    page = await opening(scripts=scripts)
    await page.get_by_role("link", name="Cracked hopper").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cracked hopper")
    await expect(page.get_by_text("The hopper has a crack.", exact=True).last).to_be_visible()

    await page.get_by_role("radio", name="Reply").check()
    await page.get_by_label("Your answer").fill("A new one leaves today.")
    await page.get_by_label("Choose the status after sending").click()
    await page.get_by_role("form", name="Answer").get_by_role("button", name="Close").click()

    await expect(page.locator(".toast")).to_contain_text("Sent to Pavel Lund")
    await expect(page.get_by_role("article").last).to_contain_text("A new one leaves today.")
    async with given.read() as view:
        assert (await one.get(view, it)).status is Status.CLOSED


async def test_a_note_is_taken_by_the_keyboard_alone(given: Given, opening: Opening) -> None:
    it = await given.conversation()
    page = await opening(f"/conversation/{it}")
    await page.get_by_role("radio", name="Reply").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator(".composer-edit")).to_be_visible()  # a quicker hand sends what the plain field has
    await page.get_by_label("Your answer").focus()
    await page.keyboard.type("Only for us.")
    await page.keyboard.press("Control+Enter")

    await expect(page.locator(".toast")).to_contain_text("Noted")
    async with given.read() as view:
        newest = next(each for each in await view.all(one.THREADS, conversation_id=it) if each.type is not ThreadType.LINE_ITEM)
    assert (newest.type, newest.body) == (ThreadType.NOTE, "<p>Only for us.</p>")


async def test_a_queue_is_worked_off_by_the_keyboard_alone(given: Given, opening: Opening) -> None:
    ids = [await given.conversation(subject=each) for each in ("Third", "Second", "First")]
    page = await opening()
    keyboard = page.keyboard
    await keyboard.press("j")
    await keyboard.press("j")
    await keyboard.press("k")
    await keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("First")
    await keyboard.press("n")
    await keyboard.type("j is only a letter here, and so is c.")
    await keyboard.press("Control+Enter")
    await expect(page.locator(".toast")).to_contain_text("Noted")
    await keyboard.press("j")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Second")
    await keyboard.press("c")
    await expect(page.locator(".toast")).to_have_text(re.compile("Set to Closed"))
    await keyboard.press("z")
    await expect(page.locator(".toast")).to_have_text(re.compile("Set to Active"))
    await keyboard.press("z")
    await expect(page.locator(".toast")).to_have_text(re.compile("Set to Closed"))
    await keyboard.press("u")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Unassigned")
    await keyboard.press("?")
    await expect(page.get_by_role("heading", level=1)).to_have_text("All keys")
    async with given.read() as view:
        closed = [(await one.get(view, each)).status is Status.CLOSED for each in ids]
    assert closed == [False, True, False]


@pytest.mark.parametrize("scripts", [True, False])
async def test_below_1200_pixels_the_customer_is_a_drawer(given: Given, opening: Opening, scripts: bool) -> None:
    field = await given.field("Order number", "singleline")
    it = await given.conversation(subject="Cracked hopper")
    page = await opening(f"/conversation/{it}", form=FORMS[2], scripts=scripts)
    drawer = page.get_by_role("complementary", name="Customer")
    opens = page.get_by_role("button", name="Customer Pavel Lund")
    await expect(drawer).to_be_hidden()

    await opens.click()
    close = drawer.get_by_role("button", name="Close")
    await expect(close).to_be_focused()
    if scripts:
        assert await violations(page) == []
        async with given.write(given.owner) as tx:
            await fields.set_fields(tx, it, [(field, "K-21362")])
        await expect(drawer).to_contain_text("K-21362")
        await page.keyboard.press("Escape")
    else:
        await close.click()
    await expect(drawer).to_be_hidden()
    await expect(opens).to_be_focused()


async def test_a_phone_reads_and_replies(given: Given, opening: Opening) -> None:
    await given.conversation(subject="Cracked hopper")
    page = await opening(form=FORMS[2])
    await page.get_by_role("link", name="Cracked hopper").click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.get_by_role("radio", name="Reply").check()
    await page.get_by_label("Your answer").fill("On its way.")
    await page.get_by_role("button", name="Send, keep active").click()
    await expect(page.get_by_role("article").last).to_contain_text("On its way.")

    await page.get_by_role("link", name="Back to Unassigned").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Unassigned")


async def test_a_search_leads_to_a_conversation_and_back(given: Given, opening: Opening) -> None:
    await given.conversation(subject="Cracked hopper")
    await given.conversation(subject="Another")
    page = await opening("/search")
    await page.get_by_label("Search all conversations").fill("hopper")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Cracked hopper").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cracked hopper")
    await page.go_back()
    await expect(page.get_by_label("Search all conversations")).to_have_value("hopper")


@pytest.mark.parametrize("text", LETTERS)
async def test_hostile_letters_do_nothing(given: Given, opening: Opening, text: str) -> None:
    customer = await given.customer("eve@mail.test", first=HOSTILE[:40], last=HOSTILE[40:80])
    it = await given.conversation(subject=HOSTILE, text=text, customer=customer)
    page = await opening(f"/conversation/{it}")
    await expect(page.get_by_role("article").first).to_be_visible()
    await page.wait_for_timeout(150)
    assert f"/conversation/{it}/" in page.url


async def test_a_search_completes_itself_and_opens_what_it_found(given: Given, opening: Opening) -> None:
    await given.conversation(subject="Cracked hopper", text="The hopper has a crack.", tags=["damaged"])
    page = await opening("/search")
    await page.get_by_label("Search all conversations").press_sequentially("hopper ta")
    await expect(page.get_by_role("option")).to_have_text(["tag: a tag"])
    await page.keyboard.press("Tab")
    await page.keyboard.type("dam")
    await expect(page.get_by_role("option")).to_have_text(["damaged"])
    assert await violations(page) == []
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Cracked hopper").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cracked hopper")


@pytest.mark.parametrize("form", FORMS, ids=["light", "dark", "light phone", "dark phone"])
async def test_everybody_can_use_the_pages(given: Given, opening: Opening, form: tuple[str, int, int]) -> None:
    it = await given.conversation(text="<p style='color:red'>A letter with mark-up of its own.</p>")
    await given.thread(it, ThreadType.MESSAGE, "Our answer.", user_id=given.owner)
    await given.thread(it, ThreadType.NOTE, "Only for us.", user_id=given.owner)
    stranger = await opening("/signin", form=form, signed_in=False)
    assert await violations(stranger) == []
    await stranger.goto("/forgot")
    assert await violations(stranger) == []
    page = await opening(form=form)
    for path in ("/", f"/conversation/{it}", "/search?q=parcel", "/search?q=nothing-like-it"):
        await page.goto(path)
        assert await violations(page) == [], path
    await page.goto(f"/conversation/{it}/1?write=reply")
    await page.get_by_role("button", name="Format").click()
    assert await violations(page) == [], "the open composer"


async def test_a_customer_rates_what_they_were_answered(given: Given, opening: Opening, served: str) -> None:
    it = await given.conversation(subject="Cracked hopper")
    said = await given.thread(it, ThreadType.MESSAGE, "A new one leaves today.", user_id=given.owner)
    async with given.write() as tx:
        link = await ratings.rating_link(tx, it, said, origin=served, days=7)
    stranger = await opening(link, signed_in=False)
    assert await violations(stranger) == []
    await stranger.get_by_text("Good", exact=True).click()
    await stranger.get_by_label("Anything to add?").fill("That was quick.")
    await stranger.get_by_role("button", name="Send rating").click()
    await expect(stranger.get_by_role("heading", name="Thank you")).to_be_visible()

    page = await opening("/reports/happiness")
    await expect(page.get_by_text("That was quick.")).to_be_visible()


async def test_an_owner_is_found_by_typing_and_a_tag_by_its_beginning(given: Given, opening: Opening) -> None:
    for name in ("Ada", "Joel", "Zoe"):
        await given.grant(given.inbox, await given.user(name))
    await given.conversation(subject="Other", tags=["refund"])
    it = await given.conversation(subject="Cracked hopper")
    page = await opening(f"/conversation/{it}")
    await page.keyboard.press("a")
    await page.keyboard.type("joel")
    await page.keyboard.press("Enter")
    await expect(page.locator(".toast")).to_contain_text("Assigned to Joel")
    await page.locator("body").press("t")
    await page.get_by_label("Add tags").press_sequentially("ref")
    await expect(page.locator("#add-tags-there option")).to_have_attribute("value", "refund")


async def test_everything_important_works_without_scripts(given: Given, opening: Opening) -> None:
    await given.grant(given.inbox, await given.user("Ona"))
    customer = await given.customer()
    it = await given.conversation(subject="Cracked hopper", customer=customer)
    await given.conversation(subject="Hopper again", customer=customer)
    page = await opening(f"/conversation/{it}", scripts=False)
    bar, told = page.get_by_role("group", name="Conversation"), page.locator(".told")

    await page.get_by_role("radio", name="Note").check()
    await page.get_by_label("Your answer").fill("Only for us.")
    await page.get_by_role("button", name="Add note").click()
    await expect(page.get_by_role("article").last).to_contain_text("Only for us.")
    await bar.get_by_title("Assign (a)").click()
    await bar.get_by_role("button", name="Ona").click()
    await expect(told).to_contain_text("Assigned to Ona")
    await page.locator(".conv-meta").get_by_title("Tag (t)").click()
    await page.get_by_label("Add tags").fill("refund, vip")
    await page.get_by_label("Add tags").press("Enter")
    await expect(page.locator(".conv-head .tag")).to_have_text(["refund", "vip"])
    await bar.get_by_title("Snooze (s)").click()
    await bar.get_by_role("button", name="Tomorrow").click()
    await expect(told).to_contain_text("Snoozed")
    await page.get_by_role("button", name="Undo").click()
    await expect(bar.get_by_title("Snooze (s)")).to_be_visible()

    await page.get_by_role("radio", name="Forward").check()
    await page.locator("[name=forward_to]").fill("maker@parts.test")
    await page.get_by_label("Your answer").fill("Do you have this part?")
    await page.get_by_role("button", name="Forward").last.click()
    await expect(page.get_by_role("article").last).to_contain_text("Do you have this part?")

    await bar.get_by_label("More acts").click()
    await bar.get_by_role("link", name="Merge").click()
    await page.get_by_role("link", name="Hopper again").click()
    await page.get_by_role("button", name="Merge").click()
    await expect(told).to_contain_text("merged into this one")

    await page.goto("/search?q=hopper")
    await page.get_by_text("Save as view").click()
    await page.get_by_label("Name").fill("Hoppers")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("link", name="Hoppers")).to_be_visible()
    await page.goto("/me/theme")
    await page.get_by_label("Dark").check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
