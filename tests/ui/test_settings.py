"""Settings as pages: what was typed stays when something is wrong, and two at one form lose nothing."""

from __future__ import annotations

import re

from deskhand.inboxes import operations as inboxes
from deskhand.inboxes import queries as inbox_queries
from deskhand.inboxes.hours import OfficeHours
from deskhand.kernel.permissions import Role
from deskhand.mail.model import Direction, Options
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.queries import inboxes as mail_queries
from deskhand.mail.queries import queue
from deskhand.tags import operations as tags
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import told_next_to, undone, version_in


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


async def test_an_address_is_added_taken_away_and_brought_back(given: Given, ines: Browser) -> None:
    async with given.write() as tx:
        await mail.want(tx, given.inbox, Options())
    place = f"/settings/inboxes/{given.inbox}"
    wrong = await ines.post(f"{place}/aliases", data={"form": "alias", "alias": "nonsense"})
    assert told_next_to(wrong.text, "alias")
    assert 'value="Help"' in wrong.text  # the other form stands as it was
    added = await ines.post(f"{place}/aliases", data={"form": "alias", "alias": "hello@desk.test"}, follow_redirects=True)
    assert "hello@desk.test is an address of it now" in added.text
    gone = await ines.post(f"{place}/aliases/remove", data={"alias": "hello@desk.test"}, follow_redirects=True)
    assert "hello@desk.test is an address of it now" in await undone(ines, gone.text)
    async with given.read() as view:
        assert await view.all(mail_queries.ADDRESSES, inbox_id=given.inbox) == ["hello@desk.test", "help@desk.test"]


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
    gone = await ines.post(f"{place}/remove", follow_redirects=True)
    assert "no hours of its own" in gone.text
    await undone(ines, gone.text)
    async with given.read(given.owner) as view:
        assert await inbox_queries.office_hours(view, given.inbox) == OfficeHours("Europe/Lisbon", week)


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


async def test_the_rotation_has_an_order(given: Given, ines: Browser) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    place = f"/settings/inboxes/{given.inbox}/routing"
    form = {"enabled": "on", "assignmentLimit": "5", "method": "round_robin", "userIds": [str(given.owner), str(ona)]}
    await ines.post(place, data=form)
    assert 'name="up"' in (await ines.get(place)).text
    assert (await ines.post(place, data=form | {"up": str(ona)})).status_code == 303
    async with given.read() as view:
        found = await inbox_queries.routing(view, given.inbox)
    assert found is not None
    assert found.user_ids == [ona, given.owner]


async def test_tags_are_renamed_merged_and_deleted(given: Given, ines: Browser) -> None:
    async with given.write() as tx:
        late, slow = await tags.ensure(tx, ["late", "slow"], "tags")
    taken = await ines.post(f"/settings/tags/{late}", data={"form": "tag", "name": "slow", "color": "none"})
    assert (taken.status_code, "merge the two instead" in taken.text) == (409, True)
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
    gone = await browser.post(f"{place}/{it.id}/delete", follow_redirects=True)
    assert "No saved replies yet" in gone.text
    assert "It is back" in await undone(browser, gone.text)
    assert (await browser.post(f"{place}/{it.id}/restore")).status_code == 404
    assert "Saved replies" in (await browser.get("/settings")).text
    assert "Audit" not in (await browser.get("/settings")).text
    light = await browsing(await given.user("Lee", role=Role.LIGHT_USER))
    assert (await light.get(place)).status_code == 403


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
