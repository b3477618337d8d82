"""Create Conversation: what comes of a body (contract 10 §4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import MovableClock
from tests.conversations.looking import V2, create, folder_of, ids, request, show, threads, watch
from tests.given import Client, Given, later

PAVEL = {"email": "pavel@mail.test"}


def said(type_: str, text: str = "Hello", **more: Any) -> dict[str, Any]:
    return {"type": type_, "text": text, "customer": PAVEL} | more


async def test_the_facts_of_a_new_conversation(client: Client, given: Given) -> None:
    facts = await watch(given)

    made = await create(client, given, tags=["eu"], autoReply=True)

    assert await facts.all() == [
        ("CustomerCreated", {"customer_id": 1}),
        ("TagCreated", {"tag_id": 2}),
        ("ConversationCreated", {"conversation_id": made, "auto_reply": True}),
    ]


async def test_a_conversation_that_a_customer_began(client: Client, given: Given) -> None:
    made = await create(client, given)

    body = await show(client, made)
    assert body["source"] == {"type": "api", "via": "customer"}
    assert body["createdBy"]["type"] == "customer"
    assert body["customerWaitingSince"] == {
        "time": body["createdAt"],
        "friendly": "Just now",
        "latestReplyFrom": "customer",
    }
    assert body["userUpdatedAt"] == body["createdAt"]
    assert (body["threads"], body["state"], body["status"]) == (1, "published", "active")
    assert "createdByUser" not in body["_links"]
    assert await folder_of(client, given, made) == "open"


async def test_a_conversation_that_a_user_began(client: Client, given: Given) -> None:
    ona = await given.user()

    made = await create(client, given, user=ona, threads=[said("reply"), said("customer", "Thanks")], assignTo=None)

    body = await show(client, made)
    assert body["source"] == {"type": "api", "via": "user"}
    assert (body["createdBy"]["type"], body["createdBy"]["id"]) == ("user", ona)
    assert body["customerWaitingSince"]["latestReplyFrom"] == "customer"
    assert body["preview"] == "Thanks"
    assert "assignee" not in body


async def test_threads_are_kept_in_order_with_their_kinds(client: Client, given: Given) -> None:
    kinds = ["customer", "reply", "note", "chat", "phone"]

    made = await create(client, given, threads=[said(kind, kind) for kind in kinds])

    found = (await threads(client, made))[::-1]
    assert [each["body"] for each in found] == kinds
    assert [each["type"] for each in found] == ["customer", "message", "note", "chat", "phone"]
    assert [each["createdBy"]["type"] for each in found] == ["customer", "user", "user", "customer", "user"]
    assert [each["source"]["via"] for each in found] == ["customer", "user", "user", "customer", "customer"]
    assert [each["to"] for each in found] == [[], ["pavel@mail.test"], [], [], []]
    assert {each["status"] for each in found} == {"active"}
    body = await show(client, made)
    assert body["threads"] == 4
    assert body["preview"] == "phone"


async def test_a_note_has_no_customer_and_no_recipients_of_its_own(client: Client, given: Given) -> None:
    stranger = {"email": "stranger@mail.test"}
    note = {"type": "note", "text": "Hm", "customer": stranger, "cc": ["a@x.test"]}

    made = await create(client, given, threads=[said("customer"), note])

    assert (await threads(client, made))[0]["cc"] == []
    assert (await client.get("/v2/customers", params={"query": "email:stranger@mail.test"})).json()["page"][
        "totalElements"
    ] == 0


async def test_a_preview_is_plain_text_of_200_characters(client: Client, given: Given) -> None:
    text = "<p>Dear&nbsp;all,<br>it  broke</p>" + "x" * 300

    made = await create(client, given, threads=[said("customer", text)])

    preview = (await show(client, made))["preview"]
    assert preview.startswith("Dear\xa0all, it  broke xxx")
    assert len(preview) == 200


async def test_a_preview_shows_what_customers_see(client: Client, given: Given) -> None:
    noted = await create(client, given, threads=[said("customer", "Seen"), said("note", "Between us")])
    alone = await create(client, given, threads=[said("note", "Between us")])

    assert (await show(client, noted))["preview"] == "Seen"
    assert (await show(client, alone))["preview"] == ""


async def test_recipients_of_the_last_thread_that_has_some_are_the_conversations(client: Client, given: Given) -> None:
    first = said("customer", cc=["a@x.test"], bcc=["b@x.test"])

    made = await create(client, given, threads=[first, said("reply", cc=["c@x.test"]), said("note")])

    body = await show(client, made)
    assert (body["cc"], body["bcc"]) == (["c@x.test"], [])


async def test_the_word_open_means_active(client: Client, given: Given) -> None:
    assert (await show(client, await create(client, given, status="open")))["status"] == "active"


async def test_a_conversation_can_begin_as_spam(client: Client, given: Given) -> None:
    made = await create(client, given, status="spam")

    assert await folder_of(client, given, made) == "spam"


async def test_a_conversation_that_begins_closed_was_closed_by_its_user_now(client: Client, given: Given) -> None:
    made = await create(client, given, status="closed")

    body = await show(client, made)
    assert (body["closedBy"], body["closedByUser"]["first"]) == (given.owner, "Ines")
    assert body["closedAt"] == body["createdAt"] == body["customerWaitingSince"]["time"]
    assert await folder_of(client, given, made) == "closed"


async def test_a_closing_moment_counts_only_for_a_closed_one(client: Client, given: Given) -> None:
    closed = await create(client, given, status="closed", closedAt="2020-02-03T00:00:00Z", createdAt="2020-02-01T00:00:00Z")
    active = await create(client, given, closedAt="2020-02-03T00:00:00Z")

    body = await show(client, closed)
    assert body["closedAt"] == body["customerWaitingSince"]["time"] == "2020-02-03T00:00:00Z"
    assert "closedAt" not in await show(client, active)
    assert (await show(client, active))["closedBy"] == 0


async def test_a_moment_of_creation_holds_without_import(client: Client, given: Given) -> None:
    made = await create(client, given, createdAt="2020-01-01T10:00:00Z")

    body = await show(client, made)
    assert body["createdAt"] == "2020-01-01T10:00:00Z"
    assert body["customerWaitingSince"]["friendly"] == "Jan 1, '20"
    assert (await threads(client, made))[0]["createdAt"] == "2020-01-01T10:00:00Z"


async def test_imported_threads_keep_their_moments_but_never_go_back(client: Client, given: Given) -> None:
    history = [
        said("customer", "1", createdAt="2020-01-01T10:00:00Z"),
        said("reply", "2", createdAt="2020-01-03T10:00:00Z"),
        said("customer", "3", createdAt="2020-01-02T10:00:00Z"),
    ]
    facts = await watch(given)

    made = await create(client, given, imported=True, createdAt="2020-01-01T10:00:00Z", threads=history)

    found = (await threads(client, made))[::-1]
    assert [each["body"] for each in found] == ["1", "2", "3"]
    assert [each["createdAt"][:10] for each in found] == ["2020-01-01", "2020-01-03", "2020-01-03"]
    assert (await facts.all())[-1] == ("ConversationCreated", {"conversation_id": made, "imported": True})


class TestOwner:
    async def test_whoever_replied_owns_it_where_nothing_is_said(self, client: Client, given: Given) -> None:
        ona = await given.user()
        await given.grant(given.inbox, ona)

        made = await create(client, given, threads=[said("customer"), said("reply", user=ona), said("customer")])

        assert (await show(client, made))["assignee"]["id"] == ona
        assert (await threads(client, made))[0]["assignedTo"]["id"] == ona

    async def test_nobody_owns_it_without_a_reply(self, client: Client, given: Given) -> None:
        made = await create(client, given, threads=[said("customer"), said("note")])

        assert "assignee" not in await show(client, made)

    async def test_null_leaves_it_to_nobody(self, client: Client, given: Given) -> None:
        made = await create(client, given, threads=[said("reply")], assignTo=None)

        assert "assignee" not in await show(client, made)
        assert await folder_of(client, given, made) == "open"

    async def test_an_inbox_may_leave_replies_unowned(self, client: Client, given: Given) -> None:
        inbox = await given.new_inbox("Returns", assigns_replier=False)

        made = await create(client, given, threads=[said("reply")], mailboxId=inbox)

        assert "assignee" not in await show(client, made)

    async def test_a_user_or_a_team_owns_it_where_asked(self, client: Client, given: Given) -> None:
        team = await given.team("Tier Two", [])
        await given.grant(given.inbox, team)

        mine = await create(client, given, assignTo=given.owner)
        theirs = await create(client, given, assignTo=str(team))

        assert (await show(client, mine))["assignee"]["type"] == "user"
        assert await folder_of(client, given, mine) == "mytickets"
        body = await show(client, theirs)
        assert [body["assignee"][name] for name in ("type", "first", "last")] == ["team", "Tier", "Two"]
        assert body["_links"]["assignee"]["href"] == f"https://desk.test/v2/teams/{team}"
        assert await folder_of(client, given, theirs) == "team"


class TestDrafts:
    async def test_a_draft_reply_alone_makes_a_draft(self, client: Client, given: Given) -> None:
        made = await create(client, given, threads=[said("reply", draft=True)])

        body = await show(client, made)
        assert (body["state"], body["threads"], body["preview"]) == ("draft", 0, "Hello")
        assert await folder_of(client, given, made) == "drafts"
        assert await ids(client, status="all") == []
        drafts = next(
            each["id"]
            for each in (await client.get(f"/v2/mailboxes/{given.inbox}/folders")).json()["_embedded"]["folders"]
            if each["type"] == "drafts"
        )
        assert await ids(client, folder=drafts) == [made]
        assert (await threads(client, made))[0]["state"] == "draft"

    async def test_a_draft_reply_beside_others_does_not(self, client: Client, given: Given) -> None:
        made = await create(client, given, threads=[said("customer", "Hi"), said("reply", "Not yet", draft=True)])

        body = await show(client, made)
        assert (body["state"], body["threads"], body["preview"]) == ("published", 1, "Hi")
        assert "assignee" not in body

    async def test_only_a_reply_can_be_a_draft(self, client: Client, given: Given) -> None:
        made = await create(client, given, threads=[said("customer", draft=True)])

        assert (await show(client, made))["state"] == "published"


async def test_tags_are_trimmed_lower_case_and_made_once(client: Client, given: Given) -> None:
    await create(client, given, tags=["eu"])

    made = await create(client, given, tags=[" Gift Order ", "EU", "gift order"])

    assert [each["tag"] for each in (await show(client, made))["tags"]] == ["gift order", "eu"]
    listed = (await client.get("/v2/tags")).json()["_embedded"]["tags"]
    assert {each["name"]: each["ticketCount"] for each in listed} == {"eu": 2, "gift order": 1}


async def test_field_values_are_kept_as_text_with_the_label_of_an_option(client: Client, given: Given) -> None:
    number = await given.field("Order no", "number")
    choice = await given.field("Carrier", "dropdown", options=["NordPost"])
    fields = (await client.get(f"/v2/mailboxes/{given.inbox}/fields")).json()["_embedded"]["fields"]
    option = fields[1]["options"][0]["id"]

    values = [{"id": choice, "value": option}, {"id": number, "value": 558812, "name": "x", "text": None}]
    made = await create(client, given, fields=values)

    assert (await show(client, made))["customFields"] == [
        {"id": number, "name": "Order no", "value": "558812", "text": "558812"},
        {"id": choice, "name": "Carrier", "value": str(option), "text": "NordPost"},
    ]


async def test_what_the_php_sdk_sends_beside_is_ignored(client: Client, given: Given) -> None:
    nothing = ["id", "number", "threadCount", "folderId", "state", "preview", "assignee", "closedAt", "closedBy"]
    entity: dict[str, Any] = {**dict.fromkeys(nothing), "userUpdatedAt": None, "cc": [], "bcc": [], "createdBy": {"id": 1}}
    person: dict[str, Any] = {"id": None, "firstName": None, "emails": [], "phones": [], "age": None, "photoType": None} | PAVEL
    attachment = {"fileName": "a.txt", "mimeType": "text/plain", "data": "aGk=", "id": None, "width": None, "webUrl": None}
    thread = {
        **dict.fromkeys(["id", "status", "state", "action", "source", "assignedTo", "savedReplyId", "createdAt", "draft"]),
        "type": "customer", "text": "Hello", "customer": person, "to": [], "cc": [], "bcc": [], "attachments": [attachment],
    }  # fmt: skip

    made = await create(
        client, given, **entity, assignTo=None, customer=person, threads=[thread], imported=False, tags=None, fields=None,
        mailboxId=str(given.inbox), source={"type": "web", "via": "user"}, autoReply=None, user=None, createdAt=None,
    )  # fmt: skip

    body = await show(client, made)
    assert body["source"] == {"type": "api", "via": "customer"}
    assert (await threads(client, made))[0]["_embedded"]["attachments"][0]["filename"] == "a.txt"


async def test_a_customer_is_found_by_id_or_by_address_in_any_case(client: Client, given: Given) -> None:
    pavel = await given.customer("pavel@mail.test", "Pavel")

    by_id = await create(client, given, customer={"id": str(pavel.id), "email": "not an address"})
    by_address = await create(client, given, customer={"email": " PAVEL@mail.test ", "firstName": "Somebody"})

    for made in (by_id, by_address):
        found = (await show(client, made))["primaryCustomer"]
        assert (found["id"], found["first"]) == (pavel.id, "Pavel")


async def test_100_threads_are_taken_and_101_are_not(client: Client, given: Given) -> None:
    made = await create(client, given, threads=[said("note")] * 100)
    refused = await client.post(V2, json=request(given) | {"threads": [said("note")] * 101})

    assert (await client.get(f"{V2}/{made}/threads")).json()["page"]["totalElements"] == 100
    assert refused.status_code == 412, refused.text


@pytest.mark.parametrize(("ahead", "status"), [(timedelta(minutes=-1), 201), (timedelta(minutes=5), 400)])
async def test_nothing_begins_in_the_future(
    client: Client, given: Given, clock: MovableClock, ahead: timedelta, status: int
) -> None:
    moment = later(clock.now() + ahead)

    answer = await client.post(V2, json=request(given) | {"createdAt": moment})

    assert answer.status_code == status
