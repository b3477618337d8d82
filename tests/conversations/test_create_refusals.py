"""Create Conversation: what is refused, and which path it names (contract 10 §4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversations.looking import V2, codes, mistakes, request, watch
from tests.given import Client, Given

PAVEL = {"email": "pavel@mail.test"}


async def refused(client: Client, given: Given, **more: Any) -> dict[str, str]:
    return mistakes(await client.post(V2, json=request(given) | more))


async def test_nothing_is_stored_of_what_is_refused(client: Client, given: Given) -> None:
    facts = await watch(given)

    await refused(client, given, tags=["new"], fields=[{"id": 999, "value": "x"}])

    assert await facts.names() == []
    assert "_embedded" not in (await client.get("/v2/customers")).json()
    assert "_embedded" not in (await client.get("/v2/tags")).json()


@pytest.mark.parametrize("missing", ["subject", "customer", "mailboxId", "type", "status", "threads"])
async def test_what_is_required_must_be_there_and_not_null(client: Client, given: Given, missing: str) -> None:
    body = request(given)
    for each in (body | {missing: None}, {name: value for name, value in body.items() if name != missing}):
        assert list(mistakes(await client.post(V2, json=each))) == [missing]


@pytest.mark.parametrize(
    ("more", "path", "code"),
    [
        ({"subject": ""}, "subject", "NotEmpty"),
        ({"threads": []}, "threads", "NotEmpty"),
        ({"type": "fax"}, "type", "EnumValue"),
        ({"status": "done"}, "status", "EnumValue"),
        ({"status": "all"}, "status", "EnumValue"),
        ({"mailboxId": "x"}, "mailboxId", "Invalid"),
        ({"mailboxId": 0}, "mailboxId", "Min"),
        ({"mailboxId": 999}, "mailboxId", "Invalid"),
        ({"createdAt": "2020-01-01T00:00:00.000Z"}, "createdAt", "DateTime"),
        ({"createdAt": "2020-01-01T00:00:00+00:00"}, "createdAt", "DateTime"),
        ({"createdAt": "2090-01-01T00:00:00Z"}, "createdAt", "Invalid"),
        ({"status": "closed", "closedAt": "2090-01-01T00:00:00Z"}, "closedAt", "Invalid"),
        ({"autoReply": "perhaps"}, "autoReply", "Invalid"),
        ({"user": 999}, "user", "Invalid"),
        ({"assignTo": 999}, "assignTo", "Invalid"),
        ({"assignTo": "x"}, "assignTo", "Invalid"),
        ({"tags": ["ok", "a,b"]}, "tags[1]", "Invalid"),
        ({"tags": [" "]}, "tags[0]", "Size"),
        ({"tags": ["x" * 61]}, "tags[0]", "Size"),
        ({"customer": {}}, "customer.email", "NotEmpty"),
        ({"customer": {"email": "x"}}, "customer.email", "Email"),
        ({"customer": {"id": 999}}, "customer.id", "Invalid"),
        ({"customer": PAVEL | {"firstName": "x" * 41}}, "customer.firstName", "Size"),
        ({"customer": PAVEL | {"background": "x" * 201}}, "customer.background", "Size"),
        ({"customer": PAVEL | {"jobTitle": "x" * 61}}, "customer.jobTitle", "Size"),
        ({"customer": {"email": "new@x.test", "gender": "other"}}, "customer.gender", "EnumValue"),
    ],
)  # fmt: skip
async def test_a_mistake_names_its_place_and_kind(
    client: Client, given: Given, more: dict[str, Any], path: str, code: str
) -> None:
    answer = await client.post(V2, json=request(given) | more)

    assert codes(answer) == {path: code}


@pytest.mark.parametrize(
    ("more", "path", "code"),
    [
        ({"text": ""}, "text", "NotEmpty"),
        ({"text": None}, "text", "NotNull"),
        ({"type": "message"}, "type", "EnumValue"),
        ({"customer": None}, "customer", "NotNull"),
        ({"customer": {"email": "x"}}, "customer.email", "Email"),
        ({"customer": {"id": 999}}, "customer.id", "Invalid"),
        ({"createdAt": "2020-01-01T00:00:00Z"}, "createdAt", "Invalid"),
        ({"createdAt": "2090-01-01T00:00:00Z", "imported": True}, "createdAt", "Invalid"),
        ({"cc": ["a@x.test", "b"]}, "cc[1]", "Email"),
        ({"bcc": ["b"]}, "bcc[0]", "Email"),
        ({"type": "note", "user": 999}, "user", "Invalid"),
        ({"attachments": [{"fileName": "a", "mimeType": "b", "data": "a"}]}, "attachments[0].data", "Invalid"),
        ({"attachments": [{"fileName": "a", "data": "aGk="}]}, "attachments[0].mimeType", "NotEmpty"),
        ({"attachments": [{"mimeType": "a", "data": "aGk="}]}, "attachments[0].fileName", "NotEmpty"),
        ({"attachments": [{"fileName": "a", "mimeType": "b", "data": ""}]}, "attachments[0].data", "NotEmpty"),
    ],
)  # fmt: skip
async def test_a_mistake_in_a_thread_names_the_thread(
    client: Client, given: Given, more: dict[str, Any], path: str, code: str
) -> None:
    good = request(given)["threads"][0]

    answer = await client.post(V2, json=request(given) | {"threads": [good, good | more]})

    assert codes(answer) == {f"threads[1].{path}": code}


async def test_a_reply_without_customer_goes_to_the_conversations(client: Client, given: Given) -> None:
    made = await client.post(V2, json=request(given) | {"threads": [{"type": "reply", "text": "Hello"}]})

    assert made.status_code == 201


async def test_every_field_mistake_is_named(client: Client, given: Given) -> None:
    number, date = await given.field("Order no", "number"), await given.field("Due", "date")
    line, text = await given.field("Colour", "singleline"), await given.field("Story", "multiline")
    choice = await given.field("Carrier", "dropdown", options=["NordPost"])
    elsewhere = await given.field("Colour", "singleline", inbox=await given.new_inbox("Returns"))

    found = await refused(client, given, fields=[
        {"id": number, "value": "12a"}, {"id": date, "value": "2026-02-30"}, {"id": line, "value": "x" * 256},
        {"id": text, "value": "x" * 15_001}, {"id": choice, "value": "NordPost"}, {"id": elsewhere, "value": "x"},
        {"id": number, "value": "-12.50"},
    ])  # fmt: skip

    places = ["[0].value", "[1].value", "[2].value", "[3].value", "[4].value", "[5].id"]
    assert list(found) == [f"fields{each}" for each in places]


async def test_an_owner_must_work_in_the_inbox(client: Client, given: Given) -> None:
    outsider = await given.user()

    assert await refused(client, given, assignTo=outsider) == {"assignTo": "has no access to this inbox"}


async def test_several_moments_and_authors_are_refused_together(client: Client, given: Given) -> None:
    note = {"type": "note", "text": "x", "user": 999}

    found = await refused(client, given, createdAt="2090-01-01T00:00:00Z", user=998, threads=[note])

    assert list(found) == ["createdAt", "user", "threads[0].user"]


async def test_broken_json_has_its_own_answer(client: Client) -> None:
    answer = await client.post(V2, content=b'{"subject":', headers={"content-type": "application/json"})

    assert answer.status_code == 400
    assert answer.json()["message"] == "Error parsing request body into JSON"
    assert answer.json()["_embedded"] == {"errors": []}


async def test_only_json_is_taken(client: Client, given: Given) -> None:
    assert (await client.post(V2, content=b"a=b", headers={"content-type": "text/plain"})).status_code == 415


async def test_a_body_over_15_mb_is_too_large(client: Client, given: Given) -> None:
    body = request(given) | {"subject": "x" * (15 * 1024 * 1024)}

    assert (await client.post(V2, json=body)).status_code == 413


async def test_everything_that_is_wrong_is_refused_at_once(client: Client, given: Given) -> None:
    reply = {
        "type": "reply", "text": "x", "user": 998, "cc": ["b"], "createdAt": "2020-01-01T00:00:00Z",
        "attachments": [{"fileName": "a", "mimeType": "text/plain", "data": "a"}],
    }  # fmt: skip

    found = await refused(
        client, given, customer={"id": 999}, createdAt="2090-01-01T00:00:00Z", user=997, assignTo=996, tags=["a,b"],
        fields=[{"id": 995, "value": "x"}], threads=[{"type": "customer", "text": "x"}, reply],
    )  # fmt: skip

    assert set(found) == {
        "customer.id", "createdAt", "user", "assignTo", "tags[0]", "fields[0].id", "threads[0].customer",
        "threads[1].attachments[0].data", "threads[1].cc[0]", "threads[1].createdAt", "threads[1].user",
    }  # fmt: skip


async def test_everything_that_is_wrong_with_a_reply_is_refused_at_once(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    wrong = {
        "text": "x", "customer": {"email": "x"}, "user": 998, "assignTo": 997, "cc": ["b"], "bcc": ["c"],
        "createdAt": "2020-01-01T00:00:00Z", "attachments": [{"fileName": "a", "mimeType": "text/plain", "data": "a"}],
    }  # fmt: skip

    found = mistakes(await client.post(f"{V2}/{conversation}/reply", json=wrong))

    assert set(found) == {"customer.email", "user", "assignTo", "cc[0]", "bcc[0]", "createdAt", "attachments[0].data"}


async def test_lists_of_names_and_addresses_have_an_end_and_so_have_their_mistakes(client: Client, given: Given) -> None:
    many = [f"a{number}@x.test" for number in range(201)]

    assert await refused(client, given, tags=many) == {"tags": "size must be between 0 and 200"}
    reply = {"type": "reply", "text": "x", "cc": many, "bcc": many}
    assert list(await refused(client, given, threads=[reply])) == ["threads[0].cc", "threads[0].bcc"]
    fields = [{"id": number, "value": "x"} for number in range(900, 1100)]
    assert len(await refused(client, given, fields=fields)) == 100
