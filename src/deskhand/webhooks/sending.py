"""Who sends deliveries: a few at once to each webhook, so that none waits for another's receiver.

Several senders, also in several processes, may run on one account: a claim is one statement, and a lease is compared with
the database's clock. What is not noted as sent before the lease ends is sent again, with the same id and the same bytes.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections import Counter
from importlib.metadata import version

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Collision, Unavailable
from deskhand.kernel.log import Log
from deskhand.kernel.outbound.door import Failed
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.sealing import Unsealable
from deskhand.webhooks import queries
from deskhand.webhooks.model import Effect, secret_name
from deskhand.webhooks.operations import deliveries
from deskhand.webhooks.operations.deliveries import Claimed, Tried
from deskhand.webhooks.queries import Webhook
from deskhand.webhooks.signing import dated_signature, signature

AT_ONCE = 8  # to one webhook
AT_ONCE_FAILING = 1  # to one that does not get through: it is asked, not hammered
POLL_SECONDS = 1.0
SETTLE_TRIES = 5
AGENT = f"Deskhand/{version('deskhand')}"

log = Log(__name__)


class Sender:
    """Sends what is due until it is stopped; what has begun is finished."""

    def __init__(self, desk: Desk, *, luck: random.Random | None = None) -> None:
        self._desk = desk
        self._luck = luck or random.Random()  # noqa: S311 - only spreads retries
        self._running: set[asyncio.Task[None]] = set()
        self._busy: Counter[int] = Counter()
        self._stopping = False
        self._token = secrets.token_hex(8)

    async def run(self) -> None:
        """Claim and send until ``stop``."""
        while not self._stopping:
            self._desk.sends_added.clear()
            try:
                await self._look()
            except Unavailable as error:
                log.warning("deliveries wait", reason=str(error))
            except Exception as error:  # noqa: BLE001 - a sender that ends would be missed by nobody
                log.error("could not look for deliveries", error=error)
            await self._rest()
        if self._running:
            await asyncio.wait(self._running)

    def stop(self) -> None:
        """Take no more deliveries; ``run`` returns when those on their way have ended."""
        self._stopping = True
        self._desk.sends_added.set()

    async def run_due(self) -> int:
        """Send everything due now, one after another, and what becomes due by it; how many. For tests and commands."""
        sent = 0
        while True:
            claimed = [(hook, each) for hook in await self._due() for each in await self._claim(hook, 1)]
            if not claimed:
                return sent
            for hook, each in claimed:
                await self._send(hook, each)
                sent += 1

    async def _look(self) -> None:
        for hook in await self._due():
            free = (AT_ONCE if hook.failing_since is None else AT_ONCE_FAILING) - self._busy[hook.id]
            for each in await self._claim(hook, free) if free > 0 else []:
                self._busy[hook.id] += 1
                task = asyncio.create_task(self._send(hook, each))
                self._running.add(task)
                task.add_done_callback(lambda ended, hook_id=hook.id: self._ended(ended, hook_id))  # type: ignore[misc]

    async def _due(self) -> list[Webhook]:
        async with self._desk.reading(system_actor()) as view:
            return await view.all(queries.DUE, now=view.instant)

    async def _claim(self, hook: Webhook, most: int) -> list[Claimed]:
        async with self._desk.writing(system_actor()) as tx:
            return await deliveries.claim(tx, hook.id, most, self._token)

    async def _send(self, hook: Webhook, it: Claimed) -> None:
        tried = await self._try(hook, it)
        effect = await self._settle(hook, it, tried)
        told = {"delivery": it.id, "webhook": it.webhook_id, "event": it.event.value, "seconds": tried.milliseconds / 1000}
        if effect is Effect.DELIVERED:
            log.info("webhook delivered", **told, status=tried.status)
        else:
            log.warning("webhook not delivered", **told, status=tried.status, error=tried.error, effect=effect)

    async def _try(self, hook: Webhook, it: Claimed) -> Tried:
        at = self._desk.clock.now()
        began = asyncio.get_running_loop().time()
        headers: dict[str, str] = {}

        def elapsed() -> int:
            return int((asyncio.get_running_loop().time() - began) * 1000)

        try:
            secret = self._desk.seal.open(hook.secret, secret_name(hook.id))
            headers = {
                "Content-Type": "application/json",
                "User-Agent": AGENT,
                "X-HelpScout-Event": it.event.value,
                "X-HelpScout-Signature": signature(secret, it.payload),
                "X-HelpScout-Delivery": it.uid,
                "Deskhand-Signature": dated_signature(secret, it.payload, it.uid, at),
            }
            got = await self._desk.outbound.send("POST", hook.url, headers=headers, body=it.payload)
        except (Failed, Unsealable, Unavailable) as error:
            return Tried(at, elapsed(), hook.url, headers, error=str(error))
        return Tried(at, elapsed(), hook.url, headers, got.status, None, got.headers, got.body, got.is_cut)

    async def _settle(self, hook: Webhook, it: Claimed, tried: Tried) -> Effect | None:
        for _ in range(SETTLE_TRIES):
            try:
                async with self._desk.writing(system_actor()) as tx:
                    return await deliveries.settle(tx, it, hook, tried, self._token, self._luck.random())
            except Collision:
                continue
        raise Collision("could not note how a delivery went; its lease will run out")

    def _ended(self, task: asyncio.Task[None], hook_id: int) -> None:
        self._running.discard(task)
        self._busy[hook_id] -= 1
        self._desk.sends_added.set()  # a place is free
        if not task.cancelled() and task.exception() is not None:
            log.error("a delivery's end could not be stored; its lease will run out", error=task.exception())

    async def _rest(self) -> None:
        """Until something is added or ends, or falls due, or another process may have added something."""
        try:
            await asyncio.wait_for(self._desk.sends_added.wait(), POLL_SECONDS)
        except TimeoutError:
            pass
