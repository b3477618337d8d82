"""A mail server beside the test, in a thread of its own: it keeps what it took while our processes come and go."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.mail.sending.peers import Peer, peer


@contextmanager
def sink() -> Iterator[Peer]:
    """Takes everything until the block ends."""
    ready, made = threading.Event(), list[Peer]()
    ending: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def serve() -> None:
        async with peer() as it:
            made.append(it)
            stop = asyncio.Event()
            ending.append((asyncio.get_running_loop(), stop))
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield made[0]
    finally:
        loop, stop = ending[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
