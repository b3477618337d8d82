"""Mail in, from spool to conversation: rates beside a floor, on a small desk and on a large one."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from bench.servers import Account

ROUNDS = 11
MESSAGES = 300
WANTED = 40
WANTED_GROWTH = 1.3
ROOT = Path(__file__).parents[1]


def mail_in(small: Account, large: Account) -> None:
    """Prints messages a second: durable, threaded, indexed, facts recorded; the floor is a parse by the standard library and a
    durable commit, each alone. A desk that mail comes to has its file in the machine's memory, as the floor has its own; what
    it costs where the kernel let the file go is told by itself."""
    for it in (small, large):
        _remembered(it)
    few, many = _told("", _rates(small)), _told("", _rates(large))
    print(f"growth from the small desk to the large one: {few / many:4.2f} times (wanted at most {WANTED_GROWTH})")
    _forgotten(large)
    _told(", its file read from the disk again", _rates(large))


def _told(how: str, rates: dict[str, list[float]]) -> float:
    ratio = statistics.median(a / b for a, b in zip(rates["ours"], rates["floor"], strict=True)) * 100
    ours, floor = statistics.median(rates["ours"]), statistics.median(rates["floor"])
    print(f"mail in {ours:6.0f} a second, floor {floor:6.0f}: {ratio:3.0f} % of its rate (wanted {WANTED} %){how}")
    return ours


def _remembered(it: Account) -> None:
    for each in it.data.glob("deskhand.db*"):
        with each.open("rb") as file:
            while file.read(2**20):
                pass


def _forgotten(it: Account) -> None:
    if not hasattr(os, "posix_fadvise"):
        return
    for each in it.data.glob("deskhand.db*"):
        with each.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _rates(it: Account) -> dict[str, list[float]]:
    command = [sys.executable, "-P", "-m", "bench.spool", str(ROUNDS), str(MESSAGES)]
    environment = it.environment | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    rates: dict[str, list[float]] = json.loads(done.stdout)
    return rates
