"""Live chats: taken by the first who answers, safe to try again, a conversation in the end (contract 20 §12)."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from deskhand.chats import operations
from deskhand.chats.model import ChatAssigned, ChatEnded, ChatMessageAdded, ChatStarted
from deskhand.kernel.permissions import Role
from tests.contract.vendor import VND_ERROR, codes
from tests.given import Client, Given

MICROSECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"


def new_id() -> str:
    return str(uuid.uuid4())


async def begin(client: Client, inbox: int, **more: Any) -> dict[str, Any]:
    body = {"mailboxId": inbox, "customer": {"email": "pavel@mail.test", "firstName": "Pavel", "lastName": "Lund"}}
    got = await client.post("/deskhand/v1/chats", json=body | more)
    assert got.status_code == 200, got.text
    chat: dict[str, Any] = got.json()
    return chat


async def say(client: Client, chat: str, text: str = "It left this morning.", message: str | None = None) -> Any:
    return await client.put(f"/v2/chats/{chat}/messages/{message or new_id()}", json={"body": text})


async def hear(client: Client, chat: str, text: str = "Is it on its way?", message: str | None = None) -> Any:
    return await client.put(f"/deskhand/v1/chats/{chat}/customer-messages/{message or new_id()}", json={"body": text})


async def test_a_chat_that_begins(client: Client, given: Given) -> None:
    page = {"url": "https://shop.test/orders", "title": "Your orders"}
    beacon = new_id()
    made = await begin(client, given.inbox, beaconId=beacon.upper(), page=page)
    got = await client.get(f"/chat/v1/{made['id']}")

    assert got.status_code == 200
    assert got.headers["content-type"] == "application/hal+json;charset=UTF-8"
    assert got.headers["x-ratelimit-limit-minute"] == "400"
    assert got.json() == made
    (event,) = made.pop("_embedded")["events"]
    assert re.fullmatch(MICROSECONDS, made["createdAt"])
    assert made == {
        "id": made["id"],
        "beaconId": beacon,
        "mailboxId": given.inbox,
        "createdAt": made["createdAt"],
        "customer": {"id": 1, "type": "customer", "first": "Pavel", "last": "Lund", "email": "pavel@mail.test"},
        "preview": "",
        "customFields": [],
        "tags": [],
        "timeline": [
            {"type": "page-viewed", "timestamp": made["createdAt"], **page},
            {"type": "chat-started", "timestamp": made["createdAt"]},
        ],
        "_links": {"self": {"href": f"https://desk.test/chat/v1/{made['id']}"}},
    }
    assert (event["type"], event["action"], event["author"]["type"]) == ("line-item", "chat-started", "customer")
    assert "body" not in event


async def test_the_first_to_answer_takes_it_and_each_write_gives_the_chat(client: Client, given: Given) -> None:
    chat = (await begin(client, given.inbox))["id"]
    await hear(client, chat)
    message = new_id()
    got = await say(client, chat, "It left <this> morning.", message.upper())

    assert got.status_code == 200
    assert got.json()["assignee"]["id"] == given.owner
    assert got.json()["preview"] == "It left <this> morning."
    events = got.json()["_embedded"]["events"]
    assert [each["action"] for each in events] == ["chat-started", "message-added", "chat-assigned", "message-added"]
    assert events[-1] == {
        "id": message,
        "chatId": chat,
        "type": "message",
        "action": "message-added",
        "author": got.json()["assignee"],
        "createdAt": events[-1]["createdAt"],
        "body": "It left <this> morning.",
        "params": {},
        "_links": {"author": {"href": f"https://desk.test/v2/users/{given.owner}"}},
    }


async def test_the_same_id_again_is_422_and_nothing_is_said_twice(client: Client, given: Given) -> None:
    chat, message = (await begin(client, given.inbox))["id"], new_id()
    first = await say(client, chat, "Hello", message)
    again = await say(client, chat, "Hello", message)
    elsewhere = await say(client, (await begin(client, given.inbox))["id"], "Hello", message)

    for got in (again, elsewhere):
        assert got.status_code == 422
        assert got.headers["content-type"] == VND_ERROR
        assert got.json()["message"] == "id value is already in use"
    assert (await client.get(f"/chat/v1/{chat}")).json() == first.json()


async def test_one_that_another_has_is_400(client: Client, given: Given) -> None:
    chat = (await begin(client, given.inbox))["id"]
    ona = await given.user()
    await given.grant(given.inbox, ona)
    async with given.client(ona) as theirs:
        assert (await say(theirs, chat)).status_code == 200
        assert (await say(theirs, chat)).status_code == 200
    got = await say(client, chat)

    assert got.status_code == 400
    assert list(codes(got)) == ["chatId"]


async def test_events_come_ten_a_page_oldest_first(client: Client, given: Given) -> None:
    chat = (await begin(client, given.inbox))["id"]
    for number in range(11):
        await hear(client, chat, f"{number}")
    first, second, third = [(await client.get(f"/chat/v1/{chat}/events?page={each}")).json() for each in (1, 2, 3)]

    bodies = [each.get("body") for page in (first, second) for each in page["_embedded"]["events"]]
    assert bodies == [None, *map(str, range(11))]
    assert first["page"] == {"size": 10, "totalElements": 12, "totalPages": 2, "number": 1}
    assert first["_links"]["next"]["href"] == f"https://desk.test/chat/v1/{chat}/events?page=2"
    assert "_embedded" not in third


async def test_in_the_end_it_is_one_thread_of_a_conversation(client: Client, given: Given) -> None:
    chat = (await begin(client, given.inbox))["id"]
    await hear(client, chat, "Is it <b>on</b> its way?")
    await say(client, chat, "It is & was.")
    assert (await client.delete(f"/deskhand/v1/chats/{chat}")).status_code == 204
    assert (await client.delete(f"/deskhand/v1/chats/{chat}")).status_code == 204

    shown = (await client.get(f"/chat/v1/{chat}")).json()
    assert re.fullmatch(MICROSECONDS, shown["endedAt"])
    (made,) = (await client.get("/v2/conversations?status=all&embed=threads")).json()["_embedded"]["conversations"]
    assert (made["type"], made["status"], made["subject"]) == ("chat", "closed", "Chat with Pavel Lund")
    assert made["assignee"]["id"] == given.owner
    (thread,) = made["_embedded"]["threads"]
    assert (thread["type"], thread["createdBy"]["type"]) == ("beaconchat", "customer")
    assert "Is it &lt;b&gt;on&lt;/b&gt; its way?" in thread["body"]
    assert "It is &amp; was." in thread["body"]
    assert (await client.get("/v2/conversations?status=all&query=body:way")).json()["page"]["totalElements"] == 1


async def test_one_that_nobody_answered_waits_and_one_without_words_is_none(client: Client, given: Given) -> None:
    missed, silent = [(await begin(client, given.inbox))["id"] for _ in range(2)]
    await hear(client, missed)
    for chat in (missed, silent):
        await client.delete(f"/deskhand/v1/chats/{chat}")

    (made,) = (await client.get("/v2/conversations?status=all")).json()["_embedded"]["conversations"]
    assert (made["status"], "assignee" in made) == ("active", False)


async def test_when_it_is_over_nothing_more_is_said(client: Client, given: Given) -> None:
    chat = (await begin(client, given.inbox))["id"]
    await client.delete(f"/deskhand/v1/chats/{chat}")

    for got in (await say(client, chat), await hear(client, chat)):
        assert got.status_code == 400
        assert list(codes(got)) == ["chatId"]


async def test_a_chat_cannot_be_endless(client: Client, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_EVENTS", 2)
    chat = (await begin(client, given.inbox))["id"]

    assert (await hear(client, chat)).status_code == 200
    assert (await hear(client, chat)).status_code == 412


@pytest.mark.parametrize("chat", ["7", "x", "0" * 36, "00000000-0000-4000-8000-000000000000", "%00", "é"])
async def test_an_unknown_chat_is_404(client: Client, chat: str) -> None:
    for got in (
        await client.get(f"/chat/v1/{chat}"),
        await client.get(f"/chat/v1/{chat}/events"),
        await say(client, chat),
        await hear(client, chat),
        await client.delete(f"/deskhand/v1/chats/{chat}"),
    ):
        assert got.status_code == 404


@pytest.mark.parametrize(
    ("message", "body", "found"),
    [
        ("7", {"body": "x"}, {"messageId": "InvalidId"}),
        (None, {}, {"body": "NotEmpty"}),
        (None, {"body": ""}, {"body": "Size"}),
        (None, {"body": "x" * 10_001}, {"body": "Size"}),
        (None, {"body": "\0"}, {"body": "Invalid"}),
        (None, {"body": ["x"]}, {"body": "Invalid"}),
    ],
)
async def test_a_wrong_message_is_named(
    client: Client, given: Given, message: str | None, body: Any, found: dict[str, str]
) -> None:
    chat = (await begin(client, given.inbox))["id"]
    for start in ("/v2/chats/{}/messages/{}", "/deskhand/v1/chats/{}/customer-messages/{}"):
        got = await client.put(start.format(chat, message or new_id()), json=body)

        assert got.status_code == 400
        assert codes(got) == found


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"mailboxId": 0}, "mailboxId"),
        ({"customer": {}}, "customer.email"),
        ({"customer": {"email": "x"}}, "customer.email"),
        ({"beaconId": "x"}, "beaconId"),
        ({"page": {}}, "page.url"),
    ],
)
async def test_a_wrong_beginning_is_named(client: Client, given: Given, change: Any, path: str) -> None:
    body = {"mailboxId": given.inbox, "customer": {"email": "pavel@mail.test"}} | change
    got = await client.post("/deskhand/v1/chats", json=body)

    assert got.status_code == 400
    assert list(codes(got)) == [path]


async def test_only_who_works_there_sees_it_and_only_who_may_answer_answers(client: Client, given: Given) -> None:
    chat = (await begin(client, given.inbox))["id"]
    lou = await given.user("Lou", role=Role.LIGHT_USER)
    await given.grant(given.inbox, lou)
    async with given.client(lou) as theirs:
        assert (await theirs.get(f"/chat/v1/{chat}")).status_code == 200
        assert (await say(theirs, chat)).status_code == 403
    async with given.client(await given.user("Ona")) as stranger:
        assert (await stranger.get(f"/chat/v1/{chat}")).status_code == 404
        assert (await say(stranger, chat)).status_code == 404


async def test_it_goes_with_its_customer(client: Client, given: Given) -> None:
    chat = await begin(client, given.inbox)
    await hear(client, chat["id"])
    await client.delete(f"/deskhand/v1/chats/{chat['id']}")

    assert (await client.delete(f"/v2/customers/{chat['customer']['id']}")).status_code == 204
    assert (await client.get(f"/chat/v1/{chat['id']}")).status_code == 404


async def test_facts_are_recorded(given: Given) -> None:
    customer, first, second = await given.customer(), new_id(), new_id()
    async with given.write(given.owner) as tx:
        chat = await operations.start(tx, given.inbox, customer)
        await operations.hear(tx, chat, first, "Hello?")
        await operations.answer(tx, chat, second, "Hello!")
        await operations.end(tx, chat)
        await tx.finish_now()

        told = [each for each in tx.recorded if type(each).__name__.startswith("Chat")]
        assert told == [
            ChatStarted(chat_id=chat),
            ChatMessageAdded(chat_id=chat, event_id=first, by_customer=True),
            ChatAssigned(chat_id=chat, user_id=given.owner),
            ChatMessageAdded(chat_id=chat, event_id=second, by_customer=False),
            ChatEnded(chat_id=chat, conversation_id=1),
        ]


async def test_whatever_is_said_writes_the_chat_once(client: Client, given: Given) -> None:
    chat = (await begin(client, given.inbox))["id"]
    for speak in (operations.hear, operations.answer, operations.answer):
        async with given.write(given.owner) as tx:
            written: list[str] = []
            change = tx._session.change

            async def noted(sql: str, values: Any, change: Any = change, written: list[str] = written) -> int:
                written.append(sql)
                return int(await change(sql, values))

            tx._session = Noting(tx._session, noted)
            await speak(tx, chat, new_id(), "Hello")

            assert len([sql for sql in written if sql.startswith("UPDATE chats")]) == 1


class Noting:
    """A session whose changes are noted."""

    def __init__(self, session: Any, change: Any) -> None:
        self._session = session
        self.change = change

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)
