"""``script/screenshots``: the pictures of the README, of demo data, in a real browser."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bench import servers
from tests.browser.conftest import FLAGS, PROGRAMS

FOLDER = Path(__file__).parents[1] / "docs/screenshots"
CONVERSATIONS = 1500
WIDE, PHONE = (1440, 900), (390, 844)
YEAR = "?first=2026-09-01&last=2026-10-31"  # of the demo's year, which ends on 2026-11-01
# name, colours, size, address, and a link to follow there
PICTURES = [
    ("inbox", "light", WIDE, "/", ".row-link >> nth=1"),
    ("inbox-dark", "dark", WIDE, "/", ".row-link >> nth=1"),
    ("workflow", "light", WIDE, "/settings/workflows", "main a[href^='/settings/workflows/']:not([href*=new]) >> nth=0"),
    ("search", "light", WIDE, "/search?q=hopper+OR+refund", ""),
    ("reports", "light", WIDE, f"/reports/conversations{YEAR}", ""),
    ("customer", "light", WIDE, "/customers/7", ""),
    ("settings", "light", WIDE, "/settings", ""),
    ("phone-list", "light", PHONE, "/", ""),
    ("phone-conversation", "dark", PHONE, "/", ".row-link >> nth=1"),
]


async def take(home: str, told: dict[str, str]) -> None:
    """Every picture."""
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        program = next(found for each in PROGRAMS if (found := shutil.which(each)))
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        for name, colours, (width, height), address, link in PICTURES:
            page = await _signed_in(browser, home, told, colours, width, height)
            await page.goto(home + (await _busiest(page) if address == "/" else address))
            if link:
                await page.locator(link).click()
                await page.wait_for_load_state()
            await page.wait_for_timeout(1200)  # frames of letters, charts
            await page.screenshot(path=FOLDER / f"{name}.png")
            print(name)
            await page.context.close()
        await browser.close()


async def _signed_in(browser: Browser, home: str, told: dict[str, str], colours: str, width: int, height: int) -> Page:
    how = {"viewport": {"width": width, "height": height}, "color_scheme": colours, "locale": "en-GB"}
    page = await (await browser.new_context(**how)).new_page()  # type: ignore[arg-type]
    await page.goto(f"{home}/signin")
    await page.fill("#email", told["email"])
    await page.fill("#password", told["password"])
    await page.press("#password", "Enter")
    await page.wait_for_selector(".rows")
    return page


async def _busiest(page: Page) -> str:
    """The first folder of the inbox of support, which has most in it."""
    await page.goto(page.url.partition("/inboxes")[0] + "/menu")
    found = await page.locator(".folders a", has_text="Support").first.get_attribute("href")
    return found or "/"


def main() -> None:
    argparse.ArgumentParser(prog="script/screenshots", description=__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="deskhand-screenshots-") as folder:
        it = servers.account(Path(folder), CONVERSATIONS, "")
        told = json.loads((it.data / "demo.json").read_text())["users"][0]
        with servers.product(it) as server:
            asyncio.run(take(f"http://127.0.0.1:{server.port}", told))


if __name__ == "__main__":
    main()
