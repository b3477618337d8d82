"""Messages are read in processes of their own, bounded in time and memory."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deskhand.kernel.blobs import FolderBlobs
from deskhand.mail.analysing.model import Asked, Digest
from deskhand.mail.analysing.pool import Pool, Unreadable
from deskhand.mail.reading.letter import Limits
from tests.mail.corpus import cases
from tests.mail.post import letter


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[Pool]:
    made = Pool(tmp_path, at_once=1, seconds=60)  # of a machine that does other things beside
    yield made
    await made.close()


async def digest(pool: Pool, asked: Asked) -> Digest:
    (found,) = await pool.digests([asked])
    if isinstance(found, Unreadable):
        raise found
    return found


async def test_a_message_is_read_by_another_process_and_its_files_are_kept(pool: Pool, tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    blob = await blobs.put(letter(files={"receipt.bin": b"12345"}))

    found = await digest(pool, Asked(blob=blob))

    assert found.subject == "Parcel never left the depot"
    assert [(each.filename, each.size_bytes) for each in found.files] == [("receipt.bin", 5)]
    assert await blobs.get(found.files[0].blob) == b"12345"


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("two-files", [("AUTHORS", "application/octet-stream", 244), ("README", "application/octet-stream", 893)]),
        ("unicode-mapi-attr-name", [("image001.png", "image/png", 3815), ("image002.png", "image/png", 3573)]),
        ("missing-filenames", [("TechlibDEC99.doc", "application/msword", 33792)]),
        ("garbage-at-end", []),
        ("MAPI_OBJECT", [("Untitled_Attachment", "application/octet-stream", 627810)]),
    ],
)
async def test_a_winmail_dat_is_opened(pool: Pool, tmp_path: Path, name: str, files: list[tuple[str, str, int]]) -> None:
    (case,) = (each for each in cases() if each.group == "tnef" and each.id.endswith(f"/{name}.tnef"))
    found = await pool.unpack(await FolderBlobs(tmp_path).put(case.raw))
    assert set(files) <= {(each.filename, each.mime_type, each.size_bytes) for each in found}


async def test_nothing_is_in_a_winmail_dat_that_is_broken(pool: Pool, tmp_path: Path) -> None:
    assert await pool.unpack(await FolderBlobs(tmp_path).put(b"\x78\x9f\x3e\x22 nothing that makes sense")) == []


async def test_50_mb_fit_into_the_memory_a_reader_may_take(pool: Pool, tmp_path: Path) -> None:
    content = os.urandom(36_900_000)
    lines = base64.encodebytes(content)
    raw = letter().replace(b"\n\n", b"\nX: y\n\n", 1)
    raw = (
        b'From: a@b.test\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nHello\n'
        b"--b\nContent-Type: application/zip; name=all.zip\nContent-Transfer-Encoding: base64\n\n" + lines + b"\n--b--\n"
    )
    blob = await FolderBlobs(tmp_path).put(raw)

    found = await digest(pool, Asked(blob=blob, limits=Limits(size=len(raw))))

    assert len(raw) > 49_000_000
    assert (found.files[0].size_bytes, found.partial) == (len(content), [])


async def test_one_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    fifo = tmp_path / "ab"
    fifo.mkdir()
    os.mkfifo(fifo / ("c" * 62))  # a file that never ends to come
    pool = Pool(tmp_path, at_once=1, seconds=2)

    with pytest.raises(Unreadable, match="more than 2 s"):
        await digest(pool, Asked(blob="ab" + "c" * 62))
    found = await digest(pool, Asked(blob=await blobs.put(letter())))

    assert found.sender is not None
    await pool.close()


async def test_those_asked_with_one_that_takes_too_long_are_read_in_their_order(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    (tmp_path / "ab").mkdir()
    os.mkfifo(tmp_path / "ab" / ("c" * 62))
    several = [await blobs.put(letter(subject=f"Letter {number}")) for number in range(6)]
    several[2] = "ab" + "c" * 62
    pool = Pool(tmp_path, at_once=1, seconds=2)

    found = await pool.digests([Asked(blob=each) for each in several])

    told = [str(each) if isinstance(each, Unreadable) else each.subject for each in found]
    assert told == ["Letter 0", "Letter 1", "it takes more than 2 s", "Letter 3", "Letter 4", "Letter 5"]
    await pool.close()


async def test_one_that_is_too_much_work_is_given_up_however_long_a_reader_may_be_kept_waiting(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)
    several = [await blobs.put(letter(subject=each)) for each in ("Hello", "work without end", "Hello again")]
    pool = Pool(tmp_path, at_once=1, module="tests.mail.busy_reader")

    found = await pool.digests([Asked(blob=each) for each in several])

    assert [str(each) if isinstance(each, Unreadable) else each.subject for each in found] == [
        "Hello",
        "it is too much work",
        "Hello again",
    ]
    await pool.close()


async def test_a_reader_that_dies_is_replaced(pool: Pool, tmp_path: Path) -> None:
    blob = await FolderBlobs(tmp_path).put(letter())
    await digest(pool, Asked(blob=blob))
    pool._idle[0].kill()
    await asyncio.sleep(0.1)

    with pytest.raises(Unreadable, match="ended"):
        await digest(pool, Asked(blob=blob))
    assert (await digest(pool, Asked(blob=blob))).sender is not None


async def test_more_memory_than_a_reader_may_take_is_refused(pool: Pool, tmp_path: Path) -> None:
    blob = await FolderBlobs(tmp_path).put(b"From: a@b.test\n\n" + b"a" * 150_000_000)

    with pytest.raises(Unreadable, match="more memory"):
        await digest(pool, Asked(blob=blob, limits=Limits(size=150_000_000)))
