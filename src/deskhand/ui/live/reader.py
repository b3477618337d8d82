"""An open page: what waits to be told to it, bounded, for a page that does not keep up is better loaded anew."""

from __future__ import annotations

import asyncio
from collections import deque

from deskhand.kernel.words import Words

MOST_BYTES = 512 * 1024
RELOAD = b"event: reload\ndata: 0\n\n"


class Reader:
    """Somebody's open page of an inbox. ``news`` is set when there is something to do for it."""

    __slots__ = ("_bytes", "_queue", "inbox_id", "is_behind", "news", "user_id", "words")

    def __init__(self, user_id: int, inbox_id: int, words: Words) -> None:
        self.user_id = user_id
        self.inbox_id = inbox_id
        self.words = words
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

    def take(self) -> bytes:
        """Everything that waits."""
        taken = b"".join(self._queue)
        self._queue.clear()
        self._bytes = 0
        return taken
