"""Saved replies: one inbox's, for mail, for chats or both, and gone without being lost (contract 61 §1)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.inboxes import operations
from deskhand.inboxes.model import SavedReplyCreated, SavedReplyDeleted, SavedReplyUpdated
from deskhand.kernel.errors import Invalid
from deskhand.kernel.permissions import Role
from tests.contract.vendor import codes
from tests.given import Client, Given

LETTER = "Hello {%customer.firstName,fallback=there%},<br />refunds take <b>five</b> days."


async def save(client: Client, inbox: int, **body: Any) -> int:
    made = await client.post(f"/v2/mailboxes/{inbox}/saved-replies", json=body)
    assert made.status_code == 201, made.text
    return int(made.headers["resource-id"])


async def test_the_list_is_a_bare_array_of_beginnings_by_name(client: Client, given: Given) -> None:
    second = await save(client, given.inbox, name="Refund window", text=LETTER, chatText="Five days.\nSorry.")
    first = await save(client, given.inbox, name="Address", text="x" * 400)
    got = await client.get(f"/v2/mailboxes/{given.inbox}/saved-replies")

    assert got.status_code == 200
    assert got.headers["content-type"] == "application/hal+json;charset=UTF-8"
    assert got.json() == [
        {"id": first, "name": "Address", "preview": "x" * 150},
        {
            "id": second,
            "name": "Refund window",
            "preview": "Hello {%customer.firstName,fallback=there%}, refunds take five days.",
            "chatPreview": "Five days. Sorry.",
        },
    ]


async def test_those_for_chats_only_are_listed_if_asked_for(client: Client, given: Given) -> None:
    made = await save(client, given.inbox, name="Hi", chatText="Hello!")
    here = f"/v2/mailboxes/{given.inbox}/saved-replies"

    assert (await client.get(here)).json() == []
    assert (await client.get(f"{here}?includeChatReplies=false")).json() == []
    assert (await client.get(f"{here}?includeChatReplies=true")).json() == [{"id": made, "name": "Hi", "chatPreview": "Hello!"}]
    assert codes(await client.get(f"{here}?includeChatReplies=perhaps")) == {"includeChatReplies": "Invalid"}


async def test_one_is_whole_and_lacks_what_it_has_not(client: Client, given: Given) -> None:
    here = f"/v2/mailboxes/{given.inbox}/saved-replies"
    both = await save(client, given.inbox, name=" Refund ", text=LETTER, chatText="Five days.\nSorry.")
    chat = await save(client, given.inbox, name="Hi", text=" ", chatText="Hello!")

    assert (await client.get(f"{here}/{both}")).json() == {
        "id": both,
        "name": "Refund",
        "text": LETTER,
        "chatText": "Five days.\nSorry.",
    }
    assert (await client.get(f"{here}/{chat}")).json() == {"id": chat, "name": "Hi", "chatText": "Hello!"}


async def test_what_acts_is_not_given_out(client: Client, given: Given) -> None:
    made = await save(client, given.inbox, name="Bad", text="<script>alert(1)</script>Hello<img src=x onerror=alert(1)>")
    text = (await client.get(f"/v2/mailboxes/{given.inbox}/saved-replies/{made}")).json()["text"]

    assert "script" not in text
    assert "onerror" not in text
    assert "Hello" in text


async def test_making_one_says_where_it_is(client: Client, given: Given) -> None:
    here = f"/v2/mailboxes/{given.inbox}/saved-replies"
    made = await client.post(here, json={"name": "Refund", "text": LETTER, "folderId": 3, "subject": None})

    assert made.headers["location"] == f"https://desk.test{here}/{made.headers['resource-id']}"
    assert made.text == ""


async def test_changing_one_replaces_all_of_it(client: Client, given: Given) -> None:
    here = f"/v2/mailboxes/{given.inbox}/saved-replies"
    made = await save(client, given.inbox, name="Refund", text=LETTER, chatText="Five days.")
    changed = await client.put(f"{here}/{made}", json={"name": "Refunds", "chatText": "Six days."})

    assert (changed.status_code, changed.text) == (204, "")
    assert (await client.get(f"{here}/{made}")).json() == {"id": made, "name": "Refunds", "chatText": "Six days."}
    assert (await client.get(here)).json() == []


async def test_a_deleted_one_is_gone_but_its_name_is_kept(client: Client, given: Given) -> None:
    here = f"/v2/mailboxes/{given.inbox}/saved-replies"
    made = await save(client, given.inbox, name="Refund", text=LETTER)

    assert (await client.delete(f"{here}/{made}")).status_code == 204
    assert (await client.get(f"{here}/{made}")).status_code == 404
    assert (await client.put(f"{here}/{made}", json={"name": "x", "text": "y"})).status_code == 404
    assert (await client.delete(f"{here}/{made}")).status_code == 404
    assert (await client.get(here)).json() == []
    async with given.read() as view:
        rows = await view._session.rows("SELECT name FROM saved_replies", ())
    assert [row[0] for row in rows] == ["Refund"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, {"name": "NotEmpty"}),
        ({"name": "", "text": "x"}, {"name": "Size"}),
        ({"name": "x" * 101, "text": "x"}, {"name": "Size"}),
        ({"name": "Refund"}, {"text": "NotEmpty"}),
        ({"name": "Refund", "text": " \n", "chatText": ""}, {"text": "NotEmpty"}),
        ({"name": "  "}, {"name": "NotEmpty", "text": "NotEmpty"}),
        ({"name": "Refund", "text": "x" * 100_001}, {"text": "Size"}),
        ({"name": "Refund", "chatText": "x" * 100_001}, {"chatText": "Size"}),
        ({"name": ["Refund"], "text": {}}, {"name": "Invalid", "text": "Invalid"}),
        ({"name": "a\0", "text": "b\0"}, {"name": "Invalid", "text": "Invalid"}),
    ],
)
async def test_every_mistake_is_named(client: Client, given: Given, body: Any, found: dict[str, str]) -> None:
    here = f"/v2/mailboxes/{given.inbox}/saved-replies"
    made = await save(client, given.inbox, name="Refund", text="x")

    for got in (await client.post(here, json=body), await client.put(f"{here}/{made}", json=body)):
        assert got.status_code == 400
        assert codes(got) == found


async def test_another_inbox_does_not_have_it(client: Client, given: Given) -> None:
    other = await given.new_inbox("Returns")
    made = await save(client, given.inbox, name="Refund", text="x")

    for path in (f"{other}/saved-replies/{made}", f"999/saved-replies/{made}", "999/saved-replies"):
        assert (await client.get(f"/v2/mailboxes/{path}")).status_code == 404, path


async def test_users_save_replies_where_they_work_and_light_users_read_them(given: Given) -> None:
    ona, lou = await given.user("Ona"), await given.user("Lou", role=Role.LIGHT_USER)
    inbox = await given.new_inbox("Returns", workers=(ona, lou))
    async with given.client(ona) as client:
        made = await save(client, inbox, name="Refund", text="x")
        assert (await client.get(f"/v2/mailboxes/{given.inbox}/saved-replies")).status_code == 404
    async with given.client(lou) as client:
        assert (await client.get(f"/v2/mailboxes/{inbox}/saved-replies/{made}")).status_code == 200
        assert (await client.delete(f"/v2/mailboxes/{inbox}/saved-replies/{made}")).status_code == 403


async def test_an_inbox_cannot_have_endless_ones(given: Given, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr("deskhand.inboxes.operations.making.MOST_SAVED_REPLIES", 1)
    await save(client, given.inbox, name="Refund", text="x")
    got = await client.post(f"/v2/mailboxes/{given.inbox}/saved-replies", json={"name": "More", "text": "x"})

    assert got.status_code == 409


async def test_facts_are_recorded(given: Given) -> None:
    async with given.write(given.owner) as tx:
        made = await operations.create_saved_reply(tx, given.inbox, "Refund", text="x", chat_text=None)
        await operations.update_saved_reply(tx, given.inbox, made, "Refund", text="y", chat_text=None)
        await operations.delete_saved_reply(tx, given.inbox, made)
        await tx.finish_now()

        said = {"inbox_id": given.inbox, "saved_reply_id": made}
        assert tx.recorded == [SavedReplyCreated(**said), SavedReplyUpdated(**said), SavedReplyDeleted(**said)]


async def test_a_reply_tells_which_one_it_was_made_of(client: Client, given: Given) -> None:
    made = await save(client, given.inbox, name="Refund", text="x")
    elsewhere = await save(client, await given.new_inbox("Returns"), name="Refund", text="x")
    conversation = await given.conversation()
    await given.thread(conversation, ThreadType.MESSAGE, saved_reply_id=made)

    threads = (await client.get(f"/v2/conversations/{conversation}/threads")).json()["_embedded"]["threads"]
    assert [thread["savedReplyId"] for thread in threads] == [made, 0]
    with pytest.raises(Invalid) as refused:
        await given.thread(conversation, ThreadType.MESSAGE, saved_reply_id=elsewhere)
    assert refused.value.mistakes[0].path == "savedReplyId"


async def test_what_clients_say_of_it_is_ignored(client: Client, given: Given) -> None:
    """The vendor's own SDK posts ``savedReplyId`` with every thread (contract 00 §3)."""
    conversation = await given.conversation()
    body = {"text": "Here.", "customer": {"email": "pavel@mail.test"}, "savedReplyId": 77}
    got = await client.post(f"/v2/conversations/{conversation}/reply", json=body)

    assert got.status_code == 201
    threads = (await client.get(f"/v2/conversations/{conversation}/threads")).json()["_embedded"]["threads"]
    assert threads[0]["savedReplyId"] == 0
