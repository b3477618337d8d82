"""Workflows in the browser: built row by row without scripts, tried, saved, put into order, and why they did what they did."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from deskhand.conversations.model import Status
from deskhand.inboxes import operations as inboxes
from deskhand.tags import operations as tags
from deskhand.workflows.queries import definitions
from deskhand.workflows.queries.definitions import Workflow
from deskhand.workflows.schemas.definitions import whole_body
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import leads_to, undone
from tests.workflows.making import Workflows

HERE = "/settings/workflows"
DRAFT = f"{HERE}/draft"
HOSTILE = "<script>alert(1)</script>"
SUBJECT = {"c-0": "row", "c-0.was": "subject", "c-0.field": "subject", "c-0.comparison": "contains", "c-0.value": "hopper"}
CLOSE = {"a-0": "step", "a-0.was": "set-status", "a-0.type": "set-status", "a-0.status": "closed"}


@pytest.fixture
def workflows(given: Given) -> Workflows:
    return Workflows(given)


def filled(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form on a page."""
    form = re.search(r'<form class="stack" method="post" action="/settings/workflows/.*?</form>', page, re.DOTALL)
    assert form
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form[0]):
        if ("checkbox" not in tag or " checked" in tag) and (name := re.search(r' name="([^"]*)"', tag)):
            value = re.search(r' value="([^"]*)"', tag)
            found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    for name, body in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', body) or re.search(r'value="([^"]*)"', body)
        found.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    for name, text in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form[0], re.DOTALL):
        found.setdefault(name, []).append(unescape(text))
    return found


async def found(given: Given, workflow_id: int) -> Workflow:
    async with given.read(given.owner) as view:
        return await definitions.get(view, workflow_id)


async def test_one_is_built_by_buttons_alone(given: Given, ines: Browser) -> None:
    page = (await ines.get(f"{HERE}/new?inbox={given.inbox}")).text
    form = filled(page) | {"name": ["Hoppers"], "c-0.value": ["hopper"]}
    page = (await ines.post(DRAFT, data=form | {"do": "group:"})).text
    page = (await ines.post(DRAFT, data=filled(page) | {"c-1-0.field": "status", "do": "again"})).text
    assert "is any of" in page
    page = (await ines.post(DRAFT, data=filled(page) | {"c-1-0.value": "closed", "do": "row:c-1"})).text
    page = (await ines.post(DRAFT, data=filled(page) | {"c-1-1.value": "lid", "a-0.type": "set-status", "do": "step"})).text
    page = (await ines.post(DRAFT, data=filled(page) | {"a-0.status": "pending", "a-1.type": "snooze", "do": "again"})).text
    page = (await ines.post(DRAFT, data=filled(page) | {"a-1.for": "2", "a-1.unit": "day", "do": "up:a-1"})).text

    made = await ines.post(f"{HERE}/new", data=filled(page))
    assert made.status_code == 303, made.text
    it = await found(given, int(leads_to(made).rpartition("/")[2]))
    body = whole_body(it, [], _origins())
    assert body.conditions == [
        {"field": "subject", "comparison": "contains", "value": "hopper"},
        {
            "any": [
                {"field": "status", "comparison": "is", "value": "closed"},
                {"field": "subject", "comparison": "contains", "value": "lid"},
            ]
        },
    ]
    assert body.actions == [
        {"type": "snooze", "for": "2 days", "wakesOnReply": True},
        {"type": "set-status", "status": "pending"},
    ]
    assert it.active_since is not None


def _origins() -> Any:
    return type("Origins", (), {"api": ""})()


async def test_rows_groups_and_steps_go_as_they_came(given: Given, ines: Browser) -> None:
    base = {"inbox": str(given.inbox), "type": "automatic", "c-0": "row", "c-1": "any", "c-1-0": "row", "a-0": "step"}
    page = (await ines.post(DRAFT, data=base | {"do": "drop:c-1-0"})).text
    assert 'name="c-1"' not in page  # with its last row the group goes
    page = (await ines.post(DRAFT, data=base | {"do": "drop:a-0"})).text
    assert 'name="a-0"' not in page
    assert (await ines.post(DRAFT, data=base | {"do": "up:a-0"})).status_code == 200
    assert (await ines.post(DRAFT, data=base | {"do": "drop:c-9-9"})).status_code == 200


async def test_everything_that_the_api_takes_survives_the_form(given: Given, ines: Browser, workflows: Workflows) -> None:
    field = await given.field("Order", "singleline")
    other, user = await given.new_inbox("Other"), await given.user("Una")
    team = await given.team("Night", [user])
    async with given.write(given.owner) as tx:
        one, two = await tags.ensure(tx, ["vip", "late"], "tags")
        reply = await inboxes.create_saved_reply(tx, given.inbox, "Hours", text="At nine.", chat_text=None)
    workflow_id = await workflows.make(
        {"type": "assign", "to": str(user)},
        {"type": "assign"},
        {"type": "assign-in-turn", "team": team},
        {"type": "assign-in-turn", "users": [user, given.owner]},
        {"type": "add-tags", "tags": [one, two]},
        {"type": "remove-tags", "tags": [two]},
        {"type": "set-field", "field": field, "value": "K-1"},
        {"type": "move", "mailboxId": other},
        {"type": "add-note", "text": "<b>Look</b>"},
        {"type": "send-reply", "savedReply": reply},
        {"type": "send-reply", "text": "Thanks,<br>\nus"},
        {"type": "forward", "to": "lab@mail.test", "text": "Please look."},
        {"type": "snooze", "for": "1 hour", "wakesOnReply": False},
        {"type": "delete"},
        when=[
            {"field": "trigger", "comparison": "is-any-of", "value": ["created", "tagged"]},
            {"field": "tag", "comparison": "is-none-of", "value": [one, two]},
            {"field": "custom-field", "id": str(field), "comparison": "is-not-empty"},
            {"field": "created-at", "comparison": "after", "value": "2026-01-02T03:04:05Z"},
            {"field": "subject", "comparison": "contains-any-of", "value": ["a, b", "c"]},
            {"field": "threads", "comparison": "greater-than", "value": "3"},
            {"field": "snoozed", "comparison": "is", "value": False},
            {"all": [{"any": [{"field": "waiting", "comparison": "longer-than", "value": "90 minutes"}]}]},
        ],
        fires="always",
    )
    page = (await ines.get(f"{HERE}/{workflow_id}")).text
    before = await found(given, workflow_id)
    assert (await ines.post(f"{HERE}/{workflow_id}", data=filled(page) | {"name": ["Other name"]})).status_code == 303
    after = await found(given, workflow_id)
    assert (after.version, after.name) == (2, "Other name")
    assert whole_body(after, [], _origins()).conditions == whole_body(before, [], _origins()).conditions
    assert whole_body(after, [], _origins()).actions == whole_body(before, [], _origins()).actions
    assert after.definition == before.definition


async def test_what_is_wrong_stands_where_it_is_wrong(given: Given, ines: Browser) -> None:
    base = {"inbox": str(given.inbox), "type": "automatic", "name": ""}
    for address, do in ((f"{HERE}/new", ""), (DRAFT, "try")):
        answer = await ines.post(address, data=base | SUBJECT | CLOSE | {"c-0.value": "", "a-0.type": "add-tags", "do": do})
        assert answer.status_code == 400
        assert answer.text.count("field-error") == 3, address
    assert (await ines.post(DRAFT, data={"inbox": "9999", "do": "try"})).status_code == 404
    assert (await ines.post(f"{HERE}/new", data={"inbox": "x"})).status_code == 400


async def test_nobody_overwrites_what_another_saved(given: Given, ines: Browser, workflows: Workflows) -> None:
    workflow_id = await workflows.make()
    form = filled((await ines.get(f"{HERE}/{workflow_id}")).text)
    assert (await ines.post(f"{HERE}/{workflow_id}", data=form | {"name": ["First"]})).status_code == 303
    refused = await ines.post(f"{HERE}/{workflow_id}", data=form | {"name": ["Second"]})
    assert refused.status_code == 409
    assert 'value="Second"' in refused.text
    assert (await ines.post(f"{HERE}/{workflow_id}", data=filled(refused.text))).status_code == 303
    assert (await found(given, workflow_id)).name == "Second"


async def test_what_it_said_before_is_said_again(given: Given, ines: Browser, workflows: Workflows) -> None:
    workflow_id = await workflows.make(name="First")
    form = filled((await ines.get(f"{HERE}/{workflow_id}")).text) | {"name": ["Second"]}
    changed = await ines.post(f"{HERE}/{workflow_id}", data=form, follow_redirects=True)
    assert "Saved as version 2" in changed.text
    back = await undone(ines, changed.text)
    it = await found(given, workflow_id)
    assert (it.name, it.version) == ("First", 3)
    assert "Version 2" in back
    assert (await ines.post(f"{HERE}/{workflow_id}/revert", data={"to": "9"})).status_code == 400
    same = filled((await ines.get(f"{HERE}/{workflow_id}")).text)
    await ines.post(f"{HERE}/{workflow_id}", data=same)
    assert (await found(given, workflow_id)).version == 3  # the same again is no change


async def test_a_dry_run_says_which_match_and_why_and_does_nothing(given: Given, ines: Browser, workflows: Workflows) -> None:
    cracked, other = await given.conversation(subject=f"Cracked hopper {HOSTILE}"), await given.conversation(subject="Hello")
    form = {"inbox": str(given.inbox), "type": "automatic", "name": "Hoppers", "do": "try"} | SUBJECT | CLOSE
    page = (await ines.post(DRAFT, data=form)).text
    assert HOSTILE not in page
    assert "Subject contains “hopper”" in page
    assert "Set the status to Closed" in page
    assert [page.count(f'"tiny {each}"') for each in ("ok", "quiet")] == [1, 1]
    assert {(await workflows.conversation(each)).status for each in (cracked, other)} == {Status.ACTIVE}

    workflow_id = await workflows.make(when=[{"field": "subject", "comparison": "contains", "value": "Hello"}])
    page = (await ines.post(DRAFT, data=form | {"workflow": str(workflow_id)})).text
    assert "New match" in page
    assert "No longer" in page


async def test_the_list_switches_orders_deletes_and_takes_it_back(given: Given, ines: Browser, workflows: Workflows) -> None:
    first, second, third = [await workflows.make(name=each) for each in ("One", "Two", "Three")]

    async def order() -> list[int]:
        async with given.read(given.owner) as view:
            return [each.id for each in await definitions.of_inbox(view, given.inbox)]

    moved = await ines.post(f"{HERE}/{third}/move", data={"way": "up"}, follow_redirects=True)
    assert await order() == [first, third, second]
    await undone(ines, moved.text)
    assert await order() == [first, second, third]
    await ines.post(f"{HERE}/{first}/move", data={"way": "up"})
    assert await order() == [first, second, third]

    switched = await ines.post(f"{HERE}/{second}/switch", follow_redirects=True)
    assert (await found(given, second)).active_since is None
    await undone(ines, switched.text)
    assert (await found(given, second)).active_since is not None

    deleted = await ines.post(f"{HERE}/{second}/delete", follow_redirects=True)
    assert await order() == [first, third]
    assert "Two is back" in await undone(ines, deleted.text)
    assert await order() == [first, second, third]
    assert (await found(given, second)).active_since is not None


async def test_the_ledger_tells_what_was_done_and_why(given: Given, ines: Browser, workflows: Workflows) -> None:
    when = [{"field": "subject", "comparison": "contains", "value": "hopper"}]
    workflow_id = await workflows.make({"type": "set-status", "status": "closed"}, when=when)
    assert "It did not run yet" in (await ines.get(f"{HERE}/{workflow_id}/runs")).text
    await given.conversation(subject="Cracked hopper")
    await workflows.work()
    page = (await ines.get(f"{HERE}/{workflow_id}/runs")).text
    assert "Cracked hopper" in page
    assert "Subject contains “hopper”" in page
    assert "Set the status to Closed" in page
    assert "It began" in page


async def test_why_not_is_answered_by_number(given: Given, ines: Browser, workflows: Workflows) -> None:
    when = [{"field": "subject", "comparison": "contains", "value": "hopper"}]
    workflow_id = await workflows.make(when=when, active=False)
    number = (await workflows.conversation(await given.conversation(subject="Hello"))).number
    page = (await ines.get(f"{HERE}/{workflow_id}/why?number=%23{number}")).text
    assert "It does not match" in page
    assert "It is switched off" in page
    assert "There is no conversation" in (await ines.get(f"{HERE}/{workflow_id}/why?number=999999")).text
    assert "There is no conversation" in (await ines.get(f"{HERE}/{workflow_id}/why?number=x")).text


async def test_a_manual_one_runs_by_number(given: Given, ines: Browser, workflows: Workflows) -> None:
    workflow_id = await workflows.manual({"type": "set-status", "status": "closed"})
    it = await given.conversation()
    number = (await workflows.conversation(it)).number
    wrong = await ines.post(f"{HERE}/{workflow_id}/run", data={"numbers": f"{number} 999999"})
    assert wrong.status_code == 400
    assert "field-error" in wrong.text
    ran = await ines.post(f"{HERE}/{workflow_id}/run", data={"numbers": f"#{number}, {number}"}, follow_redirects=True)
    assert "It ran on 1 conversation" in ran.text
    assert (await workflows.conversation(it)).status is Status.CLOSED
    assert (await ines.post(f"{HERE}/{workflow_id}/run", data={"numbers": ""})).status_code == 400


async def test_what_is_past_is_replayed(given: Given, ines: Browser, workflows: Workflows) -> None:
    it = await given.conversation()
    workflow_id = await workflows.make({"type": "set-status", "status": "closed"})
    now = given.desk.clock.now()
    span = {"since": f"{now:%Y-%m-%dT00:00}", "until": f"{now:%Y-%m-%dT23:59}"}
    ran = await ines.post(f"{HERE}/{workflow_id}/replay", data=span, follow_redirects=True)
    assert "It ran 1 time" in ran.text
    assert (await workflows.conversation(it)).status is Status.CLOSED
    assert (await ines.post(f"{HERE}/{workflow_id}/replay", data={"since": "x"})).status_code == 400


async def test_an_agent_runs_one_from_the_conversation_and_sees_why(
    given: Given, browsing: Browsing, workflows: Workflows
) -> None:
    ann = await given.user("Ann")
    await given.grant(given.inbox, ann)
    browser = await browsing(ann)
    it = await given.conversation(subject="Cracked hopper")
    when = [{"field": "subject", "comparison": "contains", "value": "hopper"}]
    closes = await workflows.manual({"type": "set-status", "status": "closed"}, when=when, name="Done with it")
    other = await workflows.manual(when=[{"field": "subject", "comparison": "is", "value": "Lid"}], name="Lids")
    await workflows.manual(name="Asleep", active=False)
    here = f"/conversation/{it}/workflows"
    page = (await browser.get(here)).text
    assert "Done with it" in page
    assert "Asleep" not in page
    assert "No workflow ran" in page

    ran = await browser.post(here, data={"workflow": str(closes)}, follow_redirects=True)
    assert "Done with it ran" in ran.text
    assert (await workflows.conversation(it)).status is Status.CLOSED
    missed = await browser.post(here, data={"workflow": str(other)}, follow_redirects=True)
    assert "does not match" in missed.text
    assert "Set the status to Closed" in missed.text
    assert (await browser.post(here, data={"workflow": "9999"})).status_code == 404
    assert (await browser.post(here, data={"workflow": "x"})).status_code == 400
