"""The PostgreSQL that the other tests stand on."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from tests.postgres import (
    PostgresMissing,
    PostgresServer,
    Programs,
    find_programs,
    postgres_server,
    programs_in_wheel,
    programs_on_path,
)

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module", params=[programs_on_path, programs_in_wheel], ids=["path", "wheel"])
def server(request: pytest.FixtureRequest) -> Iterator[PostgresServer]:
    find: Callable[[], Programs] = request.param
    try:
        programs = find()
    except PostgresMissing as reason:
        pytest.skip(str(reason))
    with postgres_server(programs=programs) as running:
        yield running


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def test_a_new_database_is_empty_and_speaks_unicode(server: PostgresServer) -> None:
    url = server.new_database()

    assert asyncio.run(ask(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 0
    assert asyncio.run(ask(url, "SELECT lower('ÀÉÎÕÜ')")) == "àéîõü"
    assert asyncio.run(ask(url, "SHOW max_connections")) == "200"
    assert asyncio.run(ask(url, "SHOW fsync")) == "off"


def test_a_database_can_be_copied(server: PostgresServer) -> None:
    original = server.new_database()
    asyncio.run(ask(original, "CREATE TABLE parcel AS SELECT 7 AS number"))

    copy = server.new_database(like=original)

    assert asyncio.run(ask(copy, "SELECT number FROM parcel")) == 7


def test_a_durable_server_writes_through() -> None:
    try:
        with postgres_server(durable=True) as running:
            assert asyncio.run(ask(running.url, "SHOW fsync")) == "on"
            assert asyncio.run(ask(running.url, "SHOW full_page_writes")) == "on"
    except PostgresMissing as reason:
        pytest.skip(str(reason))


def test_the_server_dies_with_a_killed_test_process() -> None:
    try:
        find_programs()
    except PostgresMissing as reason:
        pytest.skip(str(reason))
    program = "from tests.postgres import *\nwith postgres_server() as s: print(s.url, flush=True); input()"
    tests = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert tests.stdout is not None
    port = urlsplit(tests.stdout.readline()).port
    assert port is not None
    assert accepts(port)

    tests.send_signal(signal.SIGKILL)
    tests.communicate()

    deadline = time.monotonic() + 20
    while accepts(port):
        assert time.monotonic() < deadline, "the server still listens"
        time.sleep(0.05)


def accepts(port: int) -> bool:
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex(("127.0.0.1", port)) == 0
