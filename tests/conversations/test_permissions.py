"""Who may do what with a conversation (contract 10 §11, 20 §5)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.kernel.permissions import Permission, Role
from tests.conversations.looking import V2, request, show, threads, watch
from tests.given import Client, Given

PAVEL = {"email": "pavel@mail.test"}
LATER = "2090-01-01T00:00:00Z"
FOLLOWED = ("ApplicationCreated", "TokenGranted", "FilesRefused")  # of signing in, and of what was sent along in vain
FILE = {"fileName": "a.txt", "mimeType": "text/plain", "data": "aGk="}

READS = ["", "/threads", "/threads/{t}/original-source", "/attachments/{a}/data", "/attachments/{a}/file"]
WRITES: list[tuple[str, str, Any]] = [
    ("PATCH", "", {"op": "replace", "path": "/subject", "value": "x"}),
    ("PATCH", "", {"op": "replace", "path": "/status", "value": "closed"}),
    ("PATCH", "", {"op": "replace", "path": "/primaryCustomer.id", "value": 2}),
    ("PATCH", "", {"op": "replace", "path": "/draft", "value": False}),
    ("PATCH", "", {"op": "move", "path": "/mailboxId", "value": 2}),
    ("PATCH", "", {"op": "remove", "path": "/assignTo"}),
    ("PUT", "/tags", {"tags": ["x"]}),
    ("PUT", "/fields", {"fields": []}),
    ("PUT", "/snooze", {"snoozedUntil": LATER, "unsnoozeOnCustomerReply": True}),
    ("DELETE", "/snooze", None),
    ("POST", "/reply", {"text": "x", "customer": PAVEL}),
    ("POST", "/notes", {"text": "x"}),
    ("POST", "/customer", {"text": "x", "customer": PAVEL}),
    ("POST", "/chats", {"text": "x", "customer": PAVEL}),
    ("POST", "/phones", {"text": "x", "customer": PAVEL}),
    ("PUT", "/threads/{d}/schedule", {"scheduledFor": LATER, "unscheduleOnCustomerReply": True}),
    ("PATCH", "/threads/{d}/schedule", {"op": "replace", "path": "/state", "value": "published"}),
    ("DELETE", "/threads/{d}/schedule", None),
    ("POST", "/threads/{t}/attachments", FILE),
    ("DELETE", "/attachments/{a}", None),
]
SPECIAL: list[tuple[str, str, Any]] = [
    ("DELETE", "", None),
    ("PATCH", "/threads/{t}", {"op": "replace", "path": "/text", "value": "x"}),
    ("PATCH", "/threads/{t}", {"op": "replace", "path": "/hidden", "value": True}),
]


async def whole(client: Client, given: Given) -> dict[str, int]:
    """The ids of a conversation with a thread, a scheduled draft and a file."""
    conversation = await given.conversation(assign_to=given.owner)
    (said,) = await threads(client, conversation)
    await client.post(f"{V2}/{conversation}/threads/{said['id']}/attachments", json=FILE)
    (said,) = await threads(client, conversation)
    draft = await given.thread(conversation, ThreadType.MESSAGE, draft=True)
    body = {"scheduledFor": LATER, "unscheduleOnCustomerReply": True}
    await client.put(f"{V2}/{conversation}/threads/{draft}/schedule", json=body)
    return {"c": conversation, "t": said["id"], "d": draft, "a": said["_embedded"]["attachments"][0]["id"]}


async def ask(client: Client, method: str, path: str, body: Any, it: dict[str, int]) -> int:
    address = f"{V2}/{it['c']}{path}".format(**it)
    return (await client.request(method, address, **({} if body is None else {"json": body}))).status_code


async def test_an_outsider_to_the_inbox_finds_nothing(client: Client, given: Given) -> None:
    it = await whole(client, given)
    outsider = await given.user(may=tuple(Permission))
    facts, before = await watch(given), await show(client, it["c"], "?embed=threads")

    async with given.client(outsider) as other:
        for path in READS:
            assert await ask(other, "GET", path, None, it) == 404, path
        for method, path, body in WRITES + SPECIAL:
            assert await ask(other, method, path, body, it) == 404, (method, path, body)

    assert [name for name in await facts.names() if name not in FOLLOWED] == []
    assert await show(client, it["c"], "?embed=threads") == before


async def test_an_outsider_cannot_create_in_or_move_to_an_inbox(client: Client, given: Given) -> None:
    ona, returns = await given.user(), await given.new_inbox("Returns")
    await given.grant(given.inbox, ona)
    conversation = await given.conversation()

    async with given.client(ona) as other:
        created = await other.post(V2, json=request(given) | {"mailboxId": returns})
        moved = await other.patch(f"{V2}/{conversation}", json={"op": "move", "path": "/mailboxId", "value": returns})

    for answer in (created, moved):
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/vnd.error+json"
        assert answer.json()["_links"]["about"]["href"].endswith("#access-denied")


async def test_a_light_user_reads_and_changes_nothing(client: Client, given: Given) -> None:
    it = await whole(client, given)
    light = await given.user(role=Role.LIGHT_USER)
    await given.grant(given.inbox, light)
    facts = await watch(given)

    async with given.client(light) as other:
        assert await ask(other, "GET", "", None, it) == 200
        assert await ask(other, "GET", "/threads", None, it) == 200
        assert await ask(other, "GET", "/attachments/{a}/file", None, it) == 200
        for method, path, body in WRITES + SPECIAL:
            assert await ask(other, method, path, body, it) == 403, (method, path, body)
        assert (await other.post(V2, json=request(given))).status_code == 403

    assert [name for name in await facts.names() if name not in FOLLOWED] == []


@pytest.mark.parametrize(
    ("deed", "right"), list(zip(SPECIAL, [Permission.DELETE_CONVERSATIONS, *[Permission.EDIT_THREADS] * 2], strict=True))
)
async def test_some_deeds_need_a_right_that_users_do_not_have(
    client: Client, given: Given, deed: tuple[str, str, Any], right: Permission
) -> None:
    it = await whole(client, given)
    plain, granted = await given.user(), await given.user(may=(right,))
    administrator = await given.user(role=Role.ADMINISTRATOR)
    for each in (plain, granted):
        await given.grant(given.inbox, each)

    for user, status in ((plain, 403), (granted, 204)):
        async with given.client(user) as other:
            assert await ask(other, *deed, it) == status
    async with given.client(administrator) as other:
        assert await ask(other, *deed, await whole(client, given)) == 204


async def test_a_user_of_the_inbox_may_do_the_rest(client: Client, given: Given) -> None:
    ona = await given.user()
    for inbox in (given.inbox, await given.new_inbox("Returns")):
        await given.grant(inbox, ona)
    await given.customer()
    await given.customer()

    async with given.client(ona) as other:
        for method, path, body in WRITES:
            status = await ask(other, method, path, body, await whole(client, given))
            assert status in ((412,) if path == "" and body["path"] == "/draft" else (201, 204)), (method, path, status)


async def test_nobody_does_nothing(given: Given) -> None:
    async with given.client(None) as nobody:
        for method, path in (("GET", V2), ("POST", V2), ("GET", f"{V2}/1"), ("DELETE", f"{V2}/1")):
            assert (await nobody.request(method, path)).status_code == 401
