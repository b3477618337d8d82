"""Bytes by their hash: durable when the key is given, whole or not there, whatever the disk does."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deskhand.kernel.blobs import FolderBlobs
from deskhand.kernel.errors import NotFound, Unavailable

CONTENT = b"two hundred grams of beans"
KEY = hashlib.sha256(CONTENT).hexdigest()


def files(folder: Path) -> list[str]:
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


async def test_the_key_is_the_hash_and_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)

    assert await blobs.put(CONTENT) == KEY
    assert await blobs.put(CONTENT) == KEY
    assert await blobs.get(KEY) == CONTENT
    assert await blobs.put(b"") != KEY
    assert len(files(tmp_path)) == 2


@pytest.mark.parametrize("key", ["0" * 64, "", "..", "../../etc/passwd", "a/b", "\0", "x" * 5000])
async def test_a_key_that_is_none_finds_nothing(tmp_path: Path, key: str) -> None:
    with pytest.raises(NotFound):
        await FolderBlobs(tmp_path / "blobs").get(key)


async def test_many_at_once_put_the_same_bytes(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path)

    assert set(await asyncio.gather(*(blobs.put(CONTENT) for _ in range(40)))) == {KEY}
    assert files(tmp_path) == [f"{KEY[:2]}/{KEY[2:]}"]


async def test_the_file_is_synced_before_it_has_its_name_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, Path.rename

    def noted_sync(handle: int) -> None:
        steps.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        sync(handle)

    def noted_rename(self: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(self, target)

    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "rename", noted_rename)
    await FolderBlobs(tmp_path).put(CONTENT)

    assert steps[:3] == ["sync file", "rename", "sync folder"]
    assert set(steps[3:]) <= {"sync folder"}


def full(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "blobs")


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.rename", "os.mkdir"])
async def test_a_full_disk_is_told_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    blobs = FolderBlobs(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(step, full)
        with pytest.raises(Unavailable, match="No space left"):
            await blobs.put(CONTENT)
    assert files(tmp_path) == []

    assert await blobs.put(CONTENT) == KEY, "afterwards all is well again"
    assert await blobs.get(KEY) == CONTENT


@pytest.mark.parametrize(("age", "stays"), [(timedelta(hours=1), True), (timedelta(days=2), False)])
async def test_only_what_has_rested_is_deleted(tmp_path: Path, age: timedelta, stays: bool) -> None:
    blobs, now = FolderBlobs(tmp_path), datetime.now(UTC)
    await blobs.put(CONTENT)
    old = (now - age).timestamp()
    os.utime(tmp_path / KEY[:2] / KEY[2:], (old, old))

    await blobs.delete(KEY, older_than=now - timedelta(days=1))
    await blobs.delete("0" * 64, older_than=now)

    assert bool(files(tmp_path)) is stays


async def test_the_check_leaves_nothing_and_says_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = FolderBlobs(tmp_path)
    await blobs.check()
    assert files(tmp_path) == []

    nowhere: Callable[..., Any] = full
    monkeypatch.setattr("os.fsync", nowhere)
    with pytest.raises(Unavailable, match="cannot keep files"):
        await blobs.check()
