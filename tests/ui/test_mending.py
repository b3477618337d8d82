"""What looks wrong before an answer goes is put right by one button, without scripts."""

from __future__ import annotations

import re
from html import unescape

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations.mending import greeted, without
from tests.given import Given
from tests.ui.conftest import Browser
from tests.ui.test_answering import hanna, page_of, said, writing


async def mended(browser: Browser, it: int, page: str, label: str, **typed: str) -> str:
    """The page after pressing the button with this label in the composer of a page."""
    composer = page.partition("<desk-composer")[2]
    button = re.search(rf'name="mend" value="([^"]*)">{re.escape(label)}</button>', composer)
    assert button, composer
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", composer, re.DOTALL)
    version = re.search(r'name="version_reply" value="(\d+)"', composer)
    assert text
    assert version
    form = {"kind": "reply", "text": text[1], "version_reply": version[1], "mend": button[1]} | typed
    return await page_of(browser, await browser.post(f"/conversation/{it}/answer", data=form))


@pytest.mark.parametrize(
    ("text", "label", "typed", "after"),
    [
        ("Hello Marek, Marek is away.", "Greet Hanna", {}, "Hello Hanna, Marek is away."),
        ("Use it before {%return.deadline%}, please.", "Take it out", {}, "Use it before, please."),
        ("By {%day%}", "Fill it in", {"fill:{%day%}": "<Friday>"}, "By <Friday>"),
    ],
)
async def test_words_are_put_right(
    given: Given, ines: Browser, text: str, label: str, typed: dict[str, str], after: str
) -> None:
    it = await hanna(given)
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data={"kind": "reply", "text": text}))
    page = await mended(ines, it, page, label, **typed)
    assert f">{after}</textarea>" in unescape(page)
    assert 'class="guard"' not in page
    assert len(await said(given, it)) == 1


async def test_recipients_are_those_of_now_or_those_it_was_begun_with(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    await given.thread(it, ThreadType.MESSAGE, "First.", by=given.owner, cc=["elin@x.test"])
    kept = {"kind": "reply", "text": "Second.", "do": "keep"}
    await ines.post(f"/conversation/{it}/answer", data=kept)
    await given.thread(it, ThreadType.MESSAGE, "Meanwhile.", by=given.owner, cc=["otto@x.test"])
    form = {"kind": "reply", "text": "Second.", "to": "hanna@mail.test", "cc": "elin@x.test"}
    form["version_reply"] = str((await writing(given, it)).version)
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))
    page = await mended(ines, it, page, "Take hanna@mail.test, otto@x.test, as it is now")
    assert (await writing(given, it)).cc == ["otto@x.test"]
    assert 'class="guard"' not in page

    form |= {"version_reply": str((await writing(given, it)).version), "cc": ""}
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data=form))
    await mended(ines, it, page, "Take hanna@mail.test, elin@x.test, as it was")
    assert (await writing(given, it)).cc == ["elin@x.test"]


async def test_a_file_can_be_chosen_where_one_is_missed_and_enter_only_keeps(given: Given, ines: Browser) -> None:
    it = await hanna(given)
    page = await page_of(ines, await ines.post(f"/conversation/{it}/answer", data={"kind": "reply", "text": "It is attached."}))
    assert '<label class="button button-small" for="c-files">Attach a file</label>' in page
    assert 'id="c-files" type="file"' in page
    first = re.search(r'<button[^>]*type="submit"[^>]*>', page.partition("<desk-composer")[2])
    assert first
    assert 'name="do" value="keep" hidden' in first[0]
    assert (await ines.post(f"/conversation/{it}/answer", data={"kind": "note", "text": "x", "mend": "all"})).status_code == 400


def test_only_words_are_put_right_and_no_marks() -> None:
    assert greeted('<p title="Ada">Dear <b>Ada</b>, Adam and Ada</p>', "Ada", "<Bo>") == (
        '<p title="Ada">Dear <b>&lt;Bo&gt;</b>, Adam and Ada</p>'
    )
    assert without("<p>a&amp;b {{x&amp;y}}.</p>", "{{x&y}}") == "<p>a&amp;b.</p>"
