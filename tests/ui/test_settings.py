"""Settings as pages: what was typed stays when something is wrong, two at one form lose nothing, secrets are shown once."""

from __future__ import annotations

import re

import pytest
from argon2 import PasswordHasher

from deskhand.inboxes import operations as inboxes
from deskhand.inboxes import queries as inbox_queries
from deskhand.inboxes.hours import OfficeHours
from deskhand.kernel import auditing
from deskhand.kernel.permissions import Role
from deskhand.mail.model import Direction, Options
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.queries import inboxes as mail_queries
from deskhand.mail.queries import queue
from deskhand.tags import operations as tags
from deskhand.users import entering, queries
from deskhand.users import operations as users
from deskhand.users.model import Occasion
from deskhand.users.operations import NewUser
from tests.given import Given
from tests.ui.conftest import Browser, Browsing

PASSWORD, HERE = "correct horse battery", "192.0.2.7"


@pytest.fixture
def weak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Quick to hash."""
    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 64, parallelism=1)
    monkeypatch.setattr("deskhand.users.operations.passwords.HASHER", weaker)


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found
    return found[1]


def told_next_to(page: str, field: str) -> str:
    found = re.search(rf'id="{re.escape(field)}-wrong">.*?</svg> (.*?)</p>', page)
    return found[1] if found else ""


async def test_what_was_typed_stays_and_each_mistake_stands_at_its_field(given: Given, ines: Browser) -> None:
    place = f"/settings/inboxes/{given.inbox}"
    form = {"form": "general", "name": "", "email": "<b>nonsense", "afterReplyStatus": "closed"}
    answer = await ines.post(place, data=form)

    assert answer.status_code == 400
    assert 'value="&lt;b&gt;nonsense"' in answer.text
    assert "size must be between" in told_next_to(answer.text, "name")
    assert "well-formed" in told_next_to(answer.text, "email")
    assert re.search(r'value="closed" checked', answer.text)
    async with given.read() as view:
        assert (await inbox_queries.get(view, given.inbox)).name == "Help"

    saved = await ines.post(place, data=form | {"name": "Care", "email": "care@desk.test"}, follow_redirects=True)
    assert "Inbox saved" in saved.text
    async with given.read() as view:
        assert (await inbox_queries.get(view, given.inbox)).name == "Care"


async def test_two_at_one_form_lose_nothing(given: Given, ines: Browser, browsing: Browsing) -> None:
    ada = await browsing(await given.user("Ada", role=Role.ADMINISTRATOR))
    place = f"/settings/inboxes/{given.inbox}"
    stale = version_in((await ines.get(place)).text)
    form = {"form": "general", "email": "help@desk.test", "afterReplyStatus": "active", "version": stale}
    assert (await ada.post(place, data=form | {"name": "Hers"})).status_code == 303

    answer = await ines.post(place, data=form | {"name": "Mine"})

    assert answer.status_code == 409
    assert "Somebody else changed this" in answer.text
    assert 'value="Mine"' in answer.text
    assert "Now saved: Hers" in answer.text
    async with given.read() as view:
        assert (await inbox_queries.get(view, given.inbox)).name == "Hers"
    again = await ines.post(place, data=form | {"name": "Mine", "version": version_in(answer.text)})
    assert again.status_code == 303
    async with given.read() as view:
        assert (await inbox_queries.get(view, given.inbox)).name == "Mine"


async def test_a_server_is_connected_and_what_is_wrong_with_it_is_told(given: Given, ines: Browser) -> None:
    place = f"/settings/inboxes/{given.inbox}/mail"
    wrong = {"form": "in", "in-host": "no such host", "in-port": "0", "in-security": "none", "in-password": "hunter7"}
    answer = await ines.post(place, data=wrong)
    assert answer.status_code == 400
    assert told_next_to(answer.text, "in-host")
    assert "between 1 and 65535" in told_next_to(answer.text, "in-port")
    assert "hunter7" not in answer.text

    form = {"form": "in", "in-host": "127.0.0.1", "in-port": "9", "in-security": "none", "in-password": "hunter7"}
    done = await ines.post(place, data=form, follow_redirects=True)
    assert "Saved, but it does not work yet" in done.text
    assert "Check server, port and encryption" in done.text
    async with given.read() as view:
        found = await view.one(mail_queries.CONNECTION, inbox_id=given.inbox, direction=Direction.IN)
    assert (found.host, found.port, found.username) == ("127.0.0.1", 9, "help@desk.test")

    kept = await ines.post(place, data=form | {"in-password": "", "in-port": "10"})
    assert kept.status_code == 303
    other = await ines.post(place, data=form | {"in-password": "", "in-host": "imap.elsewhere.test"})
    assert (other.status_code, told_next_to(other.text, "in-password")) == (400, "is needed again for another server or user")


async def test_a_key_is_made_and_its_record_shown(given: Given, ines: Browser) -> None:
    place = f"/settings/inboxes/{given.inbox}/mail"
    done = await ines.post(f"{place}/key", data={"selector": "desk"}, follow_redirects=True)
    assert "desk._domainkey.desk.test" in done.text
    assert "v=DKIM1; k=rsa; p=" in done.text


async def test_a_signature_is_typed_as_text_or_html(given: Given, ines: Browser) -> None:
    place = f"/settings/inboxes/{given.inbox}/signature"
    form = {"signature": "Ines <3\nHelp & care", "senderName": "inbox"}
    shown = await ines.post(place, data=form, follow_redirects=True)
    assert "Ines &lt;3\nHelp &amp; care" in shown.text
    async with given.read() as view:
        found = await mail_queries.find(view, given.inbox)
    assert found is not None
    assert found.options.signature == "Ines &lt;3<br>\nHelp &amp; care"

    wrong = await ines.post(place, data=form | {"signature": "{{nobody.name}}"})
    assert "is not a variable" in told_next_to(wrong.text, "signature")
    await ines.post(place, data=form | {"signature": "<p>Ines</p>", "templates.reply.html": "<p>{{message}}</p>"})
    async with given.read() as view:
        found = await mail_queries.find(view, given.inbox)
    assert found is not None
    assert found.options.signature == "<p>Ines</p>"
    assert found.options.templates["reply"].html == "<p>{{message}}</p>"


async def test_each_page_of_options_leaves_the_others_alone(given: Given, ines: Browser) -> None:
    async with given.write() as tx:
        await mail.want(tx, given.inbox, Options(signature="<p>x</p>", uses_plus=True, auto_reply=True))
    at = f"/settings/inboxes/{given.inbox}"
    await ines.post(f"{at}/ratings", data={"asksRating": "on"})
    await ines.post(f"{at}/auto-reply", data={"templates.auto-reply.subject": "Got it"})
    behaviour = {"undoSeconds": "20", "messagesPerMinute": "60", "newAfterSilentDays": "", "linksAboveMb": "5"}
    await ines.post(f"{at}/behaviour", data=behaviour | {"trustedServers": "mx.a.test\n\n mx.b.test "})

    async with given.read() as view:
        found = await mail_queries.find(view, given.inbox)
    assert found is not None
    it = found.options
    assert (it.signature, it.asks_rating, it.auto_reply, it.uses_plus) == ("<p>x</p>", True, False, False)
    assert (it.undo_seconds, it.new_after_silent_days, it.links_above_bytes) == (20, None, 5 * 2**20)
    assert it.trusted_servers == ["mx.a.test", "mx.b.test"]
    assert it.templates["auto-reply"].subject == "Got it"
    wrong = await ines.post(f"{at}/behaviour", data=behaviour | {"undoSeconds": "soon", "messagesPerMinute": ""})
    assert (told_next_to(wrong.text, "undoSeconds"), told_next_to(wrong.text, "messagesPerMinute")) == (
        "must be a number",
        "must be a number",
    )


async def test_hours_are_a_grid(given: Given, ines: Browser) -> None:
    place = f"/settings/inboxes/{given.inbox}/hours"
    form = {"timezone": "Europe/Lisbon", "day-0-0-from": "13:00", "day-0-0-to": "17:30", "day-0-1-from": "09:00"}
    wrong = await ines.post(place, data=form)
    assert (wrong.status_code, "needs a beginning and an end" in wrong.text) == (400, True)
    assert 'value="17:30"' in wrong.text

    await ines.post(place, data=form | {"day-0-1-to": "12:00", "day-6-0-from": "20:00", "day-6-0-to": "00:00"})
    async with given.read(given.owner) as view:
        found = await inbox_queries.office_hours(view, given.inbox)
    week = (((540, 720), (780, 1050)), (), (), (), (), (), ((1200, 1440),))
    assert found == OfficeHours("Europe/Lisbon", week)
    page = (await ines.get(place)).text
    assert 'name="day-6-0-to" value="00:00"' in page
    await ines.post(f"{place}/remove")
    assert "no hours of its own" in (await ines.get(place)).text


async def test_somebody_is_invited_and_can_be_given_the_link(
    given: Given, ines: Browser, browsing: Browsing, weak: None
) -> None:
    form = {"firstName": "Ona", "lastName": "Bell", "email": "nonsense", "role": "user", "inbox": str(given.inbox)}
    wrong = await ines.post("/settings/users/new", data=form)
    assert "well-formed" in told_next_to(wrong.text, "email")
    assert re.search(rf'name="inbox" value="{given.inbox}" checked', wrong.text)

    made = await ines.post("/settings/users/new", data=form | {"email": "ona@desk.test"})
    place = made.headers["location"]
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
    place = made.headers["location"]
    await ines.post(place, data={"name": "Night owls", "member": str(ona), "inbox": str(given.inbox)})
    assert (await given.actor(ona)).inbox_ids == (given.inbox,)
    assert "Night owls" in (await ines.get("/settings/teams")).text
    await ines.post(f"{place}/remove")
    assert (await given.actor(ona)).inbox_ids == ()


async def test_a_field_gets_choices_and_loses_one(given: Given, ines: Browser) -> None:
    place = f"/settings/inboxes/{given.inbox}/fields"
    empty = await ines.post(place, data={"name": "Size", "type": "dropdown", "options": " \n"})
    assert told_next_to(empty.text, "options")
    await ines.post(place, data={"name": "Size", "type": "dropdown", "options": "S\nM\n"})
    async with given.read(given.owner) as view:
        (field,) = await inbox_queries.fields(view, given.inbox)
    small, medium = (each.id for each in field.options)
    page = (await ines.get(f"{place}/{field.id}")).text
    assert 'value="Size"' in page
    assert f'name="option-{medium}" maxlength="255" value="M"' in page
    form = {"name": "Fit", f"option-{small}": "", f"option-{medium}": "Medium", "options": "L"}
    assert (await ines.post(f"{place}/{field.id}", data=form)).status_code == 303
    async with given.read(given.owner) as view:
        (field,) = await inbox_queries.fields(view, given.inbox)
    assert (field.name, [each.label for each in field.options]) == ("Fit", ["Medium", "L"])


async def test_routing_names_who_cannot_be_in_it(given: Given, ines: Browser) -> None:
    outsider = await given.user("Out")
    place = f"/settings/inboxes/{given.inbox}/routing"
    form = {"enabled": "on", "assignmentLimit": "5", "method": "balanced"}
    wrong = await ines.post(place, data=form | {"userIds": str(outsider)})
    assert (wrong.status_code, "is not a user with access to this inbox" in wrong.text) == (400, True)
    assert (await ines.post(place, data=form | {"userIds": str(given.owner)})).status_code == 303
    async with given.read() as view:
        found = await inbox_queries.routing(view, given.inbox)
    assert found is not None
    assert (found.enabled, found.assignment_limit, found.user_ids) == (True, 5, [given.owner])


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


async def test_tags_are_renamed_merged_and_deleted(given: Given, ines: Browser) -> None:
    async with given.write() as tx:
        late, slow = await tags.ensure(tx, ["late", "slow"], "tags")
    taken = await ines.post(f"/settings/tags/{late}", data={"form": "tag", "name": "slow", "color": "none"})
    assert (taken.status_code, "make the two one instead" in taken.text) == (409, True)
    assert (await ines.post(f"/settings/tags/{late}", data={"name": "Tardy", "color": "red"})).status_code == 303
    assert (await ines.post(f"/settings/tags/{slow}/merge", data={"into": str(late)})).status_code == 303
    assert (await ines.get(f"/settings/tags/{slow}")).status_code == 404
    assert (await ines.post(f"/settings/tags/{late}/delete")).status_code == 303
    assert "No tags yet" in (await ines.get("/settings/tags")).text


async def test_saved_replies_are_for_whoever_may_change_them(given: Given, browsing: Browsing) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    browser = await browsing(ona)
    place = f"/settings/inboxes/{given.inbox}/saved-replies"
    wrong = await browser.post(f"{place}/new", data={"name": "", "text": "At nine.\nEvery day."})
    assert told_next_to(wrong.text, "name") == "may not be empty"
    assert "At nine.\nEvery day." in wrong.text
    await browser.post(f"{place}/new", data={"name": "Hours", "text": "At nine.\nEvery day."})
    async with given.read(ona) as view:
        (it,) = await inbox_queries.saved_replies_of(view, given.inbox, chat_only_too=True)
        assert (await inbox_queries.saved_reply(view, given.inbox, it.id)).text == "At nine.<br>\nEvery day."
    assert "Saved replies" in (await browser.get("/settings")).text
    assert "Audit" not in (await browser.get("/settings")).text
    light = await browsing(await given.user("Lee", role=Role.LIGHT_USER))
    assert (await light.get(place)).status_code == 403


async def test_the_audit_says_who_did_what_and_is_filtered(given: Given, ines: Browser) -> None:
    ona = await given.user("Ona")
    await ines.post(f"/settings/users/{ona}/remove")
    page = (await ines.get("/settings/audit?type=UserDeleted")).text
    assert "Removed a user" in page
    assert "Ines Okafor" in page
    assert "127.0.0.1" in page
    assert "Made an inbox</td>" not in page
    assert "Nothing of the kind" in (await ines.get(f"/settings/audit?user={ona}&type=RoleChanged")).text
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


async def test_the_first_inbox_has_sample_letters_or_none(given: Given, ines: Browser) -> None:
    wrong = await ines.post("/start", data={"name": "Support", "email": "nonsense"})
    assert (wrong.status_code, 'value="nonsense"' in wrong.text) == (400, True)
    made = await ines.post("/start", data={"name": "Support", "email": "support@desk.test"})
    assert made.status_code == 303, made.text[2000:6000]
    place = made.headers["location"]
    assert "Something to look at?" in (await ines.get(place)).text

    done = await ines.post(place, data={"sample": "on"})
    assert done.headers["location"] == f"{place}/mail"
    folder = await ines.get(f"/inboxes/{place.rpartition('/')[2]}", follow_redirects=True)
    assert folder.text.count('class="row-link"') == 8
    async with given.read() as view:
        assert (await view.one(queue.LENGTH)).total == 0


async def test_names_are_never_mark_up(given: Given, ines: Browser) -> None:
    async with given.write() as tx:
        await inboxes.create_saved_reply(tx, given.inbox, "<script>alert(1)</script>", text="<b>x</b>", chat_text=None)
    page = (await ines.get(f"/settings/inboxes/{given.inbox}/saved-replies")).text
    assert "<script>alert" not in page
