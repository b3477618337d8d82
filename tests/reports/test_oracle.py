"""Reports over random histories are what a plain re-computation finds: every report, with every filter.

``DESKHAND_ORACLE_SEEDS=20`` looks at 20 desks of 60 conversations each on each database; without it at two.
``DESKHAND_ORACLE_DEMO=2000`` makes so many demo conversations.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import pytest

from deskhand.app import App
from deskhand.demo.loading import load
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.histories import Histories
from tests.reports.oracle import Account, Asked, Hours
from tests.reports.oracle_account import look
from tests.reports.oracle_answers import ANY, Question, wire
from tests.reports.oracle_lists import EXPECTED

SEEDS = int(os.environ.get("DESKHAND_ORACLE_SEEDS", "2"))
CONVERSATIONS = 60
DEMO = int(os.environ.get("DESKHAND_ORACLE_DEMO", "120"))
QUESTIONS = int(os.environ.get("DESKHAND_ORACLE_QUESTIONS", "2"))
"""To each report, on each desk."""

WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
LISBON = Hours("Europe/Lisbon", [[(time(9), time(17, 30))]] * 5 + [[], []])
AUCKLAND = Hours("Pacific/Auckland", [[(time(8), time(12)), (time(13), time(18))]] * 6 + [[]])
KNOWS_OFFICE_HOURS = ("productivity", "email", "phone", "chat", "user/c")
ZONES = ["UTC", "Europe/Lisbon", "Pacific/Auckland", "Asia/Kathmandu"]


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_reports_are_what_a_plain_walk_over_history_finds(given: Given, clock: MovableClock, seed: int) -> None:
    random = Random(seed)
    clock.move(timedelta(days=-random.randrange(200, 560)))
    histories = Histories(given, clock, seed)
    await histories.begin()
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(given.client(given.owner))
        una = await stack.enter_async_context(given.client(histories.users[3]))
        began = clock.now()
        hours = await open_offices(owner, histories, random)
        for part in (2, 3):  # reports keep up with what happens after they were asked
            await histories.grow(CONVERSATIONS * part // 5)
            async with given.read() as view:
                account = replace(await look(view), **hours)
            for path in EXPECTED:
                for question in questions(account, random, began, clock.now()):
                    who, inboxes = (una, {given.inbox}) if random.random() < 0.15 else (owner, None)
                    await compare(who, path, with_inboxes(question, inboxes))


async def test_reports_of_the_demo_are_what_a_plain_walk_finds(app: App) -> None:
    until, given = datetime(2026, 11, 1, tzinfo=UTC), Given(app)
    await load(app.desk, 7, DEMO, until, lambda count: None)
    async with given.read() as view:
        account = await look(view)
    owner = min(account.names)
    random = Random(7)
    async with given.client(owner) as client:
        for path in EXPECTED:
            for question in questions(account, random, until - timedelta(days=365), until):
                await compare(client, path, question)


async def open_offices(owner: Client, histories: Histories, random: Random) -> dict[str, Any]:
    """The account's zone and hours, and one inbox with hours of its own."""
    account = replace(LISBON, zone=random.choice(ZONES))
    await open_office(owner, "/deskhand/v1/office-hours", account)
    await open_office(owner, f"/deskhand/v1/mailboxes/{histories.inboxes[1]}/office-hours", AUCKLAND)
    return {"zone": account.zone, "hours": account, "inbox_hours": {histories.inboxes[1]: AUCKLAND}}


async def open_office(owner: Client, path: str, hours: Hours) -> None:
    week = {
        day: [{"from": f"{opens:%H:%M}", "to": f"{closes:%H:%M}"} for opens, closes in periods]
        for day, periods in zip(WEEK, hours.week, strict=True)
    }
    answer = await owner.put(path, json={"timezone": hours.zone, **week})
    assert answer.is_success, answer.text


def with_inboxes(it: Question, inboxes: set[int] | None) -> Question:
    before = None if it.before is None else replace(it.before, inboxes=inboxes)
    dropdowns = [each for each in it.account.dropdowns if inboxes is None or each[1] in inboxes]
    account = replace(it.account, dropdowns=dropdowns)
    return replace(it, account=account, asked=replace(it.asked, inboxes=inboxes), before=before)


def questions(account: Account, random: Random, began: datetime, now: datetime) -> Iterator[Question]:
    """What somebody could ask of a report."""
    talks = account.talks
    used = sorted({each.workflow for talk in talks for each in talk.threads if each.workflow})
    began, now = began.replace(microsecond=0), now.replace(microsecond=0)
    span = (now - began).days + 2
    folders = sorted({each.folder for each in account.talks})
    tags = sorted(account.tag_names)
    for _ in range(QUESTIONS):
        start = began + timedelta(days=random.randrange(span), seconds=random.choice([0, 0, 3661]))
        long = timedelta(days=random.randrange(1, span), seconds=-1)
        filters = {
            "mailboxes": some(random, sorted({each.inbox for each in talks})),
            "tags": some(random, [1, *tags]),
            "types": some(random, ["email", "chat", "phone"]),
            "folders": some(random, folders, least=4),
        }
        asked = Asked(start, start + long, office=random.random() < 0.4, **filters)
        before = replace(asked, start=start - long, end=start - timedelta(seconds=1)) if random.random() < 0.5 else None
        field, ids = random.choice(
            [
                ("tagid", [1, *tags]),
                ("replyid", sorted(account.reply_names) or [1]),
                ("workflowid", used or [1]),
                ("customerid", sorted({each.customer for each in talks})),
            ]
        )
        yield Question(
            account,
            asked,
            before,
            view=random.choice(["", "day" if long.days <= 60 else "week", "week", "month"]),
            user=random.choice(sorted(account.names)),
            field=field,
            field_id=random.choice(ids),
            range=random.choice(
                ["", "replies", "firstReplyResolved", "resolved", "responseTime", "firstResponseTime", "handleTime"]
            ),
            range_id=random.choice([0, 0, random.randrange(1, 7)]),
            page=random.choice([1, 1, 2]),
            rows=random.choice([3, 25, 50]),
            status=random.choice(["", "active", "pending", "closed"]),
            sort=random.choice(["number", "repliesSent", "responseTime", "resolveTime"]),
            descending=random.random() < 0.5,
            rating=random.choice(["all", "great", "ok", "not-good"]),
        )


def some(random: Random, of: list[Any], least: int = 1) -> set[Any]:
    """Mostly no filter, else one or more."""
    return set(random.sample(of, min(len(of), random.randrange(least, least + 2)))) if random.random() < 0.25 else set()


def parameters(path: str, it: Question) -> dict[str, Any]:
    """What is sent to this report; a question without a filter that the report does not know."""
    sent: dict[str, Any] = {"start": wire(it.asked.start), "end": wire(it.asked.end)}
    if it.before is not None:
        sent |= {"previousStart": wire(it.before.start), "previousEnd": wire(it.before.end)}
    for name in ("mailboxes", "tags", "types", "folders"):
        if values := getattr(it.asked, name):
            sent[name] = ",".join(str(each) for each in sorted(values))
    if it.asked.office:
        sent["officeHours"] = "true"
    if it.view:
        sent["viewBy"] = it.view
    if path.startswith("user"):
        sent["user"] = it.user
    if path == "company/drilldown":
        sent |= {"range": it.range} if it.range else {}
        sent |= {"rangeId": it.range_id} if it.range_id and it.range not in ("", "resolved", "firstReplyResolved") else {}
    if path == "conversations/fields-drilldown":
        sent |= {"field": it.field, "fieldid": it.field_id}
    if path.endswith("drilldown"):
        sent |= {"page": it.page, "rows": it.rows}
    if path.endswith("conversation-history"):
        sent |= {"page": it.page, "status": it.status} if it.status else {"page": it.page}
        sent |= {"sortField": it.sort, "sortOrder": "DESC" if it.descending else "ASC"}
    if path.endswith("ratings"):
        sent |= {"rating": it.rating}
    return sent


def fitted(path: str, it: Question) -> Question:
    """The same without what this report does not take."""
    gone: dict[str, Any] = {}
    if path in ("chat", "email", "phone", "user/chat"):
        gone |= {"types": set()}
    if path == "user/chat":
        gone |= {"folders": set()}
    if (not path.startswith(("productivity", "email", "phone", "chat", "user/c")) and path != "user") or path.endswith(
        "helped"
    ):
        gone |= {"office": False}
    before = None if it.before is None else replace(it.before, **gone)
    it = replace(it, asked=replace(it.asked, **gone), before=before)
    if "drilldown" in path or path.endswith(("history", "ratings")):
        it = replace(it, before=None)
    return it if path.startswith("user") else replace(it, user=0)


async def compare(client: Client, path: str, it: Question) -> None:
    it = fitted(path, it)
    sent = parameters(path, it)
    body = await fetched(client, path, sent)
    found = list(differences("", body, EXPECTED[path](it), around=1 if path.endswith("chat") else 0))
    assert not found, (path, sent, found[:12])


async def fetched(client: Client, path: str, sent: dict[str, Any]) -> Any:
    """The answer, lists by what is in them (their rows have tests of their own), ratings from all pages."""
    answer = await client.get(f"/v2/reports/{path}", params=sent)
    assert answer.status_code == 200, (path, sent, answer.text)
    body = answer.json()
    if path.endswith("drilldown"):
        body["conversations"]["results"] = [each["id"] for each in body["conversations"]["results"]]
    if path.endswith("ratings"):
        rows = body["results"]
        for page in range(2, body["pages"] + 1):
            rows += (await client.get(f"/v2/reports/{path}", params=sent | {"page": page})).json()["results"]
        rows = [{name: each[name] for name in ("id", "ratingId", "ratingCreatedAt")} for each in rows]
        return {"results": sorted(rows, key=str), "count": body["count"]}
    return body


def differences(where: str, body: Any, expected: Any, *, around: int = 0) -> Iterator[str]:
    """Where an answer is not what was expected; more than that may be in it. Whole numbers may be so far ``around``: chats
    last parts of a second."""
    if expected is ANY:
        return
    if isinstance(expected, dict) and isinstance(body, dict):
        for name, value in expected.items():
            if name in body:
                yield from differences(f"{where}.{name}", body[name], value, around=around)
            else:
                yield f"{where}.{name} is missing, expected {value}"
    elif isinstance(expected, list) and isinstance(body, list) and len(body) == len(expected):
        for place, (one, other) in enumerate(zip(body, expected, strict=True)):
            yield from differences(f"{where}[{place}]", one, other, around=around)
    elif isinstance(expected, float) and isinstance(body, int | float):
        if body != pytest.approx(expected, rel=1e-9, abs=around or 1e-9):
            yield f"{where} is {body}, expected {expected}"
    elif around and type(body) is type(expected) is int and abs(body - expected) <= around:
        return
    elif body != expected:
        yield f"{where} is {body}, expected {expected}"
