"""What a workflow's conditions say of a conversation, interpreted the plain way: nothing is shared with the room.

``docs/api/workflows.md`` is what it follows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

Condition = dict[str, Any]
SPOKEN = ("customer", "chat", "phone", "beaconchat")
UNITS = {"minute": 60, "hour": 3600, "day": 86_400}
OPPOSITE = {
    "is-not": "is",
    "is-none-of": "is-any-of",
    "does-not-contain": "contains",
    "contains-none-of": "contains-any-of",
    "does-not-match": "matches",
    "is-empty": "is-not-empty",
}


@dataclass
class Entry:
    """A thread. ``by`` is ``customer``, ``user`` or ``workflow``."""

    id: int
    at: datetime
    type: str
    state: str
    status: str
    by: str
    body: str = ""
    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)
    rating: str | None = None
    imported: bool = False


@dataclass
class Case:
    """A conversation as it is: values as they are stored, entries oldest first."""

    id: int
    inbox: int
    status: str
    state: str
    type: str
    via: str
    source: str
    assignee: int | None
    tags: set[int]
    subject: str
    preview: str
    cc: list[str]
    has_attachments: bool
    snoozed: bool
    latest: str
    waiting: datetime
    created: datetime
    fields: dict[int, str]
    kinds: dict[int, str]
    emails: list[str]
    name: str
    organization: str
    entries: list[Entry]

    def published(self, *, quiet: bool = False) -> list[Entry]:
        """What was said, with ``quiet`` notes as well."""
        silent = ("lineitem",) if quiet else ("lineitem", "note")
        return [each for each in self.entries if each.state == "published" and each.type not in silent]


@dataclass
class Moment:
    """What happened: the triggers, the entry that was said, and the time. ``triggers`` None: any will do."""

    now: datetime
    triggers: set[str] | None = None
    said: Entry | None = None


def holds(conditions: list[Condition], it: Case, when: Moment) -> bool:
    """Whether all of them hold."""
    return all(_holds(each, it, when) for each in conditions)


def _holds(condition: Condition, it: Case, when: Moment) -> bool:
    if "all" in condition:
        return all(_holds(each, it, when) for each in condition["all"])
    if "any" in condition:
        return any(_holds(each, it, when) for each in condition["any"])
    name, comparison = condition["field"], condition["comparison"]
    if name == "trigger" and when.triggers is None:
        return True
    if name.startswith("thread.") and when.said is None:
        return False
    if comparison in ("longer-than", "shorter-than"):
        since = _since(name, it)
        if since is None:
            return False
        is_longer = when.now - since >= length(condition["value"])
        return is_longer if comparison == "longer-than" else not is_longer
    positive = OPPOSITE.get(str(comparison), str(comparison))
    found = any(_compares(positive, each, condition, it) for each in _values(condition, it, when))
    return found if positive == comparison else not found


def length(span: str) -> timedelta:
    """``4 hours``."""
    number, unit = span.split()
    return timedelta(seconds=int(number) * UNITS[unit.rstrip("s")])


def moments(conditions: list[Condition], it: Case) -> list[datetime]:
    """When the spans of these conditions reach their length, in order."""
    found = []
    for each in conditions:
        if "all" in each or "any" in each:
            found += moments(each["all"] if "all" in each else each["any"], it)
        elif each["comparison"] in ("longer-than", "shorter-than") and (since := _since(each["field"], it)):
            found.append(since + length(each["value"]))
    return sorted(found)


def _since(name: str, it: Case) -> datetime | None:
    heard = [each.at for each in it.published() if each.type in SPOKEN]
    answered = [each.at for each in it.published() if each.type == "message"]
    if name == "waiting":
        return it.waiting if it.latest == "customer" and it.status in ("active", "pending") else None
    if name == "since-status-change":
        return _status_changed(it)
    if name == "since-created":
        return it.created
    found = heard if name == "since-customer-reply" else answered
    return max(found) if found else None


def _status_changed(it: Case) -> datetime:
    """When the unbroken row of entries began that have today's status; if that is all of them, when it was created."""
    told = [each for each in it.entries if each.state == "published" and each.status != "nochange"]
    others = [place for place, each in enumerate(told) if each.status != it.status]
    row = told[others[-1] + 1 :] if others else []
    return row[0].at if row else it.created


def _values(condition: Condition, it: Case, when: Moment) -> list[Any]:
    """What is compared: nothing, one value, or several."""
    name = condition["field"]
    ratings = [each.rating for each in it.published(quiet=True) if each.rating]
    said = when.said
    known: dict[str, Any] = {
        "trigger": sorted(when.triggers or ()),
        "status": it.status,
        "type": it.type,
        "via": it.via,
        "source": it.source,
        "mailbox": it.inbox,
        "assignee": it.assignee,
        "tag": sorted(it.tags),
        "subject": it.subject,
        "preview": it.preview,
        "body": [each.body for each in it.published()],
        "cc": it.cc,
        "has-attachments": it.has_attachments,
        "snoozed": it.snoozed,
        "threads": len(it.published()),
        "rating": ratings[-1] if ratings else None,
        "latest-reply-from": it.latest,
        "created-at": it.created,
        "custom-field": it.fields.get(condition.get("id", 0)),
        "customer.email": it.emails,
        "customer.domain": [each.partition("@")[2] for each in it.emails],
        "customer.name": it.name,
        "customer.organization": it.organization,
        "thread.by": said and said.by,
        "thread.type": said and said.type,
        "thread.body": said and said.body,
        "thread.to": said and said.to,
        "thread.cc": said and said.cc,
    }
    value = known[name]
    values = value if isinstance(value, list) else [] if value is None else [value]
    kind = it.kinds.get(condition.get("id", 0), "") if name == "custom-field" else ""
    if kind == "number":
        return [each for each in map(_number, values) if each is not None]
    if kind == "date":
        return [each for each in map(_date, values) if each is not None]
    if kind == "dropdown":
        return [int(each) for each in values]
    return [each for each in values if not isinstance(each, str) or folded(each)]


def _compares(comparison: str, value: Any, condition: Condition, it: Case) -> bool:
    """One value by a positive comparison."""
    if comparison == "is-not-empty":
        return True
    asked: Any = condition["value"]
    if isinstance(value, Decimal) or condition["field"] == "threads":
        value, other = Decimal(value), Decimal(str(asked))
        return bool({"is": value == other, "greater-than": value > other, "less-than": value < other}[comparison])
    if isinstance(value, datetime):
        other_moment = datetime.fromisoformat(str(asked)).astimezone(UTC)
        return value < other_moment if comparison == "before" else value > other_moment
    if isinstance(value, date):
        other_day = date.fromisoformat(str(asked))
        return {"is": value == other_day, "before": value < other_day, "after": value > other_day}[comparison]
    if isinstance(value, str):
        return _reads(comparison, folded(value), asked)
    return bool(value in asked if comparison == "is-any-of" else value == asked)


def _reads(comparison: str, text: str, asked: Any) -> bool:
    words = [folded(each) for each in (asked if isinstance(asked, list) else [asked])]
    rules: dict[str, Callable[[str], bool]] = {
        "is": lambda word: text == word,
        "contains": lambda word: word in text,
        "starts-with": text.startswith,
        "ends-with": text.endswith,
        "matches": lambda word: _fits(text, word),
    }
    return any(map(rules[comparison.removesuffix("-any-of")], words))


def _fits(text: str, pattern: str) -> bool:
    """Whether a text is as ``*`` and ``?`` say, the slow way."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return _fits(text, pattern[1:]) or (bool(text) and _fits(text[1:], pattern))
    return bool(text) and pattern[0] in ("?", text[0]) and _fits(text[1:], pattern[1:])


def folded(text: str) -> str:
    """As texts are compared."""
    return " ".join(text.casefold().split())


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
