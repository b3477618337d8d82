"""An inbox is connected by signing in at a provider: what belongs to the question stays with who asked, and sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from deskhand.kernel.permissions import Role
from deskhand.mail.connecting import providers
from deskhand.mail.connecting.providers import Server
from deskhand.mail.model import Direction, Security
from deskhand.mail.queries import inboxes as queries
from deskhand.settings import Settings
from tests.given import Given
from tests.mail.tokens import Tokens, giving_tokens
from tests.ui.conftest import Browser, Browsing

FORM = {"form": "oauth", "provider": "google", "oauth-client": "our-app", "oauth-secret": "hush"}
BACK = "/settings/mail/answer"


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    here = ("127.0.0.0/8",)
    return Settings(data=str(tmp_path / "data"), database=address, outbound_networks=here, mail_networks=here)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tokens]:
    """Google, on this machine; nobody listens where its mail would be."""
    nowhere = Server("127.0.0.1", 9, Security.TLS)
    with giving_tokens() as made:
        google = msgspec.structs.replace(providers.PROVIDERS["google"], token_url=made.url, imap=nowhere, smtp=nowhere)
        monkeypatch.setitem(providers.PROVIDERS, "google", google)
        yield made


async def asked(given: Given, browser: Browser) -> dict[str, str]:
    """What the provider is asked, as its page would see it."""
    page = await browser.post(f"/settings/inboxes/{given.inbox}/mail/oauth", data=FORM)
    assert page.status_code == 200
    found = re.search(r'href="(https:[^"]*accounts\.google[^"]*)"', unescape(page.text))
    assert found
    return {name: values[0] for name, values in parse_qs(urlsplit(found[1]).query).items()}


async def test_who_agreed_there_is_connected_here(given: Given, ines: Browser, provider: Tokens) -> None:
    question = await asked(given, ines)
    assert question["redirect_uri"] == f"https://desk.test{BACK}"
    assert "hush" not in ines.cookies["deskhand_oauth"]
    back = await ines.get(BACK, params={"code": "given", "state": question["state"]})
    assert "Connect Help" in back.text
    assert provider.asked == []  # looking fetches nothing

    done = await ines.post(BACK, data={"code": "given", "state": question["state"]}, follow_redirects=True)

    assert "Saved, but it does not work yet" in done.text
    assert [(each["code"], each["client_secret"]) for each in provider.asked] == [("given", "hush")]
    async with given.read() as view:
        for direction in Direction:
            found = await view.one(queries.CONNECTION, inbox_id=given.inbox, direction=direction)
            assert found.oauth is not None
            assert (found.oauth.provider, found.oauth.client_id, found.username) == ("google", "our-app", "help@desk.test")
    assert (await ines.get(BACK)).status_code == 409  # once


async def test_another_answer_connects_nothing(given: Given, ines: Browser, browsing: Browsing, provider: Tokens) -> None:
    question = await asked(given, ines)
    wrong = await ines.post(BACK, data={"code": "given", "state": "other"})
    assert (wrong.status_code, "answers another question" in wrong.text) == (409, True)

    ada = await browsing(await given.user("Ada", role=Role.ADMINISTRATOR))
    ada.cookies.set("deskhand_oauth", ines.cookies["deskhand_oauth"])
    for cookie in (None, "nonsense", "AAAA"):
        if cookie:
            ada.cookies.set("deskhand_oauth", cookie)
        assert (await ada.post(BACK, data={"code": "given", "state": question["state"]})).status_code == 409
    assert provider.asked == []

    refused = await ines.get(BACK, params={"error": "access_denied", "error_description": "<b>no</b>"})
    assert "&lt;b&gt;no" in refused.text


@pytest.mark.parametrize("more", [{"provider": "elsewhere"}, {"oauth-client": ""}, {"oauth-secret": "a\nb"}])
async def test_what_is_wrong_with_the_application_is_told_in_place(given: Given, ines: Browser, more: dict[str, str]) -> None:
    answer = await ines.post(f"/settings/inboxes/{given.inbox}/mail/oauth", data=FORM | more)
    assert (answer.status_code, f'id="{next(iter(more))}-wrong"' in answer.text) == (400, True)
    assert 'value="hush"' not in answer.text
