"""A message that was read: what its header says, what is to be shown, and every leaf of its tree."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from deskhand.mail.reading.words import text


class Address(Struct, frozen=True):
    """A mailbox: ``address`` is ``local@domain`` with the domain in lower case, as Unicode; ``name`` is for showing only."""

    name: str
    address: str


class Limit(StrEnum):
    """What of a message was too much to be read."""

    SIZE = "size"
    HEADER_BLOCK = "header-block"
    HEADER = "header"
    HEADERS = "headers"
    DEPTH = "depth"
    PARTS = "parts"
    ADDRESSES = "addresses"


class Limits(Struct, frozen=True):
    """How much is read. Bytes, but for counts. Email rules 3.1."""

    size: int = 50 * 2**20
    header_block: int = 256 * 2**10
    header: int = 64 * 2**10
    headers: int = 1000
    depth: int = 30
    parts: int = 1000
    addresses: int = 500


class Leaf(Struct, frozen=True):
    """A part without parts, decoded. ``place`` is its number in IMAP's way (``1.2``); ``text`` only of text.

    ``filename`` is safe to show and to offer, and empty for none; ``content_id`` has no ``<>``.
    """

    place: str
    type: str
    disposition: str
    filename: str
    content_id: str
    location: str
    content: bytes
    text: str | None = None
    is_flowed: bool = False
    deletes_space: bool = False


class Letter(Struct, frozen=True, kw_only=True):
    """A message. ``texts`` and ``htmls`` are the leaves that make its body, in order, for plain text and for show; each leaf
    that is in neither is in ``attachments``, and pictures of a body may be in both.

    ``raw`` are the headers as they came, by name in lower case, in order. ``message_id`` and the ids of ``in_reply_to`` and
    ``references`` stand without ``<>``, malformed ones left out. ``date`` is the sender's claim, UTC.
    """

    raw: dict[str, list[str]]
    from_: tuple[Address, ...]
    sender: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    leaves: tuple[Leaf, ...]
    texts: tuple[Leaf, ...]
    htmls: tuple[Leaf, ...]
    attachments: tuple[Leaf, ...]
    partial: tuple[Limit, ...] = ()

    def first(self, name: str) -> str:
        """The first header of a name, decoded, or empty."""
        found = self.raw.get(name.lower())
        return text(found[0]) if found else ""

    def every(self, name: str) -> list[str]:
        """All headers of a name, decoded."""
        return [text(each) for each in self.raw.get(name.lower(), ())]
