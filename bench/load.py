"""A load: keep-alive connections that send requests one after another, and the CPU time the server spent on them."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil

CONNECTIONS = 4


@dataclass(frozen=True)
class Request:
    """One request as bytes, and the status it must be answered with."""

    content: bytes
    status: int = 200


@dataclass(frozen=True)
class Cost:
    """What a round cost: microseconds of the server's CPU per request, and requests per second of wall time."""

    microseconds: float
    per_second: float


def request(method: str, path: str, token: str, body: bytes | None = None, *, status: int = 200) -> Request:
    head = f"{method} {path} HTTP/1.1\r\nHost: desk.test\r\nAuthorization: Bearer {token}\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return Request(head.encode() + b"\r\n" + (body or b""), status)


async def measure(port: int, pids: list[int], make: Callable[[], Iterator[Request]], count: int) -> Cost:
    """Send ``count`` requests over a few connections; every answer is read whole and its status checked."""
    processes = [psutil.Process(pid) for pid in pids]
    requests = make()
    left = itertools.count()
    before, began = _cpu(processes), asyncio.get_running_loop().time()

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024 * 1024)
        while next(left) < count:
            each = next(requests)
            writer.write(each.content)
            await _answer(reader, each)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    seconds = asyncio.get_running_loop().time() - began
    return Cost((_cpu(processes) - before) / count * 1e6, count / seconds)


async def _answer(reader: asyncio.StreamReader, sent: Request) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    body = await reader.readexactly(length)
    if status != sent.status:
        raise RuntimeError(f"{status} instead of {sent.status} for {sent.content[:300]!r}: {body[:500]!r}")


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)
