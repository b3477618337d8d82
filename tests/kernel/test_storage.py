"""Storage on both databases: operations whole or not at all, alone or in a group, whatever happens around them."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest
from sqlalchemy import func, insert, select

from deskhand.app import make_app
from deskhand.kernel import log, tables
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Unavailable
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage import postgresql, sqlite
from deskhand.kernel.storage.addresses import open_address
from deskhand.kernel.storage.sqlite import SqliteDatabase
from deskhand.kernel.storage.statements import param, read, write
from deskhand.migrations.run import upgrade
from deskhand.settings import Settings
from deskhand.tags import operations as tags
from deskhand.tags import queries

ACTOR = system_actor()
NAMES = ("type", "actor_kind", "actor_id", "at", "body")
ADD = write(insert(tables.events).values({name: param(name) for name in NAMES}).returning(tables.events.c.id))
COUNT = read(select(func.count()).select_from(tables.events), int)
MOMENT = datetime(2026, 4, 2, 6, 5, 4, 123456, tzinfo=UTC)
ROW = {"type": "T", "actor_kind": "system", "actor_id": 0, "at": MOMENT, "body": b"{}"}

HOLD = """
import sys, time, apsw
connection = apsw.Connection(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""


async def rows(desk: Desk) -> int:
    async with desk.reading(ACTOR) as view:
        return await view.one(COUNT)


async def add(desk: Desk) -> None:
    async with desk.writing(ACTOR) as tx:
        await tx.insert(ADD, **ROW)


async def test_what_was_answered_is_there_for_everybody(desk: Desk, settings: Settings) -> None:
    await add(desk)
    other = make_app(settings, works=False).desk
    await other.database.open()

    assert await rows(other) == 1
    await other.database.close()


async def test_an_operation_that_fails_leaves_nothing(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError):
        async with desk.writing(ACTOR) as tx:
            await tx.insert(ADD, **ROW)
            _ = 1 / 0

    assert await rows(desk) == 0
    await add(desk)
    assert await rows(desk) == 1


async def test_of_many_at_once_the_failing_ones_fail_alone(desk: Desk) -> None:
    async def one(number: int) -> None:
        async with desk.writing(ACTOR) as tx:
            await tx.insert(ADD, **ROW)
            await asyncio.sleep(0)
            if number % 3 == 0:
                raise ValueError(number)

    done = await asyncio.gather(*(one(number) for number in range(60)), return_exceptions=True)

    assert sum(isinstance(each, ValueError) for each in done) == 20
    assert await rows(desk) == 40


async def test_a_write_inside_a_write_is_an_error_at_once(desk: Desk) -> None:
    with pytest.raises(RuntimeError, match="inside an operation"):
        async with desk.writing(ACTOR) as tx:
            await tx.insert(ADD, **ROW)
            async with desk.writing(ACTOR):
                pass

    assert await rows(desk) == 0
    await add(desk)


async def test_a_client_that_goes_away_while_it_is_committed_changes_nothing(desk: Desk) -> None:
    ready = asyncio.Event()

    async def leaving() -> None:
        async with desk.writing(ACTOR) as tx:
            await tx.insert(ADD, **ROW)
            tx.access_changed = True
            ready.set()

    heard: list[bool] = []
    desk.access_changed = lambda: heard.append(True)
    task = asyncio.create_task(leaving())
    await ready.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add(desk)

    assert await rows(desk) in (1, 2)
    assert (await rows(desk) == 2) == bool(heard)


async def test_a_client_that_goes_away_before_changes_nothing_either(desk: Desk) -> None:
    async def leaving() -> None:
        async with desk.writing(ACTOR) as tx:
            await tx.insert(ADD, **ROW)
            await asyncio.sleep(60)

    task = asyncio.create_task(leaving())
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await rows(desk) == 0
    await add(desk)
    assert await rows(desk) == 1


async def test_closing_waits_for_what_is_on_its_way(settings: Settings) -> None:
    desk = make_app(settings, works=False).desk
    await desk.database.open()
    tasks = [asyncio.create_task(add(desk)) for _ in range(20)]
    await asyncio.sleep(0.02)
    done = await asyncio.gather(*tasks, return_exceptions=True)
    await desk.database.close()
    again = make_app(settings, works=False).desk
    await again.database.open()

    assert await rows(again) == sum(each is None for each in done) == 20
    await again.database.close()


async def test_a_database_that_is_not_open_is_unavailable(settings: Settings) -> None:
    desk = make_app(settings, works=False).desk
    for _ in range(20):
        with pytest.raises(Unavailable):
            await rows(desk)
        with pytest.raises(Unavailable):
            await add(desk)


async def test_two_accounts_in_one_process_do_not_mix(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'other.db'}"
    if desk.database.dialect == "postgresql":
        address = f"{settings.database}?schema=other"
    await upgrade(address)
    other = make_app(msgspec.structs.replace(settings, database=address, data=str(tmp_path / "other")), works=False).desk
    await other.database.open()
    async with desk.writing(ACTOR) as tx:
        mine = await tags.create(tx, "mine")
    async with other.writing(ACTOR) as tx:
        theirs = await tags.create(tx, "theirs")
    heard: list[str] = []
    other.access_changed = lambda: heard.append("other")
    async with desk.writing(ACTOR) as tx:
        tx.access_changed = True
    async with desk.reading(ACTOR) as view:
        assert [each.name for each, _ in (await queries.page(view, 1, 9))[0]] == ["mine"]
    async with other.reading(ACTOR) as view:
        assert [each.name for each, _ in (await queries.page(view, 1, 9))[0]] == ["theirs"]
    await other.database.close()

    assert mine == theirs == 2
    assert heard == []


@pytest.mark.parametrize("address", ["", "mysql://x/y", "sqlite://", "no address", "postgresql+asyncpg://x/y", "://", "sqlite"])
def test_another_address_is_refused_in_words(address: str) -> None:
    with pytest.raises(ValueError, match="expected sqlite:///path or postgresql://"):
        open_address(address)


class TestSqlite:
    """One writer with a group commit."""

    @pytest.fixture(autouse=True)
    def only(self, address: str) -> None:
        if not address.startswith("sqlite"):
            pytest.skip("about SQLite")

    async def test_two_may_open_a_new_file_at_once(self, tmp_path: Path) -> None:
        path = str(tmp_path / "new.db")
        other = apsw.Connection(path)
        other.execute("BEGIN EXCLUSIVE")
        done = threading.Timer(0.1, other.execute, ["COMMIT"])
        done.start()
        database = SqliteDatabase(path)
        await database.open()
        await database.close()
        done.join()

    async def test_many_operations_share_few_commits(self, desk: Desk) -> None:
        database = desk.database
        assert isinstance(database, SqliteDatabase)
        commits: list[str] = []

        def note(cursor: Any, sql: str, bindings: Any) -> bool:
            commits.append(sql)
            return True

        database.connected_writer().exec_trace = note
        await asyncio.gather(*(add(desk) for _ in range(100)))
        database.connected_writer().exec_trace = None

        assert await rows(desk) == 100
        assert commits.count("SAVEPOINT operation") == 100
        assert commits.count("COMMIT") <= 10

    async def test_a_commit_that_fails_fails_for_every_member(self, desk: Desk) -> None:
        """A deferred foreign key is looked at by COMMIT: so it can be made to fail without pretending."""
        writer = desk.database.connected_writer()  # type: ignore[attr-defined]
        writer.execute("CREATE TABLE up (id INTEGER PRIMARY KEY)")
        writer.execute("CREATE TABLE down (up INTEGER REFERENCES up (id) DEFERRABLE INITIALLY DEFERRED)")

        async def bad() -> None:
            async with desk.writing(ACTOR) as tx:
                await tx._session.script("INSERT INTO down VALUES (7)")

        done = await asyncio.gather(add(desk), bad(), add(desk), return_exceptions=True)

        assert all(isinstance(each, Exception) for each in done)
        assert await rows(desk) == 0
        await add(desk)
        assert await rows(desk) == 1

    async def test_a_reader_sees_one_moment(self, desk: Desk) -> None:
        async with desk.reading(ACTOR) as view:
            before = await view.one(COUNT)
            await add(desk)
            assert await view.one(COUNT) == before == 0

        assert await rows(desk) == 1

    async def test_nobody_sees_an_operation_before_it_is_committed(self, desk: Desk) -> None:
        async with desk.writing(ACTOR) as tx:
            await tx.insert(ADD, **ROW)
            assert await rows(desk) == 0
            assert await tx.one(COUNT) == 1

    async def test_another_process_with_the_lock_delays_and_no_more(self, desk: Desk, address: str) -> None:
        path = address.removeprefix("sqlite:///")
        holder = subprocess.Popen([sys.executable, "-c", HOLD, path, "0.7"], stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        assert await asyncio.to_thread(holder.stdout.readline) == "held\n"
        began = asyncio.get_running_loop().time()
        reading = asyncio.create_task(rows(desk))
        await add(desk)
        waited = asyncio.get_running_loop().time() - began
        holder.communicate()

        assert await reading == 0
        assert 0.2 < waited < 10
        assert await rows(desk) == 1

    async def test_a_file_that_cannot_be_used_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "text.db").write_text("this is no database, and long enough to be looked at " * 20)
        for address in (f"sqlite:///{tmp_path / 'folder'}", f"sqlite:///{tmp_path / 'text.db'}", "sqlite:////proc/none/x.db"):
            with pytest.raises(Unavailable, match="cannot use the database file"):
                await open_address(address).open()

    async def test_a_full_disk_fails_the_operation_and_the_next_succeeds(self, desk: Desk) -> None:
        writer = desk.database.connected_writer()  # type: ignore[attr-defined]
        pages = writer.execute("PRAGMA page_count").fetchall()[0][0]
        writer.execute(f"PRAGMA max_page_count = {pages + 2}")  # SQLite's own word for a disk that is full
        done = await asyncio.gather(
            add(desk), self._add_much(desk), add(desk), self._add_much(desk), add(desk), return_exceptions=True
        )
        writer.execute("PRAGMA max_page_count = 1073741823")
        fine = sum(each is None for each in done)

        assert [type(each) for each in done if each is not None] == [Unavailable] * (5 - fine)
        assert isinstance(done[1], Unavailable)
        assert await rows(desk) == fine, "what was answered is there, what was refused is not"
        await add(desk)
        assert await rows(desk) == fine + 1
        assert writer.execute("PRAGMA integrity_check").fetchall() == [("ok",)]

    async def test_when_sqlite_drops_the_whole_group_every_member_hears_of_it(self, desk: Desk) -> None:
        """A disk error makes SQLite roll back on its own; who ended before is told, who begins after is not touched."""

        async def dropped() -> None:
            async with desk.writing(ACTOR) as tx:
                await tx.insert(ADD, **ROW)
                await tx._session.script("ROLLBACK")
                raise Unavailable("the disk is full")

        done = await asyncio.gather(add(desk), dropped(), add(desk), return_exceptions=True)

        assert [type(each) for each in done] == [Unavailable, Unavailable, type(None)]
        assert await rows(desk) == 1

    async def _add_much(self, desk: Desk) -> None:
        async with desk.writing(ACTOR) as tx:
            await tx.insert(ADD, **ROW | {"body": b"x" * 100_000})


async def test_closing_waits_a_while_for_an_operation_that_does_not_end(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for driver in (sqlite, postgresql):
        monkeypatch.setattr(driver, "CLOSE_SECONDS", 0.1)
    told = io.StringIO()
    monkeypatch.setattr(log._output, "stream", told)
    database = open_address(address)
    await database.open()
    ending = asyncio.create_task((await database.begin_writing()).commit())
    await database.begin_writing()  # whoever has this forgets it; on SQLite the commit above waits for it

    async with asyncio.timeout(5):
        await database.close()
    if database.dialect == "sqlite":
        with pytest.raises(Unavailable, match="the database was closed"):
            await ending
    assert "closed while an operation was at work" in told.getvalue()
