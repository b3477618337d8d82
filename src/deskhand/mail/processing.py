"""Who looks at what came in: read in processes of their own, then made part of conversations, in the order of arrival.

One inbox is looked after by one process at a time; a message that cannot be read does not hold up those behind it.
"""

from __future__ import annotations

import asyncio
import secrets
from datetime import timedelta

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Collision, DeskError, NotFound, Unavailable
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.mail.analysing.model import TNEF_TYPES, Asked, Check, Digest, unread
from deskhand.mail.analysing.pool import MEGABYTES, Pool, Unreadable
from deskhand.mail.model import Door
from deskhand.mail.operations import arriving, claiming, noting
from deskhand.mail.operations.claiming import Share
from deskhand.mail.operations.noting import Received
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.reading.letter import Limits

POLL_SECONDS = 1.0
AT_ONCE = 32  # messages of an inbox in one transaction
MOST_ATTEMPTS = 3
AGAIN_AFTER = timedelta(minutes=1)
MOST_UNPACKED = 3
RENEW_SECONDS = 10.0
TIMES_ITS_SIZE = 10  # of memory to read a message

log = Log(__name__)


class Processor:
    """Looks at what came in until it is stopped; what has begun is finished."""

    def __init__(self, desk: Desk, *, pool: Pool | None = None) -> None:
        self._desk = desk
        limit = desk.settings.mail_limit_mb
        self._pool = pool or Pool(desk.settings.blob_folder, megabytes=max(MEGABYTES, TIMES_ITS_SIZE * limit))
        self._checks = pool or Pool(desk.settings.blob_folder)  # others do not wait where name servers are silent
        self._stopping = False
        self._token = secrets.token_hex(8)
        self._running: dict[int, asyncio.Task[int]] = {}

    async def run(self) -> None:
        """Look until ``stop``."""
        while not self._stopping:
            self._desk.mail_received.clear()
            try:
                await self._look()
            except Unavailable as error:
                log.warning("mail waits", reason=str(error))
            except Exception as error:  # noqa: BLE001 - whoever looks after mail must not end
                log.error("could not look for mail", error=error)
            try:
                await asyncio.wait_for(self._desk.mail_received.wait(), POLL_SECONDS)
            except TimeoutError:
                await self._pool.rest()
                await self._checks.rest()
        if self._running:
            await asyncio.wait(self._running.values())
        await self.close()

    def stop(self) -> None:
        """Begin nothing more; ``run`` returns when what has begun has ended."""
        self._stopping = True
        self._desk.mail_received.set()

    async def run_due(self) -> int:
        """Look at everything that waits now, one inbox after another; how many. For tests and commands, which ``close``."""
        looked = 0
        while inbox_ids := await self._waiting():
            done = sum([await self._inbox(inbox_id) for inbox_id in inbox_ids])
            if not done:
                break
            looked += done
        return looked

    async def close(self) -> None:
        """End the processes that read."""
        await self._pool.close()
        await self._checks.close()

    async def _look(self) -> None:
        for inbox_id in await self._waiting():
            if inbox_id not in self._running:
                task = asyncio.create_task(self._inbox(inbox_id))
                self._running[inbox_id] = task
                task.add_done_callback(lambda ended, inbox_id=inbox_id: self._ended(inbox_id, ended))  # type: ignore[misc]

    def _ended(self, inbox_id: int, task: asyncio.Task[int]) -> None:
        del self._running[inbox_id]
        if not task.cancelled() and task.exception() is not None:
            log.error("mail of an inbox could not be looked at; its lease will run out", error=task.exception())
        elif task.result():
            self._desk.mail_received.set()  # there may be more

    async def _waiting(self) -> list[int]:
        async with self._desk.reading(system_actor()) as view:
            return await claiming.waiting(view)

    async def _inbox(self, inbox_id: int) -> int:
        """What waits in an inbox, share by share; how many."""
        async with self._desk.writing(system_actor()) as tx:
            is_ours = await claiming.claim(tx, inbox_id, self._token)
        if not is_ours:
            return 0
        looked, ahead = 0, None
        renewing = asyncio.create_task(self._renew(inbox_id))
        try:
            ahead = await self._ahead(inbox_id, [])
            while ahead is not None:
                share, reading = ahead
                found = await reading
                ahead = await self._ahead(inbox_id, share.messages)
                await self._follow(share, found)
                looked += len(share.messages)
                ahead = ahead or await self._ahead(inbox_id, [])
        finally:
            renewing.cancel()
            if ahead is not None:
                ahead[1].cancel()
            async with self._desk.writing(system_actor()) as tx:
                await claiming.release(tx, inbox_id, self._token)
        return looked

    async def _ahead(
        self, inbox_id: int, before: list[Received]
    ) -> tuple[Share, asyncio.Task[list[Digest | Unreadable]]] | None:
        """The next share behind those that are about to be placed, and its reading, which has begun."""
        if self._stopping:
            return None
        async with self._desk.reading(system_actor()) as view:
            share = await claiming.share(view, inbox_id, AT_ONCE, before)
        return None if share is None else (share, asyncio.create_task(self._read(share)))

    async def _follow(self, share: Share, found: list[Digest | Unreadable]) -> None:
        """Do what follows from each message of a share that was read."""
        results = list(zip(share.messages, found, strict=True))
        await self._place(share.inbox, [(each, it) for each, it in results if isinstance(it, Digest)])
        for each, fault in results:
            if isinstance(fault, Unreadable):
                await self._put_back(each, fault)

    async def _renew(self, inbox_id: int) -> None:
        """Stay the one who looks after an inbox, however long its messages take."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                async with self._desk.writing(system_actor()) as tx:
                    await claiming.renew(tx, inbox_id, self._token)
            except DeskError as error:
                log.warning("a lease on an inbox could not be renewed", inbox=inbox_id, reason=str(error))

    async def _read(self, share: Share) -> list[Digest | Unreadable]:
        found = await self._pool.digests([self._asked(share.inbox, each) for each in share.messages])
        return await asyncio.gather(*map(self._completed, share.messages, found))

    def _asked(self, inbox: MailInbox, it: Received) -> Asked:
        return Asked(
            blob=it.blob,
            # What is longer was fetched because somebody wanted it.
            limits=Limits(size=max(self._desk.settings.mail_limit_mb * 2**20, it.size_bytes)),
            envelope_from=it.envelope_from,
            recipients=it.recipients,
            trusted_servers=inbox.options.trusted_servers if it.door is not Door.SMTP else [],
        )

    async def _completed(self, it: Received, found: Digest | Unreadable) -> Digest | Unreadable:
        """With what is in a winmail.dat, and with our own word on who sent it where we saw who brought it."""
        if isinstance(found, Unreadable):
            return unread(it.blob, it.size_bytes, it.envelope_from) if it.as_is else found
        for file in [each for each in found.files if each.mime_type in TNEF_TYPES][:MOST_UNPACKED]:
            try:
                found.files.extend(await self._pool.unpack(file.blob))
            except Unreadable as fault:
                log.warning("a winmail.dat stays closed", received=it.id, reason=str(fault))
                break
        if it.door is Door.SMTP and it.peer:
            address, _, helo = it.peer.partition(" ")
            nameservers = list(self._desk.settings.nameservers)
            verdict = await self._checks.check(Check(it.blob, address, helo, it.envelope_from or "", nameservers))
            found = found.judged(verdict)
        return found

    async def _place(self, inbox: MailInbox, several: list[tuple[Received, Digest]]) -> None:
        """All of them in one transaction; where that fails each for itself, so that one of them harms nobody else."""
        if not several:
            return
        try:
            async with self._desk.writing(system_actor()) as tx:
                await arriving.arrive(tx, inbox, {each.id: it for each, it in several})
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whichever of them it was, it is tried alone
            if len(several) == 1:
                await self._fail(several[0][0], several[0][1], error)
                return
            for pair in several:
                await self._place(inbox, [pair])

    async def _fail(self, it: Received, found: Digest, error: Exception) -> None:
        if isinstance(error, Collision | NotFound):  # merged or erased at this moment, for example
            await self._put_back(it, Unreadable("others wrote at the same moment", may_pass=True))
            return
        if not isinstance(error, DeskError):
            log.error("a message could not be placed", error=error, received=it.id)
        reason = f"it could not be placed: {type(error).__name__}: {error}"
        try:
            async with self._desk.writing(system_actor()) as tx:
                await noting.hold(tx, it, reason, found)
        except Unavailable:
            raise
        except Exception as again:  # noqa: BLE001 - what it says of itself may be what cannot be stored
            log.error("what a message says cannot be stored", error=again, received=it.id)
            async with self._desk.writing(system_actor()) as tx:
                await noting.hold(tx, it, reason)

    async def _put_back(self, it: Received, fault: Unreadable) -> None:
        """Later again where that may help, else a person looks at it."""
        async with self._desk.writing(system_actor()) as tx:
            if fault.may_pass and it.attempts + 1 < MOST_ATTEMPTS:
                await claiming.later(tx, it.id, tx.instant + AGAIN_AFTER * (it.attempts + 1))
            else:
                await noting.hold(tx, it, f"it cannot be read: {fault}")
        log.warning("a message could not be read", received=it.id, reason=str(fault), attempts=it.attempts)
