"""How much of what somebody was told they have not read, beside the bell of each of their open pages.

It is counted anew for whom something was told, who came to a conversation, who said that they have read something, and now and
then for all: what is read in another process is no fact.
"""

from __future__ import annotations

from collections.abc import Collection

from deskhand.kernel.desk import Desk
from deskhand.notifications import queries
from deskhand.ui.live.reader import Reader
from deskhand.ui.live.unread import Present
from deskhand.ui.live.watching import Happened

SECONDS = 1.0
ALL_SECONDS = 60.0
FORGETS = frozenset({"ConversationErased", "ThreadRecalled"})


class Bells:
    """The bells of those who look."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._conversation_ids: set[int] = set()
        self._user_ids: set[int] = set()
        self._all = False
        self._at = self._all_at = 0.0

    async def join(self, reader: Reader) -> None:
        """What is so at this moment."""
        async with self._desk.reading(reader.actor) as view:
            reader.offer_bell(await queries.unread(view))

    def heed(self, what: Happened, types: Collection[str], came: Present) -> None:
        """What happened may be told to somebody; who came to a conversation has read of it."""
        self._conversation_ids |= what.conversation_ids
        self._user_ids |= {user_id for several in came.values() for user_id, _ in several}
        self._all |= not FORGETS.isdisjoint(types)

    def read_by(self, user_id: int) -> None:
        """They have read something."""
        self._user_ids.add(user_id)

    async def look(self, readers: Collection[Reader], present: Present, now: float) -> None:
        """Count for whom it may be another number. Who is at a conversation reads it: of that they need not be told."""
        if now - self._at < SECONDS:
            return
        ids, due, counts_all = self._conversation_ids, self._user_ids, self._all or now - self._all_at > ALL_SECONDS
        self._at, self._conversation_ids, self._user_ids, self._all = now, set(), set(), False
        looking = {each.user_id: each for each in readers}
        if not looking:
            return
        if counts_all:
            self._all_at, due = now, set(looking)
        elif ids:
            async with self._desk.reading(next(iter(looking.values())).actor) as view:
                told = await queries.told_of(view, ids, looking)
            due |= {each.user_id for each in told if each.user_id not in dict(present.get(each.conversation_id, []))}
        for user_id in due & looking.keys():
            async with self._desk.reading(looking[user_id].actor) as view:
                unread = await queries.unread(view)
            for reader in readers:
                if reader.user_id == user_id:
                    reader.offer_bell(unread)
