"""Random rules: conditions and actions that could be of somebody's workflow, and some that nobody would write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.histories import WORDS

Condition = dict[str, Any]
TRIGGERS = [
    "created",
    "customer-replied",
    "user-replied",
    "workflow-replied",
    "note-added",
    "status-changed",
    "assigned",
    "moved",
    "tagged",
    "fields-changed",
    "subject-changed",
    "customer-changed",
    "snoozed",
    "woken",
    "merged",
    "rated",
]
STATUSES = ["active", "pending", "closed", "spam"]
WORD_FIELDS = {
    "status": STATUSES,
    "type": ["email", "chat", "phone"],
    "via": ["customer", "user"],
    "latest-reply-from": ["customer", "user"],
    "rating": ["great", "okay", "not_good"],
    "thread.by": ["customer", "user", "workflow"],
    "thread.type": ["customer", "message", "note", "chat", "phone"],
}
TEXT_FIELDS = [
    "subject",
    "preview",
    "body",
    "thread.body",
    "customer.email",
    "customer.domain",
    "customer.name",
    "source",
    "cc",
]
SPANS = ["waiting", "since-created", "since-customer-reply", "since-user-reply", "since-status-change"]
ONE = ["is", "is-not", "contains", "does-not-contain", "starts-with", "ends-with", "matches", "does-not-match"]
SEVERAL = ["is-any-of", "is-none-of", "contains-any-of", "contains-none-of"]
EMPTY = ["is-empty", "is-not-empty"]


@dataclass
class Known:
    """What there is to name in the account; ``dropdowns`` options by field, of this inbox."""

    inboxes: list[int]
    owners: list[int]
    tags: list[int]
    dropdowns: dict[int, list[int]]
    emails: list[str]


class Rules:
    """Makes conditions and actions of an inbox's workflows."""

    def __init__(self, random: Random, known: Known, inbox: int) -> None:
        self.random, self.known, self.inbox = random, known, inbox

    def conditions(self, *, automatic: bool, spans: bool = True) -> list[Condition]:
        """One to three entries, seldom with groups in groups."""
        return [self.entry(automatic, spans, 0) for _ in range(self.random.randrange(1, 4))]

    def entry(self, automatic: bool, spans: bool, depth: int) -> Condition:
        if depth < 3 and self.random.random() < 0.3:
            word = self.random.choice(["all", "any", "any"])
            return {word: [self.entry(automatic, spans, depth + 1) for _ in range(self.random.randrange(1, 4))]}
        kinds: list[Callable[[], Condition]] = [
            self.word,
            self.word,
            self.text,
            self.text,
            self.reference,
            self.number,
            self.flag,
        ]
        if spans:
            kinds.append(self.span)
        while True:
            made = self.random.choice([self.trigger, *kinds] if automatic else kinds)()
            if automatic or not made["field"].startswith("thread."):
                return made

    def trigger(self) -> Condition:
        comparison = self.random.choice(["is", "is-any-of", "is-any-of", "is-none-of", "is-not"])
        several = self.random.sample(TRIGGERS, self.random.randrange(1, 6))
        return {"field": "trigger", "comparison": comparison, "value": several if "of" in comparison else several[0]}

    def word(self) -> Condition:
        field = self.random.choice(list(WORD_FIELDS))
        comparison = self.random.choice(["is", "is-not", "is-any-of", "is-none-of", *(EMPTY if field == "rating" else [])])
        return self._complete(field, comparison, self.random.sample(WORD_FIELDS[field], 2))

    def text(self) -> Condition:
        field = self.random.choice(TEXT_FIELDS)
        comparison = self.random.choice(ONE + SEVERAL + EMPTY)
        words = [self.piece(pattern="match" in comparison) for _ in range(3)]
        return self._complete(field, comparison, words)

    def piece(self, *, pattern: bool) -> str:
        """A text, or part of one; in a pattern with wildcards."""
        text = self.random.choice([*WORDS, *self.known.emails, "api", "Where is it"])
        if self.random.random() < 0.5:
            start = self.random.randrange(len(text))
            text = text[start : start + self.random.randrange(1, 7)].strip() or text
        if pattern:
            place = self.random.randrange(len(text))
            text = self.random.choice(
                [f"*{text}*", f"{text[:place]}*", f"{text[:place]}?{text[place + 1 :]}", f"*{text[place:]}"]
            )
        return self.random.choice([text, text.upper()])

    def reference(self) -> Condition:
        kinds: list[tuple[str, list[int], list[str]]] = [
            ("mailbox", self.known.inboxes, []),
            ("assignee", self.known.owners, EMPTY),
            ("tag", self.known.tags, EMPTY),
        ]
        field, ids, more = self.random.choice(kinds)
        comparison = self.random.choice(["is", "is-not", "is-any-of", "is-none-of", *more])
        if self.known.dropdowns and self.random.random() < 0.3:
            field_id = self.random.choice(list(self.known.dropdowns))
            comparison = self.random.choice(["is", "is-not", "is-any-of", "is-none-of", *EMPTY])
            options = self.known.dropdowns[field_id]
            return self._complete("custom-field", comparison, self.random.sample(options, 2)) | {"id": field_id}
        return self._complete(field, comparison, self.random.sample(ids, min(2, len(ids))))

    def number(self) -> Condition:
        comparison = self.random.choice(["is", "is-not", "greater-than", "less-than"])
        return {"field": "threads", "comparison": comparison, "value": self.random.choice([0, 1, 2, 3, "2", "2.0"])}

    def flag(self) -> Condition:
        field = self.random.choice(["has-attachments", "snoozed"])
        return {"field": field, "comparison": "is", "value": self.random.choice([True, False])}

    def span(self) -> Condition:
        span = self.random.choice(["20 minutes", "1 hour", "5 hours", "1 day", "3 days"])
        comparison = self.random.choice(["longer-than", "longer-than", "shorter-than"])
        return {"field": self.random.choice(SPANS), "comparison": comparison, "value": span}

    def _complete(self, field: str, comparison: str, values: list[Any]) -> Condition:
        made: Condition = {"field": field, "comparison": comparison}
        if comparison in EMPTY:
            return made
        return made | {"value": values if "of" in comparison.split("-") else values[0]}

    def actions(self) -> list[dict[str, Any]]:
        """One to three things to do, that can be done to any conversation of the inbox or are refused."""
        random, known = self.random, self.known
        makers: list[Callable[[], dict[str, Any]]] = [
            lambda: {"type": "set-status", "status": random.choice(STATUSES)},
            lambda: {"type": "assign", "to": random.choice([*known.owners, None])},
            lambda: {"type": "add-tags", "tags": random.sample(known.tags, random.randrange(1, 3))},
            lambda: {"type": "remove-tags", "tags": random.sample(known.tags, random.randrange(1, 3))},
            lambda: {"type": "add-note", "text": random.choice(WORDS)},
            lambda: {"type": "send-reply", "text": random.choice(WORDS)},
            lambda: {"type": "snooze", "for": random.choice(["1 hour", "2 days"])},
        ]
        made = [random.choice(makers)() for _ in range(random.randrange(1, 4))]
        elsewhere = [each for each in known.inboxes if each != self.inbox]
        if random.random() < 0.15:
            made.append({"type": "move", "mailboxId": random.choice(elsewhere)})
        elif random.random() < 0.05:
            made.append({"type": "delete"})
        return made
