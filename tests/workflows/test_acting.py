"""What actions do, what they are refused, and what is recorded of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadState, ThreadType
from deskhand.conversations.operations import threads
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.queries import one
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.errors import NotFound
from deskhand.tags import operations as tags
from deskhand.users import operations as users
from deskhand.users.model import Presence, StatusSource
from deskhand.workflows.model.variables import NAMES, rendered
from deskhand.workflows.operations import running
from tests.conftest import MovableClock
from tests.given import Given
from tests.workflows.making import Workflows

CREATED = [{"field": "trigger", "comparison": "is", "value": "created"}]


async def results(workflows: Workflows, conversation: int) -> list[tuple[str, str]]:
    """What the newest run did."""
    return [(each.state.value, each.text) for each in (await workflows.runs(conversation))[-1].results]


async def test_status_owner_and_tags(given: Given, workflows: Workflows) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    async with given.write() as tx:
        ids = await tags.ensure(tx, ["a", "b", "c"], "tags")
    manual = await workflows.manual(
        {"type": "set-status", "status": "closed"},
        {"type": "assign", "to": ona},
        {"type": "add-tags", "tags": ids[:2]},
        {"type": "remove-tags", "tags": ids[1:]},
    )
    it = await given.conversation(tags=["c", "x"])

    await workflows.run(manual, it)

    found = await workflows.conversation(it)
    assert (found.status, found.assignee_id) == (Status.CLOSED, ona)
    async with given.read() as view:
        assert [each.name for each in await view.all(one.TAGS, ids=[it])] == ["x", "a"]
    assert await results(workflows, it) == [
        ("done", "set the status to Closed"),
        ("done", f"assigned it to {ona}"),
        ("done", f"added the tags {ids[0]}, {ids[1]}"),
        ("done", f"removed the tags {ids[1]}, {ids[2]}"),
    ]


async def test_what_is_so_already_is_not_done_again(given: Given, workflows: Workflows) -> None:
    async with given.write() as tx:
        ids = await tags.ensure(tx, ["a", "b"], "tags")
    field = await given.field("Carrier", "singleline")
    manual = await workflows.manual(
        {"type": "set-status", "status": "active"},
        {"type": "assign", "to": None},
        {"type": "add-tags", "tags": ids[:1]},
        {"type": "remove-tags", "tags": ids[1:]},
        {"type": "set-field", "field": field, "value": "Post"},
    )
    it = await given.conversation(tags=["a"], fields=[(field, "Post")])

    await workflows.run(manual, it)

    assert await results(workflows, it) == [("unchanged", "it was so already")] * 5
    assert [each.action_type for each in await workflows.threads(it)] == ["default", "manual-workflow"]


async def test_what_is_refused_is_told_and_the_rest_goes_on(given: Given, workflows: Workflows) -> None:
    stranger = await given.user()
    manual = await workflows.manual({"type": "assign", "to": stranger}, {"type": "add-note", "text": "after all"})
    alone = await workflows.manual({"type": "assign", "to": stranger})
    it = await given.conversation()

    await workflows.run(manual, it)
    await workflows.run(alone, it)

    first, second = await workflows.runs(it)
    assert [each.state.value for each in first.results] == ["refused", "done"]
    assert "has no access to this inbox" in first.results[0].text
    assert (first.state, second.state) == ("partly", "refused")
    assert (await workflows.threads(it))[-2].body == "after all"


async def test_in_turn_passes_over_who_is_away_or_has_no_access(given: Given, workflows: Workflows) -> None:
    ann, bob, cid, dan = [await given.user(name) for name in ("Ann", "Bob", "Cid", "Dan")]
    for each in (ann, bob, cid):
        await given.grant(given.inbox, each)
    async with given.write(given.owner) as tx:
        await users.set_status(tx, bob, Presence.AWAY, source=StatusSource.API)
    await workflows.make({"type": "assign-in-turn", "users": [ann, bob, cid, dan]}, when=CREATED)
    owners = []
    for _ in range(3):
        it = await given.conversation()
        await workflows.work()
        owners.append((await workflows.conversation(it)).assignee_id)

    assert owners == [ann, cid, ann]


async def test_in_turn_by_team_and_nobody_there(given: Given, workflows: Workflows) -> None:
    ann = await given.user("Ann")
    team = await given.team("Night shift", [ann])
    manual = await workflows.manual({"type": "assign-in-turn", "team": team})
    it = await given.conversation()
    await workflows.run(manual, it)
    assert await results(workflows, it) == [("refused", "everybody is away or has no access to the inbox")]

    await given.grant(given.inbox, ann)
    await workflows.run(manual, it)
    assert (await workflows.conversation(it)).assignee_id == ann


async def test_fields_one_by_one(given: Given, workflows: Workflows) -> None:
    carrier, weight = await given.field("Carrier", "singleline"), await given.field("Weight", "number")
    manual = await workflows.manual(
        {"type": "set-field", "field": carrier, "value": ""}, {"type": "set-field", "field": weight, "value": "2.5"}
    )
    it = await given.conversation(fields=[(carrier, "Post")])

    await workflows.run(manual, it)

    async with given.read() as view:
        assert [(each.id, each.value) for each in await view.all(one.FIELDS, ids=[it])] == [(weight, "2.5")]


async def test_a_note_has_variables_and_nothing_in_them_is_markup(given: Given, workflows: Workflows) -> None:
    manual = await workflows.manual(
        {
            "type": "add-note",
            "text": "<b>{%customer.firstName%}</b> {%assignee.firstName,fallback=no <one>%} {%who%} {%mailbox.name%}",
        }
    )
    it = await given.conversation(customer=await given.customer("eve@mail.test", first="<i>Eve</i>"))

    await workflows.run(manual, it)

    note = (await workflows.threads(it))[-1]
    assert (note.type, note.source_type) == (ThreadType.NOTE, "workflows")
    assert note.body == "<b>&lt;i&gt;Eve&lt;/i&gt;</b> no &lt;one&gt; {%who%} Help"
    assert rendered("".join(f"{{%{name}%}}" for name in NAMES), dict.fromkeys(NAMES, "")) == ""


async def test_a_reply_leaves_status_and_owner(given: Given, workflows: Workflows) -> None:
    async with given.write(given.owner) as tx:
        saved = await inboxes.create_saved_reply(tx, given.inbox, "Hello", text="Dear {%customer.firstName%}", chat_text=None)
    await workflows.make({"type": "send-reply", "savedReply": saved}, when=CREATED)
    it = await given.conversation(status=Status.PENDING)

    await workflows.work()

    found = await workflows.conversation(it)
    assert (found.status, found.assignee_id, found.latest_reply_from) == (Status.PENDING, None, "user")
    (reply,) = [each for each in await workflows.threads(it) if each.type is ThreadType.MESSAGE]
    assert (reply.body, reply.saved_reply_id, reply.state) == ("Dear Pavel", saved, ThreadState.PUBLISHED)
    assert reply.to == [found.customer_email]


async def test_a_reply_by_hand_makes_nobody_its_owner(given: Given, workflows: Workflows) -> None:
    """Not even where whoever replies becomes it: it is the workflow that replies."""
    inbox = await given.new_inbox("Eager", assigns_replier=True)
    manual = await workflows.manual({"type": "send-reply", "text": "Hello"}, mailboxId=inbox)
    it = await given.conversation(inbox=inbox)

    await workflows.run(manual, it)

    assert (await workflows.conversation(it)).assignee_id is None
    assert (await workflows.threads(it))[-1].created_by_user_id == given.owner


async def test_a_reply_is_held_back_when_somebody_has_replied(given: Given, workflows: Workflows) -> None:
    await workflows.make({"type": "send-reply", "text": "We are on it"}, when=CREATED)
    it, other = await given.conversation(), await given.conversation()
    await given.thread(it, ThreadType.MESSAGE, "I am on it")
    await given.thread(other, ThreadType.MESSAGE, "History", imported=True)

    await workflows.work()

    assert await results(workflows, it) == [("held", "somebody has replied since")]
    assert await results(workflows, other) == [("done", "sent a reply")]


async def test_a_draft_that_is_sent_is_a_reply_since_too(given: Given, workflows: Workflows, clock: MovableClock) -> None:
    when = [{"field": "trigger", "comparison": "is", "value": "note-added"}]
    await workflows.make({"type": "send-reply", "text": "We are on it"}, when=when)
    it = await given.conversation()
    draft = await given.thread(it, ThreadType.MESSAGE, "I am on it", draft=True)
    await given.thread(it, ThreadType.NOTE)
    clock.move(timedelta(seconds=1))
    async with given.write(given.owner) as tx:
        await threads.publish(tx, it, draft)

    await workflows.work()

    assert await results(workflows, it) == [("held", "somebody has replied since")]


async def test_workflows_reply_five_times_a_day_and_no_more(given: Given, workflows: Workflows, clock: Any) -> None:
    when = [{"field": "trigger", "comparison": "is", "value": "customer-replied"}]
    await workflows.make({"type": "send-reply", "text": "Hm"}, when=when, fires="always")
    it = await given.conversation()

    async def reply() -> str:
        await given.thread(it, ThreadType.CUSTOMER)
        await workflows.work()
        return (await results(workflows, it))[0][0]

    assert [await reply() for _ in range(6)] == ["done"] * 5 + ["held"]
    clock.move(timedelta(hours=24, seconds=1))
    assert await reply() == "done"


async def test_forwarding_begins_a_conversation_of_its_own(given: Given, workflows: Workflows) -> None:
    manual = await workflows.manual({"type": "forward", "to": "depot@carrier.test", "text": "Please look."})
    it = await given.conversation(subject="Lost", text="Where <b>is</b> it?")

    await workflows.run(manual, it)

    parent = (await workflows.threads(it))[-1]
    assert (parent.type, parent.to) == (ThreadType.FORWARD_PARENT, ["depot@carrier.test"])
    assert (parent.body or "").startswith("Please look.<p>On ")
    assert (parent.body or "").endswith("Pavel Lund wrote:</p><blockquote>Where <b>is</b> it?</blockquote>")
    assert parent.linked_conversation_id is not None
    other = await workflows.conversation(parent.linked_conversation_id)
    assert (other.subject, other.status, other.customer_email) == ("Fwd: Lost", Status.PENDING, "depot@carrier.test")
    (child,) = await workflows.threads(other.id)
    assert (child.type, child.body, child.linked_conversation_id) == (ThreadType.FORWARD_CHILD, parent.body, it)
    assert (await workflows.conversation(it)).thread_count == 2
    async with given.client(given.owner) as client:
        shown = (await client.get(f"/v2/conversations/{it}/threads")).json()["_embedded"]["threads"]
    assert shown[0]["linkedConversationId"] == str(other.id)
    assert "linkedConversationId" not in shown[-1]


async def test_an_automatic_forward_has_nobody_behind_it(given: Given, workflows: Workflows) -> None:
    await workflows.make({"type": "forward", "to": "depot@carrier.test"}, when=CREATED)
    it = await given.conversation()

    await workflows.work()

    (parent,) = [each for each in await workflows.threads(it) if each.type is ThreadType.FORWARD_PARENT]
    assert parent.linked_conversation_id is not None
    async with given.client(given.owner) as client:
        got = await client.get(f"/v2/conversations/{parent.linked_conversation_id}")
    assert (got.status_code, got.json()["createdBy"]["email"]) == (200, "depot@carrier.test")


async def test_snoozing_moving_and_deleting(given: Given, workflows: Workflows) -> None:
    other = await given.new_inbox("Other")
    manual = await workflows.manual(
        {"type": "snooze", "for": "2 hours", "wakesOnReply": False}, {"type": "move", "mailboxId": other}
    )
    gone = await workflows.manual({"type": "delete"})
    it, doomed = await given.conversation(), await given.conversation()

    await workflows.run(manual, it)
    await workflows.run(gone, doomed)

    found = await workflows.conversation(it)
    assert (found.inbox_id, found.wakes_on_reply) == (other, False)
    assert found.snoozed_until is not None
    with pytest.raises(NotFound):
        await workflows.conversation(doomed)
    assert (await workflows.runs(doomed))[0].state == "done"


async def test_a_webhook_is_told_whatever_it_listens_to(given: Given, workflows: Workflows) -> None:
    async with given.client(given.owner) as client:
        body = {"url": "https://hooks.test/in", "events": ["tag.created"], "secret": "x", "mailboxIds": []}
        called, other = [int((await client.post("/v2/webhooks", json=body)).headers["resource-id"]) for _ in range(2)]
        manual = await workflows.manual(
            {"type": "notify-webhook", "webhook": called}, {"type": "set-status", "status": "closed"}
        )
        it = await given.conversation()
        await workflows.run(manual, it)
        got = await client.get("/deskhand/v1/webhook-deliveries")
        (told,) = got.json()["_embedded"]["deliveries"]
        whole = (await client.get(f"/deskhand/v1/webhook-deliveries/{told['id']}")).json()

        refused = await client.post("/v2/webhooks", json=body | {"events": ["convo.workflow"]})
    assert (told["webhookId"], told["event"], told["conversationId"]) == (called, "convo.workflow", it)
    assert '"status":"closed"' in whole["request"]["body"]  # as it is at the end
    assert other != called
    assert (refused.status_code, refused.json()["_embedded"]["errors"][0]["path"]) == (400, "events[0]")


async def test_one_who_loses_the_right_to_the_inbox_is_refused_at_its_run(given: Given, workflows: Workflows) -> None:
    """A definition stays valid: what is forbidden to it is told by each run."""
    ann = await given.user("Ann")
    await given.grant(given.inbox, ann)
    manual = await workflows.manual({"type": "assign", "to": ann})
    async with given.write() as tx:
        await inboxes.revoke(tx, given.inbox, ann)
    it = await given.conversation()

    await workflows.run(manual, it)

    assert (await workflows.runs(it))[0].state == "refused"


async def test_what_is_sent_by_hand_is_no_agents_reply(given: Given, workflows: Workflows) -> None:
    """Though a user set it going, a workflow sent it (contract 40 §4); what the user did in the same breath is theirs."""
    async with given.client(given.owner) as client:
        body = {"url": "https://hooks.test/in", "events": ["convo.agent.reply.created", "convo.status"], "secret": "x"}
        assert (await client.post("/v2/webhooks", json=body)).status_code == 201
        manual = await workflows.manual({"type": "send-reply", "text": "Hello"}, {"type": "set-status", "status": "closed"})
        it = await given.conversation()
        async with given.write(given.owner) as tx:
            await threads.add(tx, it, NewThread(type=ThreadType.MESSAGE, text="By me"))
            await running.run_by_hand(tx, manual, [it])
        told = (await client.get("/deskhand/v1/webhook-deliveries")).json()["_embedded"]["deliveries"]

    assert [each["event"] for each in told[::-1]] == ["convo.agent.reply.created", "convo.status"]
