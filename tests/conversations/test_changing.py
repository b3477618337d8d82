"""Update Conversation, Delete Conversation, and what becomes of a merged one (contract 10 §5 to §7, 00 §12)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import merging
from deskhand.conversations.operations.entries import NewThread
from tests.conftest import MovableClock
from tests.conversations.looking import V2, codes, folder_of, ids, mistakes, patch, request, show, threads, watch
from tests.given import Client, Given


async def line_items(client: Client, conversation_id: int) -> list[tuple[str, str]]:
    """Type and text of line items, newest first."""
    found = await threads(client, conversation_id)
    return [(each["action"]["type"], each["action"]["text"]) for each in found if each["type"] == "lineitem"]


async def test_a_subject_is_changed(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    facts = await watch(given)

    assert await patch(client, conversation, "/subject", "Parcel lost") == 204

    assert (await show(client, conversation))["subject"] == "Parcel lost"
    assert await facts.all() == [("SubjectChanged", {"conversation_id": conversation})]
    assert await line_items(client, conversation) == []


@pytest.mark.parametrize(("word", "after"), [("open", "active"), ("pending", "pending"), ("spam", "spam")])
async def test_a_status_is_changed(client: Client, given: Given, word: str, after: str) -> None:
    conversation = await given.conversation(status=Status.CLOSED)
    facts = await watch(given)

    assert await patch(client, conversation, "/status", word) == 204

    body = await show(client, conversation)
    assert body["status"] == after
    assert "closedAt" not in body
    assert body["closedBy"] == given.owner
    assert await facts.all() == [
        ("ConversationStatusChanged", {"conversation_id": conversation, "before": "closed", "after": after})
    ]
    assert await line_items(client, conversation) == [("changed-ticket-status", f"You set the status to {after.title()}")]
    newest = (await threads(client, conversation))[0]
    assert (newest["status"], newest["to"], "body" in newest) == (after, [], False)


async def test_closing_says_who_and_when(client: Client, given: Given, clock: MovableClock) -> None:
    conversation = await given.conversation()
    clock.move(timedelta(hours=1))

    await patch(client, conversation, "/status", "closed")

    body = await show(client, conversation)
    assert body["closedBy"] == body["closedByUser"]["id"] == given.owner
    assert body["closedAt"] == body["userUpdatedAt"] == body["customerWaitingSince"]["time"] > body["createdAt"]
    assert body["_links"]["closedBy"]["href"] == f"https://desk.test/v2/users/{given.owner}"
    assert await folder_of(client, given, conversation) == "closed"


async def test_an_owner_is_set_and_taken_away(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    facts = await watch(given)

    assert await patch(client, conversation, "/assignTo", str(given.owner)) == 204
    assert (await show(client, conversation))["assignee"]["id"] == given.owner
    assert (await threads(client, conversation))[0]["assignedTo"]["id"] == given.owner
    assert await patch(client, conversation, "/assignTo", op="remove") == 204

    assert "assignee" not in await show(client, conversation)
    assert "assignedTo" not in (await threads(client, conversation))[0]
    assert await line_items(client, conversation) == [
        ("changed-ticket-assignee", "You unassigned the conversation"),
        ("changed-ticket-assignee", "You assigned the conversation to Ines Okafor"),
    ]
    assert await facts.all() == [
        ("ConversationAssigned", {"conversation_id": conversation, "before": None, "after": given.owner}),
        ("ConversationAssigned", {"conversation_id": conversation, "before": given.owner, "after": None}),
    ]


async def test_a_customer_is_changed_and_both_are_counted(client: Client, given: Given) -> None:
    zoe, ada = await given.customer("zoe@mail.test", "Zoe"), await given.customer("ada@mail.test", "Ada")
    conversation = await given.conversation(customer=zoe)
    other = await given.conversation(customer=await given.customer("mia@mail.test", "Mia"))
    facts = await watch(given)

    assert await patch(client, conversation, "/primaryCustomer.id", ada.id) == 204

    assert (await show(client, conversation))["primaryCustomer"]["id"] == ada.id
    assert (await threads(client, conversation))[0]["customer"]["id"] == ada.id
    assert await ids(client, sortField="customerName", sortOrder="asc") == [conversation, other]
    assert await facts.all() == [("CustomerChanged", {"conversation_id": conversation, "before": zoe.id, "after": ada.id})]
    counts = [(await client.get(f"/v2/customers/{each.id}")).json()["conversationCount"] for each in (zoe, ada)]
    assert counts == [0, 1]


@pytest.mark.parametrize("op", ["move", "replace"])
async def test_moving_drops_fields_and_an_owner_who_cannot_follow(client: Client, given: Given, op: str) -> None:
    ona, field = await given.user(), await given.field("Colour", "singleline")
    await given.grant(given.inbox, ona)
    inbox = await given.new_inbox("Returns")
    conversation = await given.conversation(assign_to=ona, fields=[(field, "blue")], status=Status.CLOSED)
    facts = await watch(given)

    assert await patch(client, conversation, "/mailboxId", inbox, op) == 204

    body = await show(client, conversation)
    assert (body["mailboxId"], body["customFields"], "assignee" in body) == (inbox, [], False)
    folder = (await client.get(f"/v2/mailboxes/{inbox}/folders/{body['folderId']}")).json()
    assert (folder["type"], folder["totalCount"]) == ("closed", 1)
    assert await line_items(client, conversation) == [("moved-from-mailbox", "You moved the conversation from the Help inbox")]
    assert sorted(await facts.names()) == ["ConversationAssigned", "ConversationMoved"]
    assert ("ConversationMoved", {"conversation_id": conversation, "before": given.inbox, "after": inbox}) in await facts.all()


async def test_a_draft_is_published(client: Client, given: Given) -> None:
    customer = await given.customer()
    draft = NewThread(type=ThreadType.MESSAGE, text="Hello", customer=customer, draft=True)
    conversation = await given.conversation(said=[draft], customer=customer)
    facts = await watch(given)

    assert await patch(client, conversation, "/draft", value=False) == 204

    body = await show(client, conversation)
    assert (body["state"], body["threads"], body["assignee"]["id"]) == ("published", 1, given.owner)
    assert (await threads(client, conversation))[0]["state"] == "published"
    assert await facts.names() == ["ConversationAssigned", "ThreadAdded"]
    assert await patch(client, conversation, "/draft", value=False) == 412


@pytest.mark.parametrize(
    ("path", "op", "value"),
    [
        ("/subject", "replace", "Parcel never left the depot"),
        ("/status", "replace", "active"),
        ("/status", "replace", "open"),
        ("/assignTo", "remove", None),
        ("/mailboxId", "move", "inbox"),
        ("/primaryCustomer.id", "replace", "customer"),
    ],
)
async def test_a_change_that_changes_nothing_is_no_fact(client: Client, given: Given, path: str, op: str, value: Any) -> None:
    customer = await given.customer()
    conversation = await given.conversation(customer=customer)
    facts, before = await watch(given), await show(client, conversation, "?embed=threads")
    value = {"inbox": given.inbox, "customer": customer.id}.get(value, value)

    assert await patch(client, conversation, path, value, op) == 204

    assert await facts.names() == []
    assert await show(client, conversation, "?embed=threads") == before


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"op": "add", "path": "/subject", "value": "x"}, "op", "EnumValue"),
        ({"op": "replace", "path": "/tags", "value": []}, "path", "EnumValue"),
        ({"op": "replace", "path": "/primaryCustomer/id", "value": 1}, "path", "EnumValue"),
        ({"op": "remove", "path": "/mailboxId"}, "op", "EnumValue"),
        ({"op": "replace", "path": "/subject", "value": ""}, "value", "NotEmpty"),
        ({"op": "replace", "path": "/subject", "value": []}, "value", "Invalid"),
        ({"op": "replace", "path": "/subject"}, "value", "NotNull"),
        ({"op": "replace", "path": "/subject", "value": "a\0b"}, "value", "Invalid"),
        ({"op": "replace", "path": "/status", "value": "all"}, "value", "EnumValue"),
        ({"op": "replace", "path": "/assignTo", "value": None}, "value", "NotNull"),
        ({"op": "replace", "path": "/assignTo", "value": 999}, "value", "Invalid"),
        ({"op": "replace", "path": "/assignTo", "value": "x"}, "value", "Invalid"),
        ({"op": "replace", "path": "/mailboxId", "value": 999}, "value", "Invalid"),
        ({"op": "replace", "path": "/primaryCustomer.id", "value": 999}, "value", "Invalid"),
        ({"op": "replace", "path": "/draft", "value": True}, "value", "Invalid"),
        ({"path": "/subject", "value": "x"}, "op", "NotEmpty"),
        ({"op": "replace", "value": "x"}, "path", "NotEmpty"),
    ],
)
async def test_a_mistake_names_op_path_or_value(
    client: Client, given: Given, body: dict[str, Any], path: str, code: str
) -> None:
    conversation = await given.conversation()

    assert codes(await client.patch(f"{V2}/{conversation}", json=body)) == {path: code}
    good = {"op": "replace", "path": "/subject", "value": "Changed"}
    assert codes(await client.patch(f"{V2}/{conversation}", json=[good, body])) == {f"[1].{path}": code}
    assert (await show(client, conversation))["subject"] == "Parcel never left the depot"


async def test_an_array_of_changes_is_applied_in_order(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    changes = [
        {"op": "replace", "path": "/status", "value": "closed"},
        {"op": "replace", "path": "/status", "value": "pending"},
        {"op": "replace", "path": "/assignTo", "value": given.owner},
    ]

    answer = await client.patch(f"{V2}/{conversation}", json=changes, headers={"content-type": "application/json-patch+json"})

    body = await show(client, conversation)
    assert (answer.status_code, body["status"], body["assignee"]["id"]) == (204, "pending", given.owner)
    assert mistakes(await client.patch(f"{V2}/{conversation}", json=[])) == {"body": "may not be empty"}


async def test_a_deleted_conversation_is_gone_from_everywhere(client: Client, given: Given) -> None:
    customer = await given.customer()
    conversation = await given.conversation(customer=customer, tags=["eu"])
    facts = await watch(given)

    assert (await client.delete(f"{V2}/{conversation}")).status_code == 204

    assert await facts.all() == [("ConversationDeleted", {"conversation_id": conversation})]
    assert (await client.get(f"{V2}/{conversation}")).status_code == 404
    assert (await client.delete(f"{V2}/{conversation}")).status_code == 404
    assert await patch(client, conversation, "/status", "closed") == 404
    assert (await client.get(f"/v2/customers/{customer.id}")).json()["conversationCount"] == 0
    assert (await client.get("/v2/tags")).json()["_embedded"]["tags"][0]["ticketCount"] == 0


async def test_unknown_and_impossible_ids(client: Client) -> None:
    assert (await client.get(f"{V2}/999")).status_code == 404
    for impossible in ("0", "-1", "x", "1.5", "9223372036854775808", "٣"):
        answer = await client.get(f"{V2}/{impossible}")
        assert codes(answer) == {"conversationId": "InvalidId"}, impossible
        assert answer.json()["_embedded"]["errors"][0]["source"] == "PATH"


class TestMerging:
    async def test_the_merged_one_redirects_and_answers_nothing_else(self, client: Client, given: Given) -> None:
        loser, survivor = await given.conversation(text="First"), await given.conversation(text="Second")
        facts = await watch(given)

        async with given.write(given.owner) as tx:
            await merging.merge(tx, loser, into=survivor)

        moved = await client.get(f"{V2}/{loser}")
        assert (moved.status_code, moved.content) == (301, b"")
        assert moved.headers["location"] == f"https://desk.test{V2}/{survivor}"
        assert await facts.all() == [("ConversationMerged", {"conversation_id": survivor, "merged_id": loser})]
        here = f"{V2}/{loser}"
        assert (await client.get(f"{here}/threads")).status_code == 404
        assert (await client.put(f"{here}/tags", json={"tags": []})).status_code == 404
        assert (await client.delete(f"{here}/snooze")).status_code == 404
        assert (await client.post(f"{here}/notes", json={"text": "x"})).status_code == 404
        assert await patch(client, loser, "/status", "closed") == 404
        assert (await client.delete(here)).status_code == 404
        assert await ids(client, status="all") == [survivor]

    async def test_the_survivor_has_threads_files_and_recipients_of_both(self, client: Client, given: Given) -> None:
        loser, survivor = await given.conversation(text="Lost words"), await given.conversation()
        file = {"fileName": "a.txt", "mimeType": "text/plain", "data": "aGk="}
        customer = {"email": "pavel@mail.test"}
        body = {"text": "x", "customer": customer, "cc": ["copy@firm.test"], "attachments": [file]}
        assert (await client.post(f"{V2}/{loser}/reply", json=body)).status_code == 201

        async with given.write(given.owner) as tx:
            await merging.merge(tx, loser, into=survivor)

        found = await threads(client, survivor)
        assert [each["type"] for each in found] == ["lineitem", "message", "customer", "customer"]
        assert found[0]["action"]["type"] == "merged"
        assert found[0]["action"]["associatedEntities"] == {"conversation": loser}
        shown = await show(client, survivor)
        assert (shown["threads"], shown["preview"]) == (3, "x")
        for query in ("body:lost", "email:copy@firm.test", "cc:firm.test", "attachments:true"):
            assert await ids(client, query=query) == [survivor], query
        data = found[1]["_embedded"]["attachments"][0]["_links"]["data"]["href"]
        assert (await client.get(data)).json()["data"] == "aGk="

    async def test_a_redirect_is_not_shown_to_an_outsider(self, given: Given) -> None:
        loser, survivor, ona = await given.conversation(), await given.conversation(), await given.user()
        async with given.write(given.owner) as tx:
            await merging.merge(tx, loser, into=survivor)

        async with given.client(ona) as outsider:
            assert (await outsider.get(f"{V2}/{loser}")).status_code == 404


async def test_a_number_is_a_subject_and_blanks_are_a_text_on_every_way_in(client: Client, given: Given) -> None:
    made = await client.post(V2, json=request(given) | {"subject": 4711, "threads": [{"type": "note", "text": " "}]})
    conversation = int(made.headers["resource-id"])
    (note,) = await threads(client, conversation)

    assert (await show(client, conversation))["subject"] == "4711"
    change = {"op": "replace", "path": "/subject", "value": 4712}
    assert (await client.patch(f"{V2}/{conversation}", json=change)).status_code == 204
    change = {"op": "replace", "path": "/text", "value": "  "}
    assert (await client.patch(f"{V2}/{conversation}/threads/{note['id']}", json=change)).status_code == 204
    assert (await show(client, conversation))["subject"] == "4712"
    assert (await threads(client, conversation))[0]["body"] == "  "
