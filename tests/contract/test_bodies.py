"""Bodies of every kind: broken, strange, hostile, and what clients are known to send (contract 00 §3, §6)."""

from __future__ import annotations

import msgspec
import pytest

from tests.contract.vendor import CREATE, DOCS, VND_ERROR, codes
from tests.given import Client, Given


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nothing",
        b"NaN",
        b'{"firstName": "\xff"}',
        b"\xff\xfe{\0}\0",
        b'{"firstName": "\\ud800"}',
        b'{"firstName": "a\nb"}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"age": 1e999}',
        b"{} {}",
        b"{'firstName': 'Pavel'}",
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_broken_json_has_an_envelope_of_its_own(client: Client, body: bytes) -> None:
    got = await client.post("/v2/customers", content=body, headers={"Content-Type": "application/json"})

    assert got.status_code == 400
    assert got.headers["content-type"] == VND_ERROR
    assert got.json() == {
        "logRef": got.headers["correlation-id"],
        "message": "Error parsing request body into JSON",
        "_embedded": {"errors": []},
        "_links": {"self": {"href": f"{DOCS}#invalid-json"}},
    }


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"true", b"null", b"[{}]"])
async def test_json_of_another_shape_is_named(client: Client, body: bytes) -> None:
    got = await client.post("/v2/customers", content=body, headers={"Content-Type": "application/json"})

    assert got.status_code == 400
    assert [each["path"] for each in got.json()["_embedded"]["errors"]] == ["body"]


async def test_unknown_and_null_fields_are_ignored(client: Client, given: Given) -> None:
    whole = CREATE | {
        "mailboxId": given.inbox,
        "id": None,
        "number": None,
        "threadCount": None,
        "closedBy": {"deep": [{"er": None}]},
        "cc": [],
        "tags": None,
        "fields": None,
        "createdAt": None,
        "imported": None,
        "__proto__": {"x": 1},
    }
    got = await client.post("/v2/conversations", json=whole)

    assert got.status_code == 201, got.text


async def test_numbers_and_booleans_may_be_text(client: Client, given: Given) -> None:
    got = await client.post(
        "/v2/conversations",
        json=CREATE | {"mailboxId": str(given.inbox), "imported": "true", "autoReply": "False", "assignTo": str(given.owner)},
    )

    assert got.status_code == 201, got.text


@pytest.mark.parametrize("value", ["", " 1", "1 ", "1.5", "0x10", "１", "--1", True, 1.0, 1.5, [], {}, "9" * 30])
async def test_what_is_no_number_is_refused(client: Client, value: object) -> None:
    got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": value})

    assert got.status_code == 400
    assert list(codes(got)) == ["mailboxId"]


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30, -1, 0])
async def test_a_number_out_of_range_is_refused(client: Client, value: int) -> None:
    got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": value})

    assert got.status_code == 400
    assert codes(got) == {"mailboxId": "Min" if value < 1 else "Max"}


@pytest.mark.parametrize(
    "moment",
    [
        "2026-04-02T06:05:04.123Z",
        "2026-04-02T06:05:04.000Z",
        "2026-04-02T06:05:04+00:00",
        "2026-04-02T06:05:04+02:00",
        "2026-04-02T06:05:04",
        "2026-04-02 06:05:04Z",
        "2026-04-02",
        "2026-02-30T00:00:00Z",
        "2026-04-02T24:00:00Z",
        "2026-04-02T06:05:04z",
        "0000-01-01T00:00:00Z",
        "２026-04-02T06:05:04Z",
        "2026-04-02T06:05:04Z\n",
        "",
        1775109904,
        True,
        {},
    ],
)
async def test_only_the_vendors_form_of_a_date_is_taken(client: Client, given: Given, moment: object) -> None:
    got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": given.inbox, "createdAt": moment})

    assert got.status_code == 400
    (mistake,) = got.json()["_embedded"]["errors"]
    assert mistake["path"] == "createdAt"
    assert mistake["message"] == "must be a valid ISO 8601 date with the format yyyy-MM-dd'T'HH:mm:ss'Z'"
    assert mistake["rejectedValue"] == moment


async def test_a_date_is_taken_in_body_and_query_also_beside_text_numbers(client: Client, given: Given) -> None:
    body = CREATE | {"mailboxId": str(given.inbox), "imported": True, "createdAt": "2025-04-02T06:05:04Z"}
    made = await client.post("/v2/conversations", json=body)
    found = await client.get("/v2/conversations?modifiedSince=2025-01-01T00:00:00Z")

    assert made.status_code == 201, made.text
    assert found.json()["_embedded"]["conversations"][0]["createdAt"] == "2025-04-02T06:05:04Z"


async def test_nul_is_refused_wherever_it_stands(client: Client, given: Given) -> None:
    threads = [{"type": "customer", "customer": {"email": "p\0@mail.test"}, "text": "a\0b"}]
    body = CREATE | {"mailboxId": given.inbox, "subject": "\0", "threads": threads, "tags": ["a\0"]}
    got = await client.post("/v2/conversations", json=body)

    assert got.status_code == 400
    assert set(codes(got)) == {"subject", "threads[0].text", "threads[0].customer.email", "tags[0]"}


async def test_nul_is_refused_in_every_parameter(client: Client) -> None:
    for name in ("query", "tag", "customFieldsByIds", "sortField", "status", "mailbox", "embed", "page"):
        got = await client.get(f"/v2/conversations?{name}=%00")

        assert got.status_code == 400, name


async def test_a_patch_is_checked_like_a_body(client: Client, given: Given) -> None:
    path = f"/v2/conversations/{await given.conversation()}"
    for body in ("x", 1, None, [], [1], {}, {"op": 1, "path": []}, {"op": "replace", "path": "/nothing", "value": 1}):
        got = await client.patch(path, content=msgspec.json.encode(body))

        assert got.status_code == 400, body
        assert got.json()["_embedded"]["errors"], body


async def test_a_wrong_value_is_told_but_not_at_any_length(client: Client) -> None:
    long = await client.post("/v2/conversations", json=CREATE | {"mailboxId": 1, "status": "x" * 100_000})
    deep = await client.post("/v2/conversations", json=CREATE | {"mailboxId": [[1] * 50_000]})

    assert long.json()["_embedded"]["errors"][0]["rejectedValue"] == "x" * 300
    assert "rejectedValue" not in deep.json()["_embedded"]["errors"][0]


async def test_a_body_of_mistakes_only_does_not_make_an_endless_answer(client: Client) -> None:
    got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": 1, "threads": [1.5, None, {}] * 20_000})

    assert got.status_code == 400
    assert len(got.json()["_embedded"]["errors"]) == 100
