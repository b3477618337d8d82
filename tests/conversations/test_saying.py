"""Replies, notes, customer threads, chats and calls, and what follows from each (contract 20 §4, 10 §2.4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations.entries import NewThread
from tests.conftest import MovableClock
from tests.conversations.looking import V2, codes, folder_of, patch, show, threads, watch
from tests.given import Client, Given

PAVEL = {"email": "pavel@mail.test"}
PATHS = {"reply": "message", "notes": "note", "customer": "customer", "chats": "chat", "phones": "phone"}
SPEAKS = ("customer", "chats", "phones")


async def say(client: Client, conversation_id: int, path: str, **more: Any) -> int:
    """An entry over HTTP; its id."""
    body = {"text": "More."} | ({} if path == "notes" else {"customer": PAVEL}) | more
    answer = await client.post(f"{V2}/{conversation_id}/{path}", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.content == b""
    assert "location" not in answer.headers
    return int(answer.headers["resource-id"])


@pytest.mark.parametrize("path", PATHS)
async def test_an_entry_is_stored_with_its_kind_and_author(client: Client, given: Given, path: str) -> None:
    conversation = await given.conversation(customer=await given.customer("pavel@mail.test"))
    facts = await watch(given)

    made = await say(client, conversation, path, type="anything")

    newest = (await threads(client, conversation))[0]
    assert (newest["id"], newest["type"], newest["body"]) == (made, PATHS[path], "More.")
    assert newest["createdBy"]["type"] == ("customer" if path in ("customer", "chats") else "user")
    assert newest["source"] == {"type": "api", "via": "customer" if path in SPEAKS else "user"}
    assert newest["action"] == {"type": "default", "associatedEntities": {}}
    assert newest["_embedded"] == {"attachments": []}
    assert "self" not in newest["_links"]
    assert ("savedReplyId" in newest) == (path in ("reply", "customer"))
    assert (await facts.all())[-1] == (
        "ThreadAdded", {"conversation_id": conversation, "thread_id": made, "type": PATHS[path]},
    )  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("status", [Status.CLOSED, Status.PENDING])
async def test_whoever_speaks_reactivates_and_a_note_does_not(client: Client, given: Given, path: str, status: Status) -> None:
    conversation = await given.conversation(status=status)
    facts = await watch(given)

    await say(client, conversation, path)

    after = status if path == "notes" else Status.ACTIVE
    body = await show(client, conversation)
    assert body["status"] == after.value
    assert ("closedAt" in body) == (after is Status.CLOSED)
    assert (await threads(client, conversation))[0]["status"] == after.value
    changed = ("ConversationStatusChanged", {"conversation_id": conversation, "before": status, "after": "active"})
    assert (changed in await facts.all()) == (path != "notes")


@pytest.mark.parametrize("path", PATHS)
async def test_imported_history_leaves_the_conversation_as_it_is(
    client: Client, given: Given, path: str, clock: MovableClock
) -> None:
    conversation = await given.conversation(status=Status.CLOSED)
    before = await show(client, conversation)
    clock.move(timedelta(hours=1))
    facts = await watch(given)

    made = await say(client, conversation, path, imported=True, createdAt="2020-01-01T00:00:00Z")

    after = await show(client, conversation)
    changed = {name for name in after if after[name] != before[name]} - {"customerWaitingSince"}
    assert changed == (set() if path == "notes" else {"threads"})
    assert after["customerWaitingSince"]["time"] == before["customerWaitingSince"]["time"]
    assert (await threads(client, conversation))[-1]["createdAt"] == "2020-01-01T00:00:00Z"
    assert [fact for fact in await facts.all() if fact[0] != "CustomerCreated"] == [
        ("ThreadImported", {"conversation_id": conversation, "thread_id": made})
    ]


@pytest.mark.parametrize("path", ["reply", "notes"])
@pytest.mark.parametrize(
    ("word", "after"),
    [("active", "active"), ("closed", "closed"), ("pending", "pending"), ("spam", "spam"), ("open", "active"),
     ("inbox_predefined", "pending")],
)  # fmt: skip
async def test_a_reply_or_note_sets_the_status_it_carries(
    client: Client, given: Given, path: str, word: str, after: str
) -> None:
    inbox = await given.new_inbox("Returns", after_reply_status="pending")
    conversation = await given.conversation(inbox=inbox, status=Status.CLOSED)

    await say(client, conversation, path, status=word)

    body = await show(client, conversation)
    assert body["status"] == after
    assert ("closedAt" in body) == (after == "closed")


async def test_the_word_all_on_a_reply_means_nothing(client: Client, given: Given) -> None:
    conversation = await given.conversation(status=Status.PENDING)

    await say(client, conversation, "reply", status="all")

    assert (await show(client, conversation))["status"] == "active"
    refused = await client.post(f"{V2}/{conversation}/notes", json={"text": "x", "status": "all"})
    assert codes(refused) == {"status": "EnumValue"}


async def test_a_reply_that_closes_says_who_closed(client: Client, given: Given) -> None:
    ona = await given.user()
    conversation = await given.conversation()

    await say(client, conversation, "reply", status="closed", user=ona)

    body = await show(client, conversation)
    assert body["closedBy"] == ona
    assert body["customerWaitingSince"]["time"] == body["closedAt"]


async def test_who_wrote_last_and_since_when_is_kept(client: Client, given: Given, clock: MovableClock) -> None:
    conversation = await given.conversation()
    since = (await show(client, conversation))["customerWaitingSince"]["time"]
    clock.move(timedelta(minutes=5))

    await say(client, conversation, "notes")
    assert (await show(client, conversation))["customerWaitingSince"]["time"] == since

    await say(client, conversation, "reply", text="<p>We asked.</p>")
    body = await show(client, conversation)
    assert body["customerWaitingSince"]["latestReplyFrom"] == "user"
    assert body["customerWaitingSince"]["time"] == body["userUpdatedAt"] > since
    assert body["preview"] == "We asked."

    clock.move(timedelta(minutes=5))
    await say(client, conversation, "customer", text="And?")
    body = await show(client, conversation)
    assert body["customerWaitingSince"]["latestReplyFrom"] == "customer"
    assert body["userUpdatedAt"] == body["customerWaitingSince"]["time"]
    assert (body["preview"], body["threads"]) == ("And?", 3)


class TestOwner:
    async def test_the_first_to_reply_becomes_owner_and_the_second_does_not(self, client: Client, given: Given) -> None:
        ona = await given.user()
        await given.grant(given.inbox, ona)
        conversation = await given.conversation()
        facts = await watch(given)

        await say(client, conversation, "reply", user=ona)
        await say(client, conversation, "reply")

        assert (await show(client, conversation))["assignee"]["id"] == ona
        assigned = [fact for name, fact in await facts.all() if name == "ConversationAssigned"]
        assert assigned == [{"conversation_id": conversation, "before": None, "after": ona}]
        assert [each["assignedTo"]["id"] for each in (await threads(client, conversation))[:2]] == [ona, ona]

    async def test_null_takes_the_owner_away(self, client: Client, given: Given) -> None:
        conversation = await given.conversation(assign_to=given.owner)

        await say(client, conversation, "reply", assignTo=None)

        assert "assignee" not in await show(client, conversation)
        assert await folder_of(client, given, conversation) == "open"

    async def test_an_owner_is_set_where_asked(self, client: Client, given: Given) -> None:
        team = await given.team("Tier Two", [])
        await given.grant(given.inbox, team)
        conversation = await given.conversation()

        await say(client, conversation, "reply", assignTo=team)

        assert (await show(client, conversation))["assignee"]["id"] == team

    async def test_a_stranger_cannot_own(self, client: Client, given: Given) -> None:
        conversation, outsider = await given.conversation(), await given.user()

        for owner in (outsider, 999):
            body = {"text": "x", "customer": PAVEL, "assignTo": owner}
            assert codes(await client.post(f"{V2}/{conversation}/reply", json=body)) == {"assignTo": "Invalid"}


class TestRecipients:
    async def test_a_reply_keeps_the_conversations_copies_unless_it_has_its_own(self, client: Client, given: Given) -> None:
        customer = await given.customer()
        first = NewThread(type=ThreadType.CUSTOMER, text="Hi", customer=customer, cc=["a@x.test"], bcc=["b@x.test"])
        conversation = await given.conversation(said=[first], customer=customer)

        await say(client, conversation, "reply")
        newest = (await threads(client, conversation))[0]
        assert (newest["to"], newest["cc"], newest["bcc"]) == (["pavel@mail.test"], ["a@x.test"], [])
        body = await show(client, conversation)
        assert (body["cc"], body["bcc"]) == (["a@x.test"], [])

        await say(client, conversation, "reply", cc=[], bcc=["c@x.test"])
        body = await show(client, conversation)
        assert (body["cc"], body["bcc"]) == ([], ["c@x.test"])

    async def test_a_customers_copies_become_the_conversations(self, client: Client, given: Given) -> None:
        conversation = await given.conversation()

        await say(client, conversation, "customer", cc=["a@x.test"])
        await say(client, conversation, "customer")
        await say(client, conversation, "chats", cc=["ignored@x.test"])

        assert (await show(client, conversation))["cc"] == ["a@x.test"]

    async def test_recipients_must_be_addresses(self, client: Client, given: Given) -> None:
        conversation = await given.conversation()
        body = {"text": "x", "customer": PAVEL, "cc": ["a@x.test", "b"]}

        for path in ("reply", "customer"):
            assert codes(await client.post(f"{V2}/{conversation}/{path}", json=body)) == {"cc[1]": "Email"}


@pytest.mark.parametrize(
    ("more", "path", "code"),
    [
        ({"text": ""}, "text", "NotEmpty"),
        ({"createdAt": "2020-01-01T00:00:00Z"}, "createdAt", "Invalid"),
        ({"createdAt": "2090-01-01T00:00:00Z", "imported": True}, "createdAt", "Invalid"),
        ({"customer": None}, "customer", "NotNull"),
        ({"customer": {"id": 999}}, "customer.id", "Invalid"),
        ({"status": "done"}, "status", "EnumValue"),
        ({"user": 999}, "user", "Invalid"),
        ({"attachments": [{"fileName": "a", "mimeType": "b", "data": "!"}]}, "attachments[0].data", "Invalid"),
    ],
)
async def test_a_mistake_in_a_reply_names_its_place(
    client: Client, given: Given, more: dict[str, Any], path: str, code: str
) -> None:
    conversation = await given.conversation()

    answer = await client.post(f"{V2}/{conversation}/reply", json={"text": "x", "customer": PAVEL} | more)

    assert codes(answer) == {path: code}


async def test_a_full_conversation_takes_no_more(client: Client, given: Given) -> None:
    customer = await given.customer()
    notes = [NewThread(type=ThreadType.NOTE, text="x")] * 99
    conversation = await given.conversation(said=notes, customer=customer)
    for status in ("pending", "closed", "active"):
        await patch(client, conversation, "/status", status)

    await say(client, conversation, "reply")
    refused = await client.post(f"{V2}/{conversation}/notes", json={"text": "x"})

    assert refused.status_code == 412
    assert (await client.get(f"{V2}/{conversation}/threads")).json()["page"]["totalElements"] == 103


async def test_a_reply_to_somebody_new_makes_a_customer_and_keeps_the_conversations(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    before = (await show(client, conversation))["primaryCustomer"]

    await say(client, conversation, "reply", customer={"email": "new@mail.test", "firstName": "New"})

    newest = (await threads(client, conversation))[0]
    assert (newest["to"], newest["customer"]["first"]) == (["new@mail.test"], "New")
    assert "type" not in newest["customer"]
    assert (await show(client, conversation))["primaryCustomer"] == before


async def test_there_is_no_other_way_to_make_or_remove_a_thread(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    note = await given.thread(conversation, ThreadType.NOTE)
    here = f"{V2}/{conversation}/threads"

    assert (await client.post(here, json={"type": "note", "text": "x"})).status_code == 405
    assert (await client.get(f"{here}/{note}")).status_code == 405
    assert (await client.delete(f"{here}/{note}")).status_code == 405
    assert (await client.post(f"{here}/reply", json={"text": "x"})).status_code in (404, 405)


async def test_threads_are_paged_newest_first_with_a_slash_before_the_query(client: Client, given: Given) -> None:
    customer = await given.customer()
    notes = [NewThread(type=ThreadType.NOTE, text=str(number)) for number in range(30)]
    conversation = await given.conversation(said=notes, customer=customer)

    first, second, third = [(await client.get(f"{V2}/{conversation}/threads?page={page}")).json() for page in (1, 2, 3)]

    assert [each["body"] for each in first["_embedded"]["threads"]] == [str(each) for each in range(29, 4, -1)]
    assert [each["body"] for each in second["_embedded"]["threads"]] == ["4", "3", "2", "1", "0"]
    assert first["page"] == {"size": 25, "totalElements": 30, "totalPages": 2, "number": 1}
    assert first["_links"]["next"]["href"] == f"https://desk.test{V2}/{conversation}/threads/?page=2"
    assert "_embedded" not in third
    assert list(first) == ["_embedded", "_links", "page"]


async def test_who_writes_into_spam_again_does_not_come_out_of_it(client: Client, given: Given) -> None:
    conversation = await given.conversation(status=Status.SPAM)

    await given.thread(conversation, ThreadType.CUSTOMER, "Buy now")
    assert (await show(client, conversation))["status"] == "spam"
    await given.thread(conversation, ThreadType.MESSAGE, "It was none after all")
    assert (await show(client, conversation))["status"] == "active"
