"""What the reports measure, found again the slow and plain way: a walk over each conversation's threads, nothing shared with
the room. ``docs/api/reports.md`` is what it follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SPEAKS = ("customer", "chat", "phone", "beaconchat")
SECOND = timedelta(seconds=1)
NO_TAG = 1


@dataclass
class Said:
    """A thread."""

    id: int
    at: datetime
    type: str
    state: str
    status: str
    user: int | None
    customer: int | None
    imported: bool
    saved_reply: int
    workflow: int


@dataclass
class Talk:
    """A conversation with its threads, oldest first."""

    id: int
    number: int
    inbox: int
    folder: int
    customer: int
    type: str
    status: str
    state: str
    merged: bool
    by_user: int | None
    by_customer: int | None
    created: datetime
    modified: datetime
    tags: set[int] = field(default_factory=set)
    fields: dict[int, str] = field(default_factory=dict)
    threads: list[Said] = field(default_factory=list)


@dataclass
class Response:
    """A customer waited from ``since`` until ``at``."""

    since: datetime
    at: datetime
    user: int
    first: bool


@dataclass
class Closing:
    """Somebody closed it, after so many replies."""

    at: datetime
    user: int | None
    replies: int


@dataclass
class Chat:
    """A live chat: what was said when, by a user or (None) the customer."""

    inbox: int
    conversation: int | None
    user: int | None
    created: datetime
    ended: datetime | None
    said: list[tuple[datetime, int | None]]


@dataclass
class Rated:
    """A rating, of which thread's author."""

    conversation: int
    user: int | None
    rating: str
    at: datetime


@dataclass
class Hours:
    """When an office is open: periods of local time per weekday, Monday first."""

    zone: str
    week: list[list[tuple[time, time]]]

    def between(self, since: datetime, until: datetime) -> float:
        """The open seconds between two instants."""
        zone, total = ZoneInfo(self.zone), 0.0
        day = since.astimezone(zone).date() - timedelta(days=1)
        last = until.astimezone(zone).date()
        while day <= last:
            for opens, closes in self.week[day.weekday()]:
                start, end = _instant(day, opens, zone), _instant(day, closes, zone)
                total += max(0.0, (min(end, until) - max(start, since)).total_seconds())
            day += timedelta(days=1)
        return total


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


@dataclass
class Account:
    """Everything there is, and the account's zone."""

    talks: list[Talk]
    chats: list[Chat]
    ratings: list[Rated]
    names: dict[int, str]
    teams: dict[int, set[int]]
    tag_names: dict[int, str]
    reply_names: dict[int, tuple[str, int]]
    dropdowns: list[tuple[int, int, str, dict[str, str]]]
    """Field id, inbox id, name, label by option id; in the order in which they are told."""
    zone: str = "UTC"
    hours: Hours | None = None
    inbox_hours: dict[int, Hours] = field(default_factory=dict)


@dataclass
class Asked:
    """What a report is asked for: an interval with both ends, and filters that are off when empty."""

    start: datetime
    end: datetime
    mailboxes: set[int] = field(default_factory=set)
    tags: set[int] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    folders: set[int] = field(default_factory=set)
    office: bool = False
    inboxes: set[int] | None = None
    """The inboxes that whoever asks may see; None for all."""

    def has(self, moment: datetime) -> bool:
        return self.start <= moment < self.end + SECOND


def said(it: Talk) -> Iterator[Said]:
    """What was really said or done, in order."""
    return (each for each in sorted(it.threads, key=lambda each: (each.at, each.id)) if each.state not in ("draft", "review"))


def is_customer_message(it: Said) -> bool:
    return it.type in SPEAKS and it.customer is not None


def is_user_message(it: Said) -> bool:
    return it.type in ("message", "chat", "phone", "beaconchat") and it.user is not None


def is_any_reply(it: Said) -> bool:
    return is_user_message(it) and it.type != "phone"


def is_reply(it: Said) -> bool:
    return is_any_reply(it) and not it.imported


def responses(it: Talk) -> list[Response]:
    """Each time a customer had waited and was answered."""
    found, since, answered, status = [], None, False, ""
    for each in said(it):
        if is_customer_message(each):
            since = since or each.at
        elif is_any_reply(each):
            if since is not None and is_reply(each):
                assert each.user is not None
                found.append(Response(since, each.at, each.user, not answered and it.by_customer is not None))
            answered, since = True, None
        if each.status == "closed" and status != "closed":
            since = None
        status = status if each.status == "nochange" else each.status
    return found


def closings(it: Talk) -> list[Closing]:
    """Each time it was closed."""
    found, replies, status = [], 0, ""
    for each in said(it):
        replies += is_reply(each)
        if each.status == "closed" and status != "closed":
            found.append(Closing(each.at, each.user, replies))
        status = status if each.status == "nochange" else each.status
    return found


def resolution(it: Talk) -> Closing | None:
    """The closing that resolved it."""
    last = closings(it)[-1:]
    return last[0] if last and last[0].replies else None


def in_scope(account: Account, asked: Asked) -> list[Talk]:
    """The conversations that the filters leave."""
    return [each for each in account.talks if _matches(each, asked)]


def _matches(it: Talk, asked: Asked) -> bool:
    return (
        it.state == "published"
        and it.status != "spam"
        and not it.merged
        and (asked.inboxes is None or it.inbox in asked.inboxes)
        and (not asked.mailboxes or it.inbox in asked.mailboxes)
        and (not asked.folders or it.folder in asked.folders)
        and (not asked.types or it.type in asked.types)
        and (not asked.tags or bool((it.tags or {NO_TAG}) & asked.tags))
    )


def chats_in_scope(account: Account, asked: Asked) -> list[Chat]:
    """The chats of the interval that the filters leave."""
    talks = {each.id: each for each in account.talks}

    def matches(it: Chat) -> bool:
        talk = talks.get(it.conversation or 0)
        tags = (talk.tags if talk else set()) or {NO_TAG}
        return (
            asked.has(it.created)
            and (asked.inboxes is None or it.inbox in asked.inboxes)
            and (not asked.mailboxes or it.inbox in asked.mailboxes)
            and (not asked.tags or bool(tags & asked.tags))
            and (not asked.folders or (talk is not None and talk.folder in asked.folders))
        )

    return [each for each in account.chats if matches(each)]


def active(it: Talk, asked: Asked, users: set[int] | None = None) -> bool:
    """Whether somebody (of these users) said something in the interval."""
    return any(
        asked.has(each.at) and ((users is None and is_customer_message(each)) or _by(each, users, is_user_message))
        for each in said(it)
    )


def replies(it: Talk, asked: Asked, users: set[int] | None = None) -> list[Said]:
    """The replies (of these users) in the interval."""
    return [each for each in said(it) if asked.has(each.at) and _by(each, users, is_reply)]


def _by(it: Said, users: set[int] | None, rule: Callable[[Said], bool]) -> bool:
    return rule(it) and (users is None or it.user in users)


def seconds(account: Account, asked: Asked, inbox: int, since: datetime, until: datetime) -> float:
    """How long it took, in office hours if they are asked for and there are any."""
    hours = account.inbox_hours.get(inbox, account.hours) if asked.office else None
    return hours.between(since, until) if hours else (until - since).total_seconds()


def buckets(asked: Asked, view: str, zone: str) -> list[Asked]:
    """The interval cut into days, weeks or months of local time, counted from its start; one piece without ``view``."""
    starts, number = [asked.start], 1
    while view and (start := _step(asked.start, view, number, zone)) < asked.end + SECOND:
        starts.append(start)
        number += 1
    ends = [each - SECOND for each in starts[1:]] + [asked.end]
    return [_within(asked, start, end) for start, end in zip(starts, ends, strict=True)]


def _within(asked: Asked, start: datetime, end: datetime) -> Asked:
    return Asked(start, end, asked.mailboxes, asked.tags, asked.types, asked.folders, asked.office, asked.inboxes)


def _step(start: datetime, view: str, number: int, zone: str) -> datetime:
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if view == "month":
        month = local.month - 1 + number
        year, month = local.year + month // 12, month % 12 + 1
        longest = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
        local = local.replace(year=year, month=month, day=min(local.day, longest))
    else:
        local += timedelta(days=number * (7 if view == "week" else 1))
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
