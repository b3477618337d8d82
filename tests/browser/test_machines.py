"""What machines do, watched in a real browser: a workflow is built, tried and seen at work; mail is refused and tried again."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Page, expect

from deskhand.app import App
from deskhand.conversations.model import Status
from deskhand.conversations.queries import one
from deskhand.mail.doors.imap import Fetcher
from deskhand.mail.processing import Processor
from deskhand.mail.sending.sender import MailSender
from tests.browser.conftest import FORMS, Opening, violations
from tests.browser.test_settings import connect_out
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.post import Here
from tests.mail.sending.peers import peer
from tests.mail.servers import PASSWORD as BOX_PASSWORD
from tests.mail.servers import USER, dovecot
from tests.mail.test_reporting import report
from tests.workflows.making import Workflows

REFUSED = "550 5.1.1 Nobody of this name"
RETURNED = (
    "From: MAILER-DAEMON@mx.test\nTo: help@desk.test\nSubject: Delivery Status Notification\nMIME-Version: 1.0\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\n\n'
)


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


async def test_an_inbox_is_connected_a_letter_comes_back_and_is_sent_again(
    app: App, given: Given, clock: MovableClock, opening: Opening
) -> None:
    pavel = await given.customer("pavel@mail.test")
    it = await given.conversation(subject="Cracked hopper", customer=pavel)
    with dovecot() as box:
        page = await opening(f"/settings/inboxes/{given.inbox}/mail")
        await connect_in(page, box.port)
        async with peer() as sink:
            await connect_out(page, sink.port)
            await answer(page, it)
            clock.move(timedelta(minutes=1))  # what was sent can be taken back for ten seconds
            assert await MailSender(app.desk).run_due() == 1
            (got,) = sink.got
            await expect(page.get_by_text("To pavel@mail.test: taken by their mail server")).to_be_visible()

            parts = report(message_id=got.id, address="pavel@mail.test", diagnostic=REFUSED)
            box.deliver((RETURNED + parts).encode())
            await Fetcher(app.desk).run_due()
            await Processor(app.desk, pool=Here(app.desk.settings.blob_folder)).run_due()
            await expect(page.get_by_text("It did not reach one recipient")).to_be_visible()
            await expect(page.get_by_text(REFUSED).first).to_be_visible()

            await page.goto("/mail/queue?state=failed")
            row = page.get_by_role("row", name="pavel@mail.test")
            await expect(row).to_contain_text("Nobody of this name")
            assert await violations(page) == []
            await row.get_by_role("button", name="Try now").click()
            await expect(page.get_by_role("status")).to_contain_text("It is tried now")
            await MailSender(app.desk).run_due()
            await page.goto("/mail/queue?state=failed")
            await expect(page.get_by_role("heading", name="Nothing failed")).to_be_visible()
    again = [each for each in sink.got if each.recipients == ["pavel@mail.test"]]
    assert [("A new one leaves today." in each.content.decode(), each.id) for each in again] == [(True, got.id)] * 2


async def connect_in(page: Page, port: int) -> None:
    """Fill in the first form: a box on this machine."""
    card = page.locator("form", has=page.get_by_role("heading", name="Mail in"))
    await card.get_by_label("Server", exact=True).fill("127.0.0.1")
    await card.get_by_label("Port", exact=True).fill(str(port))
    await card.get_by_label("Encryption").select_option("none")
    await card.get_by_label("User", exact=True).fill(USER)
    await card.get_by_label("Password").fill(BOX_PASSWORD)
    await card.get_by_role("button", name="Connect and try").click()
    await expect(page.get_by_role("status")).to_contain_text("It works")


async def answer(page: Page, conversation_id: int) -> None:
    """Reply to a conversation."""
    await page.goto(f"/conversation/{conversation_id}")
    await page.get_by_role("radio", name="Reply").check()
    await page.get_by_label("Your answer").fill("A new one leaves today.")
    await page.get_by_role("button", name="Send, keep active").click()
    await expect(page.get_by_role("article").last).to_contain_text("A new one leaves today.")
