"""What one is told in the browser: the bell on every page, the list behind it, and how it gets read."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from deskhand.app import App
from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import changing
from deskhand.notifications import queries
from deskhand.users.model import Occasion
from tests.given import Given
from tests.notifications.conftest import Told
from tests.ui.conftest import Browser, Browsing
from tests.ui.test_live import opened

JSON = {"Accept": "application/json"}


async def bell(browser: Browser, path: str = "/keys") -> str:
    found = re.search(r"<span data-bell>([^<]*)</span>", (await browser.get(path)).text)
    assert found
    return found[1]


async def test_the_bell_counts_and_the_list_leads_to_what_was_said(given: Given, browsing: Browsing) -> None:
    ona = await Told(given).worker("Ona", *Occasion)
    browser = await browsing(ona)
    assert "Nothing yet" in (await browser.get("/notifications")).text

    it = await given.conversation(subject="<b>Hopper</b>")
    note = await given.thread(it, ThreadType.NOTE, "@ona?")
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=ona)

    assert [await bell(browser, path) for path in ("/keys", "/settings", "/notifications")] == ["3"] * 3
    text = (await browser.get("/notifications")).text
    said = re.findall(r'<span class="told-said" dir="auto">([^<]*)</span>', text)
    assert said == ["Ines Okafor assigned it to you", "Ines Okafor mentioned you", "Ines Okafor began a conversation"]
    assert f'href="/conversation/{it}/1#thread-{note}"' in unescape(text)
    assert "&lt;b&gt;Hopper" in text


async def test_what_nobody_did_is_told_without_a_name(given: Given, browsing: Browsing) -> None:
    ona = await Told(given).worker("Ona", *Occasion)
    it = await given.conversation()
    async with given.write() as tx:
        await changing.assign(tx, it, to=ona)
    assert "It is yours now" in (await (await browsing(ona)).get("/notifications")).text


async def test_they_are_read_one_by_one_or_all(given: Given, browsing: Browsing) -> None:
    ona = await Told(given).worker("Ona", Occasion.NEW_CONVERSATION)
    for _ in range(3):
        await given.conversation()
    browser = await browsing(ona)
    text = (await browser.get("/notifications")).text
    up_to = re.search(r'name="up_to" value="(\d+)"', text)
    one = re.search(r'action="(/notifications/\d+/read)"', text)
    assert up_to
    assert one
    await given.conversation()  # after the page was made

    assert (await browser.post(one[1])).headers["location"] == "/notifications"
    assert await bell(browser) == "3"
    assert "All are read" in (await browser.post("/notifications/read", data={"up_to": up_to[1]}, follow_redirects=True)).text
    assert await bell(browser) == "1"
    assert (await browser.post("/notifications/read")).status_code == 400
    assert (await (await browsing(given.owner)).post(one[1])).status_code == 404


async def test_older_ones_are_on_further_pages(given: Given, browsing: Browsing, monkeypatch: Any) -> None:
    monkeypatch.setattr("deskhand.ui.pages.notifications.SIZE", 2)
    ona = await Told(given).worker("Ona", Occasion.NEW_CONVERSATION)
    for subject in ("First", "Second", "Third"):
        await given.conversation(subject=subject)
    browser = await browsing(ona)
    older = re.search(r'rel="next" href="([^"]*)"', (await browser.get("/notifications")).text)
    assert older
    text = (await browser.get(unescape(older[1]))).text
    assert [each in text for each in ("First", "Second", "Third")] == [True, False, False]


async def test_whoever_is_at_a_conversation_has_read_what_they_were_told_of_it(given: Given, browsing: Browsing) -> None:
    ona = await Told(given).worker("Ona", Occasion.NEW_CONVERSATION)
    it, _ = await given.conversation(), await given.conversation()
    browser = await browsing(ona)
    await browser.get(f"/conversation/{it}/1")
    assert await bell(browser) == "2"  # it may only have been fetched ahead

    await browser.post(f"/conversation/{it}/here", data={"writing": "no"})

    assert await bell(browser) == "1"
    async with given.read(ona) as view:
        assert [each.conversation_id == it for each in await queries.page(view, 9) if each.read_at] == [True]


async def test_a_script_asks_for_what_came_since(given: Given, browsing: Browsing) -> None:
    ona = await Told(given).worker("Ona", Occasion.NEW_CONVERSATION)
    browser = await browsing(ona)
    assert (await browser.get("/notifications/news", headers=JSON)).json() == {"last": 0, "told": []}
    await given.conversation(subject="Old")
    last = (await browser.get("/notifications/news", headers=JSON)).json()["last"]
    it = await given.conversation(subject="New")

    found = (await browser.get(f"/notifications/news?after={last}", headers=JSON)).json()

    href = f"/conversation/{it}/2"
    told = {"id": last + 1, "title": "Ines Okafor began a conversation", "body": "New", "href": href}
    assert found == {"last": last + 1, "told": [told]}


async def test_the_bell_of_an_open_page_keeps_up(app: App, given: Given, browsing: Browsing) -> None:
    ona = await Told(given).worker("Ona", Occasion.NEW_CONVERSATION)
    page = await opened(app, given, ona, given.inbox)
    await page.until('event: bell\ndata: ""')

    it = await given.conversation()
    await page.until('event: bell\ndata: "1"')
    await (await browsing(ona)).post(f"/conversation/{it}/here", data={"writing": "no"})
    await page.until_told(r'data: "1"\n(?s:.*)event: bell\ndata: ""')
    await page.leave()
