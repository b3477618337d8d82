"""What is asked for each message is found by its index, however many came before."""

from __future__ import annotations

import re
from typing import Any

import pytest

from deskhand.kernel.storage.sqlite import SqliteDatabase
from deskhand.kernel.storage.statements import Read
from deskhand.mail.operations import claiming, forgetting, noting, reporting, tries
from deskhand.mail.queries import health, held, queue
from tests.given import Given

CASES = {
    "what came before": (noting.BEFORE, "uq_mail_received_content"),
    "what waits in an inbox": (claiming.NEXT, "ix_mail_received_waiting"),
    "where something waits": (claiming.WAITING, "ix_mail_received_waiting"),
    "what is held": (held.HELD, "ix_mail_received_held"),
    "how much is held": (held.COUNT, "ix_mail_received_held"),
    "how much waits": (held.WAITING, "ix_mail_received_waiting"),
    "what waits for long": (health.OVERDUE, "ix_mail_received_waiting"),
    "what is to be sent next": (tries.DUE, "ix_mail_outgoing_due"),
    "what is to be sent, of all inboxes": (queue.OPEN, "ix_mail_outgoing_due"),
    "what a report names": (reporting.BY_MESSAGE, "sqlite_autoindex_mail_outgoing_1"),
    "what is held of which nobody knows who wrote it": (forgetting.HELD_UNREAD, "ix_mail_received_held"),
    "what waits and nobody has read": (forgetting.WAITING_UNREAD, "ix_mail_received_waiting"),
    "what was erased unread": (forgetting.ERASED, "uq_mail_received_content"),
    "what somebody sent": (forgetting.OF_SENDERS, "ix_mail_received_sender"),
    "how much is to be sent": (queue.LENGTH, "ix_mail_outgoing_due"),
}


@pytest.mark.parametrize(("statement", "index"), CASES.values(), ids=CASES)
async def test_it_is_found_by_its_index(given: Given, statement: Read[Any], index: str) -> None:
    assert index in await _plan(given, statement)


async def test_a_share_is_taken_off_a_long_queue_without_sorting_it(given: Given) -> None:
    assert "ORDER BY" not in await _plan(given, claiming.NEXT)


async def test_what_goes_with_a_customer_is_found_without_looking_at_all_there_is(given: Given) -> None:
    for statement in (forgetting.OF_SENDERS, forgetting.HELD_UNREAD, forgetting.WAITING_UNREAD, forgetting.ERASED):
        plan = await _plan(given, statement)
        assert not re.search(r"SCAN (their|mail_received)(?! USING (COVERING )?INDEX ix_mail_received_(held|waiting))", plan), (
            plan
        )


async def _plan(given: Given, statement: Read[Any]) -> str:
    database = given.app.desk.database
    if not isinstance(database, SqliteDatabase):
        pytest.skip("about SQLite")
    sql = statement.rendered("sqlite").sql
    steps = database.connected_writer().execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?"))
    return " ".join(str(each[3]) for each in steps)
