"""From a conversation to the facts that reports count: the one place that says what a reply, a response and a resolution is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import IntEnum

from msgspec import Struct

from deskhand.conversations.model import (
    ConversationState,
    ConversationType,
    Status,
    ThreadState,
    ThreadStatus,
    ThreadType,
)

EVER = -(2**62)
"""``before`` of the first that was said: earlier than the calendar begins."""

EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
SECOND = timedelta(seconds=1)

TALK = frozenset({ThreadType.CHAT, ThreadType.PHONE, ThreadType.BEACON_CHAT})
BY_CUSTOMER = TALK | {ThreadType.CUSTOMER}
BY_USER = TALK | {ThreadType.MESSAGE}
ANSWERS = BY_USER - {ThreadType.PHONE}
UNSAID = frozenset({ThreadState.DRAFT, ThreadState.REVIEW})

OfficeSeconds = Callable[[int, int], int]
"""The office hours between two instants, in seconds, as an inbox counts them."""


class Kind(IntEnum):
    """What happened."""

    CUSTOMER_MESSAGE = 1
    USER_MESSAGE = 2  # that is no reply: a call, or an imported one
    REPLY = 3
    CLOSING = 4
    START = 5
    WORKFLOW = 6


class Talk(Struct, frozen=True):
    """A conversation, as far as facts depend on it."""

    id: int
    inbox_id: int
    customer_id: int
    type: ConversationType
    status: Status
    state: ConversationState
    merged_into: int | None
    created_by_user_id: int | None
    created_at: datetime


class Entry(Struct, frozen=True):
    """A thread, likewise; in the order of ``(created_at, id)``."""

    id: int
    conversation_id: int
    type: ThreadType
    status: ThreadStatus
    state: ThreadState
    created_by_user_id: int | None
    created_by_customer_id: int | None
    saved_reply_id: int | None
    action_entities: dict[str, int] | None
    imported: bool
    created_at: datetime
    automatic: bool | None = None


class Fact(Struct, frozen=True):
    """A row that reports count.

    ``id`` is the thread's, of a start the conversation's. ``at`` is in seconds since 1970, ``before`` the same of what was
    said before in the conversation. ``used_id`` is the saved reply or the workflow. ``seconds`` is how long the customer
    waited for a reply, or how long a resolution took, ``office_seconds`` how much of it fell into office hours;
    ``replies`` only a closing has that is the resolution.
    """

    kind: int
    at: int
    id: int
    conversation_id: int
    inbox_id: int
    customer_id: int
    channel: ConversationType
    user_id: int | None = None
    used_id: int | None = None
    before: int = EVER
    is_first: bool = False
    seconds: int | None = None
    office_seconds: int | None = None
    replies: int | None = None


def facts_of(it: Talk, entries: Sequence[Entry], office: OfficeSeconds | None) -> list[Fact]:
    """The facts of a conversation; none of one that is a draft, deleted, merged away or spam.

    Without office hours ``office`` is None, and every second counts.
    """
    if it.state is not ConversationState.PUBLISHED or it.status is Status.SPAM or it.merged_into is not None:
        return []
    return _Telling(it, office).of([each for each in entries if each.state not in UNSAID and not each.automatic])


def seconds_of(instant: datetime) -> int:
    """Whole seconds since 1970, rounded down."""
    return (instant - EPOCH) // SECOND


class _Telling:
    """One walk through what was said."""

    def __init__(self, it: Talk, office: OfficeSeconds | None) -> None:
        self._it = it
        self._office = office
        self._facts: list[Fact] = []
        self._before = EVER
        self._waits: int | None = None  # since when the customer waits
        self._answered = False
        self._replies = 0
        self._status: ThreadStatus | None = None
        self._closing: tuple[Entry, int] | None = None  # the last one, and the replies up to it

    def of(self, entries: list[Entry]) -> list[Fact]:
        it = self._it
        self._add(Kind.START, seconds_of(it.created_at), it.id, user_id=it.created_by_user_id)
        for entry in entries:
            if entry.type in BY_CUSTOMER and entry.created_by_customer_id is not None:
                self._heard(entry)
            elif entry.type in BY_USER and entry.created_by_user_id is not None:
                self._said(entry)
            elif entry.type is ThreadType.LINE_ITEM and (used := (entry.action_entities or {}).get("workflow")):
                self._add(Kind.WORKFLOW, seconds_of(entry.created_at), entry.id, used_id=used)
            self._turned(entry)
        self._resolve()
        return self._facts

    def _add(self, kind: Kind, at: int, id: int, **more: int | bool | None) -> None:
        it = self._it
        self._facts.append(
            Fact(
                kind=int(kind),
                at=at,
                id=id,
                conversation_id=it.id,
                inbox_id=it.inbox_id,
                customer_id=it.customer_id,
                channel=it.type,
                **more,  # type: ignore[arg-type]
            )
        )

    def _heard(self, entry: Entry) -> None:
        at = seconds_of(entry.created_at)
        self._add(Kind.CUSTOMER_MESSAGE, at, entry.id, before=self._before)
        self._before = at
        if self._waits is None:
            self._waits = at

    def _said(self, entry: Entry) -> None:
        at = seconds_of(entry.created_at)
        answers = entry.type in ANSWERS
        kind = Kind.REPLY if answers and not entry.imported else Kind.USER_MESSAGE
        told: dict[str, int | bool | None] = {"user_id": entry.created_by_user_id, "used_id": entry.saved_reply_id or None}
        if kind is Kind.REPLY:
            self._replies += 1
            if self._waits is not None:
                told |= self._measured(self._waits, at)
                told["is_first"] = not self._answered and self._it.created_by_user_id is None
        self._add(kind, at, entry.id, before=self._before, **told)
        self._before = at
        if answers:
            self._waits = None
            self._answered = True

    def _turned(self, entry: Entry) -> None:
        """A status that an entry set; closed after anything else is a closing, and nobody waits any more."""
        if entry.status is ThreadStatus.NO_CHANGE:
            return
        if entry.status is ThreadStatus.CLOSED and self._status is not ThreadStatus.CLOSED:
            self._close()
            self._closing = (entry, self._replies)
            self._waits = None
        self._status = entry.status

    def _close(self, **told: int | None) -> None:
        """Keep the last closing, as one among others unless more is told of it."""
        if self._closing is not None:
            entry, _ = self._closing
            self._add(Kind.CLOSING, seconds_of(entry.created_at), entry.id, user_id=entry.created_by_user_id, **told)

    def _resolve(self) -> None:
        """The last closing of all, if there was a reply, is the resolution."""
        if self._closing is not None and self._closing[1]:
            entry, replies = self._closing
            taken = self._measured(seconds_of(self._it.created_at), seconds_of(entry.created_at))
            self._close(replies=replies, **taken)
        else:
            self._close()

    def _measured(self, since: int, until: int) -> dict[str, int]:
        seconds = until - since
        return {"seconds": seconds, "office_seconds": self._office(since, until) if self._office else seconds}
