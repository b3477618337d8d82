"""Judging conditions: a pure function of a definition and of a conversation as it was found, its ``Scene``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from msgspec import Struct, structs

from deskhand.conversations.model import LatestReply, Rating, Status, ThreadType
from deskhand.inboxes.model import NUMBER
from deskhand.workflows.model.definition import AllOf, Condition, Entry, placed, span
from deskhand.workflows.model.facts import Reason, Trigger
from deskhand.workflows.model.fields import OF_THREAD, OPPOSITES, Comparison, FieldName, Kind, Speaker

SHOWN_CHARACTERS = 200


class Said(Struct, frozen=True):
    """An entry that was said: ``body`` is plain text."""

    id: int
    type: ThreadType
    by: Speaker
    body: str
    to: list[str]
    cc: list[str]


class Scene(Struct, frozen=True, kw_only=True):
    """A conversation as conditions see it, at ``now`` (UTC).

    ``triggers`` None takes every trigger condition as met. ``bodies`` are plain text, ``values`` those of custom fields by id,
    ``properties`` the customer's by slug. The four last moments begin spans; None where there is no such span.
    """

    id: int
    number: int
    inbox_id: int
    status: Status
    type: str
    via: str
    source: str
    assignee_id: int | None
    tag_ids: list[int]
    subject: str
    preview: str
    bodies: list[str]
    cc: list[str]
    has_attachments: bool
    is_snoozed: bool
    threads: int
    rating: Rating | None
    latest_reply_from: LatestReply
    created_at: datetime
    values: dict[str, str]
    emails: list[str]
    name: str
    organization: str
    properties: dict[str, str]
    thread: Said | None
    triggers: frozenset[Trigger] | None
    waiting_since: datetime | None
    customer_replied_at: datetime | None
    user_replied_at: datetime | None
    status_changed_at: datetime
    now: datetime


def holds(entries: tuple[Entry, ...], scene: Scene) -> bool:
    """Whether everything holds."""
    return all(_holds(each, scene) for each in entries)


def reasons(entries: tuple[Entry, ...], scene: Scene) -> list[Reason]:
    """Each condition in order: its sentence, what was found, and whether it held."""
    return [Reason(path, sentence(each), _actual(each, scene), _holds(each, scene)) for path, each in placed(entries)]


def matches_at(entries: tuple[Entry, ...], scene: Scene) -> datetime | None:
    """The first moment after ``now`` at which everything would hold if nothing but time went on, or None."""
    turns = {
        since + length
        for _, each in placed(entries)
        if each.kind is Kind.SPAN and (since := SINCE[each.name](scene)) and (length := span(str(each.value)))
    }
    later = sorted(turn for turn in turns if turn > scene.now)
    return next((turn for turn in later if holds(entries, structs.replace(scene, now=turn))), None)


def sentence(it: Condition) -> str:
    """A condition in words: ``subject contains "parcel"``."""
    name = f"{it.name.value} {it.id}" if it.id else it.name.value
    told = f"{name} {it.comparison.value.replace('-', ' ')}"
    if it.value is None:
        return told
    values = it.value if isinstance(it.value, list) else [it.value]
    return f"{told} {', '.join(_shown(each, it.kind) for each in values)}"


def _holds(entry: Entry, scene: Scene) -> bool:
    if not isinstance(entry, Condition):
        if isinstance(entry, AllOf):
            return all(_holds(each, scene) for each in entry.entries)
        return any(_holds(each, scene) for each in entry.entries)
    if entry.kind is Kind.SPAN:
        return _lasts(entry, scene)
    if (entry.name is FieldName.TRIGGER and scene.triggers is None) or (entry.name in OF_THREAD and scene.thread is None):
        return entry.name is FieldName.TRIGGER
    positive = OPPOSITES.get(entry.comparison)
    found = _found(entry, scene)
    met = any(_compare(each, entry, positive or entry.comparison) for each in found)
    return met if positive is None else not met


def _lasts(it: Condition, scene: Scene) -> bool:
    since, length = SINCE[it.name](scene), span(str(it.value))
    if since is None or length is None:
        return False
    return (scene.now >= since + length) is (it.comparison is Comparison.LONGER_THAN)


def _found(it: Condition, scene: Scene) -> list[Any]:
    """The values of a field that are no empty ones: folded texts, numbers as decimals, anything else as it is."""
    return [each for each in (_value(found, it.kind) for found in VALUES[it.name](scene, it.id)) if each is not None]


def _value(found: Any, kind: Kind) -> Any:
    """A found or wanted value as it is compared; None for one that is empty, or is none of its kind."""
    try:
        match kind:
            case Kind.TEXT:
                return folded(str(found)) or None
            case Kind.NUMBER:
                return Decimal(str(found)) if NUMBER.fullmatch(str(found)) else None
            case Kind.DATE:
                return date.fromisoformat(str(found))
            case Kind.ID:
                return int(found)
            case Kind.MOMENT:
                return found if isinstance(found, datetime) else datetime.fromisoformat(str(found))
    except ValueError:
        return None
    return found


def _compare(found: Any, it: Condition, comparison: Comparison) -> bool:
    """A positive comparison of one value that is not empty."""
    if comparison is Comparison.IS_NOT_EMPTY:
        return True
    wanted = _wanted(it.kind, tuple(it.value) if isinstance(it.value, list) else (it.value,))
    match comparison:
        case Comparison.IS | Comparison.IS_ANY_OF:
            return found in wanted
        case Comparison.CONTAINS | Comparison.CONTAINS_ANY_OF:
            return any(each in found for each in wanted)
        case Comparison.STARTS_WITH:
            return bool(found.startswith(wanted[0]))
        case Comparison.ENDS_WITH:
            return bool(found.endswith(wanted[0]))
        case Comparison.MATCHES:
            return matches(found, wanted[0])
        case Comparison.GREATER_THAN | Comparison.AFTER:
            return bool(found > wanted[0])
        case _:
            return bool(found < wanted[0])


@lru_cache(maxsize=4096)
def _wanted(kind: Kind, values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_value(each, kind) for each in values)


@lru_cache(maxsize=256)
def folded(text: str) -> str:
    """A text as it is compared: case folded, white space as one space, none at the ends."""
    return " ".join(text.casefold().split())


def matches(text: str, pattern: str) -> bool:
    """Whether a whole text is like a pattern with ``*`` and ``?``. Each piece between stars is looked for once, from left to
    right: the leftmost place leaves most for the rest, so nothing is ever tried twice."""
    first, *rest = pattern.split("*")
    if not rest:
        return _piece(first).fullmatch(text) is not None
    *middle, last = rest
    found = _piece(first).match(text)
    if found is None:
        return False
    at = found.end()
    for each in middle:
        found = _piece(each).search(text, at)
        if found is None:
            return False
        at = found.end()
    return len(text) - len(last) >= at and _piece(last).fullmatch(text, len(text) - len(last)) is not None


@lru_cache(maxsize=1024)
def _piece(text: str) -> re.Pattern[str]:
    """A piece without stars: ``?`` is any one character."""
    return re.compile("".join("." if each == "?" else re.escape(each) for each in text), re.DOTALL)


def _of_thread(of: Callable[[Said], list[Any]]) -> Callable[[Scene, str], list[Any]]:
    return lambda scene, _: [] if scene.thread is None else of(scene.thread)


VALUES: dict[FieldName, Callable[[Scene, str], list[Any]]] = {
    FieldName.ASSIGNEE: lambda scene, _: [] if scene.assignee_id is None else [scene.assignee_id],
    FieldName.BODY: lambda scene, _: scene.bodies,
    FieldName.CC: lambda scene, _: scene.cc,
    FieldName.CREATED_AT: lambda scene, _: [scene.created_at],
    FieldName.CUSTOM_FIELD: lambda scene, id_: [scene.values[id_]] if id_ in scene.values else [],
    FieldName.CUSTOMER_DOMAIN: lambda scene, _: [each.rpartition("@")[2] for each in scene.emails],
    FieldName.CUSTOMER_EMAIL: lambda scene, _: scene.emails,
    FieldName.CUSTOMER_NAME: lambda scene, _: [scene.name],
    FieldName.CUSTOMER_ORGANIZATION: lambda scene, _: [scene.organization],
    FieldName.CUSTOMER_PROPERTY: lambda scene, slug: [scene.properties[slug]] if slug in scene.properties else [],
    FieldName.HAS_ATTACHMENTS: lambda scene, _: [scene.has_attachments],
    FieldName.LATEST_REPLY_FROM: lambda scene, _: [scene.latest_reply_from],
    FieldName.MAILBOX: lambda scene, _: [scene.inbox_id],
    FieldName.PREVIEW: lambda scene, _: [scene.preview],
    FieldName.RATING: lambda scene, _: [] if scene.rating is None else [scene.rating],
    FieldName.SNOOZED: lambda scene, _: [scene.is_snoozed],
    FieldName.SOURCE: lambda scene, _: [scene.source],
    FieldName.STATUS: lambda scene, _: [scene.status],
    FieldName.SUBJECT: lambda scene, _: [scene.subject],
    FieldName.TAG: lambda scene, _: scene.tag_ids,
    FieldName.THREAD_BODY: _of_thread(lambda said: [said.body]),
    FieldName.THREAD_BY: _of_thread(lambda said: [said.by]),
    FieldName.THREAD_CC: _of_thread(lambda said: said.cc),
    FieldName.THREAD_TO: _of_thread(lambda said: said.to),
    FieldName.THREAD_TYPE: _of_thread(lambda said: [said.type]),
    FieldName.THREADS: lambda scene, _: [scene.threads],
    FieldName.TRIGGER: lambda scene, _: sorted(scene.triggers or ()),
    FieldName.TYPE: lambda scene, _: [scene.type],
    FieldName.VIA: lambda scene, _: [scene.via],
}
SINCE: dict[FieldName, Callable[[Scene], datetime | None]] = {
    FieldName.SINCE_CREATED: lambda scene: scene.created_at,
    FieldName.SINCE_CUSTOMER_REPLY: lambda scene: scene.customer_replied_at,
    FieldName.SINCE_STATUS_CHANGE: lambda scene: scene.status_changed_at,
    FieldName.SINCE_USER_REPLY: lambda scene: scene.user_replied_at,
    FieldName.WAITING: lambda scene: scene.waiting_since,
}


def _actual(it: Condition, scene: Scene) -> str:
    """What was found, for people."""
    if it.kind is Kind.SPAN:
        since = SINCE[it.name](scene)
        return "none" if since is None else f"since {since:%Y-%m-%d %H:%M:%S} UTC"
    if it.name is FieldName.TRIGGER and scene.triggers is None:
        return "taken as met"
    if it.name in OF_THREAD and scene.thread is None:
        return "nothing was said"
    found = [each for each in VALUES[it.name](scene, it.id) if each not in ("", None)]
    return ", ".join(_shown(each, it.kind) for each in found)[:SHOWN_CHARACTERS] or "empty"


def _shown(value: Any, kind: Kind) -> str:
    if kind is Kind.TEXT:
        return f'"{" ".join(str(value).split())[:SHOWN_CHARACTERS]}"'
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)
