"""The application behind a real socket, on a loop in a thread of its own: for clients that are not asynchronous."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import uvicorn

from deskhand.app import App, make_app
from deskhand.settings import Settings
from tests.given import Given

T = TypeVar("T")


class Served:
    """A running server: ``url`` is where, ``run`` lets something happen on its loop."""

    def __init__(self, url: str, app: App, loop: asyncio.AbstractEventLoop) -> None:
        self.url = url
        self.app = app
        self._loop = loop

    def run(self, work: Callable[[Given], Awaitable[T]]) -> T:
        """Do something with the account, on the server's loop."""

        async def there() -> T:
            return await work(Given(self.app))

        return asyncio.run_coroutine_threadsafe(there(), self._loop).result(60)


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """Start the whole application, its worker too, on a free port; stop it at the end."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    )  # as with serve's uvloop: else a body waits for its headers' ACK
    port = listening.getsockname()[1]
    started: list[tuple[App, asyncio.AbstractEventLoop]] = []
    ready = threading.Event()
    servers: list[uvicorn.Server] = []

    async def serve() -> None:
        app = make_app(settings)
        server = uvicorn.Server(
            uvicorn.Config(app.door, http="httptools", ws="none", lifespan="on", log_config=None, access_log=False)
        )
        servers.append(server)
        started.append((app, asyncio.get_running_loop()))
        task = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not task.done():
            await asyncio.sleep(0.01)
        ready.set()
        await task

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="server")
    thread.start()
    try:
        assert ready.wait(30)
        app, loop = started[0]
        yield Served(f"http://127.0.0.1:{port}", app, loop)
    finally:
        servers[0].should_exit = True
        thread.join(30)
