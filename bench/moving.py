"""What moving an account costs: rows a second out and in, and the memory both need at two sizes."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.servers import BIN, Account

WANTED_GROWTH = 1.3
LOOK_SECONDS = 0.02


@dataclass(frozen=True)
class Ran:
    """A command that ended: seconds, and the most memory it had for itself in MB."""

    seconds: float
    megabytes: float


def moving(small: Account, large: Account, new_address: Callable[[str], str]) -> None:
    """Prints rows a second and memory of export and import, and how memory grows with the account."""
    with tempfile.TemporaryDirectory(prefix="deskhand-bench-", dir=large.data.parent) as folder:
        place = Path(folder)
        few, many = (_there_and_back(each, place / name, new_address(name)) for name, each in (("few", small), ("many", large)))
    for what, a, b in (("export", few[0], many[0]), ("import", few[1], many[1])):
        growth = b.megabytes / a.megabytes
        print(
            f"{what} memory: {a.megabytes:.0f} MB -> {b.megabytes:.0f} MB: {growth:.2f} times (wanted at most {WANTED_GROWTH})"
        )


def _there_and_back(it: Account, place: Path, address: str) -> tuple[Ran, Ran]:
    place.mkdir()
    file, again = place / "desk.jsonl", place / "again.jsonl"
    there = Account(place / "there", address, {})
    out = _run(it, "export", file)
    into = _run(there, "import", file)
    _run(there, "export", again)
    same = subprocess.run(["cmp", "-s", file, again], check=False).returncode == 0
    with file.open("rb") as lines:
        rows = sum(1 for _ in lines)
    megabytes = file.stat().st_size / 2**20
    print(f"{rows:,} lines, {megabytes:,.0f} MB, the same bytes again: {'yes' if same else 'NO'}")
    for what, ran in (("export", out), ("import", into)):
        each_second = f"{rows / ran.seconds:9,.0f} lines a second ({ran.seconds:.1f} s)"
        print(f"{what:<8} {each_second}, at most {ran.megabytes:.0f} MB of memory")
    shutil.rmtree(place)
    return out, into


def _run(it: Account, *words: Any) -> Ran:
    """A command, and the most memory of its own: pages of the database's file that SQLite maps are not counted."""
    began, most = time.perf_counter(), 0
    process = psutil.Popen([BIN / "deskhand", *words], env=it.environment, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        with suppress(psutil.Error):
            memory = process.memory_info()
            most = max(most, memory.rss - memory.shared)
        time.sleep(LOOK_SECONDS)
    if process.returncode:
        raise RuntimeError(f"deskhand {' '.join(map(str, words))} ended with {process.returncode}")
    return Ran(time.perf_counter() - began, most / 2**20)
