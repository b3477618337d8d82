"""Search pages: hits with their words marked, completion, and views; each without scripts."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

from deskhand.conversations.model import ThreadType
from deskhand.conversations.queries.fields import FIELDS
from deskhand.kernel.storage.fulltext import Word, Words
from deskhand.kernel.words import Words as Spoken
from deskhand.ui.completing import hints
from deskhand.ui.hits import Marker, Piece
from tests.given import Given
from tests.ui.conftest import Browser, Browsing

HOSTILE = "<script>alert(1)</script>"


def marked(page: str) -> list[str]:
    return re.findall(r"<mark>(.*?)</mark>", page)


def options(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'data-text="([^"]*)"', page)]


async def search(browser: Browser, query: str, **more: str) -> str:
    found = await browser.get("/search?" + urlencode({"q": query} | more))
    assert found.status_code == 200
    return found.text


async def test_hits_are_entries_with_the_words_marked(given: Given, ines: Browser) -> None:
    it = await given.conversation(subject="Grinder", text="My <b>hopper</b> has a crack.")
    await given.thread(it, ThreadType.NOTE, "Three Hoppers are left.")
    await given.conversation(subject="Another")

    page = await search(ines, "hopper*")
    assert marked(page) == ["Hoppers", "hopper"]
    assert "1 conversation<" in page
    assert "Another" not in page


async def test_a_conversation_whose_subject_has_the_word_is_a_hit_of_its_own(given: Given, ines: Browser) -> None:
    await given.conversation(subject="Cracked hopper", text="It is broken.")
    assert marked(await search(ines, "hopper")) == ["hopper"]


async def test_what_cannot_be_searched_for_is_told_in_words(ines: Browser) -> None:
    assert "did you mean subject?" in await search(ines, "subjekt:hopper")
    assert "cannot be searched for" in await search(ines, 'subject:"never closed')


async def test_nothing_of_another_inbox_is_found_or_named(given: Given, browsing: Browsing) -> None:
    out = await given.user("Out")
    await given.grant(await given.new_inbox("Other"), out)
    await given.conversation(subject="Cracked hopper")
    browser = await browsing(out)

    page = await search(browser, "hopper")
    assert "Nothing was found" in page
    assert options((await browser.get("/search/complete?q=mailbox:")).text) == ["Other "]


async def test_hostile_text_is_text(given: Given, ines: Browser) -> None:
    await given.conversation(subject=f"hopper {HOSTILE}", text=f"hopper {html.escape(HOSTILE)}")
    assert HOSTILE not in await search(ines, "hopper")
    assert HOSTILE not in await search(ines, f'"{HOSTILE}"')


async def test_a_search_goes_on_with_fields_and_their_values(given: Given, ines: Browser) -> None:
    await given.user("Priya", "Raman")
    await given.conversation(tags=["damaged", "dark roast"])

    async def after(query: str) -> list[str]:
        return options((await ines.get("/search/complete?" + urlencode({"q": query}))).text)

    assert await after("hopper assi") == ["assigned:", "assignedId:"]
    assert await after("tag:da") == ["damaged ", '"dark roast" ']
    assert await after("(assigned:ram") == ['"Priya Raman" ']
    assert await after("status:p") == ["pending "]
    assert await after("hopper ") == []


def test_each_field_says_what_it_means() -> None:
    from datetime import UTC, datetime

    told = {each.casefold() for each in hints(Spoken(datetime.now(UTC)))}
    assert {name for name, (proper, _) in FIELDS.named.items() if proper.casefold() == name} == told - {"customfield."}


def test_a_snippet_stands_around_the_first_word() -> None:
    marker = Marker([Words((Word("hopper"),))])
    text = "word " * 60 + "hopper " + "more " * 60
    pieces = marker.pieces(text, around=20)
    assert pieces[0] == pieces[-1] == Piece("…")
    assert pieces[2] == Piece("hopper", marked=True)
    assert len("".join(each.text for each in pieces)) < 80
    assert marker.pieces("no such word", around=20) == [Piece("no such word")]


async def test_a_search_is_saved_as_a_view_looked_at_and_deleted(given: Given, ines: Browser) -> None:
    await given.conversation(subject="Cracked hopper")
    saved = await ines.post("/views", data={"name": "Hoppers", "q": "hopper", "everybody": "yes"})
    to = saved.headers["location"]
    page = (await ines.get(to)).text
    assert "Cracked hopper" in page
    assert page.count(f'href="{to}"'.replace("/", "&#x2f;")) + page.count(f'href="{to}"') >= 1
    assert "Undo" in page

    deleted = await ines.post(f"{to}/delete")
    assert deleted.headers["location"] == "/search?q=hopper"
    assert (await ines.get(to)).status_code == 404


async def test_a_conversation_opened_from_a_view_stands_beside_it(given: Given, ines: Browser) -> None:
    it = await given.conversation(subject="Cracked hopper")
    await given.conversation(subject="Another")
    to = (await ines.post("/views", data={"name": "Hoppers", "q": "hopper"})).headers["location"]
    page = await ines.get(f"/conversation/{it}", follow_redirects=True)
    page = await ines.get(str(page.url), params={"view": to.rpartition("/")[2]})
    assert "Hoppers" in page.text
    assert "Another" not in page.text


async def test_a_view_without_a_name_is_refused(ines: Browser) -> None:
    assert (await ines.post("/views", data={"name": " ", "q": "hopper"})).status_code == 400
