"""Definitions: every mistake with its place, versions, lost updates, order, and what is gone."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.inboxes import operations as inboxes
from deskhand.kernel.errors import Conflict, Forbidden, Mistake, NotFound
from deskhand.tags import operations as tags
from deskhand.users import operations as users
from deskhand.workflows.operations import defining
from deskhand.workflows.queries import definitions
from tests.given import Client, Given
from tests.workflows.making import Workflows
from tests.workflows.scenes import check, condition

V1 = "/deskhand/v1/workflows"
YES = condition("status", "is", "active")
NOTE = {"type": "add-note", "text": "seen"}


def paths(body: dict[str, Any]) -> list[str]:
    return [each.path for each in check({"conditions": [YES]} | body)[1]]


def deep(levels: int) -> dict[str, Any]:
    return YES if levels == 0 else {"any": [deep(levels - 1)]}


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ([], ["conditions"]),
        ([YES] * 51, ["conditions"]),
        ([{"all": [YES] * 26}, {"any": [YES] * 25}], ["conditions"]),
        ([{}], ["conditions[0]"]),
        ([YES | {"any": [YES]}], ["conditions[0]"]),
        ([{"any": []}], ["conditions[0].any"]),
        ([deep(3)], []),
        ([deep(4)], ["conditions[0].any[0].any[0].any[0]"]),
        ([YES, {"any": [YES, condition("subject", "contains", "  ")]}], ["conditions[1].any[1].value"]),
        ([condition("subject", "contains", "x" * 501)], ["conditions[0].value"]),
        ([condition("subject", "contains")], ["conditions[0].value"]),
        ([condition("subject", "contains", ["x"])], ["conditions[0].value"]),
        ([condition("subject", "contains-any-of", "x")], ["conditions[0].value"]),
        ([condition("subject", "contains-any-of", [])], ["conditions[0].value"]),
        ([condition("subject", "contains-any-of", ["x", 3, ""])], ["conditions[0].value[1]", "conditions[0].value[2]"]),
        ([condition("subject", "greater-than", "x")], ["conditions[0].comparison"]),
        ([{"field": "subject", "value": "x"}], ["conditions[0].comparison"]),
        ([condition("status", "is", "open")], ["conditions[0].value"]),
        ([condition("status", "is-empty")], ["conditions[0].comparison"]),
        ([condition("assignee", "is-empty", 5)], ["conditions[0].value"]),
        ([condition("assignee", "is", "Ona")], ["conditions[0].value"]),
        ([condition("assignee", "is", True)], ["conditions[0].value"]),
        ([condition("assignee", "is", 2**63)], ["conditions[0].value"]),
        ([condition("threads", "greater-than", "many")], ["conditions[0].value"]),
        ([condition("snoozed", "is", "yes")], ["conditions[0].value"]),
        ([condition("created-at", "after", "2026-02-30T00:00:00Z")], ["conditions[0].value"]),
        ([condition("waiting", "longer-than", "0 hours")], ["conditions[0].value"]),
        ([condition("waiting", "longer-than", "10000 days")], ["conditions[0].value"]),
        ([condition("waiting", "longer-than", {"hours": 1})], ["conditions[0].value"]),
        ([condition("custom-field", "is", "x")], ["conditions[0].id"]),
        ([condition("custom-field", "is", "x", 99)], ["conditions[0].id"]),
        ([condition("custom-field", "contains", "x", 1)], ["conditions[0].comparison"]),
        ([condition("custom-field", "before", "28.2.2026", 2)], ["conditions[0].value"]),
        ([condition("customer.property", "is", "x", "nothing")], ["conditions[0].id"]),
        ([condition("subject", "is", "x", 5)], ["conditions[0].id"]),
    ],
)
def test_what_is_wrong_with_conditions_is_named(conditions: list[Any], expected: list[str]) -> None:
    assert paths({"conditions": conditions}) == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ({"type": "explode"}, [".type"]),
        ({"type": "set-status"}, [".status"]),
        ({"type": "set-status", "status": "closed", "text": "x"}, [".text"]),
        ({"type": "assign", "to": "Ona"}, [".to"]),
        ({"type": "assign", "to": 502}, []),
        ({"type": "assign-in-turn"}, [""]),
        ({"type": "assign-in-turn", "users": [1], "team": 2}, [""]),
        ({"type": "assign-in-turn", "users": []}, [".users"]),
        ({"type": "add-tags"}, [".tags"]),
        ({"type": "add-tags", "tags": []}, [".tags"]),
        ({"type": "snooze"}, [".for"]),
        ({"type": "move"}, [".mailboxId"]),
        ({"type": "remove-tags", "tags": list(range(1, 52))}, [".tags"]),
        ({"type": "set-field", "field": 9, "value": "x"}, [".field"]),
        ({"type": "set-field", "field": 1, "value": "heavy"}, [".value"]),
        ({"type": "set-field", "field": 3, "value": "99"}, [".value"]),
        ({"type": "move", "mailboxId": 61}, [".mailboxId"]),
        ({"type": "add-note", "text": "  "}, [".text"]),
        ({"type": "send-reply"}, [""]),
        ({"type": "send-reply", "text": "x", "savedReply": 3}, [""]),
        ({"type": "forward", "to": "nobody"}, [".to"]),
        ({"type": "snooze", "for": "a while"}, [".for"]),
        ({"type": "notify-webhook"}, [".webhook"]),
    ],
)
def test_what_is_wrong_with_actions_is_named(action: dict[str, Any], expected: list[str]) -> None:
    assert paths({"actions": [NOTE, action]}) == [f"actions[1]{each}" for each in expected]


def test_what_is_wrong_with_the_rest_is_named() -> None:
    assert paths({"name": "   "}) == ["name"]
    assert paths({"actions": [{"type": "delete"}, NOTE]}) == ["actions[0].type"]
    assert paths({"actions": [NOTE] * 21}) == ["actions"]
    assert paths({"type": "manual", "fires": "once"}) == ["fires"]
    manual = [condition("trigger", "is", "created"), condition("thread.body", "is", "x"), YES]
    assert paths({"type": "manual", "conditions": manual}) == ["conditions[0].field", "conditions[1].field"]
    assert paths({"type": "manual", "conditions": []}) == []


def test_a_definition_as_large_as_a_body_is_refused_soon() -> None:
    group: Any = [{}] * 50
    for _ in range(3):
        group = [{"any": group}] * 20

    assert paths({"conditions": group})[-1] == "conditions"
    assert len(paths({"conditions": group})) < 250


def errors(got: Any) -> list[str]:
    assert got.status_code == 400, got.text
    return [each["path"] for each in got.json()["_embedded"]["errors"]]


async def test_what_is_not_there_is_named_with_everything_else(client: Client, given: Given) -> None:
    other = await given.new_inbox("Other")
    elsewhere = await given.field("Carrier", "singleline", inbox=other)
    body = {
        "mailboxId": given.inbox,
        "type": "automatic",
        "name": "Triage",
        "conditions": [
            condition("assignee", "is-any-of", [given.owner, 900]),
            condition("tag", "is", 900),
            condition("subject", "contains", ""),
            condition("mailbox", "is", 900),
        ],
        "actions": [
            {"type": "assign", "to": 900},
            {"type": "assign-in-turn", "users": [900]},
            {"type": "assign-in-turn", "team": given.owner},
            {"type": "add-tags", "tags": [900]},
            {"type": "set-field", "field": elsewhere, "value": "x"},
            {"type": "move", "mailboxId": 900},
            {"type": "send-reply", "savedReply": 900},
            {"type": "notify-webhook", "webhook": 900},
        ],
    }

    assert sorted(errors(await client.post(V1, json=body))) == sorted(
        [
            "conditions[0].value[1]",
            "conditions[1].value",
            "conditions[2].value",
            "conditions[3].value",
            "actions[0].to",
            "actions[1].users[0]",
            "actions[2].team",
            "actions[3].tags[0]",
            "actions[4].field",
            "actions[5].mailboxId",
            "actions[6].savedReply",
            "actions[7].webhook",
        ]
    )
    assert errors(await client.post(V1, json=body | {"mailboxId": 900, "conditions": [YES], "actions": [NOTE]})) == [
        "mailboxId"
    ]


async def test_what_it_says_comes_back_as_it_was_given(client: Client, given: Given) -> None:
    async with given.write() as tx:
        (tag,) = await tags.ensure(tx, ["a"], "tags")
    body: dict[str, Any] = {
        "mailboxId": given.inbox,
        "type": "automatic",
        "name": "Triage",
        "fires": "always",
        "conditions": [
            condition("trigger", "is-any-of", ["created", "moved"]),
            {
                "any": [
                    condition("tag", "is", tag),
                    {"all": [condition("snoozed", "is", False), condition("threads", "is", "3")]},
                ]
            },
            condition("assignee", "is-empty"),
        ],
        "actions": [
            {"type": "assign", "to": given.owner},
            {"type": "snooze", "for": "3 days", "wakesOnReply": False},
            {"type": "send-reply", "text": "Hello"},
            {"type": "delete"},
        ],
    }
    made = await client.post(V1, json=body)
    assert made.status_code == 201, made.text
    here = f"{V1}/{made.headers['resource-id']}"
    assert made.headers["location"].endswith(here)

    got = (await client.get(here)).json()

    assert {name: got[name] for name in body} == body
    assert (got["status"], got["order"], got["version"]) == ("inactive", 1, 1)
    assert (await client.put(here, json=got)).status_code == 204
    assert (await client.get(here)).json() == got


async def test_each_change_is_a_version_and_none_is_lost(client: Client, given: Given, workflows: Workflows) -> None:
    here = f"{V1}/{await workflows.make(NOTE)}"
    first = await client.get(here, headers={"Prefer": "etag"})
    body = first.json() | {"name": "Second"}

    assert (await client.put(here, json=body)).status_code == 204
    assert (await client.put(here, json=body | {"name": "Third"})).status_code == 409
    stale = await client.put(here, json=body | {"name": "Third", "version": 2}, headers={"If-Match": first.headers["etag"]})
    assert stale.status_code == 412
    assert (await client.put(here, json=body | {"name": "Third", "version": 2})).status_code == 204

    versions = (await client.get(f"{here}/versions")).json()
    assert [(each["version"], each["name"]) for each in versions["_embedded"]["versions"]] == [
        (3, "Third"),
        (2, "Second"),
        (1, "Triage"),
    ]
    assert versions["page"]["totalElements"] == 3
    for changed in ({"mailboxId": await given.new_inbox("Other")}, {"type": "manual"}):
        assert errors(await client.put(here, json=body | {"version": 3} | changed)) == list(changed)


async def test_the_vendors_list_and_switch(client: Client, given: Given, workflows: Workflows) -> None:
    other = await given.new_inbox("Other")
    automatic, manual = await workflows.make(NOTE, active=False), await workflows.manual(NOTE)
    there = await workflows.manual(NOTE, mailboxId=other)

    async def listed(query: str = "") -> list[tuple[int, str, str, int]]:
        found = (await client.get(f"/v2/workflows{query}")).json().get("_embedded", {"workflows": []})["workflows"]
        return [(each["id"], each["type"], each["status"], each["order"]) for each in found]

    first = (automatic, "automatic", "inactive", 1)
    assert await listed() == [first, (manual, "manual", "active", 2), (there, "manual", "active", 1)]
    assert await listed(f"?mailboxId={given.inbox}&type=automatic") == [first]
    assert await listed("?mailboxId=900") == []
    change = {"op": "replace", "path": "/status", "value": "active"}
    assert (await client.patch(f"/v2/workflows/{automatic}", json=change)).status_code == 204
    shown = (await client.get(f"/v2/workflows/{automatic}")).json()
    assert list(shown) == ["id", "mailboxId", "type", "status", "order", "name", "createdAt", "modifiedAt", "_links"]
    assert shown["status"] == "active"
    for wrong, path in (
        ({"op": "add"}, "op"),
        ({"path": "/name"}, "path"),
        ({"value": "invalid"}, "value"),
        ({"value": 1}, "value"),
    ):
        assert errors(await client.patch(f"/v2/workflows/{automatic}", json=change | wrong)) == [path]
    assert errors(await client.patch(f"/v2/workflows/{automatic}", json=[change])) == ["body"]


async def test_ordering_and_removing(client: Client, given: Given, workflows: Workflows) -> None:
    a, b, c = [await workflows.make(NOTE, name=name) for name in "abc"]

    async def order() -> list[tuple[int, int]]:
        found = (await client.get(V1)).json()["_embedded"]["workflows"]
        return [(each["id"], each["order"]) for each in found]

    assert (await client.put(f"{V1}/order", json={"mailboxId": given.inbox, "ids": [c, a]})).status_code == 204
    assert await order() == [(c, 1), (a, 2), (b, 3)]
    assert errors(await client.put(f"{V1}/order", json={"mailboxId": given.inbox, "ids": [c, c, 900]})) == ["ids[1]", "ids[2]"]
    assert (await client.delete(f"{V1}/{a}")).status_code == 204
    assert await order() == [(c, 1), (b, 2)]
    assert (await client.get(f"{V1}/{a}")).status_code == 404
    assert (await client.delete(f"{V1}/{a}")).status_code == 404


async def test_a_deleted_one_comes_back_to_its_place(given: Given, workflows: Workflows) -> None:
    ann = await given.user("Ann")
    await given.grant(given.inbox, ann)
    a, b, c = [await workflows.make(NOTE, name=name) for name in "abc"]
    async with given.write(given.owner) as tx:
        await defining.delete(tx, b)
        await defining.delete(tx, a)
        await defining.restore(tx, a)
        with pytest.raises(NotFound):
            await defining.restore(tx, a)
    async with given.write(ann) as tx:
        with pytest.raises(Forbidden):
            await defining.restore(tx, b)
    async with given.write(given.owner) as tx:
        await defining.restore(tx, b, active=True)
    async with given.read(given.owner) as view:
        found = await definitions.of_inbox(view, given.inbox)
    assert [(each.id, each.position) for each in found] == [(a, 1), (b, 2), (c, 3)]
    assert [each.active_since is not None for each in found] == [False, True, True]

    it = await given.conversation()
    await workflows.work()
    assert sorted(each.workflow_id for each in await workflows.runs(it)) == [b, c]


async def test_it_does_not_come_back_to_a_full_inbox_or_switched_on_without_what_it_names(
    given: Given, workflows: Workflows, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await given.user("Ann")
    a = await workflows.make({"type": "assign", "to": ann})
    async with given.write(given.owner) as tx:
        await defining.delete(tx, a)
        await users.remove(tx, ann)
        with pytest.raises(Conflict, match="gone"):
            await defining.restore(tx, a, active=True)
    await workflows.make(NOTE)
    monkeypatch.setattr("deskhand.workflows.operations.defining.MOST_WORKFLOWS", 1)
    async with given.write(given.owner) as tx:
        with pytest.raises(Conflict, match="already"):
            await defining.restore(tx, a)


async def test_one_that_names_what_is_gone_is_invalid_and_does_not_run(
    given: Given, client: Client, workflows: Workflows
) -> None:
    ann = await given.user("Ann")
    async with given.write(given.owner) as tx:
        saved = await inboxes.create_saved_reply(tx, given.inbox, "Hello", text="Hello", chat_text=None)
    by_user = await workflows.make({"type": "assign", "to": ann})
    by_reply = await workflows.manual({"type": "send-reply", "savedReply": saved})
    async with given.write(given.owner) as tx:
        await users.remove(tx, ann)
        await inboxes.delete_saved_reply(tx, given.inbox, saved)
    it = await given.conversation()
    await workflows.work()

    assert await workflows.runs(it) == []
    for workflow, path in ((by_user, "actions[0].to"), (by_reply, "actions[0].savedReply")):
        got = (await client.get(f"{V1}/{workflow}")).json()
        assert got["status"] == "invalid"
        assert [each["path"] for each in got["problems"]] == [path]
        change = {"op": "replace", "path": "/status", "value": "inactive"}
        assert (await client.patch(f"/v2/workflows/{workflow}", json=change)).status_code == 204
        assert (await client.patch(f"/v2/workflows/{workflow}", json=change | {"value": "active"})).status_code == 409
    assert (await client.post(f"/v2/workflows/{by_reply}/run", json={"conversationIds": [it]})).status_code == 409


async def test_an_inbox_has_a_hundred_at_most(client: Client, given: Given, workflows: Workflows, monkeypatch: Any) -> None:
    monkeypatch.setattr("deskhand.workflows.operations.defining.MOST_WORKFLOWS", 1)
    await workflows.make(NOTE)

    with pytest.raises(Exception, match="there are 1 workflows in this inbox already") as refused:
        await workflows.make(NOTE)
    assert [each.path for each in mistakes(refused.value)] == ["mailboxId"]


def mistakes(error: Any) -> list[Mistake]:
    return list(error.mistakes)
