"""``deskhand serve``: the API, the pages and the jobs in one process, or in several."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import time
from typing import Any

import click
import uvicorn

from deskhand.app import make_app
from deskhand.cli import account
from deskhand.kernel import log
from deskhand.kernel.desk import Desk
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import system_actor
from deskhand.settings import Settings
from deskhand.users import operations as users

SOCKET_VARIABLE = "DESKHAND_LISTENING_SOCKET"  # handed to worker processes; no setting
PATIENCE_SECONDS = 30
QUEUE = 1024

said = Log(__name__)


@click.command()
@account.options
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on; 0 picks a free one.")
@click.option("--workers", type=int, help="Server processes.")
def serve(**given: Any) -> None:
    """Run the server: API, pages, mail and jobs.

    An old schema is brought up to date first. SIGTERM finishes what is running, then stops.
    """
    handed = os.environ.pop(SOCKET_VARIABLE, "")
    settings = account.settings_of(**given)
    log.configure(settings.log_format, settings.log_level)
    if handed:
        _serve_on(settings, socket.socket(fileno=int(handed)))
        return
    if changed := account.migrate(settings):
        said.info("brought the schema up to date", change=changed)
    listening = _listen(settings)
    host, port = listening.getsockname()[:2]
    if token := asyncio.run(_set_up_token(settings)):
        # Not in the log: whoever reads that must not become the owner.
        origin = settings.web_origin or settings.origin or f"http://{host}:{port}"
        click.echo(f"Nobody works here yet. Make the first owner at {origin}/setup/{token}")
    said.info("listening", url=f"http://{host}:{port}", workers=settings.workers)
    if settings.workers == 1:
        _serve_on(settings, listening)
    else:
        raise SystemExit(_supervise(settings, listening))


async def _set_up_token(settings: Settings) -> str | None:
    async with account.opened(settings) as desk, desk.reading(system_actor()) as view:
        return await users.set_up_token(view, desk.seal)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        raise click.ClickException(
            f"cannot listen on {settings.host}:{settings.port}: {error.strerror}; choose another with --port or DESKHAND_PORT"
        ) from None
    listening.listen(QUEUE)
    listening.set_inheritable(True)
    return listening


def _serve_on(settings: Settings, listening: socket.socket) -> None:
    app = make_app(settings)
    door, desk = app.door, app.desk
    gc.freeze()  # what was loaded so far stays for ever: collections need not look at it
    config = uvicorn.Config(
        door,
        loop="uvloop" if sys.platform != "win32" else "auto",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=PATIENCE_SECONDS,
        timeout_keep_alive=30,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn finishes what is running, then raises the signal again: by then all is done, and the end is a good one.
        signal.signal(number, lambda *_: None)
    _Server(config, desk).run(sockets=[listening])


class _Server(uvicorn.Server):
    """uvicorn, which also tells those who wait for news that it will end, so that none of them holds it up."""

    def __init__(self, config: uvicorn.Config, desk: Desk) -> None:
        super().__init__(config)
        self._desk = desk

    def handle_exit(self, sig: int, frame: Any) -> None:
        self._desk.closing = True
        super().handle_exit(sig, frame)


def _supervise(settings: Settings, listening: socket.socket) -> int:
    """Run several processes on one socket; one that dies is replaced; a signal goes to all of them."""
    environment = {**os.environ, SOCKET_VARIABLE: str(listening.fileno())}
    command = [sys.executable, "-m", "deskhand.cli", *sys.argv[1:]]
    stopping = False

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=environment, pass_fds=[listening.fileno()])

    workers = [start() for _ in range(settings.workers)]

    def stop(number: int, _: Any) -> None:
        nonlocal stopping
        stopping = True
        for worker in workers:
            if worker.poll() is None:
                worker.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not stopping:
        for place, worker in enumerate(workers):
            if worker.poll() is not None and not stopping:
                said.error("a server process died; starting another", code=worker.returncode)
                time.sleep(1)
                workers[place] = start()
        time.sleep(0.2)
    return max((worker.wait() for worker in workers), default=0)
