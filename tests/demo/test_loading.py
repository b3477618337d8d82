"""The bulk path keeps what the operations would have kept, and the same seed fills two accounts alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from deskhand.app import App
from deskhand.demo.loading import load
from deskhand.kernel.errors import Conflict
from deskhand.kernel.permissions import system_actor
from tests.given import Given

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)
FIRST_OPTION_OF_SEED_7 = "63cbe1e4-5932-0dd7-e220-a8397b1dcdaf"
RECOUNTS = {
    "SELECT 'shelf:' || inbox_id || ':' || shelf, count(*) FROM conversations GROUP BY inbox_id, shelf": "shelf:",
    "SELECT 'folder:' || folder_id || ':' || status, count(*) FROM conversations GROUP BY folder_id, status": "folder:",
    "SELECT 'tag:' || tag_id, count(*) FROM conversation_tags GROUP BY tag_id": "tag:",
    "SELECT 'customers', count(*) FROM customers": "customers",
    "SELECT 'organizations', count(*) FROM organizations": "organizations",
}


async def _rows(app: App, sql: str) -> list[tuple[Any, ...]]:
    session = await app.desk.database.begin_reading()
    try:
        return [tuple(row) for row in await session.rows(sql, ())]
    finally:
        await session.end()


async def test_kept_counts_and_folders_are_those_of_the_operations(app: App) -> None:
    await load(app.desk, 7, 300, UNTIL, lambda count: None)

    kept = {name: int(total) for name, total in await _rows(app, "SELECT name, sum(total) FROM counts GROUP BY name")}
    for sql, prefix in RECOUNTS.items():
        recounted = dict(await _rows(app, sql))
        assert {name: total for name, total in kept.items() if name.startswith(prefix) and total} == recounted
    wrong = (
        "SELECT c.id FROM conversations c WHERE thread_total <> (SELECT count(*) FROM threads t WHERE t.conversation_id = c.id)"
    )
    assert await _rows(app, wrong) == []
    theirs = "(SELECT count(*) FROM conversations v WHERE v.customer_id = c.id)"
    wrong = f"SELECT id FROM customers c WHERE conversation_count <> {theirs}"
    assert await _rows(app, wrong) == []
    members = "(SELECT id FROM customers c WHERE c.organization_id = a.organization_id)"
    wrong = (
        "SELECT organization_id FROM organization_activity a "
        "WHERE customer_count <> (SELECT count(*) FROM customers c WHERE c.organization_id = a.organization_id) "
        f"OR conversation_count <> (SELECT count(*) FROM conversations v WHERE v.customer_id IN {members}) "
        f"OR last_interaction_at <> (SELECT max(user_updated_at) FROM conversations v WHERE v.customer_id IN {members})"
    )
    assert await _rows(app, wrong) == []
    wrong = (
        "SELECT c.id FROM customers c JOIN customer_entries e ON e.customer_id = c.id "
        "JOIN organization_domains d ON d.domain = e.email_domain "
        "WHERE c.organization_id IS NULL OR c.organization_id <> d.organization_id"
    )
    assert await _rows(app, wrong) == []
    for table in ("organization_values", "customer_values"):
        assert await _rows(app, f"SELECT value FROM {table}")
    # Random ids would make each account another one.
    assert (await _rows(app, "SELECT key FROM property_options ORDER BY id"))[0] == (FIRST_OPTION_OF_SEED_7,)


async def test_what_was_loaded_can_be_read_searched_and_gone_on_with(app: App) -> None:
    loaded = await load(app.desk, 7, 120, UNTIL, lambda count: None)
    given = Given(app)
    (owner,) = [row[0] for row in await _rows(app, "SELECT id FROM users WHERE role = 'owner'")]

    async with given.client(owner) as client:
        listed = (await client.get("/v2/conversations?status=all")).json()
        assert 0 < listed["page"]["totalElements"] <= 120
        subject = listed["_embedded"]["conversations"][0]["subject"]
        found = await client.get(
            "/v2/conversations", params={"status": "all", "query": f'subject:"{subject}"'.replace("\\", "")}
        )
        assert found.status_code == 200
        inbox = listed["_embedded"]["conversations"][0]["mailboxId"]
        conversation = await given.conversation(inbox=inbox, by=owner)
    assert conversation > 120
    assert loaded.users[0].role == "owner"


async def test_an_account_that_is_not_empty_is_left_alone(given: Given) -> None:
    async with given.desk.reading(system_actor()) as view:
        before = await view.counts(["customers"])
    with pytest.raises(Conflict, match="not empty"):
        await load(given.desk, 1, 10, UNTIL, lambda count: None)
    async with given.desk.reading(system_actor()) as view:
        assert await view.counts(["customers"]) == before


async def test_every_inbox_has_workflows_that_are_switched_on(app: App) -> None:
    await load(app.desk, 7, 10, UNTIL, lambda count: None)
    given = Given(app)
    (owner,) = [row[0] for row in await _rows(app, "SELECT id FROM users WHERE role = 'owner'")]

    async with given.client(owner) as client:
        found = (await client.get("/v2/workflows")).json()["_embedded"]["workflows"]
        (webhook,) = (await client.get("/v2/webhooks")).json()["_embedded"]["webhooks"]
        inboxes = (await client.get("/v2/mailboxes")).json()["_embedded"]["mailboxes"]

    assert {each["status"] for each in found} == {"active"}
    assert {(each["mailboxId"], each["type"]) for each in found} == {
        (inbox["id"], type_) for inbox in inboxes for type_ in ("automatic", "manual")
    }
    assert webhook["state"] == "disabled"
