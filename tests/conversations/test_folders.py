"""Folders of an inbox with their counts (contract 60 §1.1)."""

from __future__ import annotations

from datetime import timedelta

from deskhand.conversations.model import Status
from deskhand.kernel.permissions import Role
from tests.conftest import MovableClock
from tests.given import Client, Given, later


async def listed(client: Client, given: Given) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await client.get(f"/v2/mailboxes/{given.inbox}/folders")).json()["_embedded"]["folders"]
    return found


async def test_folders_come_in_the_vendors_order_with_their_names(client: Client, given: Given) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    team = await given.team("Tier Two", [ona])
    await given.grant(given.inbox, team)

    answer = (await client.get(f"/v2/mailboxes/{given.inbox}/folders")).json()

    folders = answer["_embedded"]["folders"]
    assert [(each["type"], each["name"], each["userId"]) for each in folders] == [
        ("open", "Unassigned", 0),
        ("mytickets", "Mine", given.owner),
        ("needs_attn", "Needs Attention", 0),
        ("drafts", "Drafts", 0),
        ("assigned", "Assigned", 0),
        ("closed", "Closed", 0),
        ("spam", "Spam", 0),
        ("team", "Tier Two", team),
        ("snoozed", "Snoozed", 0),
        ("scheduled", "Scheduled", 0),
        ("deleted", "Deleted", 0),
    ]
    here = f"https://desk.test/v2/mailboxes/{given.inbox}/folders"
    assert answer["_links"] == {"self": {"href": f"{here}/"}}
    assert answer["page"] == {"size": 50, "totalElements": 11, "totalPages": 1, "number": 1}
    assert folders[0]["_links"] == {"self": {"href": f"{here}/{folders[0]['id']}"}}
    assert (await client.get(f"{here}/{folders[0]['id']}")).json() == folders[0]
    assert list(folders[0]) == ["id", "name", "type", "userId", "totalCount", "activeCount", "updatedAt", "_links"]


async def test_a_folder_counts_all_and_the_active_ones(client: Client, given: Given) -> None:
    ona = await given.user(role=Role.ADMINISTRATOR)
    await given.conversation()
    await given.conversation(status=Status.PENDING)
    await given.conversation(status=Status.CLOSED)
    await given.conversation(assign_to=ona)
    await given.conversation(assign_to=given.owner, status=Status.PENDING)

    counts = {each["type"]: (each["totalCount"], each["activeCount"]) for each in await listed(client, given)}

    assert counts["open"] == (2, 1)
    assert counts["mytickets"] == (1, 0)
    assert counts["assigned"] == (2, 1)
    assert counts["closed"] == (1, 0)


async def test_a_folder_of_somebody_else_or_elsewhere_is_not_found(client: Client, given: Given) -> None:
    ona = await given.user(role=Role.ADMINISTRATOR)
    returns = await given.new_inbox("Returns")
    async with given.client(ona) as other:
        theirs = next(each for each in await listed(other, given) if each["type"] == "mytickets")

    assert (await client.get(f"/v2/mailboxes/{given.inbox}/folders/{theirs['id']}")).status_code == 404
    assert (await client.get(f"/v2/mailboxes/{returns}/folders/{theirs['id']}")).status_code == 404
    assert (await client.get("/v2/mailboxes/999/folders")).status_code == 404


async def test_an_outsider_sees_no_folders(given: Given) -> None:
    async with given.client(await given.user()) as outsider:
        assert (await outsider.get(f"/v2/mailboxes/{given.inbox}/folders")).status_code == 404


async def test_a_folder_was_updated_when_a_conversation_last_came_or_went(
    client: Client, given: Given, clock: MovableClock
) -> None:
    conversation = await given.conversation()
    before = {each["type"]: each["updatedAt"] for each in await listed(client, given)}
    clock.move(timedelta(hours=1))

    began = given.desk.clock.now()
    change = {"op": "replace", "path": "/status", "value": "closed"}
    await client.patch(f"/v2/conversations/{conversation}", json=change)

    after = {each["type"]: each["updatedAt"] for each in await listed(client, given)}
    assert {name for name in after if after[name] != before[name]} == {"open", "closed"}
    assert after["open"] in (later(began), later(given.desk.clock.now()))
