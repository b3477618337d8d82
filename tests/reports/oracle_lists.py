"""Users, happiness and the lists behind figures, the slow and plain way; and which report is asked how: ``EXPECTED``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.reports.oracle import NO_TAG, Said, Talk, is_user_message, replies, resolution, responses, said, seconds
from tests.reports.oracle_answers import (
    ANY,
    REPLIES,
    Question,
    busy_times,
    channels,
    chat,
    company,
    conversations,
    dated,
    email,
    overall,
    phone,
    productivity,
    series,
    wire,
)
from tests.reports.oracle_figures import WAITS, Chatted, Figures, Measured, bucket, deltas, whole

RATINGS = {"great": 1, "okay": 2, "not_good": 3}
ASKED_RATINGS = {"great": "great", "ok": "okay", "not-good": "not_good"}


def happiness(it: Question) -> Figures:
    counts, points = ("greatCount", "okayCount", "notGoodCount"), ("great", "okay", "notGood", "happinessScore")
    return overall(
        it,
        lambda asked: Measured(it.account, asked, it.users).happiness(),
        lambda now, before: deltas(now, before, counts, points),
    )


def user(it: Question) -> Figures:
    names = [
        "totalConversations",
        "customersHelped",
        "repliesPerDay",
        "resolvedOnFirstReply",
        "handleTime",
        "conversationsPerDay",
        "resolved",
        "repliesToResolve",
        "totalReplies",
        "closed",
        "responseTime",
        "resolutionTime",
        "conversationsCreated",
    ]

    def changes(now: Figures, before: Figures) -> Figures:
        found = deltas(now, before, names, ("happinessScore",))
        return found | {"activeConversations": found["totalConversations"]}

    body = overall(it, lambda asked: dated(asked, Measured(it.account, asked, it.users).user()), changes)
    body["current"]["busiestDay"] = Measured(it.account, it.asked, it.users).busiest_day()
    ever = [each for each in it.account.talks if it.asked.inboxes is None or each.inbox in it.asked.inboxes]
    scoped = [each for each in ever if each.state == "published" and each.status != "spam" and not each.merged]
    helped = {talk.customer for talk in scoped for each in said(talk) if _is_mine(it, each)}
    return body | {"user": {"id": it.user, "totalCustomersHelped": len(helped)}}


def _is_mine(it: Question, each: Said) -> bool:
    users = it.users or set()
    return is_user_message(each) and each.type != "phone" and not each.imported and each.user in users


def user_chat(it: Question) -> Figures:
    names = ("newConversations", "messagesPerChat", "responseTime", "waitTime", "duration")
    return overall(
        it,
        lambda asked: dated(asked, Chatted(it.account, asked, it.users).user()),
        lambda now, before: deltas(now, before, names),
    )


def history(it: Question) -> Figures:
    rows: list[Figures] = []
    users = it.users or set()
    for talk in Measured(it.account, it.asked).talks:
        mine = replies(talk, it.asked, users)
        if not mine or (it.status and talk.status != it.status):
            continue
        answered = [each for each in responses(talk) if it.asked.has(each.at) and each.user in users]
        last = resolution(talk)

        def took(since: Any, until: Any, talk: Talk = talk) -> float:
            return seconds(it.account, it.asked, talk.inbox, since, until)

        first = [each for each in answered if each.first]
        rows.append(
            {
                "id": talk.id,
                "number": talk.number,
                "status": talk.status,
                "customers": ANY,
                "avgHandleTime": 0,
                "firstResponseTime": took(first[0].since, first[0].at) if first else None,
                "repliesSent": len(mine),
                "responseTime": whole([took(each.since, each.at) for each in answered]),
                "resolveTime": took(talk.created, last.at) if last and it.asked.has(last.at) else None,
            }
        )
    rows.sort(key=lambda row: -row["number"])
    known = [row for row in rows if row[it.sort or "number"] is not None]
    known.sort(key=lambda row: row[it.sort or "number"], reverse=it.descending)
    return _page(it, known + [row for row in rows if row not in known], 25)


def ratings(it: Question) -> Figures:
    wanted = ASKED_RATINGS.get(it.rating)
    found = [each for each in Measured(it.account, it.asked, it.users).ratings if wanted in (None, each.rating)]
    rows = [{"id": each.conversation, "ratingId": RATINGS[each.rating], "ratingCreatedAt": wire(each.at)} for each in found]
    return {"results": sorted(rows, key=str), "count": len(rows)}


def _page(it: Question, rows: list[Any], size: int) -> Figures:
    pages = -(-len(rows) // size)
    return {"results": rows[(it.page - 1) * size :][:size], "page": it.page, "count": len(rows), "pages": pages}


def drilldown(it: Question, found: list[Talk]) -> Figures:
    """A page of conversations, by id."""
    found = sorted(found, key=lambda each: (each.modified, each.id), reverse=True)
    return {"conversations": _page(it, [each.id for each in found], it.rows)}


def company_drilldown(it: Question) -> Figures:
    measured = Measured(it.account, it.asked)
    if not it.range:
        return drilldown(it, measured.active)
    values: list[tuple[Talk, float]] = []
    borders = WAITS
    if it.range == "replies":
        borders = REPLIES
        values = [(talk, len(replies(talk, it.asked))) for talk in measured.talks if replies(talk, it.asked)]
    elif it.range in ("resolved", "firstReplyResolved"):
        once = it.range == "firstReplyResolved"
        return drilldown(it, [talk for talk, each in measured.resolved if each.replies == 1 or not once])
    elif it.range in ("responseTime", "firstResponseTime"):
        values = [
            (talk, seconds(it.account, it.asked, talk.inbox, each.since, each.at))
            for talk, each in measured.waits
            if each.first or it.range == "responseTime"
        ]
    matching = {talk.id: talk for talk, value in values if it.range_id in (0, bucket(value, borders))}
    return drilldown(it, list(matching.values()))


def fields_drilldown(it: Question) -> Figures:
    def has(talk: Talk) -> bool:
        here = [each for each in said(talk) if it.asked.has(each.at)]
        rules = {
            "tagid": it.field_id in (talk.tags or {NO_TAG}),
            "customerid": talk.customer == it.field_id,
            "replyid": any(each.saved_reply == it.field_id for each in here if is_user_message(each)),
            "workflowid": any(each.workflow == it.field_id for each in here if each.type == "lineitem"),
        }
        return rules[it.field]

    return drilldown(it, [each for each in Measured(it.account, it.asked).active if has(each)])


def _time(first: bool) -> Callable[[Measured], float]:
    return lambda found: whole(found.wait_seconds(first=first)) or 0


def messages(it: Question) -> Figures:
    """Two names for the same."""
    found = series(it, "messages", lambda each: len(each.messages))
    points = (point for several in found.values() for point in several)
    for point in points:
        point |= {"start": point["date"], "count": point["messages"]}
    return found


EXPECTED: dict[str, Callable[[Question], Any]] = {
    "company": company,
    "company/customers-helped": lambda it: series(it, "customers", lambda found: len(found.helped)),
    "company/drilldown": company_drilldown,
    "conversations": conversations,
    "conversations/volume-by-channel": channels,
    "conversations/busy-times": busy_times,
    "conversations/drilldown": lambda it: drilldown(it, Measured(it.account, it.asked).active),
    "conversations/fields-drilldown": fields_drilldown,
    "conversations/new": lambda it: series(it, "count", lambda found: len(found.by_customers), "start"),
    "conversations/new-drilldown": lambda it: drilldown(it, Measured(it.account, it.asked).by_customers),
    "conversations/received-messages": messages,
    "email": email,
    "chat": chat,
    "phone": phone,
    "productivity": productivity,
    "productivity/first-response-time": lambda it: series(it, "time", _time(first=True)),
    "productivity/response-time": lambda it: series(it, "time", _time(first=False)),
    "productivity/resolution-time": lambda it: series(it, "time", lambda found: whole(found.resolution_seconds()) or 0),
    "productivity/replies-sent": lambda it: series(it, "replies", lambda found: len(found.replies)),
    "productivity/resolved": lambda it: series(it, "resolved", lambda found: len(found.resolved)),
    "happiness": happiness,
    "happiness/ratings": ratings,
    "user": user,
    "user/conversation-history": history,
    "user/customers-helped": lambda it: series(it, "customers", lambda found: len(found.helped)),
    "user/replies": lambda it: series(it, "replies", lambda found: len(found.replies)),
    "user/resolutions": lambda it: series(it, "resolved", lambda found: len(found.resolved)),
    "user/drilldown": lambda it: drilldown(it, Measured(it.account, it.asked, it.users).active),
    "user/happiness": happiness,
    "user/ratings": ratings,
    "user/chat": user_chat,
}
"""All but the docs report, which has nothing to measure."""
