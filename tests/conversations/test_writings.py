"""What somebody is writing: kept, shown on every device, never written over in silence, and gone when it should be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.jobs import UNSENT_RESTS
from deskhand.conversations.model import ConversationErased, ThreadType, Writing, WritingBegan, WritingEnded, WritingsCleared
from deskhand.conversations.operations import erasing, merging, writings
from deskhand.conversations.operations.writings import Typed
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.writings import Place
from deskhand.inboxes import operations as inboxes
from deskhand.kernel import feed
from deskhand.kernel.errors import Forbidden, NotFound
from deskhand.kernel.events import Event
from deskhand.kernel.permissions import system_actor
from tests.conftest import MovableClock
from tests.given import Client, Given

FILE = {"fileName": "receipt.txt", "mimeType": "text/plain", "data": "MjAsMDAgRVVS"}


def at(conversation: int, kind: str = "reply") -> str:
    return f"/deskhand/v1/conversations/{conversation}/writings/{kind}"


async def kept(client: Client, url: str, **typed: Any) -> int:
    got = await client.put(url, json=typed)
    assert got.status_code == 200, got.text
    version: int = got.json()["version"]
    return version


async def test_what_is_typed_is_there_on_another_device(given: Given, client: Client) -> None:
    it = await given.conversation()
    typed = {
        "body": "<p>Hello <b>Pa",
        "subject": "Re",
        "to": ["pavel@mail.test", "half@"],
        "cc": ["c@mail.test"],
        "bcc": ["b@mail.test"],
        "status": "pending",
        "assignTo": None,
    }
    version = await kept(client, at(it), **typed)
    later = await kept(client, at(it), **typed | {"body": "<p>Hello <b>Pavel"}, version=version)

    got = (await client.get(at(it))).json()
    assert {name: got[name] for name in typed} == typed | {"body": "<p>Hello <b>Pavel"}
    assert later > version
    assert got["version"] == later
    assert (got["kind"], got["conversationId"], got["attachments"]) == ("reply", it, [])
    assert (await client.get(at(it, "note"))).status_code == 404
    assert (await client.get(at(it, "conversation"))).status_code == 404


async def test_two_devices_never_write_over_each_other_in_silence(given: Given, client: Client) -> None:
    it = await given.conversation()
    version = await kept(client, at(it), body="one")
    newer = await kept(client, at(it), body="two", version=version)
    for stale in ({"version": version}, {}, {"version": newer + 1}):
        got = await client.put(at(it), json={"body": "three", **stale})
        assert got.status_code == 409
        assert got.json()["current"]["body"] == "two"
        assert got.json()["current"]["version"] == newer
    assert (await client.get(at(it))).json()["body"] == "two"


async def test_what_was_given_up_elsewhere_does_not_come_back(given: Given, client: Client, clock: MovableClock) -> None:
    it = await given.conversation()
    version = await kept(client, at(it), body="one")
    assert (await client.delete(at(it))).status_code == 204
    got = await client.put(at(it), json={"body": "two", "version": version})
    assert got.status_code == 409
    assert "current" not in got.json()

    clock.move(timedelta(milliseconds=5))
    again = await kept(client, at(it), body="new")
    assert again > version, "so that no version of the first is one of the second"
    assert (await client.put(at(it), json={"body": "old", "version": version})).status_code == 409


async def test_others_see_that_somebody_writes_and_not_what(given: Given, client: Client) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    async with given.client(ona) as other:
        await kept(other, at(it, "note"), body="secret")
        await kept(other, at(it), body="secret")
    got = await client.get(f"/deskhand/v1/conversations/{it}/writings")
    assert [(each["userId"], each["kind"]) for each in got.json()["writers"]] == [(ona, "note"), (ona, "reply")]
    assert "secret" not in got.text
    assert (await client.get(at(it))).status_code == 404


async def test_only_beginning_and_ending_are_facts(given: Given) -> None:
    it = await given.conversation()
    place = Place(Writing.NOTE, conversation_id=it)
    recorded: list[Event] = []
    version = None
    for body in ("a", "ab", "abc"):
        async with given.write(given.owner) as tx:
            version = (await writings.keep(tx, place, Typed(body=body), version=version)).version
        recorded += tx.recorded
    async with given.write(given.owner) as tx:
        await writings.drop(tx, place)
        await writings.drop(tx, place)
    recorded += tx.recorded

    assert recorded == [
        WritingBegan(given.owner, Writing.NOTE, it, None, is_only=True),
        WritingEnded(given.owner, Writing.NOTE, it, None),
    ]


async def test_it_is_told_that_somebody_answered_meanwhile(given: Given, client: Client) -> None:
    it = await given.conversation()
    version = await kept(client, at(it), body="Yes")
    got = (await client.get(at(it))).json()
    assert got["isAnswered"] is False
    newest = await given.thread(it, ThreadType.CUSTOMER, "Never mind.")
    got = (await client.get(at(it))).json()
    assert got["isAnswered"] is True
    assert got["basedOn"] < newest

    refused = await client.post(f"{at(it)}/send", json={"version": version, "unlessAnswered": True})
    assert refused.status_code == 409
    assert (await client.post(f"{at(it)}/send", json={"version": version})).status_code == 201


async def test_files_come_along_and_go(given: Given, client: Client) -> None:
    it = await given.conversation()
    assert (await client.post(f"{at(it)}/attachments", json=FILE)).status_code == 404
    await kept(client, at(it), body="See the file.")
    ids = [int((await client.post(f"{at(it)}/attachments", json=FILE)).headers["resource-id"]) for _ in range(2)]
    (one, other) = (await client.get(at(it))).json()["attachments"]
    assert one == {"id": ids[0], "fileName": "receipt.txt", "mimeType": "text/plain", "size": 9, "width": 0, "height": 0}
    got = await client.get(f"{at(it)}/attachments/{other['id']}")
    assert (got.content, got.headers["content-type"]) == (b"20,00 EUR", "text/plain")
    assert got.headers["content-disposition"] == 'attachment; filename="receipt.txt"'
    assert (await client.delete(f"{at(it)}/attachments/{ids[0]}")).status_code == 204
    assert (await client.delete(f"{at(it)}/attachments/{ids[0]}")).status_code == 404
    assert (await client.get(f"{at(it)}/attachments/{ids[0]}")).status_code == 404


async def test_there_may_be_fifty_files(given: Given, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert writings.MOST_FILES == 50
    monkeypatch.setattr(writings, "MOST_FILES", 1)
    it = await given.conversation()
    await kept(client, at(it))
    assert (await client.post(f"{at(it)}/attachments", json=FILE)).status_code == 201
    assert (await client.post(f"{at(it)}/attachments", json=FILE)).status_code == 412


async def test_what_is_given_up_leaves_no_bytes(given: Given, client: Client, clock: MovableClock) -> None:
    it = await given.conversation()
    await kept(client, at(it))
    await client.post(f"{at(it)}/attachments", json=FILE)
    await kept(client, at(it, "note"))
    await client.post(f"{at(it, 'note')}/attachments", json=FILE)
    async with given.read(given.owner) as view:
        (blob,) = {each.blob for each in await queries.files(view, [1, 2])}

    for kind, is_there in (("reply", True), ("note", False)):
        await client.delete(at(it, kind))
        clock.move(timedelta(days=1, hours=1))
        await given.app.worker.run_due()
        try:
            assert await given.desk.blobs.get(blob) == b"20,00 EUR"
            assert is_there, "nothing uses it any more"
        except NotFound:
            assert not is_there, "the note still needs it"


async def test_what_lies_for_ninety_days_goes(given: Given, client: Client, clock: MovableClock) -> None:
    it = await given.conversation()
    await kept(client, at(it), body="old")
    await client.post(f"{at(it)}/attachments", json=FILE)
    await given.app.worker.run_due()
    clock.move(UNSENT_RESTS - timedelta(days=2))
    await kept(client, at(it, "note"), body="young")
    await given.app.worker.run_due()
    assert (await client.get(at(it))).status_code == 200
    clock.move(timedelta(days=3))
    await given.app.worker.run_due()

    assert (await client.get(at(it))).status_code == 404
    assert (await client.get(at(it, "note"))).status_code == 200
    told = await feed.piece(given.desk, system_actor(), 0, 1000, [WritingsCleared.__name__])
    assert len(told.facts) == 3, "it is looked for again and again"


async def test_an_erased_conversation_names_the_files_of_what_was_being_written(given: Given, client: Client) -> None:
    pavel = await given.customer("pavel@mail.test")
    it = await given.conversation(customer=pavel)
    await kept(client, at(it))
    await client.post(f"{at(it)}/attachments", json=FILE)
    async with given.write(given.owner) as tx:
        await erasing.erase_customer(tx, pavel.id)

    (erased,) = [each for each in tx.recorded if isinstance(each, ConversationErased)]
    assert len(erased.blobs) == 1


async def test_erasing_a_customer_takes_along_what_is_written_to_them(given: Given, client: Client) -> None:
    pavel = await given.customer("pavel@mail.test")
    it = await given.conversation(customer=pavel)
    sales = await given.new_inbox("Sales")
    await kept(client, at(it), body="Dear Pavel")
    here, there = [f"/deskhand/v1/mailboxes/{inbox}/writing" for inbox in (given.inbox, sales)]
    await kept(client, here, to=["Pavel <PAVEL@mail.test>"])
    await kept(client, there, to=["per@mail.test"])
    async with given.write(given.owner) as tx:
        await erasing.erase_customer(tx, pavel.id)

    assert (await client.get(here)).status_code == 404
    got = (await client.get("/deskhand/v1/writings")).json()
    assert [each["mailboxId"] for each in got["_embedded"]["writings"]] == [sales]


async def test_merging_loses_nothing_that_somebody_wrote(given: Given, client: Client) -> None:
    one, other = await given.conversation(), await given.conversation()
    version = await kept(client, at(one), body="first")
    await kept(client, at(other), body="second")
    await client.post(f"{at(other)}/attachments", json=FILE)
    await kept(client, at(other, "note"), body="third")
    async with given.write(given.owner) as tx:
        await merging.merge(tx, other, into=one)

    got = (await client.get(at(one))).json()
    assert (got["body"], len(got["attachments"])) == ("first<hr>second", 1)
    assert got["version"] > version
    assert (await client.get(at(one, "note"))).json()["body"] == "third"


async def test_what_one_is_writing_is_listed_where_one_still_sees_it(given: Given) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    async with given.client(ona) as client:
        await kept(client, at(it), body="a")
        await kept(client, f"/deskhand/v1/mailboxes/{given.inbox}/writing", subject="Hello")
        got = (await client.get("/deskhand/v1/writings")).json()
        assert [each["kind"] for each in got["_embedded"]["writings"]] == ["conversation", "reply"]
        assert got["_embedded"]["writings"][0]["subject"] == "Hello"
        async with given.write() as tx:
            await inboxes.revoke(tx, given.inbox, ona)
        assert (await client.get("/deskhand/v1/writings")).json()["page"]["totalElements"] == 0
        assert (await client.get(at(it))).status_code == 404


async def test_a_deleted_user_leaves_nothing_unsent(given: Given, client: Client) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    async with given.client(ona) as other:
        await kept(other, at(it), body="a")
    await client.delete(f"/v2/users/{ona}")
    await given.app.worker.run_due()

    assert (await client.get(f"/deskhand/v1/conversations/{it}/writings")).json() == {"writers": []}


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ({"body": []}, "body"),
        ({"body": "a\0"}, "body"),
        ({"subject": "x" * 1001}, "subject"),
        ({"to": ["x" * 321]}, "to[0]"),
        ({"cc": ["x"] * 201}, "cc"),
        ({"status": "asleep"}, "status"),
        ({"assignTo": 0}, "assignTo"),
        ({"version": "x"}, "version"),
    ],
)
async def test_what_is_wrong_is_named(given: Given, client: Client, typed: dict[str, Any], path: str) -> None:
    it = await given.conversation()
    got = await client.put(at(it), json=typed)

    assert got.status_code == 400
    assert [each["path"] for each in got.json()["_embedded"]["errors"]] == [path]


async def test_the_desk_itself_writes_nothing(given: Given) -> None:
    it = await given.conversation()
    with pytest.raises(Forbidden):
        async with given.write() as tx:
            await writings.keep(tx, Place(Writing.NOTE, conversation_id=it), Typed(), version=None)
