"""A server process holds one SQLite library: two on one file drop each other's locks and corrupt it (architecture §8)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

LOADED = """
import sys
import deskhand.app, deskhand.cli.serve, deskhand.cli.people, deskhand.cli.operate, deskhand.cli.demo, deskhand.migrations.run
print(sorted(name for name in sys.modules if name.split(".")[0] in ("sqlite3", "_sqlite3", "pysqlite2", "aiosqlite")))
"""


def test_no_module_of_ours_brings_a_second_one() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs /proc")
def test_a_running_server_has_mapped_one(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "deskhand.cli", "serve", "--data", str(tmp_path), "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("DESKHAND_")}
        | {"DESKHAND_LOG_FORMAT": "json"},
    )
    try:
        assert process.stderr is not None
        url = None
        while url is None:
            line = process.stderr.readline()
            assert line, "the server ended"
            found = re.search(r'"url":"([^"]+)"', line)
            url = found[1] if found else None
        with urllib.request.urlopen(f"{url}/ready", timeout=30) as answer:  # a read and a write have happened
            assert answer.status == 200
        mapped = {line.split()[-1] for line in Path(f"/proc/{process.pid}/maps").read_text().splitlines()}
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)

    assert {name for name in mapped if "/apsw/" in name}, "the look would find none"
    assert not {name for name in mapped if re.match(r"(_|lib)sqlite3|pysqlite", Path(name).name)}
    assert process.returncode == 0, "it ended as it was told"
