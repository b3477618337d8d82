"""Accounts of demo data, and the two servers on them: the product and the floor, each a process of its own."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
READY_SECONDS = 60


@dataclass(frozen=True)
class Account:
    """Demo data in a folder, and for PostgreSQL the database beside it."""

    data: Path
    address: str
    application: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("DESKHAND_")}
        return {**plain, "DESKHAND_DATA": str(self.data), "DESKHAND_DATABASE": self.address}


def account(folder: Path, conversations: int, address: str) -> Account:
    """Demo data of that many conversations; on SQLite made once for each folder, on PostgreSQL, whose server goes with the
    run, each time."""
    told = folder / "demo.json"
    made = Account(folder, address, {})
    if address or not told.exists():
        print(f"making {conversations:,} demo conversations in {folder}", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        command: list[Any] = [BIN / "deskhand", "demo", "--conversations", str(conversations), "--json"]
        done = subprocess.run(command, env=made.environment, stdout=subprocess.PIPE, check=True)
        told.write_bytes(done.stdout)
        _rest(made)
    return Account(folder, address, json.loads(told.read_text())["application"])


def _rest(it: Account) -> None:
    """Switch the demo's workflows off: what is measured is a request, not what somebody made of it."""

    def workflows(*words: str) -> str:
        command = [str(BIN / "deskhand"), "workflows", *words]
        return subprocess.run(command, env=it.environment, stdout=subprocess.PIPE, text=True, check=True).stdout

    for line in workflows("list").splitlines():
        if "  automatic  active " in line:
            workflows("off", line.split()[0])


@dataclass(frozen=True)
class Running:
    """A server process, how long it took to answer, and a token for it."""

    pid: int
    port: int
    seconds: float
    token: str


@contextmanager
def product(it: Account) -> Iterator[Running]:
    """``deskhand serve``, one process, as it comes."""
    port = free_port()
    with (it.data / "server.log").open("wb") as log:
        command = [BIN / "deskhand", "serve", "--port", str(port)]
        with _process(command, it.environment, port, log) as (pid, seconds):
            yield Running(pid, port, seconds, _token(port, it.application))


@contextmanager
def floor(it: Account, token: str, conversation: int) -> Iterator[Running]:
    """``bench.floor`` on the same account."""
    port = free_port()
    command = [sys.executable, "-m", "bench.floor", str(it.data), it.address, str(port), token, str(conversation)]
    with (it.data / "floor.log").open("wb") as log, _process(command, it.environment, port, log) as (pid, seconds):
        yield Running(pid, port, seconds, token)


@contextmanager
def _process(command: list[Any], environment: dict[str, str], port: int, log: Any) -> Iterator[tuple[int, float]]:
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - began > READY_SECONDS:
                raise RuntimeError(f"{command} does not answer; see {log.name}")
            time.sleep(0.02)
        yield process.pid, time.monotonic() - began
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    """Whether it answers, be it 404: a server takes connections before it can."""
    connection = HTTPConnection("127.0.0.1", port, timeout=READY_SECONDS)
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status > 0
    except OSError:
        return False
    finally:
        connection.close()


def _token(port: int, application: dict[str, str]) -> str:
    body = {"grant_type": "client_credentials", "client_id": application["id"], "client_secret": application["secret"]}
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/v2/oauth2/token",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        return str(json.load(answer)["access_token"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
