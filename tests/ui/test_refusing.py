"""Where there is no page: a page that says so, in the words of whoever asks; and what the API says stays the API's."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.app import App
from deskhand.kernel.errors import Unavailable
from deskhand.ui.door import FORM_BYTES
from deskhand.users import operations as users
from deskhand.users.operations import Profile
from tests.given import Given
from tests.ui.conftest import Browser, Browsing

HTML = {"Accept": "text/html,application/xhtml+xml;q=0.9"}


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/conversation/1/answer", 405)])
async def test_an_address_that_is_none_has_a_page(ines: Browser, path: str, status: int) -> None:
    answer = await ines.get(path, headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "There is no such page" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_it_is_in_the_words_of_whoever_asks(given: Given, ines: Browser, browsing: Browsing) -> None:
    stranger = await browsing(None)
    assert "Diese Seite gibt es nicht" in (await stranger.get("/nowhere", headers=HTML | {"Accept-Language": "de"})).text
    async with given.write(given.owner) as tx:
        profile = Profile(first_name="Ines", last_name="Okafor", language="de", timezone="UTC")
        await users.change_profile(tx, given.owner, profile)
    assert "Diese Seite gibt es nicht" in (await ines.get("/nowhere", headers=HTML | {"Accept-Language": "en"})).text


async def test_what_broke_says_so_with_its_number_and_no_details(ines: Browser, monkeypatch: Any) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("deskhand.ui.door.enter", broken)
    answer = await ines.get("/search", headers=HTML | {"Correlation-Id": "abc-1"})
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "<code>abc-1</code>" in answer.text
    assert "secret" not in answer.text


async def test_a_database_that_is_away_is_told_where_nobody_can_be_known(app: App, ines: Browser, monkeypatch: Any) -> None:
    async def away(*_: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(app.door, "visitor", away)
    answer = await ines.get("/search", headers=HTML)
    assert answer.status_code == 503
    assert "Not now" in answer.text


@pytest.mark.parametrize("path", ["/v2/nowhere", "/v3/nowhere", "/deskhand/v1/nowhere"])
async def test_the_api_answers_as_ever(ines: Browser, path: str) -> None:
    answer = await ines.get(path, headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/vnd.error+json")


async def test_a_script_is_no_browser(ines: Browser) -> None:
    assert (await ines.get("/nowhere", headers={"Accept": "*/*"})).json()["message"] == "Not found"


async def test_a_form_that_is_too_large_is_told_in_mb(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    answer = await ines.post(f"/conversation/{it}/subject", data={"subject": "x" * FORM_BYTES}, headers=HTML)
    assert answer.status_code == 413
    assert "A file may have 10 MB, a text 4 MB." in answer.text
