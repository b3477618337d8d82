"""What open pages cost: a thousand of them on one process, a change each second, and how long each takes to see it."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import resource
import statistics
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from bench import servers
from bench.ask import ask
from bench.requests import TEXT
from bench.servers import Account, Running
from deskhand.cli import account
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.permissions import system_actor
from deskhand.settings import Settings
from deskhand.users import operations as users

PAGES, SECONDS = 1000, 30
WANTED_SECONDS = 2.0
AT_LISTS = 8  # of ten pages so many show a list alone, the others a conversation beside it
SEARCHES = 20  # of all pages so many are at a search, each another one, which finds what changes
OPENING_AT_ONCE = 50


@dataclass
class Seen:
    """When each change was asked for, by the subject that tells it, and how long each page took to be told of it."""

    since: dict[bytes, float] = field(default_factory=dict)
    took: list[float] = field(default_factory=list)
    searched: list[float] = field(default_factory=list)
    bytes: int = 0
    ended: int = 0


def live(it: Account) -> None:
    """Prints the median and the 99th percentile, and the memory and CPU of the process."""
    settings = Settings(data=str(it.data), database=it.address)
    account.migrate(settings)
    sessions = asyncio.run(_sessions(settings))
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, max(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    with servers.product(it) as server:
        process = psutil.Process(server.pid)
        idle = process.memory_info().rss / 2**20
        seen, spent, most = asyncio.run(_watch(server, sessions, process))
    took = sorted(seen.took)
    missed = (PAGES - SEARCHES) * SECONDS - len(took)
    share = took[int(len(took) * 0.99)]
    print(
        f"{PAGES:,} open pages, {SECONDS} changes: seen after {statistics.median(took) * 1000:.0f} ms in the median, "
        f"99 % after {share * 1000:.0f} ms (wanted {WANTED_SECONDS:.0f} s), the last after {took[-1]:.2f} s; "
        f"{missed} not seen, {seen.ended} streams ended"
    )
    found = sorted(seen.searched)
    print(
        f"{SEARCHES} of them at searches, {len(found)} of {SEARCHES * SECONDS} seen: after {statistics.median(found):.1f} s in "
        f"the median, 99 % after {found[int(len(found) * 0.99)]:.1f} s"
    )
    print(
        f"memory {idle:.0f} MB idle, at most {most:.0f} MB; {spent / SECONDS * 100:.0f} % of a core, "
        f"{seen.bytes / SECONDS / 2**20:.1f} MB a second out"
    )


async def _sessions(settings: Settings) -> list[str]:
    """Signed in as everybody who works in the first inbox, in turn."""
    async with account.opened(settings) as desk, desk.writing(system_actor()) as tx:
        ids = await inboxes.workers(tx, 1)
        return [await users.sign_in(tx, ids[number % len(ids)], "192.0.2.7") for number in range(PAGES)]


async def _watch(server: Running, sessions: list[str], process: psutil.Process) -> tuple[Seen, float, float]:
    seen, loop = Seen(), asyncio.get_running_loop()
    gate = asyncio.Semaphore(OPENING_AT_ONCE)
    opened = [asyncio.create_task(_open(server, number, each, gate, seen)) for number, each in enumerate(sessions)]
    readers = [asyncio.create_task(each) for each in await asyncio.gather(*opened)]
    await asyncio.sleep(3)
    seen.bytes, before, most = 0, _cpu(process), 0.0
    for number in range(SECONDS):
        next_ = loop.time() + 1
        subject = f"Change {number} of many {time.time_ns()}"
        seen.since[subject.encode()] = loop.time()
        await asyncio.to_thread(_change, server, subject)
        most = max(most, process.memory_info().rss / 2**20)
        await asyncio.sleep(max(0.0, next_ - loop.time()))
    spent = _cpu(process) - before
    await asyncio.sleep(2 * WANTED_SECONDS)
    for each in readers:
        each.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.gather(*readers)
    return seen, spent, most


def _change(server: Running, subject: str) -> None:
    """A letter comes in."""
    customer = {"email": "pavel.lund@mail.test", "firstName": "Pavel", "lastName": "Lund"}
    threads = [{"type": "customer", "customer": customer, "text": TEXT}]
    body = {"subject": subject, "customer": customer, "mailboxId": 1, "type": "email", "status": "active", "threads": threads}
    ask(server, "POST", "/v2/conversations", json.dumps(body).encode())


async def _open(server: Running, number: int, session: str, gate: asyncio.Semaphore, seen: Seen) -> Coroutine[None, None, None]:
    """Load a page as a browser does, and follow it."""
    took = seen.searched if number < SEARCHES else seen.took
    async with gate:
        address = await asyncio.to_thread(_page, server, number, session)
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=2**20)
        writer.write(f"GET {address} HTTP/1.1\r\nHost: desk.test\r\nCookie: deskhand_session={session}\r\n\r\n".encode())
        await reader.readuntil(b"event: at")

    async def follow() -> None:
        told: set[bytes] = set()
        rest = b""
        while got := await reader.read(2**18):
            seen.bytes += len(got)
            rest += got
            for subject, since in seen.since.items():
                if subject not in told and subject in rest:
                    told.add(subject)
                    took.append(asyncio.get_running_loop().time() - since)
            rest = rest[-100:]
        seen.ended += 1
        writer.close()

    return follow()


def _page(server: Running, number: int, session: str) -> str:
    """Where a page is told what changes: of the first folder, of a conversation beside it, or of a search."""
    path = f"/search?q=many+OR+word{number}" if number < SEARCHES else "/inboxes/1"
    for _ in range(4):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        connection.request("GET", path, headers={"Cookie": f"deskhand_session={session}", "Host": "desk.test"})
        answer = connection.getresponse()
        text, path = answer.read().decode(), answer.getheader("location") or ""
        connection.close()
        if not path:
            break
    if number >= SEARCHES and number % 10 >= AT_LISTS and "/conversation/" not in path:
        rows = re.findall(r'class="row-link" href="([^"]+)"', text)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        chosen = rows[number // 10 % len(rows)].replace("&#x2f;", "/").replace("&amp;", "&")
        connection.request("GET", chosen, headers={"Cookie": f"deskhand_session={session}", "Host": "desk.test"})
        text = connection.getresponse().read().decode()
        connection.close()
    found = re.search(r'data-live="([^"]+)"', text)
    assert found, text[:500]
    return found[1].replace("&#x2f;", "/").replace("&amp;", "&")


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
