"""What is looked at: rendered once for all who look at the same, and compared with how it was.

A fresh page is made of the same pieces, so an open one to which every change was told is one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Any

import msgspec
from msgspec import Struct

from deskhand.conversations.queries.folders import Placed
from deskhand.kernel.permissions import Actor
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.live.reader import Reader


class Pieces(Struct, frozen=True):
    """What stands somewhere: HTML by its element's id, and the ids in each container in their order.

    ``conversation_ids`` and ``customer_ids`` are those that it shows, ``total`` is how many a folder holds.
    """

    parts: dict[str, str]
    orders: dict[str, list[str]] = {}
    title: str = ""
    conversation_ids: frozenset[int] = frozenset()
    customer_ids: frozenset[int] = frozenset()
    total: int = 0


class Want(Struct, frozen=True):
    """Something to be looked at. Whoever has the same ``key`` sees the same; it is made in the name of ``actor``.

    Of a folder ``folder_id`` and ``inbox_id``; ``is_walked`` is false for one whose conversations lie in others.
    """

    key: Hashable
    actor: Actor
    make: Callable[[Snapshot], Awaitable[Pieces]]
    conversation_id: int = 0
    inbox_id: int = 0
    folder_id: int = 0
    is_walked: bool = True


class Happened(Struct):
    """What a piece of the feed is about; ``places`` is where those conversations lie now, ``is_anywhere`` that one is gone.

    ``is_past``: it may be in what was shown last, so nothing can be told from that.
    """

    conversation_ids: set[int] = set()
    customer_ids: set[int] = set()
    inbox_ids: set[int] = set()
    places: dict[int, Placed] = {}
    totals: dict[int, int] = {}
    is_anywhere: bool = False
    is_past: bool = False


class Watch:
    """Something that is looked at, by whom, and as what it was shown last."""

    __slots__ = ("_whole", "last", "made_at", "passed", "readers", "want")

    def __init__(self, want: Want) -> None:
        self.want = want
        self.readers: set[Reader] = set()
        self.last: Pieces | None = None
        self.made_at = 0.0
        self.passed = 0  # rounds in which something happened
        self._whole = b""

    def concerns(self, what: Happened) -> bool:
        """Whether what happened may change it. Rather once too often: what did not change is not told."""
        want, last = self.want, self.last
        if want.conversation_id and want.conversation_id in what.conversation_ids:
            return True
        if last is None:
            return False
        if last.customer_ids & what.customer_ids or last.conversation_ids & what.conversation_ids:
            return True
        if not want.folder_id or not (what.is_anywhere or want.inbox_id in what.inbox_ids):
            return False
        if what.is_past or what.is_anywhere or not want.is_walked:
            return True
        is_in = any(each.folder_id == want.folder_id for each in what.places.values())
        return is_in or what.totals.get(want.folder_id, last.total) != last.total

    def shown(self, pieces: Pieces, at: float) -> bytes:
        """It looks like this now; what to tell those who saw it last, or nothing."""
        told = difference(self.last, pieces) if self.last is not None else b""
        self.last, self.made_at, self._whole = pieces, at, b""
        return told

    def whole(self) -> bytes:
        """What to tell somebody who may have missed anything."""
        if not self._whole and self.last is not None:
            self._whole = difference(Pieces({}), self.last)
        return self._whole


def difference(before: Pieces, after: Pieces) -> bytes:
    """A message with what is new or different; empty where nothing is."""
    parts = {id_: html for id_, html in after.parts.items() if before.parts.get(id_) != html}
    orders = {id_: ids for id_, ids in after.orders.items() if before.orders.get(id_) != ids}
    told: dict[str, Any] = {}
    if parts:
        told["parts"] = parts
    if orders:
        told["orders"] = orders
    if after.title and after.title != before.title:
        told["title"] = after.title
    return message("change", msgspec.json.encode(told)) if told else b""


def message(event: str, data: bytes) -> bytes:
    """A server-sent event; its data has no line breaks, as JSON of ours has none."""
    return b"event: %s\ndata: %s\n\n" % (event.encode(), data)
