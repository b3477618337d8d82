"""A Deskhand of its own for a test: the real commands, in processes of their own, on demo data."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

DESKHAND = Path(sys.executable).parent / "deskhand"
READY_SECONDS = 60

Drive = Callable[[str, str], list[str]]  # a client and its driver -> the names of the steps that passed


@dataclass(frozen=True)
class Server:
    """Where it is, and the application that may ask it."""

    origin: str
    application: str
    secret: str


@contextmanager
def serving(folder: Path, *, conversations: int = 60) -> Iterator[Server]:
    """Fill a data folder with demo data and serve it until the end of the block."""
    data = folder / "data"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DESKHAND_")}
    filled = subprocess.run(
        [DESKHAND, "demo", "--data", data, "--conversations", str(conversations), "--json"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert filled.returncode == 0, filled.stdout + filled.stderr
    application = json.loads(filled.stdout)["application"]

    port = _free_port()
    origin = f"http://127.0.0.1:{port}"
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [DESKHAND, "serve", "--data", data, "--host", "127.0.0.1", "--port", str(port)],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_ready(process, origin, log)
        yield Server(origin, application["id"], application["secret"])
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], origin: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(origin):
        assert process.poll() is None, f"the server ended with {process.returncode}:\n{log.read_text()}"
        assert time.monotonic() < deadline, f"the server does not answer:\n{log.read_text()}"
        time.sleep(0.05)


def _answers(origin: str) -> bool:
    try:
        return httpx.get(f"{origin}/health", timeout=5).is_success
    except httpx.TransportError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
