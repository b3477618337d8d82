"""Whoever sends whatever: an answer, and never one of 5xx."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from deskhand.app import App, make_app
from deskhand.settings import Settings
from tests.contract.raw import send
from tests.given import Given


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Token x",
        "Bearer a b",
        "Bearer \xff",
        "Bearer \0",
        "x" * 9000,
        "bearer x",
    ],
    ids=lambda value: value[:12].encode("ascii", "replace").decode(),
)
async def test_a_strange_authorization_is_401(app: App, value: str) -> None:
    got = await send(app.door, "GET", "/v2/tags", headers=[("authorization", value)])

    assert got.status == 401
    assert got.headers["content-type"] == "application/json; charset=utf-8"


async def test_a_token_in_the_query_is_no_token(app: App, given: Given) -> None:
    token = await given.token(given.owner)
    got = await send(app.door, "GET", "/v2/tags", query=f"access_token={token}".encode())

    assert got.status == 401


async def test_bearer_may_be_written_in_any_case(app: App, given: Given) -> None:
    token = await given.token(given.owner)
    got = await send(app.door, "GET", "/v2/tags", headers=[("authorization", f"bEARER {token}")])

    assert got.status == 200


async def test_a_client_that_goes_away_while_sending_changes_nothing(app: App, given: Given) -> None:
    token = await given.token(given.owner)
    got = await send_half(app, token)

    assert got in (None, 400)
    async with given.read() as view:
        assert await view.counts(["customers"]) is not None


async def test_many_at_once_are_all_answered(app: App, given: Given) -> None:
    token = await given.token(given.owner)
    answers = await asyncio.gather(
        *(send(app.door, "POST", "/v2/customers", b'{"firstName": "P"}', token=token) for _ in range(50))
    )

    assert {each.status for each in answers} == {201}
    assert len({each.headers["resource-id"] for each in answers}) == 50


async def test_a_database_that_is_away_is_503(settings: Settings, given: Given) -> None:
    app = make_app(settings, works=False)  # never opened
    got = await send(app.door, "GET", "/v2/tags", token=await given.token(given.owner))

    assert got.status == 503
    assert got.headers["retry-after"] == "5"
    assert got.json()["message"] == "Temporarily unavailable"


async def send_half(app: App, token: str) -> int | None:
    """The status of a request whose client left in the middle of the body, or None without an answer."""
    messages: list[Any] = [{"type": "http.request", "body": b'{"firstName":', "more_body": True}, {"type": "http.disconnect"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def take(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v2/customers",
        "raw_path": b"/v2/customers",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"desk.test"), (b"authorization", f"Bearer {token}".encode())],
        "client": ("192.0.2.7", 1),
        "server": ("10.0.0.9", 8080),
    }
    await app.door(scope, receive, take)
    return int(sent[0]["status"]) if sent else None
