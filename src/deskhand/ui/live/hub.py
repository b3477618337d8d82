"""Who tells open pages what changed: one reader of the account's facts in each process, however many pages are open.

Facts are read once, what they concern is rendered once for all who look at it (``watching``), and what differs goes to each
page (``reader``). No page holds a database session. Who is at a conversation is no fact and is looked up once a second.

What searches find is asked again beside that, one search at a time, each every few seconds and all together a part of the time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from contextlib import suppress

import msgspec
from msgspec import Struct

from deskhand.conversations.queries import folders, presence
from deskhand.kernel import feed
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError, NotFound
from deskhand.kernel.feed import Fact
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.ui.frame import shown_counts
from deskhand.ui.live.bells import Bells
from deskhand.ui.live.reader import RELOAD, Reader, message
from deskhand.ui.live.unread import Present, Unread
from deskhand.ui.live.watching import Happened, Pieces, Want, Watch

GATHER_SECONDS = 0.05  # what happens in quick succession is told together
CATCH_UP_SECONDS = 2.0
FRESH_SECONDS = 60.0  # so often a list says anew how long customers have waited
SEARCH_SECONDS = 0.5  # so often at most a search is asked again
REST = 4  # times as long as a search took nothing is searched: they take a fifth of the time, however many are open
SPREAD_MILLISECONDS = 5000  # within which pages load anew after what changes all of them
MOST = 1000
ACTOR = system_actor()
CHANGES_ALL = frozenset(
    {
        "CustomFieldCreated",
        "InboxAccessGranted",
        "InboxAccessRevoked",
        "InboxCreated",
        "SavedViewChanged",
        "TeamCreated",
        "TeamMembersChanged",
        "UserCreated",
        "UserDeleted",
        "UserUpdated",
    }
)
ENDS_VISITS = frozenset({"PasswordChanged", "SessionEnded"})

log = Log(__name__)


class _About(Struct):
    """What the body of a fact may say of things that pages show."""

    conversation_id: int | None = None
    merged_id: int | None = None
    customer_id: int | None = None
    gone_id: int | None = None
    organization_id: int | None = None
    before: int | str | None = None
    after: int | str | None = None


class _Counts(Struct):
    """The counts beside the folders of an inbox: those that all see, and those of each user's own."""

    shared: dict[int, int]
    own: dict[int, dict[int, int]]


class Live:
    """The open pages of an account in this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._place = 0
        self._moved = asyncio.Event()  # of the round that is next
        self._readers: set[Reader] = set()
        self._watches: dict[Hashable, Watch] = {}
        self._counts: dict[int, _Counts] = {}
        self._totals: dict[int, int] = {}
        self._active: dict[int, int] = {}
        self._unread = Unread(desk)
        self._bells = Bells(desk)
        self._present: Present = {}
        self._task: asyncio.Task[None] | None = None
        self._search: asyncio.Task[None] | None = None

    async def now(self) -> int:
        """A place in the feed behind which nothing can come that is not told."""
        return self._place if self._runs() else await feed.end(self._desk)

    async def join(self, reader: Reader, wants: list[Want], after: int, *, again: bool = False) -> None:
        """From now on tell a page, made at a place of the feed, of what it shows; and what it has missed since.

        A page that was told before, and comes ``again``, gets everything: who came and left meanwhile is in no feed.
        Raises NotFound for what is not there.
        """
        self._readers.add(reader)
        if not self._runs():
            self._place = await feed.end(self._desk)
            if not self._runs():
                self._task = asyncio.create_task(self._run())
        watches = []
        for want in wants:
            watch = self._watches.setdefault(want.key, Watch(want))
            watch.readers.add(reader)
            watches.append(watch)
            if want.is_found:
                watch.missed.add(reader)
            else:
                await self._make_first(watch)
        # What was just made, by whomever, may hold more than the page: so only now it is looked up what that has missed.
        missed, is_much = await self._missed(after)
        is_much |= again
        if is_much:
            await self._catch_up()
        for watch in watches:
            if watch.want.is_owed and watch.last is not None:
                reader.offer(watch.whole())
            elif is_much or watch.want.is_owed or watch.concerns(missed):
                if watch.want.is_found:
                    watch.is_due = True
                else:
                    reader.offer(watch.whole())
        if is_much or missed.conversation_ids:
            counts = self._counts.get(reader.inbox_id) or await self._count(reader.inbox_id)
            reader.offer_counts(counts.shared | counts.own.get(reader.user_id, {}))
            reader.offer_counts(await self._count_active(reader.others), "count-inbox")
        await self._unread.join(reader, self._readers)
        await self._bells.join(reader)
        self._search_due()

    async def _catch_up(self) -> None:
        """Wait a moment for what happened until now: what was made before it would take a newer page back for as long."""
        end = await feed.end(self._desk)
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCH_UP_SECONDS):
                while self._place < end and self._runs():
                    await self._moved.wait()

    def read_by(self, user_id: int) -> None:
        """Somebody has read what they were told: their other pages learn of it."""
        self._bells.read_by(user_id)

    def here(self) -> bytes:
        """Where in the feed whoever was told everything is: browsers give it back when they come again."""
        return b"id: %d\n" % self._place + message("at", b"%d" % self._place)

    def leave(self, reader: Reader) -> None:
        """Nobody looks at that page any more."""
        self._readers.discard(reader)
        for key, watch in list(self._watches.items()):
            watch.readers.discard(reader)
            watch.missed.discard(reader)
            if not watch.readers:
                del self._watches[key]
        if all(each.inbox_id != reader.inbox_id for each in self._readers):
            self._counts.pop(reader.inbox_id, None)  # nobody keeps it up to date
        self._unread.leave(reader, self._readers)

    def _runs(self) -> bool:
        return self._task is not None and not self._task.done()

    async def _run(self) -> None:
        while self._readers and not self._desk.closing:
            added = self._desk.facts_added
            try:
                await self._look()
            except DeskError as error:
                log.warning("open pages have to wait for news", reason=error.message)
            except Exception as error:  # noqa: BLE001 - else every page would wait for ever
                log.error("a bug", error=error)
                self._tell_all(message("reload", b"%d" % SPREAD_MILLISECONDS))
            try:
                await asyncio.wait_for(added.wait(), feed.LOOK_SECONDS)
                await asyncio.sleep(GATHER_SECONDS)
            except TimeoutError:
                pass
        self._counts.clear()
        self._active.clear()
        if self._search is not None:
            self._search.cancel()
        self._wake_all()

    async def _make_first(self, watch: Watch) -> None:
        """Render what nobody has looked at yet; again when a round went by meanwhile, which could not tell of it."""
        while watch.last is None:
            before = watch.passed
            pieces = await self._made(watch)
            if watch.last is None and watch.passed == before:
                watch.show(pieces, self._time())

    async def _look(self) -> None:
        """One round: read, render what is concerned, tell; then the place that all are at now."""
        piece = await feed.piece(self._desk, ACTOR, self._place, MOST, None)
        what = about(piece.facts)
        types = {each.type for each in piece.facts}
        await self._place_them(what)
        present = await self._everywhere()
        before = self._present
        what.visited_ids = {it for it in before.keys() | present.keys() if before.get(it) != present.get(it)}
        stale = self._time() - FRESH_SECONDS
        for watch in list(self._watches.values()):
            watch.passed += bool(piece.facts or what.visited_ids)
            is_stale = watch.last is not None and not watch.want.conversation_id and watch.made_at < stale
            if watch.want.is_found:
                watch.is_due |= is_stale or watch.concerns(what)
            elif watch.last is not None and (is_stale or watch.concerns(what)):
                await self._show(watch)
        self._place, self._present = piece.place, present
        self._moved.set()
        self._moved = asyncio.Event()
        self._unread.heed(what)
        await self._unread.look(self._readers, present, self._time())
        self._bells.heed(what, types, {it: present[it] for it in what.visited_ids & present.keys()})
        await self._bells.look(self._readers, present, self._time())
        self._search_due()
        if piece.facts:
            self._tell_place(types)

    async def _show(self, watch: Watch) -> None:
        try:
            watch.show(await self._made(watch), self._time())
        except NotFound:
            for reader in watch.readers:
                reader.offer(RELOAD)

    def _search_due(self) -> None:
        if (self._search is None or self._search.done()) and any(each.is_due for each in self._watches.values()):
            self._search = asyncio.create_task(self._search_again())

    async def _search_again(self) -> None:
        """What is due, longest waiting first; then rest, so that what is done at once by others is not kept waiting."""
        while due := [each for each in self._watches.values() if each.is_due]:
            watch = min(due, key=lambda each: each.made_at)
            began = self._time()
            if (early := watch.made_at + SEARCH_SECONDS - began) > 0:
                await asyncio.sleep(early)
                continue
            watch.is_due = False
            try:
                await self._show(watch)
            except DeskError as error:
                watch.made_at, watch.is_due = began, True
                log.warning("open searches have to wait for news", reason=error.message)
            except Exception as error:  # noqa: BLE001 - as in a round
                watch.made_at = began
                log.error("a bug", error=error)
            await asyncio.sleep((self._time() - began) * REST)

    def _tell_all(self, told: bytes) -> None:
        for reader in self._readers:
            reader.offer(told)

    def _tell_place(self, types: set[str]) -> None:
        if types & CHANGES_ALL:
            self._tell_all(message("reload", b"%d" % SPREAD_MILLISECONDS))
        told = self.here()
        for reader in self._readers:
            if reader.news.is_set():
                reader.offer(told)
        if types & ENDS_VISITS:
            self._wake_all()

    async def _place_them(self, what: Happened) -> None:
        """Where those conversations lie, and the counts of those inboxes."""
        if not what.conversation_ids:
            return
        async with self._desk.reading(ACTOR) as view:
            what.placed(await folders.places(view, list(what.conversation_ids)))
        for watch in self._watches.values():
            if watch.last is not None and watch.want.folder_id and watch.last.conversation_ids & what.conversation_ids:
                what.inbox_ids |= watch.want.inbox_ids
        looked_at = {each.inbox_id for each in self._readers}
        for inbox_id in looked_at if what.is_anywhere else looked_at & what.inbox_ids:
            before = self._counts.get(inbox_id)
            self._tell_counts(inbox_id, before, await self._count(inbox_id))
        what.totals = self._totals
        near = {it for each in self._readers for it in each.others} if what.is_anywhere else what.inbox_ids
        await self._tell_active(frozenset(it for it in near if any(it in each.others for each in self._readers)))

    def _tell_counts(self, inbox_id: int, before: _Counts | None, now: _Counts) -> None:
        shared = now.shared if before is None else _differing(before.shared, now.shared)
        for reader in self._readers:
            if reader.inbox_id == inbox_id:
                own = now.own.get(reader.user_id, {})
                mine = own if before is None else _differing(before.own.get(reader.user_id, {}), own)
                reader.offer_counts(shared | mine)

    async def _tell_active(self, inbox_ids: frozenset[int]) -> None:
        before = {each: self._active.get(each) for each in inbox_ids}
        now = await self._count_active(inbox_ids)
        changed = {each: count for each, count in now.items() if before[each] != count}
        for reader in self._readers if changed else ():
            reader.offer_counts({each: count for each, count in changed.items() if each in reader.others}, "count-inbox")

    async def _count_active(self, inbox_ids: frozenset[int]) -> dict[int, int]:
        if not inbox_ids:
            return {}
        async with self._desk.reading(ACTOR) as view:
            found = await folders.unassigned(view, sorted(inbox_ids))
        self._active |= found
        return found

    async def _count(self, inbox_id: int) -> _Counts:
        async with self._desk.reading(ACTOR) as view:
            try:
                found = await folders.everybodys(view, inbox_id)
            except NotFound:
                found = []
        self._totals |= {each.folder.id: each.total for each in found}
        counts = _Counts({}, {})
        for each, count in shown_counts(found):
            if folders.is_for(each.folder, 0):
                counts.shared[each.folder.id] = count
            else:
                counts.own.setdefault(each.folder.user_id, {})[each.folder.id] = count
        self._counts[inbox_id] = counts
        return counts

    async def _everywhere(self) -> Present:
        """Who is at which conversation, and whether they write."""
        async with self._desk.reading(ACTOR) as view:
            found = await presence.everywhere(view)
        present: Present = {}
        for each in found:
            present.setdefault(each.conversation_id, []).append((each.user_id, each.writes))
        return present

    async def _made(self, watch: Watch) -> Pieces:
        async with self._desk.reading(watch.want.actor) as view:
            return await watch.want.make(view)

    async def _missed(self, after: int) -> tuple[Happened, bool]:
        """What happened since a place; and whether that was too much to look at, or the place is none of this account."""
        upto = await feed.end(self._desk)
        if after == upto:
            return Happened(), False
        piece = await feed.piece(self._desk, ACTOR, after, MOST, None)
        what = about(piece.facts)
        if what.conversation_ids:
            async with self._desk.reading(ACTOR) as view:
                what.placed(await folders.places(view, list(what.conversation_ids)))
        what.is_past = True
        return what, after > upto or len(piece.facts) == MOST or bool({each.type for each in piece.facts} & CHANGES_ALL)

    def _wake_all(self) -> None:
        """Let each page ask whether it may go on."""
        for reader in self._readers:
            reader.news.set()

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def about(facts: list[Fact]) -> Happened:
    """Which conversations, customers and inboxes facts are about."""
    what = Happened()
    for each in facts:
        body = msgspec.json.decode(each.body, type=_About, strict=False) if _tells(each.body) else _About()
        what.conversation_ids |= {it for it in (body.conversation_id, body.merged_id) if it is not None}
        what.customer_ids |= {it for it in (body.customer_id, body.gone_id) if it is not None}
        if body.organization_id is not None:
            what.organization_ids.add(body.organization_id)
        between = {it for it in (body.before, body.after) if isinstance(it, int)}
        if each.type == "ConversationMoved":
            what.inbox_ids |= between
        elif each.type == "CustomerChanged":
            what.owner_ids |= between
    return what


def _tells(body: bytes) -> bool:
    return b'"conversation_id"' in body or b'"customer_id"' in body or b'"organization_id"' in body


def _differing(before: dict[int, int], now: dict[int, int]) -> dict[int, int]:
    return {id_: count for id_, count in now.items() if before.get(id_) != count}


def live_of(desk: Desk) -> Live:
    """The open pages of an account in this process."""
    return desk.only(Live)
