"""Who keeps the facts up to date: every report before it reads, and now and then a loop, so that a report has little to do."""

from __future__ import annotations

import asyncio

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Collision, Unavailable
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.reports import operations
from deskhand.reports.operations import PROGRESS

PATIENCE_SECONDS = 5.0  # so long a report may be kept waiting by what is missing
LOOK_SECONDS = 30.0
TRIES = 5

log = Log(__name__)


async def catch_up(desk: Desk, *, office: bool, patiently: bool = False) -> None:
    """Bring the facts up to this moment; with ``office`` what depends on office hours, too.

    Raises Unavailable when that takes longer than anybody wants to wait, unless ``patiently``; what was done by then is done.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + PATIENCE_SECONDS
    upto = await desk.database.settled_event()
    while await _lacks(desk, upto, office=office):
        if not patiently and clock() > deadline:
            raise Unavailable("reports are being made ready")
        await _advance(desk, upto)
        await asyncio.sleep(0)  # others get their turn


async def rebuild(desk: Desk) -> None:
    """Make all facts anew."""
    upto = await desk.database.settled_event()
    async with desk.writing(system_actor()) as tx:
        await operations.begin_again(tx, upto)
    await catch_up(desk, office=True, patiently=True)


class Keeper:
    """Catches up now and then until it is stopped."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Look, and rest until it is time to look again."""
        while not self._stopped.is_set():
            try:
                await catch_up(self._desk, office=True)
                pause = LOOK_SECONDS
            except Unavailable as error:
                log.info("reports are behind", reason=str(error))
                pause = 0.1
            except Exception as error:  # noqa: BLE001 - a loop that ends would be missed by nobody
                log.error("could not bring reports up to date", error=error)
                pause = LOOK_SECONDS
            try:
                await asyncio.wait_for(self._stopped.wait(), pause)
            except TimeoutError:
                pass

    def stop(self) -> None:
        """Look no more; ``run`` returns after the piece it is at."""
        self._stopped.set()


async def _lacks(desk: Desk, upto: int, *, office: bool) -> bool:
    async with desk.reading(system_actor()) as view:
        return (await view.one(PROGRESS)).lacks(upto, office=office)


async def _advance(desk: Desk, upto: int) -> None:
    """The next piece; again when it met somebody who changes the same, which is safe."""
    for _ in range(TRIES):
        try:
            async with desk.writing(system_actor()) as tx:
                return await operations.advance(tx, upto)
        except Collision:
            continue
    raise Unavailable("reports could not be brought up to date")
