"""Photos of who works here: kept bare, shown to anybody who has the address, gone when nobody has them any more."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest

from deskhand.conversations.model import BLOBS_REST
from deskhand.kernel.errors import Forbidden, NotFound
from deskhand.users import operations
from deskhand.users.model import PhotosReplaced
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.kernel.test_pictures import EXIF, chunk, jpeg, png


def data(picture: bytes) -> dict[str, str]:
    return {"data": base64.b64encode(picture).decode()}


async def test_a_photo_is_shown_wherever_the_person_is(client: Client, given: Given) -> None:
    here = f"/deskhand/v1/users/{given.owner}/photo"
    assert (await client.put(here, json=data(png(more=chunk(b"tEXt", b"Comment\0home"))))).status_code == 204

    address = (await client.get("/v2/users/me")).json()["photoUrl"]
    assert address.startswith("https://desk.test/photos/")
    async with given.client(None) as stranger:
        shown = await stranger.get(address.removeprefix("https://desk.test"))
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, png(), "image/png")
    assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    report = await client.get(f"/v2/reports/user?user={given.owner}&start=2026-01-01T00:00:00Z&end=2026-02-01T00:00:00Z")
    assert (report.json()["user"]["photoUrl"], report.json()["user"]["hasPhoto"]) == (address, True)


async def test_an_author_of_a_thread_has_their_photo(client: Client, given: Given) -> None:
    it = await given.conversation()
    async with given.client(given.owner) as own:
        await own.put(f"/deskhand/v1/users/{given.owner}/photo", json=data(png()))
        await own.post(f"/v2/conversations/{it}/notes", json={"text": "Seen."})
    threads = (await client.get(f"/v2/conversations/{it}/threads")).json()["_embedded"]["threads"]
    address = (await client.get("/v2/users/me")).json()["photoUrl"]
    assert [each["createdBy"].get("photoUrl") for each in threads] == [address, None]


@pytest.mark.parametrize(
    ("picture", "told"),
    [
        (b"<svg onload=alert(1)>", "must be a PNG or JPEG picture"),
        (jpeg(EXIF), "must be 32 to 4096 pixels wide and high"),
        (png(5000, 40), "must be 32 to 4096 pixels wide and high"),
        (png(more=chunk(b"PLTE", b"\0" * 2**20)), "must have at most 1 MB"),
    ],
)
async def test_what_is_no_photo_is_told(client: Client, given: Given, picture: bytes, told: str) -> None:
    got = await client.put(f"/deskhand/v1/users/{given.owner}/photo", json=data(picture))
    (error,) = got.json()["_embedded"]["errors"]
    assert (got.status_code, error["path"], error["message"]) == (400, "data", told)


async def test_nobody_changes_the_photo_of_another(given: Given) -> None:
    ona, per = await given.user("Ona"), await given.user("Per")
    with pytest.raises(Forbidden):
        async with given.write(ona) as tx:
            await operations.set_photo(tx, per, "0" * 64)
    with pytest.raises(NotFound):
        async with given.write(given.owner) as tx:
            await operations.set_photo(tx, 999, "0" * 64)


async def test_a_file_goes_when_nobody_has_it_any_more(client: Client, given: Given, clock: MovableClock) -> None:
    ona = await given.user("Ona")
    for user_id in (given.owner, ona):
        await client.put(f"/deskhand/v1/users/{user_id}/photo", json=data(png()))
    key = (await client.get("/v2/users/me")).json()["photoUrl"].rpartition("/")[2]
    assert (await client.delete(f"/deskhand/v1/users/{given.owner}/photo")).status_code == 204
    assert "photoUrl" not in (await client.get("/v2/users/me")).json()

    clock.move(BLOBS_REST + timedelta(minutes=1))
    await given.app.worker.run_due()
    assert await given.desk.blobs.get(key)  # it is Ona's
    async with given.write(given.owner) as tx:
        await operations.remove(tx, ona)
    assert any(isinstance(each, PhotosReplaced) for each in tx.recorded)
    clock.move(BLOBS_REST + timedelta(minutes=1))
    await given.app.worker.run_due()
    with pytest.raises(NotFound):
        await given.desk.blobs.get(key)
    async with given.client(None) as stranger:
        assert (await stranger.get(f"/photos/{key}")).status_code == 404
        assert (await stranger.get("/photos/..%2f..")).status_code in (400, 404)
