"""``deskhand export`` and ``deskhand import``, and the export by HTTP."""

from __future__ import annotations

import asyncio
import resource
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from deskhand.kernel import auditing
from deskhand.kernel.permissions import Role
from deskhand.settings import Settings
from tests.cli.test_commands import ENVIRONMENT
from tests.contract.whole import Whole
from tests.given import Client, Given
from tests.moving.accounts import Places, exported, imported

ON_ONE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
"""For what has nothing to do with the kind of database: a process costs two seconds."""

DESKHAND = [sys.executable, "-m", "deskhand.cli"]


async def command(*words: str, settings: Settings, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """A command on the account of a test, while that is open."""
    run: dict[str, Any] = {"env": environment(settings), "capture_output": True, "timeout": 120, "check": False, **more}
    return await asyncio.to_thread(lambda: subprocess.run([*DESKHAND, *words], **run))


def environment(settings: Settings) -> dict[str, str]:
    return ENVIRONMENT | {"DESKHAND_DATA": settings.data, "DESKHAND_DATABASE": settings.database_address}


@ON_ONE
async def test_a_file_is_written_whole_and_for_its_owner_only(given: Given, vault: Whole, tmp_path: Path) -> None:
    file = tmp_path / "desk.jsonl"
    file.write_text("the one before")
    expected = await exported(given.desk)

    done = await command("export", str(file), settings=given.desk.settings)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    async with given.read(given.owner) as view:
        (entry,) = await auditing.page(view, 10, type_="AccountExported")
    assert (entry.actor_kind, entry.address) == ("system", "")
    assert file.read_bytes() == expected  # without the entry of the export itself
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir() if "jsonl" in each.name] == ["desk.jsonl"]


@ON_ONE
async def test_a_full_disk_leaves_no_half_file(given: Given, vault: Whole, tmp_path: Path) -> None:
    file = tmp_path / "desk.jsonl"

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

    done = await command("export", str(file), settings=given.desk.settings, preexec_fn=small)

    assert done.returncode == 1
    assert done.stderr.decode() == f"Error: cannot write {file}: File too large; nothing of the export was kept\n"
    assert not [each for each in tmp_path.iterdir() if "jsonl" in each.name]


@ON_ONE
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
async def test_a_full_standard_output_is_told(given: Given, vault: Whole) -> None:
    with open("/dev/full", "wb") as full:
        done = await command("export", settings=given.desk.settings, capture_output=False, stdout=full, stderr=subprocess.PIPE)

    assert done.returncode == 1
    assert done.stderr.startswith(b"Error: cannot write -: No space left on device; nothing of the export was kept")


async def test_an_import_that_was_killed_left_nothing(given: Given, vault: Whole, places: Places) -> None:
    file = await exported(given.desk)
    async with places.empty(given.desk.database.dialect) as there:
        nothing = await exported(there.desk)
        settings = there.desk.settings
        process = await asyncio.create_subprocess_exec(
            *DESKHAND, "import", "-", env=environment(settings), stdin=subprocess.PIPE
        )
        assert process.stdin is not None
        process.stdin.write(file[:-100])  # files and all, but for the end
        await process.stdin.drain()
        async with asyncio.timeout(30):
            while not [each for each in settings.blob_folder.rglob("*") if each.is_file()]:
                await asyncio.sleep(0.02)
        process.kill()
        await process.wait()

        assert await exported(there.desk) == nothing
        await imported(there.desk, file)
        assert await exported(there.desk) == file


async def test_what_is_wrong_is_told_with_its_line(places: Places) -> None:
    async with places.empty("sqlite") as there:
        done = await command("import", "-", settings=there.desk.settings, input=b'{"line":"tags"}\n')

    assert (done.returncode, done.stderr) == (1, b"Error: line 1: Object missing required field `id`\n")


async def test_the_export_by_http_is_the_same(given: Given, vault: Whole) -> None:
    async with given.client(given.owner) as client:
        got = await client.get("/deskhand/v1/export")

    assert got.status_code == 200
    assert got.headers["content-type"] == "application/x-ndjson"
    assert got.headers["content-disposition"] == 'attachment; filename="deskhand.jsonl"'
    assert got.content == await exported(given.desk)


async def test_only_who_manages_the_account_may(given: Given) -> None:
    user, administrator = await given.user(), await given.user("Ada", role=Role.ADMINISTRATOR)
    async with given.client(user) as one, given.client(administrator) as other:
        assert (await one.get("/deskhand/v1/export")).status_code == 403
        assert (await other.get("/deskhand/v1/export")).status_code == 200


async def test_a_second_export_is_refused_while_one_is_under_way(given: Given, client: Client) -> None:
    async with given.desk.reading_at_length(await given.actor(given.owner)):
        got = await client.get("/deskhand/v1/export")

    assert got.status_code == 409
    assert "being exported already" in got.json()["message"]
    assert (await client.get("/deskhand/v1/export")).status_code == 200


async def test_an_export_that_breaks_off_has_no_end(given: Given, vault: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in given.desk.settings.blob_folder.rglob("*"):
        if file.is_file():
            file.unlink()
    async with given.client(given.owner) as client:
        try:
            got = (await client.get("/deskhand/v1/export")).content
        except (AssertionError, httpx.HTTPError):
            got = b""

    assert b'"line":"end"' not in got
