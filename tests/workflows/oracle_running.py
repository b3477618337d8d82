"""What workflows do to conversations, played through the plain way: see ``oracle.py``. Times stand still while they run."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from tests.workflows.oracle import Case, Entry, Moment, holds, length, moments

DEEPEST = 5
REPLIES_A_DAY = 5
UNIQUE = 10**9  # ids of entries that only the play knows


@dataclass(frozen=True)
class Rule:
    """An active automatic workflow."""

    id: int
    inbox: int
    order: int
    once: bool
    conditions: list[dict[str, Any]] = field(hash=False)
    actions: list[dict[str, Any]] = field(hash=False)


@dataclass(frozen=True)
class Operation:
    """Something happened to a conversation; ``chain`` are the workflows whose runs led here."""

    conversation: int
    at: datetime
    triggers: frozenset[str]
    said: Entry | None
    chain: tuple[int, ...] = ()


class Ran(Struct, frozen=True, order=True):
    """What is recorded of a run."""

    workflow: int
    conversation: int
    state: str
    depth: int


class Play:
    """Conversations and rules; ``happened`` and then ``until`` let the rules act. ``works`` has pairs of owner and inbox."""

    def __init__(self, rules: list[Rule], works: set[tuple[int, int]]) -> None:
        self.works = works
        self.rules = {each.id: each for each in rules}
        self.cases: dict[int, Case] = {}
        self.runs: list[Ran] = []
        self._queue: list[tuple[datetime, int, Operation]] = []
        self._waiting: dict[tuple[int, int], tuple[datetime, int, Operation]] = {}
        self._wakes: dict[int, tuple[datetime, int]] = {}
        self._number = 0

    def happened(self, operation: Operation) -> None:
        """An operation ended."""
        if self.cases[operation.conversation].state == "published":
            heapq.heappush(self._queue, (operation.at, self._next(), operation))

    def until(self, now: datetime) -> None:
        """Everything that is due by now, one after another."""
        while True:
            due = [(*when[:2], self._look_again, key) for key, when in self._waiting.items() if when[0] <= now]
            due += [(*when, self._wake, key) for key, when in self._wakes.items() if when[0] <= now]  # type: ignore[misc]
            due += [(*when[:2], self._take, None) for when in self._queue[:1]]  # type: ignore[misc]
            if not due:
                return
            _, _, act, key = min(due, key=lambda each: each[:2])
            act(now, key)

    def _look_again(self, now: datetime, key: tuple[int, int]) -> None:
        rule, (_, number, operation) = self.rules[key[0]], self._waiting.pop(key)
        if not self._fires(rule, operation, now):
            self._waits(rule, operation, now, number)

    def _wake(self, now: datetime, conversation: int) -> None:
        del self._wakes[conversation]
        case = self.cases[conversation]
        if case.snoozed and case.state != "deleted":
            case.snoozed, triggers = False, {"woken"}
            if case.status in ("closed", "spam"):
                case.status = "active"
                case.entries.append(replace(self._entry("lineitem", now), status="active"))
                triggers.add("status-changed")
            self.happened(Operation(conversation, now, frozenset(triggers), None))

    def _take(self, now: datetime, _: None) -> None:
        self._consider(heapq.heappop(self._queue)[2], now)

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _consider(self, operation: Operation, now: datetime) -> None:
        inbox = self.cases[operation.conversation].inbox
        for rule in sorted((each for each in self.rules.values() if each.inbox == inbox), key=lambda each: each.order):
            case = self.cases[operation.conversation]
            if case.inbox != inbox or case.state != "published":
                return
            if not self._fires(rule, operation, now):
                self._waits(rule, operation, now, self._next())

    def _may(self, rule: Rule, case: Case) -> bool:
        ran = any(each.workflow == rule.id and each.conversation == case.id and each.state != "stopped" for each in self.runs)
        return case.state == "published" and case.inbox == rule.inbox and not (rule.once and ran)

    def _fires(self, rule: Rule, operation: Operation, now: datetime) -> bool:
        """Whether it did, or was stopped."""
        case = self.cases[operation.conversation]
        if not self._may(rule, case) or not holds(rule.conditions, case, self._moment(operation, case, now)):
            return False
        depth = len(operation.chain) + 1
        if rule.id in operation.chain or depth > DEEPEST:
            self.runs.append(Ran(rule.id, case.id, "stopped", depth))
            return True
        case.entries.append(self._entry("lineitem", now))
        self._touched: set[str] = set()
        entries = len(case.entries)
        refused = [self._act(action, case, operation, now) for action in rule.actions]
        state = "done" if not any(refused) else "refused" if all(refused) else "partly"
        self.runs.append(Ran(rule.id, case.id, state, depth))
        said = [each for each in case.entries[entries:] if each.type != "lineitem"]
        if self._touched:  # what a run did is an operation, too
            last = said[-1] if said else None
            self.happened(Operation(case.id, now, frozenset(self._touched), last, (*operation.chain, rule.id)))
        return True

    def _waits(self, rule: Rule, operation: Operation, now: datetime, number: int) -> None:
        case = self.cases[operation.conversation]
        moment = self._moment(operation, case, now)
        if not self._may(rule, case) or holds(rule.conditions, case, moment):
            return
        for each in moments(rule.conditions, case):
            if each > now and holds(rule.conditions, case, replace(moment, now=each)):
                old = self._waiting.get((rule.id, case.id))
                self._waiting[rule.id, case.id] = (each, old[1] if old else number, operation)
                return

    def _moment(self, operation: Operation, case: Case, now: datetime) -> Moment:
        """What was said is looked up again: it may be hidden by now, or have got another id."""
        known = operation.said
        found = [each for each in case.published(quiet=True) if known and _same(each, known)]
        return Moment(now, set(operation.triggers), found[0] if found else None)

    def _act(self, action: dict[str, Any], case: Case, operation: Operation, now: datetime) -> bool:
        """Whether it is refused."""
        match action["type"]:
            case "set-status" if case.status != action["status"]:
                case.status = action["status"]
                case.waiting = now if case.status == "closed" else case.waiting
                case.entries.append(replace(self._entry("lineitem", now), status=case.status))
                self._touched.add("status-changed")
            case "assign" if case.assignee != action["to"]:
                if action["to"] is not None and (action["to"], case.inbox) not in self.works:
                    return True
                case.assignee = action["to"]
                self._touched.add("assigned")
            case "add-tags" if not set(action["tags"]) <= case.tags:
                case.tags |= set(action["tags"])
                self._touched.add("tagged")
            case "remove-tags" if set(action["tags"]) & case.tags:
                case.tags -= set(action["tags"])
                self._touched.add("tagged")
            case "add-note":
                case.entries.append(self._entry("note", now, action["text"]))
                self._touched.add("note-added")
            case "send-reply":
                self._reply(action["text"], case, operation, now)
            case "snooze":
                case.snoozed = True
                number = self._wakes.get(case.id, (now, self._next()))[1]
                self._wakes[case.id] = now + length(action["for"]), number
                self._touched.add("snoozed")
            case "move":
                case.inbox, case.fields = action["mailboxId"], {}
                self._touched.add("moved")
                if case.assignee is not None and (case.assignee, case.inbox) not in self.works:
                    case.assignee = None
                    self._touched.add("assigned")
            case "delete":
                case.state = "deleted"
        return False

    def _reply(self, text: str, case: Case, operation: Operation, now: datetime) -> None:
        replies = [each for each in case.entries if each.type == "message" and each.state == "published"]
        answered = [each for each in replies if each.by == "user" and not each.imported and each.at > operation.at]
        sent = [each for each in replies if each.by == "workflow" and each.at > now - timedelta(days=1)]
        if not answered and len(sent) < REPLIES_A_DAY:
            case.entries.append(self._entry("message", now, text))
            case.latest, case.preview, case.waiting = "user", text, now
            self._touched.add("workflow-replied")

    def _entry(self, type_: str, now: datetime, text: str = "") -> Entry:
        return Entry(UNIQUE + self._next(), now, type_, "published", "nochange", "workflow", text)


def _same(one: Entry, other: Entry) -> bool:
    """What the play says has another id than what the desk says."""
    shown = (one.at, one.type, one.by, one.body) == (other.at, other.type, other.by, other.body)
    return one.id == other.id or (other.id >= UNIQUE and shown)
