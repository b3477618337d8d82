"""People, applications and the audit in the settings, and oneself: secrets are shown once."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher

from deskhand.kernel import auditing
from deskhand.kernel.permissions import Role
from deskhand.users import entering, queries
from deskhand.users import operations as users
from deskhand.users.model import Occasion
from deskhand.users.operations import NewUser
from tests.given import Given
from tests.kernel.test_pictures import chunk, png
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import leads_to, told_next_to

PASSWORD, HERE = "correct horse battery", "192.0.2.7"


@pytest.fixture
def weak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quick to hash."""
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 64, parallelism=1)
    monkeypatch.setattr("deskhand.users.operations.passwords.HASHER", weaker)


async def test_somebody_is_invited_and_can_be_given_the_link(
    given: Given, ines: Browser, browsing: Browsing, weak: None
) -> None:
    form = {"firstName": "Ona", "lastName": "Bell", "email": "nonsense", "role": "user", "inbox": str(given.inbox)}
    wrong = await ines.post("/settings/users/new", data=form)
    assert "well-formed" in told_next_to(wrong.text, "email")
    assert re.search(rf'name="inbox" value="{given.inbox}" checked', wrong.text)

    made = await ines.post("/settings/users/new", data=form | {"email": "ona@desk.test"})
    place = leads_to(made)
    shown = (await ines.post(f"{place}/link")).text
    link = re.search(r"/invitation/[\w-]+", shown.replace("&#x2f;", "/"))
    assert link
    assert "/invitation/" not in (await ines.get(place)).text
    stranger = await browsing(None)
    assert (await stranger.post(link[0], data={"password": PASSWORD})).status_code == 303
    assert (await stranger.get("/")).headers["location"] == f"/inboxes/{given.inbox}"


async def test_a_user_is_changed_as_a_whole(given: Given, ines: Browser) -> None:
    ona, other = await given.user("Ona"), await given.new_inbox("Other")
    await given.grant(given.inbox, ona)
    place = f"/settings/users/{ona}"
    form = {"firstName": "Ona", "lastName": "Bell", "email": "ona@desk.test", "timezone": "UTC", "role": "user"}
    rights = {"right": ["edit-conversations", "delete-conversations"]}
    inboxes_ = {"inbox": [str(other)], "shown": [str(given.inbox), str(other)]}
    assert (await ines.post(place, data=form | rights | inboxes_)).status_code == 303
    actor = await given.actor(ona)
    assert (actor.inbox_ids, sorted(actor.permissions)) == ((other,), ["delete-conversations", "edit-conversations"])

    assert (await ines.post(place, data=form | {"role": "admin"})).status_code == 303
    own = {"firstName": "Ines", "lastName": "Okafor", "email": "ines@desk.test", "timezone": "UTC", "role": "user"}
    refused = await ines.post(f"/settings/users/{given.owner}", data=own)
    assert told_next_to(refused.text, "role") == "Somebody must own the account: make another owner first"
    async with given.read() as view:
        assert (await queries.get(view, given.owner)).email != "ines@desk.test"  # all of it or nothing


async def test_a_team_gets_its_people_and_inboxes(given: Given, ines: Browser) -> None:
    ona = await given.user("Ona")
    made = await ines.post("/settings/teams", data={"name": "Night shift"})
    place = leads_to(made)
    await ines.post(place, data={"name": "Night owls", "member": str(ona), "inbox": str(given.inbox)})
    assert (await given.actor(ona)).inbox_ids == (given.inbox,)
    assert "Night owls" in (await ines.get("/settings/teams")).text
    await ines.post(f"{place}/remove")
    assert (await given.actor(ona)).inbox_ids == ()


async def test_an_applications_secret_is_shown_once(given: Given, ines: Browser) -> None:
    made = (await ines.post("/settings/applications", data={"name": "Sync", "user": str(given.owner)})).text
    client_id, secret = re.findall(r"<code[^>]*>([0-9a-f]{32})</code>", made)[:2]
    token = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    page = (await ines.get("/settings/applications")).text
    assert client_id in page
    assert secret not in page
    async with given.client(None) as client:
        got = await client.post("/v2/oauth2/token", data=token)
        bearer = {"Authorization": f"Bearer {got.json()['access_token']}"}
        assert (await client.get("/v2/users/me", headers=bearer)).status_code == 200
        number = re.search(r"/settings/applications/(\d+)/delete", page.replace("&#x2f;", "/"))
        assert number
        await ines.post(f"/settings/applications/{number[1]}/delete")
        assert (await client.get("/v2/users/me", headers=bearer)).status_code == 401
        assert (await client.post("/v2/oauth2/token", data=token)).status_code == 400
    wrong = await ines.post("/settings/applications", data={"name": "", "redirectUrl": "javascript:alert(1)"})
    assert wrong.status_code == 400


async def test_no_administrator_lets_a_program_act_as_an_owner(given: Given, browsing: Browsing) -> None:
    ada = await browsing(await given.user("Ada", role=Role.ADMINISTRATOR))
    answer = await ada.post("/settings/applications", data={"name": "Sync", "user": str(given.owner)})
    assert (answer.status_code, told_next_to(answer.text, "user")) == (
        400,
        "Only an owner may let an application act as an owner",
    )


async def test_the_audit_says_who_did_what_and_is_filtered(given: Given, ines: Browser) -> None:
    ona = await given.user("Ona")
    await ines.post(f"/settings/users/{ona}/remove")
    page = (await ines.get("/settings/audit?type=UserDeleted")).text
    assert "Removed a user" in page
    assert "Ines Okafor" in page
    assert "127.0.0.1" in page
    assert "Made an inbox</td>" not in page
    assert "Nothing like that" in (await ines.get(f"/settings/audit?user={ona}&type=RoleChanged")).text
    assert (await ines.get("/settings/audit?user=x&before=-1&type=%00")).status_code == 200
    async with given.read(given.owner) as view:
        newest = (await auditing.page(view, 1))[0]
    assert newest.address == "127.0.0.1"


async def test_one_changes_ones_password_by_the_old_one(given: Given, browsing: Browsing, weak: None) -> None:
    kept = await users.hashed(PASSWORD)
    async with given.write() as tx:
        new = NewUser(first_name="Ona", last_name="Bell", email="ona@desk.test", role=Role.USER, password_hash=kept)
        ona = await users.create(tx, new)
    browser, other = await browsing(ona), await browsing(ona)
    form = {"old": "wrong", "new": "another good one", "again": "another good one"}
    wrong = await browser.post("/me/password", data=form)
    assert told_next_to(wrong.text, "old") == "That is not your password"
    assert "another good one" not in wrong.text
    assert told_next_to((await browser.post("/me/password", data=form | {"again": "x"})).text, "again")
    short = await browser.post("/me/password", data={"old": PASSWORD, "new": "short", "again": "short"})
    assert "at least 10 characters" in told_next_to(short.text, "new")

    done = await browser.post("/me/password", data=form | {"old": PASSWORD})
    assert done.status_code == 303
    assert (await browser.get("/me")).status_code == 200
    assert (await other.get("/me")).status_code == 303
    assert await entering.sign_in(given.desk, "ona@desk.test", "another good one", HERE) is not None


async def test_one_says_what_one_is_called_and_wants_to_hear(given: Given, browsing: Browsing) -> None:
    ona = await given.user("Ona")
    browser = await browsing(ona)
    form = {"firstName": "Onatah", "lastName": "Bell", "timezone": "Asia/Tokyo", "jobTitle": "", "phone": "", "mention": ""}
    assert (await browser.post("/me", data=form | {"email": "x@desk.test"})).status_code == 303
    await browser.post("/me/notifications", data={"browser": ["mentioned", "nonsense"], "mail": "rated"})
    async with given.read() as view:
        it, wishes = await queries.get(view, ona), await queries.wishes(view, ona)
    assert (it.first_name, it.timezone) == ("Onatah", "Asia/Tokyo")
    assert it.email != "x@desk.test"
    assert (wishes.in_browser, wishes.by_mail) == ([Occasion.MENTIONED], [Occasion.RATED])


@pytest.mark.parametrize(("theme", "root"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("system", "")])
async def test_a_theme_is_of_the_browser(given: Given, ines: Browser, theme: str, root: str) -> None:
    await ines.post("/me/theme", data={"theme": theme})
    assert f'<html lang="en" dir="ltr"{root}>' in (await ines.get("/me")).text


async def test_one_ends_sessions_elsewhere(given: Given, browsing: Browsing) -> None:
    ona = await given.user("Ona")
    this, second, third = await browsing(ona), await browsing(ona), await browsing(ona)
    page = (await this.get("/me/sessions")).text
    assert page.count("This browser") == 1
    name = re.findall(r'name="name" value="(\w{16})"', page)[0]
    await this.post("/me/sessions/end", data={"name": name})
    assert sorted([(await second.get("/me")).status_code, (await third.get("/me")).status_code]) == [200, 303]
    told = await this.post("/me/sessions/end-others", follow_redirects=True)
    assert "1 other session has ended" in told.text
    assert (await this.get("/me")).status_code == 200


async def test_who_is_away_is_shown_so_and_comes_back(given: Given, ines: Browser, browsing: Browsing) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    assert (await ines.post(f"/settings/users/{ona}/status", data={"away": "on", "text": "Lunch"})).status_code == 303
    assert "is-away" in (await ines.get("/settings/users")).text
    assert "is-away" in (await ines.get(f"/conversation/{it}/{it}", follow_redirects=True)).text
    async with given.read() as view:
        assert (await queries.status(view, ona)).text == "Lunch"
    hers = await browsing(ona)
    assert 'href="/me#being-away"' in (await hers.get("/me")).text
    await hers.post("/me/status", data={"form": "status", "text": ""})
    assert 'href="/me#being-away"' not in (await hers.get("/me")).text
    refused = await hers.post("/me/status", data={"form": "status", "text": "x" * 101})
    assert (refused.status_code, told_next_to(refused.text, "text")) == (400, "must have at most 100 characters")


async def test_a_photo_takes_the_place_of_the_letters(given: Given, ines: Browser) -> None:
    refused = await ines.post("/me/photo", data={"form": "photo"}, files={"photo": ("a.svg", b"<svg/>", "image/png")})
    assert (refused.status_code, told_next_to(refused.text, "photo")) == (400, "must be a PNG or JPEG picture")
    sent = {"photo": ("me.png", png(more=chunk(b"tEXt", b"Comment\0home")), "image/png")}
    assert (await ines.post("/me/photo", data={"form": "photo"}, files=sent)).status_code == 303
    page = (await ines.get("/me")).text
    shown = re.search(r'<img src="(/photos/[0-9a-f]{64})" alt="" loading="lazy">', page)
    assert shown is not None
    assert (await ines.get(shown[1])).content == png()
    assert (await ines.post("/me/photo/remove")).status_code == 303
    assert "/photos/" not in (await ines.get("/me")).text
