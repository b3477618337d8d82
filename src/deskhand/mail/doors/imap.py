"""Who fetches mail from the servers of inboxes: each in a thread of its own, so that none waits for another's server.

Of several server processes one fetches for an inbox, by a lease; and because the cursor moves only from where it was seen,
nothing is taken twice even while a lease changes hands. An inbox is never switched off by an error. Email rules 2.5 to 2.9.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections import defaultdict

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Collision, Conflict, DeskError, Unavailable
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.mail.doors.fetching import Fetching, LineTrouble, Trials
from deskhand.mail.model import ConnectionState, Direction
from deskhand.mail.operations import connecting, leasing
from deskhand.mail.queries import inboxes as queries
from deskhand.mail.queries.inboxes import Connection

LOOK_SECONDS = 10.0  # for inboxes that came or went, and to keep leases
FIRST_DELAY_SECONDS = 5.0
LONGEST_DELAY_SECONDS = 900.0
REFUSED_DELAY_SECONDS = 900.0
OURS_DELAY_SECONDS = 5.0  # what is wrong is here, not at the server

SAME = ("id", "host", "port", "security", "authentication", "username", "folder")

log = Log(__name__)


class Fetcher:
    """Fetches for every inbox that has an IMAP server until it is stopped."""

    def __init__(self, desk: Desk, *, luck: random.Random | None = None) -> None:
        self._desk = desk
        self._luck = luck or random.Random()  # noqa: S311 - only spreads retries
        self._holder = secrets.token_hex(8)
        self._stopped = asyncio.Event()
        self._keeping: dict[int, tuple[Connection, asyncio.Task[None]]] = {}
        self._trials: defaultdict[int, Trials] = defaultdict(Trials)

    async def run(self) -> None:
        """Look which inboxes there are, and fetch for them."""
        while not self._stopped.is_set():
            try:
                await self._look()
            except (Collision, Unavailable) as error:
                log.warning("mail is not fetched", reason=error.message)
            except Exception as error:  # noqa: BLE001 - a fetcher that ends would be missed by nobody
                log.error("could not look for inboxes", error=error)
            await self._rest(LOOK_SECONDS)
        await self._end(list(self._keeping))

    def stop(self) -> None:
        """Fetch no more; ``run`` returns when every connection has ended."""
        self._stopped.set()

    async def run_due(self) -> int:
        """Fetch once for every inbox, one after another; how many messages came. For tests and commands."""
        taken = 0
        for connection in await self._connections():
            fetching = Fetching(self._desk, connection, self._trials[connection.inbox_id])
            try:
                taken += await fetching.open_and_catch_up()
                await self._note_working(connection)
            except LineTrouble as trouble:
                await self._note(connection, trouble)
            except Conflict as error:
                log.info("mail is fetched elsewhere", inbox=connection.inbox_id, reason=error.message)
            finally:
                await fetching.close()
        return taken

    async def _look(self) -> None:
        wanted = {each.inbox_id: each for each in await self._connections()}
        changed = [
            inbox_id
            for inbox_id, (begun, task) in self._keeping.items()
            if task.done() or inbox_id not in wanted or _is_another(begun, wanted[inbox_id])
        ]
        await self._end(changed)
        if not wanted:
            return
        async with self._desk.writing(system_actor()) as tx:
            held = {inbox_id for inbox_id in sorted(wanted) if await leasing.hold(tx, f"imap:{inbox_id}", self._holder)}
        await self._end([inbox_id for inbox_id in self._keeping if inbox_id not in held])
        for inbox_id in held - self._keeping.keys():
            self._keeping[inbox_id] = (wanted[inbox_id], asyncio.create_task(self._keep(wanted[inbox_id])))

    async def _connections(self) -> list[Connection]:
        async with self._desk.reading(system_actor()) as view:
            return await view.all(queries.CONNECTIONS, direction=Direction.IN)

    async def _end(self, inbox_ids: list[int]) -> None:
        """End connections, and let another process have the inboxes."""
        tasks = [self._keeping.pop(inbox_id)[1] for inbox_id in inbox_ids]
        for task in tasks:
            task.cancel()
        if not tasks:
            return
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                log.error("fetching ended", error=ended)
        try:
            async with self._desk.writing(system_actor()) as tx:
                for inbox_id in inbox_ids:
                    await leasing.release(tx, f"imap:{inbox_id}", self._holder)
        except DeskError as error:
            log.warning("leases of mail run out by themselves", reason=error.message)

    async def _keep(self, connection: Connection) -> None:
        """Fetch for one inbox for ever: connect, catch up, wait for more; again after any trouble."""
        failures = 0
        while True:
            fetching = Fetching(self._desk, connection, self._trials[connection.inbox_id])
            try:
                await fetching.open_and_catch_up()
                failures = 0
                await self._note_working(connection)
                await fetching.follow(lambda: self._note_working(connection))
                delay = 0.0
            except LineTrouble as trouble:
                failures += 1
                delay = REFUSED_DELAY_SECONDS if trouble.is_refused else self.delay_seconds(failures)
                log.warning("mail is not fetched", inbox=connection.inbox_id, reason=str(trouble), again_seconds=round(delay))
                await self._note(connection, trouble)
            except Conflict as error:
                delay = OURS_DELAY_SECONDS
                log.info("mail is fetched elsewhere", inbox=connection.inbox_id, reason=error.message)
            except DeskError as error:
                delay = OURS_DELAY_SECONDS
                log.warning("mail could not be taken", inbox=connection.inbox_id, reason=error.message)
            except Exception as error:  # noqa: BLE001 - an inbox is never switched off by an error
                delay = LONGEST_DELAY_SECONDS / 15
                log.error("fetching failed", error=error, inbox=connection.inbox_id)
            finally:
                await fetching.close()
            await asyncio.sleep(delay)

    def delay_seconds(self, failures: int) -> float:
        """How long to wait after the n-th failure in a row: doubling from 5 s to 15 min, the last half by luck."""
        plain = min(FIRST_DELAY_SECONDS * 2.0 ** min(failures - 1, 20), LONGEST_DELAY_SECONDS)
        return max(FIRST_DELAY_SECONDS, plain * (0.5 + self._luck.random() / 2))

    async def _note_working(self, connection: Connection) -> None:
        async with self._desk.writing(system_actor()) as tx:
            await connecting.note_working(tx, connection)

    async def _note(self, connection: Connection, trouble: LineTrouble) -> None:
        try:
            async with self._desk.writing(system_actor()) as tx:
                await connecting.note_trouble(tx, connection, str(trouble), is_refused=trouble.is_refused)
        except DeskError as error:
            log.warning("could not note how a mail server fares", reason=error.message)

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            pass


def _is_another(begun: Connection, now: Connection) -> bool:
    """Whether a connection was made anew since: to another server, or with something else to sign in with."""
    if any(getattr(begun, name) != getattr(now, name) for name in SAME):
        return True
    # Tokens are other secrets each hour, by themselves; a password is another one when somebody gave it.
    return begun.secrets != now.secrets and (now.oauth is None or now.state is ConnectionState.NEW)
