"""What somebody wrote is sent: as a reply, a note, a forward or a conversation, once."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.conversations.model import ThreadAdded, ThreadType, WritingEnded
from deskhand.kernel import feed
from deskhand.kernel.permissions import system_actor
from tests.conversations.test_writings import FILE, at, kept
from tests.given import Client, Given


async def threads(client: Client, conversation: int) -> list[dict[str, Any]]:
    got = await client.get(f"/v2/conversations/{conversation}/threads")
    found: list[dict[str, Any]] = got.json()["_embedded"]["threads"]
    return [each for each in found if each["type"] != "lineitem"]


async def test_a_reply_is_sent_with_its_files_and_written_no_more(given: Given, client: Client) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    version = await kept(
        client, at(it), body="<p>Done</p>", cc=["c@mail.test"], bcc=["b@mail.test"], status="closed", assignTo=ona
    )
    await client.post(f"{at(it)}/attachments", json=FILE)
    sent = await client.post(f"{at(it)}/send", json={"version": version, "unlessAnswered": True})

    assert sent.status_code == 201, sent.text
    newest = (await threads(client, it))[0]
    assert newest["id"] == int(sent.headers["resource-id"])
    told = {name: newest[name] for name in ("type", "state", "body", "cc", "bcc", "status")}
    assert told == {
        "type": "message",
        "state": "published",
        "body": "<p>Done</p>",
        "cc": ["c@mail.test"],
        "bcc": ["b@mail.test"],
        "status": "closed",
    }
    (file,) = newest["_embedded"]["attachments"]
    content = await client.get(f"/v2/conversations/{it}/attachments/{file['id']}/file")
    assert content.content == b"20,00 EUR"
    shown = (await client.get(f"/v2/conversations/{it}")).json()
    assert (shown["status"], shown["assignee"]["id"]) == ("closed", ona)
    assert (await client.get(at(it))).status_code == 404
    assert (await client.post(f"{at(it)}/send", json={"version": version})).status_code == 404


async def test_a_reply_to_somebody_else_goes_there(given: Given, client: Client) -> None:
    it = await given.conversation()
    version = await kept(client, at(it), body="Hello", to=["tom@mail.test", "tim@mail.test"])
    assert (await client.post(f"{at(it)}/send", json={"version": version})).status_code == 201

    newest = (await threads(client, it))[0]
    assert newest["to"] == ["tom@mail.test", "tim@mail.test"]
    assert newest["customer"]["email"] == "tom@mail.test"


async def test_a_note_is_sent_and_calls_whom_it_mentions(given: Given, client: Client) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    version = await kept(client, at(it, "note"), body="@ona, look", to=["ignored"], assignTo=ona)
    assert (await client.post(f"{at(it, 'note')}/send", json={"version": version})).status_code == 201

    assert (await threads(client, it))[0]["type"] == "note"
    assert "assignee" not in (await client.get(f"/v2/conversations/{it}")).json()
    followers = (await client.get(f"/deskhand/v1/conversations/{it}/followers")).json()["followers"]
    assert [each["userId"] for each in followers] == [ona]


async def test_a_forward_begins_a_conversation_of_its_own(given: Given, client: Client) -> None:
    it = await given.conversation(text="My words")
    only = await given.thread(it, ThreadType.MESSAGE, "Ours")
    version = await kept(client, at(it, "forward"), body="Please see", to=["lab@mail.test"], cc=["c@mail.test"])
    await client.post(f"{at(it, 'forward')}/attachments", json=FILE)
    note = await given.thread(it, ThreadType.NOTE, "Among us")
    assert (await client.post(f"{at(it, 'forward')}/send", json={"version": version, "only": note})).status_code == 400
    sent = await client.post(f"{at(it, 'forward')}/send", json={"version": version, "only": only})

    assert sent.status_code == 201
    began = int(sent.headers["resource-id"])
    assert sent.headers["location"] == f"https://desk.test/v2/conversations/{began}"
    (child,) = await threads(client, began)
    assert (child["type"], child["to"], child["cc"]) == ("forwardchild", ["lab@mail.test"], ["c@mail.test"])
    assert child["body"].startswith("Please see")
    assert "Ours" in child["body"]
    assert "My words" not in child["body"]
    assert [each["filename"] for each in child["_embedded"]["attachments"]] == ["receipt.txt"]
    assert (await threads(client, it))[0]["type"] == "forwardparent"


async def test_a_new_conversation_is_begun_with_the_first_address(given: Given, client: Client) -> None:
    url = f"/deskhand/v1/mailboxes/{given.inbox}/writing"
    typed = {"body": "Good news", "subject": "Your order", "to": ["tom@mail.test"], "cc": ["c@mail.test"], "status": "pending"}
    version = await kept(client, url, **typed)
    assert (await client.get(url)).json()["mailboxId"] == given.inbox
    await client.post(f"{url}/attachments", json=FILE)
    sent = await client.post(f"{url}/send", json={"version": version})

    assert sent.status_code == 201, sent.text
    shown = (await client.get(sent.headers["location"])).json()
    told = {name: shown[name] for name in ("subject", "status", "state", "mailboxId")}
    assert told == {"subject": "Your order", "status": "pending", "state": "published", "mailboxId": given.inbox}
    assert shown["primaryCustomer"]["email"] == "tom@mail.test"
    (said,) = await threads(client, shown["id"])
    assert (said["type"], said["to"], said["cc"]) == ("message", ["tom@mail.test"], ["c@mail.test"])
    assert len(said["_embedded"]["attachments"]) == 1
    assert (await client.get(url)).status_code == 404


@pytest.mark.parametrize("status", ["inbox_predefined", "open", "all", None])
async def test_the_status_of_a_new_conversation_is_the_inboxs_or_active(given: Given, client: Client, status: str) -> None:
    url = f"/deskhand/v1/mailboxes/{given.inbox}/writing"
    version = await kept(client, url, body="a", subject="b", to=["tom@mail.test"], status=status)
    sent = await client.post(f"{url}/send", json={"version": version})
    assert sent.status_code == 201, sent.text
    assert (await client.get(sent.headers["location"])).json()["status"] in ("active", "pending")


@pytest.mark.parametrize(
    ("kind", "typed", "paths"),
    [
        ("reply", {"body": " ", "to": ["half@"], "bcc": ["b@mail.test", "x"]}, ["body", "to[0]", "bcc[1]"]),
        ("note", {}, ["body"]),
        ("forward", {"body": "a"}, ["to"]),
        ("forward", {"body": "a", "to": ["a@mail.test", "b@mail.test"], "bcc": ["c@mail.test"]}, ["to", "bcc"]),
        ("reply", {"body": "a", "assignTo": 10**9}, ["assignTo"]),
        ("new", {"body": "a"}, ["to", "subject"]),
    ],
)
async def test_what_is_not_finished_is_named_and_stays(
    given: Given, client: Client, kind: str, typed: dict[str, Any], paths: list[str]
) -> None:
    it = await given.conversation()
    url = f"/deskhand/v1/mailboxes/{given.inbox}/writing" if kind == "new" else at(it, kind)
    version = await kept(client, url, **typed)
    got = await client.post(f"{url}/send", json={"version": version})

    assert got.status_code == 400
    assert [each["path"] for each in got.json()["_embedded"]["errors"]] == paths
    assert (await client.get(url)).json()["version"] == version


async def test_what_was_typed_on_another_device_is_not_sent_unseen(given: Given, client: Client) -> None:
    it = await given.conversation()
    shown = await kept(client, at(it), body="one")
    await kept(client, at(it), body="two", version=shown)
    got = await client.post(f"{at(it)}/send", json={"version": shown})

    assert got.status_code == 409
    assert got.json()["current"]["body"] == "two"
    assert len(await threads(client, it)) == 1


async def test_what_is_sent_goes_by_the_facts_of_a_reply(given: Given, client: Client) -> None:
    it = await given.conversation()
    version = await kept(client, at(it), body="one")
    await client.post(f"{at(it)}/send", json={"version": version})
    told = await feed.piece(given.desk, system_actor(), 0, 1000, None)

    assert [each.type for each in told.facts][-2:] == [ThreadAdded.__name__, WritingEnded.__name__]
