"""Every refusal in the vendor's shape (contract 00 §7, §8, §10)."""

from __future__ import annotations

import re

import msgspec
import pytest

from deskhand.app import App, make_app
from deskhand.settings import Settings
from tests.contract.raw import send
from tests.contract.vendor import CREATE, DOCS, HAL, VND_ERROR, codes
from tests.given import Client, Given


async def test_404_of_a_thing_and_of_a_path(client: Client) -> None:
    for path in ("/v2/conversations/9223372036854775807", "/v2/nothing", "/v2", "/v2/users/1/2/3"):
        got = await client.get(path)

        assert got.status_code == 404
        assert got.headers["content-type"] == VND_ERROR
        assert got.json() == {
            "logRef": got.headers["correlation-id"],
            "message": "Not found",
            "_links": {"about": {"href": f"{DOCS}#not-found"}},
        }
        assert list(got.json()) == ["logRef", "message", "_links"]


@pytest.mark.parametrize("method", ["PUT", "POST", "TRACE", "PROPFIND"])
async def test_405_names_what_is_allowed(client: Client, given: Given, method: str) -> None:
    got = await client.request(method, f"/v2/conversations/{await given.conversation()}")

    assert got.status_code == 405
    assert got.headers["allow"] == "DELETE, GET, OPTIONS, PATCH"
    assert got.headers["content-type"] == VND_ERROR
    assert got.json()["message"] == "Method not allowed"


@pytest.mark.parametrize("kind", ["text/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "json"])
async def test_415(client: Client, kind: str) -> None:
    got = await client.post("/v2/customers", content=b"{}", headers={"Content-Type": kind})

    assert got.status_code == 415
    assert got.headers["content-type"] == VND_ERROR
    assert got.json()["_links"]["about"]["href"].endswith("#unsupported-media-type")


@pytest.mark.parametrize(
    "kind",
    [None, "", "application/json", "application/json;charset=UTF-8", "Application/JSON", "application/json-patch+json"],
)
async def test_json_by_any_of_its_names_and_without_one(app: App, given: Given, kind: str | None) -> None:
    got = await send(
        app.door,
        "POST",
        "/v2/customers",
        b'{"firstName": "Pavel"}',
        [] if kind is None else [("content-type", kind)],
        token=await given.token(given.owner),
    )

    assert got.status == 201


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html", "\xff;;q=x", ""])
async def test_accept_is_not_looked_at(app: App, given: Given, accept: str) -> None:
    got = await send(app.door, "GET", "/v2/tags", headers=[("accept", accept)], token=await given.token(given.owner))

    assert (got.status, got.headers["content-type"]) == (200, HAL)


async def test_413_before_the_end_of_a_long_body(app: App, given: Given) -> None:
    token = await given.token(given.owner)
    conversation = await given.conversation()
    chunk = b" " * 600_000
    chunked = await send(app.door, "PUT", f"/v2/conversations/{conversation}/tags", [chunk, chunk, chunk], token=token)
    declared = await send(
        app.door,
        "PUT",
        f"/v2/conversations/{conversation}/tags",
        [b"{", b"}"],
        [("content-length", str(5 * 2**20))],
        token=token,
    )

    for got in (chunked, declared):
        assert got.status == 413
        assert got.headers["content-type"] == VND_ERROR
        assert got.json()["_links"]["about"]["href"] == f"{DOCS}#payload-too-large"


async def test_uploads_may_be_larger(app: App, given: Given) -> None:
    token = await given.token(given.owner)
    path = f"/v2/conversations/{await given.conversation()}/notes"
    note = b'{"text": "' + b"x" * 2**21 + b'"}'
    fits = await send(app.door, "POST", path, note, token=token)
    does_not = await send(app.door, "POST", path, [b" " * 2**20] * 16, token=token)

    assert (fits.status, does_not.status) == (201, 413)


async def test_412_of_a_conversation_with_too_many_threads(client: Client, given: Given) -> None:
    thread = CREATE["threads"][0]
    got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": given.inbox, "threads": [thread] * 101})

    assert got.status_code == 412
    assert got.headers["content-type"] == VND_ERROR
    assert got.json()["_links"]["about"]["href"] == f"{DOCS}#precondition-failed"
    assert "_embedded" not in got.json()


async def test_409_of_an_address_that_somebody_has(client: Client) -> None:
    body = {"emails": [{"type": "work", "value": "pavel@mail.test"}]}
    assert (await client.post("/v2/customers", json=body)).status_code == 201
    got = await client.post("/v2/customers", json=body)

    assert got.status_code == 409
    assert got.headers["content-type"] == VND_ERROR


async def test_a_mistake_has_the_vendors_shape(client: Client, given: Given) -> None:
    got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": given.inbox, "status": "done"})

    assert got.status_code == 400
    assert got.headers["content-type"] == VND_ERROR
    assert got.json() == {
        "logRef": got.headers["correlation-id"],
        "message": "Bad request",
        "_embedded": {
            "errors": [
                {
                    "path": "status",
                    "message": "Expected one of these: 'active', 'closed', 'open', 'pending', 'spam'",
                    "rejectedValue": "done",
                    "source": "JSON",
                    "_links": {"about": {"href": f"{DOCS}#EnumValue"}},
                }
            ]
        },
        "_links": {"about": {"href": DOCS}},
    }
    assert list(got.json()) == ["logRef", "message", "_embedded", "_links"]


async def test_where_errors_are_explained_is_a_setting(settings: Settings, given: Given) -> None:
    app = make_app(msgspec.structs.replace(settings, error_docs="https://docs.test/errors"), works=False)
    got = await send(app.door, "GET", "/v2/nothing")

    assert got.json()["_links"]["about"]["href"] == "https://docs.test/errors#not-found"


async def test_a_wrong_path_id_and_parameter_say_where_they_stood(client: Client) -> None:
    in_path = (await client.get("/v2/conversations/seven")).json()["_embedded"]["errors"]
    in_query = (await client.get("/v2/conversations?page=0&status=done")).json()["_embedded"]["errors"]

    assert in_path == [
        {
            "path": "conversationId",
            "message": "invalid identifier",
            "rejectedValue": "seven",
            "source": "PATH",
            "_links": {"about": {"href": f"{DOCS}#InvalidId"}},
        }
    ]
    assert {(each["path"], each["source"], each["rejectedValue"]) for each in in_query} == {
        ("page", "QUERY", "0"),
        ("status", "QUERY", "done"),
    }


async def test_codes_of_mistakes_are_words(client: Client) -> None:
    body = {"subject": "", "customer": {"id": 0}, "status": 5, "threads": [], "createdAt": "today"}
    found = codes(await client.post("/v2/conversations", json=body))

    assert found == {
        "subject": "NotEmpty",
        "customer.id": "Min",
        "mailboxId": "NotNull",
        "type": "NotNull",
        "status": "EnumValue",
        "threads": "NotEmpty",
        "createdAt": "DateTime",
    }
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,63}", code) for code in found.values())


@pytest.mark.parametrize(
    "id_", ["0", "-1", "abc", "1.0", "1e3", "0x1", "٣", "9" * 19 + "9", "9223372036854775808", "%00", "\0"]
)
async def test_an_id_is_a_decimal_number(app: App, given: Given, id_: str) -> None:
    got = await send(app.door, "GET", f"/v2/customers/{id_}", token=await given.token(given.owner))

    assert got.status == 400
    assert got.mistakes[0]["message"] == "invalid identifier"
