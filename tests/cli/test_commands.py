"""The command line: every command explains itself, and fails with one sentence that says what to do."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from deskhand.cli.main import COMMANDS, main
from deskhand.migrations.run import upgrade
from deskhand.migrations.version import NEWEST
from deskhand.settings import Settings

EVERY = [[name] for name in sorted(COMMANDS)] + [
    ["app", "create"],
    ["user", "create"],
    ["user", "password"],
    ["hours", "set"],
    ["hours", "show"],
    ["hours", "remove"],
    *(["inbox", each] for each in ("alias", "connect", "create", "disconnect", "key", "list", "set", "test")),
    ["jobs", "retry"],
    *(["mail", each] for each in ("deliver", "drop", "fetch", "held", "queue", "receive", "retry", "show")),
    ["mail", "queue", "cancel"],
    ["mail", "queue", "retry"],
    ["reports", "rebuild"],
    ["webhooks", "list"],
    ["webhooks", "deliveries"],
    ["webhooks", "show"],
    ["webhooks", "replay"],
    ["webhooks", "reseal"],
]
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("DESKHAND_")}


class Done:
    """What a command said and how it ended, in this process: a new one takes two seconds to load everything."""

    def __init__(self, *words: str, data: Path | None = None, typed: str | bytes = "", **variables: str) -> None:
        ours = {name: None for name in os.environ if name.startswith("DESKHAND_")}
        folder = {"DESKHAND_DATA": str(data)} if data else {}
        with contextlib.chdir(data.parent) if data else contextlib.nullcontext():
            done = CliRunner().invoke(main, words, typed, ours | folder | variables, prog_name="deskhand")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        self.code, self.out, self.err = done.exit_code, done.stdout, done.stderr


def process(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    """The same as somebody types it."""
    return subprocess.run(
        [sys.executable, "-m", "deskhand.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        env=ENVIRONMENT | {"DESKHAND_DATA": str(data)},
        cwd=data.parent,
    )


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_each_command_explains_itself(command: list[str]) -> None:
    done = Done(*command, "--help")

    assert done.code == 0
    assert done.out.startswith("Usage: deskhand " + " ".join(command))
    assert len(done.out.splitlines()) > 3


def test_the_list_of_commands_is_whole(tmp_path: Path) -> None:
    done = process("--help", data=tmp_path)

    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)
    assert set(main.list_commands(None)) == set(COMMANDS)  # type: ignore[arg-type]
    assert Done("--version").out.startswith("deskhand, version ")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DESKHAND_PORT", "no"),
        ("DESKHAND_PORT", "70000"),
        ("DESKHAND_RATE_LIMIT", "-1"),
        ("DESKHAND_ORIGIN", "desk.test"),
        ("DESKHAND_WEB_ORIGIN", "https://desk.test/path"),
        ("DESKHAND_LOG_LEVEL", "loud"),
        ("DESKHAND_STRICT_PHRASES", "perhaps"),
        ("DESKHAND_OUTBOUND_PORTS", "80,no"),
        ("DESKHAND_WEBHOOK_DELIVERY_DAYS", "0"),
        ("DESKHAND_NOTHING", "1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, variable: str, value: str) -> None:
    for command in ("serve", "config") if variable == "DESKHAND_NOTHING" else ("jobs",):
        done = Done(command, data=tmp_path / "data", **{variable: value})

        assert done.code == 1
        assert done.err.startswith("Error: ")
        assert variable in done.err
        assert "Traceback" not in done.err
    assert not (tmp_path / "data").exists()


def test_an_address_that_is_none_is_told(tmp_path: Path) -> None:
    for address in ("mysql://x/y", "nonsense"):
        done = Done("jobs", data=tmp_path / "data", DESKHAND_DATABASE=address)

        assert done.code == 1
        assert "DESKHAND_DATABASE: expected sqlite:///path or postgresql://" in done.err
        assert "Traceback" not in done.err


def test_a_server_that_is_away_is_told(tmp_path: Path) -> None:
    done = Done("jobs", data=tmp_path / "data", DESKHAND_DATABASE="postgresql://nobody:s3cr3t@127.0.0.1:1/none")

    assert done.code == 1
    assert "cannot reach PostgreSQL" in done.err
    assert "s3cr3t" not in done.err
    assert "Traceback" not in done.err


def test_from_nothing_to_a_user_and_an_application(tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = Done("user", "create", "--email", "ona@desk.test", "--first-name", "Ona", "--role", "owner", data=data)
    assert made.code == 0, made.err
    user = json.loads(made.out)
    assert (user["email"], len(user["password"]) >= 12) == ("ona@desk.test", True)
    app = Done("app", "create", "--name", "Shop", "--user", "ONA@desk.test", data=data)
    assert set(json.loads(app.out)) == {"id", "secret"}

    taken = Done("user", "create", "--email", "Ona@desk.test", "--first-name", "O", data=data)
    nobody = Done("app", "create", "--name", "Shop", "--user", "who@desk.test", data=data)
    wrong = Done("user", "create", "--email", "ona", "--first-name", "O", data=data)
    where = Done("user", "create", "--email", "a@desk.test", "--first-name", "A", "--inbox", "None", data=data)
    redirect = Done("app", "create", "--name", "X", "--user", "ona@desk.test", "--redirect-url", "javascript:x", data=data)
    short = Done("user", "password", "ona@desk.test", data=data, typed="short\n")
    fine = Done("user", "password", "ona@desk.test", data=data, typed="correct horse battery\n")

    assert [each.code for each in (taken, nobody, wrong, where, redirect, short, fine)] == [1, 1, 1, 1, 1, 1, 0]
    assert "belongs to another user" in taken.err
    assert "there is no user with the email who@desk.test" in nobody.err
    assert "email: not a well-formed email address" in wrong.err
    assert "there is no inbox called None" in where.err
    assert "http or https" in redirect.err
    assert "at least 10 characters" in short.err
    for each in (taken, nobody, wrong, where, redirect, short):
        assert "Traceback" not in each.err


def test_jobs_that_are_not_there(tmp_path: Path) -> None:
    data = tmp_path / "data"

    assert Done("jobs", data=data).out == "no failed jobs\n"
    assert Done("jobs", "--json", data=data).out == ""
    assert Done("jobs", "retry", "--all", data=data).out == "0 jobs are ready again\n"
    missing, both, neither = (
        Done("jobs", "retry", "7", data=data),
        Done("jobs", "retry", "7", "--all", data=data),
        Done("jobs", "retry", data=data),
    )
    assert (missing.code, both.code, neither.code) == (1, 2, 2)
    assert "there is no failed job 7" in missing.err
    assert "name a job, or --all" in neither.err


def test_config_shows_every_setting_and_where_it_comes_from(tmp_path: Path) -> None:
    done = Done("config", data=tmp_path, DESKHAND_PORT="9000")

    assert done.code == 0
    for name in Settings.__struct_fields__:
        assert f"DESKHAND_{name.upper()}=" in done.out
    assert "DESKHAND_PORT=9000  (set)" in done.out
    assert "DESKHAND_HOST=127.0.0.1  (default)" in done.out


def test_the_doctor_finds_nothing_wrong_with_a_new_account(tmp_path: Path) -> None:
    assert Done("migrate", data=tmp_path / "data").code == 0
    done = Done("doctor", data=tmp_path / "data")

    assert done.code == 0, done.out
    assert {line.split()[0] for line in done.out.splitlines()} == {"ok"}


def test_the_doctor_finds_what_is_wrong(tmp_path: Path) -> None:
    empty = Done("doctor", data=tmp_path / "data")
    assert (empty.code, "wrong    schema: version none" in empty.out, "Run 'deskhand migrate'" in empty.out) == (1, True, True)

    setting = Done("doctor", data=tmp_path / "data", DESKHAND_PORT="x")
    assert (setting.code, "wrong    settings: DESKHAND_PORT='x'" in setting.out) == (1, True)

    away = Done("doctor", data=tmp_path / "data", DESKHAND_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    assert (away.code, "wrong    database: cannot reach PostgreSQL" in away.out) == (1, True)

    data = tmp_path / "other"
    Done("migrate", data=data)
    (data / "blobs").write_text("in the way")
    files = Done("doctor", data=data)
    assert (files.code, "wrong    files" in files.out) == (1, True)

    text = tmp_path / "third"
    text.mkdir()
    (text / "deskhand.db").write_text("no database " * 500)
    broken = Done("doctor", data=text)
    assert (broken.code, "wrong    database" in broken.out) == (1, True)
    for each in (empty, setting, away, files, broken):
        assert "Traceback" not in each.err


async def test_two_migrations_at_once_are_one(address: str, tmp_path: Path) -> None:
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}" if address.startswith("sqlite") else f"{address}?schema=fresh"
    started = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deskhand.cli", "migrate", "--data", str(tmp_path), "--database", fresh),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=ENVIRONMENT,
        )
        for _ in range(2)
    ]
    said = [await each.communicate() for each in started]

    assert [each.returncode for each in started] == [0, 0], said
    assert sorted(out.decode().strip() for out, _ in said) == [f"schema: {NEWEST}, nothing to do", f"schema: empty -> {NEWEST}"]
    assert await upgrade(fresh) == (NEWEST, NEWEST)


def test_an_account_without_people_says_where_the_first_owner_is_made(tmp_path: Path) -> None:
    """On the terminal, not in the log (security D2 32)."""
    data = tmp_path / "data"

    def served() -> tuple[str, str]:
        command = [sys.executable, "-m", "deskhand.cli", "serve", "--port", "0", "--data", str(data)]
        environment = ENVIRONMENT | {"DESKHAND_ORIGIN": "https://desk.test"}
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as server:
            assert server.stderr is not None
            log = next(line for line in server.stderr if "listening" in line)
            server.terminate()
            out, err = server.communicate(timeout=30)
        return out, log + err

    out, log = served()
    (token,) = re.findall(r"^Nobody works here yet\. .* https://desk\.test/setup/([\w-]{43})$", out, re.MULTILINE)
    assert token not in log

    Done("user", "create", "--email", "ines@desk.test", "--first-name", "Ines", "--role", "owner", data=data)
    assert "setup" not in served()[0]


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = process("serve", "--port", str(taken.getsockname()[1]), data=tmp_path / "data")

    assert done.returncode == 1
    assert "cannot listen on 127.0.0.1:" in done.stderr
    assert "DESKHAND_PORT" in done.stderr
