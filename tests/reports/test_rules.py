"""What reports may be asked with, and who sees what (contract 70 §0.1)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.reports import keeping
from tests.contract.vendor import codes
from tests.given import Client, Given
from tests.reports.asking import PATHS, address, report

INTERVAL: dict[str, Any] = {"start": "2026-01-01T00:00:00Z", "end": "2026-01-31T23:59:59Z"}


WRONG: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("company", {"start": None}, "start"),
    ("company", {"end": "2026-01-31"}, "end"),
    ("company", {"end": "2025-01-31T23:59:59Z"}, "end"),
    ("company", {"previousStart": "2025-01-01T00:00:00Z"}, "previousEnd"),
    ("company", {"previousEnd": "2025-01-01T00:00:00Z"}, "previousStart"),
    ("company", {"previousStart": "2025-01-02T00:00:00Z", "previousEnd": "2025-01-01T00:00:00Z"}, "previousEnd"),
    ("company", {"mailboxes": "1,x"}, "mailboxes"),
    ("company", {"types": "email,fax"}, "types"),
    ("productivity", {"officeHours": "maybe"}, "officeHours"),
    ("conversations/new", {"viewBy": "hour"}, "viewBy"),
    ("conversations/new", {"viewBy": "day", "end": "2026-06-01T00:00:00Z"}, "viewBy"),
    ("conversations/new", {"viewBy": "week", "end": "2027-06-01T00:00:00Z"}, "viewBy"),
    ("company/drilldown", {"range": "mood"}, "range"),
    ("company/drilldown", {"rows": "0"}, "rows"),
    ("company/drilldown", {"page": "0"}, "page"),
    ("conversations/fields-drilldown", {"field": None}, "field"),
    ("conversations/fields-drilldown", {"fieldid": None}, "fieldid"),
    ("conversations/fields-drilldown", {"field": "tagId"}, "field"),
    ("happiness/ratings", {"sortField": "mood"}, "sortField"),
    ("happiness/ratings", {"rating": "4"}, "rating"),
    ("user", {"user": "me"}, "user"),
    ("user/conversation-history", {"status": "spam"}, "status"),
    ("docs", {"sites": "12"}, "sites"),
)
"""A report, what is added to a good question, and the parameter that is wrong then."""


async def test_what_is_wrong_is_named(given: Given, client: Client) -> None:
    now, found = given.desk.clock.now(), []
    for path, query, _ in WRONG:
        got = await client.get(address(path, now, given.owner, **INTERVAL | query))
        found.append((path, query, *(codes(got) if got.status_code == 400 else [str(got.status_code)])))

    assert found == list(WRONG)


async def test_what_clients_send_is_taken(given: Given, client: Client) -> None:
    now = given.desk.clock.now()
    for path, query in (
        ("productivity", {"officeHours": "1", "mailboxes": "", "types": "email, chat"}),
        ("company/drilldown", {"rows": "500", "range": "responseTime", "rangeId": "99"}),
        ("happiness/ratings", {"sortFieldRatings": "rating", "sortOrder": "asc", "rating": "3"}),
        ("conversations/new", {"viewBy": "month"}),
        ("conversations/new", {"viewBy": "month", "start": "2016-01-01T00:00:00Z"}),
        ("company", {"mailboxes": "1&mailboxes=2", "tags": "1", "folders": "0"}),
        ("conversations", {"start": "0001-01-01T00:00:00Z", "end": "9999-12-31T23:59:59Z"}),
        ("user", {"start": "0001-01-01T00:00:00Z", "end": "9999-12-31T23:59:59Z"}),
        ("docs", {"sites": "0123456789abcdef01234567"}),
    ):
        await report(client, path, now, given.owner, **query)


async def test_behind_the_number_of_those_without_a_tag_are_those_without_a_tag(given: Given, client: Client) -> None:
    tagged, bare = await given.conversation(), await given.conversation()
    await client.put(f"/v2/conversations/{tagged}/tags", json={"tags": ["vip"]})
    now = given.desk.clock.now()

    top = (await report(client, "conversations", now))["tags"]["top"]
    behind = [
        (await report(client, "conversations/fields-drilldown", now, field="tagid", fieldid=each["id"]))["conversations"]
        for each in top
    ]

    assert [each.get("name") for each in top] == [None, "vip"]
    assert [[row["id"] for row in each["results"]] for each in behind] == [[bare], [tagged]]


async def test_nobody_is_404(given: Given, client: Client) -> None:
    now = given.desk.clock.now()
    for path in (path for path in PATHS if path.startswith("user")):
        assert (await client.get(address(path, now, 900_000))).status_code == 404


async def test_a_user_sees_only_their_inboxes(given: Given, client: Client) -> None:
    worker = await given.user()
    await given.new_inbox("Elsewhere", workers=(worker,))
    await given.conversation()
    now = given.desk.clock.now()

    async with given.client(worker) as theirs:
        found = [await report(each, "conversations", now) for each in (client, theirs)]
        asked = await report(theirs, "conversations", now, mailboxes=given.inbox)

    assert [each["current"]["totalConversations"] for each in found] == [1, 0]
    assert asked["current"]["totalConversations"] == 0


async def test_filters_narrow_and_are_joined(given: Given, client: Client) -> None:
    other = await given.new_inbox("Other")
    first = await given.conversation()
    await given.conversation(inbox=other)
    await client.put(f"/v2/conversations/{first}/tags", json={"tags": ["vip"]})
    (tag,) = [each["id"] for each in (await client.get("/v2/tags")).json()["_embedded"]["tags"]]
    folder = (await client.get(f"/v2/conversations/{first}")).json()["folderId"]
    now = given.desk.clock.now()

    async def count(**query: Any) -> int:
        return int((await report(client, "conversations", now, **query))["current"]["totalConversations"])

    assert await count() == 2
    assert await count(mailboxes=other) == 1
    assert await count(mailboxes=f"{other},{given.inbox}") == 2
    assert await count(mailboxes=999) == 0
    assert await count(tags=tag) == 1
    assert await count(tags=1) == 1
    assert await count(tags=f"1,{tag}") == 2
    assert await count(tags=tag, mailboxes=other) == 0
    assert await count(folders=folder) == 1
    assert await count(types="phone") == 0


async def test_a_team_is_its_members(given: Given, client: Client) -> None:
    ona, eli = await given.user("Ona"), await given.user("Eli")
    for each in (ona, eli):
        await given.grant(given.inbox, each)
        conversation = await given.conversation()
        await given.thread(conversation, ThreadType.MESSAGE, by=each)
    team = await given.team("Night shift", [ona, eli])
    now = given.desk.clock.now()

    found = [(await report(client, "user", now, each))["current"] for each in (ona, eli, team)]

    assert [each["totalReplies"] for each in found] == [1, 1, 2]
    assert [each["totalConversations"] for each in found] == [1, 1, 2]
    assert (await report(client, "user", now, team))["user"]["name"] == "Night shift"
    assert [each["user"] for each in (await report(client, "company", now))["users"]] == [str(eli), str(ona)]


async def test_what_takes_too_long_is_503(given: Given, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    await given.conversation()
    monkeypatch.setattr(keeping, "PATIENCE_SECONDS", -1.0)

    got = await client.get(address("company", given.desk.clock.now(), given.owner))

    assert got.status_code == 503
    assert int(got.headers["retry-after"]) > 0
