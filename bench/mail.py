"""Mail in, from spool to conversation: rates beside a floor, on a small desk and on a large one."""

from __future__ import annotations

import json
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
    durable commit, each alone."""
    few, many = _rates(small), _rates(large)
    for rates in (few, many):
        ratio = statistics.median(a / b for a, b in zip(rates["ours"], rates["floor"], strict=True)) * 100
        ours, floor = statistics.median(rates["ours"]), statistics.median(rates["floor"])
        print(f"mail in {ours:6.0f} a second, floor {floor:6.0f}: {ratio:3.0f} % of its rate (wanted {WANTED} %)")
    growth = statistics.median(few["ours"]) / statistics.median(many["ours"])
    print(f"growth from the small desk to the large one: {growth:4.2f} times (wanted at most {WANTED_GROWTH})")


def _rates(it: Account) -> dict[str, list[float]]:
    command = [sys.executable, "-P", "-m", "bench.spool", str(ROUNDS), str(MESSAGES)]
    environment = it.environment | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    rates: dict[str, list[float]] = json.loads(done.stdout)
    return rates
