"""Files on threads, their public links, original sources, and the end of their bytes (contract 20 §7 to §10)."""

from __future__ import annotations

import base64
import os
import struct
import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from deskhand.app import App
from deskhand.conversations.model import ThreadType
from deskhand.conversations.tables import threads as thread_rows
from deskhand.kernel.blobs import FolderBlobs
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, write
from tests.conftest import MovableClock
from tests.conversations.looking import V2, codes, ids, show, threads, watch
from tests.given import Client, Given

HELLO = {"fileName": "receipt.txt", "mimeType": "text/plain", "data": "aGVsbG8="}
SET_SOURCE = write(update(thread_rows).where(thread_rows.c.id == param("thread")).values(source_blob=param("blob")))
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 600, 800) + b"rest"


async def upload(client: Client, conversation_id: int, **more: Any) -> dict[str, Any]:
    """A file on the newest thread, as the thread shows it."""
    thread = (await threads(client, conversation_id))[0]["id"]
    answer = await client.post(f"{V2}/{conversation_id}/threads/{thread}/attachments", json=HELLO | more)
    assert answer.status_code == 201, answer.text
    assert answer.content == b""
    file: dict[str, Any] = (await threads(client, conversation_id))[0]["_embedded"]["attachments"][-1]
    assert answer.headers["resource-id"] == str(file["id"])
    return file


async def test_a_file_is_shown_on_its_thread(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    facts = await watch(given)

    file = await upload(client, conversation)

    here = f"https://desk.test{V2}/{conversation}/attachments/{file['id']}"
    links = file.pop("_links")
    assert file == {
        "id": file["id"], "filename": "receipt.txt", "mimeType": "text/plain", "width": 0, "height": 0, "size": 5,
        "state": "valid",
    }  # fmt: skip
    assert links["data"]["href"] == f"{here}/data"
    assert links["self"]["href"] == here
    assert links["web"]["href"].startswith(f"https://desk.test/file/{file['id']}/")
    assert len(links["web"]["href"].split("/")[5]) == 40
    assert "deprecation" in links["web"]
    assert await facts.all() == [("AttachmentAdded", {"conversation_id": conversation, "attachment_id": file["id"]})]
    assert await ids(client, query="attachments:true") == [conversation]


async def test_a_picture_says_how_large_it_is(client: Client, given: Given) -> None:
    file = await upload(client, await given.conversation(), data=base64.b64encode(PNG).decode(), mimeType="image/png")

    assert (file["width"], file["height"], file["size"]) == (600, 800, len(PNG))


async def test_a_file_is_read_as_json_as_bytes_and_by_its_link(client: Client, given: Given) -> None:
    links = (await upload(client, await given.conversation()))["_links"]

    data = await client.get(links["data"]["href"])
    raw = await client.get(links["self"]["href"] + "/file")
    async with given.client(None) as anybody:
        web = await anybody.get(links["web"]["href"])

    assert data.json() == {"data": "aGVsbG8=", "_links": {"self": links["data"]}}
    for answer in (raw, web):
        assert (answer.status_code, answer.content) == (200, b"hello")
        assert answer.headers["content-type"] == "text/plain"
        assert answer.headers["content-disposition"] == 'attachment; filename="receipt.txt"'
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_link_works_only_with_its_key_and_while_the_conversation_lives(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    web = (await upload(client, conversation))["_links"]["web"]["href"]
    start, key, name = web.rsplit("/", 2)

    async with given.client(None) as anybody:
        for wrong in ("0" * 40, key[:-1], key + "0", "é" * 40, "%00"):
            assert (await anybody.get(f"{start}/{wrong}/{name}")).status_code == 404, wrong
        assert (await anybody.get(f"{start}/{key}/another.txt")).status_code == 200
        await client.delete(f"{V2}/{conversation}")
        assert (await anybody.get(web)).status_code == 404


HOSTILE = [
    "../../../etc/passwd",
    "..",
    ".",
    "C:\\Windows\\system.ini",
    'a"; filename="b.exe',
    "a\r\nX-Evil: 1.txt",
    "\u202egpj.exe",
    "\u200b.htaccess",
    "日本.pdf",
    "100%.txt",
    "a?b#c.txt",
    "x" * 255,
    "<script>.html",
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_file_name_is_only_ever_a_name(client: Client, given: Given, name: str) -> None:
    file = await upload(client, await given.conversation(), fileName=name)

    assert file["filename"] == name
    raw = await client.get(file["_links"]["self"]["href"] + "/file")
    disposition = raw.headers["content-disposition"]
    assert raw.content == b"hello"
    assert disposition.startswith('attachment; filename="')
    assert "x-evil" not in raw.headers
    plain = disposition.split('"')[1]
    assert not set(plain) & set("/\\\r\n")
    web = await client.get(file["_links"]["web"]["href"])
    assert (web.status_code, web.content) == (200, b"hello")


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "x", "text/plain\r\nX-Evil: 1", "日本"])
async def test_a_kind_of_file_cannot_act(client: Client, given: Given, kind: str) -> None:
    file = await upload(client, await given.conversation(), mimeType=kind)

    raw = await client.get(file["_links"]["self"]["href"] + "/file")

    assert file["mimeType"] == kind
    assert "x-evil" not in raw.headers
    assert raw.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("data", ["a", "aGVsbG8", "aGVs*G8=", "aGVsbG8==", "aGVs-_8=", "é"])
async def test_what_is_no_base64_is_refused(client: Client, given: Given, data: str) -> None:
    conversation = await given.conversation()
    (said,) = await threads(client, conversation)

    answer = await client.post(f"{V2}/{conversation}/threads/{said['id']}/attachments", json=HELLO | {"data": data})

    assert codes(answer) == {"data": "Invalid"}


async def test_line_breaks_in_base64_are_tolerated(client: Client, given: Given) -> None:
    assert (await upload(client, await given.conversation(), data="aGVs\r\nbG8="))["size"] == 5


async def test_ten_megabytes_are_taken_and_a_byte_more_is_not(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    most = b"x" * (10 * 1024 * 1024)

    assert (await upload(client, conversation, data=base64.b64encode(most).decode()))["size"] == len(most)

    thread = (await threads(client, conversation))[0]["id"]
    more = HELLO | {"data": base64.b64encode(most + b"x").decode()}
    answer = await client.post(f"{V2}/{conversation}/threads/{thread}/attachments", json=more)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/vnd.error+json"


async def test_files_come_with_every_kind_of_entry(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    for path in ("reply", "notes", "customer", "chats", "phones"):
        body = {"text": "x", "customer": {"email": "pavel@mail.test"}, "attachments": [HELLO, HELLO]}
        assert (await client.post(f"{V2}/{conversation}/{path}", json=body)).status_code == 201

        newest = (await threads(client, conversation))[0]
        assert [each["filename"] for each in newest["_embedded"]["attachments"]] == ["receipt.txt", "receipt.txt"]


async def test_a_removed_file_is_gone_and_its_bytes_a_day_later(
    client: Client, given: Given, app: App, clock: MovableClock
) -> None:
    conversation, other = await given.conversation(), await given.conversation()
    first, second = await upload(client, conversation), await upload(client, other)
    facts = await watch(given)

    removed = await client.delete(first["_links"]["self"]["href"])

    assert removed.status_code == 204
    (fact,) = await facts.all()
    assert fact[1].pop("at")
    blob = fact[1]["blob"]
    assert fact == ("AttachmentDeleted", {"conversation_id": conversation, "attachment_id": first["id"], "blob": blob})
    for what in ("", "/data", "/file"):
        method = client.delete if what == "" else client.get
        assert (await method(first["_links"]["self"]["href"] + what)).status_code == 404
    assert await ids(client, query="attachments:true") == [other]
    clock.move(timedelta(hours=25))
    await app.worker.run_due()
    assert await app.desk.blobs.get(blob) == b"hello", "the other conversation has it still"
    await client.delete(second["_links"]["self"]["href"])
    await app.worker.run_due()
    assert await app.desk.blobs.get(blob) == b"hello", "too young"
    clock.move(timedelta(hours=25))
    await app.worker.run_due()
    with pytest.raises(NotFound):
        await app.desk.blobs.get(blob)


async def test_bytes_that_are_stored_again_meanwhile_stay(client: Client, given: Given, app: App, clock: MovableClock) -> None:
    conversation = await given.conversation()
    file = await upload(client, conversation)
    await client.delete(file["_links"]["self"]["href"])
    blob = await app.desk.blobs.put(b"hello")
    path = app.desk.settings.blob_folder / blob[:2] / blob[2:]
    clock.move(timedelta(hours=25))
    os.utime(path, (clock.now().timestamp(),) * 2)  # as a put at this moment leaves it

    await app.worker.run_due()

    assert (await upload(client, conversation))["size"] == 5


async def test_bytes_of_an_original_letter_stay_with_it(client: Client, given: Given, app: App, clock: MovableClock) -> None:
    conversation = await given.conversation()
    file = await upload(client, conversation)
    thread = (await threads(client, conversation))[0]["id"]
    async with given.write() as tx:
        await tx.write(SET_SOURCE, thread=thread, blob=await app.desk.blobs.put(b"hello"))
    await client.delete(file["_links"]["self"]["href"])

    clock.move(timedelta(hours=25))
    await app.worker.run_due()

    original = await client.get(f"{V2}/{conversation}/threads/{thread}/original-source")
    assert original.json() == {"original": "hello"}


async def test_bytes_taken_away_while_they_are_made_young_are_stored_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = FolderBlobs(tmp_path)
    await blobs.put(b"hello")
    monkeypatch.setattr(os, "utime", lambda path: path.unlink())  # as a delete that set them aside a moment before

    key = await blobs.put(b"hello")

    assert await blobs.get(key) == b"hello"


def test_putting_and_deleting_at_once_never_loses_bytes(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    now = datetime.now(UTC).timestamp()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            for turn in range(300):
                key = blobs.put_here(b"the same bytes again")
                os.utime(blobs._path(key), (now - 172_800,) * 2)
                deleting = pool.submit(blobs._delete, key, now - 86_400)
                putting: list[Future[Any]] = [pool.submit(blobs.put_here, b"the same bytes again") for _ in range(2)]
                wait([*putting, deleting])
                assert blobs._path(key).exists(), turn
    finally:
        sys.setswitchinterval(usual)


async def test_a_file_of_another_conversation_is_not_found(client: Client, given: Given) -> None:
    file = await upload(client, await given.conversation())
    other = await given.conversation()

    for path in ("/data", "/file"):
        assert (await client.get(f"{V2}/{other}/attachments/{file['id']}{path}")).status_code == 404
    assert (await client.delete(f"{V2}/{other}/attachments/{file['id']}")).status_code == 404


class TestOriginalSource:
    RAW = "From: Pavel\r\nSubject: Gr\xfc\xdfe\r\n\r\nHallo".encode("latin-1")

    async def source(self, given: Given, conversation_id: int) -> str:
        thread = await given.thread(conversation_id, ThreadType.CUSTOMER)
        blob = await given.desk.blobs.put(self.RAW)
        async with given.write() as tx:
            await tx.write(SET_SOURCE, thread=thread, blob=blob)
        return f"{V2}/{conversation_id}/threads/{thread}/original-source"

    async def test_it_is_text_in_json(self, client: Client, given: Given) -> None:
        address = await self.source(given, await given.conversation())

        for accept in ("application/json", "*/*"):
            answer = await client.get(address, headers={"accept": accept})
            assert answer.headers["content-type"] == "application/hal+json;charset=UTF-8"
            assert answer.json() == {"original": "From: Pavel\r\nSubject: Gr\ufffd\ufffde\r\n\r\nHallo"}

    async def test_it_is_a_letter_byte_for_byte(self, client: Client, given: Given) -> None:
        address = await self.source(given, await given.conversation())

        answer = await client.get(address, headers={"accept": "message/rfc822"})

        assert (answer.headers["content-type"], answer.content) == ("message/rfc822", self.RAW)

    async def test_what_did_not_come_by_mail_has_none(self, client: Client, given: Given) -> None:
        conversation = await given.conversation()
        (said,) = await threads(client, conversation)

        assert (await client.get(f"{V2}/{conversation}/threads/{said['id']}/original-source")).status_code == 404
        other = await given.conversation()
        address = (await self.source(given, other)).replace(f"/{other}/", f"/{conversation}/")
        assert (await client.get(address)).status_code == 404


async def test_a_conversation_with_a_file_says_so_in_search_only(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    await upload(client, conversation)

    assert "attachments" not in await show(client, conversation)
    assert await ids(client, query="attachments:false") == []


async def test_the_files_of_a_refused_request_go_again_unless_somebody_has_the_same(
    app: App, client: Client, given: Given, clock: MovableClock
) -> None:
    conversation = await given.conversation()
    await upload(client, conversation)
    new = {**HELLO, "data": base64.b64encode(b"only here").decode()}
    refused = {"text": "x", "customer": {"id": 999}, "attachments": [HELLO, new]}
    facts = await watch(given)

    assert codes(await client.post(f"{V2}/{conversation}/reply", json=refused)) == {"customer.id": "Invalid"}
    assert (await client.post(f"{V2}/999/threads/999/attachments", json=HELLO)).status_code == 404

    (name, fact), (again, _) = await facts.all()
    had, alone = fact["blobs"]
    assert (name, again) == ("FilesRefused", "FilesRefused")
    assert await app.desk.blobs.get(alone) == b"only here"
    clock.move(timedelta(days=3))
    await app.worker.run_due()
    with pytest.raises(NotFound):
        await app.desk.blobs.get(alone)
    assert await app.desk.blobs.get(had) == b"hello"


async def test_the_public_link_says_what_to_use_instead(client: Client, given: Given) -> None:
    file = await upload(client, await given.conversation())
    page, _, anchor = file["_links"]["web"]["deprecation"].partition("#")

    assert f'id="{anchor}"' in (await client.get(page)).text
