"""What a form asks for, as the room takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deskhand.kernel.errors import Source
from deskhand.kernel.http import wire
from deskhand.kernel.words import Words
from deskhand.ui.flows.choices import Choices
from deskhand.ui.flows.drafts import Draft, Group, Line, Row, Step
from deskhand.ui.markup import as_kept
from deskhand.workflows.model.definition import SPAN
from deskhand.workflows.model.facts import Fires, WorkflowType
from deskhand.workflows.model.fields import EMPTINESS, LISTS, Comparison, Field, Kind
from deskhand.workflows.model.given import MOMENT, Given
from deskhand.workflows.schemas.definitions import DefinitionInput, given


def wanted(it: Draft, choices: Choices, words: Words) -> Given:
    """The definition that was built, unchecked. Raises Invalid for what could be none."""
    body: dict[str, Any] = {
        "mailboxId": it.inbox_id,
        "type": it.type.value,
        "name": it.name.strip() or " ",  # so that an empty one is told with all the rest
        "conditions": [_line(each, choices, words) for each in it.entries],
        "actions": [_step(each) for each in it.steps],
    }
    if it.type is WorkflowType.AUTOMATIC:
        body["fires"] = it.fires or Fires.ONCE.value
    found: DefinitionInput = wire.convert(body, DefinitionInput, Source.JSON)
    return given(found)


def _line(it: Line, choices: Choices, words: Words) -> dict[str, Any]:
    if isinstance(it, Group):
        return {it.kind: [_line(each, choices, words) for each in it.entries]}
    name, _, id_ = it.field.partition(":")
    asked: dict[str, Any] = {"field": name, "comparison": it.comparison} | ({"id": id_} if id_ else {})
    if it.comparison in EMPTINESS:
        return asked
    return asked | {"value": _value(it, choices.field(it.field), words)}


def _value(it: Row, field: Field | None, words: Words) -> object:
    if field is None:
        return it.values
    if it.comparison in LISTS and it.comparison in list(Comparison):
        several = it.values if field.kind is not Kind.TEXT else "\n".join(it.values).split("\n")
        return [_one(each.strip(), field.kind, words) for each in several if each.strip()]
    value = next(iter(it.values), "")
    return _span(value, it.unit) if field.kind is Kind.SPAN else _one(value, field.kind, words)


def _one(value: str, kind: Kind, words: Words) -> object:
    if kind is Kind.ID:
        return _id(value)
    if kind is Kind.FLAG:
        return value == "yes"
    if kind is Kind.MOMENT:
        at = words.moment(value)
        return value if at is None else f"{at:{MOMENT}}"
    return value


def _id(value: str) -> object:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else value or None


def _span(number: str, unit: str) -> str:
    text = f"{number.strip()} {unit}" if number.strip() == "1" else f"{number.strip()} {unit}s"
    return text if SPAN.fullmatch(text) else number.strip()


def _step(it: Step) -> dict[str, Any]:
    return {"type": it.type} | (ASKED[it.type](it) if it.type in ASKED else {})


def _in_turn(it: Step) -> dict[str, Any]:
    team = it.one("team")
    return {"team": _id(team)} if team else {"users": [_id(each) for each in it.given.get("users", [])]}


def _tags(it: Step) -> dict[str, Any]:
    return {"tags": [_id(each) for each in it.given.get("tags", [])]}


def _reply(it: Step) -> dict[str, Any]:
    reply = it.one("savedReply")
    return {"savedReply": _id(reply)} if reply else {"text": as_kept(it.one("text"))}


def _forward(it: Step) -> dict[str, Any]:
    text = {"text": as_kept(it.one("text"))} if it.one("text").strip() else {}
    return {"to": it.one("to").strip()} | text


def _snooze(it: Step) -> dict[str, Any]:
    return {"for": _span(it.one("for"), it.one("unit") or "hour"), "wakesOnReply": bool(it.one("wakesOnReply"))}


ASKED: dict[str, Callable[[Step], dict[str, Any]]] = {
    "add-note": lambda it: {"text": as_kept(it.one("text"))},
    "add-tags": _tags,
    "assign": lambda it: {"to": it.one("to")} if it.one("to") else {},
    "assign-in-turn": _in_turn,
    "forward": _forward,
    "move": lambda it: {"mailboxId": _id(it.one("mailboxId"))},
    "notify-webhook": lambda it: {"webhook": _id(it.one("webhook"))},
    "remove-tags": _tags,
    "send-reply": _reply,
    "set-field": lambda it: {"field": _id(it.one("field")), "value": it.one("value")},
    "set-status": lambda it: {"status": it.one("status")},
    "snooze": _snooze,
}
"""What each kind of step says besides its type."""
