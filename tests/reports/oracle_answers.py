"""Whole answers of the reports, the slow and plain way: see ``oracle.py``. ``ANY`` stands for what other tests look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.reports.oracle import Account, Asked, buckets, is_user_message, said
from tests.reports.oracle_figures import (
    CHAT_DURATIONS,
    CHAT_MESSAGES,
    CHAT_WAITS,
    WAITS,
    Chatted,
    Figures,
    Measured,
    bucket,
    busy_hours,
    by_talk,
    deltas,
    score,
    share,
    whole,
)

ANY = object()
TOP = 10
REPLIES = [1, 2, 3, 4, 5, 6]


@dataclass
class Question:
    """A request: ``before`` is the interval to compare with; ``users`` who it is about."""

    account: Account
    asked: Asked
    before: Asked | None = None
    view: str = ""
    user: int = 0
    field: str = ""
    field_id: int = 0
    range: str = ""
    range_id: int = 0
    page: int = 1
    rows: int = 25
    status: str = ""
    sort: str = ""
    descending: bool = True
    rating: str = "all"

    @property
    def users(self) -> set[int] | None:
        return self.account.teams.get(self.user, {self.user}) if self.user else None


def wire(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def overall(it: Question, measure: Callable[[Asked], Figures], changes: Callable[[Figures, Figures], Figures]) -> Figures:
    """``current``, and with an interval to compare with ``previous`` and ``deltas``."""
    now = measure(it.asked)
    if it.before is None:
        return {"current": now}
    before = measure(it.before)
    return {"current": now, "previous": before, "deltas": changes(now, before)}


def dated(asked: Asked, figures: Figures) -> Figures:
    return {"startDate": wire(asked.start), "endDate": wire(asked.end), **figures}


def series(it: Question, name: str, count: Callable[[Measured], Any], date: str = "date") -> Figures:
    """One point for each bucket."""

    def points(asked: Asked) -> list[Figures]:
        cut = buckets(asked, it.view, it.account.zone)
        return [{date: wire(each.start), name: count(Measured(it.account, each, it.users))} for each in cut]

    return {"current": points(it.asked)} | ({} if it.before is None else {"previous": points(it.before)})


def ranges(it: Question, values: Callable[[Asked], list[float]], borders: list[int], **more: Any) -> Figures:
    """A breakdown that leaves empty ranges out."""
    now, before = values(it.asked), None if it.before is None else values(it.before)
    count, previous = _ranges(now, borders), _ranges(before or [], borders)
    found = [number for number in range(1, len(borders) + 1) if count[number] or previous[number]]
    rows = [
        {"id": number, "count": count[number], "percent": 100 * share(count[number], len(now))}
        | ({} if before is None else {"previousCount": previous[number], "previousPercent": ANY})
        for number in found
    ]
    return {"count": len(now), "ranges": rows} | ({} if before is None else {"previousCount": len(before)})


def _ranges(values: list[float], borders: list[int]) -> Counter[int]:
    return Counter(bucket(each, borders) for each in values)


def company(it: Question) -> Figures:
    names = ("customersHelped", "totalReplies", "repliesPerDay", "closed", "totalUsers", "repliesPerDayPerUser")
    body = overall(
        it,
        lambda asked: dated(asked, Measured(it.account, asked).company()),
        lambda now, before: deltas(now, before, names),
    )
    intervals = [it.asked] if it.before is None else [it.asked, it.before]
    people = {each.user for asked in intervals for _, each in Measured(it.account, asked).replies if each.user}
    return body | {"users": [_worker(it, each) for each in sorted(people, key=lambda each: (it.account.names[each], each))]}


def _worker(it: Question, user: int) -> Figures:
    now = Measured(it.account, it.asked, {user})
    row: Figures = {
        "user": str(user),
        "name": it.account.names[user],
        "customersHelped": len(now.helped),
        "replies": len(now.replies),
        "happinessScore": score(now.ratings),
        "handleTime": 0.0,
    }
    if it.before is not None:
        before = Measured(it.account, it.before, {user})
        row |= {
            "previousCustomersHelped": len(before.helped),
            "previousReplies": len(before.replies),
            "previousHappinessScore": score(before.ratings),
            "previousHandleTime": 0.0,
        }
    return row


def conversations(it: Question) -> Figures:
    names = ("newConversations", "totalConversations", "customers", "conversationsCreated", "conversationsPerDay")
    body = overall(
        it,
        lambda asked: dated(asked, Measured(it.account, asked).conversations()),
        lambda now, before: deltas(now, before, names),
    )
    now = Measured(it.account, it.asked)
    before = None if it.before is None else Measured(it.account, it.before)
    cells = now.busy_cells()
    day = min(cells, key=lambda cell: (-cells[cell], cell)) if cells else None
    first, last = busy_hours(cells)
    used = {name: (_used(now, name), None if before is None else _used(before, name)) for name in ("replies", "workflows")}
    tagged = sum(bool(each.tags) for each in now.active)
    body |= {
        "busiestDay": {"day": day[0], "hour": day[1], "count": cells[day]} if day else None,
        "busyTimeStart": first,
        "busyTimeEnd": last,
        "tags": {"count": tagged, "top": _top(it, now, before, _tags(now), _tags(before))},
        "customers": {"count": len(now.active), "top": _top(it, now, before, _customers(now), _customers(before))},
        **{
            name: {
                "count": len(set().union(*found.values())) if found else 0,
                "top": _top(it, now, before, *({key: len(ids) for key, ids in (each or {}).items()} for each in (found, old))),
            }
            for name, (found, old) in used.items()
        },
        "customFields": _fields(it, now, before),
    }
    return body


def _tags(it: Measured | None) -> dict[int, int]:
    return Counter(tag for each in (it.active if it else []) for tag in each.tags or {1})


def _customers(it: Measured | None) -> dict[int, int]:
    return Counter(each.customer for each in (it.active if it else []))


def _used(it: Measured, name: str) -> dict[int, set[int]]:
    """Conversations by saved reply, or by workflow."""
    pairs = [(talk, each) for talk in it.active for each in said(talk) if it.asked.has(each.at)]
    if name == "replies":
        return by_talk([(talk, each) for talk, each in pairs if is_user_message(each)], lambda each: each.saved_reply)
    return by_talk([(talk, each) for talk, each in pairs if each.type == "lineitem"], lambda each: each.workflow)


def _top(it: Question, now: Measured, before: Measured | None, count: dict[int, int], old: dict[int, int]) -> list[Figures]:
    found = sorted(count, key=lambda each: (-count[each], each))[:TOP]
    rows = []
    for each in found:
        row: Figures = {"id": each, "count": count[each], "percent": 100 * share(count[each], len(now.active))}
        if before is not None:
            percent = 100 * share(old.get(each, 0), len(before.active))
            row |= {
                "previousCount": old.get(each, 0),
                "previousPercent": percent,
                "deltaPercent": row["percent"] - percent,
            }
        rows.append(row)
    return rows


def _fields(it: Question, now: Measured, before: Measured | None) -> Figures:
    told = []
    for field_id, inbox, name, labels in it.account.dropdowns:
        if it.asked.mailboxes and inbox not in it.asked.mailboxes:
            continue
        total, values = _answers(now, field_id, inbox)
        old_total, old_values = _answers(before, field_id, inbox) if before else (0, Counter())
        open_percent = 100 * share(total - values.total(), total)
        old_percent = 100 * share(old_total - old_values.total(), old_total)
        order = sorted(values, key=lambda each: (-values[each], int(each)))
        told.append(
            {
                "id": field_id,
                "name": name,
                "mailboxId": inbox,
                "values": [
                    {"name": labels[each], "id": int(each), "count": values[each], "percent": 100 * share(values[each], total)}
                    for each in order
                ],
                "summary": {
                    "total": total,
                    "totalAnswered": values.total(),
                    "previousTotal": old_total if before else None,
                    "previousTotalAnswered": old_values.total() if before else None,
                    "unansweredDelta": open_percent - old_percent,
                    "unansweredPreviousPercent": old_percent,
                    "unansweredPercent": open_percent,
                },
            }
        )
    return {"count": len(told), "fields": told}


def _answers(it: Measured, field_id: int, inbox: int) -> tuple[int, Counter[str]]:
    here = [each for each in it.active if each.inbox == inbox]
    return len(here), Counter(each.fields[field_id] for each in here if field_id in each.fields)


def channels(it: Question) -> Figures:
    """Conversations with activity by how they began, for each bucket."""

    def points(asked: Asked) -> list[Figures]:
        cut = buckets(asked, it.view, it.account.zone)
        count = [Counter(talk.type for talk in Measured(it.account, each).active) for each in cut]
        types = ("chat", "email", "phone")
        return [
            {"date": wire(each.start), **{name: types_[name] for name in types}}
            for each, types_ in zip(cut, count, strict=True)
        ]

    return {"current": points(it.asked)} | ({} if it.before is None else {"previous": points(it.before)})


def busy_times(it: Question) -> list[Figures]:
    cells = Measured(it.account, it.asked).busy_cells()
    return [{"day": day, "hour": hour, "count": cells[day, hour]} for day, hour in sorted(cells)]


def grouped(measure: Callable[[Asked], Figures]) -> Callable[[Asked], Figures]:
    return lambda asked: dated(asked, measure(asked))


def _nested(now: Figures, before: Figures) -> Figures:
    groups = ("volume", "resolutions", "responses")
    return {group: deltas(now[group], before[group], now[group]) for group in groups if group in now}


def only(it: Question, type_: str) -> Question:
    """The same of one channel."""
    before = None if it.before is None else replace(it.before, types={type_})
    return replace(it, asked=replace(it.asked, types={type_}), before=before)


def email(it: Question) -> Figures:
    it = only(it, "email")
    return overall(it, grouped(lambda asked: Measured(it.account, asked).email()), _nested) | _breakdown(it)


def phone(it: Question) -> Figures:
    it = only(it, "phone")
    names = ("phoneConversations", "phoneCallsCreated", "customers")

    def of(asked: Asked, users: set[int] | None = None) -> Figures:
        return dated(asked, Measured(it.account, asked, users).phone())

    body = overall(it, of, lambda now, before: deltas(now, before, names))
    intervals = [it.asked] if it.before is None else [it.asked, it.before]
    people = {user for asked in intervals for user in _callers(Measured(it.account, asked))}
    rows = [
        {"id": user, "name": it.account.names[user], "current": of(it.asked, {user})}
        | ({} if it.before is None else {"previous": of(it.before, {user})})
        for user in sorted(people)
    ]
    return body | {"users": rows}


def _callers(it: Measured) -> set[int]:
    spoke = {each.user for talk in it.active for each in said(talk) if it.asked.has(each.at) and is_user_message(each)}
    return {each for each in spoke | {talk.by_user for talk in it.by_users} if each}


def chat(it: Question) -> Figures:
    body = overall(it, grouped(lambda asked: Chatted(it.account, asked).channel()), _nested)

    def block(values: Callable[[Chatted], list[float]], borders: list[int], *, by_count: bool = False) -> Figures:
        now = values(Chatted(it.account, it.asked))
        before = None if it.before is None else values(Chatted(it.account, it.before))
        count, previous = _ranges(now, borders), _ranges(before or [], borders)
        order = range(1, len(borders) + 1)
        rows = [
            {"id": number, "count": count[number], "percent": 100 * share(count[number], len(now))}
            | ({} if before is None else {"previousCount": previous[number], "previousPercent": ANY})
            for number in (sorted(order, key=lambda each: (-count[each], each)) if by_count else order)
        ]
        return {"count": len(now), "ranges": rows} | ({} if before is None else {"previousCount": len(before)})

    waits = [*CHAT_WAITS, 600]
    return body | {
        "waitTime": block(lambda found: found.waits, waits),
        "responseTime": block(lambda found: found.answers, waits),
        "messagesPerChat": block(lambda found: found.messages, CHAT_MESSAGES, by_count=True),
        "duration": block(lambda found: found.durations, CHAT_DURATIONS, by_count=True),
    }


def _breakdown(it: Question) -> Figures:

    def replies(asked: Asked) -> list[float]:
        return [each.replies for _, each in Measured(it.account, asked).resolved]

    told = ranges(it, replies, REPLIES)
    found = Measured(it.account, it.asked)
    for row in told["ranges"]:
        pairs = zip(found.resolved, found.resolution_seconds(), strict=True)
        row["resolutionTime"] = whole([took for (_, each), took in pairs if min(each.replies, 6) == row["id"]]) or 0
    return {
        "responseTime": ranges(it, lambda asked: Measured(it.account, asked).wait_seconds(), WAITS),
        "firstResponseTime": ranges(it, lambda asked: Measured(it.account, asked).wait_seconds(first=True), WAITS),
        "handleTime": {"count": 0, "ranges": []} | ({} if it.before is None else {"previousCount": 0}),
        "repliesToResolve": told,
    }


def productivity(it: Question) -> Figures:
    names = [
        "firstResponseTime",
        "handleTime",
        "repliesSent",
        "responseTime",
        "totalConversations",
        "repliesToResolve",
        "closed",
        "resolvedOnFirstReply",
        "resolutionTime",
        "resolved",
    ]
    body = overall(
        it,
        grouped(lambda asked: Measured(it.account, asked).productivity()),
        lambda now, before: deltas(now, before, names),
    )
    return body | _breakdown(it)
