"""Bytes by their hash. What ``put`` returned is on the disk, also after a power cut."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from deskhand.kernel.errors import NotFound, Unavailable

T = TypeVar("T")
KEY = re.compile("[0-9a-f]{64}")


class Blobs(Protocol):
    """A store of immutable bytes; a folder today, an S3 bucket by the same four verbs."""

    async def put(self, content: bytes) -> str:
        """Keep bytes; their SHA-256 in hex is the key. Durable on return. Raises Unavailable, e.g. when full.

        Bytes that are there already become young again, so that a ``delete`` on its way spares them.
        """
        ...

    async def get(self, key: str) -> bytes:
        """The bytes of a key. Raises NotFound."""
        ...

    async def delete(self, key: str, *, older_than: datetime) -> None:
        """Forget a key that was last put before a moment (UTC); unknown is no error."""
        ...

    async def check(self) -> None:
        """Whether bytes can be kept now. Raises Unavailable with what to do."""
        ...


class FolderBlobs:
    """Blobs as files ``ab/cdef…`` below a folder: written aside, synced, renamed, and the folder synced."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, content: bytes) -> str:
        return await _in_thread(lambda: self.put_here(content))

    async def get(self, key: str) -> bytes:
        return await _in_thread(lambda: self.get_here(key))

    async def delete(self, key: str, *, older_than: datetime) -> None:
        await _in_thread(lambda: self._delete(key, older_than.timestamp()))

    async def check(self) -> None:
        key = await self.put(b"deskhand was here " + secrets.token_bytes(8))
        await _in_thread(lambda: self._path(key).unlink(missing_ok=True))

    def put_now(self, content: bytes) -> str:
        """``put`` for bulk loads: no event loop, no sync per file."""
        key = hashlib.sha256(content).hexdigest()
        path = self._path(key)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return key

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def get_here(self, key: str, most_bytes: int = -1) -> bytes:
        """``get`` without an event loop, of the beginning only if so wanted. Raises NotFound, OSError."""
        if not KEY.fullmatch(key):
            raise NotFound("Not found")
        try:
            with open(self._path(key), "rb") as file:
                return file.read(most_bytes)
        except FileNotFoundError:
            raise NotFound("Not found") from None

    def put_here(self, content: bytes) -> str:
        """``put`` without an event loop, for processes that have none. Raises OSError."""
        key = hashlib.sha256(content).hexdigest()
        path = self._path(key)
        if _rejuvenated(path):
            # Whoever wrote it may have failed, or been killed, before the folders were synced.
            _sync_folder(path.parent)
            _sync_folder(self.folder)
            return key
        new_folder = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            with open(aside, "xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(path)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        if new_folder:
            _sync_folder(self.folder)
        return key

    def _delete(self, key: str, older_than: float) -> None:
        """Set aside first: a ``put`` at this moment either made the file young, then it goes back, or it finds none and
        writes its own."""
        path = self._path(key)
        aside = path.with_name(f".{secrets.token_hex(8)}")
        try:
            if path.stat().st_mtime >= older_than:
                return
            path.rename(aside)
        except FileNotFoundError:
            return
        if aside.stat().st_mtime >= older_than:
            aside.rename(path)
        else:
            aside.unlink()


def _rejuvenated(path: Path) -> bool:
    """Whether the file is there, made young. Looked for again, since a ``delete`` may have set it aside half way through."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return path.exists()


async def _in_thread(work: Callable[[], T]) -> T:
    try:
        return await asyncio.to_thread(work)
    except OSError as error:
        raise Unavailable(f"cannot keep files: {error.strerror}: {error.filename}") from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
