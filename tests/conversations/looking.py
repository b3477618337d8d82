"""What tests of conversations look at: answers, recorded facts, and rows."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import select

from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.tables import events
from tests.given import Client, Given

V2 = "/v2/conversations"


class Stored(Struct):
    """An event's row."""

    id: int
    type: str
    body: bytes


EVENTS = read(
    select(events.c.id, events.c.type, events.c.body).where(events.c.id > param("after")).order_by(events.c.id), Stored
)


class Facts:
    """The facts recorded since it was made."""

    def __init__(self, given: Given, after: int) -> None:
        self._given, self._after = given, after

    async def all(self) -> list[tuple[str, dict[str, Any]]]:
        async with self._given.read() as view:
            found = await view.all(EVENTS, after=self._after)
        return [(each.type, msgspec.json.decode(each.body)) for each in found]

    async def names(self) -> list[str]:
        return [name for name, _ in await self.all()]


async def watch(given: Given) -> Facts:
    """Facts from now on."""
    async with given.read() as view:
        found = await view.all(EVENTS, after=0)
    return Facts(given, found[-1].id if found else 0)


def mistakes(answer: Any) -> dict[str, str]:
    """Message by path of a 400."""
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/vnd.error+json"
    return {each["path"]: each["message"] for each in answer.json()["_embedded"]["errors"]}


def codes(answer: Any) -> dict[str, str]:
    """Machine-readable code by path of a 400."""
    assert answer.status_code == 400, answer.text
    errors = answer.json()["_embedded"]["errors"]
    return {each["path"]: each["_links"]["about"]["href"].partition("#")[2] for each in errors}


async def ids(client: Client, **parameters: Any) -> list[int]:
    """The ids of a list, in order."""
    answer = await client.get(V2, params=parameters)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    found = [each["id"] for each in body.get("_embedded", {}).get("conversations", [])]
    assert body["page"]["totalElements"] >= len(found)
    if body["page"]["totalPages"] <= 1 and body["page"]["number"] == 1:
        assert body["page"]["totalElements"] == len(found)
    return found


async def show(client: Client, conversation_id: int, embed: str = "") -> dict[str, Any]:
    """A conversation over HTTP."""
    answer = await client.get(f"{V2}/{conversation_id}{embed}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def threads(client: Client, conversation_id: int) -> list[dict[str, Any]]:
    """Its threads over HTTP, newest first."""
    found: list[dict[str, Any]] = (await show(client, conversation_id, "?embed=threads"))["_embedded"]["threads"]
    return found


async def create(client: Client, given: Given, **more: Any) -> int:
    """A conversation over HTTP; its id."""
    answer = await client.post(V2, json=request(given) | more)
    assert answer.status_code == 201, answer.text
    return int(answer.headers["resource-id"])


def request(given: Given) -> dict[str, Any]:
    """The least that makes a conversation."""
    pavel = {"email": "pavel@mail.test"}
    return {
        "subject": "Parcel never left the depot",
        "customer": pavel,
        "mailboxId": given.inbox,
        "type": "email",
        "status": "active",
        "threads": [{"type": "customer", "customer": pavel, "text": "Hello, the tracking page has not moved."}],
    }


async def patch(client: Client, conversation_id: int, path: str, value: Any = None, op: str = "replace") -> int:
    """The status of one change."""
    body = {"op": op, "path": path} | ({} if op == "remove" else {"value": value})
    return (await client.patch(f"{V2}/{conversation_id}", json=body)).status_code


async def folder_of(client: Client, given: Given, conversation_id: int) -> str:
    """The type of the folder where it lies; "" for somebody else's."""
    folder_id = (await show(client, conversation_id))["folderId"]
    listed = (await client.get(f"/v2/mailboxes/{given.inbox}/folders")).json()["_embedded"]["folders"]
    return next((str(each["type"]) for each in listed if each["id"] == folder_id), "")
