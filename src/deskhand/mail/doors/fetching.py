"""Fetching for one inbox over one connection: what is new is taken in batches, and the cursor moves with each."""

from __future__ import annotations

import asyncio
import imaplib
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

import msgspec

from deskhand.kernel.desk import Desk
from deskhand.kernel.log import Log
from deskhand.kernel.outbound.door import Failed
from deskhand.kernel.permissions import system_actor
from deskhand.mail.connecting.credentials import SignInRefused, SignInTrouble, credentials
from deskhand.mail.doors.session import Folder, NotLetIn, Session, Trouble
from deskhand.mail.model import HEADER_ONLY, Door
from deskhand.mail.operations import cursors
from deskhand.mail.operations.forgetting import come_again
from deskhand.mail.operations.taking import take
from deskhand.mail.queries import connecting
from deskhand.mail.queries import cursors as cursor_queries
from deskhand.mail.queries import inboxes as queries
from deskhand.mail.queries.cursors import Cursor
from deskhand.mail.queries.inboxes import Connection

T = TypeVar("T")

COMMAND_SECONDS = 120.0
BATCH_SECONDS = 900.0
POLL_SECONDS = 60.0
BATCH = 50
BATCH_BYTES = 20 * 2**20
LEAST_WINDOW = 500
WIDEST_WINDOW = 100_000  # what a server answers in one line must fit into the library's megabyte
MOST_BREAKS = 5
WORDS = 400
MEGABYTE = 2**20
ON_SERVER = "on the server it is message"
"""Part of the reason for which a message is held that is not all here: behind it stand UIDVALIDITY, its number and folder."""

log = Log(__name__)


class LineTrouble(Exception):
    """The server could not be reached, or spoken with; with ``is_refused`` it does not let us in."""

    def __init__(self, words: str, *, is_refused: bool = False) -> None:
        super().__init__(words)
        self.is_refused = is_refused


class Unwilling(LineTrouble):
    """The server says no, over a line that still works."""


class TooLong(Exception):
    """A message has more bytes than are wanted; how many, in words."""


class Got(msgspec.Struct, frozen=True):
    """A message as it will be taken: its bytes, or what there is of them and why it is held."""

    uid: int
    content: bytes
    reason: str | None = None


class Trials:
    """What broke the line while it was fetched, remembered beyond the line: by and by it is fetched alone, then passed."""

    def __init__(self) -> None:
        self.careful_until = 0
        self.breaks: Counter[int] = Counter()


class Fetching:
    """One connection's life. Every blocking step happens in a thread that is this connection's only."""

    def __init__(self, desk: Desk, connection: Connection, trials: Trials, *, limit_bytes: int | None = None) -> None:
        self._desk = desk
        self._connection = connection
        self._trials = trials
        self._thread = ThreadPoolExecutor(1, f"imap-{connection.inbox_id}")
        self._session: Session | None = None
        self._is_busy = False
        self._limit_bytes = limit_bytes or desk.settings.mail_limit_mb * MEGABYTE

    async def open_and_catch_up(self) -> int:
        """Connect, sign in, and take what is new; how many messages. Raises LineTrouble, Conflict, Unavailable."""
        await self.open()
        return await self.catch_up()

    async def open(self) -> None:
        """Connect and sign in; a token that is refused is renewed once. Raises LineTrouble, Unavailable."""
        it, refused = self._connection, ""
        while True:
            try:
                given = await credentials(self._desk, it, refused=refused)
                made = await self._desk.mail_hosts.connect(it.host, it.port)
            except SignInRefused as error:
                raise LineTrouble(str(error), is_refused=True) from None
            except (SignInTrouble, Failed) as error:
                raise LineTrouble(str(error)) from None
            self._session = Session(made, it.host, it.port, it.security, limit_bytes=self._limit_bytes)
            await self._do(self._session.open)
            try:
                return await self._do(partial(self._session.sign_in, given, it.authentication))
            except NotLetIn as error:
                if refused or not given.token:
                    raise LineTrouble(f"the server does not let us in: {error}", is_refused=True) from None
            refused = given.token
            await self._hang_up()
            async with self._desk.reading(system_actor()) as view:
                it = await view.first(connecting.BY_ID, connection_id=it.id) or it

    async def follow(self, worked: Callable[[], Awaitable[None]]) -> None:
        """Take what comes until something is wrong: told by the server, or asked for each minute. Raises as ``catch_up``."""
        session = self._opened
        idles = await self._do(lambda: session.idles)
        while True:
            if idles:
                await self._do(partial(session.idle, POLL_SECONDS), POLL_SECONDS + COMMAND_SECONDS)
            else:
                await asyncio.sleep(POLL_SECONDS)
            await self.catch_up()
            await worked()

    async def folder(self) -> Folder:
        """What the server says of the folder now. Raises LineTrouble."""
        return await self._do(partial(self._opened.select, self._connection.folder, for_moving=False))

    async def whole(
        self, folder: str, uid: int | None, uidvalidity: int | None, header: bytes, message_id: str
    ) -> bytes | None:
        """The message that has a header, by its number or else its id; None if it is not in the folder.

        Of one without a header the number is believed, while the folder is numbered as it was. Raises LineTrouble, TooLong.
        """
        try:
            now = await self._do(partial(self._opened.select, folder, for_moving=False))
        except Unwilling:
            return None  # there is no such folder
        named = await self._do(partial(self._opened.named, message_id)) if message_id else []
        for each in dict.fromkeys([uid, *named] if uid else named):
            if (await self._header(each) != header) if header else now.uidvalidity != uidvalidity:
                continue
            size = (await self._do(partial(self._opened.sizes, [each]))).get(each, 0)
            if size > self._limit_bytes:
                raise TooLong(f"it has {size / MEGABYTE:.1f} MB")
            return (await self._do(partial(self._opened.bodies, [each]), BATCH_SECONDS)).get(each)
        return None

    async def close(self) -> None:
        """Hang up; may be called at any moment, also instead of waiting for an answer."""
        await self._hang_up()
        self._thread.shutdown(wait=False)

    async def catch_up(self) -> int:
        """Take everything behind the cursor; how many messages. Raises LineTrouble, Conflict, Unavailable."""
        it = self._connection
        async with self._desk.reading(system_actor()) as view:
            inbox = await queries.find(view, it.inbox_id)
            cursor = await view.first(cursor_queries.ONE, inbox_id=it.inbox_id, folder=it.folder)
        moves_to = inbox.options.moves_to if inbox else ""
        folder = await self._do(partial(self._opened.select, it.folder, for_moving=bool(moves_to)))
        taken, window = 0, LEAST_WINDOW
        while True:
            first = cursor.last_uid + 1 if cursor and cursor.uidvalidity == folder.uidvalidity else 1
            if folder.next_uid and first >= folder.next_uid:
                await self._go_on(cursor, folder, first - 1, [])
                return taken
            last = min(first + window, folder.next_uid) - 1 if folder.next_uid else 0
            uids = await self._do(partial(self._opened.uids, first, last))
            for at in range(0, len(uids), LEAST_WINDOW):
                cursor = await self._take(cursor, folder, uids[at : at + LEAST_WINDOW], moves_to)
            taken += len(uids)
            passed = last or max(uids, default=first - 1)
            if not uids or uids[-1] < passed:
                cursor = await self._go_on(cursor, folder, passed, [])
            if not last:
                return taken
            window = LEAST_WINDOW if uids else min(window * 10, WIDEST_WINDOW)

    async def _take(self, cursor: Cursor | None, folder: Folder, uids: list[int], moves_to: str) -> Cursor | None:
        """Take these messages, batch by batch; where the cursor is then."""
        sizes = await self._do(partial(self._opened.sizes, uids))
        for batch in batches(uids, sizes, careful_until=self._trials.careful_until):
            got = await self._fetch(folder, batch, sizes)
            cursor = await self._go_on(cursor, folder, batch[-1], got)
            if moves_to and got:
                try:
                    await self._do(partial(self._opened.move, [each.uid for each in got], moves_to))
                except Unwilling as error:
                    log.warning("fetched mail stays where it was", inbox=self._connection.inbox_id, reason=str(error))
        return cursor

    async def _go_on(self, cursor: Cursor | None, folder: Folder, last_uid: int, got: list[Got]) -> Cursor:
        """Make messages ours, and move the cursor past them, in one transaction."""
        it = self._connection
        keys = await asyncio.gather(*(self._desk.blobs.put(each.content) for each in got))
        async with self._desk.writing(system_actor()) as tx:
            after = Cursor(
                inbox_id=it.inbox_id,
                folder=it.folder,
                uidvalidity=folder.uidvalidity,
                last_uid=last_uid,
                server_count=folder.count,
                server_next_uid=max(folder.next_uid, last_uid + 1),
                seen_at=tx.instant,
            )
            await cursors.go_on(tx, cursor, after)
            erased = await come_again(tx, it.inbox_id, keys)
            for key, each in zip(keys, got, strict=True):
                size = len(each.content)
                if key not in erased:
                    await take(tx, inbox_id=it.inbox_id, door=Door.IMAP, blob=key, size_bytes=size, reason=each.reason)
        if got:
            log.info("mail fetched", inbox=it.inbox_id, messages=len(got), last_uid=last_uid)
        return after

    async def _fetch(self, folder: Folder, batch: list[int], sizes: dict[int, int]) -> list[Got]:
        """The messages of a batch that are still there. One that the server cannot give does not take the others with it."""
        bodies: dict[int, bytes] = {}
        fitting = [uid for uid in batch if sizes.get(uid, 0) <= self._limit_bytes]
        if len(fitting) > 1:
            try:
                bodies = await self._do(partial(self._opened.bodies, fitting), BATCH_SECONDS)
            except Unwilling as error:
                log.info("messages are fetched one by one", inbox=self._connection.inbox_id, reason=str(error))
            except LineTrouble:
                self._trials.careful_until = batch[-1]
                raise
        got = [Got(uid, bodies[uid]) if uid in bodies else await self._alone(folder, uid, sizes.get(uid, 0)) for uid in batch]
        return [each for each in got if each is not None]

    async def _alone(self, folder: Folder, uid: int, size: int) -> Got | None:
        """One message, or what there is of it and why that is not all; None when it is gone from the server."""
        where = f"{ON_SERVER} {folder.uidvalidity}/{uid} of {self._connection.folder}"
        if size > self._limit_bytes:
            reason = f"{size / MEGABYTE:.1f} MB are more than DESKHAND_MAIL_LIMIT_MB: {HEADER_ONLY}; {where}"
            return Got(uid, await self._header(uid), reason)
        if self._trials.breaks[uid] >= MOST_BREAKS:
            return Got(uid, b"", f"could not be fetched, the line broke {MOST_BREAKS} times; {where}")
        try:
            bodies = await self._do(partial(self._opened.bodies, [uid]), BATCH_SECONDS)
            if uid in bodies:
                return Got(uid, bodies[uid])
            if not await self._do(partial(self._opened.uids, uid, uid)):
                return None
            words = "the server gives nothing"
        except Unwilling as error:
            words = str(error)
        except LineTrouble:
            self._trials.breaks[uid] += 1
            raise
        return Got(uid, await self._header(uid), f"could not be fetched: {words}; {where}")

    async def _header(self, uid: int) -> bytes:
        try:
            return await self._do(partial(self._opened.header, uid))
        except Unwilling:
            return b""

    @property
    def _opened(self) -> Session:
        assert self._session is not None
        return self._session

    async def _hang_up(self) -> None:
        session, self._session = self._session, None
        if session is None:
            return
        if self._is_busy:
            session.cut()
        await asyncio.get_running_loop().run_in_executor(self._thread, session.close)

    async def _do(self, step: Callable[[], T], seconds: float | None = None) -> T:
        """A blocking step, in the thread. Raises NotLetIn, Unwilling, LineTrouble."""
        seconds = seconds or COMMAND_SECONDS
        self._is_busy = True  # and so it stays when whoever waits is cancelled
        running = asyncio.get_running_loop().run_in_executor(self._thread, step)
        running.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # also when nobody waits any more
        done, _ = await asyncio.wait([running], timeout=seconds)
        if not done:
            raise LineTrouble(f"the server is too slow: not done in {seconds:.0f} s")
        self._is_busy = False
        try:
            return running.result()
        except NotLetIn:
            raise
        except imaplib.IMAP4.abort as error:
            raise LineTrouble(f"the line broke: {error}"[:WORDS]) from None
        except imaplib.IMAP4.error as error:
            raise Unwilling(f"the server says {error}"[:WORDS]) from None
        except Trouble as error:
            raise LineTrouble(f"the line broke: {error or type(error).__name__}"[:WORDS]) from None
        except Exception as error:  # noqa: BLE001 - a library that cannot read what a server says
            raise LineTrouble(f"the server says what nobody understands: {error!r}"[:WORDS]) from None


def batches(uids: list[int], sizes: dict[int, int], *, careful_until: int = 0) -> Iterator[list[int]]:
    """Messages in order, in portions: 50 or 20 MB at most, a longer one alone; up to ``careful_until`` each alone."""
    batch: list[int] = []
    total = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if batch and (len(batch) >= BATCH or total + size > BATCH_BYTES or batch[-1] <= careful_until):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch
