"""The figures of a report and their arithmetic, the slow and plain way: see ``oracle.py``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from statistics import fmean
from typing import Any
from zoneinfo import ZoneInfo

from tests.reports.oracle import (
    Account,
    Asked,
    Rated,
    Said,
    Talk,
    active,
    chats_in_scope,
    closings,
    in_scope,
    is_customer_message,
    is_user_message,
    replies,
    resolution,
    responses,
    said,
    seconds,
)

Figures = dict[str, Any]
MINUTE, HOUR, DAY = 60, 3600, 86_400
WAITS = [0, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY]
CHAT_WAITS = [0, MINUTE, 2 * MINUTE, 5 * MINUTE]
CHAT_MESSAGES = [0, 6, 11, 21, 31]
CHAT_DURATIONS = [0, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE]


def mean(values: list[float]) -> float | None:
    return fmean(values) if values else None


def whole(values: list[float]) -> int | None:
    return round(fmean(values)) if values else None


def share(part: float, of: float) -> float:
    return part / of if of else 0.0


def days(asked: Asked) -> int:
    return max(1, (asked.end - asked.start).days)


class Measured:
    """One interval, measured; with ``users`` what those did."""

    def __init__(self, account: Account, asked: Asked, users: set[int] | None = None) -> None:
        self.account, self.asked, self.users = account, asked, users
        self.talks = in_scope(account, asked)
        self.active = [each for each in self.talks if active(each, asked, users)]
        self.customers = {each.customer for each in self.active}
        self.replies = [(talk, each) for talk in self.talks for each in replies(talk, asked, users)]
        self.helped = {talk.customer for talk, _ in self.replies}
        self.created = [each for each in self.talks if asked.has(each.created)]
        self.by_customers = [each for each in self.created if each.by_customer is not None]
        self.by_users = [each for each in self.created if self._mine(each.by_user) and each.by_user is not None]
        closed = [(talk, each) for talk in self.talks for each in closings(talk) if asked.has(each.at)]
        self.closed = [each for _, each in closed if self._mine(each.user)]
        last = [(talk, each) for talk in self.talks if (each := resolution(talk)) and asked.has(each.at)]
        self.resolved = [(talk, each) for talk, each in last if self._mine(each.user)]
        self.waits = [
            (talk, each) for talk in self.talks for each in responses(talk) if asked.has(each.at) and self._mine(each.user)
        ]
        self.messages = [
            (talk, each) for talk in self.talks for each in said(talk) if asked.has(each.at) and is_customer_message(each)
        ]
        known = {each.id: each for each in self.talks}
        self.ratings = [
            each for each in account.ratings if each.conversation in known and asked.has(each.at) and self._mine(each.user)
        ]
        self.raters = {known[each.conversation].customer for each in self.ratings}

    def _mine(self, user: int | None) -> bool:
        return self.users is None or user in self.users

    def wait_seconds(self, *, first: bool = False) -> list[float]:
        return [
            seconds(self.account, self.asked, talk.inbox, each.since, each.at)
            for talk, each in self.waits
            if each.first or not first
        ]

    def resolution_seconds(self) -> list[float]:
        return [seconds(self.account, self.asked, talk.inbox, talk.created, each.at) for talk, each in self.resolved]

    def resolving(self) -> Figures:
        once = sum(each.replies == 1 for _, each in self.resolved)
        return {
            "resolved": len(self.resolved),
            "resolvedOnFirstReply": once,
            "percentResolvedOnFirstReply": share(once, len(self.resolved)),
            "resolutionTime": mean(self.resolution_seconds()),
            "repliesToResolve": mean([each.replies for _, each in self.resolved]) or 0.0,
            "handleTime": 0,
            "closed": len(self.closed),
        }

    def responding(self) -> Figures:
        return {"responseTime": whole(self.wait_seconds()), "firstResponseTime": whole(self.wait_seconds(first=True))}

    def company(self) -> Figures:
        users = {each.user for _, each in self.replies}
        per_day = len(self.replies) / days(self.asked)
        return {
            "customersHelped": len(self.helped),
            "closed": len(self.closed),
            "totalReplies": len(self.replies),
            "totalUsers": len(users),
            "totalDays": days(self.asked),
            "repliesPerDayPerUser": share(per_day, len(users)),
            "repliesPerDay": per_day,
            "resolvedPerDay": len(self.resolved) / days(self.asked),
        }

    def conversations(self) -> Figures:
        return {
            "totalConversations": len(self.active),
            "conversationsCreated": len(self.by_users),
            "newConversations": len(self.by_customers),
            "customers": len(self.customers),
            "conversationsPerDay": len(self.active) // days(self.asked),
        }

    def email(self) -> Figures:
        return {
            "volume": {
                "emailConversations": len(self.active),
                "emailsCreated": len(self.by_users),
                "repliesSent": len(self.replies),
                "messagesReceived": len(self.messages),
            },
            "resolutions": self.resolving(),
            "responses": self.responding(),
        }

    def productivity(self) -> Figures:
        return {
            "totalConversations": len(self.active),
            "repliesSent": len(self.replies),
            **self.resolving(),
            **self.responding(),
        }

    def happiness(self) -> Figures:
        count = Counter(each.rating for each in self.ratings)
        percent = {word: 100 * share(count[word], len(self.ratings)) for word in ("great", "okay", "not_good")}
        return {
            "great": percent["great"],
            "greatCount": count["great"],
            "okay": percent["okay"],
            "okayCount": count["okay"],
            "notGood": percent["not_good"],
            "notGoodCount": count["not_good"],
            "ratingsCount": len(self.ratings),
            "ratingsPercent": 100 * share(len(self.raters), len(self.customers)),
            "happinessScore": percent["great"] - percent["not_good"],
            "totalCustomers": len(self.customers),
            "totalCustomersWithRatings": len(self.raters),
        }

    def user(self) -> Figures:
        resolving = self.resolving()
        return {
            **resolving,
            "totalDays": days(self.asked),
            "conversationsCreated": len(self.by_users),
            "totalReplies": len(self.replies),
            "handleTime": 0.0,
            "happinessScore": self.happiness()["happinessScore"],
            "responseTime": whole(self.wait_seconds()),
            "repliesPerDay": len(self.replies) / days(self.asked),
            "customersHelped": len(self.helped),
            "totalConversations": len(self.active),
            "conversationsPerDay": len(self.active) / days(self.asked),
        }

    def busiest_day(self) -> int | None:
        zone = ZoneInfo(self.account.zone)
        mine = [each for talk in self.talks for each in said(talk) if self.asked.has(each.at) and is_user_message(each)]
        count = Counter(each.at.astimezone(zone).isoweekday() for each in mine if self._mine(each.user))
        return min(count, key=lambda day: (-count[day], day)) if count else None

    def busy_cells(self) -> Counter[tuple[int, int]]:
        zone = ZoneInfo(self.account.zone)
        moments = [each.at.astimezone(zone) for _, each in self.messages]
        return Counter((each.isoweekday(), each.hour) for each in moments)

    def phone(self) -> Figures:
        created = self.created if self.users is None else self.by_users
        return {
            "phoneConversations": len(self.active),
            "phoneCallsCreated": len(created),
            "customers": len(self.customers),
        }


class Chatted:
    """The chats of one interval, measured."""

    def __init__(self, account: Account, asked: Asked, users: set[int] | None = None) -> None:
        self.days = days(asked)
        self.chats = [each for each in chats_in_scope(account, asked) if users is None or each.user in users]
        self.waits: list[float] = []
        self.answers: list[float] = []
        self.messages: list[float] = [len(each.said) for each in self.chats]
        self.durations = [
            seconds(account, asked, each.inbox, each.created, each.ended) for each in self.chats if each.ended is not None
        ]
        for each in self.chats:
            answers = [at for at, user in each.said if user is not None]
            if answers:
                self.waits.append(seconds(account, asked, each.inbox, each.created, answers[0]))
            since = None
            for at, user in each.said:
                if user is None:
                    since = since or at
                elif since is not None:
                    self.answers.append(seconds(account, asked, each.inbox, since, at))
                    since = None

    def channel(self) -> Figures:
        ended = [each for each in self.chats if each.ended is not None]
        answered = [each for each in ended if any(user is not None for _, user in each.said)]
        return {
            "volume": {
                "chatConversations": len(self.chats),
                "completedChats": len(answered),
                "missedChats": len(ended) - len(answered),
                "chatsPerDay": len(self.chats) / self.days,
            },
            "responses": {"waitTime": whole(self.waits), "responseTime": whole(self.answers)},
            "resolutions": {"messagesPerChat": mean(self.messages) or 0.0, "duration": whole(self.durations)},
        }

    def user(self) -> Figures:
        return {
            "totalDays": self.days,
            "newConversations": len(self.chats),
            "messagesPerChat": mean(self.messages) or 0.0,
            "responseTime": whole(self.answers),
            "waitTime": whole(self.waits),
            "duration": whole(self.durations),
        }


def bucket(value: float, borders: list[int]) -> int:
    """Which range a value is in: from 1; each begins with its border."""
    return sum(value >= each for each in borders)


def busy_hours(cells: Counter[tuple[int, int]]) -> tuple[int | None, int | None]:
    """Begin and end of the hours around the busiest that have at least half of its messages."""
    if not cells:
        return None, None
    by_hour = Counter({hour: sum(count for (_, at), count in cells.items() if at == hour) for hour in range(24)})
    peak = min(by_hour, key=lambda hour: (-by_hour[hour], hour))
    first = last = peak
    while first > 0 and 2 * by_hour[first - 1] >= by_hour[peak]:
        first -= 1
    while last < 23 and 2 * by_hour[last + 1] >= by_hour[peak]:
        last += 1
    return first, last + 1


def percent_change(now: float | None, before: float | None) -> float:
    return 0.0 if not before or now is None else (now - before) / before * 100


def deltas(now: Figures, before: Figures, names: Iterable[str], points: Iterable[str] = ()) -> Figures:
    """How much each figure changed: in percent, of ``points`` by how much."""
    return {
        **{name: percent_change(now[name], before[name]) for name in names},
        **{name: now[name] - before[name] for name in points},
    }


def by_talk(pairs: list[tuple[Talk, Said]], key: Callable[[Said], int]) -> dict[int, set[int]]:
    """Conversations by what their threads carry."""
    found: dict[int, set[int]] = {}
    for talk, each in pairs:
        if key(each):
            found.setdefault(key(each), set()).add(talk.id)
    return found


def score(ratings: list[Rated]) -> float:
    count = Counter(each.rating for each in ratings)
    return 100 * share(count["great"] - count["not_good"], len(ratings))
