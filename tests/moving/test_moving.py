"""An account leaves as a file, and an empty one becomes the same account, to the byte."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from sqlalchemy import select

from deskhand.conversations.model import ThreadType
from deskhand.customers.model import CustomerRef
from deskhand.customers.operations import erasing
from deskhand.inboxes.model import InboxCreated
from deskhand.kernel import feed, tables
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Conflict, Unmet
from deskhand.kernel.jobs import Worker
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.storage.statements import read, write
from deskhand.migrations.version import NEWEST
from deskhand.moving import belonging
from deskhand.moving.leaving import leave
from deskhand.moving.lines import kinds
from deskhand.reports import keeping
from deskhand.reports.model.facts import Fact
from deskhand.reports.tables import report_facts
from deskhand.schema import metadata
from deskhand.webhooks import queries as webhooks
from deskhand.webhooks.model import secret_name
from deskhand.webhooks.tables import deliveries
from tests.contract.whole import SECRET, Whole
from tests.given import Given
from tests.moving.accounts import Places, exported, imported

f = report_facts.c
FACTS = read(select(*(f[name] for name in Fact.__struct_fields__)).order_by(f.kind, f.at, f.id), Fact)

LEASED = write(tables.jobs.update().values(lease="somebody", leased_until=tables.jobs.c.due))
LEASED_DELIVERIES = write(deliveries.update().values(lease="somebody", leased_until=deliveries.c.due))
INDEXED = {
    "sqlite": "SELECT term, doc, cnt FROM {}_words ORDER BY term",
    "postgresql": "SELECT id, CAST(words AS TEXT) FROM {} ORDER BY id",
}


def rows(file: bytes, kind: str) -> list[dict[str, Any]]:
    return [row for row in map(json.loads, file.splitlines()) if row["line"] == kind]


async def indexed(desk: Desk) -> dict[str, list[Any]]:
    """What the full-text indexes hold."""
    session = await desk.database.begin_reading()
    try:
        asked = INDEXED[desk.database.dialect]
        return {
            name: [tuple(row) for row in await session.rows(asked.format(name), ())]
            for name in ("thread_text", "subject_text", "customer_text")
        }
    finally:
        await session.end()


def test_every_table_is_decided() -> None:
    """A new one must say whether it moves: ``BELONGS``, ``STAYS``, or its name says that it follows from others."""
    decided = belonging.BELONGS | belonging.STAYS
    undecided = {name for name in metadata.tables if name not in decided and not name.startswith(belonging.REBUILT)}

    assert undecided == set()
    assert not belonging.BELONGS & belonging.STAYS
    assert set(metadata.tables) >= belonging.BELONGS


async def test_an_account_and_what_is_made_of_its_export_are_alike_to_the_byte(
    given: Given, vault: Whole, places: Places
) -> None:
    file = await exported(given.desk)

    async with places.empty(given.desk.database.dialect) as there:
        await imported(there.desk, file)

        assert await exported(there.desk) == file
        assert await indexed(there.desk) == await indexed(given.desk)


async def test_reports_of_what_arrived_are_those_of_what_left(given: Given, vault: Whole, places: Places) -> None:
    file = await exported(given.desk)
    async with places.empty(given.desk.database.dialect) as there:
        await imported(there.desk, file)
        await keeping.catch_up(given.desk, office=True)

        async with given.read() as here, there.desk.reading(system_actor()) as view:
            facts = await here.all(FACTS)
            assert len(facts) > 0
            assert await view.all(FACTS) == facts


async def test_there_and_back_between_the_databases(given: Given, vault: Whole, places: Places) -> None:
    """How a team outgrows SQLite."""
    if len(places.kinds) < 2:
        pytest.skip("only one kind of database is tested")
    here, other = given.desk.database.dialect, {"sqlite": "postgresql", "postgresql": "sqlite"}[given.desk.database.dialect]
    file = await exported(given.desk)

    async with places.empty(other) as there, places.empty(here) as back:
        await imported(there.desk, file)
        across = await exported(there.desk)
        await imported(back.desk, across)

        assert across == file
        assert await exported(back.desk) == file


async def test_every_table_that_belongs_had_a_row(given: Given, vault: Whole) -> None:
    """Else the tests above would prove nothing of it."""
    there = {json.loads(line)["line"] for line in (await exported(given.desk)).splitlines()}

    assert {kind.name for kind in kinds().values()} - there == set()


async def test_the_file_says_what_it_is_and_that_it_is_whole(given: Given, vault: Whole) -> None:
    lines = (await exported(given.desk)).splitlines(keepends=True)

    end = json.loads(lines[-1])
    assert json.loads(lines[0]) == {"line": "header", "format": 1, "schema": NEWEST}
    assert end["sha256"] == hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    assert sum(end["counts"].values()) == len(lines) - 2
    assert await exported(given.desk) == b"".join(lines)


async def test_tokens_sessions_and_kept_answers_do_not_come_along(given: Given, vault: Whole, places: Places) -> None:
    token = await given.token(given.owner)
    async with given.client(given.owner) as client:
        await client.post("/v2/customers", json={"firstName": "Ada"}, headers={"Idempotency-Key": "1"})
    file = await exported(given.desk)

    assert not {json.loads(line)["line"] for line in file.splitlines()} & belonging.STAYS
    async with places.empty(given.desk.database.dialect) as there:
        await imported(there.desk, file)
        other = Given(there)
        async with other.client(None, Authorization=f"Bearer {token}") as client:
            assert (await client.get("/v2/users/me")).status_code == 401


async def test_what_moved_can_be_read_searched_and_gone_on_with(given: Given, vault: Whole, places: Places) -> None:
    file = await exported(given.desk)

    async with places.empty(given.desk.database.dialect) as there:
        await imported(there.desk, file)
        moved = Given(there)
        moved.owner, moved.inbox = given.owner, given.inbox
        async with moved.client(given.owner) as client, given.client(given.owner) as before:
            for path in (
                f"/v2/conversations/{vault.conversation}?embed=threads",
                f"/v2/customers/{vault.customer}",
                "/v2/users",
            ):
                assert (await client.get(path)).json() == (await before.get(path)).json()
            asked = f'/v2/conversations?status=all&query=(body:"{SECRET}")'
            assert (await client.get(asked)).json()["page"]["totalElements"] == 1
            path = f"/v2/conversations/{vault.conversation}/attachments/{vault.attachment}/data"
            assert (await client.get(path)).json() == (await before.get(path)).json()
        assert await moved.conversation() == await given.conversation()


async def test_ids_are_not_given_again_behind_a_move(given: Given, places: Places) -> None:
    """Also where the last row was erased before: an id is never given twice."""
    kept = await given.customer()
    erased = await given.customer()
    async with given.write() as tx:
        await erasing.delete(tx, erased.id)
    file = await exported(given.desk)

    for kind in places.kinds:
        async with places.empty(kind) as there:
            await imported(there.desk, file)
            moved = Given(there)
            new: CustomerRef = await moved.customer()
            assert (kept.id, new.id) == (erased.id - 1, erased.id + 1)


async def test_events_keep_their_places_and_the_feed_goes_on_behind_them(given: Given, vault: Whole, places: Places) -> None:
    place = await feed.end(given.desk)
    file = await exported(given.desk)

    async with places.empty(given.desk.database.dialect) as there:
        await imported(there.desk, file)
        assert await feed.end(there.desk) == place
        await Given(there).new_inbox("New")
        found = await feed.piece(there.desk, system_actor(), place, 10, None)

    assert next(each.id for each in found.facts) == place + 1
    assert InboxCreated.__name__ in {each.type for each in found.facts}


async def test_jobs_and_deliveries_leave_without_who_is_at_work_on_them(given: Given, vault: Whole, places: Places) -> None:
    async with given.write() as tx:
        assert await tx.write(LEASED)
        assert await tx.write(LEASED_DELIVERIES)
    file = await exported(given.desk)

    assert all(
        "lease" not in row and "leased_until" not in row for row in rows(file, "jobs") + rows(file, "webhook_deliveries")
    )
    async with places.empty(given.desk.database.dialect) as there:
        await imported(there.desk, file)
        there.desk.clock = given.desk.clock
        assert await Worker(there.desk).claim(1)


async def test_secrets_leave_in_the_clear_and_are_sealed_again(given: Given, vault: Whole, places: Places) -> None:
    file = await exported(given.desk)

    assert [row["secret"] for row in rows(file, "webhooks")] == [SECRET]
    async with places.empty(given.desk.database.dialect) as there:
        await imported(there.desk, file)
        async with there.desk.reading(system_actor()) as view:
            (hook,) = await view.all(webhooks.ALL)
        assert SECRET.encode() not in hook.secret
        assert there.desk.seal.open(hook.secret, secret_name(hook.id)) == SECRET


async def test_a_secret_that_does_not_open_is_told(given: Given, vault: Whole) -> None:
    given.desk.settings.key_file.unlink()
    seal_of.cache_clear()
    del given.desk.seal

    with pytest.raises(Unmet, match=r"mail_connections:\d:secrets: the key that sealed it is not here"):
        await exported(given.desk)


async def test_a_file_that_is_lost_is_told(given: Given, vault: Whole) -> None:
    key = hashlib.sha256(SECRET.encode()).hexdigest()
    (given.desk.settings.blob_folder / key[:2] / key[2:]).write_bytes(b"spoilt")

    with pytest.raises(Unmet, match=f"the bytes of a file are lost or spoilt: {key}"):
        await exported(given.desk)


async def test_what_happens_meanwhile_is_not_in_it(given: Given, vault: Whole) -> None:
    file = await exported(given.desk)
    pieces = leave(given.desk, system_actor())
    found = [await anext(pieces), await anext(pieces)]

    await given.conversation(subject="Later")
    await given.thread(vault.conversation, ThreadType.NOTE, "Later")
    found += [piece async for piece in pieces]

    assert rows(b"".join(found), "threads") == rows(file, "threads")
    assert b"Later" not in b"".join(found)
    assert b"Later" in await exported(given.desk)


async def test_one_export_at_a_time(given: Given, vault: Whole) -> None:
    pieces = leave(given.desk, system_actor())
    await anext(pieces)

    with pytest.raises(Conflict, match="being exported already"):
        await exported(given.desk)
    await pieces.aclose()
    assert await exported(given.desk)


async def test_a_large_file_leaves_in_pieces(given: Given, vault: Whole, places: Places) -> None:
    content = bytes(range(256)) * 4096
    key = await given.desk.blobs.put(content)
    async with given.write() as tx:
        await tx.write(write(metadata.tables["threads"].update().values(source_blob=key)))
    file = await exported(given.desk)

    assert [row["offset"] for row in rows(file, "piece") if row["key"] == key] == [0, 196608, 393216, 589824, 786432, 983040]
    async with places.empty(given.desk.database.dialect) as there:
        await imported(there.desk, file)
        assert await there.desk.blobs.get(key) == content
