"""What machines do, watched in a real browser: a workflow is built, tried and seen at work; mail is refused and tried again."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Page, expect

from deskhand.app import App
from deskhand.conversations.model import Status
from deskhand.conversations.queries import one
from deskhand.mail.sending.sender import MailSender
from tests.browser.conftest import FORMS, Opening, Seen, violations
from tests.browser.test_settings import connect_out
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending.peers import peer
from tests.workflows.making import Workflows

REFUSED = "550 5.1.1 Nobody of this name"


async def test_a_workflow_is_built_tried_and_seen_at_work(given: Given, opening: Opening) -> None:
    await given.conversation(subject="Cracked hopper")
    page = await opening("/settings/workflows")
    await page.get_by_role("link", name="Make a workflow").click()
    await page.get_by_label("Name").fill("Hoppers")
    await page.get_by_label("Value").fill("hopper")
    await page.get_by_role("button", name="A group…").click()
    group = page.get_by_role("group", name="Group of conditions")
    await group.get_by_label("Field").select_option("Status")
    await group.get_by_label("Value").select_option("Active")
    await page.get_by_role("button", name="Or…").click()
    await expect(group.get_by_label("Field")).to_have_count(2)
    await group.get_by_role("button", name="Remove this condition").last.click()
    await expect(group.get_by_label("Field")).to_have_count(1)
    await page.get_by_label("What to do").select_option("Set the status")
    await page.get_by_label("Status", exact=True).select_option("Closed")
    await page.get_by_role("button", name="Try it").click()
    trial = page.get_by_role("region", name="Dry run")
    await expect(trial).to_contain_text("Set the status to Closed")
    await expect(page.locator("#trial")).to_be_in_viewport()
    await expect(page.get_by_label("Name")).to_have_value("Hoppers")
    assert await violations(page) == []

    await page.get_by_role("button", name="Make it").click()
    await expect(page.get_by_role("status")).to_contain_text("Hoppers is there now")
    it = await given.conversation(subject="Another hopper")
    await given.app.worker.run_due()
    async with given.read() as view:
        assert (await one.get(view, it)).status is Status.CLOSED
    await page.get_by_role("link", name="What it did").click()
    await page.get_by_text("Another hopper", exact=True).click()
    await expect(page.get_by_text("Subject contains “hopper”")).to_be_visible()
    await page.get_by_role("link", name="Conversation #2").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Another hopper")


async def test_one_is_built_without_scripts(given: Given, opening: Opening) -> None:
    page = await opening("/settings/workflows/new?type=manual", scripts=False)
    await page.get_by_label("Name").fill("Done with it")
    await page.get_by_role("button", name="And…").click()
    await page.get_by_label("Field").select_option("Status")
    await page.get_by_role("button", name="Take what was chosen").click()
    await page.get_by_label("Value").select_option("Active")
    await page.get_by_label("What to do").select_option("Write a note")
    await page.get_by_role("button", name="Take what was chosen").click()
    await page.get_by_label("Text", exact=True).fill("Looked at.")
    await page.get_by_label("Name").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("Done with it is there now")


async def test_everybody_can_watch_machines(given: Given, opening: Opening) -> None:
    workflows = Workflows(given)
    when = [{"any": [{"field": "subject", "comparison": "contains", "value": "hopper"}]}]
    workflow_id = await workflows.make({"type": "assign-in-turn", "users": [given.owner]}, when=when)
    await given.conversation(subject="Cracked hopper")
    await workflows.work()
    page = await opening("/settings/workflows", form=FORMS[3])
    start = f"/settings/workflows/{workflow_id}"
    for place in (start, f"{start}/runs", f"{start}/why?number=1", "/conversation/1/workflows", "/settings/workflows"):
        await page.goto(place)
        assert await violations(page) == [], place
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{place} is too wide"


async def test_mail_is_refused_told_and_tried_again(
    app: App, given: Given, clock: MovableClock, opening: Opening, seen: Seen
) -> None:
    pavel = await given.customer("pavel@mail.test")
    it = await given.conversation(subject="Cracked hopper", customer=pavel)
    page = await opening(f"/settings/inboxes/{given.inbox}/mail")
    async with peer() as sink:
        await connect_out(page, sink.port)
        sink.to_recipient = lambda address: REFUSED if address == "pavel@mail.test" else "250 OK"
        await answer(page, it)
        clock.move(timedelta(minutes=1))  # what was sent can be taken back for ten seconds
        await MailSender(app.desk).run_due()

        await page.goto("/mail/queue?state=failed")
        row = page.get_by_role("row", name="pavel@mail.test")
        await expect(row).to_contain_text("Nobody of this name")
        assert await violations(page) == []
        sink.to_recipient = lambda address: "250 OK"
        await row.get_by_role("button", name="Try now").click()
        await expect(page.get_by_role("status")).to_contain_text("It is tried now")
        assert await MailSender(app.desk).run_due() == 1
        await page.goto("/mail/queue?state=failed")
        await expect(page.get_by_role("heading", name="Nothing failed")).to_be_visible()
        (got,) = [each for each in sink.got if "pavel@mail.test" in each.recipients]
    assert "A new one leaves today." in got.content.decode()


async def answer(page: Page, conversation_id: int) -> None:
    """Reply to a conversation."""
    await page.goto(f"/conversation/{conversation_id}")
    await page.get_by_role("radio", name="Reply").check()
    await page.get_by_label("Your answer").fill("A new one leaves today.")
    await page.get_by_role("button", name="Send, keep active").click()
    await expect(page.get_by_role("article").last).to_contain_text("A new one leaves today.")
