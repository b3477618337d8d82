"""Every page there is, from the list of routes, full of hostile text: nobody is shut out of one (axe), none is too
wide, and nothing in one acts.

Each page in one form: light or dark, wide or on a phone, in turn. ``DESKHAND_EVERY_FORM=1`` looks at each in all four.
"""

from __future__ import annotations

import os

import pytest
from playwright.async_api import Error, Page

from deskhand.conversations.queries.folders import of_inbox
from deskhand.kernel import languages
from deskhand.kernel.http.routes import handlers
from deskhand.kernel.languages import Language
from deskhand.mail.model import Options
from deskhand.mail.operations import inboxes as mail
from deskhand.ui import routes
from tests.browser.conftest import FORMS, Opening, Seen, violations
from tests.browser.hostile import fill
from tests.given import Given
from tests.ui.test_access import OPEN, STREAMS, things

PIECES = (
    "/writing",
    "/recipients",
    "/people",
    "/replies",
    "/files/{fileId}",
    "/answer",
    "/body",
    "/complete",
    "/original",
    "/photo",
    "/live",
    "/news",
    "/palette",
)
"""What scripts ask for, and files: no pages of their own."""
EVERY_FORM = os.environ.get("DESKHAND_EVERY_FORM") == "1"
FRAMES_MILLISECONDS = 250


def _is_page(name: str) -> bool:
    method, _, path = name.partition(" ")
    stands_alone = not any(path.endswith(each) or f"{each}/" in path for each in PIECES)
    return method == "GET" and name not in OPEN | STREAMS and stands_alone


PAGES = [path for path, handler in handlers(routes.ROUTERS) if _is_page(f"{handler.endpoint.method} {path}")]


@pytest.mark.parametrize("number", range(len(FORMS)), ids=["light", "dark", "light phone", "dark phone"])
async def test_everybody_can_use_each_page_and_nothing_in_it_acts(
    given: Given, opening: Opening, seen: Seen, number: int
) -> None:
    await fill(given)
    async with given.write() as tx:
        await mail.want(tx, given.inbox, Options())
    ids = await things(given, await given.team("Returns", []), all_of_them=True)
    page = await opening("/keys", form=FORMS[number])
    wrong: dict[str, list[str]] = {}
    for path in PAGES if EVERY_FORM else PAGES[number :: len(FORMS)]:
        found = await _look(page, path, ids)
        if found:
            wrong[path] = found
    assert wrong == {}
    assert seen.wrong == []


async def test_pages_that_are_written_from_right_to_left_are_no_wider(
    given: Given, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(languages.LANGUAGES, "he", Language("he", "עברית", "he"))
    await fill(given)
    ids = await things(given, await given.team("Returns", []), all_of_them=True)
    page = await opening("/keys", form=FORMS[2], locale="he")
    wide: list[str] = []
    for path in PAGES if EVERY_FORM else PAGES[2::6]:
        await page.goto(_address(path, ids))
        shown = await page.evaluate("[document.dir, document.documentElement.scrollWidth <= innerWidth]")
        wide += [] if shown == ["rtl", True] else [path]
    assert wide == []


async def test_no_hostile_letter_acts(given: Given, opening: Opening, seen: Seen) -> None:
    await fill(given)
    async with given.read(given.owner) as view:
        (folder, *_) = await of_inbox(view, given.inbox)
    page = await opening(f"/inboxes/{given.inbox}/folders/{folder.folder.id}?sort=oldest")
    links = await page.locator(".row-link").evaluate_all("all => all.map(each => each.href)")
    assert len(links) > 10
    for link in links:
        await page.goto(link)
        await page.evaluate("for (const each of document.querySelectorAll('iframe')) each.loading = 'eager'")
        await page.wait_for_timeout(FRAMES_MILLISECONDS)
        assert page.url == link
    assert seen.wrong == []


def _address(path: str, ids: dict[str, int]) -> str:
    for name, value in ids.items():
        path = path.replace("{" + name + "}", str(value))
    return path


async def _look(page: Page, path: str, ids: dict[str, int]) -> list[str]:
    answer = await page.goto(_address(path, ids))
    assert answer is not None
    if answer.status != 200:
        return [f"answers {answer.status}"]
    too_wide = await page.evaluate("document.documentElement.scrollWidth > innerWidth")
    try:
        return [*await violations(page), *(["is too wide"] if too_wide else [])]
    except Error as error:
        return [str(error)]
