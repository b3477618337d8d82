"""Secrets at rest: AES-256-GCM under a key that is not in the database.

A sealed secret begins with a version and which key sealed it, and is bound to what it is about (its row), so that one
that was copied to another row does not open.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from functools import cache, partial
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from deskhand.kernel.errors import Unavailable
from deskhand.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12
ID_BYTES = 4
VERSION = b"\x01"
LEAST_MARK_BYTES = 8


class Unsealable(Exception):
    """A secret that none of our keys opens."""


class Seal:
    """Seals with the first key, opens with any. Keys are 32 bytes in base64; without one there is a file that is made when
    it is first needed, readable by its owner only."""

    def __init__(self, keys: tuple[str, ...], file: Path) -> None:
        self._given = keys
        self._file = file
        self._read: list[bytes] = []
        self._known: dict[bytes, AESGCM] = {}

    def seal(self, secret: str, about: str) -> bytes:
        """A secret as it may be stored; ``about`` names its row and column. Raises Unavailable without a key."""
        key_id = next(iter(self._keys()))
        nonce = secrets.token_bytes(NONCE_BYTES)
        return VERSION + key_id + nonce + self._keys()[key_id].encrypt(nonce, secret.encode(), about.encode())

    def open(self, sealed: bytes, about: str) -> str:
        """The secret. Raises Unsealable when its key is not here, or it was sealed about something else."""
        key_id, nonce = sealed[1 : 1 + ID_BYTES], sealed[1 + ID_BYTES : 1 + ID_BYTES + NONCE_BYTES]
        key = self._keys().get(key_id)
        if key is None or sealed[:1] != VERSION:
            raise Unsealable("the key that sealed it is not here: see DESKHAND_SECRET_KEYS")
        try:
            return key.decrypt(nonce, sealed[1 + ID_BYTES + NONCE_BYTES :], about.encode()).decode()
        except InvalidTag:
            raise Unsealable("it was changed, or belongs to another row") from None

    def mark(self, text: str, about: str) -> bytes:
        """An HMAC-SHA-256 of a text under the first key: proves that we wrote it. ``about`` says what for."""
        return self._mark(self._secrets()[0], text, about)

    def marked(self, text: str, about: str, given: bytes) -> bool:
        """Whether a mark, or the first bytes of it, is one of ours, under any key. Takes the same time for any mark."""
        marks = [self._mark(each, text, about)[: len(given)] for each in self._secrets()]
        return len(given) >= LEAST_MARK_BYTES and any(list(map(partial(hmac.compare_digest, given), marks)))

    def is_newest(self, sealed: bytes) -> bool:
        """Whether the first key sealed it."""
        return sealed[1 : 1 + ID_BYTES] == next(iter(self._keys()))

    def _keys(self) -> dict[bytes, AESGCM]:
        if not self._known:
            self._known = {hashlib.sha256(key).digest()[:ID_BYTES]: AESGCM(key) for key in self._secrets()}
        return self._known

    def _secrets(self) -> list[bytes]:
        if not self._read:
            self._read = [key_of(text) for text in self._given or (_from_file(self._file),)]
        return self._read

    @staticmethod
    def _mark(key: bytes, text: str, about: str) -> bytes:
        purpose = hmac.digest(key, b"mark\0" + about.encode(), "sha256")
        return hmac.digest(purpose, text.encode(), "sha256")


@cache
def seal_of(settings: Settings) -> Seal:
    """The seal of an account, which only its settings decide: for operations, which have no desk."""
    return Seal(settings.secret_keys, settings.key_file)


def key_of(text: str) -> bytes:
    """The key of its text. Raises ValueError unless it is 32 bytes in base64."""
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("expected 32 bytes in base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError("expected 32 bytes in base64")
    return key


def new_key() -> str:
    """A fresh key as text."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _from_file(file: Path) -> str:
    """The key of the file, made now if there is none. Of several processes one makes it, whole before it has its name."""
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            aside = file.with_suffix(f".{secrets.token_hex(4)}")
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
                made.write(new_key())
                made.flush()
                os.fsync(made.fileno())
            try:
                os.link(aside, file)
            except FileExistsError:
                pass
            aside.unlink()
        return file.read_text().strip()
    except OSError as error:
        raise Unavailable(f"cannot use the key file {file}: {error.strerror}") from error
