"""Signing in and consenting in a browser (contract 00 §2.1; security D2 lines 16, 17, 19, 21, 25)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
import pytest
from argon2 import PasswordHasher

from deskhand.app import App, make_app
from deskhand.kernel.permissions import Role
from deskhand.oauth import operations
from deskhand.settings import Settings
from deskhand.users import operations as users
from deskhand.users import queries
from deskhand.users.operations import NewUser, passwords
from tests.conftest import MovableClock
from tests.given import ORIGIN, Given

PATH = "/authentication/authorizeClientApplication"
EMAIL, PASSWORD = "ona@desk.test", "correct horse battery"


class Browser:
    """Somebody with a browser, before the page of an application."""

    def __init__(self, app: App, client_id: str, origin: str = ORIGIN) -> None:
        transport = httpx.ASGITransport(app.door, raise_app_exceptions=False)  # type: ignore[arg-type]
        self.client = httpx.AsyncClient(transport=transport, base_url=origin)
        self.query = {"client_id": client_id, "state": "a b&c=<é>"}
        self.origin = origin

    async def look(self) -> httpx.Response:
        return await self.client.get(f"{PATH}?{urlencode(self.query)}")

    async def choose(self, choice: str, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        headers = {"Origin": self.origin} if headers is None else headers
        return await self.client.post(f"{PATH}?{urlencode(self.query)}", data={"choice": choice, **fields}, headers=headers)

    async def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
        return await self.choose("sign-in", email=email, password=password)


@pytest.fixture
async def client_id(given: Given) -> str:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 64, parallelism=1).hash(PASSWORD)
    async with given.write() as tx:
        new = NewUser(first_name="Ona", last_name="Bell", email=EMAIL, role=Role.USER, password_hash=weak)
        user = await users.create(tx, new)
        made, _ = await operations.register(tx, "<b>Shop</b>", user, redirect_url="https://shop.test/back?x=1")
    return made


@pytest.fixture
async def browser(app: App, client_id: str) -> AsyncIterator[Browser]:
    made = Browser(app, client_id)
    yield made
    await made.client.aclose()


async def test_who_is_not_signed_in_signs_in_consents_and_goes_back_with_a_code(browser: Browser, app: App) -> None:
    asked = await browser.look()
    assert asked.status_code == 200
    assert 'name="password"' in asked.text

    signed = await browser.sign_in()
    assert signed.status_code == 302
    assert parse_qs(urlsplit(signed.headers["location"]).query)["state"] == [browser.query["state"]]

    consent = await browser.look()
    assert "&lt;b&gt;Shop&lt;&#x2f;b&gt;" in consent.text or "&lt;b&gt;Shop&lt;/b&gt;" in consent.text
    assert "<b>Shop" not in consent.text
    assert EMAIL in consent.text

    back = await browser.choose("allow")
    assert back.status_code == 302
    assert back.headers["cache-control"] == "no-store"
    address = urlsplit(back.headers["location"])
    found = parse_qs(address.query)
    assert (address.scheme, address.netloc, address.path) == ("https", "shop.test", "/back")
    assert (found["x"], found["state"]) == (["1"], [browser.query["state"]])
    assert len(found["code"][0]) >= 43


async def test_who_refuses_goes_back_without(browser: Browser) -> None:
    await browser.sign_in()
    back = await browser.choose("refuse")

    found = parse_qs(urlsplit(back.headers["location"]).query)
    assert found == {"x": ["1"], "error": ["access_denied"], "state": [browser.query["state"]]}


async def test_without_a_state_none_is_sent_back(browser: Browser) -> None:
    del browser.query["state"]
    await browser.sign_in()

    assert "state" not in (await browser.choose("allow")).headers["location"]


async def test_another_account_may_be_used(browser: Browser) -> None:
    await browser.sign_in()
    old = dict(browser.client.cookies)
    assert (await browser.choose("switch")).status_code == 302
    assert 'name="password"' in (await browser.look()).text

    browser.client.cookies.update(old)
    assert 'name="password"' in (await browser.look()).text, "the session ended, not only the cookie"


async def test_the_session_cookie_is_bound_to_this_host_and_unreadable_for_scripts(browser: Browser) -> None:
    cookie = (await browser.sign_in()).headers["set-cookie"]

    assert cookie.startswith("__Host-deskhand_session=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure")
    assert "Domain" not in cookie


async def test_without_https_it_still_works(settings: Settings, given: Given, client_id: str) -> None:
    app = make_app(msgspec.structs.replace(settings, origin="", web_origin=""), works=False)
    await app.desk.database.open()
    browser = Browser(app, client_id, "http://localhost:8080")
    cookie = (await browser.sign_in()).headers["set-cookie"]
    consent = await browser.look()
    await browser.client.aclose()
    await app.desk.database.close()

    assert cookie.startswith("deskhand_session=")
    assert "Secure" not in cookie
    assert 'value="allow"' in consent.text


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "null", "https://desk.test.evil.test", "https://desk.test:444", "file://desk.test"]
)
async def test_a_form_of_another_site_is_refused(browser: Browser, origin: str) -> None:
    await browser.sign_in()
    for choice in ("allow", "refuse", "switch", "sign-in"):
        got = await browser.choose(choice, {"Origin": origin})

        assert got.status_code == 400
        assert "location" not in got.headers
        assert "set-cookie" not in got.headers


async def test_a_form_that_a_browser_calls_foreign_is_refused(browser: Browser) -> None:
    await browser.sign_in()

    assert (await browser.choose("allow", {"Sec-Fetch-Site": "cross-site"})).status_code == 400
    assert (await browser.choose("allow", {"Sec-Fetch-Site": "same-origin"})).status_code == 302


async def test_the_pages_are_in_the_language_of_whoever_looks(browser: Browser) -> None:
    browser.client.headers["Accept-Language"] = "de"
    assert "Eine Anwendung möchte mit Ihrem Helpdesk arbeiten." in (await browser.look()).text
    assert "E-Mail-Adresse und Passwort gehören nicht zusammen." in (await browser.sign_in(password="wrong")).text
    await browser.sign_in()
    assert "<h1>&lt;b&gt;Shop&lt;&#x2f;b&gt; erlauben?</h1>" in (await browser.look()).text
    browser.query["client_id"] = "nobody"
    assert "Diese Anwendung gibt es nicht" in (await browser.look()).text


async def test_a_look_changes_nothing(browser: Browser) -> None:
    await browser.sign_in()
    got = await browser.client.get(f"{PATH}?{urlencode(browser.query)}&choice=allow")

    assert got.status_code == 200


async def test_five_wrong_passwords_make_wait_also_with_the_right_one(browser: Browser, clock: MovableClock) -> None:
    for _ in range(5):
        assert (await browser.sign_in(password="wrong")).status_code == 403
    waiting = await browser.sign_in()
    assert waiting.status_code == 429
    assert "Please wait" in waiting.text

    clock.move(timedelta(minutes=15, seconds=1))
    assert (await browser.sign_in()).status_code == 302


async def test_strangers_cannot_lock_out_who_works_here(given: Given, settings: Settings, browser: Browser) -> None:
    app = make_app(msgspec.structs.replace(settings, trusted_proxies=("127.0.0.1",)), works=False)
    await app.desk.database.open()
    behind = Browser(app, browser.query["client_id"])

    async def tried(address: str, password: str) -> int:
        behind.client.headers["X-Forwarded-For"] = address
        return (await behind.sign_in(password=password)).status_code

    async def seen(address: str) -> list[int]:
        return [await tried(address, "wrong") for _ in range(6)]

    assert await tried("198.51.100.1", PASSWORD) == 302
    strangers = await seen("203.0.113.1")
    theirs = await tried("198.51.100.1", PASSWORD)
    mistyped = await seen("198.51.100.1")
    await behind.client.aclose()
    await app.desk.database.close()

    assert strangers == [403] * 5 + [429]
    assert theirs == 302
    assert mistyped == [403] * 5 + [429]


def test_an_unknown_address_takes_as_long_as_a_known_one() -> None:
    assert not passwords.HASHER.check_needs_rehash(passwords.NOBODYS_HASH)


async def test_twenty_wrong_ones_from_one_place_make_wait(browser: Browser) -> None:
    answers = [(await browser.sign_in(f"nobody{number}@desk.test", "x")).status_code for number in range(21)]

    assert answers == [403] * 20 + [429]


async def test_behind_a_proxy_places_are_told_apart(settings: Settings, given: Given, client_id: str) -> None:
    app = make_app(msgspec.structs.replace(settings, trusted_proxies=("127.0.0.1",)), works=False)
    await app.desk.database.open()
    browser = Browser(app, client_id)

    async def tried(address: str, email: str) -> int:
        browser.client.headers["X-Forwarded-For"] = address
        return (await browser.sign_in(email, "x")).status_code

    for number in range(20):
        assert await tried(f"203.0.113.1{number % 10}, 198.51.100.1", f"nobody{number}@desk.test") == 403
    forged, elsewhere = await tried("203.0.113.99, 198.51.100.1", "a@b.test"), await tried("198.51.100.2", "a@b.test")
    await browser.client.aclose()
    await app.desk.database.close()

    assert (forged, elsewhere) == (429, 403)


async def test_a_session_ends_when_nobody_uses_it(browser: Browser, clock: MovableClock) -> None:
    await browser.sign_in()
    for _ in range(3):
        clock.move(timedelta(hours=11))
        assert 'value="allow"' in (await browser.look()).text
    clock.move(timedelta(hours=12, minutes=1))

    assert 'name="password"' in (await browser.look()).text


async def test_a_session_ends_after_thirty_days_however_much_it_is_used(browser: Browser, clock: MovableClock) -> None:
    await browser.sign_in()
    for _ in range(72):
        clock.move(timedelta(hours=10))
        await browser.look()
    clock.move(timedelta(minutes=1))

    assert 'name="password"' in (await browser.look()).text


async def test_each_sign_in_is_a_session_of_its_own(browser: Browser) -> None:
    browser.client.cookies.set("__Host-deskhand_session", "planted", domain="desk.test", path="/")
    first = (await browser.sign_in()).headers["set-cookie"].split(";")[0]
    second = (await browser.sign_in()).headers["set-cookie"].split(";")[0]

    assert len({first, second, "__Host-deskhand_session=planted"}) == 3


async def test_a_weak_hash_is_made_anew_at_sign_in(browser: Browser, given: Given) -> None:
    await browser.sign_in()

    async with given.read() as view:
        user = await queries.by_email(view, EMAIL)
    assert user is not None
    assert not users.is_outdated(user)
    assert (await browser.sign_in()).status_code == 302


async def test_unknown_and_wrong_look_the_same(browser: Browser) -> None:
    wrong = (await browser.sign_in(password="wrong")).text.replace(EMAIL, "X")
    unknown = (await browser.sign_in("nobody@desk.test", "wrong")).text.replace("nobody@desk.test", "X")

    assert wrong == unknown


async def test_what_was_typed_is_escaped_and_the_password_not_repeated(browser: Browser) -> None:
    got = await browser.sign_in('"><script>alert(1)</script>', "s3cr3t")

    assert "<script" not in got.text
    assert "s3cr3t" not in got.text


@pytest.mark.parametrize("client_id", ["", "unknown", "\0", "x" * 5000])
async def test_an_unknown_application_is_told_not_redirected(app: App, given: Given, client_id: str) -> None:
    browser = Browser(app, client_id)
    for got in (await browser.look(), await browser.choose("allow"), await browser.sign_in()):
        assert got.status_code == 400
        assert "location" not in got.headers
    await browser.client.aclose()


@pytest.mark.parametrize("email", ["", "\0", "a\0b@desk.test", "x" * 100_000, "é@desk.test"])
async def test_strange_input_is_a_wrong_password(browser: Browser, email: str) -> None:
    assert (await browser.sign_in(email, "\0")).status_code == 403


async def test_pages_are_framed_by_nobody_and_load_nothing_from_elsewhere(browser: Browser) -> None:
    await browser.sign_in()
    for got in (await browser.look(), await browser.choose("x", {"Origin": "https://evil.test"})):
        assert "frame-ancestors 'none'" in got.headers["content-security-policy"]
        assert "script-src 'self'" in got.headers["content-security-policy"]
        assert got.headers["x-frame-options"] == "DENY"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["referrer-policy"] == "same-origin"
        assert got.headers["cross-origin-opener-policy"] == "same-origin"
        assert got.headers["strict-transport-security"] == "max-age=31536000"
        assert got.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in got.headers
