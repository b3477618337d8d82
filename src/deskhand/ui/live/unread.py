"""How much is unread, in the navigation of each open page: counted in memory, of what is newest in folders that are looked at.

A folder is read anew when something happened in it, once a second at most; how far somebody has read, when their page begins.
Whoever is at a conversation reads it, which their other pages are told.
"""

from __future__ import annotations

from collections.abc import Collection

from deskhand.conversations.queries import seen
from deskhand.conversations.queries.seen import Newest
from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.ui.live.reader import Reader
from deskhand.ui.live.watching import Happened

SECONDS = 1.0

Present = dict[int, list[tuple[int, bool]]]
"""Who is at a conversation, and whether they write."""


class Unread:
    """What is unread for those who look."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._newest: dict[int, dict[int, Newest]] = {}
        self._read: dict[int, dict[int, int]] = {}
        self._old: set[int] = set()
        self._passed = 0  # rounds in which something happened
        self._at = 0.0

    async def join(self, reader: Reader, readers: Collection[Reader]) -> None:
        """Whoever looks has perhaps read something meanwhile, which is told to their other pages too."""
        while not self._newest.keys() >= set(reader.read_in):
            before = self._passed
            async with self._desk.reading(system_actor()) as view:
                newest = {each: await seen.newest_in(view, each) for each in reader.read_in}
            if self._passed == before:  # else it may have missed something
                self._newest = newest | self._newest
        ids = [it for each in reader.read_in for it in self._newest[each]]
        async with self._desk.reading(system_actor()) as view:
            found = await seen.by_user(view, reader.user_id, ids)
        known = self._read.setdefault(reader.user_id, {})
        read = {each: found[each] for each in found if known.get(each, 0) < found[each]}
        known.update({each: found.get(each, 0) for each in ids})
        self._tell(reader)
        for each in readers:
            if each.user_id == reader.user_id and each.unread:
                each.offer_read(read)
                self._tell(each)

    def leave(self, reader: Reader, others: Collection[Reader]) -> None:
        """Of whom and what nobody else looks at, nothing is kept."""
        if all(each.user_id != reader.user_id for each in others):
            self._read.pop(reader.user_id, None)
        for folder_id in reader.read_in:
            if all(folder_id not in each.read_in for each in others):
                self._newest.pop(folder_id, None)

    def heed(self, what: Happened) -> None:
        """Folders that something happened in are old."""
        self._passed += bool(what.conversation_ids)
        placed = {each.folder_id for each in what.places.values()}
        for folder_id, newest in self._newest.items():
            if what.is_anywhere or folder_id in placed or newest.keys() & what.conversation_ids:
                self._old.add(folder_id)

    async def look(self, readers: Collection[Reader], present: Present, now: float) -> None:
        """Read what is old, and tell whose counts it changes."""
        if now - self._at < SECONDS:
            return
        self._at = now
        changed, self._old = self._old & self._newest.keys(), set()
        if changed:
            await self._read_anew(changed)
        reading = self._see(present)
        for reader in readers:
            read = reading.get(reader.user_id, {})
            reader.offer_read(read)
            if reader.unread and (read or not changed.isdisjoint(reader.read_in)):
                self._tell(reader)

    async def _read_anew(self, folder_ids: set[int]) -> None:
        """Folders, and how far people have read what came into them."""
        async with self._desk.reading(system_actor()) as view:
            found = {each: await seen.newest_in(view, each) for each in folder_ids}
            came = {it for each, newest in found.items() for it in newest.keys() - self._newest.get(each, {}).keys()}
            for one in await seen.by_everybody(view, sorted(came)):
                if one.user_id in self._read:
                    self._read[one.user_id][one.conversation_id] = one.thread_id
        self._newest |= {each: newest for each, newest in found.items() if each in self._newest}  # nobody left meanwhile

    def _see(self, present: Present) -> dict[int, dict[int, int]]:
        """What those who are at a conversation have read by that: for whom it is something new, how far of which."""
        reading: dict[int, dict[int, int]] = {}
        for newest in self._newest.values():
            for conversation_id in newest.keys() & present.keys():
                thread_id = newest[conversation_id].thread_id
                for user_id, _ in present[conversation_id]:
                    read = self._read.get(user_id)
                    if read is not None and read.get(conversation_id, 0) < thread_id:
                        read[conversation_id] = thread_id
                        reading.setdefault(user_id, {})[conversation_id] = thread_id
        return reading

    def _tell(self, reader: Reader) -> None:
        read = self._read.get(reader.user_id, {})
        counts = {each: seen.count(self._newest[each].values(), read, reader.user_id) for each in reader.read_in}
        told = {each: count for each, count in counts.items() if reader.unread.get(each) != count}
        reader.unread |= told
        reader.offer_counts(told, "unread")
