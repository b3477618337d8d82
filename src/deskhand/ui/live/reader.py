"""An open page: what waits to be told to it, bounded, for a page that does not keep up is better loaded anew."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import msgspec

from deskhand.kernel.permissions import Actor
from deskhand.kernel.words import Words

MOST_BYTES = 512 * 1024


def message(event: str, data: bytes) -> bytes:
    """A server-sent event; its data has no line breaks, as JSON of ours has none."""
    return b"event: %s\ndata: %s\n\n" % (event.encode(), data)


RELOAD = message("reload", b"0")


class Reader:
    """Somebody's open page of an inbox. ``news`` is set when there is something to do for it. Its navigation counts the
    folders of the inbox, tells of those ``read_in`` how much is unread, and how much is active in the ``others``."""

    __slots__ = (
        "_bell",
        "_bytes",
        "_queue",
        "actor",
        "inbox_id",
        "is_behind",
        "news",
        "others",
        "read_in",
        "unread",
        "user_id",
        "words",
    )

    def __init__(self, actor: Actor, inbox_id: int, words: Words, others: frozenset[int], read_in: list[int]) -> None:
        self.actor = actor
        self.user_id = actor.user_id
        self.inbox_id = inbox_id
        self.words = words
        self.others = others
        self.read_in = read_in
        self.unread: dict[int, int] = {}
        self._bell: int | None = None
        self.news = asyncio.Event()
        self.is_behind = False
        self._queue: deque[bytes] = deque()
        self._bytes = 0

    def offer(self, told: bytes) -> None:
        """Tell it something; when too much waits all of that is dropped, and it is told to load anew."""
        if self.is_behind or not told:
            return
        self._queue.append(told)
        self._bytes += len(told)
        if self._bytes > MOST_BYTES:
            self.is_behind = True
            self._queue.clear()
            self._queue.append(RELOAD)
        self.news.set()

    def offer_counts(self, counts: dict[int, int], name: str = "count") -> None:
        """Tell it the numbers of its navigation that are so called there, by what they are of."""
        if counts:
            spoken = self.words.some if name == "unread" else self.words.number
            texts: dict[str, Any] = {f"{name}-{id_}": spoken(count) for id_, count in counts.items()}
            self.offer(message("counts", msgspec.json.encode(texts)))

    def offer_bell(self, unread: int) -> None:
        """Tell it how much its user has not read of what they were told, if that is another number."""
        if unread != self._bell:
            self._bell = unread
            self.offer(message("bell", msgspec.json.encode(self.words.some(unread))))

    def offer_read(self, up_to: dict[int, int]) -> None:
        """Tell it how far its user has read conversations."""
        if up_to:
            self.offer(message("read", msgspec.json.encode(up_to)))

    def take(self) -> bytes:
        """Everything that waits."""
        taken = b"".join(self._queue)
        self._queue.clear()
        self._bytes = 0
        return taken
