"""A virtual environment for each client, exactly as its requirements file pins it, kept in .cache/clients.

The files come from `uv pip compile --universal --python-version 3.11 --generate-hashes`: what is installed is what PyPI
served on that day, byte for byte.
"""

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
REQUIREMENTS = Path(__file__).parent / "requirements"
CACHE = ROOT / ".cache" / "clients"
UNREACHABLE = re.compile(
    r"dns error|error sending request|client error \(Connect\)|Connection refused|Network is unreachable"
    r"|operation timed out|NewConnectionError|Failed to establish a new connection|Could not connect",
    re.IGNORECASE,
)


class IndexUnreachable(RuntimeError):
    """The package index does not answer; the message is what the installer said."""


def client_python(client: str) -> Path:
    """The Python of an environment that holds the client. Raises IndexUnreachable if it must be made and cannot."""
    requirements = REQUIREMENTS / f"{client}.txt"
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = CACHE / f"{client}-{wanted}"
    finished = folder / "finished"
    python = folder / "bin" / "python"

    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE.parent / ".gitignore").write_text("*\n")
    with (CACHE / f"{client}.lock").open("w") as lock:  # another pytest worker may be making it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not finished.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder, python, requirements)
            finished.touch()
    return python


def _make(folder: Path, python: Path, requirements: Path) -> None:
    uv = shutil.which("uv") or shutil.which("uv", path=ROOT / ".uv" / "bin")
    if uv is not None:
        _run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
        _run(uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", str(requirements))
    else:
        _run(sys.executable, "-m", "venv", str(folder))
        _run(str(python), "-m", "pip", "install", "--require-hashes", "-r", str(requirements))


def _run(*command: str) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    if ended.returncode == 0:
        return
    said = f"{' '.join(command)}\n{ended.stdout}{ended.stderr}"
    raise IndexUnreachable(said) if UNREACHABLE.search(said) else RuntimeError(said)
