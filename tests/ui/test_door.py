"""The way into a page: sessions, forms of other sites, and where one goes on to (security D2 lines 16, 17, 19, 24, 25)."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from deskhand.kernel.permissions import Role
from deskhand.users import operations as users
from deskhand.users.operations import NewUser
from tests.given import Given
from tests.ui.conftest import Browser, Browsing

EMAIL, PASSWORD = "ona@desk.test", "correct horse battery"


@pytest.fixture
async def ona(given: Given) -> int:
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 64, parallelism=1).hash(PASSWORD)
    async with given.write() as tx:
        new = NewUser(first_name="Ona", last_name="Bell", email=EMAIL, role=Role.ADMINISTRATOR, password_hash=weak)
        return await users.create(tx, new)


async def test_who_signs_in_comes_to_the_page_that_was_asked_for(given: Given, ona: int, browsing: Browsing) -> None:
    stranger = await browsing(None)
    asked = await stranger.get(f"/inboxes/{given.inbox}?a=b%26c")
    assert (asked.status_code, asked.headers["location"]) == (303, f"/signin?next=%2Finboxes%2F{given.inbox}%3Fa%3Db%2526c")
    page = await stranger.get(asked.headers["location"])
    assert f'value="&#x2f;inboxes&#x2f;{given.inbox}?a=b%26c"' in page.text

    signed = await stranger.post(
        "/signin", data={"email": EMAIL, "password": PASSWORD, "next": f"/inboxes/{given.inbox}?a=b%26c"}
    )

    assert (signed.status_code, signed.headers["location"]) == (303, f"/inboxes/{given.inbox}?a=b%26c")
    assert (await stranger.get("/signin")).headers["location"] == "/"
    assert (await stranger.get(f"/inboxes/{given.inbox}")).headers["location"].startswith(f"/inboxes/{given.inbox}/folders/")


async def test_a_wrong_password_is_told_and_the_address_kept(ona: int, browsing: Browsing) -> None:
    answer = await (await browsing(None)).post("/signin", data={"email": EMAIL, "password": "wrong"})

    assert answer.status_code == 403
    assert "do not belong together" in answer.text
    assert f'value="{EMAIL}"' in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "place",
    ["https://evil.test/", "//evil.test/", "/\\evil.test", "javascript:alert(1)", "evil", "/\t/evil.test", "/\n/evil.test", ""],
)
async def test_nobody_is_sent_to_another_site(ona: int, browsing: Browsing, place: str) -> None:
    answer = await (await browsing(None)).post("/signin", data={"email": EMAIL, "password": PASSWORD, "next": place})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.test"}, {"Origin": "null"}])
async def test_a_form_of_another_site_does_nothing(
    given: Given, ines: Browser, ona: int, browsing: Browsing, headers: dict[str, str]
) -> None:
    conversation_id = await given.conversation()

    answer = await ines.post(f"/conversation/{conversation_id}/status", data={"status": "closed"}, headers=headers)
    assert answer.status_code == 403
    login = await (await browsing(None)).post("/signin", data={"email": EMAIL, "password": PASSWORD}, headers=headers)
    assert login.status_code == 403
    assert (await ines.post("/signout", headers=headers)).status_code == 403

    assert (
        'class="button button-quiet button-small status status-active"'
        in (await ines.get(f"/conversation/{conversation_id}", follow_redirects=True)).text
    )


async def test_who_signs_out_is_a_stranger(ines: Browser) -> None:
    assert (await ines.get("/search")).status_code == 200
    assert (await ines.post("/signout")).headers["location"] == "/signin"
    assert (await ines.get("/search")).headers["location"].startswith("/signin")


async def test_a_form_after_the_session_ended_leads_to_the_sign_in(given: Given, browsing: Browsing) -> None:
    answer = await (await browsing(None)).post("/conversation/1/status", data={"status": "closed"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/signin?next=%2F")


async def test_who_loses_an_inbox_sees_no_more_of_it(given: Given, browsing: Browsing) -> None:
    agent = await given.user()
    await given.grant(given.inbox, agent)
    conversation_id = await given.conversation()
    browser = await browsing(agent)
    assert (await browser.get(f"/conversation/{conversation_id}", follow_redirects=True)).status_code == 200

    async with given.write() as tx:
        await users.remove(tx, agent)

    assert (await browser.get(f"/conversation/{conversation_id}")).headers["location"].startswith("/signin")


async def test_every_page_says_what_a_browser_may_do_with_it(ines: Browser) -> None:
    headers = (await ines.get("/search")).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
