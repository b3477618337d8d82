"""The first run up to the first letter that is answered, and the settings, in a real browser."""

from __future__ import annotations

import asyncio
import smtplib
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from playwright.async_api import Browser, FilePayload, Page, expect

from deskhand.app import App
from deskhand.mail.doors.receiver import Receiver
from deskhand.mail.processing import Processor
from deskhand.mail.sending.sender import MailSender
from deskhand.users import operations as users
from tests.browser.conftest import EMAIL, FORMS, PASSWORD, Opening, Seen, violations, watch
from tests.conftest import MovableClock
from tests.given import Given
from tests.kernel.test_pictures import png
from tests.mail.post import Here
from tests.mail.sending.peers import peer

LETTER = (
    b"From: Pavel Lund <pavel@mail.test>\r\nTo: help@desk.test\r\nMessage-ID: <1@mail.test>\r\n"
    b"Subject: Cracked hopper\r\n\r\nThe hopper has a crack.\r\n"
)


async def test_a_form_that_was_refused_can_be_used_by_everybody(opening: Opening, seen: Seen) -> None:
    page = await opening("/settings/users/new", form=FORMS[3])
    await page.get_by_label("First name").fill("Ona")
    await page.get_by_label("Last name").fill("Bell")
    await page.get_by_label("Email").fill(EMAIL)
    await page.get_by_role("button", name="Invite").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing was saved yet")
    await expect(page.get_by_label("First name")).to_have_value("Ona")
    assert await violations(page) == []
    seen.wrong = [each for each in seen.wrong if "409 (Conflict)" not in each]  # Chromium notes that a form was refused


async def test_a_theme_and_a_photo_of_ones_own(given: Given, opening: Opening) -> None:
    page = await opening("/me/theme", form=FORMS[0])
    await page.get_by_label("Dark").check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status")).to_have_text("Saved")
    await page.goto("/me")
    large = FilePayload(name="me.png", mimeType="image/png", buffer=png(600, 400))
    await page.get_by_label("A picture, PNG or JPEG").set_input_files(large)
    await expect(page.locator("canvas.avatar")).to_be_visible()
    await page.get_by_role("button", name="Use this photo").click()
    await expect(page.get_by_role("status")).to_have_text("Photo saved")
    await expect(page.locator("main .avatar img")).to_have_js_property("naturalWidth", 256)
    assert await page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


async def test_from_the_first_run_to_the_first_letter_answered(
    app: App, clock: MovableClock, chromium: Browser, served: str, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 64, parallelism=1)
    monkeypatch.setattr("deskhand.users.operations.passwords.HASHER", weak)
    async with Given(app).read() as view:
        token = await users.set_up_token(view, app.desk.seal)
    context = await chromium.new_context(base_url=served)
    page = await context.new_page()
    watch(page, served, seen)

    await page.goto(f"/setup/{token}")
    await page.get_by_label("First name").fill("Ines")
    await page.get_by_label("Email").fill("ines@desk.test")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Begin").click()
    await page.get_by_label("What your team calls it").fill("Help")
    await page.get_by_label("Its address").fill("help@desk.test")
    await page.get_by_role("button", name="Go on").click()
    assert await violations(page) == []
    await page.get_by_role("button", name="Begin empty").click()
    await page.get_by_role("link", name="Connect it now").click()
    async with peer() as sink:
        await connect_out(page, sink.port)
        await _letter_comes(app)
        await page.get_by_role("link", name="To the inbox").click()
        await page.get_by_role("link", name="Cracked hopper").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Cracked hopper")
        await page.locator("body").press("r")
        await expect(page.locator(".composer-edit")).to_be_focused()
        await page.keyboard.type("A new one leaves today.")
        await page.keyboard.press("Control+Enter")
        await expect(page.get_by_role("article").last).to_contain_text("A new one leaves today.")
        clock.move(timedelta(minutes=1))  # what was sent can be taken back for ten seconds
        assert await MailSender(app.desk).run_due() == 1
        (got,) = sink.got
    assert (got.recipients, got.message["In-Reply-To"]) == (["pavel@mail.test"], "<1@mail.test>")
    assert "A new one leaves today." in got.content.decode()
    await context.close()


async def connect_out(page: Page, port: int) -> None:
    """Fill in the second form: a server that knows this machine."""
    card = page.locator("form", has=page.get_by_role("heading", name="Mail out"))
    await card.get_by_label("Server", exact=True).fill("127.0.0.1")
    await card.get_by_label("Port", exact=True).fill(str(port))
    await card.get_by_label("Encryption").select_option("none")
    await card.get_by_label("Nobody signs in").check()
    await card.get_by_role("button", name="Connect and try").click()
    await expect(page.get_by_role("status")).to_contain_text("It works")


async def _letter_comes(app: App) -> None:
    """By SMTP, as another server brings it."""
    receiver = Receiver(app.desk, "127.0.0.1", 0)
    await receiver.open()

    def bring() -> None:
        with smtplib.SMTP("127.0.0.1", receiver.port) as line:
            line.sendmail("pavel@mail.test", ["help@desk.test"], LETTER)

    await asyncio.to_thread(bring)
    await receiver.close()
    await Processor(app.desk, pool=Here(app.desk.settings.blob_folder)).run_due()
