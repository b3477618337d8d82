"""What people are told: what they did and how to undo it, wherever they go; what could not be done; what others did."""

from __future__ import annotations

import re

from playwright.async_api import Page, Route, expect

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.queries import one
from deskhand.notifications import queries as notifications
from deskhand.users import operations as users
from deskhand.users.model import Occasion
from tests.browser.conftest import FORMS, Opening, Seen, hold, violations
from tests.browser.test_composer import newest, write
from tests.browser.test_live import listening
from tests.given import Given

DESKTOP = """
    window.shown = [];
    window.Notification = class {
        static get permission() { return localStorage.getItem('granted') ?? 'default'; }
        static async requestPermission() { localStorage.setItem('granted', 'granted'); return this.permission; }
        constructor(title, options) { window.shown.push([title, options.body]); }
    };
"""
HIDE = """(is) => {
    Object.defineProperty(document, 'hidden', {configurable: true, get: () => is});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


async def heading(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", level=1)).to_have_text(text)


async def test_what_was_done_is_undone_from_wherever_one_has_gone(given: Given, opening: Opening) -> None:
    _, second, first = [await given.conversation(subject=each) for each in ("Third", "Second", "First")]
    page = await opening("/")
    await page.get_by_role("link", name="First").click()
    await heading(page, "First")
    await page.evaluate("window.sameOne = true")
    await write(page)
    await page.keyboard.type("On its way.")
    await page.keyboard.press("Control+Enter")
    await page.keyboard.press("j")  # waits for what it is about
    await heading(page, "Second")
    await expect(page.locator(".toast")).to_contain_text("Sent to Pavel Lund")
    assert (await newest(given, first)).type is ThreadType.MESSAGE
    await page.keyboard.press("z")
    await expect(page.locator(".toast")).to_contain_text("Called back")
    await heading(page, "First")
    await expect(page.locator(".composer-edit")).to_have_text("On its way.")
    assert (await newest(given, first)).type is ThreadType.CUSTOMER

    await page.keyboard.press("j")
    await heading(page, "Second")
    await page.keyboard.press("c")
    await expect(page.locator(".toast")).to_contain_text("Set to Closed")
    await page.keyboard.press("j")
    await heading(page, "Third")
    await page.keyboard.press("z")
    await heading(page, "Second")
    await expect(page.locator(".toast")).to_contain_text("Set to Active")
    async with given.read() as view:
        assert (await one.get(view, second)).status is Status.ACTIVE
    assert await page.evaluate("window.sameOne")


async def test_what_could_not_be_done_is_said_and_nothing_typed_is_lost(given: Given, opening: Opening, seen: Seen) -> None:
    it = await given.conversation(subject="Cracked hopper")
    page = await opening(f"/conversation/{it}")
    answers = [("abort", "No connection: this was not done."), ("500", "Something went wrong: this was not done.")]

    async def fails(route: Route) -> None:
        how = answers[0][0]
        await (route.abort() if how == "abort" else route.fulfill(status=500, body="{}", content_type="application/json"))

    await page.route(re.compile(r"/(?:answer|status)$"), fails)
    await write(page, "n")
    await page.keyboard.type("Only for us.")
    while answers:
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("alert").filter(has_text=answers[0][1])).to_be_visible()
        await expect(page.locator(".composer-edit")).to_be_focused()
        await page.keyboard.press("Escape")
        await page.locator("body").press("p")
        await expect(page.get_by_role("alert").filter(has_text=answers[0][1])).to_be_visible()
        answers.pop(0)
        await page.locator(".composer-edit").focus()
    assert await violations(page) == []
    await page.unroute(re.compile(r"/(?:answer|status)$"))
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".toast")).to_contain_text("Noted")
    await expect(page.get_by_role("alert")).to_have_count(0)
    assert (await newest(given, it)).body == "<p>Only for us.</p>"
    seen.wrong = [each for each in seen.wrong if "ERR_FAILED" not in each and "500" not in each]


async def test_a_page_that_is_not_quick_says_that_it_comes(given: Given, opening: Opening) -> None:
    await given.conversation(subject="Cracked hopper")
    page = await opening("/")
    may_go = await hold(page, re.compile(r"/conversation/\d+/\d+\?"))
    await page.get_by_role("link", name="Cracked hopper").click()
    await expect(page.get_by_role("progressbar", name="Loading")).to_be_visible()
    may_go.set()
    await heading(page, "Cracked hopper")
    await expect(page.locator("#loading")).to_be_hidden()


async def test_the_bell_tells_what_others_did_and_the_desktop_while_nobody_looks(
    given: Given, opening: Opening, ines: int
) -> None:
    async with given.write(ines) as tx:
        await users.choose_notifications(tx, in_browser=list(Occasion), by_mail=[])
    page = await opening("/me/notifications", form=FORMS[2])
    await page.add_init_script(DESKTOP)
    await page.clock.install()
    await page.reload()
    await page.get_by_role("button", name="Show notifications on this device").click()
    await expect(page.get_by_role("button", name="Do not show them any more")).to_be_visible()
    assert await page.evaluate("window.shown") == [["You are told here from now on.", ""]]
    assert await violations(page) == []

    await page.goto("/notifications")
    await listening(page)
    it = await given.conversation(subject="Cracked hopper")
    await expect(page.locator("[data-bell]").last).to_have_text("1")
    await expect(page.get_by_role("link", name="Ines Okafor began a conversation")).to_be_visible()
    assert await violations(page) == []
    async with page.expect_response(re.compile("/notifications/news")):
        await page.evaluate(HIDE, True)
    await given.thread(it, ThreadType.CUSTOMER, "Any news?")
    async with page.expect_response(re.compile("/notifications/news")):
        await page.clock.run_for(25_000)
    await page.wait_for_function("window.shown.length")
    assert await page.evaluate("window.shown") == [["Ines Okafor replied, and it is nobody's", "Cracked hopper"]]

    await page.evaluate(HIDE, False)
    await page.get_by_role("link", name="replied, and it is nobody's").click()
    await heading(page, "Cracked hopper")
    await page.clock.run_for(3_000)
    await expect(page.locator("[data-bell]").first).to_have_text("")
    async with given.read(ines) as view:
        assert await notifications.unread(view) == 0
