"""By hand, dry runs, replays, and why a workflow did not fire."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing
from deskhand.inboxes import operations as inboxes
from deskhand.workflows import replaying
from deskhand.workflows.operations import defining
from tests.conftest import MovableClock
from tests.given import Client, Given, later
from tests.workflows.making import Workflows, events_of
from tests.workflows.scenes import condition

V1 = "/deskhand/v1/workflows"
CREATED = [condition("trigger", "is", "created")]
NOTE = {"type": "add-note", "text": "seen"}


def body_of(given: Given, *conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {"mailboxId": given.inbox, "type": "automatic", "name": "Try", "conditions": list(conditions), "actions": [NOTE]}
    return plain | more


async def test_by_hand_on_all_of_them_or_on_none(given: Given, client: Client, workflows: Workflows) -> None:
    manual = await workflows.manual(NOTE)
    first, second = await given.conversation(), await given.conversation()
    elsewhere = await given.conversation(inbox=await given.new_inbox("Other"))
    run = f"/v2/workflows/{manual}/run"

    refused = await client.post(run, json={"conversationIds": [first, elsewhere, 900]})
    assert refused.status_code == 400
    assert [each["path"] for each in refused.json()["_embedded"]["errors"]] == ["conversationIds[1]", "conversationIds[2]"]
    assert await workflows.runs(first) == []
    for wrong in ([], list(range(1, 52))):
        got = await client.post(run, json={"conversationIds": wrong})
        assert (got.status_code, got.json()["_embedded"]["errors"][0]["path"]) == (400, "conversationIds")

    done = await client.post(run, json={"conversationIds": [second, first, second]})
    assert (done.status_code, done.content) == (204, b"")
    for each in (first, second):
        (ran,) = await workflows.runs(each)
        assert (ran.type, ran.user_id, ran.event_id, ran.state) == ("manual", given.owner, None, "done")
        line = (await workflows.threads(each))[-2]
        assert (line.action_type, line.created_by_user_id) == ("manual-workflow", given.owner)
    async with given.client(given.owner) as again:
        shown = (await again.get(f"/v2/conversations/{first}/threads")).json()["_embedded"]["threads"]
    assert "You ran the Triage workflow" in {each["action"].get("text") for each in shown}


async def test_only_active_manual_ones_and_who_may(given: Given, client: Client, workflows: Workflows) -> None:
    worker, stranger = await given.user("Wil"), await given.user("Otto")
    await given.grant(given.inbox, worker)
    off, automatic = await workflows.manual(NOTE, active=False), await workflows.make(NOTE)
    manual = await workflows.manual(NOTE)
    it = await given.conversation()
    ids = {"conversationIds": [it]}

    for wrong in (off, automatic):
        assert (await client.post(f"/v2/workflows/{wrong}/run", json=ids)).status_code == 400
    assert (await client.post("/v2/workflows/900/run", json=ids)).status_code == 404
    async with given.client(worker) as colleague, given.client(stranger) as outsider:
        assert (await colleague.post(f"/v2/workflows/{manual}/run", json=ids)).status_code == 204
        assert (await outsider.post(f"/v2/workflows/{manual}/run", json=ids)).status_code == 404
        assert (await colleague.get(f"{V1}/{manual}")).status_code == 200
        assert (await colleague.delete(f"{V1}/{manual}")).status_code == 403
        runs = (await colleague.get(f"/deskhand/v1/conversations/{it}/workflow-runs")).json()["_embedded"]["runs"]
        assert (await outsider.get(f"/deskhand/v1/conversations/{it}/workflow-runs")).status_code == 404
    assert [each["userId"] for each in runs] == [worker]


async def test_by_hand_where_the_conditions_do_not_hold(given: Given, workflows: Workflows) -> None:
    manual = await workflows.manual(NOTE, when=[condition("status", "is", "closed")])
    it = await given.conversation()

    await workflows.run(manual, it)

    (run,) = await workflows.runs(it)
    assert (run.state, run.results, [each.holds for each in run.reasons]) == ("unmatched", [], [False])
    assert len(await workflows.threads(it)) == 1


async def test_each_of_several_runs_by_hand_sets_others_going(given: Given, workflows: Workflows) -> None:
    manual = await workflows.manual({"type": "set-status", "status": "closed"})
    await workflows.make(NOTE, when=[condition("trigger", "is", "status-changed")])
    ids = [await given.conversation() for _ in range(3)]

    await workflows.run(manual, *ids)
    await workflows.work()

    for each in ids:
        first, second = await workflows.runs(each)
        assert (second.parent_id, second.depth) == (first.id, 2)


async def test_a_dry_run_changes_nothing_and_compares_with_what_is_saved(
    given: Given, client: Client, workflows: Workflows
) -> None:
    saved = await workflows.make(NOTE, when=[*CREATED, condition("subject", "contains", "parcel")])
    parcel, both, neither = [await given.conversation(subject=each) for each in ("Parcel", "Parcel refund", "Hello")]
    refund = await given.conversation(subject="Refund")
    async with given.write(given.owner) as tx:
        await changing.delete(tx, neither)
    await workflows.work()
    before = len(await events_of(given))
    wanted = body_of(given, *CREATED, condition("subject", "contains", "refund"))

    got = await client.post(f"{V1}/{saved}/dry-run", json={"definition": wanted, "conversations": 10})

    found = got.json()
    assert {name: found[name] for name in ("lookedAt", "matches", "newly", "noLonger", "waiting")} == {
        "lookedAt": 3,
        "matches": 2,
        "newly": 1,
        "noLonger": 1,
        "waiting": 0,
    }
    assert [(each["conversationId"], each["matches"], each["matchedBefore"]) for each in found["conversations"]] == [
        (refund, True, False),
        (both, True, True),
        (parcel, False, True),
    ]
    assert found["conversations"][0]["actions"] == ["added a note"]
    assert found["conversations"][2]["conditions"] == [
        {"path": "conditions[0]", "text": "trigger is created", "actual": "taken as met", "holds": True},
        {"path": "conditions[1]", "text": 'subject contains "refund"', "actual": '"Parcel"', "holds": False},
    ]
    assert len(await events_of(given)) == before
    same = (await client.post(f"{V1}/{saved}/dry-run", json={"conversations": 1})).json()
    assert (same["lookedAt"], same["matches"]) == (1, 0)


async def test_a_dry_run_of_one_that_is_not_saved(given: Given, client: Client) -> None:
    await given.conversation()
    new = body_of(given, condition("trigger", "is", "moved"), condition("waiting", "longer-than", "2 hours"))

    got = (await client.post(f"{V1}/dry-run", json={"definition": new})).json()
    moved = (await client.post(f"{V1}/dry-run", json={"definition": new, "triggers": ["created"]})).json()

    assert (got["matches"], got["waiting"], moved["waiting"]) == (0, 1, 0)
    wrong = await client.post(f"{V1}/dry-run", json={"definition": new | {"actions": [{"type": "x"}]}})
    assert [each["path"] for each in wrong.json()["_embedded"]["errors"]] == ["actions[0].type"]
    assert (await client.post(f"{V1}/dry-run", json={"definition": new, "conversations": 1001})).status_code == 400


async def test_why_it_did_not_fire(given: Given, client: Client, workflows: Workflows, clock: MovableClock) -> None:
    when = [*CREATED, condition("waiting", "longer-than", "2 hours")]
    workflow = await workflows.make(NOTE, when=when)
    it, closed = await given.conversation(), await given.conversation(status=Status.CLOSED)
    await workflows.work()

    async def why(conversation: int, more: str = "") -> Any:
        got = await client.get(f"{V1}/{workflow}/why?conversation={conversation}{more}")
        assert got.status_code == 200, got.text
        return got.json()

    waits = await why(it)
    assert (waits["matches"], waits["fires"], waits["against"]) == (False, False, [])
    assert waits["matchesAt"] == waits["appointment"]
    assert "appointment" not in await why(closed)
    assert [each["holds"] for each in (await why(it, "&triggers=moved"))["conditions"]] == [False, False]
    clock.move(timedelta(hours=2, seconds=1))
    assert (await why(it))["fires"] is True
    await workflows.work()
    assert (await why(it))["against"] == ["already-ran"]
    async with given.write(given.owner) as tx:
        await defining.switch(tx, workflow, active=False)
    async with given.write() as tx:
        await changing.move(tx, it, await inboxes.create(tx, "Other", "other@desk.test"))
        await changing.delete(tx, closed)
    assert (await why(it))["against"] == ["inactive", "other-inbox", "already-ran"]
    assert (await why(closed))["against"] == ["inactive", "deleted"]
    assert (await client.get(f"{V1}/{workflow}/why?conversation=900")).status_code == 404


async def test_a_replay_does_what_was_missed_and_nothing_twice(
    given: Given, client: Client, workflows: Workflows, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = given.desk.clock.now()
    workflow = await workflows.make(NOTE, when=[condition("trigger", "is", "customer-replied")], fires="always", active=False)
    missed, done = await given.conversation(), await given.conversation()
    await given.thread(missed, ThreadType.CUSTOMER, "One")
    await given.thread(missed, ThreadType.CUSTOMER, "Two")
    async with given.write(given.owner) as tx:
        await defining.switch(tx, workflow, active=True)
    await given.thread(done, ThreadType.CUSTOMER)
    await workflows.work()
    assert len(await workflows.runs(done)) == 1
    clock.move(timedelta(seconds=2))

    async def replay(since: datetime = start, **more: Any) -> Any:
        window = {"since": later(since), "until": later(given.desk.clock.now())}
        got = await client.post(f"{V1}/{workflow}/replay", json=window | more)
        assert got.status_code == 200, got.text
        return got.json()

    monkeypatch.setattr(replaying, "MOST_LOOKED_AT", 3)
    first = await replay()
    assert (first["lookedAt"], first["matches"], len(first["ran"])) == (3, 1, 1)
    second = await replay(fromId=first["nextId"])
    assert (second["matches"], len(second["ran"]), "nextId" in second) == (2, 1, False)
    monkeypatch.setattr(replaying, "MOST_LOOKED_AT", 100)
    again = await replay()
    assert (again["matches"], again["ran"], again["stopped"]) == (3, [], [])
    runs = await workflows.runs(missed)
    assert [each.triggers for each in runs] == [["customer-replied"]] * 2
    assert (await replay(given.desk.clock.now() - timedelta(seconds=1)))["lookedAt"] == 0


async def test_a_replay_of_once_fires_once(given: Given, client: Client, workflows: Workflows, clock: MovableClock) -> None:
    start = given.desk.clock.now()
    it = await given.conversation()
    await given.thread(it, ThreadType.CUSTOMER)
    workflow = await workflows.make(NOTE)
    clock.move(timedelta(seconds=2))
    window = {"since": later(start), "until": later(given.desk.clock.now())}

    got = (await client.post(f"{V1}/{workflow}/replay", json=window)).json()

    assert (got["lookedAt"], got["matches"], len(got["ran"])) == (2, 2, 1)
    bad = await client.post(f"{V1}/{workflow}/replay", json=window | {"until": window["since"]})
    assert (bad.status_code, bad.json()["_embedded"]["errors"][0]["path"]) == (400, "until")
    for other, status in ((await workflows.manual(NOTE), 412), (await workflows.make(NOTE, active=False), 412)):
        assert (await client.post(f"{V1}/{other}/replay", json=window)).status_code == status


async def test_runs_are_walked_newest_first(given: Given, client: Client, workflows: Workflows) -> None:
    manual = await workflows.manual(NOTE)
    it = await given.conversation()
    for _ in range(60):
        await workflows.run(manual, it)

    for here in (f"{V1}/{manual}/runs", f"/deskhand/v1/conversations/{it}/workflow-runs"):
        first = (await client.get(here)).json()
        rest = (await client.get(first["_links"]["next"]["href"])).json()
        ids = [each["id"] for piece in (first, rest) for each in piece["_embedded"]["runs"]]
        assert (len(ids), ids, "next" in rest["_links"]) == (60, sorted(ids, reverse=True), False)
    assert first["_embedded"]["runs"][0]["actions"] == [{"type": "add-note", "state": "done", "text": "added a note"}]
