"""Who sends our mail: one message at a time for each inbox, all inboxes at once, so that none waits for another's server.

Several senders, also in several processes, may run on one account: a claim is one statement, and a lease is compared with the
database's clock. What is not noted before the lease ends is sent again, with the same Message-ID and the same bytes.
"""

from __future__ import annotations

import asyncio
import random
import re
import secrets
from collections import defaultdict, deque
from datetime import datetime, timedelta

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Collision, NotFound, Unavailable
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.mail.composing.headers import Unwritable
from deskhand.mail.composing.letter import needs_utf8
from deskhand.mail.marks import Marks, plus
from deskhand.mail.model import ConnectionState, Direction
from deskhand.mail.operations import connecting, tries
from deskhand.mail.operations.tries import LEASE_SECONDS, Answer, Fate
from deskhand.mail.queries.inboxes import CONNECTION, MailInbox
from deskhand.mail.queries.outgoing import Delivery, Sent
from deskhand.mail.sending.letters import bytes_of
from deskhand.mail.sending.routes import NOWHERE, Route, route_of
from deskhand.mail.sending.smtp import Away, Line, NotLetIn, Patience, open_line

POLL_SECONDS = 1.0
SETTLE_TRIES = 5
NOTES_FOR_SECONDS = 60.0  # while the database is away: what was taken and is not noted is sent twice
NOTES_AGAIN_SECONDS = 1.0
AT_ONCE = 16  # inboxes
RECIPIENTS = 5  # of one transaction
SLOW = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
MINUTE = timedelta(minutes=1)
_PROVIDERS_ID = re.compile(r"<([^<>\s]+@[^<>\s]+)>")
_SES_HOST = re.compile(r"email-smtp\.([a-z0-9-]+)\.amazonaws\.com")
_SES_ID = re.compile(r"250 (?:2\.0\.0 )?Ok ([0-9a-f-]{40,80})", re.IGNORECASE)

log = Log(__name__)


class MailSender:
    """Sends what is due until it is stopped; what has begun is finished."""

    def __init__(self, desk: Desk, *, luck: random.Random | None = None, patience: Patience | None = None) -> None:
        self._desk = desk
        self._luck = luck or random.Random()  # noqa: S311 - only spreads retries
        self._patience = patience or Patience()
        self._working: dict[int, asyncio.Task[None]] = {}
        self._sent_at: defaultdict[int, deque[datetime]] = defaultdict(deque)
        self._slow: dict[str, tuple[int, datetime]] = {}  # by host: how often in a row, and until when
        self._stopping = False
        self._token = secrets.token_hex(8)

    async def run(self) -> None:
        """Claim and send until ``stop``."""
        while not self._stopping:
            self._desk.mail_queued.clear()
            try:
                for inbox in await self._due():
                    if inbox.id not in self._working and len(self._working) < AT_ONCE:
                        self._begin(inbox)
            except Unavailable as error:
                log.warning("mail waits", reason=str(error))
            except Exception as error:  # noqa: BLE001 - a sender that ends would be missed by nobody
                log.error("could not look for mail to send", error=error)
            await self._rest()
        if self._working:
            await asyncio.wait(self._working.values())

    def stop(self) -> None:
        """Take no more messages; ``run`` returns when those on their way have ended."""
        self._stopping = True
        self._desk.mail_queued.set()

    async def run_due(self) -> int:
        """Send everything due now, one inbox after another, and what becomes due by it; how many. For tests and commands."""
        total = 0
        while number := sum([await self._empty(inbox) for inbox in await self._due()]):
            total += number
        return total

    def _begin(self, inbox: MailInbox) -> None:
        async def work() -> None:
            await self._empty(inbox)

        task = self._working[inbox.id] = asyncio.create_task(work())
        task.add_done_callback(lambda ended: self._ended(ended, inbox.id))

    def _ended(self, task: asyncio.Task[None], inbox_id: int) -> None:
        del self._working[inbox_id]
        if task.cancelled() or task.exception() is None:
            return
        log.error("sending was broken off; a lease will run out", error=task.exception(), inbox=inbox_id)

    async def _due(self) -> list[MailInbox]:
        async with self._desk.reading(system_actor()) as view:
            return await view.all(tries.DUE, now=view.instant)

    async def _empty(self, inbox: MailInbox) -> int:
        """Send what is due of an inbox until nothing is, or its server has no time; how many were tried."""
        number = 0
        line: Line | None = None
        try:
            while not self._stopping:
                route, may = await self._way(inbox)
                if not may:
                    break
                it = await self._claim(inbox)
                if it is None:
                    break
                number += 1
                line = await self._try(inbox, it, route, line)
                if line is None:
                    break
        finally:
            if line is not None:
                await line.end()
        return number

    async def _way(self, inbox: MailInbox) -> tuple[Route | None, bool]:
        """By which server, and whether it may be asked for something now."""
        async with self._desk.reading(system_actor()) as view:
            connection = await view.first(CONNECTION, inbox_id=inbox.id, direction=Direction.OUT)
            now = view.instant
        route = route_of(self._desk, connection)
        sent = self._sent_at[inbox.id]
        while sent and now - sent[0] >= MINUTE:
            sent.popleft()
        most = max(1, inbox.options.messages_per_minute // self._desk.settings.workers)
        if len(sent) >= most or (connection and connection.slow_until and connection.slow_until > now):
            return route, False
        slow = self._slow.get(route.name if route else NOWHERE)
        return route, not slow or slow[1] <= now or (connection is not None and connection.slow_until is None)

    async def _claim(self, inbox: MailInbox) -> Sent | None:
        async with self._desk.writing(system_actor()) as tx:
            return await tries.claim(tx, inbox.id, self._token)

    async def _try(self, inbox: MailInbox, it: Sent, route: Route | None, line: Line | None) -> Line | None:
        """Try a message; the line for the next one, None when there had better be none now."""
        if route is None:
            await self._put_back(it, NOWHERE)
            self._slow[NOWHERE] = (0, self._desk.clock.now() + MINUTE)
            return None
        self._sent_at[inbox.id].append(self._desk.clock.now())
        renewing = asyncio.create_task(self._renew(it))
        try:
            if line is None or not line.is_open:
                line = await open_line(self._desk, route, self._patience)
            await self._send(inbox, it, route, line)
        except NotLetIn as error:
            await self._stop_queue(inbox, it, route, str(error))
            return None
        except Away as error:
            await self._wait(inbox, it, route, error)
            return None
        except (Collision, Unavailable):
            raise
        except Exception as error:  # noqa: BLE001 - one message must not hold up those behind it
            log.error("a bug", error=error, outgoing=it.id)
            await self._wait(inbox, it, route, Away("something went wrong here; the log says what", slows=False))
            return None
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
        await self._worked(route)
        return line

    async def _send(self, inbox: MailInbox, it: Sent, route: Route, line: Line) -> None:
        """All recipients that are left, some at a time; what a server said of some is noted before others are tried."""
        async with self._desk.reading(system_actor()) as view:
            left = await view.all(tries.LEFT, outgoing_id=it.id)
        # A return address of its own (VERP) says for whom something could not be delivered.
        most = 1 if inbox.options.uses_plus else RECIPIENTS
        message: tuple[bool, bytes] | None = None
        is_first, is_ours, is_unknown = True, True, False
        while is_ours and (left or is_first):
            some, left = left[:most], left[most:]
            utf8 = line.takes_utf8 and any(needs_utf8(each.address) for each in some)
            try:
                if message is None or message[0] != utf8:
                    message = (utf8, await bytes_of(self._desk, it, utf8=utf8))
                answers = await line.send(self._envelope(inbox, it, some[0]), some, message[1], utf8=utf8) if some else {}
            except (Unwritable, NotFound) as error:
                words = str(error) if isinstance(error, Unwritable) else "a file of it is no longer there"
                answers = {each.id: Answer(Fate.FAILED, "", words) for each in (*some, *left)}
                left = []
            except Away as error:
                if is_first:
                    raise
                answers = {each.id: Answer(Fate.LATER, error.code, str(error)) for each in some}
            if left and not line.is_open:
                answers |= {each.id: Answer(Fate.LATER, "", "the line was lost before") for each in left}
                left = []
            is_first = False
            is_unknown |= any(each.fate is Fate.UNKNOWN for each in answers.values())
            is_ours = await self._note(
                it, route, answers, ends=not left, unknown=is_unknown, copied=bool(inbox.options.sent_folder)
            )

    def _envelope(self, inbox: MailInbox, it: Sent, first: Delivery) -> str:
        if inbox.options.uses_plus:
            return plus(inbox.email, Marks(self._desk.seal).envelope_token(inbox.id, first.id))
        return "" if it.letter.is_automatic else inbox.email

    async def _note(
        self, it: Sent, route: Route, answers: dict[int, Answer], *, ends: bool, unknown: bool, copied: bool
    ) -> bool:
        """Store how some fared, and with ``ends`` that the try is over; whether the message is still ours."""
        until = asyncio.get_running_loop().time() + NOTES_FOR_SECONDS
        collisions = 0
        while True:
            try:
                async with self._desk.writing(system_actor()) as tx:
                    is_ours = await tries.note(tx, it, self._token, answers)
                    for words in {each.words for each in answers.values() if each.fate is Fate.SENT}:
                        if alias := providers_id(words, route.host):
                            await tries.keep_alias(tx, it, alias)
                    if ends and is_ours:
                        await tries.settle(tx, it, self._token, self._luck.random(), unknown=unknown, copied=copied)
                break
            except Collision:
                collisions += 1
                if collisions >= SETTLE_TRIES:
                    raise Collision("could not note how sending went; its lease will run out") from None
            except Unavailable:
                if asyncio.get_running_loop().time() >= until:
                    raise
                await asyncio.sleep(NOTES_AGAIN_SECONDS)
        for each in answers.values():
            told = {"outgoing": it.id, "inbox": it.inbox_id, "code": each.code, "host": route.host}
            if each.fate is Fate.SENT:
                log.info("mail sent", **told)
            elif each.fate is Fate.UNKNOWN:
                log.warning("a server took mail and never said so: it is sent once more", **told, before=it.unknown)
            else:
                log.warning("mail not sent", **told, fate=each.fate.value)
        return is_ours

    async def _put_back(self, it: Sent, words: str) -> None:
        async with self._desk.writing(system_actor()) as tx:
            await tries.put_back(tx, it, self._token, words)

    async def _stop_queue(self, inbox: MailInbox, it: Sent, route: Route, words: str) -> None:
        """The server does not let us in: nothing of the inbox fails, and nothing is tried for a while."""
        log.error("the queue of an inbox is paused", inbox=inbox.id, host=route.host, reason=words)
        async with self._desk.writing(system_actor()) as tx:
            await tries.put_back(tx, it, self._token, f"the queue of the inbox is paused: {words}")
            if route.connection is not None:
                await tries.pause(tx, route.connection.id, words)
                await connecting.note_trouble(tx, route.connection, words, is_refused=True)
        if route.connection is None:
            self._slow[route.name] = (0, self._desk.clock.now() + tries.PROBE)

    async def _wait(self, inbox: MailInbox, it: Sent, route: Route, error: Away) -> None:
        """The server is away or has no time: this message waits for its next try, and the host for a while."""
        log.warning("a mail server is away", inbox=inbox.id, host=route.host, reason=str(error))
        times = self._slow.get(route.name, (0, None))[0]
        until = self._desk.clock.now() + SLOW[min(times, len(SLOW) - 1)]
        async with self._desk.writing(system_actor()) as tx:
            left = await tx.all(tries.LEFT, outgoing_id=it.id)
            answers = {each.id: Answer(Fate.LATER, error.code, str(error)) for each in left}
            if await tries.note(tx, it, self._token, answers):
                await tries.settle(tx, it, self._token, self._luck.random())
            if route.connection is not None:
                await connecting.note_trouble(tx, route.connection, str(error), is_refused=False)
            if error.slows:
                await tries.slow_down(tx, route.host, route.port, until)
        if error.slows:
            self._slow[route.name] = (times + 1, until)

    async def _worked(self, route: Route) -> None:
        self._slow.pop(route.name, None)
        it = route.connection
        is_held = it is not None and (it.paused_reason is not None or it.slow_until is not None)
        if it is None or (it.state is ConnectionState.OK and it.worked_at and self._lately(it.worked_at) and not is_held):
            return
        async with self._desk.writing(system_actor()) as tx:
            await connecting.note_working(tx, it)
            if is_held:
                await tries.free(tx, it.id)

    def _lately(self, at: datetime) -> bool:
        return self._desk.clock.now() - at < MINUTE

    async def _renew(self, it: Sent) -> None:
        while True:
            await asyncio.sleep(LEASE_SECONDS / 3)
            try:
                async with self._desk.writing(system_actor()) as tx:
                    await tx.write(tries.RENEW, outgoing_id=it.id, token=self._token)
            except (Collision, Unavailable) as error:
                log.warning("a lease could not be renewed yet", outgoing=it.id, reason=str(error))

    async def _rest(self) -> None:
        """Until something is queued or falls due, or another process may have queued something."""
        try:
            await asyncio.wait_for(self._desk.mail_queued.wait(), POLL_SECONDS)
        except TimeoutError:
            pass


def providers_id(words: str, host: str) -> str | None:
    """The Message-ID that a provider gave a message of ours, as its answer tells, without ``<>``; None when it gave none."""
    if found := _PROVIDERS_ID.search(words):
        return found[1]
    region, given = _SES_HOST.fullmatch(host), _SES_ID.match(words)
    if region and given:
        return f"{given[1]}@{'email' if region[1] == 'us-east-1' else region[1]}.amazonses.com"
    return None
