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
from deskhand.ui.live.reader import Reader, message


class Pieces(Struct, frozen=True):
    """What stands somewhere: HTML by its element's id, the ids in each container in their order, and ``counts``, numbers by
    the id of their place.

    ``conversation_ids``, ``customer_ids`` and ``organization_ids`` are those that it shows, ``total`` is how many a folder
    holds.
    """

    parts: dict[str, str]
    orders: dict[str, list[str]] = {}
    title: str = ""
    counts: dict[str, str] = {}
    conversation_ids: frozenset[int] = frozenset()
    customer_ids: frozenset[int] = frozenset()
    organization_ids: frozenset[int] = frozenset()
    total: int = 0


class Want(Struct, frozen=True):
    """Something to be looked at. Whoever has the same ``key`` sees the same; it is made in the name of ``actor``.

    Of a folder ``folder_id`` and ``inbox_ids``; ``is_walked`` is false for one whose conversations lie in others. What
    ``is_found`` by a search anything may change, so it is asked again seldom, and not in the round of the others; it
    ``is_owed`` to a page that was made without it.
    """

    key: Hashable
    actor: Actor
    make: Callable[[Snapshot], Awaitable[Pieces]]
    conversation_id: int = 0
    inbox_ids: frozenset[int] = frozenset()
    folder_id: int = 0
    is_walked: bool = True
    is_found: bool = False
    is_owed: bool = False


class Happened(Struct):
    """What a piece of the feed is about; ``places`` is where those conversations lie now, ``is_anywhere`` that one is gone.

    ``visited_ids`` are conversations to which somebody came or which they left, ``owner_ids`` the customers whose conversations
    it is about. ``is_past``: it may be in what was shown last, so nothing can be told from that.
    """

    conversation_ids: set[int] = set()
    visited_ids: set[int] = set()
    customer_ids: set[int] = set()
    organization_ids: set[int] = set()
    owner_ids: set[int] = set()
    inbox_ids: set[int] = set()
    places: dict[int, Placed] = {}
    totals: dict[int, int] = {}
    is_anywhere: bool = False
    is_past: bool = False

    def placed(self, places: dict[int, Placed]) -> None:
        """Where its conversations lie was looked up."""
        self.places = places
        self.is_anywhere = len(places) < len(self.conversation_ids)
        self.inbox_ids |= {each.inbox_id for each in places.values()}
        self.owner_ids |= {each.customer_id for each in places.values()}


class Watch:
    """Something that is looked at, by whom, and as what it was shown last; some ``missed`` that: they are told all next."""

    __slots__ = ("_whole", "is_due", "last", "made_at", "missed", "passed", "readers", "want")

    def __init__(self, want: Want) -> None:
        self.want = want
        self.readers: set[Reader] = set()
        self.missed: set[Reader] = set()
        self.last: Pieces | None = None
        self.is_due = False
        self.made_at = 0.0
        self.passed = 0  # rounds in which something happened
        self._whole = b""

    def concerns(self, what: Happened) -> bool:
        """Whether what happened may change it. Rather once too often: what did not change is not told."""
        want, last = self.want, self.last
        touched = what.conversation_ids | what.visited_ids
        if want.conversation_id in touched:
            return True
        if want.is_found and (what.customer_ids or what.is_anywhere or any(map(want.actor.sees_inbox, what.inbox_ids))):
            return True
        if last is None:
            return False
        if last.customer_ids & what.customer_ids or last.conversation_ids & touched:
            return True
        if want.conversation_id and (last.customer_ids & what.owner_ids or last.organization_ids & what.organization_ids):
            return True
        if not want.inbox_ids or not (what.is_anywhere or want.inbox_ids & what.inbox_ids):
            return False
        if what.is_past or what.is_anywhere or not want.is_walked:
            return True
        is_in = any(each.folder_id == want.folder_id for each in what.places.values())
        return is_in or what.totals.get(want.folder_id, last.total) != last.total

    def show(self, pieces: Pieces, at: float) -> None:
        """It looks like this now: tell those who saw it last what differs, and everything to those who missed that."""
        told = difference(self.last, pieces) if self.last is not None else b""
        self.last, self.made_at, self._whole = pieces, at, b""
        for reader in self.readers:
            reader.offer(self.whole() if reader in self.missed else told)
        self.missed.clear()

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
    counts = {id_: text for id_, text in after.counts.items() if before.counts.get(id_) != text}
    return (message("change", msgspec.json.encode(told)) if told else b"") + (
        message("counts", msgspec.json.encode(counts)) if counts else b""
    )
