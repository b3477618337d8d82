"""The first owner, an invitation, a forgotten password; what links may do is tested with them (tests/users)."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from deskhand.app import App
from deskhand.kernel.permissions import Role
from deskhand.users import operations as users
from deskhand.users import queries
from deskhand.users.model import LinkKind
from deskhand.users.operations import NewUser
from tests.given import Given
from tests.ui.conftest import Browsing

PASSWORD = "correct horse battery"


@pytest.fixture
def weak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quick to hash."""
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 64, parallelism=1)
    monkeypatch.setattr("deskhand.users.operations.passwords.HASHER", weaker)


@pytest.mark.parametrize("kind", list(LinkKind))
async def test_a_link_lets_one_choose_a_password_once(given: Given, browsing: Browsing, weak: None, kind: LinkKind) -> None:
    ona = await given.user("Ona")
    async with given.write() as tx:
        token = await users.make_link(tx, ona, kind)
    browser = await browsing(None)
    place = f"/{kind}/{token}"
    page = await browser.get(place)
    assert page.status_code == 200
    assert "ona." in page.text

    short = await browser.post(place, data={"password": "short"})
    assert (short.status_code, "at least 10 characters" in short.text) == (400, True)
    chosen = await browser.post(place, data={"password": PASSWORD})
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
    assert (await browser.get("/search")).status_code == 200

    for again in (await browser.get(place), await browser.post(place, data={"password": PASSWORD})):
        assert again.status_code == 404
        assert "does not work any more" in again.text


async def test_a_link_is_of_one_kind_only(given: Given, browsing: Browsing) -> None:
    async with given.write() as tx:
        token = await users.make_link(tx, given.owner, LinkKind.RESET)
    assert (await (await browsing(None)).get(f"/invitation/{token}")).status_code == 404


async def test_nobody_learns_who_works_here(given: Given, browsing: Browsing) -> None:
    async with given.read() as view:
        known = (await queries.get(view, given.owner)).email or ""
    browser = await browsing(None)
    answers = [await browser.post("/forgot", data={"email": each}) for each in (known, "nobody@desk.test")]
    pages = [each.text.replace(known, "X").replace("nobody@desk.test", "X") for each in answers]
    assert [each.status_code for each in answers] == [200, 200]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("place", ["/forgot", "/reset/x", "/invitation/x", "/setup/x"])
async def test_forms_of_other_sites_do_nothing(given: Given, browsing: Browsing, place: str) -> None:
    browser = await browsing(None)
    answer = await browser.post(place, data={"email": "a@b.test"}, headers={"Origin": "https://evil.test"})
    assert answer.status_code in (403, 404)


async def test_the_first_owner_makes_themselves_and_nobody_after_them(app: App, browsing: Browsing, weak: None) -> None:
    given = Given(app)
    async with given.read() as view:
        token = await users.set_up_token(view, app.desk.seal)
    browser = await browsing(None)
    place = f"/setup/{token}"
    assert "Welcome to Deskhand" in (await browser.get(place)).text
    assert (await browser.get("/setup/other")).status_code == 404

    form = {"first": "Ines", "last": "Duarte", "email": "ines@desk.test", "password": PASSWORD}
    wrong = await browser.post(place, data=form | {"email": "nonsense"})
    assert (wrong.status_code, 'value="nonsense"' in wrong.text) == (400, True)
    assert (await browser.post(place, data=form)).headers["location"] == "/start"
    assert (await browser.get("/")).headers["location"] == "/start"
    assert (await browser.get(place)).status_code == 404
    assert (await browser.post(place, data=form | {"email": "other@desk.test"})).status_code == 404
    async with given.read() as view:
        owner = await queries.by_email(view, "ines@desk.test")
    assert owner is not None
    assert owner.role == Role.OWNER


async def test_who_signs_in_with_what_they_chose_is_let_in(given: Given, browsing: Browsing, weak: None) -> None:
    async with given.write() as tx:
        new = NewUser(first_name="Ona", last_name="Bell", email="ona@desk.test", role=Role.USER, password_hash=None)
        token = await users.make_link(tx, await users.create(tx, new), LinkKind.INVITATION)
    browser = await browsing(None)
    await browser.post(f"/invitation/{token}", data={"password": PASSWORD})
    await browser.post("/signout")
    answer = await browser.post("/signin", data={"email": "ona@desk.test", "password": PASSWORD})
    assert answer.status_code == 303
