"""Every report has the members that the contract's samples show, with an interval to compare with and without."""

from __future__ import annotations

from typing import Any

from deskhand.reports.schemas import examples
from tests.contract.whole import whole
from tests.given import Client, Given
from tests.reports.asking import PATHS, address, report

EXAMPLES: dict[str, Any] = {
    "company": examples.COMPANY,
    "conversations": examples.CONVERSATIONS,
    "docs": examples.DOCS,
    "email": examples.EMAIL,
    "chat": examples.CHAT,
    "phone": examples.PHONE,
    "productivity": examples.PRODUCTIVITY,
    "happiness": examples.HAPPINESS,
    "happiness/ratings": examples.RATINGS,
    "user": examples.USER,
    "user/happiness": examples.USER_HAPPINESS,
    "user/ratings": examples.RATINGS,
    "user/chat": examples.USER_CHAT,
    "user/conversation-history": examples.HISTORY,
    "company/drilldown": examples.DRILLDOWN,
    "conversations/drilldown": examples.DRILLDOWN,
    "conversations/fields-drilldown": examples.DRILLDOWN,
    "conversations/new-drilldown": examples.DRILLDOWN,
    "user/drilldown": examples.DRILLDOWN,
}
POINTS = {
    "company/customers-helped": {"date", "customers"},
    "conversations/volume-by-channel": {"date", "chat", "email", "phone"},
    "conversations/new": {"start", "count"},
    "conversations/received-messages": {"date", "messages", "start", "count"},
    "productivity/first-response-time": {"date", "time"},
    "productivity/replies-sent": {"date", "replies"},
    "productivity/resolution-time": {"date", "time"},
    "productivity/resolved": {"date", "resolved"},
    "productivity/response-time": {"date", "time"},
    "user/customers-helped": {"date", "customers"},
    "user/replies": {"date", "replies"},
    "user/resolutions": {"date", "resolved"},
}
DELTAS = {
    "company": "customersHelped totalReplies repliesPerDay closed totalUsers repliesPerDayPerUser",
    "conversations": "newConversations totalConversations customers conversationsCreated conversationsPerDay",
    "docs": "failedResult docsViewedPerVisit foundAnAnswerResult visitors browseAction searchAction sentAnEmailResult",
    "email": "volume resolutions responses",
    "chat": "volume responses resolutions",
    "phone": "phoneConversations phoneCallsCreated customers",
    "productivity": "firstResponseTime handleTime repliesSent responseTime totalConversations repliesToResolve closed "
    "resolvedOnFirstReply resolutionTime resolved",
    "happiness": "great okay notGood greatCount okayCount notGoodCount happinessScore",
    "user": "totalConversations customersHelped happinessScore repliesPerDay resolvedOnFirstReply handleTime "
    "conversationsPerDay resolved repliesToResolve activeConversations totalReplies closed responseTime resolutionTime "
    "conversationsCreated",
    "user/chat": "newConversations messagesPerChat responseTime waitTime duration",
}
SOMETIMES = {"photoUrl", "ratingComments", "assignedName"}


def _names(it: Any, at: str = "") -> set[str]:
    """Every member with its path; of lists those of any item."""
    if isinstance(it, list):
        return {name for each in it for name in _names(each, at)}
    if not isinstance(it, dict):
        return set()
    return {f"{at}.{name}" for name in it} | {inner for name, each in it.items() for inner in _names(each, f"{at}.{name}")}


async def test_every_report_has_the_members_of_its_sample(given: Given, client: Client) -> None:
    now = given.desk.clock.now()
    it = await whole(given)
    for path in PATHS:
        got = await client.get(address(path, now, given.owner))
        assert got.status_code == 200, (path, got.text)
        kind = "application/hal+json;charset=UTF-8" if path in ("email", "chat", "phone") else "application/json"
        assert got.headers["content-type"] == kind, path
        found = got.json()
        if path in POINTS:
            assert set(found) == {"current"}
            assert [set(each) for each in found["current"]] == [POINTS[path]]
        elif path != "conversations/busy-times":
            assert set(found) == set(EXAMPLES[path]), path
            assert _names(found) <= _names(EXAMPLES[path]) | {f".user.{each}" for each in SOMETIMES}, path
    assert it.inbox


async def test_what_was_before_is_told_only_when_asked_for(given: Given, client: Client) -> None:
    now = given.desk.clock.now()
    before = {"previousStart": "2026-01-01T00:00:00Z", "previousEnd": "2026-01-31T23:59:59Z"}
    lists = {"happiness/ratings", "user/ratings", "user/conversation-history"}
    for path in PATHS:
        if "drilldown" in path or path in lists or path == "conversations/busy-times":
            continue
        plain = await report(client, path, now, given.owner)
        compared = await report(client, path, now, given.owner, **before)

        assert not {"previous", "deltas"} & set(plain), path
        assert "previous" in compared, path
        if path not in POINTS:
            assert set(compared["deltas"]) == set(DELTAS[path.replace("user/happiness", "happiness")].split())
            assert set(compared["previous"]) == set(compared["current"]) - {"busiestDay"}
