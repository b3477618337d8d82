"""Asking for reports as tests do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.given import Client, later

PATHS = (
    "company",
    "company/customers-helped",
    "company/drilldown",
    "conversations",
    "conversations/volume-by-channel",
    "conversations/busy-times",
    "conversations/drilldown",
    "conversations/fields-drilldown",
    "conversations/new",
    "conversations/new-drilldown",
    "conversations/received-messages",
    "docs",
    "email",
    "chat",
    "phone",
    "productivity",
    "productivity/first-response-time",
    "productivity/replies-sent",
    "productivity/resolution-time",
    "productivity/resolved",
    "productivity/response-time",
    "happiness",
    "happiness/ratings",
    "user",
    "user/conversation-history",
    "user/customers-helped",
    "user/drilldown",
    "user/happiness",
    "user/ratings",
    "user/chat",
    "user/replies",
    "user/resolutions",
)


def address(path: str, now: datetime, user: int, /, **query: Any) -> str:
    """A report on the 30 days up to tomorrow."""
    asked = {"start": later(now - timedelta(days=30)), "end": later(now + timedelta(days=1))} | query
    if path.startswith("user"):
        asked.setdefault("user", user)
    if path.endswith("fields-drilldown"):
        asked = {"field": "customerid", "fieldid": 1} | asked
    return f"/v2/reports/{path}?" + "&".join(f"{name}={value}" for name, value in asked.items() if value is not None)


async def report(client: Client, path: str, now: datetime, user: int = 0, /, **query: Any) -> Any:
    """The answer, which is a good one."""
    got = await client.get(address(path, now, user, **query))
    assert got.status_code == 200, got.text
    return got.json()
