"""Every report over the demo's year, beside a floor: all facts of the year summed by one plain statement."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import servers
from bench.ask import ask
from bench.servers import Account
from deskhand.account import make_desk
from deskhand.settings import Settings
from tests.reports.asking import PATHS

WANTED_SECONDS = 1.0
TIMES = 3
FLOOR = "SELECT kind, count(*), sum(seconds), min(at), max(at) FROM report_facts GROUP BY kind"


def reports(it: Account) -> None:
    """Wall seconds of each, the median of three, on one core if the machine lets the server have one alone."""
    now = datetime.now(UTC)
    year = f"start={now - timedelta(days=365):%Y-%m-%dT%H:%M:%SZ}&end={now:%Y-%m-%dT%H:%M:%SZ}"
    floor = asyncio.run(_floor(it))
    print(f"-- reports over a year, wanted below {WANTED_SECONDS:.1f} s each; all facts summed plainly: {floor:.2f} s")
    with servers.product(it) as server:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(server.pid, {0})
        for path in PATHS:
            extra = "&user=3" if path.startswith("user") else ""
            extra += "&field=tagid&fieldid=3" if path.endswith("fields-drilldown") else ""
            address = f"/v2/reports/{path}?{year}{extra}"
            seconds = statistics.median(ask(server, "GET", address).seconds for _ in range(TIMES))
            slow = "  SLOW" if seconds > WANTED_SECONDS else ""
            print(f"   {seconds:6.3f} s, {seconds / floor:5.1f} floors  {path}{slow}")


async def _floor(it: Account) -> float:
    desk = make_desk(Settings(data=str(Path(it.data)), database=it.address))
    await desk.database.open()
    session = await desk.database.begin_reading()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await session.slow_rows(FLOOR, ())
        taken.append(time.perf_counter() - began)
    await session.end()
    await desk.database.close()
    return statistics.median(taken)
